"""``meekmc priors fit``: from a few quantiles to a law, and to the lines of a card."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.priors.typed_quantiles import asked_for
from experiments.cli.strict_json import print_json
from experiments.cli.text_table import INDENT, grid
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from experiments.cli.terminal import Screen
    from priors.candidates import Asked, Candidate

NAME = "NAME"
_TAILS = (0.01, 0.99)
_MOST_LEVELS = 5

Quantiles = Annotated[
    str,
    typer.Option(
        "--quantiles",
        metavar="LEVEL=NUMBER,…",
        help="What is believed, as 0.05=1.2,0.5=1.4,0.95=1.9; levels may be 5%, "
        "numbers may be dates.",
    ),
]
OfUnit = Annotated[
    str | None,
    typer.Option(
        "--unit", metavar="UNIT", help="Of the numbers: x/yr, doubling_months, FLOP, …"
    ),
]
Name = Annotated[
    str | None,
    typer.Option(
        "--name", metavar="NAME", help="The parameter, for its units and its lines."
    ),
]
Chosen = Annotated[
    str | None,
    typer.Option(
        "--law", metavar="LAW", help="Print the lines of this law, not of the best."
    ),
]
Between = Annotated[
    str | None,
    typer.Option("--between", metavar="LOW..HIGH", help="Ends of a beta law."),
]
Preliz = Annotated[
    bool,
    typer.Option(
        "--preliz",
        metavar="",
        help="Also laws of largest entropy, and through quartiles, by PreliZ "
        "(seconds; the extra elicit).",
    ),
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]


def fit(
    quantiles: Quantiles,
    unit: OfUnit = None,
    name: Name = None,
    law: Chosen = None,
    between: Between = None,
    plot: Plot = None,
    *,
    preliz: Preliz = False,
    as_json: AsJson = False,
) -> None:
    """Rank the laws that quantiles may mean, and print one as lines for a card."""
    from priors.candidates import candidates, chosen, ranked

    file = picture(plot)
    asked = asked_for(quantiles, unit, name, between)
    found, refused = candidates(asked)
    if preliz:
        from priors.maximum_entropy import preliz_candidates

        more, why = preliz_candidates(asked)
        found, refused = found + more, refused | why
    if not found:
        raise Refusal(Fault(f"{law}: {why}") for law, why in refused.items())
    order = ranked(found)
    best = chosen(order) if law is None else _named(law, order, refused)
    if as_json:
        print_json(_record(asked, order, refused, best, name))
    else:
        _show(asked, order, refused, best, name)
    if file is not None:
        from mc.figures.fits import fits

        laws = {one.name: one.law for one in (best, *order)}
        title = f"Laws for {_in_words(asked)}"
        draw(fits(laws, asked.canonical, asked.statement.unit, title), file)


def _named(
    law: str, order: "tuple[Candidate, ...]", refused: dict[str, str]
) -> "Candidate":
    if law in refused:
        raise Refusal(Fault(f"no {law}: {refused[law]}", key="--law"))
    for one in order:
        if one.name == law:
            return one
    known = [one.name for one in order]
    message = f'"{law}" is no law here{nearest(law, known)} ({", ".join(known)})'
    raise Refusal(Fault(message, key="--law"))


def _show(
    asked: "Asked",
    order: "tuple[Candidate, ...]",
    refused: dict[str, str],
    best: "Candidate",
    name: str | None,
) -> None:
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.title(_in_words(asked))
    for lines in _tables(asked, order, screen.width):
        screen.lines("", *lines)
    screen.lines("")
    told = [
        ("misfit", "of the quantile that is missed most, as a share of the number"),
        *((f"no {law}", why.partition(";")[0]) for law, why in refused.items()),
    ]
    screen.labelled(told)
    _readings(screen, asked, best)
    screen.lines("")
    screen.title(f"Lines for a card: {best.name}, misfit {_percent(best.misfit)}")
    screen.lines(*_text(best, name).splitlines())


def _tables(
    asked: "Asked", order: "tuple[Candidate, ...]", width: int
) -> list[list[str]]:
    """Misfits and tails; then the fitted quantiles, so many levels at a time."""
    rows = [
        (one.name, _percent(one.misfit), str(one.num_free), *_tails(one, asked))
        for one in order
    ]
    header = ("law", "misfit", "free numbers", *(f"{100 * t:g} %" for t in _TAILS))
    tables = [grid(header, rows, width)]
    levels = list(asked.quantiles)
    for first in range(0, len(levels), _MOST_LEVELS):
        part = slice(first, first + _MOST_LEVELS)
        header = ("fitted quantiles", *(f"{100 * p:.4g} %" for p in levels[part]))
        wanted = list(asked.quantiles.values())[part]
        rows = [("asked for", *(_shown(asked, value) for value in wanted))]
        rows += [
            (one.name, *(_shown(asked, value) for value in one.fitted[part]))
            for one in order
        ]
        tables.append(grid(header, rows, width))
    return tables


def _tails(one: "Candidate", asked: "Asked") -> tuple[str, ...]:
    import numpy as np

    unit, levels = asked.statement.typed_unit, np.array(_TAILS)
    law = one.law
    values = law.upper_quantile(levels) if unit.decreasing else law.quantile(levels)
    return tuple(_shown(asked, value) for value in unit.from_canonical(values).tolist())


def _readings(screen: "Screen", asked: "Asked", best: "Candidate") -> None:
    """A growth in the units people quote."""
    from priors.echo import READINGS, quantiles
    from priors.units import GROWTH_UNITS

    unit = asked.statement.unit
    if unit.kind != "growth":
        return
    units = dict.fromkeys((unit.name, *READINGS))
    rows = [
        (INDENT + key, *(f"{v:.4g}" for v in quantiles(best.law, GROWTH_UNITS[key])))
        for key in units
    ]
    screen.lines(
        "", *grid((f"as a growth, {best.name}", "5 %", "50 %", "95 %"), rows, 80)
    )


def _shown(asked: "Asked", value: float) -> str:
    if asked.statement.unit.kind == "date":
        return asked.statement.show(value)
    return f"{value:.4g}"


def _in_words(asked: "Asked") -> str:
    pairs = asked.quantiles.items()
    said = ", ".join(f"{100 * p:.4g} % {_shown(asked, value)}" for p, value in pairs)
    unit = asked.statement.unit.name
    return f"{said} {unit}" if unit not in ("1", "date") else said


def _percent(misfit: float) -> str:
    return f"{100 * misfit:.2g} %" if misfit >= 5e-5 else "0 %"


def _text(best: "Candidate", name: str | None) -> str:
    from priors.toml_text import parameter_text

    table = {key: v for key, v in best.table.items() if (key, v) != ("unit", "date")}
    lines = parameter_text(name or NAME, table)
    return f'{lines}\n# source = "who says so", date = when it was published'


def _record(
    asked: "Asked",
    order: "tuple[Candidate, ...]",
    refused: dict[str, str],
    best: "Candidate",
    name: str | None,
) -> dict[str, Any]:
    laws = [
        {
            "law": one.name,
            "misfit": one.misfit,
            "free_numbers": one.num_free,
            "fitted": [_number(asked, value) for value in one.fitted],
            "table": one.table,
        }
        for one in order
    ]
    return {
        "unit": asked.statement.unit.name,
        "asked": {str(p): _number(asked, v) for p, v in asked.quantiles.items()},
        "laws": laws,
        "refused": refused,
        "chosen": best.name,
        "card": _text(best, name),
    }


def _number(asked: "Asked", value: float) -> float | str:
    is_date = asked.statement.unit.kind == "date"
    return asked.statement.show(value) if is_date else value

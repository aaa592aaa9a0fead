"""``meekmc priors compare`` and ``priors plot``: cards side by side, pooled, drawn."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import completion
from experiments.cli.card_file import new_card, write_all
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.priors.pool import pool_text, shares_of
from experiments.cli.strict_json import print_json
from experiments.cli.text_table import INDENT, grid
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from priors.cards import Card
    from priors.contrasts import Contrast
    from priors.laws import Law
    from priors.units import Unit

MOST = 12
"""Parameters that are shown unless more are asked for."""
POOL = "pool"
_LEVELS = ("5 %", "50 %", "95 %")

CardNames = Annotated[
    list[str], typer.Argument(metavar="CARD CARD…", help="Names or paths of cards.")
]
CardName = Annotated[
    str,
    typer.Argument(
        metavar="CARD",
        autocompletion=completion.cards,
        help="A card's name or path.",
    ),
]
Parameters = Annotated[
    list[str] | None,
    typer.Option("--parameter", metavar="NAME", help="Only this one. Repeatable."),
]
Every = Annotated[
    bool,
    typer.Option("--all", metavar="", help=f"All that differ, not {MOST} of them."),
]
Pool = Annotated[
    str | None,
    typer.Option(
        "--pool", metavar="FILE", help="Write the linear pool as a card, a new .toml."
    ),
]
Weights = Annotated[
    str | None,
    typer.Option(
        "--weights",
        metavar="W,W,…",
        help="Of the cards in the pool; equal if left out.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="A PNG, SVG or PDF; CARD-priors.png."),
]
AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]


def compare(
    names: CardNames,
    parameters: Parameters = None,
    pool: Pool = None,
    weights: Weights = None,
    plot: Plot = None,
    *,
    every: Every = False,
    as_json: AsJson = False,
) -> None:
    """Set cards side by side, furthest apart first; --pool makes one of them."""
    from priors.contrasts import are_alike, contrasts

    file, target = picture(plot), new_card(pool, "--pool")
    shares = shares_of(weights, len(names), is_pooled=pool is not None)
    cards = _loaded(names)
    found = contrasts(cards, parameters or ())
    differing = [one for one in found if not are_alike(one)]
    shown = found if parameters else differing[: None if every else MOST]
    if target is not None:
        write_all({target: pool_text(cards, shares, target)})
        typer.echo(str(target), err=True)
    if file is not None:
        _draw(cards, shown, shares, file)
    if as_json:
        print_json(_record(cards, found, shown, shares))
    else:
        _show(cards, found, differing, shown, shares)


def plot(name: CardName, parameters: Parameters = None, out: Out = None) -> None:
    """Draw the densities of a card's beliefs, in the units people quote."""
    from priors.cards import load
    from priors.contrasts import contrasts

    card = load(name)
    file = picture(out or f"{card.name}-priors.png", "--out")
    assert file is not None
    found = contrasts({card.name: card}, parameters or ())
    uncertain = [one for one in found if parameters or not _is_point(card, one.name)]
    if not uncertain:
        raise Refusal(Fault(f"{card.name} has points only, and no density"))
    _draw({card.name: card}, uncertain, None, file)


def _is_point(card: "Card", name: str) -> bool:
    belief = card.joint.belief_of.get(card.joint.target(name))
    return belief is not None and belief.is_point


def _loaded(names: Sequence[str]) -> "dict[str, Card]":
    """Cards by name; by path where two have one name."""
    from priors.cards import load

    if len(names) < 2:
        raise Refusal(Fault("two cards or more", key="CARD"))
    cards = [load(name) for name in names]
    called = [card.name for card in cards]
    keys = [
        own if called.count(own) == 1 else Path(name).stem
        for own, name in zip(called, names, strict=True)
    ]
    if len(set(keys)) < len(keys):
        raise Refusal(Fault(f"two cards are called {keys[0]}; rename one", key="CARD"))
    return dict(zip(keys, cards, strict=True))


def _show(
    cards: "Mapping[str, Card]",
    found: "Sequence[Contrast]",
    differing: "Sequence[Contrast]",
    shown: "Sequence[Contrast]",
    shares: tuple[float, ...] | None,
) -> None:
    from experiments.cli.terminal import Screen

    screen = Screen()
    total = f"{len(differing)} of {len(found)} parameters differ"
    rest = len(differing) - sum(one in differing for one in shown)
    more = f"; {rest} more with --all or --parameter" if rest else ""
    screen.title(f"{', '.join(cards)}: {total}, the furthest apart first{more}")
    for one in shown:
        screen.lines("")
        screen.title(_heading(one))
        rows = _rows(_laws(cards, one, shares))
        screen.lines(*grid(("", *_LEVELS), rows, screen.width))
        screen.labelled(_sources(cards, one.name))
    alone = [one for one in found if len(one.laws) < len(cards)]
    if alone:
        screen.lines("")
        screen.labelled(
            [
                (f"not in {called}", ", ".join(one.name for one in lacking))
                for called in cards
                if (lacking := [one for one in alone if called not in one.laws])
            ]
        )


def _heading(one: "Contrast") -> str:
    from priors.parameters import parameter

    registered = parameter(one.name)
    meaning = f": {registered.meaning}" if registered else ""
    return f"{one.name}{meaning}; {100 * one.distance:.0f} points apart"


def _laws(
    cards: "Mapping[str, Card]", one: "Contrast", shares: tuple[float, ...] | None
) -> "list[tuple[str, Law, dict[str, Unit]]]":
    """Each card's law, then the pool, with the units in which they are told.

    These are the first card's unit and the card's own; of a growth, all that people
    quote.
    """
    from priors.echo import READINGS
    from priors.units import GROWTH_UNITS

    own = {called: cards[called].joint.units[one.name] for called in one.laws}
    first = next(iter(own.values()))
    laws = dict(one.laws)
    if shares is not None and len(one.laws) == len(cards):
        laws[POOL] = one.pooled(shares)
    found = []
    for called, law in laws.items():
        units = {unit.name: unit for unit in (first, own.get(called, first))}
        if first.kind == "growth":
            units |= {name: GROWTH_UNITS[name] for name in READINGS}
        found.append((called, law, units))
    return found


def _rows(
    laws: "Sequence[tuple[str, Law, dict[str, Unit]]]",
) -> list[tuple[str, ...]]:
    """Quantiles in each unit, a line each."""
    from priors.echo import in_text

    widest, rows = max(len(called) for called, _, _ in laws), []
    for called, law, units in laws:
        names = [called, *[""] * (len(units) - 1)]
        for name, unit in zip(names, units.values(), strict=True):
            label = f"{INDENT}{name:<{widest}}{INDENT}{unit.name}"
            rows.append((label, *in_text(law, unit)))
    return rows


def _sources(cards: "Mapping[str, Card]", name: str) -> list[tuple[str, str]]:
    """How each card states a parameter, and who says so."""
    from priors.echo import in_words

    told = []
    for called, card in cards.items():
        table = card.tables["parameters"].get(name)
        if table is None:
            continue
        date = f" ({table['date']})" if "date" in table else ""
        source = table.get("source") or "no source"
        told.append((called, f"{in_words(table, card)}. {source}{date}"))
    return told


def _draw(
    cards: "Mapping[str, Card]",
    shown: "Sequence[Contrast]",
    shares: tuple[float, ...] | None,
    file: Path,
) -> None:
    from mc.figures.cards import Panel, cards_drawn
    from mc.figures.style import LINES

    if len(cards) > len(LINES):
        raise Refusal(Fault(f"a figure shows {len(LINES)} cards", key="--plot"))
    panels = [
        Panel(
            name=one.name,
            unit=cards[next(iter(one.laws))].joint.units[one.name],
            laws=dict(one.laws),
            pool=one.pooled(shares) if shares and len(one.laws) == len(cards) else None,
        )
        for one in shown
    ]
    if not panels:
        raise Refusal(Fault("the cards say the same; nothing to draw", key="--plot"))
    draw(cards_drawn(panels, list(cards), shares or ()), file)


def _record(
    cards: "Mapping[str, Card]",
    found: "Sequence[Contrast]",
    shown: "Sequence[Contrast]",
    shares: tuple[float, ...] | None,
) -> dict[str, Any]:
    from priors.contrasts import are_alike
    from priors.echo import quantiles

    keys = ("q0.05", "q0.5", "q0.95")
    parameters = []
    for one in shown:
        laws = {
            called: {
                name: dict(zip(keys, quantiles(law, unit), strict=True))
                for name, unit in units.items()
            }
            for called, law, units in _laws(cards, one, shares)
        }
        parameters.append(
            {
                "name": one.name,
                "distance": one.distance,
                "quantiles": laws,
                "stated": dict(_sources(cards, one.name)),
            }
        )
    return {
        "cards": {called: card.sha256 for called, card in cards.items()},
        "weights": shares,
        "parameters": parameters,
        "alike": [one.name for one in found if are_alike(one)],
    }

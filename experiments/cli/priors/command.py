"""``meekmc priors``: the beliefs there are, what a card says, what is wrong with it."""

import dataclasses
import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import completion
from experiments.cli.evidence.command import list_evidence
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.priors import compare, fit
from experiments.cli.strict_json import print_json
from experiments.cli.text_table import grid
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.analysis.predictive import Check
    from priors.cards import Card
    from priors.echo import Row

app = typer.Typer(help="Beliefs: cards, parameters, and what is wrong with a card.")

AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]
CardName = Annotated[
    str,
    typer.Argument(
        metavar="CARD",
        autocompletion=completion.cards,
        help="A name from priors list, or a path.",
    ),
]
Files = Annotated[
    list[str], typer.Argument(metavar="FILE…", help="Cards, by path or name.")
]


AsOf = Annotated[
    str | None,
    typer.Option(
        "--as-of", metavar="DATE", help="Only what was published by then is believed."
    ),
]


@app.command("list")
def list_cards(*, as_json: AsJson = False) -> None:
    """List the cards that come with the program."""
    from experiments.cli.terminal import Screen
    from priors.cards import load, shipped

    cards = [load(name) for name in shipped()]
    if as_json:
        keys = ("name", "description", "reference_date", "sha256")
        print_json([{key: getattr(card, key) for key in keys} for card in cards])
        return
    Screen().labelled([(card.name, card.description) for card in cards])


@app.command("names")
def list_names(*, as_json: AsJson = False) -> None:
    """List the parameters that cards and metrics share."""
    from experiments.cli.terminal import Screen
    from priors.echo import names

    if as_json:
        print_json([dataclasses.asdict(p) | {"scale": p.scale} for p in names()])
        return
    screen = Screen()
    for parameter in names():
        low, high = (f"{end:g}" for end in parameter.plausible)
        unit = "" if parameter.unit == "1" else f" {parameter.unit}"
        screen.title(f"{parameter.name} ({parameter.symbol})")
        screen.labelled(
            [("", parameter.meaning), ("", f"plausible: {low} to {high}{unit}")]
        )


@app.command("show")
def show_card(card: CardName, as_of: AsOf = None, *, as_json: AsJson = False) -> None:
    """Show what a card says of each parameter, in the units people quote."""
    from experiments.cli.terminal import Screen
    from priors.cards import load
    from priors.echo import rows

    read = load(card, as_of=_day(as_of))
    if as_json:
        found = [
            dataclasses.asdict(row) | {"stream": _streams(read, row.name)}
            for row in rows(read)
        ]
        print_json({**_head(read), "parameters": found})
        return
    screen = Screen()
    screen.title(f"{read.name}: {read.description}")
    screen.labelled(
        [
            ("reference date", str(read.reference_date)),
            *(("notice", notice) for notice in read.notices),
        ]
    )
    for row in rows(read):
        lines = grid(("", "5 %", "50 %", "95 %", "mean"), _cells(row), screen.width)
        screen.lines("")
        screen.title(row.name)
        screen.lines(*lines)
        screen.labelled(_said(row, _streams(read, row.name)))


@app.command("check")
def check_cards(files: Files, plot: Plot = None, *, as_json: AsJson = False) -> None:
    """Say all that is wrong with cards, and what they imply for things people know."""
    from experiments.cli.priors import predictive
    from experiments.cli.terminal import Screen
    from mc.analysis.predictive import checks
    from priors.cards import check, load

    file = picture(plot)
    if file is not None and len(files) > 1:
        raise Refusal(Fault("one picture, one card", key="--plot"))
    screen = Screen(silent=as_json)
    warnings: dict[str, tuple[str, ...]] = {}
    implied: dict[str, list[dict[str, Any]]] = {}
    faults = []
    for name in files:
        try:
            warnings[name] = check(name)
        except Refusal as refusal:
            faults += refusal.faults
            continue
        screen.title(f"{name}: {_counted(len(warnings[name]))}")
        if warnings[name]:
            screen.labelled([("warning", line) for line in warnings[name]])
        found, missing = checks(load(name))
        implied[name] = predictive.records(found)
        predictive.show(screen, found, missing)
        if file is not None:
            _draw_implied(name, found, file)
    if as_json:
        told = {"faults": [str(f) for f in faults], "warnings": warnings}
        print_json(told | {"implied": implied})
    if faults:
        raise Refusal(faults)


app.command("evidence")(list_evidence)
app.command("fit")(fit.fit)
app.command("plot")(compare.plot)
app.command("compare")(compare.compare)


def _day(text: str | None) -> datetime.date | None:
    from experiments.cli.typed import Typed, date

    typed = Typed()
    found = typed.read("--as-of", date, text)
    if typed.faults:
        raise Refusal(typed.faults)
    return found


def _draw_implied(name: str, found: "tuple[Check, ...]", file: Path) -> None:
    from experiments.cli.priors.predictive import pairs

    if not found:
        raise Refusal(Fault("the card implies nothing that was observed", key="--plot"))

    from mc.figures.implied import implied

    draw(implied(*pairs(found), Path(name).stem), file)


def _counted(num_warnings: int) -> str:
    if num_warnings == 0:
        return "nothing is wrong"
    return f"valid, {num_warnings} warning{'s' * (num_warnings > 1)}"


def _head(card: "Card") -> dict[str, Any]:
    keys = ("name", "description", "reference_date", "sha256", "notices", "files")
    return {key: getattr(card, key) for key in keys}


def _cells(row: "Row") -> list[tuple[str, ...]]:
    """Quantiles and mean in the card's unit; a growth in the other units as well."""
    mean = "none" if row.mean is None else f"{row.mean:.4g}"
    if row.unit == "date":
        mean = ""
    cells: list[tuple[str, ...]] = [(f"  {row.unit}", *row.text, mean)]
    for unit, values in row.readings.items():
        if unit != row.unit:
            shown = (f"{v:.4g}" if v < float("inf") else "never" for v in values)
            cells.append((f"  {unit}", *shown, ""))
    return cells


def _said(row: "Row", stream: str) -> list[tuple[str, str]]:
    source = row.source or "none"
    if row.date is not None:
        source += f" ({row.date})"
    said = [("law", row.law), ("source", source), ("stream", stream)]
    return said + ([("note", row.note)] if row.note else [])


def _streams(card: "Card", name: str) -> str:
    """Which coordinates of the design move a parameter."""
    joint = card.joint
    target = joint.target(name)
    for group in joint.groups:
        if target in group.columns:
            return _stream(f"groups.{group.name}")
    belief = joint.belief_of[target]
    if belief.is_point:
        return "none: every draw has this value"
    own = _stream(target)
    label = f"components.{belief.by}"
    return own if belief.by is None else f"{own}; {label}: {_stream(label)}"


def _stream(name: str) -> str:
    from mc.draws.dimensions import dimension

    number = dimension(name)
    if number is None:
        return f"no dimension: shuffled van der Corput points, keyed by {name}"
    return f"Sobol' dimension {number}"

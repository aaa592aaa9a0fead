"""``meekmc reweight``: other beliefs on the draws of a run that is there."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import completion, options
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.refusals import REFUSED, STORED, Stop
from experiments.cli.summary_figures import new_csv
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.analysis.reweighting import OutOfReach, Reweighted
    from mc.analysis.stored import Stored
    from priors.cards import Card

Run = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")]
NewCard = Annotated[
    str | None,
    typer.Option(
        "--card",
        metavar="CARD",
        autocompletion=completion.cards,
        help="The beliefs instead: a card's name or path. Default: the run's.",
    ),
]
Overrides = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=SPEC",
        help="One other belief, as 1.25..1.57@90%, with or without a unit. Repeatable.",
    ),
]
Components = Annotated[
    bool,
    typer.Option(
        "--components",
        metavar="",
        help="Instead: the figures as the weight of each label of a component goes "
        "from 0 to 1.",
    ),
]
Power = Annotated[
    bool,
    typer.Option(
        "--power",
        metavar="",
        help="Instead: how much the figures depend on each prior, by power scaling.",
    ),
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="Write every figure to a CSV file."),
]
_WITH_VALUE = ("--out",)
_BELIEFS = ("--card", "--set")
_FLAGS = ("--json", "--quiet", "--resume")


def reweight(
    run: Run,
    card: NewCard = None,
    overrides: Overrides = None,
    out: Out = None,
    plot: Plot = None,
    *,
    components: Components = False,
    power: Power = False,
    as_json: options.Json = False,
) -> None:
    """Show a run's figures under other beliefs, without a new run."""
    believed = card is not None or bool(overrides)
    if believed + components + power != 1:
        message = "say one of --card or --set, --components, --power"
        raise Refusal(Fault(message, key="meekmc reweight"))
    if power and plot is not None:
        message = "has no picture with --power; with --card, --set and --components"
        raise Refusal(Fault(message, key="--plot"))
    file, image = new_csv(out), picture(plot)
    draws = _stored(run, card)

    from experiments.cli.reweight import components as by_component
    from experiments.cli.reweight import display, widths

    if power:
        widths.show_power(run, draws, file, as_json=as_json)
        return
    if components:
        sources = by_component.show_components(run, draws, file, as_json=as_json)
        if image is not None:
            draw(by_component.picture(sources, draws), image)
        return
    new = _card(run, draws, card, overrides or ())
    found = _weighted(run, draws, new, _command(draws, card, overrides))
    display.show(run, draws, new, found, file, as_json=as_json)
    if image is not None:
        draw(display.picture(draws, new, found), image)


def _weighted(run: str, draws: "Stored", card: "Card", command: str) -> "Reweighted":
    from mc.analysis.reweighting import OutOfReach
    from mc.analysis.reweighting import reweight as weighted

    try:
        return weighted(draws, card)
    except OutOfReach as error:
        raise Stop(REFUSED, *_too_far(run, error), f"run it: {command}") from error
    except Refusal as refusal:
        lines = [str(fault) for fault in refusal.faults]
        needless = all(fault.file == _BELIEFS[1] for fault in refusal.faults)
        remedy = () if needless else (f"run it: {command}",)
        raise Stop(REFUSED, *lines, *remedy) from refusal


def _stored(run: str, card: str | None) -> "Stored":
    if not Path(run).is_dir():
        raise Stop(STORED, f"{run} is not a run folder: there is no such folder")

    from mc.analysis.stored import stored
    from mc.engine.results import NotARun, load
    from priors.cards import locate_card

    if card is not None and not locate_card(card).is_file():
        raise Refusal(Fault("there is no such file", file=card))
    folders = [Path(run)] + ([] if card is None else [locate_card(card).parent])
    try:
        return stored(load(run), tuple(folders))
    except NotARun as error:
        raise Stop(STORED, str(error)) from error
    except Refusal as refusal:
        raise Stop(STORED, f"{run}: {refusal}") from refusal


def _card(
    run: str, draws: "Stored", card: str | None, overrides: Sequence[str]
) -> "Card":
    """The other beliefs: a card, or the run's own with what is set."""
    from priors.cards import load, recorded

    if card is not None:
        new = load(card, overrides)
    else:
        told = draws.results.manifest["card"]
        beside = (Path(run),)
        new = recorded(told["name"], told["tables"], told["sha256"], overrides, beside)
    if new.actor is not None:
        message = f"{new.actor.description}: another meek actor, not another belief"
        raise Refusal(Fault(f"{message}; use meekmc run", file="--set"))
    return new


def _too_far(run: str, error: "OutOfReach") -> list[str]:
    """What left the reach of the draws, the farthest first."""
    weights, limit = error.weights, error.limit
    size = weights.values.size
    lines = [
        f"the draws of {run} cannot stand for these beliefs: k̂ of their weights is "
        f"{weights.khat:.2f}, above {limit:.2f}; they count as "
        f"{weights.num_effective:,.0f} of {size:,} draws"
    ]
    far = [reach for reach in error.reaches if reach.khat > limit]
    lines += [
        f"{reach.name} left what the run drew: k̂ of its own ratio is "
        f"{reach.khat:.2f}, {reach.num_effective:,.0f} effective draws"
        for reach in far or error.reaches[:1]
    ]
    return lines


def _command(draws: "Stored", card: str | None, overrides: Sequence[str] | None) -> str:
    """The command of the run with the other beliefs in the place of its own."""
    manifest = draws.results.manifest
    words = shlex.split(manifest["command"])
    if words[:1] not in (["meekmc"], ["python"]):
        told = manifest["configuration"]
        words = ["meekmc", "run", told["experiment"], "--card", told["card"]["name"]]
    gone = _WITH_VALUE + (_BELIEFS if card is not None else ())
    kept, rest = [], iter(words)
    for word in rest:
        name, equals, _ = word.partition("=")
        if name in gone and not equals:
            next(rest, None)
        elif name not in (*gone, *_FLAGS):
            kept.append(word)
    kept += ["--card", card] if card is not None else []
    for override in overrides or ():
        kept += ["--set", override]
    return shlex.join(kept)

"""``meekmc compare``: two runs, or the scenarios of one, draw by draw."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import completion, devices, run_folder
from experiments.cli.options import Json
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.summary_figures import new_csv
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.engine.results import Results

CARD, DRAWS = "--card", "--draws"
Runs = Annotated[
    list[str],
    typer.Argument(
        metavar="RUN [RUN]",
        help="Folders of runs; one alone: its scenarios against its baseline. With two "
        f"{CARD}: an experiment.",
    ),
]
Cards = Annotated[
    list[str] | None,
    typer.Option(
        CARD,
        metavar="CARD",
        autocompletion=completion.cards,
        help="Given twice: ask an experiment under both cards, and write no run.",
    ),
]
Scenarios = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario",
        metavar="NAME",
        help="Only this world, baseline among them. Default: all that both have. "
        "Repeatable.",
    ),
]
Metrics = Annotated[
    list[str] | None,
    typer.Option(
        "--metric",
        metavar="LABEL",
        help="Only this metric. Default: all that both have. Repeatable.",
    ),
]
Draws = Annotated[
    str | None,
    typer.Option(DRAWS, metavar="N", help=f"Of each run, with two {CARD}."),
]
Out = Annotated[
    str | None,
    typer.Option("--out", metavar="FILE", help="Write every figure to a CSV file."),
]


def compare(
    runs: Runs,
    cards: Cards = None,
    scenarios: Scenarios = None,
    metrics: Metrics = None,
    draws: Draws = None,
    plot: Plot = None,
    out: Out = None,
    *,
    as_json: Json = False,
) -> None:
    """Set two runs side by side, draw by draw: what differs, and by how much."""
    image, file = picture(plot), new_csv(out)
    if cards or draws is not None:
        names = tuple(cards or ())
        before, after = _asked_under(runs, names, draws, silent=as_json)
    else:
        names = tuple(runs)
        before, after = _loaded(runs)

    from experiments.cli.compare.display import show
    from experiments.cli.compare.worlds import Compared, drawn
    from mc.analysis.sides import pairs_of

    pairs = pairs_of(before, after, tuple(scenarios or ()), tuple(metrics or ()))
    found = [Compared.of(pair, names) for pair in pairs]
    show(found, file, as_json=as_json)
    if image is not None:
        draw(drawn(found), image)


def _loaded(runs: Sequence[str]) -> "tuple[Results, Results | None]":
    if len(runs) > 2:
        raise Refusal(Fault(f"two runs are compared, not {len(runs)}", key="RUN"))
    if len(runs) == 2 and Path(runs[0]).resolve() == Path(runs[1]).resolve():
        line = f"{runs[0]} is given twice; alone, its scenarios are compared"
        raise Refusal(Fault(line, key="RUN"))
    found = [run_folder.stored(run) for run in runs]
    return found[0], found[1] if len(found) == 2 else None


def _asked_under(
    names: Sequence[str], cards: Sequence[str], draws: str | None, *, silent: bool
) -> "tuple[Results, Results]":
    """One question under two cards, on the same draws; nothing is written."""
    from experiments.cli.run.request import resolve

    if len(names) != 1 or len(cards) != 2:
        line = f"takes one experiment and two cards, not {len(names)} and {len(cards)}"
        raise Refusal(Fault(line, key=CARD))
    words = ["meekmc", "run", names[0], *(() if draws is None else (DRAWS, draws))]
    asked = [run_folder.asked_of([*words, CARD, card]) for card in cards]
    plans = [resolve(one).plan for one in asked]
    devices.start("auto")

    from experiments.cli.terminal import progress
    from mc.engine.run import execute

    found = []
    with progress(sum(plan.num_draws for plan in plans), silent=silent) as bar:
        for plan in plans:
            found.append(execute(plan, progress=bar.advance))
    return found[0], found[1]

"""``meekmc robustness``: the headline over paths, cards, actors and tolerances."""

from typing import Annotated

import typer

from experiments.cli import completion
from experiments.cli.options import Json, Seed
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.robustness.settings import (
    CARDS,
    DRAWS,
    METRIC,
    PATHS,
    TOLERANCE,
    Kinds,
    asked_again,
)

Experiment = Annotated[
    str,
    typer.Argument(
        metavar="EXPERIMENT",
        autocompletion=completion.experiments,
        help="A name from meekmc list.",
    ),
]
Metric = Annotated[
    str | None,
    typer.Option(
        METRIC,
        metavar="NAME",
        help="Whose gap. Default: the experiment's first that is no ratio.",
    ),
]
Paths = Annotated[
    list[str] | None,
    typer.Option(
        "--path", metavar="NAME", help=f"Repeatable. Default: {', '.join(PATHS)}."
    ),
]
Cards = Annotated[
    list[str] | None,
    typer.Option(
        "--card", metavar="CARD", help=f"Repeatable. Default: {', '.join(CARDS)}."
    ),
]
Actors = Annotated[
    list[str] | None,
    typer.Option(
        "--actor",
        metavar="NAME",
        help="Repeatable. Default: the card's own, and 1m-usd.",
    ),
]
Tolerances = Annotated[
    list[str] | None,
    typer.Option(
        TOLERANCE,
        metavar="VALUE",
        help="In the metric's unit. Repeatable. Default: half, once and twice its own.",
    ),
]
Draws = Annotated[
    str, typer.Option("--draws", metavar="N", help=f"Of each setting; {DRAWS}.")
]


def robustness(
    experiment: Experiment,
    metric: Metric = None,
    paths: Paths = None,
    cards: Cards = None,
    actors: Actors = None,
    tolerances: Tolerances = None,
    draws: Draws = DRAWS,
    seed: Seed = None,
    plot: Plot = None,
    *,
    as_json: Json = False,
) -> None:
    """Ask a question under other structures: what holds in all, and the range."""
    image = picture(plot)
    kinds = Kinds(
        paths=paths, cards=cards, actors=actors, tolerances=tolerances, seed=seed
    )
    found, asked = asked_again(experiment, metric, kinds, draws, silent=as_json)

    from experiments.cli.robustness import display

    display.show(found, asked, as_json=as_json)
    if image is not None:
        draw(display.drawn(found, asked), image)

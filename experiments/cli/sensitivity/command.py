"""``meekmc sensitivity``: which belief moves a figure of a run, and by how much."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import run_folder, stored_draws
from experiments.cli.options import Json
from experiments.cli.plot_option import Plot, draw, picture
from experiments.cli.run_folder import Run
from experiments.cli.sensitivity import indices, interventions, tornado
from experiments.cli.stored_draws import Draws
from experiments.cli.strict_json import print_json
from experiments.cli.waiting import waiting
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from experiments.cli.terminal import Screen
    from mc.analysis.intervening import Doing
    from mc.analysis.sensitivity import Sensitivity
    from mc.analysis.shapley import Shares
    from mc.analysis.sobol import Parting
    from mc.analysis.target import Target
    from mc.engine.replay import Replay

FIGURE, METHOD = "--figure", "--method"
METHODS = ("tornado", "sobol", "shapley")
AS = "--as"
BELIEF, INTERVENTION = "belief", "intervention"
MOST_IN_EACH = 2**12
"""Draws of each of the many samples of Shapley effects, unless told."""

OfFigure = Annotated[
    str | None,
    typer.Option(
        FIGURE,
        metavar="FIGURE",
        help="[SCENARIO/]METRIC/QUANTITY/STATISTIC as in summary.csv, e.g. "
        "task_success_1h/convergence_date/p_never. Default: the headline.",
    ),
]
Method = Annotated[
    str,
    typer.Option(
        METHOD,
        metavar="NAME",
        show_default=False,
        help="tornado (default; with rank correlations and PAWN), sobol (first and "
        "total indices) or shapley (effects, under dependence too).",
    ),
]
As = Annotated[
    str,
    typer.Option(
        AS,
        metavar="NAME",
        show_default=False,
        help="belief (default): what the figure would be if an input were known; or "
        "intervention: what it would be if the input were made so, mechanisms of each "
        "draw kept (a tornado compiles a world an input).",
    ),
]


def sensitivity(
    run: Run,
    figure: OfFigure = None,
    draws: Draws = None,
    method: Method = METHODS[0],
    shown_as: As = BELIEF,
    plot: Plot = None,
    *,
    as_json: Json = False,
) -> None:
    """Say which belief moves a figure of a run, and by how much."""
    file = picture(plot)
    _check(method, METHODS, METHOD)
    _check(shown_as, (BELIEF, INTERVENTION), AS)
    results = run_folder.stored(run)

    from mc.analysis.target import read_target

    target = read_target(figure, results, FIGURE)
    if target.is_conditional and method != METHODS[0]:
        line = (
            f"{target.name} is of other draws when an input changes: it has no "
            f"variance to part; take {METHOD} tornado, or a figure of all draws"
        )
        raise Refusal(Fault(line, key=FIGURE))
    plan = run_folder.plan_of(run, results)
    most = MOST_IN_EACH if method == "shapley" else stored_draws.MOST_DRAWS
    num_draws = stored_draws.num_draws(draws, plan, most)
    replay = run_folder.replay_of(run, results, plan)
    words = _WORDS[method, shown_as]
    with waiting(f"{method}: drawing again for {target.name}"):
        found = _analysed(method, shown_as, (replay, target, num_draws))
    if as_json:
        print_json(words.record(found, results.run_id))
    else:
        words.show(_screen(), found, plan)
    if file is not None:
        draw(words.picture(found, results), file)


def _check(word: str, known: tuple[str, ...], option: str) -> None:
    if word not in known:
        there = f" (there is: {', '.join(known)})"
        line = f'"{word}" is not known{nearest(word, known)}{there}'
        raise Refusal(Fault(line, key=option))


_WORDS: dict[tuple[str, str], Any] = {
    ("tornado", BELIEF): tornado,
    ("tornado", INTERVENTION): interventions,
    **{
        (method, shown_as): indices
        for method in METHODS[1:]
        for shown_as in (BELIEF, INTERVENTION)
    },
}
"""What tells of each analysis: a table, JSON and a picture."""


def _analysed(
    method: str, shown_as: str, asked: "tuple[Replay, Target, int]"
) -> "Sensitivity | Doing | Parting | Shares":
    """What an analysis finds of a run, a figure and a number of draws."""
    from mc.analysis.intervening import interventions
    from mc.analysis.margins import Margins
    from mc.analysis.redraws import Beliefs
    from mc.analysis.sensitivity import sensitivity as beliefs
    from mc.analysis.shapley import shapley
    from mc.analysis.sobol import sobol

    is_done = shown_as == INTERVENTION
    if method == METHODS[0]:
        return interventions(*asked) if is_done else beliefs(*asked)
    draws = Margins(*asked) if is_done else Beliefs(*asked)
    return sobol(draws) if method == "sobol" else shapley(draws)


def _screen() -> "Screen":
    from experiments.cli.terminal import Screen

    return Screen()

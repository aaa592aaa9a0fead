"""``meekmc sensitivity``: which belief moves a figure of a run, and by how much."""

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import again, devices, parting, wording
from experiments.cli.again import Run
from experiments.cli.grid import grid
from experiments.cli.options import Json
from experiments.cli.pictures import Plot, draw, picture
from experiments.cli.strict_json import print_json
from experiments.cli.typed import count
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.cli.terminal import Screen
    from mc.analysis.ranks import Estimate
    from mc.analysis.sensitivity import Mover, Sensitivity
    from mc.analysis.shapley import Shares
    from mc.analysis.sobol import Parting
    from mc.analysis.target import Target
    from mc.analysis.tornado import End
    from mc.engine.plan import Plan
    from mc.engine.results import Results
    from mc.outcomes.summaries import Row

MOST_DRAWS = 2**16
MOST_LINES = 14
NONE = "–"
FIGURE, DRAWS, METHOD = "--figure", "--draws", "--method"
METHODS = ("tornado", "sobol", "shapley")
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
Draws = Annotated[
    str | None,
    typer.Option(
        DRAWS,
        metavar="N",
        help=f"How many of the run's draws to use. Default: all, at most "
        f"{MOST_DRAWS:,}.",
    ),
]
Method = Annotated[
    str,
    typer.Option(
        METHOD,
        metavar="NAME",
        help="tornado (default; with rank correlations and PAWN), sobol (first and "
        "total indices) or shapley (effects, under dependence too).",
    ),
]


def sensitivity(
    run: Run,
    figure: OfFigure = None,
    draws: Draws = None,
    method: Method = METHODS[0],
    plot: Plot = None,
    *,
    as_json: Json = False,
) -> None:
    """Say which belief moves a figure of a run, and by how much."""
    file = picture(plot)
    if method not in METHODS:
        line = f'unknown method "{method}"{nearest(method, METHODS)}'
        raise Refusal(Fault(f"{line} (there is: {', '.join(METHODS)})", key=METHOD))
    results = again.stored(run)

    from mc.analysis.target import read_target

    target = read_target(figure, results, FIGURE)
    plan = again.plan_of(run, results)
    num_draws = _num_draws(draws, plan, method)
    devices.start("auto")
    if method != METHODS[0]:
        found = _parted(plan, target, num_draws, method)
        if as_json:
            print_json(parting.record(found, results.run_id))
        else:
            parting.show(_screen(), found)
        if file is not None:
            draw(parting.picture(found, results), file)
        return

    from mc.analysis.sensitivity import sensitivity as analyse
    from mc.engine.replay import Replay

    found = analyse(Replay(plan), target, num_draws)
    if as_json:
        print_json(_record(found, results.run_id))
    else:
        _show(_screen(), found, plan)
    if file is not None:
        draw(_picture(found, results), file)


def _parted(
    plan: "Plan", target: "Target", num_draws: int, method: str
) -> "Parting | Shares":
    from mc.analysis.shapley import shapley
    from mc.analysis.sobol import sobol
    from mc.engine.replay import Replay

    analyse = sobol if method == "sobol" else shapley
    return analyse(Replay(plan), target, num_draws)


def _num_draws(text: str | None, plan: "Plan", method: str) -> int:
    """Whole replicates of the run's first draws."""
    from mc.draws.sizes import round_up

    if text is None:
        most = MOST_IN_EACH if method == "shapley" else MOST_DRAWS
        return min(plan.num_draws, most)
    try:
        asked = count(text)
        found = round_up(asked, plan.replicates)
    except ValueError as error:
        raise Refusal(Fault(str(error), key=DRAWS)) from error
    if found > plan.num_draws:
        why = f"the run has {plan.num_draws:,} draws, not {found:,}"
        raise Refusal(Fault(f"{why}: ask for fewer, or run it with more", key=DRAWS))
    return found


def _screen() -> "Screen":
    from experiments.cli.terminal import Screen

    return Screen()


def _show(screen: "Screen", found: "Sensitivity", plan: "Plan") -> None:
    target, unit = found.target, _unit(found.base)
    screen.title(f"What moves {target.name}: {_figure(found.base)}{unit}")
    if found.is_constant:
        screen.lines("Nothing moves it: all draws agree.")
        return
    header = ("", "near 10 %", "90 %", "at 10 %", "90 %", "rank", "PAWN")
    shown = found.movers[:MOST_LINES]
    screen.lines(*grid(header, [_row(mover) for mover in shown], screen.width))
    screen.lines("")
    told = [_ends_of_labels(mover) for mover in shown if mover.input.labels]
    told += [
        ("near", "the figure over the draws in which the input is within 5 points of "
         "its 10 % or 90 % point, with all that goes with it"),
        ("at", "the figure with the input at that point in every draw and all else as "
         "it was; – where other beliefs decide or follow it"),
        ("rank, PAWN", f"of {found.analysed}; an input without effect has a PAWN of "
         f"{found.noise.number:.2f}"),
        ("errors", _errors(found)),
        ("draws", _draws(found, plan)),
        ("shows", "beliefs: what the figure would be if one belief were known better"),
    ]  # fmt: skip
    more = len(found.movers) - len(shown)
    if more:
        told.append(("not shown", f"{more} inputs that move it less; all with --json"))
    screen.labelled(told)


def _row(mover: "Mover") -> tuple[str, ...]:
    low, high = mover.extremes
    return (
        mover.input.name,
        _figure(low.near),
        _figure(high.near),
        _figure(low.at),
        _figure(high.at),
        _estimate(mover.rank),
        _estimate(mover.pawn),
    )


def _ends_of_labels(mover: "Mover") -> tuple[str, str]:
    low, high = mover.extremes
    return mover.input.name, f"{low.point} and {high.point} stand for 10 and 90 %"


def _figure(row: "Row | None") -> str:
    if row is None:
        return NONE
    if row.unit == "date" or row.status not in ("", "observed"):
        return wording.month(row.text)
    if row.unit == "probability" or row.number is None:
        return row.text
    show, _ = wording.of_unit(row.unit)
    return show(row.number)


def _unit(row: "Row") -> str:
    """The unit behind a number; none behind a date, a word or a probability."""
    if row.unit in ("date", "probability") or row.status not in ("", "observed"):
        return ""
    return wording.of_unit(row.unit)[1]


def _estimate(estimate: "Estimate") -> str:
    number = estimate.number
    return NONE if math.isnan(number) else f"{number:.2f}".replace("-", "−")


def _errors(found: "Sensitivity") -> str:
    rows = [row for m in found.movers for e in m.ends for row in (e.near, e.at) if row]
    worst = max((row.mc_error or 0.0 for row in rows), default=0.0)
    unit = found.base.unit
    if unit == "date":
        words = f"dates {12 * worst:.2g} months"
    elif unit == "probability":
        words = f"probabilities {100 * worst:.2g} points"
    else:
        words = f"the figure {worst:.2g}{_unit(found.base)}"
    rank = max((_size(m.rank) for m in found.movers), default=0.0)
    pawn = max((_size(m.pawn) for m in found.movers), default=0.0)
    return f"at most: {words}, rank {rank:.1g}, PAWN {pawn:.1g}"


def _size(estimate: "Estimate") -> float:
    return 0.0 if math.isnan(estimate.mc_error) else estimate.mc_error


def _draws(found: "Sensitivity", plan: "Plan") -> str:
    used = f"{found.num_draws:,}"
    if found.num_draws == plan.num_draws:
        return f"all {used} of the run"
    return f"the first {used} of {plan.num_draws:,}; the figure above is of these"


def _picture(found: "Sensitivity", results: "Results") -> "Figure":
    """The tornado of the inputs that the table shows."""
    from mc.analysis.sensitivity import place
    from mc.figures.tornado import Bar, Scale, Tip, tornado

    def tip(end: "End") -> Tip:
        at = place(end.at) if end.at else math.nan
        text = _figure(end.near)
        return Tip(word=end.point, near=place(end.near), text=text, at=at)

    def bar(mover: "Mover") -> Bar:
        low, high = mover.extremes
        indices = {
            "rank correlation": (mover.rank.number, mover.rank.mc_error),
            "PAWN": (mover.pawn.number, mover.pawn.mc_error),
        }
        return Bar(name=mover.input.name, tips=(tip(low), tip(high)), indices=indices)

    base = found.base
    quantity = base.quantity.replace("_", " ")
    scale = Scale(
        title=f"What moves {found.target.name}: {_figure(base)}{_unit(base)}",
        axis=f"{base.metric} {quantity}, {base.statistic}{_unit(base)}",
        unit=base.unit,
        base=place(base),
    )
    notes = (
        f"Over the first {found.num_draws:,} draws. Bars: the figure over the draws in "
        "which an input is within 5 points of its 10 % or 90 % point, or has a label, "
        "with all that goes with it; beliefs, not interventions. Rank correlation and "
        f"PAWN are of {found.analysed}; whiskers: two standard errors."
    )
    shown = [bar(mover) for mover in found.movers[:MOST_LINES]]
    return tornado(shown, scale, found.noise.number, notes, results)


def _record(found: "Sensitivity", run_id: str) -> dict[str, Any]:
    return {
        "run_id": run_id,
        "figure": found.target.name,
        "as": "belief",
        "base": _told(found.base),
        "draws": found.num_draws,
        "analysed": found.analysed,
        "inputs": [_input(mover) for mover in found.movers],
        "pawn_without_effect": dataclasses.asdict(found.noise),
    }


def _input(mover: "Mover") -> dict[str, Any]:
    unit = mover.input.unit
    return {
        "name": mover.input.name,
        "kind": "component" if mover.input.labels else "parameter",
        "unit": unit.name if unit else None,
        "ends": [_end(end) for end in mover.ends],
        "rank_correlation": dataclasses.asdict(mover.rank),
        "pawn": dataclasses.asdict(mover.pawn),
    }


def _end(end: "End") -> dict[str, Any]:
    return {
        "point": end.point,
        "value": end.value,
        "near": _told(end.near),
        "at": _told(end.at) if end.at else None,
    }


def _told(row: "Row") -> dict[str, Any]:
    fields: Sequence[str] = ("unit", "number", "text", "status", "mc_error")
    return {name: getattr(row, name) for name in (*fields, "mc_lower", "mc_upper")}

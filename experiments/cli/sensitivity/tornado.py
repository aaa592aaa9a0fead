"""What moves a figure, as a table, JSON and a picture: the tornado of beliefs."""

import dataclasses
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from experiments.cli import wording
from experiments.cli.text_table import grid

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.cli.terminal import Screen
    from mc.analysis.ranks import Estimate
    from mc.analysis.sensitivity import Mover, Sensitivity
    from mc.analysis.tornado import End
    from mc.engine.plan import Plan
    from mc.engine.results import Results
    from mc.outcomes.summaries import Row

MOST_LINES = 14
NONE = "–"


def show(screen: "Screen", found: "Sensitivity", plan: "Plan") -> None:
    """Write the table and what its columns are."""
    target, unit = found.target, unit_text(found.base)
    screen.title(f"What moves {target.name}: {figure_text(found.base)}{unit}")
    if found.is_constant:
        screen.lines("Nothing moves it: all draws agree.")
        return
    header = ("", "near 10 %", "90 %", "at 10 %", "90 %", "rank", "PAWN")
    shown = found.movers[:MOST_LINES]
    screen.lines(*grid(header, [_row(mover) for mover in shown], screen.width))
    screen.lines("")
    words = [_ends_of_labels(mover) for mover in shown if mover.input.labels]
    words += [
        ("near", "the figure over the draws in which the input is within 5 points of "
         "its 10 % or 90 % point, with all that goes with it"),
        ("at", "the figure with the input at that point in every draw and all else as "
         "it was; – where other beliefs decide or follow it"),
        ("rank, PAWN", f"of {found.analysed}; an input without effect has a PAWN of "
         f"{found.noise.number:.2f}"),
        ("errors", _errors(found)),
        ("draws", draws_text(found.num_draws, plan)),
        ("shows", "beliefs: what the figure would be if one belief were known better"),
    ]  # fmt: skip
    more = len(found.movers) - len(shown)
    if more:
        words.append(("not shown", f"{more} inputs that move it less; all with --json"))
    screen.labelled(words)


def _row(mover: "Mover") -> tuple[str, ...]:
    low, high = mover.extremes
    return (
        mover.input.name,
        figure_text(low.near),
        figure_text(high.near),
        figure_text(low.at),
        figure_text(high.at),
        _estimate(mover.rank),
        _estimate(mover.pawn),
    )


def _ends_of_labels(mover: "Mover") -> tuple[str, str]:
    low, high = mover.extremes
    return mover.input.name, f"{low.point} and {high.point} stand for 10 and 90 %"


def figure_text(row: "Row | None") -> str:
    """A figure in a table: a number without its unit, a month or a word."""
    if row is None:
        return NONE
    if row.unit == "date" or row.status not in ("", "observed"):
        return wording.month(row.text)
    if row.unit == "probability" or row.number is None:
        return row.text
    show, _ = wording.of_unit(row.unit)
    return show(row.number)


def unit_text(row: "Row") -> str:
    """The unit behind a number; none behind a date, a word or a probability."""
    if row.unit in ("date", "probability") or row.status not in ("", "observed"):
        return ""
    return wording.of_unit(row.unit)[1]


def _estimate(estimate: "Estimate") -> str:
    number = estimate.number
    return NONE if math.isnan(number) else f"{number:.2f}".replace("-", "−")


def worst_error(rows: "Sequence[Row]", base: "Row") -> str:
    """The largest error of some figures, in the unit that suits it."""
    worst = max((row.mc_error or 0.0 for row in rows), default=0.0)
    if base.unit == "date":
        return f"dates {12 * worst:.2g} months"
    if base.unit == "probability":
        return f"probabilities {100 * worst:.2g} points"
    return f"the figure {worst:.2g}{unit_text(base)}"


def _errors(found: "Sensitivity") -> str:
    rows = [row for m in found.movers for e in m.ends for row in (e.near, e.at) if row]
    words = worst_error(rows, found.base)
    rank = max((_size(m.rank) for m in found.movers), default=0.0)
    pawn = max((_size(m.pawn) for m in found.movers), default=0.0)
    return f"at most: {words}, rank {rank:.1g}, PAWN {pawn:.1g}"


def _size(estimate: "Estimate") -> float:
    return 0.0 if math.isnan(estimate.mc_error) else estimate.mc_error


def draws_text(num_draws: int, plan: "Plan") -> str:
    """Which draws of the run were used."""
    used = f"{num_draws:,}"
    if plan.experiment.preintegrate:
        used += ", one by one, not integrated along lines"
    if num_draws == plan.num_draws:
        return f"all {used}"
    return f"the first {used}, of {plan.num_draws:,}; the figure above is of these"


def picture(found: "Sensitivity", results: "Results") -> "Figure":
    """The tornado of the inputs that the table shows."""
    from mc.analysis.sensitivity import place
    from mc.figures.tornado import Bar, Scale, Tip, tornado

    def tip(end: "End") -> Tip:
        at = place(end.at) if end.at else math.nan
        text = figure_text(end.near)
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
    unit = f",{unit_text(base)}" if unit_text(base) else ""
    scale = Scale(
        title=f"What moves {found.target.name}: {figure_text(base)}{unit_text(base)}",
        axis=f"{base.metric} {quantity}, {base.statistic}{unit}",
        unit=base.unit,
        base=place(base),
        ends=("near the 10 % point", "near the 90 % point"),
    )
    notes = (
        f"Over the first {found.num_draws:,} draws. Bars: the figure over the draws in "
        "which an input is within 5 points of its 10 % or 90 % point, or has a label, "
        "with all that goes with it; beliefs, not interventions. Rank correlation and "
        f"PAWN are of {found.analysed}; whiskers: two standard errors."
    )
    shown = [bar(mover) for mover in found.movers[:MOST_LINES]]
    return tornado(shown, scale, found.noise.number, notes, results)


def record(found: "Sensitivity", run_id: str) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "run_id": run_id,
        "figure": found.target.name,
        "as": "belief",
        "base": told(found.base),
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
        "near": told(end.near),
        "at": told(end.at) if end.at else None,
    }


def told(row: "Row") -> dict[str, Any]:
    """A figure with its error, for JSON."""
    fields: Sequence[str] = ("unit", "number", "text", "status", "mc_error")
    return {name: getattr(row, name) for name in (*fields, "mc_lower", "mc_upper")}

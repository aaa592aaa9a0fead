"""The share of draws with an event by each date, in two worlds, and its difference."""

import dataclasses

import numpy as np
from jaxtyping import Float

from mc.analysis.drawn import Drawn
from mc.analysis.sides import Pair
from mc.outcomes.distributions import on_line
from mc.outcomes.errors import student
from mc.outcomes.status import Status

POINTS = 160
LAST = 0.995
"""Share of the dates of either world that the span of a course holds."""
Line = Float[np.ndarray, " points"]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """One event of one metric in two worlds, by date.

    Attributes:
        metric: Its label.
        event: ``peak_date`` or ``convergence_date``.
        years: Dates, years from the first world's epoch.
        before: Share of all draws of the first world by then.
        after: The same of the second.
        reach: Half the width of the 95 % limits of their difference.
        apart: What it would be if the worlds did not share their draws.
    """

    metric: str
    event: str
    years: Line
    before: Line
    after: Line
    reach: Line
    apart: Line

    @property
    def moved(self) -> Line:
        """By how much the share is higher in the second world."""
        return self.after - self.before


def course(pair: Pair, metric: str, event: str) -> Course | None:
    """The course of an event; None where no draw of either world has a date.

    Args:
        pair: The worlds.
        metric: One that they have in common.
        event: ``peak_date`` or ``convergence_date``.
    """
    drawn = (
        Drawn.of(pair.before, metric, event),
        Drawn.of(pair.after, metric, event, pair.shift),
    )
    dates = [one.values[one.status == Status.OBSERVED] for one in drawn]
    if not any(known.size for known in dates):
        return None
    last = max(float(np.quantile(known, LAST)) for known in dates if known.size)
    years = np.linspace(0.0, last, POINTS)
    before, after = (_by(one, years) for one in drawn)
    alone = np.hypot(_error(before), _error(after))
    df = min(len(before), len(after)) - 1
    error = _error(after - before) if pair.is_paired else alone
    return Course(
        metric=metric,
        event=event,
        years=years,
        before=before.mean(axis=0),
        after=after.mean(axis=0),
        reach=student(df) * error,
        apart=student(df) * alone,
    )


def _by(drawn: Drawn, years: Line) -> Float[np.ndarray, "replicates points"]:
    """Share of each replicate's draws up to each date."""
    line = np.sort(on_line(drawn.values, drawn.status), axis=1)
    counts = [np.searchsorted(row, years, "right") for row in line]
    return np.array(counts) / line.shape[1]


def _error(shares: Float[np.ndarray, "replicates points"]) -> Line:
    return np.std(shares, axis=0, ddof=1) / np.sqrt(len(shares))

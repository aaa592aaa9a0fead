"""How far a median moves, as standard deviations of what was believed before."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri

from mc.analysis.events import QUANTITIES, Codes, Values, column
from mc.analysis.stored import Stored
from mc.engine.scenario import BASELINE
from mc.outcomes.status import Status
from mc.outcomes.weighted import Weighted

MEDIAN = 0.5


@dataclass(frozen=True, kw_only=True)
class Shift:
    """How far the median of a quantity moves.

    Where it comes to stand among the draws of before, as a normal score: of a normal
    law, the shift in its standard deviations. Words have their place in the order of
    outcomes, so that dates that may never come have a shift too.

    Attributes:
        metric: Of the quantity.
        quantity: As in ``summary.csv``.
        sd: The shift; None where the median is a word.
        mc_error: Of the shift, from the spread over replicates.
    """

    metric: str
    quantity: str
    sd: float | None
    mc_error: float | None


def shifts(draws: Stored, weights: Values) -> tuple[Shift, ...]:
    """The shift of every peak, date of the peak and date of closing of the baseline.

    Args:
        draws: A run's stored draws, each as likely as the others before.
        weights: What each counts after.
    """
    metrics = [str(m) for m in draws.results.events["metric"].to_numpy()]
    return tuple(
        _shift(metric, name, *column(draws.results, BASELINE, metric, name), weights)
        for metric in metrics
        for name in QUANTITIES
    )


def _shift(
    metric: str, name: str, values: Values, status: Codes, weights: Values
) -> Shift:
    sd = _score(values, status, weights)
    parts = [
        _score(values[one], status[one], weights[one])
        for one in (slice(r, r + 1) for r in range(len(values)))
    ]
    known = [part for part in parts if part is not None]
    error = None
    if sd is not None and len(known) == len(parts):
        error = float(np.std(known, ddof=1) / np.sqrt(len(known)))
    return Shift(metric=metric, quantity=name, sd=sd, mc_error=error)


def _score(values: Values, status: Codes, weights: Values) -> float | None:
    """Normal score, among unweighted draws, of the weighted median."""
    middle = Weighted(values, status, weights).outcome(MEDIAN, MEDIAN)
    if middle.status is not Status.OBSERVED:
        return None
    before = Weighted(values, status, np.ones_like(weights))
    low = before.shares_before(middle.value).mean()
    high = before.shares(middle, MEDIAN).mean()
    return float(ndtri(0.5 * (low + high)))

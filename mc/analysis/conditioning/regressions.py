"""A metric regressed on log training compute and date, over many models.

Errors of models of one developer hang together: the covariance of the coefficients is
the sandwich over developers. What a coefficient loses to errors in compute depends on
how far compute scatters about its own trend.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float

from priors.evidence.arrays import paired
from priors.evidence.rows import Row
from priors.units import DAYS_PER_YEAR

Vector = Float[np.ndarray, " rows"]
Matrix = Float[np.ndarray, "rows columns"]
Fitted = tuple[Float[np.ndarray, " columns"], Float[np.ndarray, "columns columns"]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Regression:
    """Coefficients, and the moments that their bias depends on.

    Attributes:
        per_log_compute: Gain of the metric for an e-fold of compute at one date.
        per_year: Gain in a year at one training compute.
        covariance: Of both.
        compute_growth: Growth of compute over the same models, ln a year.
        noise_share: Share of the variance of log compute about its trend that is error,
            were the errors as stated.
    """

    per_log_compute: float
    per_year: float
    covariance: Float[np.ndarray, "2 2"]
    compute_growth: float
    noise_share: float


def regression(scores: Sequence[Row], compute: Sequence[Row]) -> Regression:
    """Least squares over models of which both are known.

    Args:
        scores: Of a metric on a linear scale, dated.
        compute: Training compute in FLOP, with intervals.
    """
    pairs = paired(scores, compute)
    index = np.array([score.value for score, _ in pairs], float)
    flop = np.log(np.array([used.value for _, used in pairs], float))
    days = np.array([score.date for score, _ in pairs], "datetime64[D]")
    years = (days - days.min()).astype(float) / DAYS_PER_YEAR
    makers = np.array([score.developer for score, _ in pairs])
    design = np.stack([np.ones_like(flop), flop, years], axis=1)
    found, spread = _clustered(design, index, makers)
    growth, level = np.polyfit(years, flop, 1)
    scatter = float(np.var(flop - level - growth * years))
    errors = np.array([_error(used) for _, used in pairs])
    return Regression(
        per_log_compute=float(found[1]),
        per_year=float(found[2]),
        covariance=spread[1:, 1:],
        compute_growth=float(growth),
        noise_share=float(np.mean(errors**2)) / scatter,
    )


def _clustered(design: Matrix, values: Vector, makers: np.ndarray) -> Fitted:
    """Least squares, and its covariance where errors hang together by maker."""
    inverse = np.linalg.inv(design.T @ design)
    found = inverse @ design.T @ values
    rest = values - design @ found
    scores = [design[makers == one].T @ rest[makers == one] for one in set(makers)]
    middle = sum((np.outer(s, s) for s in scores), np.zeros_like(inverse))
    return found, inverse @ middle @ inverse


def _error(row: Row) -> float:
    """Sd of log compute, from an interval with its mass."""
    if row.low is None or row.high is None or row.mass is None:
        return 0.0
    ends = NormalDist().inv_cdf(0.5 + row.mass / 2.0)
    return float(np.log(row.high / row.low) / (2.0 * ends))

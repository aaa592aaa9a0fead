"""What moves a figure, from draws alone: rank correlations and PAWN.

Nothing is dropped: censored draws have their place in the order.
"""

import dataclasses

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import rankdata

from mc.analysis.inputs import Input

SLIDES = 10
Grid = Float[np.ndarray, "points replicates"]
Slides = Int[np.ndarray, "points replicates"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Estimate:
    """A number with its standard error over replicates.

    Attributes:
        number: The number; NaN where it has no meaning.
        mc_error: Its standard error.
    """

    number: float
    mc_error: float


NONE = Estimate(number=np.nan, mc_error=np.nan)


def spearman(one: Input, line: Grid) -> Estimate:
    """Spearman's rank correlation of an input and an output, ties at their mean rank.

    Of a component with two labels, between the labels in the card's order; of more
    there is none.
    """
    if len(one.labels) > 2:
        return NONE
    pooled = _correlation(one.values.ravel(), line.ravel())
    replicates = [_correlation(x, y) for x, y in zip(one.values.T, line.T, strict=True)]
    error = np.std(replicates, ddof=1) / np.sqrt(len(replicates))
    return Estimate(number=pooled, mc_error=float(error))


def pawn(one: Input, line: Grid) -> Estimate:
    """PAWN: how far the output's distribution moves when an input is known.

    The median over ten slides of equal probability, or over labels, of the largest
    distance between the distribution in the slide and that of all draws (Pianosi and
    Wagener, Environmental Modelling & Software 67, 2015). The error is the jackknife's
    over replicates.
    """
    slides = slides_of(one)
    return _pawn(slides, line)


def pawn_of_nothing(line: Grid) -> Estimate:
    """PAWN of an input without effect: what of an index is noise."""
    noise = np.random.default_rng(0).permuted(_ramp(line), axis=0)
    return _pawn(slides_of(Input(name="", values=noise)), line)


def slides_of(one: Input) -> Slides:
    """The tenth of its replicate that a draw is in, or its label."""
    if one.labels:
        return one.values.astype(np.int64)
    return (ranks(one.values) * SLIDES // len(one.values)).astype(np.int64)


def ranks(values: np.ndarray) -> Slides:
    """Place of each draw in its replicate, from 0; ties in the order of the points."""
    order = np.argsort(values, axis=0, kind="stable")
    found = np.empty_like(order)
    np.put_along_axis(found, order, _ramp(values), axis=0)
    return found


def _ramp(values: np.ndarray) -> Slides:
    return np.broadcast_to(np.arange(len(values))[:, None], values.shape)


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    first, second = rankdata(x), rankdata(y)
    if np.ptp(first) == 0 or np.ptp(second) == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def _pawn(slides: Slides, line: Grid) -> Estimate:
    levels, codes = np.unique(line.ravel(), return_inverse=True)
    codes = codes.reshape(line.shape)
    everyone = range(line.shape[1])
    number = _distance(slides, codes, len(levels), list(everyone))
    left = [
        _distance(slides, codes, len(levels), [r for r in everyone if r != out])
        for out in everyone
    ]
    count = len(left)
    error = np.sqrt((count - 1) * np.mean((np.array(left) - np.mean(left)) ** 2))
    return Estimate(number=number, mc_error=float(error))


def _distance(
    slides: Slides, codes: Slides, num_levels: int, replicates: list[int]
) -> float:
    """Median over slides of the Kolmogorov–Smirnov distance to all draws."""
    where, codes = slides[:, replicates].ravel(), codes[:, replicates].ravel()
    size = int(where.max()) + 1
    counts = np.bincount(where * num_levels + codes, minlength=size * num_levels)
    below = np.cumsum(counts.reshape(size, num_levels), axis=1)
    shares = below / np.maximum(below[:, -1:], 1)
    whole = below.sum(axis=0) / len(where)
    present = below[:, -1] > 0
    return float(np.median(np.abs(shares - whole).max(axis=1)[present]))

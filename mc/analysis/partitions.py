"""Draws parted by what is known of them: one input, or several together.

What a part's draws have in common is what one would know; their mean is what one would
expect. Parts of one input are of equal probability, those of several inputs by the
fitted difference between the two best actions (Strong, Oakley and Brennan, Medical
Decision Making 34, 2014, regress payoffs in the same place).
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtri
from scipy.stats import rankdata

from mc.analysis.inputs import Input

Gains = Float[np.ndarray, "points replicates actions"]
Parts = Int[np.ndarray, "points replicates"]
Columns = Float[np.ndarray, "replicates points columns"]
MOST_CROSSED = 12
"""Inputs up to which a fit has products of two."""
_SMALLEST = 1e-10
"""Singular value over the largest, below which columns count as dependent."""


def num_parts(num_draws: int) -> int:
    """Parts of one input: a power of two near the cube root of the draws."""
    return 2 ** (num_draws.bit_length() // 3)


def parts_of(one: Input) -> Parts:
    """The part of each draw by an input's value; by label where it has labels.

    Equal values are in one part.
    """
    if one.labels:
        return one.values.astype(np.int64)
    return _tiers(one.values.ravel(), num_parts(one.values.size)).reshape(
        one.values.shape
    )


class Fitted:
    """Draws parted by several inputs, through a fit of what each action gains.

    Least squares on Hermite polynomials of normal scores up to the third degree, their
    products in pairs, labels, and their products with scores.

    Args:
        inputs: What is known together.
        gains: Over the action that is best today.
    """

    def __init__(self, inputs: Sequence[Input], gains: Gains) -> None:
        self._columns = columns_of(inputs)
        turned = np.moveaxis(gains, 0, 1)
        across = np.swapaxes(self._columns, 1, 2)
        self._products, self._gains = across @ self._columns, across @ turned
        self._parts = num_parts(self._columns.shape[0] * self._columns.shape[1])

    def parts(self, left_out: int | None = None) -> Parts:
        """The part of each draw.

        Args:
            left_out: A replicate whose gains the fit does not see.
        """
        keep = np.arange(len(self._columns)) != left_out
        products, gains = self._products[keep].sum(0), self._gains[keep].sum(0)
        slopes = np.linalg.lstsq(products, gains, rcond=_SMALLEST)[0]
        fitted = self._columns @ slopes
        best = fitted.argmax(axis=-1)
        top = np.partition(fitted, -2, axis=-1)
        margins = top[..., -1] - top[..., -2]
        each = max(self._parts // 2, 2)
        found = np.zeros(best.shape, np.int64)
        for action in range(gains.shape[-1]):
            chosen = best == action
            if chosen.any():
                found[chosen] = action * each + _tiers(margins[chosen], each)
        return np.ascontiguousarray(found.T)


def columns_of(inputs: Sequence[Input]) -> Columns:
    """What payoffs are fitted on: one, polynomials and products of the inputs."""
    numeric = [_scores(one) for one in inputs if not one.labels]
    found = [np.ones_like(inputs[0].values, np.float64)]
    for score in numeric:
        found += [score, score**2 - 1, score**3 - 3 * score]
    if len(numeric) <= MOST_CROSSED:
        found += [a * b for i, a in enumerate(numeric) for b in numeric[:i]]
    for one in inputs:
        for code in range(1, len(one.labels)):
            is_label = (one.values == code).astype(np.float64)
            found += [is_label, *(is_label * score for score in numeric)]
    return np.ascontiguousarray(np.stack(found, axis=-1).swapaxes(0, 1))


def _scores(one: Input) -> Float[np.ndarray, "points replicates"]:
    """Normal scores of the ranks; equal values have one score."""
    ranks = rankdata(one.values.ravel()) - 0.5
    return ndtri(ranks / ranks.size).reshape(one.values.shape)


def _tiers(values: Float[np.ndarray, " draws"], number: int) -> np.ndarray:
    """Which of so many equally likely tiers a value is in; equal ones are together."""
    places = (rankdata(values) - 0.5) / len(values)
    return (places * number).astype(np.int64)

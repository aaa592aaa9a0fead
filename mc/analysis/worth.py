"""What it is worth to know: everything, or the part that each draw is in.

With perfect information the best action is taken in each draw, with partial information
in each part. The *upper* value takes the action that is best over a part's own draws,
so that noise counts as knowledge; the *lower* takes in each replicate the one that was
best in all other replicates, and is the worth of a rule that can be followed.
Parts that are split are never worth less: the upper values of nested parts are in their
order, from nothing, where all draws are in one part, to everything, where none are.
"""

import dataclasses
from collections.abc import Callable

import numpy as np
from jaxtyping import Float

from mc.analysis.partitions import Gains, Parts
from mc.analysis.ranks import Estimate

Sums = Float[np.ndarray, "replicates parts actions"]
Folds = Callable[[int], Parts]
"""Parts that were made without the payoffs of a replicate."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Worth:
    """What knowing something is worth, in the unit of the payoffs.

    Attributes:
        upper: At most, in expectation, where a part's draws are alike.
        lower: At least, in expectation.
    """

    upper: Estimate
    lower: Estimate

    @property
    def bias(self) -> float:
        """How much of the upper value may be noise that counts as knowledge."""
        return self.upper.number - self.lower.number

    def at_least(self, other: "Worth") -> "Worth":
        """The larger values of two."""
        return Worth(
            upper=max(self.upper, other.upper, key=_number),
            lower=max(self.lower, other.lower, key=_number),
        )

    def at_most(self, other: "Worth") -> "Worth":
        """The smaller values of two."""
        return Worth(
            upper=min(self.upper, other.upper, key=_number),
            lower=min(self.lower, other.lower, key=_number),
        )


NOTHING = Worth(
    upper=Estimate(number=0.0, mc_error=0.0), lower=Estimate(number=0.0, mc_error=0.0)
)


def gains_of(values: Gains) -> tuple[int, Gains]:
    """The action that is best today, and what each gains over it in each draw."""
    today = int(values.mean(axis=(0, 1)).argmax())
    return today, values - values[..., [today]]


def mean(grid: Float[np.ndarray, "points replicates"]) -> Estimate:
    """Mean over all draws, with its error over replicates."""
    means = grid.mean(axis=0)
    error = np.std(means, ddof=1) / np.sqrt(len(means))
    return Estimate(number=float(means.mean()), mc_error=float(error))


def perfect(gains: Gains) -> Estimate:
    """Expected value of perfect information (EVPI)."""
    return mean(gains.max(axis=-1))


def partial(gains: Gains, parts: Parts, folds: Folds | None = None) -> Worth:
    """Expected value of partial perfect information (EVPPI): of knowing the part.

    Args:
        gains: Over the action that is best today.
        parts: From 0, of every draw.
        folds: The parts by replicate left out, where they depend on payoffs.
    """
    sums = _sums(gains, parts)
    num_points, num_replicates = parts.shape
    whole = sums.sum(axis=0)
    left = np.array([_best(whole - one) for one in sums])
    left /= num_points * (num_replicates - 1)
    error = np.sqrt((num_replicates - 1) * np.mean((left - left.mean()) ** 2))
    upper = Estimate(number=_best(whole) / parts.size, mc_error=float(error))
    found = [
        _followed(sums if folds is None else _sums(gains, folds(r)), r) / num_points
        for r in range(num_replicates)
    ]
    error = np.std(found, ddof=1) / np.sqrt(num_replicates)
    lower = Estimate(number=float(np.mean(found)), mc_error=float(error))
    return Worth(upper=upper, lower=lower)


def _sums(gains: Gains, parts: Parts) -> Sums:
    """Gains of each action, added over the draws of each replicate in each part."""
    _, num_replicates, num_actions = gains.shape
    size = int(parts.max()) + 1
    where = (parts + size * np.arange(num_replicates)).ravel()
    sums = [
        np.bincount(where, gains[..., action].ravel(), num_replicates * size)
        for action in range(num_actions)
    ]
    return np.stack(sums, axis=-1).reshape(num_replicates, size, num_actions)


def _best(sums: Float[np.ndarray, "parts actions"]) -> float:
    return float(sums.max(axis=-1).sum())


def _followed(sums: Sums, replicate: int) -> float:
    """Gains of a replicate where each part's action is the best one of the others.

    Where none gains in the others, the action is today's, which gains nothing.
    """
    others = sums.sum(axis=0) - sums[replicate]
    rule = others.argmax(axis=-1)[:, None]
    taken = np.take_along_axis(sums[replicate], rule, axis=-1)[:, 0]
    return float(taken[others.max(axis=-1) > 0].sum())


def _number(estimate: Estimate) -> float:
    return estimate.number

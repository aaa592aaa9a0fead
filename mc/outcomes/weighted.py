"""One quantity over weighted draws, in the order of the statuses.

Each replicate is weighted alone: its weights add to one, so that a pooled share is the
mean of the replicates' shares, and their spread is the Monte Carlo error.
"""

import functools

import numpy as np
from jaxtyping import Float, Int, UInt32

from mc.outcomes.distributions import Outcome, PerReplicate, in_precision, on_line
from mc.outcomes.status import Status

KEY_BITS = 16
"""Bits of a number by which weights are gathered before any are sorted."""
ROUNDING = 1e-9
"""Of a share; of a rank, in draws for each root of the number of draws."""

Values = Float[np.ndarray, "replicates points"]


class Weighted:
    """Draws at hand, each with a weight: what ``Sorted`` is where all weigh the same.

    Attributes:
        status_counts: Effective draws of each replicate with each status.
        num_effective: Effective sample size, ``(Σw)² / Σw²`` over all draws.
    """

    share_error = 0.0

    def __init__(
        self,
        values: Float[np.ndarray, "replicates points"],
        status: Int[np.ndarray, "replicates points"],
        weights: Float[np.ndarray, "replicates points"],
    ) -> None:
        totals = weights.sum(axis=1, keepdims=True)
        self._weights = weights / totals
        self.num_effective = effective(self._weights)
        shares = np.stack([self._of(status == code) for code in Status], axis=1)
        self.status_counts = shares * (self.num_effective / len(weights))
        self._shares = shares
        self._line = on_line(values.astype(np.float32), status)

    def outcome(self, prob: float, level: float) -> Outcome:
        """The first outcome up to which a share ``prob`` of the weight lies."""
        del level
        total = float(len(self._weights))
        slack = ROUNDING * total / np.sqrt(self._weights.size)
        target = min(max(prob, 0.0), 1.0) * total - slack
        target = max(target, np.finfo(float).tiny)
        totals = np.cumsum(self._shares.sum(axis=0))
        status = Status(min(int(np.searchsorted(totals, target)), Status.NEVER))
        if status is not Status.OBSERVED:
            return Outcome(status=status)
        return Outcome(status=status, value=self._value(target))

    def shares(self, outcome: Outcome, level: float) -> PerReplicate:
        """Share of each replicate's weight at or before ``outcome``."""
        del level
        if outcome.status is not Status.OBSERVED:
            return self._shares[:, : outcome.status + 1].sum(axis=1)
        return self._of(
            self._line <= in_precision(outcome.value, self._line.dtype, "right")
        )

    def shares_before(self, value: float) -> PerReplicate:
        """Share of each replicate's weight strictly before ``value``."""
        return self._of(self._line < in_precision(value, self._line.dtype, "left"))

    def _of(self, flags: np.ndarray) -> PerReplicate:
        """Weight of the flagged draws of each replicate; all of it is one, exactly."""
        found = np.einsum("rp,rp->r", self._weights, flags)
        return np.where(found > 1.0 - ROUNDING, 1.0, found)

    @functools.cached_property
    def _keys(self) -> UInt32[np.ndarray, " draws"]:
        """Integers in the order of the draws."""
        bits = (self._line.ravel() + np.float32(0)).view(np.uint32)
        sign = np.uint32(2**31)
        return np.where(bits & sign, ~bits, bits | sign)

    @functools.cached_property
    def _gathered(self) -> tuple[np.ndarray, Float[np.ndarray, " cells"]]:
        """The cell of each draw, and the weight up to the end of each cell."""
        cells = (self._keys >> np.uint32(32 - KEY_BITS)).astype(np.intp)
        weights = np.bincount(
            cells, weights=self._weights.ravel(), minlength=2**KEY_BITS
        )
        return cells, np.cumsum(weights)

    def _value(self, target: float) -> float:
        """The first number up to which a weight lies; only its cell is sorted."""
        cells, upto = self._gathered
        cell = min(int(np.searchsorted(upto, target)), int(cells.max()))
        inside = np.flatnonzero(cells == cell)
        values, weights = self._line.ravel()[inside], self._weights.ravel()[inside]
        order = np.argsort(values, kind="stable")
        before = float(upto[cell - 1]) if cell else 0.0
        place = int(np.searchsorted(before + np.cumsum(weights[order]), target))
        return float(values[order][min(place, len(order) - 1)])


def effective(weights: Float[np.ndarray, "*shape"]) -> float:
    """Effective sample size of weights: ``(Σw)² / Σw²`` (Kish)."""
    return float(weights.sum() ** 2 / np.square(weights).sum())

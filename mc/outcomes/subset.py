"""Some of the draws of one quantity: quantiles and shares of those alone."""

import numpy as np
from jaxtyping import Bool, Float, Int

from mc.outcomes.bands import rank
from mc.outcomes.distributions import Outcome, Side, on_line, status_shares
from mc.outcomes.status import Status

Grid = Float[np.ndarray, "points replicates"]
Mask = Bool[np.ndarray, "points replicates"]


class Subset:
    """Some draws, not as many of each replicate: quantiles by order.

    Replicates without any are left out, of the errors too.
    """

    share_error = 0.0

    def __init__(
        self, values: Grid, status: Int[np.ndarray, "points replicates"], mask: Mask
    ) -> None:
        line = on_line(values, status)
        replicates = np.flatnonzero(mask.any(axis=0))
        self._parts = [np.sort(line[mask[:, r], r]) for r in replicates]
        self._ordered = np.sort(np.concatenate(self._parts))
        self.status_counts = np.array(
            [
                [np.count_nonzero(status[mask[:, r], r] == code) for code in Status]
                for r in replicates
            ]
        )
        self._sizes = self.status_counts.sum(axis=1)

    def outcome(self, prob: float, level: float) -> Outcome:
        """The order statistic ⌈np⌉ of the chosen draws."""
        del level
        target = int(rank(np.array(min(max(prob, 0.0), 1.0)), len(self._ordered)))
        totals = np.cumsum(self.status_counts.sum(axis=0))
        status = Status(int(np.searchsorted(totals, target)))
        if status is not Status.OBSERVED:
            return Outcome(status=status)
        return Outcome(status=status, value=float(self._ordered[target - 1]))

    def shares(self, outcome: Outcome, level: float) -> Float[np.ndarray, " reps"]:
        """Share of each replicate's chosen draws at or before ``outcome``."""
        del level
        if outcome.status is not Status.OBSERVED:
            return status_shares(self.status_counts, outcome.status)
        return self._before(outcome.value, "right")

    def shares_before(self, value: float) -> Float[np.ndarray, " reps"]:
        """Share of each replicate's chosen draws strictly before ``value``."""
        return self._before(value, "left")

    def _before(self, value: float, side: Side) -> Float[np.ndarray, " reps"]:
        below = [np.searchsorted(part, value, side) for part in self._parts]
        return np.array(below) / self._sizes

"""The distribution of a date over draws that were each integrated along a line."""

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.optimize import brentq
from scipy.special import ndtr

from mc.outcomes.distributions import Outcome, PerReplicate
from mc.outcomes.lines import Lines
from mc.outcomes.status import Status

PRECISION = 1e-9
"""To how many years a quantile is solved for."""
TABLED = 17
"""Dates between which a quantile is bracketed."""


class Preintegrated:
    """Shares of lines, averaged; a quantile is where the average share is reached.

    Args:
        parts: Lines of each label and the label's probability; of one label, all.
            Lines are in the order of draws: all replicates of a point, then the next.
        replicates: Independent randomisations.
        share_error: By how much shares are wrong between the nodes of lines.

    Attributes:
        status_counts: Lines of each replicate with each status: no whole numbers.
        share_error: As given, and what lies beyond the nodes.
    """

    def __init__(
        self,
        parts: Sequence[tuple[float, Lines]],
        replicates: int,
        share_error: float = 0.0,
    ) -> None:
        self._parts, self._replicates = parts, replicates
        self.share_error = share_error + self._beyond
        self._found: dict[float, Outcome] = {}
        num_lines = sum(lines.is_monotone.size for _, lines in parts) / replicates
        self.status_counts = num_lines * np.diff(self._up_to, axis=0, prepend=0.0).T

    @property
    def uneven(self) -> float:
        """Share of lines along which the date does not rise."""
        odd = sum(weight * (~lines.is_monotone).mean() for weight, lines in self._parts)
        return float(odd)

    def outcome(self, prob: float, level: float) -> Outcome:
        """The quantile at ``prob``."""
        del level
        prob = min(max(prob, 0.0), 1.0)
        if prob not in self._found:
            self._found[prob] = self._quantile(prob)
        return self._found[prob]

    def shares(self, outcome: Outcome, level: float) -> PerReplicate:
        """Share of each replicate at or before ``outcome``."""
        del level
        return self._mean(outcome)

    def shares_before(self, value: float) -> PerReplicate:
        """Share of each replicate before ``value``."""
        return self._mean(Outcome(status=Status.OBSERVED, value=value))

    @property
    def _beyond(self) -> float:
        """Largest share of a line below its first node or above its last."""
        ends = [s for _, lines in self._parts for s in (lines.scores[0], -lines.last)]
        return float(ndtr(max(end.max() for end in ends)))

    @functools.cached_property
    def _up_to(self) -> Float[np.ndarray, "statuses replicates"]:
        """Share of each replicate with each status, or one before it."""
        return np.stack([self._mean(Outcome(status=s, value=np.inf)) for s in Status])

    @functools.cached_property
    def _table(self) -> tuple[np.ndarray, np.ndarray]:
        """Dates from the first at any node to the last, and the shares up to them."""
        years = [lines.years[~np.isnan(lines.years)] for _, lines in self._parts]
        ends = np.linspace(0.0, 1.0, TABLED)
        grid = np.unique(np.quantile(np.concatenate(years), ends))
        return grid, np.array([self.shares_before(year).mean() for year in grid])

    def _quantile(self, prob: float) -> Outcome:
        totals = self._up_to.mean(axis=1)
        status = Status(min(int(np.searchsorted(totals, prob)), Status.NEVER))
        if status is not Status.OBSERVED:
            return Outcome(status=status)

        def excess(years: float) -> float:
            return float(self.shares_before(years).mean()) - prob

        grid, reached = self._table
        place = int(np.searchsorted(reached, prob))
        if place in (0, len(grid)):
            return Outcome(status=status, value=float(grid[min(place, len(grid) - 1)]))
        low, high = grid[place - 1], grid[place]
        root: Any = brentq(excess, low, high, xtol=PRECISION)
        return Outcome(status=status, value=float(root))

    def _mean(self, outcome: Outcome) -> PerReplicate:
        total = np.zeros(self._replicates)
        for weight, lines in self._parts:
            shares = lines.share(outcome).reshape(-1, self._replicates)
            total += weight * shares.mean(axis=0)
        return total

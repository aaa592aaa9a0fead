"""One quantity over all draws, in the order of the statuses, sorted or counted.

A quantile is an *outcome*: a number, or a word where the rank falls into censored
mass. Shares are kept for each replicate, because the spread over replicates is the
Monte Carlo error.
"""

import dataclasses
import functools
from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Bool, Float, Int

from mc.outcomes.bands import EDGES_PER_LEVEL, counted_quantiles, rank
from mc.outcomes.order import OrderStatistics
from mc.outcomes.status import Status

PerReplicate = Float[np.ndarray, " replicates"]
Side = Literal["left", "right"]
StatusCounts = Int[np.ndarray, "replicates statuses"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Outcome:
    """A point on the axis already < dates < beyond < undetermined < never.

    Attributes:
        status: Where the point lies.
        value: Its number, where the status is observed; else NaN.
    """

    status: Status
    value: float = np.nan


@runtime_checkable
class Distribution(Protocol):
    """What summaries need to know of a quantity's draws."""

    status_counts: StatusCounts
    share_error: float
    """By how much the shares of all replicates may be wrong alike."""

    def outcome(self, prob: float, level: float) -> Outcome:
        """The quantile at ``prob``, which lies near ``level``."""
        ...

    def shares(self, outcome: Outcome, level: float) -> PerReplicate:
        """Share of each replicate's draws at or before ``outcome``."""
        ...

    def shares_before(self, value: float) -> PerReplicate:
        """Share of each replicate's draws strictly before ``value``."""
        ...


def status_shares(counts: StatusCounts, last: Status) -> PerReplicate:
    """Share of each replicate's draws with a status up to ``last``."""
    return counts[:, : last + 1].sum(axis=1) / counts.sum(axis=1)


class Sorted:
    """Draws that are all at hand: quantiles are order statistics.

    Values stay in the precision they come in; only what is asked for is sorted.

    Attributes:
        status_counts: Draws of each replicate with each status.
        num_draws: All draws.
        num_observed: Draws that have a number.
    """

    share_error = 0.0

    def __init__(
        self,
        values: Float[np.ndarray, "points replicates"],
        status: Int[np.ndarray, "points replicates"],
    ) -> None:
        self.num_draws = values.size
        codes = np.ascontiguousarray(status.T)
        self.status_counts = np.stack(
            [_true_in_rows(codes == code) for code in Status], axis=1
        )
        self._already = self.status_counts[:, Status.ALREADY]
        self.num_observed = int(self.status_counts[:, Status.OBSERVED].sum())
        self._line = values
        if self.num_observed < self.num_draws:
            self._line = on_line(values, status)

    @functools.cached_property
    def _replicates(self) -> Float[np.ndarray, "replicates points"]:
        return np.ascontiguousarray(self._line.T)

    @functools.cached_property
    def _ordered(self) -> OrderStatistics:
        return OrderStatistics(self._line.ravel())

    def outcome(self, prob: float, level: float) -> Outcome:
        """The order statistic ⌈np⌉ of all draws."""
        del level
        target = int(rank(np.array(min(max(prob, 0.0), 1.0)), self.num_draws))
        totals = np.cumsum(self.status_counts.sum(axis=0))
        status = Status(int(np.searchsorted(totals, target)))
        if status is not Status.OBSERVED:
            return Outcome(status=status)
        return Outcome(status=status, value=self._ordered.value(target - 1))

    def shares(self, outcome: Outcome, level: float) -> PerReplicate:
        """Share of each replicate's draws at or before ``outcome``."""
        del level
        if outcome.status is not Status.OBSERVED:
            return status_shares(self.status_counts, outcome.status)
        return self._before(outcome.value, side="right") / self._per_replicate

    def shares_before(self, value: float) -> PerReplicate:
        """Share of each replicate's draws strictly before ``value``."""
        return self._before(value, side="left") / self._per_replicate

    def conditional(self, prob: float) -> float:
        """Quantile among the observed draws only; NaN where there are none."""
        if not self.num_observed:
            return np.nan
        target = int(rank(np.array(prob), self.num_observed))
        return self._ordered.value(int(self._already.sum()) + target - 1)

    def conditional_shares(self, value: float) -> PerReplicate | None:
        """Share of observed draws up to ``value``, where every replicate has some."""
        sizes = self.status_counts[:, Status.OBSERVED]
        if not np.all(sizes):
            return None
        return (self._before(value, side="right") - self._already) / sizes

    @property
    def _per_replicate(self) -> Int[np.ndarray, " replicates"]:
        return self.status_counts.sum(axis=1)

    def _before(self, value: float, *, side: Side) -> Int[np.ndarray, " replicates"]:
        """Draws before a finite value, or up to it, those already there among them."""
        edge = in_precision(value, self._line.dtype, side)
        rows = self._replicates
        below = rows < edge if side == "left" else rows <= edge
        return _true_in_rows(below)


def _true_in_rows(flags: Bool[np.ndarray, "rows columns"]) -> Int[np.ndarray, " rows"]:
    """How many of each row hold; NumPy counts fast along a row only."""
    return np.array([np.count_nonzero(row) for row in flags])


def on_line(
    values: Float[np.ndarray, "points replicates"],
    status: Int[np.ndarray, "points replicates"],
) -> Float[np.ndarray, "points replicates"]:
    """Draws on the time axis: already first, everything censored last."""
    infinity = np.array(np.inf, values.dtype)
    censored = np.where(status == Status.ALREADY, -infinity, infinity)
    return np.where(status == Status.OBSERVED, values, censored)


def in_precision(value: float, dtype: np.dtype, side: Side) -> np.floating:
    """The number of a precision that parts it as ``value`` does."""
    edge = dtype.type(value)
    if side == "left" and edge < value:
        return np.nextafter(edge, dtype.type(np.inf))
    if side == "right" and edge > value:
        return np.nextafter(edge, dtype.type(-np.inf))
    return edge


class Counted:
    """Draws that were only counted below edges, in constant memory.

    Attributes:
        status_counts: Draws of each replicate with each status.
        levels: Probabilities whose quantiles were bracketed.
        edges: Edges on the observed values, levels and edges.
        counts: Draws of each replicate below each edge, already included.
        marks: Values at which ``shares_before`` was counted.
        mark_counts: Draws of each replicate before each mark.
    """

    share_error = 0.0

    def __init__(
        self,
        *,
        status_counts: StatusCounts,
        levels: Sequence[float],
        edges: Float[np.ndarray, "levels edges"],
        counts: Int[np.ndarray, "levels edges replicates"],
        marks: Sequence[float],
        mark_counts: Int[np.ndarray, "marks replicates"],
    ) -> None:
        self.status_counts = status_counts
        self.levels = tuple(levels)
        self.edges, self.counts = edges, counts
        self.marks = tuple(marks)
        self.mark_counts = mark_counts
        self.num_draws = int(status_counts.sum())
        self._per_replicate = status_counts.sum(axis=1)

    @property
    def missed(self) -> np.ndarray:
        """Levels whose quantile is a number that the edges do not bracket."""
        _, missed, _ = self._quantiles(self.levels)
        words = np.array([self._word(p) is not None for p in self.levels])
        return missed[0] & ~words

    def outcome(self, prob: float, level: float) -> Outcome:
        """The quantile at ``prob``, from the edges of ``level``."""
        word = self._word(min(max(prob, 0.0), 1.0))
        if word is not None:
            return Outcome(status=word)
        probs = [prob if p == level else p for p in self.levels]
        values, _, _ = self._quantiles(probs)
        value = float(values[0, self.levels.index(level)])
        return Outcome(status=Status.OBSERVED, value=value)

    def shares(self, outcome: Outcome, level: float) -> PerReplicate:
        """Share of each replicate's draws at or before ``outcome``."""
        if outcome.status is not Status.OBSERVED:
            return status_shares(self.status_counts, outcome.status)
        i = self.levels.index(level)
        edges, counts = self.edges[i], self.counts[i]
        j = int(np.clip(np.searchsorted(edges, outcome.value), 1, EDGES_PER_LEVEL - 1))
        pooled = counts.sum(axis=1)
        bin_mass = max(int(pooled[j] - pooled[j - 1]), 1)
        within = np.clip((level * self.num_draws - pooled[j - 1]) / bin_mass, 0, 1)
        below = counts[j - 1] + within * (counts[j] - counts[j - 1])
        return below / self._per_replicate

    def shares_before(self, value: float) -> PerReplicate:
        """Share of each replicate's draws strictly before a counted mark."""
        return self.mark_counts[self.marks.index(value)] / self._per_replicate

    def _word(self, prob: float) -> Status | None:
        target = int(rank(np.array(prob), self.num_draws))
        totals = np.cumsum(self.status_counts.sum(axis=0))
        status = Status(int(np.searchsorted(totals, target)))
        return None if status is Status.OBSERVED else status

    def _quantiles(self, probs: Sequence[float]) -> tuple[np.ndarray, ...]:
        pooled = self.counts.sum(axis=2)[None]
        return counted_quantiles(self.edges[None], pooled, self.num_draws, tuple(probs))

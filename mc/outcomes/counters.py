"""Counts one quantity's draws chunk by chunk, for runs too long to keep them."""

import copy
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from mc.outcomes.bands import EDGES_PER_LEVEL, bracket_edges
from mc.outcomes.distributions import Counted, on_line
from mc.outcomes.status import Status

PointValues = Float[np.ndarray, "points replicates"]
PointCodes = Int[np.ndarray, "points replicates"]
BelowCounts = Int[np.ndarray, "edges replicates"]
StatusCounts = Int[np.ndarray, "replicates statuses"]


class Counter:
    """Edges from a pilot, and the draws of each replicate below them so far.

    Args:
        pilot: Values of the pilot's draws, before any other.
        status: Their statuses.
        levels: Probabilities of the quantiles wanted.
        marks: Values before which draws are counted, for ``p_by_DATE``.
        widening: Multiple of the usual bracket, after a miss.
    """

    def __init__(
        self,
        pilot: PointValues,
        status: PointCodes,
        *,
        levels: Sequence[float],
        marks: Sequence[float],
        widening: float = 1.0,
    ) -> None:
        self.levels, self.marks = tuple(levels), tuple(marks)
        replicates = pilot.shape[1]
        ordered = np.sort(on_line(pilot, status), axis=None)[None, :]
        edges = bracket_edges(ordered, self.levels, widening=widening)[0]
        self.edges = edges
        self._all = np.concatenate([edges.ravel(), np.array(self.marks, edges.dtype)])
        self._order = np.argsort(self._all, kind="stable")
        self._below = np.zeros((len(self._all), replicates), np.int64)
        self._status = np.zeros((replicates, len(Status)), np.int64)

    @property
    def all_edges(self) -> Float[np.ndarray, " edges"]:
        """All that draws are counted below: edges of quantiles, then marks."""
        return self._all

    def add(self, values: PointValues, status: PointCodes) -> None:
        """Count a chunk of draws; the order of chunks does not matter."""
        replicates = values.shape[1]
        replicate = np.arange(replicates)[None, :]
        line = on_line(values, status)
        ranks = np.searchsorted(self._all[self._order], line.ravel(), side="right")
        slots = len(self._all) + 1
        cells = ranks.reshape(line.shape) + slots * replicate
        histogram = np.bincount(cells.ravel(), minlength=slots * replicates)
        below = np.cumsum(histogram.reshape(replicates, slots), axis=1)[:, :-1]
        self._below[self._order] += below.T
        codes = status + len(Status) * replicate
        flat = np.bincount(codes.ravel(), minlength=len(Status) * replicates)
        self._status += flat.reshape(replicates, len(Status))

    def blank(self) -> "Counter":
        """The same edges, with nothing counted."""
        other = copy.copy(self)
        other._below = np.zeros_like(self._below)
        other._status = np.zeros_like(self._status)
        return other

    @property
    def counts(self) -> tuple[BelowCounts, StatusCounts]:
        """Draws below each edge and mark; draws of each replicate and status."""
        return self._below, self._status

    def include(self, below: BelowCounts, status: StatusCounts) -> None:
        """Add counts below the same edges."""
        self._below += below
        self._status += status

    def distribution(self) -> Counted:
        """What was counted so far."""
        num_edges = len(self.levels) * EDGES_PER_LEVEL
        replicates = self._status.shape[0]
        shape = (len(self.levels), EDGES_PER_LEVEL, replicates)
        return Counted(
            status_counts=self._status,
            levels=self.levels,
            edges=self.edges,
            counts=self._below[:num_edges].reshape(shape),
            marks=self.marks,
            mark_counts=self._below[num_edges:],
        )

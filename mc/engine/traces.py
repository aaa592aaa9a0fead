"""Lines traced: outcomes at nodes, with more of them where the status changes."""

import dataclasses

import numpy as np
from jaxtyping import Float, Int
from scipy.special import ndtr

from mc.engine.rays import Probe, Rays
from mc.outcomes.lines import Lines

NODES = np.array([-5.3, -4, -3, -2.25, -1.5, -0.75, 0, 0.75, 1.5, 2.25, 3, 4, 5.3])
"""Scores at which every line is looked at; 1e-7 of it lies beyond."""
ROUNDS = 10
SPLIT_MASS = 1e-4
"""Mass between two nodes of different status above which they are parted again."""

Nodes = Float[np.ndarray, "nodes lines"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trace:
    """Outcomes at nodes of lines, in the order of the scores.

    Attributes:
        scores: Infinite where a line has fewer nodes than others.
        years: Years at each node.
        status: A ``Status`` at each node.
    """

    scores: Nodes
    years: Nodes
    status: Int[np.ndarray, "nodes lines"]

    @property
    def num_events(self) -> int:
        """Points that were looked at."""
        return int(np.isfinite(self.scores).sum())

    def lines(self) -> Lines:
        """The lines through them."""
        return Lines(self.scores, self.years, self.status)

    def part(self, num_lines: int) -> "Trace":
        """The first so many lines."""
        return Trace(
            scores=self.scores[:, :num_lines],
            years=self.years[:, :num_lines],
            status=self.status[:, :num_lines],
        )

    def joined(self, probe: Probe, rays: Rays, scores: Nodes) -> "Trace":
        """With further nodes; an infinite score is none."""
        nodes, lines = np.nonzero(np.isfinite(scores))
        years = np.full(scores.shape, np.inf)
        status = np.zeros(scores.shape, self.status.dtype)
        found = probe.outcomes(rays, lines, scores[nodes, lines])
        years[nodes, lines], status[nodes, lines] = found
        together = np.concatenate([self.scores, scores])
        order = np.argsort(together, axis=0, kind="stable")

        def placed(old: np.ndarray, new: np.ndarray) -> np.ndarray:
            return np.take_along_axis(np.concatenate([old, new]), order, axis=0)

        return Trace(
            scores=placed(self.scores, scores),
            years=placed(self.years, years),
            status=placed(self.status, status),
        )


def traced(probe: Probe, rays: Rays) -> Trace:
    """Lines through all draws of ``rays``, the ends of each status found by halving."""
    num_lines = len(rays.places.scores)
    none = np.empty((0, num_lines))
    trace = Trace(scores=none, years=none, status=none.astype(np.int8))
    trace = trace.joined(probe, rays, np.repeat(NODES[:, None], num_lines, axis=1))
    for _ in range(ROUNDS):
        low, high = trace.scores[:-1], trace.scores[1:]
        parted = np.isfinite(high) & (np.diff(trace.status, axis=0) != 0)
        mass = np.where(parted, ndtr(high) - ndtr(low), 0.0)
        widest = mass.argmax(axis=0)[None]
        pick = np.take_along_axis(mass, widest, axis=0) > SPLIT_MASS
        if not pick.any():
            break
        ends = (np.take_along_axis(end, widest, axis=0) for end in (low, high))
        middle = 0.5 * sum(ends)
        trace = trace.joined(probe, rays, np.where(pick, middle, np.inf))
    return trace


def doubled(probe: Probe, rays: Rays, trace: Trace) -> Trace:
    """The trace with a node half-way between every two."""
    low, high = trace.scores[:-1], trace.scores[1:]
    middle = np.where(np.isfinite(high), 0.5 * (low + high), np.inf)
    return trace.joined(probe, rays, middle)

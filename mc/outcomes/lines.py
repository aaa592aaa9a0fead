"""Dates along lines: what share of a line lies at or before an outcome.

A line is a draw moved along one direction of its independent normal scores; the score
along it is standard normal. The dates are found at nodes of the score and rise with
it, so that the share up to a date is Φ of the score where the date is reached.
"""

import functools

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.special import ndtr

from mc.outcomes.distributions import Outcome
from mc.outcomes.status import Status

STENCIL = 5
"""Nodes whose polynomial gives the slope at the middle one."""
NOISE_YEARS = 1e-3
"""A fall of a date that is rounding, ten times what its root is good to."""

Nodes = Float[np.ndarray, "nodes lines"]
Shares = Float[np.ndarray, " lines"]


class Lines:
    """Outcomes at nodes of many lines.

    Args:
        scores: Rising along each line; infinite where a line has fewer nodes.
        years: Years at each node, where the status is observed.
        status: A ``Status`` at each node.

    Attributes:
        scores: As given.
        last: Score of the last node of each line.
        years: Years at each node, where there are any; those of the last one beyond.
        status: Statuses likewise.
        is_monotone: Lines whose outcomes rise with the score.
    """

    def __init__(
        self, scores: Nodes, years: Nodes, status: Int[np.ndarray, "nodes lines"]
    ) -> None:
        used = np.isfinite(scores)
        final = used.sum(axis=0) - 1, np.arange(scores.shape[1])
        self.scores, self.last = scores, scores[final]
        self.status = np.where(used, status, status[final])
        observed = self.status == Status.OBSERVED
        values = np.where(used, years, years[final])
        self.years = np.where(observed, values, np.nan)
        self.is_monotone = self._rises()

    def share(self, outcome: Outcome) -> Shares:
        """Share of each line at or before ``outcome``; of all dates, if infinite."""
        if outcome.status is not Status.OBSERVED or np.isinf(outcome.value):
            found = ndtr(self._ends[outcome.status])
        else:
            score = self._curve.at(outcome.value)
            low, high = self._ends[Status.ALREADY], self._ends[Status.OBSERVED]
            found = ndtr(np.clip(score, low, high))
        odd = ~self.is_monotone
        if odd.any():
            found[odd] = self._by_cells(outcome, odd)
        return found

    def _rises(self) -> Bool[np.ndarray, " lines"]:
        falls = np.diff(self.status, axis=0) < 0
        with np.errstate(invalid="ignore"):
            falls |= np.diff(self.years, axis=0) < -NOISE_YEARS
        return np.logical_not(falls.any(axis=0))

    @functools.cached_property
    def _ends(self) -> dict[Status, Shares]:
        """Score up to which outcomes have a status or one before it."""
        return {status: self._end(status) for status in Status}

    def _end(self, status: Status) -> Shares:
        """Half-way between the nodes that part it from what comes after."""
        nodes, lane = len(self.scores), np.arange(self.scores.shape[1])
        after = self.status > status
        first = np.where(after.any(axis=0), after.argmax(axis=0), nodes)
        low = self.scores[np.clip(first - 1, 0, nodes - 1), lane]
        high = self.scores[np.clip(first, 0, nodes - 1), lane]
        middle = 0.5 * (low + np.where(np.isfinite(high), high, low))
        whole = np.where(first == 0, -np.inf, np.inf)
        return np.where((first > 0) & (first < nodes), middle, whole)

    @functools.cached_property
    def _curve(self) -> "Curve":
        used = np.isfinite(self.scores) & (self.status == Status.OBSERVED)
        return Curve(np.where(used, self.years, np.nan), self.scores)

    def _by_cells(self, outcome: Outcome, lines: Bool[np.ndarray, " lines"]) -> Shares:
        """Shares of lines that do not rise: dates are straight between nodes."""
        scores, years = self.scores[:, lines], self.years[:, lines]
        status = self.status[:, lines]
        reached = status < outcome.status
        same = status == outcome.status
        observed = outcome.status is Status.OBSERVED
        reached |= same & (years <= outcome.value) if observed else same
        below, above = reached[:-1], reached[1:]
        left, right = scores[:-1], scores[1:]
        with np.errstate(invalid="ignore", divide="ignore"):
            part = (outcome.value - years[:-1]) / np.diff(years, axis=0)
            cut = left + np.where(np.isfinite(part), part, 0.5) * (right - left)
        cut = np.where(np.isfinite(right), cut, right)
        low, middle, high = ndtr(left), ndtr(cut), ndtr(right)
        cells = (middle - low) * below + (high - middle) * above
        last = (1.0 - ndtr(scores[-1])) * reached[-1]
        return ndtr(scores[0]) * reached[0] + cells.sum(axis=0) + last


class Curve:
    """The score as a smooth rising function of the date, for many lines.

    Piecewise cubic in ``ln(1 + years)``; slopes are those of the polynomial through
    five nodes, cut to three times the neighbouring secants (Fritsch and Carlson, SIAM
    J. Numer. Anal. 17, 1980), which keeps every cubic rising.

    Args:
        years: Years at each node; NaN where there is no date.
        scores: Scores at each node.
    """

    def __init__(self, years: Nodes, scores: Nodes) -> None:
        x = np.log1p(years)
        highest = np.fmax.accumulate(np.where(np.isnan(x), -np.inf, x), axis=0)
        rises = np.ones(x.shape, bool)
        rises[1:] = x[1:] > highest[:-1]
        kept = ~np.isnan(x) & rises
        order = np.argsort(~kept, axis=0, kind="stable")
        self._count = kept.sum(axis=0)
        self._x = np.take_along_axis(np.where(kept, x, np.inf), order, axis=0)
        self._y = np.take_along_axis(scores, order, axis=0)
        self._slope = self._slopes()

    def at(self, years: float) -> Shares:
        """Score at which each line reaches a date; straight beyond its nodes."""
        x, lane = np.log1p(years), np.arange(self._x.shape[1])
        cell = np.clip((self._x <= x).sum(axis=0) - 1, 0, self._last - 1)
        cell = np.maximum(cell, 0)
        left, right = (cell, lane), (np.minimum(cell + 1, len(self._x) - 1), lane)
        with np.errstate(invalid="ignore", divide="ignore"):
            width = self._x[right] - self._x[left]
            part = (x - self._x[left]) / width
            rise = self._y[right] - self._y[left]
            begins, ends = self._slope[left] * width, self._slope[right] * width
            bend = 3 * rise - 2 * begins - ends, begins + ends - 2 * rise
            inside = self._y[left] + part * (begins + part * (bend[0] + part * bend[1]))
            before = self._y[left] + part * begins
            after = self._y[right] + (part - 1) * ends
        found = np.where(part < 0, before, np.where(part > 1, after, inside))
        step = np.where(x < self._x[0], -np.inf, np.inf)
        return np.where(self._count > 1, found, step)

    @property
    def _last(self) -> Int[np.ndarray, " lines"]:
        return np.maximum(self._count - 1, 0)

    def _slopes(self) -> Nodes:
        """Slope of the score at every node."""
        here = np.arange(len(self._x))[:, None]
        first = np.clip(here - STENCIL // 2, 0, np.maximum(self._count - STENCIL, 0))
        points = [np.minimum(first + k, self._last) for k in range(STENCIL)]
        there = [
            (first + k < self._count) & (here < self._count) for k in range(STENCIL)
        ]
        xs = [np.take_along_axis(self._x, point, axis=0) for point in points]
        slope = np.zeros(self._x.shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            for j, point in enumerate(points):
                weight = np.ones(self._x.shape)
                for k in range(STENCIL):
                    if k != j:
                        step = np.where(points[k] == here, 1.0, self._x - xs[k])
                        factor = step / (xs[j] - xs[k])
                        weight *= np.where(there[k], factor, 1.0)
                rise = np.take_along_axis(self._y, point, axis=0) - self._y
                slope += np.where(there[j] & (point != here), weight * rise, 0.0)
            secant = np.diff(self._y, axis=0) / np.diff(self._x, axis=0)
        known = here[:-1] < self._last
        secant = np.where(known, secant, np.inf)
        edge = np.full((1, secant.shape[1]), np.inf)
        steepest = np.minimum(
            np.concatenate([edge, secant]), np.concatenate([secant, edge])
        )
        return np.clip(np.where(here < self._count, slope, 0.0), 0.0, 3.0 * steepest)

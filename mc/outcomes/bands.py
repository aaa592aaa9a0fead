"""Quantiles over draws from counts: a pilot brackets them, one pass counts.

Counts merge by addition, so a quantile does not depend on the order, the number of
devices or the size of blocks. Between its edges a quantile is interpolated by a
monotone cubic in the normal score of the rank; where a bracket is an atom, the
quantile is the atom.
"""

import numpy as np

from priors import special
from priors.shapes import Bool, Float, Int

PILOT_DRAWS = 2**14
EDGES_PER_LEVEL = 4
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
SPREAD = np.array([-6.0, -2.0, 2.0, 6.0])
"""Standard errors of the pilot's rank at which the edges of a level are set."""

Cells = Float[np.ndarray, "cells levels"]
Edges = Float[np.ndarray, "cells levels edges"]
Counts = Int[np.ndarray, "cells levels edges"]


def rank(prob: Float[np.ndarray, "*shape"], num_draws: int) -> np.ndarray:
    """The order statistic that is the quantile, ⌈np⌉, from 1 (inverted CDF)."""
    exact = np.asarray(prob) * num_draws
    target = np.ceil(exact - 1e-9 * num_draws**0.5)
    return np.asarray(np.clip(target, 1, num_draws), np.int64)


def sorted_quantiles(
    ordered: Float[np.ndarray, "cells draws"], levels: tuple[float, ...]
) -> Cells:
    """Order statistics of rows that are sorted along draws."""
    return ordered[:, rank(np.array(levels), ordered.shape[1]) - 1]


def bracket_edges(
    ordered: Float[np.ndarray, "cells draws"],
    levels: tuple[float, ...],
    *,
    widening: float = 1.0,
) -> Edges:
    """Edges that bracket each quantile, from a sorted pilot.

    Equal edges are pulled apart by one float, so that an atom lies between two of
    them; the dtype is that of ``ordered``, on which the counts are made.

    Args:
        ordered: The pilot, sorted along draws.
        levels: Probabilities.
        widening: Multiple of the usual ±6 standard errors of rank.

    Returns:
        Four increasing edges for each cell and level.
    """
    num_pilot = ordered.shape[1]
    prob = np.array(levels)[:, None]
    spread = widening * SPREAD * np.sqrt(prob * (1 - prob) / num_pilot)
    index = rank(np.clip(prob + spread, 0, 1), num_pilot) - 1
    edges = _flushed(ordered[:, index])
    _bound_infinities(ordered, edges)
    for i in range(1, EDGES_PER_LEVEL):
        tied = edges[..., i] <= edges[..., i - 1]
        edges[..., i] = np.where(tied, _next_up(edges[..., i - 1]), edges[..., i])
    return edges


def counted_quantiles(
    edges: Edges, counts: Counts, num_draws: int, levels: tuple[float, ...]
) -> tuple[Cells, Bool[np.ndarray, "cells levels"], Cells]:
    """Quantiles from counts below edges.

    Args:
        edges: From ``bracket_edges``.
        counts: Draws strictly below each edge.
        num_draws: All draws.
        levels: Probabilities.

    Returns:
        Quantiles; which cells the bracket missed, to be counted again with wider
        edges; and the share of draws in the bin that holds each quantile.
    """
    target = rank(np.array(levels), num_draws)[None, :, None]
    ends_at_infinity = np.isposinf(edges[..., -1:]) & (counts[..., -1:] < target)
    upper = np.sum(counts < target, axis=-1)
    missed = (upper == 0) | ((upper == EDGES_PER_LEVEL) & ~ends_at_infinity[..., 0])
    j = np.clip(upper, 1, EDGES_PER_LEVEL - 1)
    low, high = _pick(edges, j - 1), _pick(edges, j)
    mass = (_pick(counts, j) - _pick(counts, j - 1)) / num_draws
    atom = high <= _next_up(low)
    smooth = _interpolate(edges, counts, num_draws, j, special.ndtri(np.array(levels)))
    value = np.where(atom, low, smooth)
    value = np.where(ends_at_infinity[..., 0], np.inf, value)
    return value.astype(np.float64), missed, mass


class Bracketed:
    """Quantiles of one series in the making: edges, then counts, then numbers.

    Args:
        ordered: The pilot, sorted along draws.
        levels: Probabilities.

    Attributes:
        edges: Edges to count below.
        quantiles: What is known so far.
        open: Cells that no bracket has held yet.
        bin_mass: Largest share of draws in a bin that holds a quantile.
    """

    WIDER = 4.0
    MOST_ROUNDS = 6

    def __init__(
        self, ordered: Float[np.ndarray, "cells draws"], levels: tuple[float, ...]
    ) -> None:
        self._levels = levels
        # Edges of every round are few; the pilot they come from is not.
        self._wider = [
            bracket_edges(ordered, levels, widening=self.WIDER**rounds)
            for rounds in range(self.MOST_ROUNDS + 1)
        ]
        self.edges = self._wider.pop(0)
        self.quantiles = np.full(self.edges.shape[:2], np.nan)
        self.open = np.ones(self.edges.shape[:2], bool)
        self.bin_mass = 0.0

    def settle(self, counts: Counts, num_draws: int) -> None:
        """Take the quantiles that the counts bracket; widen what they missed."""
        values, missed, mass = counted_quantiles(
            self.edges, counts, num_draws, self._levels
        )
        self.quantiles = np.where(self.open, values, self.quantiles)
        self.bin_mass = max(
            self.bin_mass, float(np.max(mass, where=self.open, initial=0))
        )
        self.open = self.open & missed
        if not self.open.any():
            return
        if not self._wider:
            raise RuntimeError(
                f"no bracket holds {int(self.open.sum())} quantiles: the pilot's draws "
                "and the run's differ in law"
            )
        self.edges = self._wider.pop(0)


def _interpolate(
    edges: Edges,
    counts: Counts,
    num_draws: int,
    j: Int[np.ndarray, "cells levels"],
    target: Float[np.ndarray, " levels"],
) -> Cells:
    """Fritsch–Carlson cubic through (normal score of the count, edge).

    In a bin with an infinite edge the quantile is its finite edge.
    """
    share = np.clip(counts, 0.5, num_draws - 0.5) / num_draws
    z = special.ndtri(share)
    y = edges.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        step = np.maximum(np.diff(z, axis=-1), 1e-300)
        secant = np.diff(y, axis=-1) / step
        slopes = _monotone_slopes(step, secant)
        h = _pick(step, j - 1)
        w = np.clip((target[None, :] - _pick(z, j - 1)) / h, 0.0, 1.0)
        low, high = _pick(y, j - 1), _pick(y, j)
        a, b = h * _pick(slopes, j - 1), h * _pick(slopes, j)
        rise = high - low
        cubic = low + w * (a + w * ((3 * rise - 2 * a - b) + w * (a + b - 2 * rise)))
        linear = low + w * rise
    value = np.where(np.isfinite(cubic), cubic, linear)
    edge = np.where(np.isfinite(low), low, high)
    return np.clip(np.where(np.isfinite(value), value, edge), low, high)


def _monotone_slopes(step: np.ndarray, secant: np.ndarray) -> np.ndarray:
    """Slopes at the edges: weighted harmonic means inside, one-sided at the ends."""
    left, right = secant[..., :-1], secant[..., 1:]
    h_left, h_right = step[..., :-1], step[..., 1:]
    w_left, w_right = 2 * h_right + h_left, h_right + 2 * h_left
    flat = (left <= 0) | (right <= 0)
    harmonic = (w_left + w_right) / (
        w_left / np.where(flat, 1, left) + w_right / np.where(flat, 1, right)
    )
    inner = np.where(flat, 0.0, harmonic)
    return np.concatenate([secant[..., :1], inner, secant[..., -1:]], axis=-1)


def _bound_infinities(ordered: Float[np.ndarray, "cells draws"], edges: Edges) -> None:
    """Beside an infinite edge, stand an edge at the pilot's last finite value."""
    if np.all(np.isfinite(edges)):
        return
    cells = np.arange(len(ordered))
    last = np.sum(ordered < np.inf, axis=1) - 1
    first = np.sum(np.isneginf(ordered), axis=1)
    highest = ordered[cells, np.maximum(last, 0)][:, None]
    lowest = ordered[cells, np.minimum(first, ordered.shape[1] - 1)][:, None]
    for i in range(EDGES_PER_LEVEL):
        before = edges[..., i - 1] if i else np.full_like(edges[..., 0], -np.inf)
        fits = np.isposinf(edges[..., i]) & (before < highest)
        edges[..., i] = np.where(fits, highest, edges[..., i])
    for i in reversed(range(EDGES_PER_LEVEL)):
        top = i == EDGES_PER_LEVEL - 1
        after = np.full_like(edges[..., 0], np.inf) if top else edges[..., i + 1]
        fits = np.isneginf(edges[..., i]) & (after > lowest) & np.isfinite(lowest)
        edges[..., i] = np.where(fits, lowest, edges[..., i])


def _flushed(values: np.ndarray) -> np.ndarray:
    """Subnormal numbers as zero: devices do not tell them apart."""
    tiny = np.finfo(values.dtype).tiny
    return np.where(np.abs(values) < tiny, np.zeros_like(values), values)


def _next_up(values: np.ndarray) -> np.ndarray:
    """The next larger number that a device tells apart."""
    dtype = values.dtype
    above = np.nextafter(values, np.array(np.inf, dtype))
    small = np.abs(above) < np.finfo(dtype).tiny
    step = np.where(values < 0, np.zeros_like(values), np.finfo(dtype).tiny)
    return np.where(small, step, above).astype(dtype)


def _pick(rows: np.ndarray, index: Int[np.ndarray, "cells levels"]) -> np.ndarray:
    return np.take_along_axis(rows, index[..., None], axis=-1)[..., 0]

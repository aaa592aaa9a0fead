"""How measured releases scatter about the trend of a draw, and how likely they are.

A release lies on the trend of the best models, plus a drift of that trend that the
card does not know, less how far this release falls short of the best, plus an error of
measurement that models of one task suite share in part:

    ln h_i = trend(t_i) + drift(t_i) - shortfall_i + error_i,

and index scores alike, in points. The drift is a stationary Ornstein–Uhlenbeck process,
an AR(1) in continuous time; a shortfall is half-normal, of which mean and variance are
taken. All is then normal, and unknown scales are summed over, so that a draw's
likelihood is a number.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import ndtr

from mc.analysis.conditioning.likelihood import ByNode, marginal, midpoints
from mc.analysis.conditioning.orthants import log_above
from mc.analysis.conditioning.releases import Releases

__all__ = ["MEAN", "SD", "ByNode", "Factored", "Scatter", "Trends", "marginal"]

MEAN, SD = math.sqrt(2.0 / math.pi), math.sqrt(1.0 - 2.0 / math.pi)
"""Of a half-normal of scale 1."""
_AT_ONCE = 4096
"""Draws of one product of matrices: few enough for a core's cache."""
_SMALLEST = 1e-14
"""Share of the largest square below which a way of differing is rounding."""
_LEAST = 1e-300
Trends = Float[np.ndarray, "models draws"]


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """What is assumed of the scatter; sizes are on the scale of the trend.

    Attributes:
        drift: Scale of the half-normal prior of the drift's sd.
        drift_years: Time after which the drift has forgotten a share 1 - 1/e.
        shortfall: Scale of the half-normal prior of a shortfall's scale.
        shared: Part of a stated error variance that models of one suite share.
        shift: Sd of an error that all share.
        error: Scale of the half-normal prior of the sd of errors that are not stated.
        nodes: How many values of the drift's and the shortfalls' scale are summed
            over, at equal weights.
        error_nodes: How many of the errors' sd.
    """

    drift: float = 0.35
    drift_years: float = 1.0
    shortfall: float = 0.5
    shared: float = 0.5
    shift: float = 0.0
    error: float = 0.0
    nodes: tuple[int, int] = (8, 6)
    error_nodes: int = 1

    @cached_property
    def drifts(self) -> Float[np.ndarray, " nodes"]:
        """The drift's sd at every node."""
        return self.drift * self._grid[0]

    @cached_property
    def shortfalls(self) -> Float[np.ndarray, " nodes"]:
        """The scale of shortfalls at every node."""
        return self.shortfall * self._grid[1]

    @cached_property
    def errors(self) -> Float[np.ndarray, " nodes"]:
        """The sd of errors that are not stated, at every node."""
        return self.error * self._grid[2]

    @cached_property
    def _grid(self) -> Float[np.ndarray, "3 nodes"]:
        numbers = (*self.nodes, self.error_nodes)
        axes = np.meshgrid(*map(midpoints, numbers), indexing="ij")
        return np.stack([axis.ravel() for axis in axes])

    def log_likelihood(self, data: Releases, trends: Trends) -> ByNode:
        """Log density of the data, for every node and every draw.

        Args:
            data: What was measured.
            trends: What each draw says of the best model on each date.
        """
        rest = data.values[:, None] - trends
        return _factored(data, self).log_densities(rest)

    def covariance(
        self, data: Releases, node: int
    ) -> Float[np.ndarray, "models models"]:
        """Covariance of the data about a trend."""
        apart = np.abs(data.years[:, None] - data.years[None, :])
        drift = self.drifts[node] ** 2 * np.exp(-apart / self.drift_years)
        suites = np.array(data.suites)
        together = suites[:, None] == suites[None, :]
        error = self.shared * together * np.outer(data.sd, data.sd)
        own = (1.0 - self.shared) * data.sd**2 + (SD * self.shortfalls[node]) ** 2
        own = own + data.is_unstated * self.errors[node] ** 2
        return drift + error + self.shift**2 + np.diag(own)

    def ranks(
        self, data: Releases, trends: Trends, weights: ByNode
    ) -> Float[np.ndarray, " models"]:
        """Probability below each of the data beforehand: uniform if all is well.

        Args:
            data: What was measured; of one above the limit, the limit is meant.
            trends: As in ``log_likelihood``.
            weights: Of every node and draw; they sum to one.
        """
        total = np.zeros(len(data.models))
        for node in range(self.drifts.size):
            sd = np.sqrt(np.diag(self.covariance(data, node)))[:, None]
            rest = (data.values + MEAN * self.shortfalls[node])[:, None] - trends
            total += ndtr(rest / sd) @ weights[node]
        return total


@dataclass(frozen=True, kw_only=True, eq=False)
class Factored:
    """Covariances of data, of which some are only known to be above a limit.

    Attributes:
        known: Which are known.
        short: What each of the data is expected to fall short by, at each node.
        whiten: What makes the known independent, each of variance one.
        link: Covariance of the known, so made, with the others.
        left: Covariance of the others, given the known.
    """

    known: Bool[np.ndarray, " models"]
    short: Float[np.ndarray, " nodes"]
    whiten: Float[np.ndarray, "nodes known known"]
    link: Float[np.ndarray, "nodes known above"]
    left: Float[np.ndarray, "nodes above above"]

    def log_densities(self, rest: Float[np.ndarray, "models draws"]) -> ByNode:
        """Of what lies so far above the trend, at each node.

        Trends differ from draw to draw in few ways: a level, a slope, a kink. Distances
        are written in as many coordinates, in which a node is a small matrix.
        """
        ways, places = _few_ways(rest)
        ways = np.concatenate([ways, np.ones((len(ways), 1))], axis=1)
        starts = range(0, places.shape[1], _AT_ONCE)
        lifted = [self._lifted(ways, node) for node in range(self.short.size)]
        parts = [
            np.stack(
                [self._log_density(places[:, s : s + _AT_ONCE], *n) for n in lifted]
            )
            for s in starts
        ]
        return np.concatenate(parts, axis=1)

    def _lifted(
        self, ways: Float[np.ndarray, "models ways"], node: int
    ) -> tuple[np.ndarray, np.ndarray, int]:
        """Scores of the known, and limits of the others, of each way; the node."""
        shift = np.ones(ways.shape[1])
        shift[-1] = self.short[node]
        lifted = ways * shift
        scores = self.whiten[node] @ lifted[self.known]
        limits = lifted[~self.known] - self.link[node].T @ scores
        return np.asarray(np.linalg.qr(scores, mode="r")), limits, node

    def _log_density(
        self,
        places: Float[np.ndarray, "ways draws"],
        scores: Float[np.ndarray, "rows allways"],
        limits: Float[np.ndarray, "above allways"],
        node: int,
    ) -> Float[np.ndarray, " draws"]:
        """At one node, of draws by their coordinates."""
        found = -0.5 * np.square(scores[:, :-1] @ places + scores[:, -1:]).sum(axis=0)
        heights = np.diagonal(self.whiten[node])
        found += np.log(heights).sum() - 0.5 * heights.size * math.log(2.0 * math.pi)
        if limits.size:
            least = limits[:, :-1] @ places + limits[:, -1:]
            found += log_above(least, self.left[node])
        return found

    @classmethod
    def of(
        cls,
        spread: Float[np.ndarray, "nodes models models"],
        short: Float[np.ndarray, " nodes"],
        known: Bool[np.ndarray, " models"],
    ) -> "Factored":
        """Covariances and mean shortfalls of all nodes, factored once."""
        seen, above = spread[:, known][:, :, known], spread[:, ~known][:, :, ~known]
        whiten = np.linalg.inv(np.linalg.cholesky(seen))
        link = whiten @ spread[:, known][:, :, ~known]
        return cls(
            known=known,
            short=short,
            whiten=np.tril(whiten),
            link=link,
            left=above - link.swapaxes(1, 2) @ link,
        )


def _few_ways(
    rest: Float[np.ndarray, "models draws"],
) -> tuple[Float[np.ndarray, "models ways"], Float[np.ndarray, "ways draws"]]:
    """Orthonormal ways in which draws differ, and where each draw lies in them."""
    finite = rest[:, np.isfinite(rest).all(axis=0)]
    unit = finite / np.maximum(np.linalg.norm(finite, axis=0), _LEAST)
    values, vectors = np.linalg.eigh(unit @ unit.T)
    kept = values > _SMALLEST * values[-1]
    kept[-1] = True
    ways = vectors[:, kept]
    return ways, ways.T @ rest


@lru_cache(maxsize=8)
def _factored(data: Releases, scatter: Scatter) -> Factored:
    """The covariances of all nodes."""
    nodes = range(scatter.drifts.size)
    spread = np.stack([scatter.covariance(data, node) for node in nodes])
    return Factored.of(spread, MEAN * scatter.shortfalls, ~data.is_above)

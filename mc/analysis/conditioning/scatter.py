"""How measured horizons scatter about the trend of a draw, and how likely they are.

A release lies on the trend of the best models, plus a drift of that trend that the
card does not know, less how far this release falls short of the best, plus an error of
measurement that models of one task suite share in part:

    ln h_i = trend(t_i) + drift(t_i) - shortfall_i + error_i.

The drift is a stationary Ornstein–Uhlenbeck process, an AR(1) in continuous time; a
shortfall is half-normal, of which mean and variance are taken. All is then normal, and
both unknown scales are summed over, so that a draw's likelihood is a number.
"""

import math
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import logsumexp, ndtr
from scipy.stats import halfnorm

from mc.analysis.conditioning.horizons import Horizons
from mc.analysis.conditioning.orthants import log_above

MEAN, SD = math.sqrt(2.0 / math.pi), math.sqrt(1.0 - 2.0 / math.pi)
"""Of a half-normal of scale 1."""
_AT_ONCE = 1024
"""Draws of one product of matrices: few enough for a core's cache."""
Trends = Float[np.ndarray, "models draws"]
ByNode = Float[np.ndarray, "nodes draws"]


@dataclass(frozen=True, kw_only=True)
class Scatter:
    """What is assumed of the scatter; sizes are of ln minutes.

    Attributes:
        drift: Scale of the half-normal prior of the drift's sd.
        drift_years: Time after which the drift has forgotten a share 1 - 1/e.
        shortfall: Scale of the half-normal prior of a shortfall's scale.
        shared: Part of the error variance that models of one suite share.
        nodes: How many values of either scale are summed over, at equal weights.
    """

    drift: float = 0.35
    drift_years: float = 1.0
    shortfall: float = 0.5
    shared: float = 0.5
    nodes: tuple[int, int] = (8, 6)

    @cached_property
    def drifts(self) -> Float[np.ndarray, " nodes"]:
        """The drift's sd at every pair of scales."""
        return np.repeat(self.drift * _midpoints(self.nodes[0]), self.nodes[1])

    @cached_property
    def shortfalls(self) -> Float[np.ndarray, " nodes"]:
        """The scale of shortfalls at every pair."""
        return np.tile(self.shortfall * _midpoints(self.nodes[1]), self.nodes[0])

    def log_likelihood(self, data: Horizons, trends: Trends) -> ByNode:
        """Log density of the horizons, for every pair of scales and every draw.

        Args:
            data: What was measured.
            trends: ln minutes of each draw's best model on each date.
        """
        rest = data.log_minutes[:, None] - trends
        factored = _factored(data, self)
        starts = range(0, trends.shape[1], _AT_ONCE)
        parts = [factored.log_density(rest[:, s : s + _AT_ONCE]) for s in starts]
        return np.concatenate(parts, axis=1)

    def covariance(
        self, data: Horizons, node: int
    ) -> Float[np.ndarray, "models models"]:
        """Covariance of the horizons about a trend."""
        apart = np.abs(data.years[:, None] - data.years[None, :])
        drift = self.drifts[node] ** 2 * np.exp(-apart / self.drift_years)
        suites = np.array(data.suites)
        together = suites[:, None] == suites[None, :]
        error = self.shared * together * np.outer(data.sd, data.sd)
        own = (1.0 - self.shared) * data.sd**2 + (SD * self.shortfalls[node]) ** 2
        return drift + error + np.diag(own)

    def ranks(
        self, data: Horizons, trends: Trends, weights: ByNode
    ) -> Float[np.ndarray, " models"]:
        """Probability below each horizon before it is measured: uniform if all is well.

        Args:
            data: What was measured; of a horizon above the limit, the limit is meant.
            trends: As in ``log_likelihood``.
            weights: Of every pair of scales and draw; they sum to one.
        """
        total = np.zeros(len(data.models))
        for node in range(self.drifts.size):
            sd = np.sqrt(np.diag(self.covariance(data, node)))[:, None]
            rest = (data.log_minutes + MEAN * self.shortfalls[node])[:, None] - trends
            total += ndtr(rest / sd) @ weights[node]
        return total


@dataclass(frozen=True, kw_only=True, eq=False)
class _Factored:
    """Covariances of horizons, of which some are only known to be above a limit.

    Attributes:
        known: Which are known.
        short: What a release is expected to fall short by, at each node.
        whiten: What makes the known independent, each of variance one.
        link: Covariance of the known, so made, with the others.
        left: Covariance of the others, given the known.
    """

    known: Bool[np.ndarray, " models"]
    short: Float[np.ndarray, " nodes"]
    whiten: Float[np.ndarray, "nodes known known"]
    link: Float[np.ndarray, "nodes known above"]
    left: Float[np.ndarray, "nodes above above"]

    def log_density(self, rest: Float[np.ndarray, "models draws"]) -> ByNode:
        """Of what lies so far above the trend, at each node."""
        lifts = self.whiten.sum(axis=2) * self.short[:, None]
        scores = self.whiten @ rest[self.known] + lifts[:, :, None]
        found = -0.5 * np.square(scores).sum(axis=1)
        heights = np.diagonal(self.whiten, axis1=1, axis2=2)
        found += np.log(heights).sum(axis=1, keepdims=True)
        found -= 0.5 * heights.shape[1] * math.log(2.0 * math.pi)
        if self.left.size:
            limits = rest[~self.known] + self.short[:, None, None]
            limits = limits - self.link.swapaxes(1, 2) @ scores
            pairs = zip(limits, self.left, strict=True)
            found += np.stack([log_above(*pair) for pair in pairs])
        return found


@lru_cache(maxsize=8)
def _factored(data: Horizons, scatter: Scatter) -> _Factored:
    """The covariances of all nodes, factored once."""
    known = ~data.is_above
    spread = np.stack(
        [scatter.covariance(data, node) for node in range(scatter.drifts.size)]
    )
    seen, above = spread[:, known][:, :, known], spread[:, ~known][:, :, ~known]
    whiten = np.linalg.inv(np.linalg.cholesky(seen))
    link = whiten @ spread[:, known][:, :, ~known]
    return _Factored(
        known=known,
        short=MEAN * scatter.shortfalls,
        whiten=np.tril(whiten),
        link=link,
        left=above - link.swapaxes(1, 2) @ link,
    )


def marginal(by_node: ByNode) -> Float[np.ndarray, " draws"]:
    """Log likelihood of each draw, both scales summed over."""
    return np.asarray(logsumexp(by_node, axis=0)) - math.log(by_node.shape[0])


def _midpoints(number: int) -> Float[np.ndarray, " nodes"]:
    """Quantiles of a half-normal at the middles of so many equal parts."""
    return np.asarray(halfnorm.ppf((np.arange(number) + 0.5) / number))

"""A card conditioned on measured horizons: one weight a draw, and what it teaches."""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from mc.analysis.conditioning.horizons import Horizons
from mc.analysis.conditioning.scatter import ByNode, Scatter, marginal
from mc.analysis.weights import Weights, smoothed

LEVELS = (0.05, 0.5, 0.95)
Trends = Float[np.ndarray, "models replicates points"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Posterior:
    """Draws of a prior with the weights that data give them.

    Attributes:
        data: What was measured.
        scatter: What was assumed of its scatter.
        weights: One a draw, by replicate and point.
        prior_ranks: Probability below each horizon under the prior.
        ranks: The same under the posterior, which has seen it.
        drift: 5, 50 and 95 % quantiles of the drift's sd, ln minutes.
        shortfall: The same of the scale of shortfalls.
    """

    data: Horizons
    scatter: Scatter
    weights: Weights
    prior_ranks: Float[np.ndarray, " models"]
    ranks: Float[np.ndarray, " models"]
    drift: Float[np.ndarray, " levels"]
    shortfall: Float[np.ndarray, " levels"]

    @property
    def num_inside(self) -> tuple[int, int]:
        """Measured horizons inside the central 90 %, before and after."""
        ends = LEVELS[0], LEVELS[-1]
        before, after = (
            int(((ends[0] <= r) & (r <= ends[1]))[~self.data.is_above].sum())
            for r in (self.prior_ranks, self.ranks)
        )
        return before, after


def condition(data: Horizons, trends: Trends, scatter: Scatter) -> Posterior:
    """Weigh draws by how likely they make the measured horizons.

    Args:
        data: What was measured.
        trends: ln minutes of each draw's best model on the days of ``data``.
        scatter: What is assumed of the scatter about them.
    """
    flat = trends.reshape(len(data.models), -1)
    by_node = scatter.log_likelihood(data, flat)
    weights = smoothed(marginal(by_node).reshape(trends.shape[1:]))
    even = np.full_like(by_node, 1.0 / by_node.size)
    return Posterior(
        data=data,
        scatter=scatter,
        weights=weights,
        prior_ranks=scatter.ranks(data, flat, even),
        **_learnt(data, scatter, flat, by_node, weights),
    )


def among(posterior: Posterior, trends: Trends, weights: Weights) -> Posterior:
    """The same data and scatter, where other draws stand for the posterior.

    Args:
        posterior: What was found of draws of the prior.
        trends: As in ``condition``, of other draws.
        weights: What each of them counts.
    """
    data, scatter = posterior.data, posterior.scatter
    flat = trends.reshape(len(data.models), -1)
    by_node = scatter.log_likelihood(data, flat)
    learnt = _learnt(data, scatter, flat, by_node, weights)
    return replace(posterior, weights=weights, **learnt)


def _learnt(
    data: Horizons,
    scatter: Scatter,
    trends: Float[np.ndarray, "models draws"],
    by_node: ByNode,
    weights: Weights,
) -> dict[str, np.ndarray]:
    """What a posterior says of the next horizons and of both scales."""
    normed = weights.values.ravel() / weights.values.sum()
    nodes = np.exp(by_node - marginal(by_node)) * normed / len(by_node)
    shares = nodes.sum(axis=1)
    return {
        "ranks": scatter.ranks(data, trends, nodes),
        "drift": _quantiles(scatter.drifts, shares),
        "shortfall": _quantiles(scatter.shortfalls, shares),
    }


def _quantiles(
    values: Float[np.ndarray, " nodes"], shares: Float[np.ndarray, " nodes"]
) -> Float[np.ndarray, " levels"]:
    """Quantiles of a few values with their probabilities, each spread to its middle."""
    steps = np.unique(values)
    mass = np.array([shares[values == step].sum() for step in steps])
    upto = np.cumsum(mass) - 0.5 * mass
    return np.interp(LEVELS, upto / mass.sum(), steps)

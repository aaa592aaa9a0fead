"""A card conditioned on data: one weight a draw, and what each kind of data teaches."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int

from mc.analysis.conditioning.likelihood import (
    ByNode,
    Likelihood,
    Says,
    marginal,
    num_rows,
)
from mc.analysis.weights import Weights, smoothed

LEVELS = (0.05, 0.5, 0.95)
_RANKED = 2**13
"""Draws of the prior that say where data are expected."""
_LEFT = 1e-4
"""Share of the weight that is left out where each draw costs."""
SaysOfDraws = Float[np.ndarray, "rows replicates points"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Taught:
    """What one likelihood was told, and what it found.

    Attributes:
        likelihood: Of the data.
        prior_ranks: Probability below each of the data under the prior.
        ranks: The same under the posterior, which has seen them.
        scales: 5, 50 and 95 % quantiles of each of its scales.
    """

    likelihood: Likelihood
    prior_ranks: Float[np.ndarray, " data"]
    ranks: Float[np.ndarray, " data"]
    scales: dict[str, Float[np.ndarray, " levels"]]

    @property
    def num_inside(self) -> tuple[int, int]:
        """Known data inside the central 90 %, before and after."""
        ends = LEVELS[0], LEVELS[-1]
        before, after = (
            int(((ends[0] <= r) & (r <= ends[1]))[self.likelihood.is_known].sum())
            for r in (self.prior_ranks, self.ranks)
        )
        return before, after


@dataclass(frozen=True, kw_only=True, eq=False)
class Posterior:
    """Draws of a prior with the weights that data give them.

    Attributes:
        weights: One a draw, by replicate and point.
        parts: What each kind of data was told and found.
    """

    weights: Weights
    parts: tuple[Taught, ...]

    @property
    def likelihoods(self) -> tuple[Likelihood, ...]:
        """Of each kind of data."""
        return tuple(part.likelihood for part in self.parts)


def condition(likelihoods: Sequence[Likelihood], says: SaysOfDraws) -> Posterior:
    """Weigh draws by how likely they make data.

    Args:
        likelihoods: Of each kind of data; their logarithms add up.
        says: What each draw says, in the order of all that they want.
    """
    flat = says.reshape(len(says), -1)
    by_node = _by_node(likelihoods, flat)
    total = sum(map(marginal, by_node), np.zeros(flat.shape[1]))
    weights = smoothed(total.reshape(says.shape[1:]))
    parts = []
    for one, own, nodes in zip(
        likelihoods, split(likelihoods, flat), by_node, strict=True
    ):
        some = own[:, :: max(own.shape[1] // _RANKED, 1)]
        even = np.full((len(nodes), some.shape[1]), 1.0 / len(nodes) / some.shape[1])
        parts.append(_taught(one, own, nodes, weights, one.ranks(some, even)))
    return Posterior(weights=weights, parts=tuple(parts))


def among(posterior: Posterior, says: SaysOfDraws, weights: Weights) -> Posterior:
    """The same data and assumptions, where other draws stand for the posterior.

    Args:
        posterior: What was found of draws of the prior.
        says: As in ``condition``, of other draws.
        weights: What each of them counts.
    """
    flat = says.reshape(len(says), -1)
    owns = split(posterior.likelihoods, flat)
    by_node = _by_node(posterior.likelihoods, flat)
    parts = tuple(
        _taught(part.likelihood, own, nodes, weights, part.prior_ranks)
        for part, own, nodes in zip(posterior.parts, owns, by_node, strict=True)
    )
    return replace(posterior, weights=weights, parts=parts)


def log_likelihood(
    likelihoods: Sequence[Likelihood], says: Says
) -> Float[np.ndarray, " draws"]:
    """Of all data together, every scale summed over."""
    parts = map(marginal, _by_node(likelihoods, says))
    return sum(parts, np.zeros(says.shape[1]))


def split(likelihoods: Sequence[Likelihood], says: Says) -> list[np.ndarray]:
    """What each of them wants of what draws say."""
    ends = np.cumsum([num_rows(one.wants) for one in likelihoods])
    return np.split(says, ends[:-1])


def _by_node(likelihoods: Sequence[Likelihood], says: Says) -> list[np.ndarray]:
    owns = split(likelihoods, says)
    return [one.log_likelihood(own) for one, own in zip(likelihoods, owns, strict=True)]


def _taught(
    likelihood: Likelihood,
    says: Says,
    by_node: ByNode,
    weights: Weights,
    prior_ranks: Float[np.ndarray, " data"],
) -> Taught:
    """What a posterior says of the next data and of the scales."""
    normed = weights.values.ravel() / weights.values.sum()
    counted = _heaviest(normed)
    some = by_node[:, counted]
    nodes = np.exp(some - marginal(some)) * normed[counted] / len(some)
    nodes /= nodes.sum()
    shares = nodes.sum(axis=1)
    return Taught(
        likelihood=likelihood,
        prior_ranks=prior_ranks,
        ranks=likelihood.ranks(says[:, counted], nodes),
        scales={n: _quantiles(v, shares) for n, v in likelihood.scales.items()},
    )


def _heaviest(shares: Float[np.ndarray, " draws"]) -> Int[np.ndarray, " counted"]:
    """Draws that hold all but ``_LEFT`` of the weight."""
    order = np.argsort(-shares, kind="stable")
    return np.sort(order[: np.searchsorted(np.cumsum(shares[order]), 1 - _LEFT) + 1])


def _quantiles(
    values: Float[np.ndarray, " nodes"], shares: Float[np.ndarray, " nodes"]
) -> Float[np.ndarray, " levels"]:
    """Quantiles of a few values with their probabilities, each spread to its middle."""
    steps = np.unique(values)
    mass = np.array([shares[values == step].sum() for step in steps])
    upto = np.cumsum(mass) - 0.5 * mass
    return np.interp(LEVELS, upto / mass.sum(), steps)

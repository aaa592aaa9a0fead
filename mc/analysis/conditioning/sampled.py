"""A card before and after data where chains, not weights, stand for the posterior."""

import dataclasses
import datetime
from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from mc.analysis.conditioning.asked_again import asked_again, card_of, loaded
from mc.analysis.conditioning.card import bound_names
from mc.analysis.conditioning.chains import LENGTH, WARM_UP, Chains, sample
from mc.analysis.conditioning.conditioned import Conditioned, following, widened
from mc.analysis.conditioning.density import LogDensity
from mc.analysis.conditioning.horizons import Horizons
from mc.analysis.conditioning.posterior import Trends, among
from mc.analysis.conditioning.scatter import Scatter, marginal
from mc.analysis.conditioning.trends import FRONTIER, METRIC
from mc.analysis.headline import as_run
from mc.analysis.stored import stored
from mc.analysis.weights import Weights
from mc.engine.plan import Plan
from mc.engine.replay import Replay
from mc.engine.run import execute

NAME = "posterior"
"""Of the card that the question is asked under again."""


def log_density(plan: Plan, data: Horizons, scatter: Scatter) -> LogDensity:
    """The log density that data give the scores of a plan's parameters.

    Args:
        plan: What is asked.
        data: Horizons from the reference date of the plan's card on.
        scatter: What is assumed of their scatter.

    Raises:
        Refusal: If a parameter that the data may move is a row of a table.
    """
    replay = Replay(widened(following(plan)))
    look = replay.look(METRIC)
    years = replay.evaluator.frame.place.put(data.years)
    return LogDensity.of(
        replay.sampler,
        lambda parameters: look.series(parameters, years)[FRONTIER],
        lambda said: marginal(scatter.log_likelihood(data, said)),
    )


def sampled(
    plan: Plan,
    weighted: Conditioned,
    *,
    ids: Sequence[str],
    known: datetime.date,
    length: int = LENGTH,
    warm_up: int = WARM_UP,
    progress: bool = False,
) -> Conditioned:
    """Sample the posterior that weights could not reach, or that they did.

    Args:
        plan: What is asked.
        weighted: The same plan conditioned by weights.
        ids: The data sets.
        known: When the last of them was published.
        length: Draws of each chain.
        warm_up: Draws before.
        progress: Whether to show a bar.

    Raises:
        Refusal: If NumPyro is not there, if a parameter has no density, or if no draw
            of the prior has a likelihood.
    """
    prior = weighted.posterior
    density = log_density(plan, prior.data, prior.scatter)
    chains = sample(
        density, seed=plan.seed, length=length, warm_up=warm_up, progress=progress
    )
    moved, said = _drawn(density, chains, bound_names(plan.card, density.names))
    even = Weights(
        values=np.ones(chains.labels.shape),
        khat=-np.inf,
        num_effective=float(chains.ess.min()),
    )
    found = dataclasses.replace(
        weighted,
        posterior=among(prior, said, even),
        others=(),
        moved=moved,
        order=said[-1],
        chains=chains,
    )
    card = loaded(card_of(found, NAME, ids, known), NAME)
    after = execute(asked_again(plan, card))
    return dataclasses.replace(found, after=as_run(stored(after, card=card)))


def _drawn(
    density: LogDensity, chains: Chains, names: Sequence[str]
) -> tuple[dict[str, Float[np.ndarray, "chains draws"]], Trends]:
    """Parameters of the chains' draws, canonical, and what they say of the data."""
    shape = chains.labels.shape
    scores = jnp.asarray(chains.scores.reshape(-1, chains.scores.shape[-1]))
    labels = jnp.asarray(chains.labels.ravel())
    found = density.parameters(scores, labels)
    columns = {
        name: np.asarray(found[name], np.float64).reshape(shape) for name in names
    }
    said = density.said(scores, labels)
    return columns, said.reshape(len(said), *shape)

"""A card before and after data where chains, not weights, stand for the posterior."""

import dataclasses
import datetime
from collections.abc import Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from mc.analysis.conditioning.asked_again import asked_again, card_of, loaded
from mc.analysis.conditioning.chains import LENGTH, WARM_UP, Chains, sample
from mc.analysis.conditioning.conditioned import (
    Conditioned,
    following,
    order_of,
    spoken_of,
    wants_of,
)
from mc.analysis.conditioning.density import LogDensity
from mc.analysis.conditioning.likelihood import Likelihood
from mc.analysis.conditioning.outlook import says_of
from mc.analysis.conditioning.posterior import SaysOfDraws, among, log_likelihood
from mc.analysis.headline import as_run
from mc.analysis.stored import stored
from mc.analysis.weights import Weights
from mc.engine.plan import Plan
from mc.engine.replay import Replay
from mc.engine.run import execute

NAME = "posterior"
"""Of the card that the question is asked under again."""


def log_density(plan: Plan, likelihoods: Sequence[Likelihood]) -> LogDensity:
    """The log density that data give the scores of a plan's parameters.

    Args:
        plan: What is asked.
        likelihoods: Of the data.

    Raises:
        Refusal: If a parameter that the data may move is a row of a table.
    """
    replay = Replay(following(plan, likelihoods))
    return LogDensity.of(
        replay.sampler,
        says_of(replay, wants_of(likelihoods)),
        lambda said: log_likelihood(likelihoods, said),
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
    density = log_density(plan, prior.likelihoods)
    chains = sample(
        density, seed=plan.seed, length=length, warm_up=warm_up, progress=progress
    )
    moved, said = _drawn(density, chains, spoken_of(plan, prior.likelihoods))
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
        order=order_of(prior.likelihoods, said),
        chains=chains,
    )
    card = loaded(card_of(found, NAME, ids, known), NAME)
    after = execute(asked_again(plan, card))
    return dataclasses.replace(found, after=as_run(stored(after, card=card)))


def _drawn(
    density: LogDensity, chains: Chains, names: Sequence[str]
) -> tuple[dict[str, Float[np.ndarray, "chains draws"]], SaysOfDraws]:
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

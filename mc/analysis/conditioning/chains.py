# pyright: reportMissingImports=false
"""Chains of a posterior where no draws of the prior can stand for it.

NumPyro's no-U-turn sampler (Hoffman and Gelman, JMLR 15, 2014) on the log density that
weights are made of; its diagnostics are ArviZ's (Vehtari et al., Bayesian Analysis 16,
2021).
"""

import importlib.util
from dataclasses import dataclass
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float, Int

from mc.analysis.conditioning.density import LogDensity
from priors.faults import Fault, Refusal

CHAINS, WARM_UP, LENGTH = 4, 400, 1024
MOST_RHAT = 1.01
"""Above this, chains tell of where they began (Vehtari et al. 2021)."""
_CANDIDATES = 64
"""Draws of the prior, of which chains begin at the first that have a likelihood."""
_TAILS = {"method": "tail", "prob": (0.05, 0.95)}
Values = Float[np.ndarray, "chains draws"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Chains:
    """Dependent draws of a posterior.

    Attributes:
        scores: Normal scores, in the order of the density's names.
        labels: Combination of labels of each draw, drawn from its probabilities.
        names: What has a diagnosis: the parameters.
        rhat: Rank-normalised split R̂ of each.
        ess: Smaller of the effective sizes of the bulk and of the tails.
        divergences: Draws at which the integration broke down.
    """

    scores: Float[np.ndarray, "chains draws scores"]
    labels: Int[np.ndarray, "chains draws"]
    names: tuple[str, ...]
    rhat: Float[np.ndarray, " scores"]
    ess: Float[np.ndarray, " scores"]
    divergences: int

    @property
    def is_reliable(self) -> bool:
        """Whether the chains have forgotten where they began."""
        return bool(self.rhat.max() <= MOST_RHAT)


def is_installed() -> bool:
    """Whether the package that samples is there."""
    return importlib.util.find_spec("numpyro") is not None


def sample(
    density: LogDensity,
    *,
    seed: int = 0,
    length: int = LENGTH,
    warm_up: int = WARM_UP,
    progress: bool = False,
) -> Chains:
    """Sample a posterior.

    Args:
        density: Its log density.
        seed: Of all that is random.
        length: Draws of each chain.
        warm_up: Draws before, in which steps are fitted.
        progress: Whether to show a bar.

    Raises:
        Refusal: If NumPyro is not there, or no draw of the prior has a likelihood.
    """
    if not is_installed():
        message = "needs NumPyro: pip install 'meekmc[mcmc]'"
        raise Refusal(Fault(message, key="--sampler nuts"))
    from numpyro.infer import MCMC, NUTS

    rng = np.random.default_rng(seed)
    sampler = MCMC(
        NUTS(potential_fn=density.potential, dense_mass=True),
        num_warmup=warm_up,
        num_samples=length,
        num_chains=CHAINS,
        chain_method="vectorized",
        progress_bar=progress,
    )
    # A raw key: NumPyro 0.22 chooses between keys, which JAX's watch takes for reuse.
    key = jax.random.PRNGKey(seed)
    starts = _starts(density, rng)
    # NumPyro mixes types and ranks, which the tests forbid.
    with jax.numpy_dtype_promotion("standard"), jax.numpy_rank_promotion("allow"):
        sampler.run(key, init_params=starts, extra_fields=("diverging",))
    scores = np.asarray(sampler.get_samples(group_by_chain=True))
    return Chains(
        scores=scores,
        labels=_labels(density, scores, rng),
        names=density.names,
        rhat=_each(scores, "rhat"),
        ess=np.minimum(_each(scores, "ess"), _each(scores, "ess", **_TAILS)),
        divergences=int(sampler.get_extra_fields()["diverging"].sum()),
    )


def _starts(density: LogDensity, rng: np.random.Generator) -> jax.Array:
    """Draws of the prior, which is wider than what it becomes."""
    drawn = rng.standard_normal((_CANDIDATES, len(density.names)))
    scores = jnp.asarray(drawn, density.sampler.dtype)
    finite = np.isfinite(np.asarray(jax.vmap(density.potential)(scores)))
    if finite.sum() < CHAINS:
        message = "hardly a draw of the prior has a likelihood: widen it"
        raise Refusal(Fault(message, key="--sampler nuts"))
    return scores[np.flatnonzero(finite)[:CHAINS]]


def _labels(
    density: LogDensity, scores: np.ndarray, rng: np.random.Generator
) -> Int[np.ndarray, "chains draws"]:
    flat = jnp.asarray(scores.reshape(-1, scores.shape[-1]))
    upto = np.cumsum(np.exp(density.labelled(flat)), axis=1)
    points = rng.random((len(flat), 1)) * upto[:, -1:]
    return (upto < points).sum(axis=1).reshape(scores.shape[:2])


def _each(
    scores: np.ndarray, name: str, **options: Any
) -> Float[np.ndarray, " scores"]:
    """A diagnosis of every score."""
    from arviz_stats.base import array as arviz

    found = getattr(arviz.array_stats, name)
    columns = np.moveaxis(scores.astype(np.float64), -1, 0)
    return np.array([float(found(one, **options)) for one in columns])

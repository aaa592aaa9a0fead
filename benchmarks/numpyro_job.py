# pyright: reportMissingImports=false
"""The standard job in NumPyro: ``Predictive`` on the same model, then its quantiles.

Independent draws of the card's laws, every deterministic site kept, as its users do;
of a large number of draws a batch at a time, so that it fits in memory.
"""

import math

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from numpyro.infer import Predictive

from benchmarks.job import LEVELS, NAMES, TASKS, anchor_years, laws, months

BATCH = 2**14
SITES = ("gap", "frontier", "meek")


def model(years: jax.Array) -> None:
    """One draw: frontier, meek and gap of the four metrics at each month."""
    values = {}
    for name, (middle, spread) in laws().items():
        normal = numpyro.sample(name, dist.Normal(middle, spread))
        values[name] = jnp.exp(normal) if name.endswith("growth") else normal
    hardware, algorithms, training = (values[name] for name in NAMES[:3])
    rate = math.log(2) / jnp.exp(values["horizon_doubling_time"])
    elasticity = rate / (training + algorithms)
    log_start = values["horizon_at_anchor"] - rate * anchor_years()
    slope = math.log(4) / values["horizon_ratio_50_80"]
    meek = log_start + elasticity * (hardware + algorithms) * years
    ahead = elasticity * (training - hardware) * years
    rows = [(ahead, meek + ahead, meek)]
    for minutes in TASKS:
        low = slope * (meek - math.log(minutes))
        lead = slope * ahead
        both = (1 + jnp.exp(low)) * (1 + jnp.exp(-low - lead))
        gap = -jnp.expm1(-lead) / both
        rows.append((gap, jax.nn.sigmoid(low + lead), jax.nn.sigmoid(low)))
    for site, series in zip(SITES, zip(*rows, strict=True), strict=True):
        numpyro.deterministic(site, jnp.stack(series))


def run(num_draws: int, seed: int = 0) -> dict[str, np.ndarray]:
    """Quantiles of each site, ``[levels, metrics, months]``, of the first batch; NumPy.

    Every batch is drawn and evaluated; quantiles of all draws would need them all in
    memory, so that the time is a lower bound.
    """
    years = jnp.asarray(months(), jnp.float32)
    size = min(BATCH, num_draws)
    predictive = Predictive(model, num_samples=size, parallel=True)
    keys = jax.random.split(jax.random.key(seed), num_draws // size)
    found: dict[str, np.ndarray] = {}
    for key in keys:
        sites = predictive(key, years)
        rows = {site: np.asarray(sites[site]) for site in SITES}
        found = {s: np.quantile(r, LEVELS, axis=0) for s, r in rows.items()}
    return found

"""What growth for ever implies for the frontier: dollars, FLOP and world product."""

import dataclasses
import math

import jax.numpy as jnp
from jaxtyping import Float

from mc.model.axes import AnyArray, Parameters, Path, Values
from mc.model.pytree import pytree
from mc.model.roots import falling_root

SHARES = (0.01, 0.1, 1.0)
"""Shares of world product whose passing is dated."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Plausibility:
    """The frontier's largest run, one a draw; logarithms are natural.

    Attributes:
        log_spending: Dollars per training run, axes dates and draws.
        log_share: Those dollars over world product, axes dates and draws.
        log_compute: Its physical training compute, FLOP, axes dates and draws.
        passes_years: When spending passes each of ``SHARES``, axes shares and draws;
            minus infinity where it has at the epoch, plus infinity where not by the
            end of the event window.
    """

    log_spending: Float[AnyArray, "dates draws"]
    log_share: Float[AnyArray, "dates draws"]
    log_compute: Float[AnyArray, "dates draws"]
    passes_years: Float[AnyArray, "shares draws"]


def plausibility(
    path: Path, parameters: Parameters, years: Values, until_years: Values
) -> Plausibility:
    """The ledger of a path at ``years``, ``[dates, 1]``.

    Args:
        path: The compute path.
        parameters: Mechanisms: the frontier's compute and the price of compute.
        years: Dates.
        until_years: End of the event window.
    """
    compute = parameters["frontier_compute"]
    budget = compute - parameters["compute_per_dollar"]
    product, growth = parameters["world_product"], parameters["world_product_growth"]

    def log_share(t: Values) -> Values:
        return budget + path.log_investment(t) - product - growth * t

    def passing(share: float) -> Values:
        level = math.log(share)
        start = jnp.zeros_like(product)
        end = jnp.broadcast_to(until_years, product.shape)
        root = falling_root(lambda t: level - log_share(t), start, end)
        before = log_share(start) > level
        after = log_share(end) <= level
        return jnp.where(before, -jnp.inf, jnp.where(after, jnp.inf, root))

    spending = budget + path.log_investment(years)
    return Plausibility(
        log_spending=spending,
        log_share=log_share(years),
        log_compute=compute + path.log_hardware(years) + path.log_investment(years),
        passes_years=jnp.stack([passing(share) for share in SHARES]),
    )

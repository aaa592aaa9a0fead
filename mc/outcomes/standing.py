"""How far apart the actors stand at a date, in the units people quote."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp
from jaxtyping import Float

from mc.model.axes import AnyArray, Path, Values
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Standing:
    """Lead, lag and delay of each draw, axes dates and draws.

    Attributes:
        lead: ``ln C_frontier − ln C_meek``.
        lag_years: How long ago the frontier stood where the meek actor stands; plus
            infinity where that lies before the epoch, or never was.
        overtaken_years: When the lead turns negative; minus infinity where there
            is none at the epoch, plus infinity where it lasts.
        landmarks: Years of what happens on the way, by name; plus infinity never.
        catch_up_years: How long until the meek actor stands where the frontier
            stands; plus infinity where it never will.
    """

    lead: Float[AnyArray, "dates draws"]
    lag_years: Float[AnyArray, "dates draws"]
    catch_up_years: Float[AnyArray, "dates draws"]
    overtaken_years: Float[AnyArray, " draws"]
    landmarks: Mapping[str, Float[AnyArray, " draws"]]


def standing(path: Path, years: Values) -> Standing:
    """Where each draw's actors stand at ``years``, ``[dates, 1]``."""
    lag = path.lag_years(years)
    shape = jnp.shape(lag)
    return Standing(
        lead=jnp.broadcast_to(path.lead(years), shape),
        lag_years=jnp.where(lag > years * (1 + 1e-6) + 1e-6, jnp.inf, lag),
        catch_up_years=jnp.broadcast_to(path.catch_up_years(years), shape),
        overtaken_years=jnp.broadcast_to(path.overtaken_years(), shape[1:]),
        landmarks={
            name: jnp.broadcast_to(day, shape[1:])
            for name, day in path.landmarks().items()
        },
    )

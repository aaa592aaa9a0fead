"""Where the actors of a world stand at the epoch, and how spending goes on from there.

For the words beside a run, at one value of each parameter. It is compiled whole: one
operation at a time, the first run of a process would compile dozens.
"""

import functools
from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from mc.engine.world import World
from mc.model.axes import Parameters, Values


class Outset(NamedTuple):
    """A world at single values of its parameters.

    Attributes:
        mechanisms: What is so in it, on canonical scales.
        lead: ``ln`` of the frontier's effective compute over the meek actor's.
        log_investment: ``ln`` of the frontier's spending over its first, by date.
    """

    mechanisms: dict[str, float]
    lead: float
    log_investment: Float[np.ndarray, " dates"]


def outset(
    world: World, values: Mapping[str, float], years: np.ndarray, dtype: np.dtype
) -> Outset:
    """Look at a world.

    Args:
        world: The world; its metric is not looked at.
        values: Parameters on canonical scales, with those that the world changes.
        years: Dates from the epoch on.
        dtype: Working precision.
    """
    single = {name: np.array([value], dtype) for name, value in values.items()}
    found, lead, levels = _seen(single, years.astype(dtype), world=world)
    return Outset(
        mechanisms={name: float(np.asarray(v)[0]) for name, v in found.items()},
        lead=float(np.asarray(lead)[0]),
        log_investment=np.asarray(levels, np.float64)[:, 0],
    )


@functools.partial(jax.jit, static_argnames="world")
def _seen(
    parameters: Parameters, years: Float[jax.Array, " dates"], *, world: World
) -> tuple[dict[str, Values], Values, Values]:
    path, _ = world.prepare(parameters, {})
    times = years[:, None]
    levels = jnp.broadcast_to(path.log_investment(times), times.shape)
    return world.mechanisms(parameters), path.lead(times[:1, 0]), levels

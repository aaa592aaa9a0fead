"""What every draw of a plan says of things that likelihoods want to know."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float

from mc.analysis.conditioning.likelihood import FRONTIER_COMPUTE, Wanted
from mc.engine.columns import COMPUTE
from mc.engine.replay import Replay
from mc.engine.sampler import Parameters
from priors.units import years_since

FRONTIER = "frontier"
Rows = Float[Array, "rows draws"]


def says_of(replay: Replay, wants: Sequence[Wanted]) -> Callable[[Parameters], Rows]:
    """A function of parameters that JAX can trace and derive.

    Args:
        replay: Of a plan that follows every metric that is wanted.
        wants: In the order of the rows; days not before the plan's epoch.
    """
    place, epoch = replay.evaluator.frame.place, replay.plan.epoch
    parts: list[Callable[[Parameters], Array]] = []
    for want in wants:
        years = place.put(np.array([years_since(epoch, day) for day in want.days]))
        parts.append(_part(replay, want.name, years))

    def says(parameters: Parameters) -> Rows:
        own = {name: v for name, v in parameters.items() if "/" not in name}
        return jnp.concatenate([part(own) for part in parts])

    return says


def said(
    replay: Replay,
    wants: Sequence[Wanted],
    num_draws: int,
    progress: Callable[[int], None] = lambda _: None,
) -> Float[np.ndarray, "rows replicates points"]:
    """The same of a plan's first draws, on the host.

    Args:
        replay: As for ``says_of``.
        wants: As for ``says_of``.
        num_draws: Whole points of every replicate.
        progress: Called with the number of further draws that are done.
    """
    says, replicates = jax.jit(says_of(replay, wants)), replay.plan.replicates
    parts = []
    for first, count in replay.cut.chunks(num_draws):
        drawn = says(replay.sampler.draw(first, count)[0])
        parts.append(np.asarray(drawn, np.float64)[:, : count * replicates])
        progress(count * replicates)
    found = np.concatenate(parts, axis=1)
    return found.reshape(len(found), -1, replicates).swapaxes(1, 2)


def _part(replay: Replay, name: str, years: Array) -> Callable[[Parameters], Array]:
    """The rows of one name."""
    world = replay.look(COMPUTE).world
    if not years.size:
        return lambda parameters: world.mechanisms(parameters)[name][None]
    if name == FRONTIER_COMPUTE:
        return lambda parameters: _frontier(world.prepare(parameters, {})[0], years)
    look = replay.look(name)
    return lambda parameters: look.series(parameters, years)[FRONTIER]


def _frontier(path, years: Array) -> Array:
    times = years[:, None]
    return path.x(times) + path.lead(times)

"""The engine's own trajectory kernel: its metric along its path, nothing beside it."""

import functools
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Float32

from benchmarks.job import NAMES, Inputs, months, of_values, plan
from mc.engine.arguments import canonical_arguments
from mc.engine.blocks import TILE_DRAWS
from mc.engine.execution import make_design
from mc.engine.kernels import tile_of
from mc.engine.sampler import Sampler
from mc.engine.world import World

Peaks = Float32[np.ndarray, "tasks draws"]


@functools.partial(jax.jit, static_argnames="world")
def peak_tile(
    parameters: dict[str, jax.Array],
    arguments: dict[str, jax.Array],
    years: jax.Array,
    *,
    world: World,
) -> jax.Array:
    """Largest gap of each draw over the dates."""
    return jnp.max(world.series(parameters, arguments, years)["gap"], axis=0)


def built(num_draws: int) -> tuple[Callable[[], Peaks], Inputs]:
    """The kernel over the first draws of the job on every CPU device, and the draws.

    Args:
        num_draws: A multiple of the engine's tile.
    """
    asked = plan(num_draws)
    devices = jax.local_devices(backend="cpu")
    sampler = Sampler.of(asked, make_design(asked), np.dtype(np.float32))
    values, _ = sampler.on(devices[0]).draw(0, num_draws // asked.replicates)
    base = asked.scenarios[0]
    worlds = [
        (
            World(believed=asked.path.load(), path=base.path.load(), metric=c.load()),
            canonical_arguments(c),
        )
        for c in asked.metrics
        if c.label.startswith("task_success")
    ]
    placed = []
    for place, first in enumerate(range(0, num_draws, TILE_DRAWS)):
        device = devices[place % len(devices)]
        tile = tile_of(values, np.int32(first), size=TILE_DRAWS)
        placed.append((device, jax.device_put(tile, device)))
    dates = {d: jax.device_put(np.float32(months()), d) for d in devices}
    told = {d: [jax.device_put(a, d) for _, a in worlds] for d in devices}

    def run() -> Peaks:
        rows = [
            [
                peak_tile(tile, told[device][i], dates[device], world=world)
                for device, tile in placed
            ]
            for i, (world, _) in enumerate(worlds)
        ]
        return np.stack([np.concatenate(list(map(np.asarray, row))) for row in rows])

    host = {name: np.asarray(values[name], np.float64) for name in NAMES}
    return run, of_values(host)

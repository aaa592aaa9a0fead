"""The engine's kernels on one device, each by itself: rate, compile time, memory."""

import dataclasses
import functools
import time
from collections.abc import Callable, Iterator
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.errors import JaxRuntimeError

from benchmarks.gpu_bands import worker_of
from benchmarks.gpu_machine import clocks
from benchmarks.job import plan
from benchmarks.kernel import peak_tile
from mc.engine import kernels
from mc.engine.arguments import canonical_arguments, log_tolerance
from mc.engine.blocks import Cut
from mc.engine.world import World
from mc.outcomes.bands import EDGES_PER_LEVEL, LEVELS

CEILINGS = {"H200": 6.1e11}
"""Points/s that the issue rate of a device allows: 54.5 instructions a point, 132
multiprocessors, 128 a clock each, 1.98 GHz; derived, not measured."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kernel:
    """A jitted function with its inputs.

    Attributes:
        name: What is printed.
        function: From ``mc.engine.kernels``, or the trajectory kernel alone.
        inputs: Its arrays.
        world: Its path and metric.
        number: Points, or draws, of a call.
        series_bytes: Memory of one series at all dates, if it were kept.
        unit: ``points``, a draw's series at a date each, or ``draws``.
        adds: Whether it adds to its first input, which is given away.
    """

    name: str
    function: Any
    inputs: tuple[Any, ...]
    world: World
    number: int
    series_bytes: int
    unit: str = "points"
    adds: bool = False


def measure(
    device: Any, tiles: tuple[int, ...], launches: int, repeats: int
) -> dict[str, Any]:
    """Points/s, seconds to compile and temporary memory of each kernel and tile.

    Args:
        device: Where.
        tiles: Draws of a launch; events take long to compile and see the middle one.
        launches: How often a kernel is called between two looks at the clock.
        repeats: How often that is done; the median counts.
    """
    found: dict[str, Any] = {}
    events_tile = tiles[len(tiles) // 2]
    with clocks() as seen:
        for tile in tiles:
            for kernel in _kernels(device, tile):
                if kernel.unit == "draws" and tile != events_tile:
                    continue
                rows = found.setdefault(kernel.name, {})
                try:
                    rows[str(tile)] = _one(kernel, launches, repeats)
                except JaxRuntimeError as error:
                    rows[str(tile)] = {"error": repr(error)}
    rates = {
        tile: float(np.median([row["points_per_second"] for row in rows]))
        for tile in map(str, tiles)
        if (rows := [r[tile] for n, r in found.items() if n.startswith("peak of")])
        and all("error" not in row for row in rows)
    }
    best = max(rates, key=rates.__getitem__)
    ceiling = next((v for k, v in CEILINGS.items() if k in device.device_kind), None)
    return {
        "trajectory": {
            "points_per_second": rates[best],
            "tile": int(best),
            "by_tile": rates,
            "ceiling_points_per_second": ceiling,
            "share_of_ceiling": None if ceiling is None else rates[best] / ceiling,
        },
        "kernels": found,
        "clocks": seen,
    }


def _one(kernel: Kernel, launches: int, repeats: int) -> dict[str, Any]:
    compiled, seconds = _compiled(kernel)
    first, *others = kernel.inputs

    def call() -> None:
        out = jax.tree.map(jnp.copy, first) if kernel.adds else None
        for _ in range(launches):
            out = compiled(out if kernel.adds else first, *others)
        jax.block_until_ready(out)

    times = np.array([_timed(call) for _ in range(repeats + 1)])[1:] / launches
    analysis = compiled.memory_analysis()
    return {
        f"{kernel.unit}_per_second": kernel.number / float(np.median(times)),
        "seconds": float(np.median(times)),
        "lowest_seconds": float(times.min()),
        "highest_seconds": float(times.max()),
        "compile_seconds": seconds,
        "temporary_mib": _mib(analysis, "temp_size_in_bytes"),
        "output_mib": _mib(analysis, "output_size_in_bytes"),
        "mib_of_a_series": kernel.series_bytes / 2**20,
        "fusions": compiled.as_text().count(" fusion("),
    }


def _compiled(kernel: Kernel) -> tuple[Any, float]:
    clock = time.perf_counter()
    compiled = kernel.function.lower(*kernel.inputs, world=kernel.world).compile()
    return compiled, time.perf_counter() - clock


def _mib(analysis: Any, name: str) -> float | None:
    """A size; None where a back end does not tell."""
    size = getattr(analysis, name, None)
    return None if size is None else size / 2**20


def _timed(work: Callable[[], None]) -> float:
    clock = time.perf_counter()
    work()
    return time.perf_counter() - clock


def _kernels(device: Any, tile: int) -> Iterator[Kernel]:
    """Peaks, counts and events of each metric of the standard job."""
    asked = plan(tile)
    cut = Cut(num_draws=tile, replicates=asked.replicates, chunk=tile, tile=tile)
    worker = worker_of(asked, device, cut)
    values, _ = worker.draw(0, tile // asked.replicates)
    years, put = worker.frame.band_years, worker.frame.place.put
    base = asked.scenarios[0]
    for choice in asked.metrics:
        world = World(
            believed=asked.path.load(), path=base.path.load(), metric=choice.load()
        )
        told = put(canonical_arguments(choice))
        shapes = jax.eval_shape(world.series, values, told, years)
        names = sorted(shapes)
        points, num_edges = tile * len(years), EDGES_PER_LEVEL * len(LEVELS)
        edges = {n: put(np.zeros((num_edges, len(years)))) for n in names}
        zeros = {n: rows.astype(np.int32) for n, rows in edges.items()}
        tolerance = put(log_tolerance(choice, asked.tolerances[choice.label]))
        window = (worker.frame.knots, worker.frame.until, tolerance)
        of = functools.partial(Kernel, world=world, series_bytes=4 * points)
        if choice.label.startswith("task_success"):
            yield of(
                name=f"peak of {choice.label}",
                function=peak_tile,
                inputs=(values, told, years),
                number=points,
            )
        yield of(
            name=f"counts of {choice.label}",
            function=kernels.count_tile,
            inputs=(zeros, values, told, years, edges),
            number=points * len(names),
            adds=True,
        )
        yield of(
            name=f"events of {choice.label}",
            function=kernels.event_tile,
            inputs=(values, told, *window),
            unit="draws",
            number=tile,
        )

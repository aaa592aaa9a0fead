"""Counted bands of very many draws on one device, as the engine makes them."""

import time
from typing import Any

import jax
import numpy as np

from benchmarks.gpu_machine import clocks
from benchmarks.job import plan
from mc.engine.blocks import Cut
from mc.engine.devices import Devices, working_dtype
from mc.engine.evaluator import Evaluator
from mc.engine.execution import compute, make_design
from mc.engine.passes import Series, edges_of, over_chunks, settle, sort_draws
from mc.engine.plan import Plan
from mc.engine.sampler import Sampler
from mc.outcomes.bands import LEVELS, Bracketed


def measure(
    device: Any, sizes: tuple[int, ...], tile: int, chunks: tuple[int, ...], jobs: int
) -> dict[str, Any]:
    """Seconds of a pilot and a counted pass, compiled before, by number of draws.

    Args:
        device: Where.
        sizes: Draws of the passes.
        tile: Draws of a launch.
        chunks: Draws made at once; tried at the smallest size, the fastest goes on.
        jobs: Chunks at once.
    """
    found: dict[str, Any] = {"levels": LEVELS, "tile": tile, "jobs": jobs, "chunks": {}}
    for chunk in chunks:
        of_chunk = {"tile": min(tile, chunk), "chunk": chunk, "jobs": jobs}
        _pass(device, 4 * chunk, of_chunk)
        found["chunks"][str(chunk)] = _pass(device, sizes[0], of_chunk)
    fastest = min(chunks, key=lambda c: found["chunks"][str(c)]["seconds"])
    best = {"tile": min(tile, fastest), "chunk": fastest, "jobs": jobs}
    found["chunk"] = fastest
    for size in sizes:
        with clocks() as seen:
            row = _pass(device, size, best)
        found[str(size)] = row | seen
    return found


def whole_job(device: Any, num_draws: int) -> dict[str, Any]:
    """Bands, events and every quantity of a run, first cold and then compiled."""
    kind = "cpu" if device.platform == "cpu" else "gpu"
    asked = plan(num_draws)
    cut = Cut.on(kind, num_draws=asked.num_draws, replicates=asked.replicates)
    devices = Devices(kind=kind, devices=(device,))
    seconds = []
    for _ in range(2):
        clock = time.perf_counter()
        compute(asked, devices, working_dtype(), cut, lambda _: None)
        seconds.append(time.perf_counter() - clock)
    return {
        "draws": asked.num_draws,
        "cold_seconds": seconds[0],
        "seconds": seconds[1],
        "draws_per_second": asked.num_draws / seconds[1],
    }


def worker_of(asked: Plan, device: Any, cut: Cut) -> Evaluator:
    """An evaluator of a plan on a device, in the working precision."""
    sampler = Sampler.of(asked, make_design(asked), working_dtype())
    return Evaluator(asked, sampler, device, cut)


def _pass(device: Any, num_draws: int, sizes: dict[str, int]) -> dict[str, Any]:
    asked = plan(num_draws)
    cut = Cut(num_draws=asked.num_draws, replicates=asked.replicates, **sizes)
    worker = worker_of(asked, device, cut)
    clock = time.perf_counter()
    brackets = _brackets(worker)
    piloted = time.perf_counter() - clock
    points = sum(len(bracket.edges) for bracket in brackets.values())
    passes, pending = 0, brackets
    while pending:
        _count(worker, pending, asked.num_draws)
        passes += 1
        pending = {k: b for k, b in brackets.items() if b.open.any()}
    seconds = time.perf_counter() - clock
    return {
        "draws": asked.num_draws,
        "points_per_draw": points,
        "seconds": seconds,
        "pilot_seconds": piloted,
        "passes": passes,
        "tile_left": worker.frame.tile.draws,
        "draws_per_second": asked.num_draws / seconds,
        "points_per_second": points * asked.num_draws / seconds,
        "widest_bin": max(bracket.bin_mass for bracket in brackets.values()),
    }


def _brackets(worker: Evaluator) -> dict[Series, Bracketed]:
    cut, years = worker.cut, worker.frame.band_years
    parameters, _ = worker.draw(0, cut.pilot_draws // cut.replicates)
    ordered = {
        (label, name): rows
        for label, look in worker.looks.items()
        for name, rows in look.curves(parameters, cut.pilot_draws, years).items()
    }
    sort_draws(ordered.values())
    return {key: Bracketed(rows, LEVELS) for key, rows in ordered.items()}


def _count(
    worker: Evaluator, brackets: dict[Series, Bracketed], num_draws: int
) -> None:
    edges = edges_of(brackets)
    totals = jax.tree.map(lambda rows: np.zeros(rows.shape, np.int64), edges)
    chunks = worker.cut.chunks(num_draws)
    for part in over_chunks([worker], edges, chunks, collect=False):
        for key, rows in part.counts.items():
            totals[key] += rows
    settle(brackets, totals, num_draws)

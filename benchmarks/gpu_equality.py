"""Whether a device agrees with the CPU, and with itself whatever the tile."""

import dataclasses
from typing import Any

import jax
import numpy as np

from benchmarks.gpu_bands import worker_of
from benchmarks.job import plan
from mc.engine.blocks import Cut
from mc.engine.devices import working_dtype
from mc.engine.evaluator import Evaluator
from mc.engine.execution import make_design
from mc.engine.sampler import Parameters, Sampler
from mc.outcomes.events import Events
from mc.outcomes.status import Status

STATUSES = ("peak_status", "convergence_status")
YEARS = {"peak_years": "peak_status", "convergence_years": "convergence_status"}


def against_cpu(device: Any, num_draws: int, tile: int) -> dict[str, Any]:
    """Differences of draws and events from those of the CPU.

    ``same_parameters`` evaluates the CPU's own parameters on the device;
    ``own_parameters`` also draws them there.

    Args:
        device: What is held against the CPU.
        num_draws: A multiple of ``tile``.
        tile: Draws of a launch on the device.
    """
    cpu = jax.devices("cpu")[0]
    host, other = _worker(cpu, num_draws, None), _worker(device, num_draws, tile)
    drawn = [_draw(worker, num_draws) for worker in (host, other)]
    place = other.frame.place
    expected = _events(host, drawn[0], num_draws)
    same = _events(other, place.put(jax.device_get(drawn[0])), num_draws)
    own = _events(other, drawn[1], num_draws)
    told = {
        "draws": num_draws,
        "words_equal": _words(cpu, num_draws) == _words(device, num_draws),
        "parameters": _parameters(*drawn),
        "same_parameters": {k: _differences(v, same[k]) for k, v in expected.items()},
        "own_parameters": {k: _differences(v, own[k]) for k, v in expected.items()},
    }
    shares = [
        row[f"{name}_share"]
        for row in told["own_parameters"].values()
        for name in STATUSES
    ]
    return told | {"largest_share_of_other_statuses": max(shares)}


def over_tiles(device: Any, num_draws: int, tiles: tuple[int, ...]) -> dict[str, Any]:
    """Whether every bit is the same for all tiles, for small chunks, and once more.

    Args:
        device: Where.
        num_draws: A power of two.
        tiles: Draws of a launch; the first one is repeated at the end.
    """
    whole = _worker(device, num_draws, tiles[0])
    parameters, edges = _draw(whole, num_draws), _medians(whole)
    first: list[np.ndarray] = []
    equal: dict[str, bool] = {}
    for tile in (*tiles, tiles[0]):
        worker = _worker(device, num_draws, tile)
        found = jax.tree.leaves(
            (
                _events(worker, parameters, num_draws),
                _counts(worker, parameters, edges),
            )
        )
        first = first or found
        equal[str(tile)] = equal.get(str(tile), True) and _same(first, found)
    part = num_draws // whole.cut.replicates // 4
    parts = [whole.draw(i * part, part)[0] for i in range(4)]
    joined = [np.concatenate([p[name] for p in parts]) for name in parameters]
    return {
        "draws": num_draws,
        "tiles_equal_the_first": equal,
        "draws_equal_in_chunks": _same(
            list(map(np.asarray, parameters.values())), joined
        ),
    }


def _worker(device: Any, num_draws: int, tile: int | None) -> Evaluator:
    asked = plan(num_draws)
    sizes = {} if tile is None else {"tile": tile, "chunk": num_draws}
    cut = Cut(num_draws=num_draws, replicates=asked.replicates, **sizes)
    return worker_of(asked, device, cut)


def _draw(worker: Evaluator, num_draws: int) -> Parameters:
    return worker.draw(0, num_draws // worker.cut.replicates)[0]


def _events(
    worker: Evaluator, parameters: Parameters, num_draws: int
) -> dict[str, Events]:
    return {
        label: look.events(parameters, num_draws, 0)
        for label, look in worker.looks.items()
        if look.world.metric is not None
    }


def _medians(worker: Evaluator) -> dict[str, dict[str, np.ndarray]]:
    """An edge for each date of every series: the median of the first draws."""
    num_draws = worker.cut.pilot_draws
    parameters = _draw(worker, num_draws)
    years = worker.frame.band_years
    return {
        label: {
            name: np.quantile(rows, [0.5], axis=1, method="inverted_cdf")
            for name, rows in look.curves(parameters, num_draws, years).items()
        }
        for label, look in worker.looks.items()
    }


def _counts(
    worker: Evaluator, parameters: Parameters, edges: dict[str, dict[str, np.ndarray]]
) -> dict[str, Any]:
    put = worker.frame.place.put
    return {
        label: jax.device_get(
            look.count(parameters, worker.cut.num_draws, put(edges[label]))
        )
        for label, look in worker.looks.items()
    }


def _same(ours: list[np.ndarray], theirs: list[np.ndarray]) -> bool:
    pairs = zip(ours, theirs, strict=True)
    return all(a.tobytes() == b.tobytes() for a, b in pairs)


def _words(device: Any, num_draws: int) -> dict[str, bytes]:
    """Integers of every coordinate, as a device makes them."""
    asked = plan(num_draws)
    sampler = Sampler.of(asked, make_design(asked), working_dtype()).on(device)
    return {
        name: np.asarray(sequence.words(0, num_draws // asked.replicates)).tobytes()
        for name, sequence in sampler.card.sequences.items()
    }


def _parameters(host: Parameters, other: Parameters) -> dict[str, Any]:
    """Share of values that differ in any bit, and the largest relative difference."""
    found = {}
    for name, values in host.items():
        a, b = (np.asarray(v, np.float64) for v in (values, other[name]))
        scale = np.maximum(np.abs(a), np.finfo(np.float32).tiny)
        found[name] = {
            "share": float(np.mean(a != b)),
            "largest_relative": float(np.max(np.abs(a - b) / scale)),
        }
    return found


def _differences(expected: Events, found: Events) -> dict[str, float]:
    ours, theirs = dataclasses.asdict(expected), dataclasses.asdict(found)
    told = {
        f"{name}_share": float(np.mean(ours[name] != theirs[name])) for name in STATUSES
    }
    for name, status in YEARS.items():
        dated = (ours[status] == Status.OBSERVED) & (theirs[status] == Status.OBSERVED)
        apart = np.abs(ours[name][dated] - theirs[name][dated])
        told[f"{name}_largest"] = float(apart.max(initial=0.0))
    peak, other = ours["peak_gap"], theirs["peak_gap"]
    kept = np.isfinite(peak) & np.isfinite(other) & (peak != 0)
    apart = np.abs(other[kept] - peak[kept]) / np.abs(peak[kept])
    return told | {"peak_gap_largest_relative": float(apart.max(initial=0.0))}

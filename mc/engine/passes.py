"""One pass over all draws: chunks in turn on every device, merged in their order."""

import dataclasses
import os
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import jax
import numpy as np
from jaxtyping import Int, Shaped

from mc.engine.evaluator import Evaluator
from mc.engine.raw import Raw
from mc.outcomes.bands import Bracketed

Progress = Callable[[int], None]
Series = tuple[str, str]
"""Label and name of a banded series."""
Brackets = Mapping[Series, Bracketed]
Edges = Mapping[Series, Shaped[np.ndarray, "edges dates"]]
Counts = Mapping[Series, Int[np.ndarray, "edges dates"]]
Placed = Mapping[str, Mapping[str, jax.Array]]
"""Edges on a device, by label and series."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """What a chunk of draws came to, on the host.

    Attributes:
        counts: Its draws below each edge.
        raw: Its draws one by one, if they are wanted.
        num_draws: How many these are.
    """

    counts: Counts
    raw: Raw | None
    num_draws: int


def sort_draws(series: Iterable[Shaped[np.ndarray, "dates draws"]]) -> None:
    """Sort every series along its draws, in place, on all cores."""
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(lambda rows: rows.sort(axis=1), series))


def edges_of(brackets: Brackets) -> Edges:
    """Edges of cells and levels as the kernels take them: edges first, then dates."""
    return {
        key: bracket.edges.reshape(bracket.edges.shape[0], -1).T.copy()
        for key, bracket in brackets.items()
    }


def settle(brackets: Brackets, totals: Counts, num_draws: int) -> None:
    """Give the brackets what was counted below ``edges_of`` them, over all draws."""
    for key, bracket in brackets.items():
        bracket.settle(totals[key].T.reshape(bracket.edges.shape), num_draws)


def over_chunks(
    workers: Sequence[Evaluator],
    edges: Edges,
    chunks: Iterator[tuple[int, int]],
    *,
    collect: bool,
) -> Generator[Part, None, None]:
    """Every chunk's part, in the order of the draws.

    Args:
        workers: One a device, of one cut.
        edges: What is counted.
        chunks: First point and number of points of each.
        collect: Whether draws are wanted one by one.

    Raises:
        InvalidDraw: If a metric makes no sense at a draw's inputs.
    """
    jobs = workers[0].cut.jobs
    placed = [_placed(edges, worker) for worker in workers]

    def job(i: int, points: tuple[int, int]) -> Part:
        worker, rows = workers[i], placed[i]
        return worker.frame.tile.fitted(
            lambda: _part(worker, rows, points, collect=collect)
        )

    return _in_order(job, chunks, len(workers), jobs)


def _placed(edges: Edges, worker: Evaluator) -> Placed:
    placed: dict[str, dict[str, jax.Array]] = {}
    device = worker.frame.place.device
    for (label, name), rows in edges.items():
        placed.setdefault(label, {})[name] = jax.device_put(rows, device)
    return placed


def _part(
    worker: Evaluator, edges: Placed, points: tuple[int, int], *, collect: bool
) -> Part:
    """One chunk, when all of it has arrived on the host."""
    first_point, num_points = points
    replicates = worker.cut.replicates
    num_draws = num_points * replicates
    parameters, labels = worker.draw(first_point, num_points)
    counts = {
        label: worker.looks[label].count(parameters, num_draws, rows)
        for label, rows in edges.items()
    }
    raw = None
    if collect:
        raw = worker.raw(parameters, labels, num_draws, first_point * replicates)
    on_host = {
        (label, name): np.asarray(rows)
        for label, series in counts.items()
        for name, rows in series.items()
    }
    return Part(counts=on_host, raw=raw, num_draws=num_draws)


def _in_order(
    job: Callable[[int, tuple[int, int]], Part],
    parts: Iterator[tuple[int, int]],
    num_workers: int,
    jobs: int,
) -> Generator[Part, None, None]:
    """Results in the order of ``parts``, which workers take in turn.

    Args:
        job: Of a worker's number and a part.
        parts: First point and number of points of each.
        num_workers: How many there are.
        jobs: What each of them does at once.
    """
    pools = [ThreadPoolExecutor(jobs) for _ in range(num_workers)]
    waiting: deque[Future] = deque()
    try:
        for i, part in enumerate(parts):
            worker = i % num_workers
            waiting.append(pools[worker].submit(job, worker, part))
            if len(waiting) > num_workers * (jobs + 1):
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        for pool in pools:
            pool.shutdown(wait=True, cancel_futures=True)

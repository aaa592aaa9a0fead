"""Two contenders in turn: ratios of times from one run, with their spread."""

import dataclasses
import time
from collections.abc import Callable

import numpy as np

RESAMPLES = 4_000
"""Bootstrap resamples of the pairs behind an interval."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Ratio:
    """How many times as long a reference takes as a contender, pair by pair.

    Attributes:
        median: Of the paired ratios.
        low: Lower end of the bootstrap 95 % interval of the median.
        high: Upper end.
        pairs: How many.
        contender_seconds: Median wall time of the contender.
        reference_seconds: Median wall time of the reference.
        contender_cpu_seconds: Median CPU time of the contender: a disturbed machine
            shows in how it compares with the wall time.
        reference_cpu_seconds: The same of the reference.
    """

    median: float
    low: float
    high: float
    pairs: int
    contender_seconds: float
    reference_seconds: float
    contender_cpu_seconds: float
    reference_cpu_seconds: float


def paired(
    contender: Callable[[], object],
    reference: Callable[[], object],
    *,
    pairs: int = 7,
    compiled: bool = True,
) -> Ratio:
    """Time both in turn, what is compiled once before.

    Args:
        contender: What is praised; returns when its work is done.
        reference: What it is compared with.
        pairs: How often.
        compiled: Whether the reference is compiled when it first runs.
    """
    contender()
    if compiled:
        reference()
    times = np.array([[_timed(contender), _timed(reference)] for _ in range(pairs)])
    return of_times(times[:, 0], times[:, 1])


def of_times(contender: np.ndarray, reference: np.ndarray) -> Ratio:
    """The ratio of wall and CPU seconds measured in pairs.

    Args:
        contender: Wall and CPU seconds, ``[pairs, 2]``.
        reference: The same.
    """
    ratios = reference[:, 0] / contender[:, 0]
    rng = np.random.default_rng(0)
    picked = rng.integers(len(ratios), size=(RESAMPLES, len(ratios)))
    low, high = np.quantile(np.median(ratios[picked], axis=1), [0.025, 0.975])
    mine, theirs = np.median(contender, axis=0), np.median(reference, axis=0)
    return Ratio(
        median=float(np.median(ratios)),
        low=float(low),
        high=float(high),
        pairs=len(ratios),
        contender_seconds=float(mine[0]),
        reference_seconds=float(theirs[0]),
        contender_cpu_seconds=float(mine[1]),
        reference_cpu_seconds=float(theirs[1]),
    )


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - cpu

"""Start-up: light commands, refusals and warm runs beside an import of NumPy."""

import dataclasses
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.pairs import of_times

REFERENCE = (sys.executable, "-c", "import numpy")
LIGHT = {
    "help": ("--help",),
    "list": ("list",),
    "priors_show": ("priors", "show", "literature-2026"),
    "refusal": ("run", "metr-gaps", "--metric", "nonsense"),
}
RUN = ("run", "metr-gaps", "--draws", "65536", "--no-plots", "--quiet")


def measure(pairs: int) -> dict[str, Any]:
    """Wall seconds of whole processes, each in turn with an import of NumPy.

    The ratio tells how many commands one import of NumPy takes: below 1 where the
    command is slower.
    """
    found = {name: _against_numpy(_program(*a), pairs) for name, a in LIGHT.items()}
    with tempfile.TemporaryDirectory() as folder:
        runs = (_program(*RUN, "--out", f"{folder}/{i}") for i in range(pairs + 1))
        _seconds(next(runs))
        warm = np.array([(_seconds(run), _seconds(REFERENCE)) for run in runs])
        found["warm_run"] = _told(warm)
    return found


def _program(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("meekmc")), *arguments]


def _against_numpy(command: Sequence[str], pairs: int) -> dict[str, float]:
    _seconds(command)
    times = np.array([(_seconds(command), _seconds(REFERENCE)) for _ in range(pairs)])
    return _told(times)


def _told(times: np.ndarray) -> dict[str, float]:
    """The ratio; CPU time of children is not told apart, so wall time stands twice."""
    mine, theirs = (np.repeat(times[:, [i]], 2, axis=1) for i in (0, 1))
    ratio = dataclasses.asdict(of_times(mine, theirs))
    return {name: value for name, value in ratio.items() if "cpu" not in name}


def _seconds(command: Sequence[str]) -> float:
    clock = time.perf_counter()
    subprocess.run(command, check=False, capture_output=True)
    return time.perf_counter() - clock

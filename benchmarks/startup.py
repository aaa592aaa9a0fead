"""Start-up: light commands, refusals and warm runs beside an import of NumPy."""

import dataclasses
import os
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
    with tempfile.TemporaryDirectory() as folder:
        machine = _Machine(Path(folder))
        found = {
            name: machine.against_numpy([_program(*arguments)] * (pairs + 1))
            for name, arguments in LIGHT.items()
        }
        runs = [_program(*RUN, "--out", f"{folder}/{i}") for i in range(pairs + 1)]
        found["warm_run"] = machine.against_numpy(runs)
    return found


class _Machine:
    """A machine on which the program was used before: modules are compiled to bytes.

    Args:
        folder: Where they are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | {"PYTHONPYCACHEPREFIX": str(folder / "bytes")}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def against_numpy(self, commands: Sequence[Sequence[str]]) -> dict[str, float]:
        """Each command beside NumPy's import; the first is not timed."""
        first, *rest = commands
        self._seconds(first)
        self._seconds(REFERENCE)
        pairs = [(self._seconds(one), self._seconds(REFERENCE)) for one in rest]
        return _told(np.array(pairs))

    def _seconds(self, command: Sequence[str]) -> float:
        clock = time.perf_counter()
        subprocess.run(command, check=False, capture_output=True, env=self._environment)
        return time.perf_counter() - clock


def _program(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("meekmc")), *arguments]


def _told(times: np.ndarray) -> dict[str, float]:
    """The ratio; CPU time of children is not told apart, so wall time stands twice."""
    mine, theirs = (np.repeat(times[:, [i]], 2, axis=1) for i in (0, 1))
    ratio = dataclasses.asdict(of_times(mine, theirs))
    return {name: value for name, value in ratio.items() if "cpu" not in name}

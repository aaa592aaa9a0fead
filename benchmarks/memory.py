"""Peak memory of runs of different sizes, each in a process of its own."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.job import CARD, TODAY

IMPORTED = "import mc.engine.run, mc.engine.evaluator; import jax; jax.devices()"
_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(sizes: tuple[int, ...]) -> dict[str, Any]:
    """Peak resident MiB and seconds by number of draws, beside the imports alone."""
    found: dict[str, Any] = {"imports_mib": _peak([sys.executable, "-c", IMPORTED])}
    with tempfile.TemporaryDirectory() as folder:
        for size in sizes:
            clock = time.perf_counter()
            peak = _peak(_command(size, Path(folder) / str(size)))
            seconds = time.perf_counter() - clock
            found[str(size)] = {"peak_mib": peak, "seconds": seconds}
    return found


def _peak(command: list[str]) -> float:
    """Largest resident set of a process, MiB, as its parent's parent is told."""
    told = subprocess.run(
        [sys.executable, "-c", _CHILD, *command],
        check=True,
        capture_output=True,
        text=True,
    )
    unit = 2**10 if sys.platform != "darwin" else 2**20
    return int(told.stdout) / unit


def _command(num_draws: int, out: Path) -> list[str]:
    program = str(Path(sys.executable).with_name("meekmc"))
    asked = ["run", "metr-gaps", "--card", CARD, "--draws", str(num_draws)]
    asked += ["--today", str(TODAY), "--no-plots", "--quiet", "--out", str(out)]
    return [program, *asked]

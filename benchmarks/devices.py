"""Two virtual CPU devices on two cores against one device pinned to one core."""

import dataclasses
import filecmp
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.job import CARD, TODAY
from benchmarks.pairs import of_times

FILES = ("summary.csv", "bands.csv", "results.nc")


def measure(num_draws: int, pairs: int) -> dict[str, Any]:
    """The ratio of whole runs, compiled before, and whether their files are equal."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        return {"skipped": "this machine has one core"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        times = np.array(
            [
                (
                    _seconds(num_draws, cores, folder / f"two-{i}"),
                    _seconds(num_draws, cores[:1], folder / f"one-{i}"),
                )
                for i in range(pairs + 1)
            ]
        )[1:]
        same = all(
            filecmp.cmp(folder / "two-0" / f, folder / "one-0" / f, shallow=False)
            for f in FILES
        )
    mine, theirs = (np.repeat(times[:, [i]], 2, axis=1) for i in (0, 1))
    ratio = dataclasses.asdict(of_times(mine, theirs))
    told = {key: value for key, value in ratio.items() if "cpu" not in key}
    return told | {"draws": num_draws, "files_equal": same}


def _seconds(num_draws: int, cores: list[int], out: Path) -> float:
    """Seconds of a run whose process may use some cores, a device a core."""
    command = [str(Path(sys.executable).with_name("meekmc")), "run", "metr-gaps"]
    command += ["--card", CARD, "--draws", str(num_draws), "--today", str(TODAY)]
    command += ["--no-plots", "--quiet", "--out", str(out)]
    clock = time.perf_counter()
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores),
    )
    return time.perf_counter() - clock

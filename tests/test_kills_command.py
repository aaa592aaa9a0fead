"""kill -9 of the command line within a run: what --resume ends with is the same."""

import concurrent.futures
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from mc.engine import storage

SCRIPT = Path(__file__).with_name("killed_command.py")
RUN = "run loss-gap --no-plots --quiet --today 2026-12-01 --draws 32768 --seed 1"
FINAL = ("summary.csv", "bands.csv", "results.nc")
POINTS = (("renamed", 3), ("half-line", 2))


def ended(folder: Path, point: str, number: int, *more: str) -> int:
    """The exit status of a run in a process of its own."""
    root = SCRIPT.parent.parent
    environment = os.environ | {"PYTHONPATH": str(root)}
    command = [sys.executable, SCRIPT, point, str(number), *RUN.split(), *more]
    return subprocess.run(
        [*command, "--out", folder], env=environment, capture_output=True, check=False
    ).returncode


def hashes(folder: Path) -> dict[str, str]:
    return {name: storage.digest(folder / name) for name in FINAL}


@pytest.mark.slow
def test_a_killed_command_goes_on_to_the_same_bytes(tmp_path):
    folders = [tmp_path / f"{point}-{number}" for point, number in POINTS]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        whole = pool.submit(ended, tmp_path / "whole", "never", 0)
        kills = [
            pool.submit(ended, folder, *at)
            for folder, at in zip(folders, POINTS, strict=True)
        ]
        assert [kill.result() for kill in kills] == [-signal.SIGKILL] * len(POINTS)
        assert whole.result() == 0
        assert not any(folder.exists() for folder in folders)
        again = [pool.submit(ended, f, "never", 0, "--resume") for f in folders]
        assert [run.result() for run in again] == [0] * len(POINTS)
    expected = hashes(tmp_path / "whole")
    assert [hashes(folder) for folder in folders] == [expected] * len(POINTS)

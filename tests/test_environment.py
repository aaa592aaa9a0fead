"""A run is the same bytes wherever it is made: clocks, locales, generators, screens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAIN = "import sys; from experiments.cli import main; main(sys.argv[1:])"
RUN = ("run", "loss-gap", "--draws", "1024", "--today", "2026-01-01", "--quiet")
ELSEWHERE = {
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "decimal commas": {"LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8"},
    "no UTF-8": {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "another generator": {"JAX_DEFAULT_PRNG_IMPL": "rbg"},
    "an older generator": {"JAX_THREEFRY_PARTITIONABLE": "0"},
    "a screen that is not there": {"MPLBACKEND": "TkAgg", "DISPLAY": ":99"},
    "another order of sets": {"PYTHONHASHSEED": "7"},
}


def made(folder: Path, environment: dict[str, str]) -> dict[str, bytes]:
    """Files of a run, but the manifest, that a process of its own makes."""
    plain = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "TZ")}
    done = subprocess.run(
        [sys.executable, "-c", MAIN, *RUN, "--out", str(folder)],
        cwd=ROOT,
        env=plain | environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    files = [f for f in folder.rglob("*") if f.is_file() and f.name != "manifest.json"]
    return {str(file.relative_to(folder)): file.read_bytes() for file in files}


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> dict[str, bytes]:
    return made(tmp_path_factory.mktemp("here") / "run", {})


@pytest.mark.slow
@pytest.mark.parametrize("name", ELSEWHERE)
def test_the_same_bytes_elsewhere(name: str, here, tmp_path: Path):
    assert {"summary.csv", "bands.csv", "results.nc"} < set(here)
    assert any(name.endswith(".svg") for name in here)
    there = made(tmp_path / "run", ELSEWHERE[name])
    assert there.keys() == here.keys()
    assert [name for name in here if here[name] != there[name]] == []

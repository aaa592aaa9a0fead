"""The GPU's benchmark where there is no GPU: what it needs, refuses and writes."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.gpu import MACHINE, targets

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "benchmarks" / "gpu.sh"
CARRIED = ROOT / "benchmarks" / "carried"
PARTS = "benchmarks.gpu_kernels, benchmarks.gpu_equality, benchmarks.gpu_machine"


def called(*arguments, python=sys.executable, **environment):
    return subprocess.run(
        [str(SCRIPT), *arguments],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHON": str(python), **environment},
    )


def imported(lines):
    return subprocess.run(
        [sys.executable, "-c", lines], capture_output=True, text=True, cwd=ROOT
    )


@pytest.fixture
def bare(tmp_path):
    """An interpreter without any package."""
    python = tmp_path / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" -S -E "$@"\n')
    python.chmod(0o755)
    return python


def test_nothing_is_needed_but_jax_and_what_is_carried():
    lines = f"""
import sys
for name in ("pandas", "xarray", "matplotlib", "typer", "rich", "sympy", "mpmath"):
    sys.modules[name] = None
sys.path.insert(0, {str(CARRIED)!r})
import {PARTS}, jaxtyping
assert jaxtyping.__file__.startswith({str(CARRIED)!r})
"""
    assert imported(lines).stderr == ""


def test_the_stand_in_has_every_annotation_that_is_used():
    used = set()
    for folder in ("benchmarks", "experiments", "mc", "priors"):
        for file in (ROOT / folder).rglob("*.py"):
            for names in re.findall(
                r"^from jaxtyping import (.+)$", file.read_text(), re.MULTILINE
            ):
                used |= set(names.split(", "))
    lines = f"import sys; sys.path.insert(0, {str(CARRIED)!r})\n"
    lines += f"from jaxtyping import {', '.join(sorted(used))}"
    assert {"Array", "Float"} <= used
    assert imported(lines).stderr == ""


def test_what_is_missing_is_named(bare):
    found = called(python=bare)
    assert found.returncode == MACHINE
    assert "lacks: numpy jax jaxlib scipy" in found.stderr


def test_an_interpreter_that_is_not_there_is_named(tmp_path):
    found = called(python=tmp_path / "python3.9")
    assert found.returncode == MACHINE
    assert "python3.9 is not a Python 3.11 or newer" in found.stderr


def test_without_a_gpu_nothing_is_measured(tmp_path):
    out = tmp_path / "gpu.json"
    found = called("--out", str(out), JAX_PLATFORMS="cpu")
    assert found.returncode == MACHINE
    assert "no GPU: JAX found cpu only" in found.stderr
    assert not out.exists()


@pytest.mark.parametrize(("seconds", "met"), [(19.0, True), (21.0, False)])
def test_a_target_is_met_by_a_measurement_alone(seconds, met):
    found = {"dry_run": False, "bands": {str(2**30): {"seconds": seconds}}}
    (row,) = targets(found)
    assert (row["target"], row["met"]) == (20.0, met)
    assert targets(found | {"dry_run": True})[0]["met"] is None
    assert targets({"dry_run": False, "bands": {"error": "out of memory"}}) == []


@pytest.mark.slow
def test_the_dry_run_goes_through_every_part(tmp_path):
    out = tmp_path / "dry.json"
    found = called("--dry-run", "--out", str(out))
    assert found.returncode == 0, found.stderr
    told = json.loads(out.read_text())
    assert told["dry_run"] is True
    assert all(row["met"] is None for row in told["targets"])
    assert told["against_cpu"]["largest_share_of_other_statuses"] == 0
    assert told["against_cpu"]["words_equal"] is True
    assert set(told["tiles"]["tiles_equal_the_first"].values()) == {True}
    assert told["tiles"]["draws_equal_in_chunks"] is True
    rows = [v for k, v in told["bands"].items() if k.isdigit()]
    assert [row["draws"] for row in rows] == [2**16, 2**17]
    assert all(row["points_per_draw"] > 2_000 for row in rows)
    assert told["whole_job"]["seconds"] < told["whole_job"]["cold_seconds"]

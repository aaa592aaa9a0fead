"""The trajectory kernel alone against the same formula in C, in one run."""

import dataclasses
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import c_kernel, kernel
from benchmarks.job import TASKS, months
from benchmarks.pairs import paired

SAME = 1e-5
"""Relative difference of the peaks of two formulas without cancellation."""


def measure(num_draws: int, pairs: int) -> dict[str, Any]:
    """Ratios of C's time to ours: 1 where both are as fast; points a second of each.

    Args:
        num_draws: A multiple of the engine's tile.
        pairs: How often each.
    """
    own, inputs = kernel.built(num_draws)
    points = num_draws * len(TASKS) * len(months())
    found: dict[str, Any] = {"draws": num_draws, "points": points}
    with tempfile.TemporaryDirectory() as folder:
        for name, plain in (("c", False), ("c_plain_subtraction", True)):
            try:
                reference = c_kernel.built(inputs, Path(folder), plain=plain)
            except (FileNotFoundError, subprocess.CalledProcessError) as error:
                found[name] = {"skipped": f"no C compiler that takes it: {error}"}
                continue
            if not plain:
                np.testing.assert_allclose(own(), reference(), rtol=SAME)
            told = dataclasses.asdict(paired(own, reference, pairs=pairs))
            for who in ("contender", "reference"):
                told[f"{who}_points_per_second"] = points / told[f"{who}_seconds"]
            found[name] = told
    return found

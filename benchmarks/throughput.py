"""The standard job by meekmc against NumPy, NumPyro and a Python loop, in one run."""

import dataclasses
from typing import Any

import numpy as np

from benchmarks import loop_job, numpy_job
from benchmarks.job import LEVELS, plan
from benchmarks.pairs import paired
from mc.engine.results import Results
from mc.engine.run import execute

LOOP_DRAWS = 2**9
"""Draws of the Python loop: its cost a draw does not depend on their number."""
CHECK_DRAWS = 2**17
"""Draws at which contenders are compared with each other before they are timed."""
RANK = 4.0
"""Standard errors of a rank within which two contenders' medians must agree."""


def measure(num_draws: int, pairs: int) -> dict[str, Any]:
    """Ratios of the standard job, contenders in turn.

    Args:
        num_draws: N of all contenders but the loop.
        pairs: How often each.
    """
    asked = plan(num_draws)

    def own() -> Results:
        return execute(asked, device="cpu")

    few = min(num_draws, CHECK_DRAWS)
    check(execute(plan(few), device="cpu"), numpy_job.run(few, by_sorting=True))
    found: dict[str, Any] = {"draws": asked.num_draws, "pairs": pairs}
    for name, reference in {
        "numpy_sort": lambda: numpy_job.run(num_draws, by_sorting=True),
        "numpy_quantile": lambda: numpy_job.run(num_draws, by_sorting=False),
        **_numpyro(num_draws),
    }.items():
        ratio = paired(own, reference, pairs=pairs, compiled=name == "numpyro")
        found[name] = dataclasses.asdict(ratio)
    loop = paired(own, lambda: loop_job.run(LOOP_DRAWS), pairs=pairs, compiled=False)
    scale = num_draws / LOOP_DRAWS
    told = dataclasses.asdict(loop)
    ratios = {name: told[name] * scale for name in ("median", "low", "high")}
    found["python_loop"] = told | ratios | {"loop_draws": LOOP_DRAWS}
    return found


def check(results: Results, theirs: dict[str, dict[str, np.ndarray]]) -> None:
    """Refuse to time contenders whose medians differ by more than chance.

    Raises:
        AssertionError: If a median leaves the reference's own quartiles, or a rank
            differs by more than ``RANK`` standard errors of independent draws.
    """
    for minutes, label in ((4, "4min"), (60, "1h"), (240, "4h")):
        bands = results.band(f"task_success_{label}", "gap")
        mine = bands[[f"q{level:g}" for level in LEVELS]].to_numpy()[1:]
        other = theirs[f"task_success_{minutes:g}min"]["gap"]
        width = other[:, 3] - other[:, 1]
        slack = RANK * width / np.sqrt(results.manifest["draws"]["total"])
        assert np.all(np.abs(mine[:, 2] - other[:, 2]) <= slack + 1e-6), label


def _numpyro(num_draws: int) -> dict[str, Any]:
    """NumPyro, where it is installed: meekmc[bench] brings it."""
    try:
        from benchmarks import numpyro_job
    except ModuleNotFoundError:
        return {}
    return {"numpyro": lambda: numpyro_job.run(num_draws)}

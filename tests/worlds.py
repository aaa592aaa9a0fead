"""Parameter sets and printed numbers of the reference."""

import datetime
import json
import math
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np

from mc.model.registry import metric_choice, path_entry

mp: Any = mpmath.mp
mpf: Any = mpmath.mpf
mp.dps = 40

ORACLES = {
    entry["id"]: entry["values"]
    for entry in json.loads((Path(__file__).parent / "oracles.json").read_text())[
        "oracles"
    ]
}
ANCHOR_YEARS = 713 / 365.25
UNTIL_YEARS = (datetime.date(2100, 1, 1) - datetime.date(2023, 3, 14)).days / 365.25

P0 = {
    "hardware_growth": math.log(1.4),
    "algorithmic_growth": math.log(2.8),
    "investment_growth": math.log(3.6),
    "loss_exponent": 0.155,
    "loss_coefficient": math.log(1070.0),
    "irreducible_loss": 1.7,
    "initial_compute": math.log(1e25),
    "horizon_doubling_time": math.log(7 / 12),
    "horizon_at_anchor": math.log(60.0),
    "anchor_date": ANCHOR_YEARS,
    "horizon_ratio_50_80": math.log(5.0),
    "tokens_per_answer": math.log(10.0),
    "benchmark_floor": 0.0,
    "benchmark_ceiling": 1.0,
    "elo_per_oom": 120.0,
    "step_error": math.log(0.01),
    "misalignment_exponent": 0.155,
    "misalignment_midpoint": math.log(1e26),
    "misalignment_ceiling": 0.5,
    "misalignment_floor": 0.0,
}
"""Parameter set P0 on canonical scales, with the METR anchors and what else it takes.

Assumed here: ten tokens an answer and 120 Elo an OOM as in the oracles, and numbers
for steps and misalignment.
"""


def dtype():
    """Working precision of this test run."""
    return jnp.float64 if jax.config.read("jax_enable_x64") else jnp.float32


def columns(num_draws, **changes):
    """P0 with changes, ``num_draws`` equal draws, or arrays as given."""
    values = P0 | changes
    return {
        name: jnp.asarray(np.broadcast_to(value, (num_draws,)), dtype())
        for name, value in values.items()
    }


def prepared(metric, parameters):
    """Path and metric records of a metric's name."""
    choice = metric_choice(metric)
    path = path_entry("exponential").load().prepare(parameters)
    typed = {
        name: math.log(value) if choice.entry.arguments[name].get("log") else value
        for name, value in choice.arguments.items()
    }
    arguments = {
        name: jnp.asarray(value, dtype())
        for name, value in {**typed, **choice.entry.fixed}.items()
    }
    return path, choice.load().prepare(parameters, path, arguments)

"""Worlds on any compute path: parameters of its parts, and the events of a metric."""

import functools
import math
import types
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from worlds import UNTIL_YEARS, columns, dtype

from mc.model.path_choice import path_choice
from mc.model.registry import metric_choice
from mc.outcomes.events import find_events
from mc.outcomes.trace import event_knots

YEARS = range(1, 41)
DRIFTS = ("hardware_growth", "algorithmic_growth", "investment_growth")

PARTS = {
    "investment_slowdown_date": 5.0,
    "late_investment_growth": math.log(1.5),
    "investment_slowdown_width": math.log(0.8),
    "investment_fade_time": math.log(4.0),
    "investment_cap": math.log(1e3),
    "revenue_growth": math.log(2.0),
    "revenue_headroom": math.log(30.0),
    "hardware_slowdown_date": 6.0,
    "late_hardware_growth": math.log(1.2),
    "hardware_slowdown_width": math.log(1.5),
    "proprietary_share": 0.3,
    "diffusion_lag": math.log(1.5),
    "leak_time": math.log(3.0),
    "scale_dependence": 0.2,
    "scale_pivot": math.log(1e24),
    "scale_dependence_growth": 0.02,
    "scale_dependence_cap": 0.3,
    "trend_break_date": 4.0,
    "trend_break_size": 1.5,
    "trend_kink_date": 7.0,
    "late_algorithmic_growth": math.log(2.0),
    "drift_persistence": 0.7,
    "hardware_drift": 0.05,
    "algorithmic_drift": 0.1,
    "investment_drift": 0.1,
    "compute_slowdown_date": 4.0,
    "late_training_compute_growth": math.log(1.7),
    "software_feedback": 0.95,
    "research_compute_returns": 0.3,
    "research_feedback": 0.1,
    "research_ceiling": math.log(1e6),
    "research_start_date": 1.0,
    "follower_lag": math.log(0.8),
    "slowing_time": math.log(10.0),
    "inference_investment_growth": math.log(2.0),
}
"""Numbers of every part of a path, on canonical scales; assumed for the tests."""


def innovations(num_draws: int, seed: int = 3) -> dict[str, Any]:
    """Standard normal innovations of the drifting rates."""
    chance = np.random.default_rng(seed)
    return {
        f"innovation[{name}.{k}]": chance.normal(size=num_draws)
        for name in DRIFTS
        for k in YEARS
    }


def path_parameters(num_draws: int, **changes: Any) -> dict[str, Any]:
    """P0 and the parts with changes; ``num_draws`` equal draws, or arrays as given."""
    return columns(num_draws, **{**PARTS, **innovations(num_draws), **changes})


def path_of(text: str, num_draws: int = 1, **changes: Any) -> Any:
    """The path as ``--path`` puts it together."""
    return path_choice(text).load().prepare(path_parameters(num_draws, **changes))


def at(*years: float) -> Any:
    """Dates by draws of one column."""
    return jnp.asarray(years, dtype())[:, None]


@functools.partial(jax.jit, static_argnames=("text", "metric"))
def _events(text, metric, parameters, log_tolerance, knots, until):
    path = path_choice(text).load().prepare(parameters)
    choice = metric_choice(metric)
    arguments = {
        name: jnp.asarray(
            math.log(value) if choice.entry.arguments[name].get("log") else value,
            dtype(),
        )
        for name, value in choice.arguments.items()
    }
    record = choice.load().prepare(parameters, path, arguments)
    return find_events(
        record, path, knots=knots, until_years=until, log_tolerance=log_tolerance
    )


def path_events(
    text: str,
    num_draws: int = 1,
    *,
    metric: str = "validation_loss",
    tolerance: float = 0.001,
    until: float = UNTIL_YEARS,
    **changes: Any,
) -> Any:
    """Events of the draws on a path, on the host."""
    found = _events(
        text,
        metric,
        path_parameters(num_draws, **changes),
        jnp.asarray(math.log(tolerance), dtype()),
        jnp.asarray(event_knots(until), dtype()),
        jnp.asarray(until, dtype()),
    )
    return jax.tree.map(np.asarray, found)


def one_event(text: str, **changes: Any) -> Any:
    """Events of a single draw as scalars."""
    found = vars(path_events(text, **changes))
    return types.SimpleNamespace(**{k: v[0] for k, v in found.items()})

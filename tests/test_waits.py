"""Lag and delay on every path, against bisection by a slow loop in float64."""

import functools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import path_parameters

from mc.model.path_choice import path_choice

PATHS = (
    "investment_slowdown",
    "investment_slowdown:form=smooth",
    "investment_slowdown:form=ends",
    "investment_cap:form=logistic+trend_break",
    "kinked_trend+hardware_slowdown",
    "drifting_rates",
    "power_law",
    "proprietary_progress:form=lag",
)
DATES = (0.0, 0.01, 1.0, 3.99, 4.0, 5.0, 6.5, 12.0, 30.0)
DRAWS = 64


@functools.partial(jax.jit, static_argnames="text")
def _waits(text, parameters, years):
    path = path_choice(text).load().prepare(parameters)
    return path.lag_years(years), path.catch_up_years(years), path.lead(years)


@functools.partial(jax.jit, static_argnames="text")
def _levels(text, parameters, years):
    path: Any = path_choice(text).load().prepare(parameters)
    return path.x(years), path.frontier(years)


def draws():
    chance = np.random.default_rng(7)
    return path_parameters(
        DRAWS,
        initial_compute_ratio=np.resize([0.0, math.log(20), -math.log(3)], DRAWS),
        hardware_growth=chance.normal(0.33, 0.05, DRAWS),
        algorithmic_growth=chance.normal(1.0, 0.2, DRAWS),
        investment_growth=chance.normal(1.2, 0.25, DRAWS),
    )


def level_of(text, parameters, actor):
    """One actor's level on dates ``[dates, draws]``, in float64."""

    def level(years):
        with jax.enable_x64(new_val=True):
            wide = {
                name: jnp.asarray(np.asarray(values), jnp.float64)
                for name, values in parameters.items()
            }
            values = _levels(text, wide, jnp.asarray(years, jnp.float64))
        return np.asarray(values[actor], np.float64)

    return level


def crossing(level, target, low, high):
    """Where a level first comes to a target, by bisection."""
    for _ in range(60):
        middle = (low + high) / 2
        reached = level(middle) >= target
        low, high = np.where(reached, low, middle), np.where(reached, middle, high)
    return high


@pytest.mark.parametrize("text", PATHS)
def test_lag_and_delay_are_where_a_loop_finds_them(text):
    parameters = draws()
    dtype = jnp.float64 if jax.config.read("jax_enable_x64") else jnp.float32
    years = np.array(DATES)[:, None] + np.zeros(DRAWS)
    narrow = {k: jnp.asarray(np.asarray(v), dtype) for k, v in parameters.items()}
    column = jnp.asarray(DATES, dtype)[:, None]
    lag, delay, lead = (np.asarray(w, float) for w in _waits(text, narrow, column))
    x = level_of(text, parameters, 0)
    frontier = level_of(text, parameters, 1)
    led = lead > 1e-3
    known = led & (frontier(0 * years) <= x(years))
    ago = years - crossing(frontier, x(years), 0 * years, years)
    bound = 1e-4 if dtype == jnp.float32 else 1e-8
    # At a jump of the frontier the bracket is halved thirteen times.
    wide = np.where("break" in text, years / 2**13, bound)
    assert np.all(np.abs(lag - ago)[known] <= (wide + 1e-4 * ago)[known])
    before = led & (frontier(0 * years) > x(years) + 1e-3)
    assert np.all(lag[before] > years[before])
    far = years + 400.0
    caught = led & (x(far) > frontier(years))
    until = crossing(x, frontier(years), years, far) - years
    np.testing.assert_allclose(delay[caught], until[caught], rtol=1e-4, atol=bound)
    assert known.any()
    assert before.any()
    assert caught.any()

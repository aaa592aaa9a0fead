"""Rates that drift: the recursion, year by year, and the innovations they draw."""

from typing import Any

import jax.numpy as jnp
import numpy as np
from path_worlds import path_events, path_parameters
from worlds import dtype

from mc.model.growth.drifting import Drifting, year_turns
from mc.model.path_choice import path_choice
from mc.outcomes.status import Status


def test_rates_drift_as_the_recursion_says(x64):
    rng = np.random.default_rng(7)
    chance = rng.normal(size=(40, 3))
    mean, keep, sd = np.array([0.5, 1.0, 0.1]), np.array([0.0, 0.9, -0.5]), 0.2
    growth = Drifting.of(
        jnp.asarray(mean, dtype()),
        jnp.asarray(keep, dtype()),
        jnp.full(3, sd, dtype()),
        [jnp.asarray(c, dtype()) for c in chance],
        year_turns(jnp.asarray(mean, dtype()), 40),
    )
    deviation, level, levels, rates = np.zeros(3), np.zeros(3), [], []
    for year in range(50):
        if year:
            within = year <= 40
            deviation = keep * deviation + sd * chance[min(year, 40) - 1]
            deviation = deviation if within else np.zeros(3)
        levels.append(level + 0.25 * (mean + deviation))
        rates.append(mean + deviation)
        level = level + mean + deviation
    years = jnp.arange(50, dtype=dtype())[:, None] + 0.25
    tolerance = 1e-12 if x64 else 2e-5
    np.testing.assert_allclose(growth.level(years), levels, atol=tolerance)
    np.testing.assert_allclose(growth.rate(years), rates, atol=tolerance)
    gained = growth.gained(years, jnp.full((1, 1), 0.125, dtype()))
    np.testing.assert_allclose(gained, np.array(rates) / 8, atol=tolerance)
    rate, offset = growth.late()
    np.testing.assert_allclose(rate, mean, rtol=1e-6)
    np.testing.assert_allclose(offset, level - 50 * mean, atol=10 * tolerance)
    assert len(growth.breaks()) == 41


def test_drifting_rates_draw_their_innovations():
    choice = path_choice("drifting_rates")
    assert len(choice.innovations) == 120
    assert set(choice.innovations) <= set(path_parameters(1))
    still: dict[str, Any] = {
        "hardware_drift": 0.0,
        "algorithmic_drift": 0.0,
        "investment_drift": 0.0,
    }
    calm = path_events("drifting_rates", **still)
    base = path_events("exponential")
    np.testing.assert_allclose(calm.peak_years, base.peak_years, atol=1e-4)
    assert calm.peak_status[0] == Status.OBSERVED

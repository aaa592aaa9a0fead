"""Rates that drift: the recursion, year by year, and the innovations they draw."""

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import YEARS, at, one_event, path_events, path_of, path_parameters
from worlds import P0, UNTIL_YEARS, dtype

from mc.model.entries import INNOVATION_YEARS, shelf
from mc.model.growth.drifting import Drifting, year_turns
from mc.model.path_choice import path_choice
from mc.outcomes.status import Status

PATH = "drifting_rates"


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


ROUGH: dict[str, Any] = {
    "drift_persistence": 0.9,
    "hardware_drift": 0.04,
    "algorithmic_drift": 0.08,
    "investment_drift": 0.08,
}
END = INNOVATION_YEARS + 1


def test_after_forty_years_each_rate_is_its_mean():
    assert "forty years, then at their means" in shelf("compute")[PATH].summary
    path, base = path_of(PATH, **ROUGH), path_of("exponential")
    years = at(END - 0.5, END, END + 0.5, 60.0, 77.0, 1e4)
    for name in ("meek_growth", "lead_growth"):
        rates, means = (getattr(p, name)(years)[:, 0] for p in (path, base))
        assert float(rates[0]) != pytest.approx(float(means[0]), rel=1e-3)
        np.testing.assert_allclose(rates[1:], means[1:], rtol=1e-6)
        late = float(getattr(path.limits(), name)[0])
        assert late == pytest.approx(float(means[0]), rel=1e-6)
    assert max(float(b[0]) for b in path.breaks()) == END


@pytest.mark.parametrize("year", [30.5, END + 0.01, END + 6.0, 70.0, 76.8, 90.0])
def test_events_after_forty_years_follow_the_means(year):
    """The tolerance is the gap of that year."""
    path = path_of(PATH, **ROUGH)
    power, start = P0["loss_exponent"], math.exp(P0["loss_coefficient"])
    start *= math.exp(-power * P0["initial_compute"])
    x, lead = (float(f(at(year))[0, 0]) for f in (path.x, path.lead))
    tolerance = -start * math.exp(-power * x) * math.expm1(-power * lead)
    found = one_event(PATH, tolerance=tolerance, **ROUGH)
    if year > UNTIL_YEARS:
        assert found.convergence_status == Status.BEYOND
        return
    assert found.convergence_status == Status.OBSERVED
    slope = power * float(path.meek_growth(at(year))[0, 0])
    slack = 1e-4 + 64 * float(jnp.finfo(dtype()).eps) * (10 + power * x) / slope
    assert found.convergence_years == pytest.approx(year, abs=slack)


@pytest.mark.parametrize("mean", [-0.05, 0.05])
def test_what_never_ends_is_decided_by_the_means(mean):
    """Forty years of growth, or of decline, do not count: the mean does."""
    chance = {f"innovation[investment_growth.{k}]": -3.0 * np.sign(mean) for k in YEARS}
    changes: dict[str, Any] = {**ROUGH, **chance, "investment_growth": mean}
    path = path_of(PATH, initial_compute_ratio=20.0, **changes)
    lead = float(path.lead(at(END))[0, 0])
    assert np.sign(lead - 20.0) == -np.sign(mean)
    assert float(path.limits().lead[0]) == math.inf * np.sign(mean)
    found = one_event(
        PATH,
        metric="negative_log_loss",
        tolerance=0.01,
        initial_compute_ratio=20.0,
        **changes,
    )
    never = found.convergence_status == Status.NEVER
    assert never == (mean > 0)
    assert found.limit_gap == math.inf * np.sign(mean)


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

"""Printed and derived numbers of compute paths: slowdowns, clocks, feedback."""

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import found_events
from worlds import P0, columns, dtype

from mc.model.compute.exponential import Exponential
from mc.model.path_choice import path_choice
from mc.model.registry import BadArgument, metric_choice

MEEK_2025 = {
    "loss_exponent": 0.154,
    "initial_compute": math.log(1e20),
    "investment_growth": math.log(5 / 1.4),
}
SHARE = {"initial_compute_ratio": 0.0}
WHITFILL = {
    "algorithmic_growth": math.log(2.8),
    "compute_slowdown_date": 2.0,
    "software_feedback": 0.95,
}


def loss_on(path, parameters):
    """The record of the loss on a path, and the path."""
    path = path_choice(path).load().prepare(parameters)
    return metric_choice("validation_loss").load().prepare(parameters, path, {}), path


def gaps(path, years, **changes):
    """Loss gaps of the 2025 paper's constants along a path, at some dates."""
    record, path = loss_on(path, columns(1, **MEEK_2025, **SHARE, **changes))
    t = jnp.asarray(years, dtype())[:, None]
    return np.asarray(record.gap(path.x(t), path.lead(t)))[:, 0]


def events(path, tolerance, **changes):
    """Events of the loss gap of P0 along a path, of one draw."""
    record, path = loss_on(path, columns(1, **changes))
    found = found_events(record, path, tolerance)
    return {name: float(value[0]) for name, value in vars(found).items()}


def test_investment_that_stops_after_five_years_gives_the_2025_gaps():
    found = gaps(
        "investment_slowdown:form=ends", [10, 15, 20], investment_slowdown_date=5.0
    )
    assert found == pytest.approx([0.0678, 0.0237, 0.0083], abs=5.1e-5)


def test_investment_that_slows_after_five_years_gives_the_2025_gaps():
    found = gaps(
        "investment_slowdown",
        [10, 15, 20],
        investment_slowdown_date=5.0,
        late_investment_growth=math.log(1.5),
    )
    assert found == pytest.approx([0.0788, 0.0303, 0.0113], abs=5.1e-5)


def test_a_stop_at_two_years_is_the_peak_of_p0():
    found = events("investment_slowdown:form=ends", 0.001, investment_slowdown_date=2.0)
    assert found["peak_years"] == pytest.approx(2.0, abs=1e-4)
    assert found["peak_gap"] == pytest.approx(0.0306179549761, rel=1e-5)
    assert found["convergence_years"] == pytest.approx(18.1590565332, abs=1e-4)


def test_a_narrow_smooth_slowdown_is_the_sharp_one(x64):
    late = {"investment_slowdown_date": 5.0, "late_investment_growth": math.log(1.5)}
    sharp = gaps("investment_slowdown", [3, 10, 20], **late)
    narrow = {"investment_slowdown_width": math.log(1e-4)}
    smooth = gaps("investment_slowdown:form=smooth", [3, 10, 20], **late, **narrow)
    assert smooth == pytest.approx(sharp, rel=1e-4 if not x64 else 1e-5)


@pytest.mark.parametrize("time", [5.0, 20.0])
def test_a_power_law_peaks_at_expm1_of_the_exponential_clock(time):
    before = events("exponential", 0.01)
    after = events("power_law", 0.01, slowing_time=math.log(time))
    years = time * math.expm1(before["peak_years"] / time)
    assert after["peak_years"] == pytest.approx(years, rel=1e-4)
    assert after["peak_gap"] == pytest.approx(before["peak_gap"], rel=1e-5)


@pytest.mark.parametrize(("late", "rate"), [(4.5, 1.168), (1.7, 0.194)])
def test_the_lead_on_a_balanced_path_grows_as_derived(late, rate):
    changes = {
        "investment_growth": math.log(4.5 / 1.4),
        "late_training_compute_growth": math.log(late),
    }
    parameters = columns(1, **WHITFILL, **changes)
    path = path_choice("compute_slowdown").load().prepare(parameters)
    after = jnp.asarray([[5.0]], dtype())
    assert float(path.lead_growth(after)[0, 0]) == pytest.approx(rate, abs=1e-3)
    meek = math.log(1.4) + 0.95 * math.log(late)
    assert float(path.meek_growth(after)[0, 0]) == pytest.approx(meek, rel=1e-5)


@pytest.mark.parametrize(("late", "delay"), [(1.7, 6.6), (2.0, 4.2), (1.35, 14.4)])
def test_a_compute_slowdown_delays_a_horizon_as_derived(late, delay):
    """26.6 minutes in 2025.6, doubling in 7 months, on the way to 167 hours."""
    now, slows = 2025.6 - 2023.2, 2027.0 - 2023.2
    changes = {
        "investment_growth": math.log(4.5 / 1.4),
        "late_training_compute_growth": math.log(late),
        "compute_slowdown_date": slows,
    }
    parameters = columns(1, **(WHITFILL | changes))
    path: Any = path_choice("compute_slowdown").load().prepare(parameters)
    elasticity = math.log(2) / (7 / 12) / (1.95 * math.log(4.5))
    needed = math.log(167 * 60 / 26.6) / elasticity

    def reached(years):
        gained = path.frontier(at(years)) - path.frontier(at(now))
        return float(gained.ravel()[0]) - needed

    def at(years):
        return jnp.asarray([[years]], dtype())

    low, high = now, now + 60
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if reached(middle) < 0 else (low, middle)
    on_trend = needed / (1.95 * math.log(4.5))
    assert low - now - on_trend == pytest.approx(delay, abs=0.06)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["exponential", "investment_slowdown", "investment_cap"]
)
def test_no_draw_converges_earlier_because_the_frontier_invests_more(path):
    rates = np.linspace(0.3, 2.5, 64)
    others = {
        "investment_slowdown_date": 4.0,
        "late_investment_growth": 0.2,
        "investment_cap": math.log(100.0),
    }
    parameters = columns(64, investment_growth=rates, **others)
    record, pair = loss_on(path, parameters)
    found = found_events(record, pair, 0.01)
    years = np.asarray(found.convergence_years, float)
    assert np.all(years[1:] >= years[:-1] - 2e-4)


def test_a_lead_that_is_lost_to_a_slowdown_is_overtaken():
    late = {"investment_slowdown_date": 2.0, "late_investment_growth": -0.5}
    parameters = columns(1, **late)
    path = path_choice("investment_slowdown").load().prepare(parameters)
    expected = 2.0 + 2.0 * P0["investment_growth"] / 0.5
    assert float(path.overtaken_years()[0]) == pytest.approx(expected, abs=1e-4)


def test_lag_and_delay_across_a_kink_are_where_the_trajectories_meet():
    late = {"investment_slowdown_date": 4.0, "late_investment_growth": 0.1}
    path: Any = path_choice("investment_slowdown").load().prepare(columns(1, **late))
    now = jnp.asarray([[9.0]], dtype())
    here, there = path.x(now), path.frontier(now)
    assert np.asarray(path.frontier(now - path.lag_years(now))) == pytest.approx(
        np.asarray(here), rel=1e-5
    )
    assert np.asarray(path.x(now + path.catch_up_years(now))) == pytest.approx(
        np.asarray(there), rel=1e-5
    )


def test_two_parts_that_replace_one_entry_are_refused():
    with pytest.raises(BadArgument, match="investment"):
        path_choice("investment_slowdown+investment_cap")
    with pytest.raises(BadArgument, match="twice"):
        path_choice("trend_break+trend_break")


def test_a_path_is_named_by_its_parts_and_what_differs_from_their_defaults():
    text = "investment_slowdown:form=smooth+trend_break:who=frontier"
    found = path_choice(f"exponential+{text}")
    assert found.name == "investment_slowdown:form=smooth+trend_break"
    assert path_choice(found.name) == found


def test_an_actor_that_gets_less_starts_to_fall_behind():
    parameters = columns(
        1,
        meek_hardware_growth=math.log(1.1),
        meek_algorithmic_share=0.5,
        meek_investment_growth=math.log(2),
    )
    path = Exponential.prepare(parameters)
    t = jnp.asarray([[3.0]], dtype())
    expected = math.log(1.1) + 0.5 * math.log(2.8) + math.log(2)
    assert float(path.x(t)[0, 0]) == pytest.approx(3 * expected, rel=1e-5)
    frontier = math.log(1.4) + math.log(2.8) + math.log(3.6)
    assert float(path.frontier(t)[0, 0]) == pytest.approx(3 * frontier, rel=1e-5)

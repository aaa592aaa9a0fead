"""The exponential path: rates, limits and lags in every regime of growth."""

import math

import jax.numpy as jnp
import numpy as np
import pytest
from worlds import ORACLES, P0, columns, dtype

from mc.model.compute.exponential import Exponential


def path_of(**changes):
    return Exponential.prepare(columns(1, **changes))


def at(years):
    return jnp.asarray([years], dtype())


def test_lead_and_x_are_lines(x64):
    path = path_of(initial_compute_ratio=math.log(50))
    tolerance = 1e-12 if x64 else 1e-5
    assert float(path.x(at(7.0))[0]) == pytest.approx(7 * math.log(3.92), rel=tolerance)
    expected = math.log(50) + 7 * math.log(3.6)
    assert float(path.lead(at(7.0))[0]) == pytest.approx(expected, rel=tolerance)


def test_training_compute_growth_is_divided_by_hardware(x64):
    parameters = columns(1, training_compute_growth=math.log(5.0))
    del parameters["investment_growth"]
    path = Exponential.prepare(parameters)
    expected = math.log(5.0 / 1.4)
    assert float(path.ahead.steady.per_year[0]) == pytest.approx(
        expected, rel=1e-12 if x64 else 1e-5
    )


def test_a_clock_ratio_stands_for_algorithms(x64):
    parameters = columns(1, clock_ratio=0.55)
    del parameters["algorithmic_growth"]
    path = Exponential.prepare(parameters)
    ratio = float((path.meek.steady.per_year / path.frontier_growth(at(0.0)))[0])
    assert ratio == pytest.approx(0.55, rel=1e-12 if x64 else 1e-6)


def test_the_frontier_may_be_named_in_flop(x64):
    path = path_of(frontier_compute=math.log(5e26))
    expected = math.log(50)
    assert float(path.log_ratio[0]) == pytest.approx(
        expected, abs=1e-12 if x64 else 1e-5
    )


@pytest.mark.parametrize(
    ("shared", "investment", "ratio", "direction"),
    [
        (1.0, 1.0, math.log(2), 1),
        (1.0, 0.0, 0.0, 1),
        (1.0, -2.0, -math.inf, 1),
        (-1.0, 2.0, math.inf, 1),
        (0.0, 1.0, math.inf, 1),
        (0.0, -1.0, -math.inf, 1),
        (-1.0, 0.5, math.log(0.5), -1),
        (0.0, 0.0, 0.0, 0),
    ],
)
def test_rates_in_every_regime(shared, investment, ratio, direction):
    path = path_of(
        hardware_growth=0.0, algorithmic_growth=shared, investment_growth=investment
    )
    assert float(path.log_rate_ratio(at(1.0))[0]) == pytest.approx(ratio, rel=1e-6)
    assert float(path.direction(at(1.0))[0]) == direction


def test_small_investments_keep_their_digits(x64):
    path = path_of(investment_growth=1e-6)
    expected = math.log1p(1e-6 / (P0["hardware_growth"] + P0["algorithmic_growth"]))
    assert float(path.log_rate_ratio(at(0.0))[0]) == pytest.approx(
        expected, rel=1e-12 if x64 else 1e-6
    )


def test_lag_looks_back_and_delay_looks_forward(x64):
    path = path_of(initial_compute_ratio=0.5)
    t = at(10.0)
    lag, delay = path.lag_years(t), path.catch_up_years(t)
    tolerance = 1e-11 if x64 else 1e-4
    stood = path.x(t - lag) + path.lead(t - lag)
    np.testing.assert_allclose(stood, path.x(t), atol=tolerance)
    np.testing.assert_allclose(
        path.x(t + delay), path.x(t) + path.lead(t), atol=tolerance
    )


def test_the_lag_at_ten_years_is_the_printed_one():
    lag = float(path_of().lag_years(at(10.0))[0])
    assert lag == pytest.approx(float(ORACLES["i.07"]["lag_at_t10"]), rel=1e-6)


def test_who_does_not_grow_never_catches_up():
    path = path_of(hardware_growth=0.0, algorithmic_growth=0.0)
    assert np.isposinf(np.asarray(path.catch_up_years(at(3.0)))[0])


@pytest.mark.parametrize(
    ("shared", "investment", "ratio", "lag", "delay"),
    [
        (1.0, 0.5, 0.5, 1.5 / 1.5, 1.5),
        (-1.0, 0.5, 0.5, math.inf, math.inf),
        (-1.0, -0.5, -0.5, 1.5 / 1.5, 1.5),
        (0.0, 0.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 0.5, math.inf, math.inf),
        (1.0, -0.5, -0.5, -1.5 / 0.5, -1.5),
    ],
)
def test_waits_are_numbers_only_where_something_is_reached(
    shared, investment, ratio, lag, delay
):
    path = path_of(
        hardware_growth=0.0,
        algorithmic_growth=shared,
        investment_growth=investment,
        initial_compute_ratio=ratio,
    )
    t = at(2.0)
    assert float(path.lag_years(t)[0]) == pytest.approx(lag, rel=1e-6)
    assert float(path.catch_up_years(t)[0]) == pytest.approx(delay, rel=1e-6)


@pytest.mark.parametrize(
    ("investment", "ratio", "years"),
    [
        (-0.5, 1.0, 2.0),
        (0.5, 1.0, math.inf),
        (0.0, 0.0, math.inf),
        (-0.5, 0.0, -math.inf),
        (0.5, -1.0, -math.inf),
    ],
)
def test_a_melting_lead_is_overtaken_on_its_date(investment, ratio, years):
    path = path_of(investment_growth=investment, initial_compute_ratio=ratio)
    assert float(path.overtaken_years()[0]) == pytest.approx(years)


def test_limits_follow_the_signs():
    limits = path_of(investment_growth=-5.0).limits()
    assert float(limits.meek[0]) == math.inf
    assert float(limits.frontier[0]) == -math.inf
    assert float(limits.lead[0]) == -math.inf
    still = path_of(investment_growth=0.0, initial_compute_ratio=2.0).limits()
    assert float(still.lead[0]) == 2.0
    assert float(still.ratio[0]) == 1.0

"""Inference budgets, alone and beside training compute."""

import itertools

import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import Case, epsilon, floats
from worlds import dtype

from mc.model.inference import TwoBudgets

DATES = (0.0, 0.7, 4.0, 17.0, 60.0)
NO_INFERENCE = {
    "hardware_growth": 0.0,
    "inference_efficiency_growth": 0.0,
    "inference_investment_growth": 0.0,
    "initial_inference_ratio": 0.0,
}
LED = {"initial_inference_ratio": 0.4, "initial_compute_ratio": 0.3}


def world(**changes):
    """The same value in 64 draws; what is not said comes from the card."""
    return {name: np.full(64, value) for name, value in changes.items()}


def over_dates(case):
    """The gap on each date, along the metric's own budget."""
    times = jnp.asarray(DATES, dtype())[:, None]
    return floats(
        case.record.on(times).gap(case.budget.x(times), case.budget.lead(times))
    )


def test_inference_budgets_grow_with_hardware_and_efficiency():
    case = Case("pass_at_k", world(**LED))
    host = {name: floats(values) for name, values in case.parameters.items()}
    growth = host["hardware_growth"] + host["inference_efficiency_growth"]
    spending = host["inference_investment_growth"]
    for years in DATES:
        t = jnp.asarray(years, dtype())
        rtol = 8 * epsilon()
        np.testing.assert_allclose(case.budget.x(t), growth * years, rtol=rtol)
        np.testing.assert_allclose(
            case.budget.lead(t), 0.4 + spending * years, rtol=rtol
        )
        np.testing.assert_allclose(case.budget.meek_growth(t), growth, rtol=rtol)
        np.testing.assert_allclose(case.budget.lead_growth(t), spending, rtol=rtol)


@pytest.mark.parametrize("silence", [{"elo_per_inference_oom": 0.0}, NO_INFERENCE])
def test_elo_of_two_budgets_without_inference_is_that_of_training(silence):
    both = Case("elo_two_budgets", world(**LED | silence))
    alone = Case("elo", world(**LED | silence))
    rtol = 8 * epsilon()
    np.testing.assert_allclose(over_dates(both), over_dates(alone), rtol=rtol)


def test_elo_of_two_budgets_without_training_is_that_of_inference():
    both = Case("elo_two_budgets", world(**LED, elo_per_oom=0.0))
    slope = floats(both.parameters["elo_per_inference_oom"]) / np.log(10)
    times = jnp.asarray(DATES, dtype())[:, None]
    lead = floats(both.record.both.inference.lead(times))
    np.testing.assert_allclose(over_dates(both), slope * lead, rtol=8 * epsilon())


def test_pass_at_k_of_two_budgets_without_training_is_that_of_inference():
    both = Case("pass_at_k_two_budgets", world(**LED, coverage_training_exponent=0.0))
    alone = Case("pass_at_k", world(**LED))
    found, expected = over_dates(both), over_dates(alone)
    np.testing.assert_allclose(found, expected, rtol=256 * epsilon(), atol=1e-12)
    for years in (0.5, 5.0, 50.0):
        t = jnp.asarray(years, dtype())
        one, other = (c.record.rise(c.budget, t) for c in (both, alone))
        np.testing.assert_allclose(one, other, rtol=64 * epsilon(), atol=1e-5)


def test_pass_at_k_of_two_budgets_without_inference_is_a_curve_in_training():
    both = Case("pass_at_k_two_budgets", world(**LED | NO_INFERENCE))
    host = {name: floats(values) for name, values in both.parameters.items()}
    times = jnp.asarray(DATES, dtype())[:, None]
    x, lead = floats(both.path.x(times)), floats(both.path.lead(times))
    power = host["coverage_training_exponent"]
    behind = np.exp(host["pass_at_k_scale"] - power * x)
    ahead = np.exp(host["pass_at_k_scale"] - power * (x + lead))
    expected = np.exp(-ahead) - np.exp(-behind)
    np.testing.assert_allclose(over_dates(both), expected, atol=64 * epsilon())


SIGNS = list(itertools.product((-0.5, 0.0, 0.5), (-0.5, 0.0, 0.5), (0.0, 1.0)))


def pair(weights, case):
    """Both budgets of a case under other weights."""
    one, other = (jnp.full(case.size, w, dtype()) for w in weights)
    return TwoBudgets(
        training=case.path,
        inference=case.record.both.inference,
        training_weight=one,
        inference_weight=other,
    )


@pytest.fixture(scope="module")
def opposed():
    """Budgets that grow, stand or shrink, alone, alike or against each other."""
    shared, inference, lead = map(np.array, zip(*SIGNS, strict=True))
    changes = {
        "hardware_growth": 0 * shared,
        "algorithmic_growth": shared,
        "investment_growth": inference,
        "initial_compute_ratio": lead,
        "inference_efficiency_growth": inference,
        "inference_investment_growth": shared,
        "initial_inference_ratio": -2 * lead,
    }
    return Case("elo_two_budgets", changes)


@pytest.mark.parametrize("weights", [(1.0, 1.0), (1.0, 0.5), (0.0, 1.0), (1.0, 0.0)])
def test_the_limits_of_a_sum_are_where_it_goes(opposed, weights):
    both = pair(weights, opposed)
    limits, late = both.limits(), jnp.asarray(1e6, dtype())
    trends = {
        "meek": both.x(late),
        "lead": both.lead(late),
        "frontier": both.x(late) + both.lead(late),
    }
    for name, trend in trends.items():
        limit, value = floats(getattr(limits, name)), floats(trend)
        assert not np.any(np.isnan(limit))
        endless = np.isinf(limit)
        assert np.array_equal(np.sign(limit[endless]), np.sign(value[endless]))
        assert np.all(np.abs(value[endless]) > 1e4)
        np.testing.assert_allclose(
            limit[~endless], value[~endless], atol=4e6 * epsilon()
        )
    np.testing.assert_allclose(limits.meek_growth, both.meek_growth(late))


def test_what_is_weighted_by_nothing_does_not_count(opposed):
    limits = pair((0.0, 1.0), opposed).limits()
    alone = opposed.record.both.inference.limits()
    for name in ("meek", "lead", "frontier", "meek_growth", "lead_growth"):
        assert np.array_equal(getattr(limits, name), getattr(alone, name))

"""One contract for all metrics, in the precision of the run."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from worlds import (
    METRICS,
    ORACLES,
    P0,
    columns,
    dtype,
    exact_gap,
    exact_value,
    mp,
    mpf,
    prepared,
)

from mc.engine.columns import host_values
from mc.model.axes import PathLimits
from mc.model.registry import shelf

POINTS = 400
FLOAT32 = {"relative": 1e-5, "share_of_range": 3e-7}
FLOAT64 = {"relative": 1e-12, "share_of_range": 1e-15}


def _bounds(x64):
    return FLOAT64 if x64 else FLOAT32


def _scattered(seed):
    """Parameters over the prior range, dates to 2100 and leads from tiny to huge."""
    rng = np.random.default_rng(seed)
    changes = {
        "hardware_growth": rng.normal(0.34, 0.07, POINTS),
        "algorithmic_growth": rng.lognormal(0.0, 0.3, POINTS),
        "investment_growth": rng.normal(1.2, 0.2, POINTS),
        "loss_exponent": rng.normal(0.17, 0.01, POINTS),
        "horizon_doubling_time": rng.normal(-1.0, 0.3, POINTS),
        "horizon_at_anchor": rng.normal(4.1, 0.3, POINTS),
        "horizon_ratio_50_80": rng.normal(1.65, 0.2, POINTS),
    }
    parameters = columns(POINTS, **changes)
    x = jnp.asarray(rng.uniform(0, 60, POINTS), dtype())
    lead = jnp.asarray(10 ** rng.uniform(-5, 1.8, POINTS), dtype())
    return parameters, x, lead


def _each(parameters):
    host = {name: np.asarray(values) for name, values in parameters.items()}
    return [{n: v[i] for n, v in host.items()} for i in range(POINTS)]


@pytest.mark.parametrize("metric", METRICS)
def test_the_gap_agrees_with_forty_digits(metric, x64):
    parameters, x, lead = _scattered(1)
    _, record = prepared(metric, parameters)
    gap = np.asarray(jax.jit(lambda r, a, b: r.gap(a, b))(record, x, lead), float)
    exact = [
        exact_gap(metric, p, a, b)
        for p, a, b in zip(_each(parameters), x, lead, strict=True)
    ]
    exact = np.array([float(value) for value in exact])
    error = np.abs(gap - exact)
    bound = _bounds(x64)
    span = 1.0 if metric.startswith("task") else 0.0
    allowed = np.where(
        np.abs(exact) > 1e-6 * span,
        bound["relative"] * np.abs(exact),
        bound["share_of_range"] * span,
    )
    if metric == "validation_loss":
        allowed = np.maximum(allowed, np.finfo(np.float32).tiny)
    assert np.all(error <= allowed), np.max(error / np.maximum(allowed, 1e-300))


@pytest.mark.parametrize("metric", METRICS)
def test_there_is_no_gap_without_a_lead(metric):
    parameters, x, _ = _scattered(2)
    _, record = prepared(metric, parameters)
    assert np.all(np.asarray(record.gap(x, jnp.zeros_like(x))) == 0)
    assert np.all(np.isneginf(np.asarray(record.log_gap(x, jnp.zeros_like(x)))))


@pytest.mark.parametrize("metric", METRICS)
def test_swapping_the_actors_swaps_the_sign(metric, x64):
    parameters, x, lead = _scattered(3)
    lead = jnp.minimum(lead, 3.0)
    _, record = prepared(metric, parameters)
    ahead = np.asarray(record.gap(x, lead), float)
    behind = np.asarray(record.gap(x + lead, -lead), float)
    tolerance = 1e-11 if x64 else 3e-5
    np.testing.assert_allclose(behind, -ahead, rtol=tolerance, atol=1e-30)


@pytest.mark.parametrize("metric", METRICS)
def test_the_gap_grows_with_the_lead(metric):
    parameters, x, lead = _scattered(4)
    _, record = prepared(metric, parameters)
    assert np.all(np.asarray(record.gap(x, lead)) > 0)
    wider = np.asarray(record.gap(x, lead * 1.01))
    assert np.all(wider >= np.asarray(record.gap(x, lead)))


@pytest.mark.parametrize("metric", METRICS)
def test_log_gap_is_the_logarithm_of_the_gap(metric, x64):
    parameters, x, lead = _scattered(5)
    _, record = prepared(metric, parameters)
    gap = np.asarray(record.gap(x, lead), float)
    seen = gap > 1e-30
    tolerance = 1e-11 if x64 else 2e-5
    np.testing.assert_allclose(
        np.asarray(record.log_gap(x, lead), float)[seen],
        np.log(gap[seen]),
        atol=tolerance,
        rtol=tolerance,
    )


@pytest.mark.parametrize("metric", METRICS)
def test_log_slope_is_the_logarithm_of_the_derivative(metric, x64):
    parameters, x, _ = _scattered(6)
    _, record = prepared(metric, parameters)
    slope = np.asarray(record.log_slope(x), float)
    for i, p in list(enumerate(_each(parameters)))[:40]:
        derivative = mp.diff(lambda t, p=p: exact_value(metric, p, t), mpf(float(x[i])))
        expected = float(mp.log(derivative))
        assert abs(slope[i] - expected) < (1e-10 if x64 else 2e-5)


@pytest.mark.parametrize("metric", METRICS)
def test_the_change_of_slope_does_not_cancel(metric, x64):
    parameters, x, lead = _scattered(8)
    _, record = prepared(metric, parameters)
    change = np.asarray(record.log_slope_change(x, lead), float)
    whole = np.asarray(record.log_slope(x + lead) - record.log_slope(x), float)
    np.testing.assert_allclose(change, whole, atol=1e-11 if x64 else 2e-4, rtol=1e-4)
    tiny = jnp.full_like(lead, 1e-6)
    small = np.asarray(record.log_slope_change(x, tiny), float)
    for i, p in list(enumerate(_each(parameters)))[:40]:
        slopes = [
            mp.diff(lambda t, p=p: exact_value(metric, p, t), mpf(float(x[i])) + step)
            for step in (mpf(0), mpf(float(tiny[i])))
        ]
        expected = float(mp.log(slopes[1] / slopes[0]))
        assert small[i] == pytest.approx(expected, rel=1e-4, abs=1e-12)


@pytest.mark.parametrize("metric", METRICS)
def test_values_of_the_actors_differ_by_the_gap(metric):
    parameters, x, lead = _scattered(7)
    _, record = prepared(metric, parameters)
    series = record.series(x, lead)
    sign = -1 if metric == "validation_loss" else 1
    difference = sign * np.asarray(series["frontier"] - series["meek"], float)
    np.testing.assert_allclose(difference, series["gap"], atol=2e-5, rtol=2e-5)


@pytest.mark.parametrize("metric", METRICS)
@pytest.mark.parametrize("investment", [1.2, -0.1])
@pytest.mark.parametrize("shared", [1.3, 0.0, -0.4])
def test_the_limit_is_where_the_gap_goes(metric, investment, shared):
    parameters = columns(
        1,
        hardware_growth=0.0,
        algorithmic_growth=shared,
        investment_growth=investment,
        horizon_elasticity=0.4,
        initial_compute_ratio=0.7,
    )
    del parameters["horizon_doubling_time"]
    path, record = prepared(metric, parameters)
    late = jnp.asarray([3e3], dtype())
    gap = float(record.gap(path.x(late), path.lead(late))[0])
    limit = float(record.limit_gap(path.limits())[0])
    if np.isinf(limit):
        assert np.sign(limit) * gap > 90
    else:
        assert gap == pytest.approx(limit, abs=1e-6, rel=1e-6)


def test_finite_limits_are_the_gap_at_the_limit():
    parameters = columns(1)
    for metric in METRICS:
        _, record = prepared(metric, parameters)
        x, lead = jnp.asarray([2.0], dtype()), jnp.asarray([1.0], dtype())
        limits = PathLimits(
            meek=x,
            frontier=x + lead,
            lead=lead,
            ratio=1 + lead / x,
            meek_growth=0 * x,
            lead_growth=0 * x,
            meek_offset=x,
        )
        assert float(record.limit_gap(limits)[0]) == pytest.approx(
            float(record.gap(x, lead)[0]), rel=1e-6
        )


@pytest.mark.parametrize("metric", METRICS)
def test_no_sign_of_growth_or_lead_gives_nan(metric):
    signs = np.array(list(itertools.product([-0.9, 0.0, 0.9], repeat=3)))
    parameters = columns(
        len(signs),
        hardware_growth=0.0,
        algorithmic_growth=signs[:, 0],
        investment_growth=signs[:, 1],
        initial_compute_ratio=signs[:, 2],
        horizon_elasticity=0.4,
    )
    del parameters["horizon_doubling_time"]
    path, record = prepared(metric, parameters)
    for years in (0.0, 3.0, 90.0, 3e3, 1e6):
        t = jnp.asarray(years, dtype())
        x, lead = path.x(t), path.lead(t)
        for values in (record.gap(x, lead), *record.series(x, lead).values()):
            assert not np.any(np.isnan(np.asarray(values)))
        sign = np.sign(np.asarray(record.gap(x, lead)))
        assert np.all((sign == 0) | (sign == np.sign(np.asarray(lead))))


def test_the_difference_in_hours_keeps_its_sign(x64):
    _, record = prepared("time_horizon", columns(3))
    lead = jnp.asarray([-2.0, 0.0, 2.0], dtype())
    x = jnp.asarray([3.0, 3.0, 3.0], dtype())
    series = record.series(x, lead)
    scale = shelf("metrics")["time_horizon"].series
    hours = host_values(scale["gap_difference"], np.asarray(series["gap_difference"]))
    ahead = host_values(scale["frontier"], np.asarray(series["frontier"]))
    behind = host_values(scale["meek"], np.asarray(series["meek"]))
    np.testing.assert_allclose(hours, ahead - behind, rtol=1e-10 if x64 else 1e-5)


def test_the_loss_gap_has_the_printed_values(x64):
    path, record = prepared("validation_loss", columns(1))
    for key, expected in ORACLES["i.02"].items():
        years = float(key.removeprefix("t="))
        if not x64 and years > 150:
            continue
        t = jnp.asarray([years], dtype())
        gap = float(record.gap(path.x(t), path.lead(t))[0])
        assert gap == pytest.approx(float(expected), rel=1e-10 if x64 else 1e-5)


def test_a_pivot_and_a_coefficient_say_the_same(x64):
    by_coefficient = columns(1)
    pivot = 39.5
    loss = np.log(1070.0) - P0["loss_exponent"] * pivot
    by_pivot = columns(1, reducible_loss_at_pivot=loss, pivot_compute=pivot)
    del by_pivot["loss_coefficient"]
    x, lead = jnp.ones(1, dtype()), jnp.ones(1, dtype())
    one = prepared("validation_loss", by_coefficient)[1].gap(x, lead)
    other = prepared("validation_loss", by_pivot)[1].gap(x, lead)
    np.testing.assert_allclose(one, other, rtol=1e-12 if x64 else 1e-5)


def test_the_horizon_passes_through_its_anchor(x64):
    path, record = prepared("time_horizon", columns(1))
    t = jnp.asarray([P0["anchor_date"]], dtype())
    reached = record.value(path.x(t) + path.lead(t))
    np.testing.assert_allclose(np.exp(reached), 60.0, rtol=1e-12 if x64 else 1e-5)
    start = np.exp(record.value(jnp.zeros(1, dtype())))
    expected = 5.8989357293017919224
    np.testing.assert_allclose(start, expected, rtol=1e-12 if x64 else 1e-5)


def test_a_doubling_time_without_growth_is_invalid():
    parameters = columns(2, investment_growth=np.array([1.0, -2.0]))
    _, record = prepared("time_horizon", parameters)
    assert list(np.asarray(record.invalid())) == [False, True]

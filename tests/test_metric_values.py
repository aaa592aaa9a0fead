"""Numbers that are printed for one metric or another, and what its parameters mean."""

import jax.numpy as jnp
import numpy as np
import pytest
from worlds import ORACLES, P0, columns, dtype, prepared

from mc.engine.quantities import host_values
from mc.model.axes import PathLimits
from mc.model.registry import shelf


def test_finite_limits_are_the_gap_at_the_limit():
    parameters = columns(1)
    for metric in ("validation_loss", "time_horizon", "task_success_1h"):
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
            frontier_offset=x + lead,
        )
        assert float(record.limit_gap(limits)[0]) == pytest.approx(
            float(record.gap(x, lead)[0]), rel=1e-6
        )


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

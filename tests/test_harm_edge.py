"""Harm over time where stakes grow exactly, or nearly, as fast as safety does."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import Case, floats
from worlds import dtype, mp, mpf

from mc.model.growth.clock import LogClock
from mc.model.slowed import Slowed

POWER = 0.125
GROWTHS = (-0.5, 0.0, 0.5, 1.25)
INVESTMENTS = (-0.75, -0.5, 0.0, 0.25, 1.0)
LEADS = (-0.875, 0.0, 0.875)
EXCESS = (-(2**-10), 0.0, 2**-20)
"""Of λ over its edge, relative; numbers that float32 has exactly."""


def worlds():
    """Every edge: stakes against the growth, or the decline, of either actor."""
    combos = itertools.product(GROWTHS, INVESTMENTS, LEADS, (0, 1), EXCESS)
    shared, investment, lead, whose, excess = map(np.array, zip(*combos, strict=True))
    growth = shared + whose * investment
    return {
        "hardware_growth": np.zeros(len(lead)),
        "algorithmic_growth": shared,
        "investment_growth": investment,
        "initial_compute_ratio": lead,
        "misalignment_exponent": np.full(len(lead), POWER),
        "misalignment_floor": np.where(lead > 0, 2.0**-6, 0.0),
        "harm_growth": np.abs(POWER * growth) * (1 + excess),
    }


@pytest.fixture(scope="module")
def case():
    return Case("expected_harm_time", worlds())


def exact_gap(case, i, years, digits=60):
    form, t = case.exact(i), mpf(years)
    with mp.workdps(digits):
        return form.gap(*form.budget(t), t)


def test_the_limit_at_the_edge_is_where_the_gap_goes(case, x64):
    limit = floats(case.record.limit_gap(case.budget.limits()))
    edge = np.flatnonzero(np.tile(np.array(EXCESS) == 0, case.size // len(EXCESS)))
    for i in edge:
        gap = exact_gap(case, i, 6e3, digits=900)
        if np.isinf(limit[i]):
            assert gap * np.sign(limit[i]) > 100, case.host[i]
        else:
            assert float(gap) == pytest.approx(
                limit[i], rel=1e-12 if x64 else 2e-6, abs=1e-12
            ), case.host[i]


@pytest.mark.parametrize("years", [0.5, 20.0, 77.0])
def test_the_gap_at_and_near_the_edge_keeps_its_digits(case, years, x64):
    """Rounding of z, and of λ·t where it is taken apart, moves the gap as much."""
    t = jnp.asarray(years, dtype())
    gap = floats(
        jax.jit(lambda r, b, t: r.on(t).gap(b.x(t), b.lead(t)))(
            case.record, case.budget, t
        )
    )
    slack = 1e-12 if x64 else 1e-5
    for i in range(case.size):
        assert gap[i] == pytest.approx(
            float(exact_gap(case, i, years)), rel=slack, abs=1e-7 * slack
        ), case.host[i]


def test_no_edge_gives_nan_on_a_clock_that_slows(case):
    still = {**case.parameters, "harm_growth": 0 * case.parameters["harm_growth"]}
    record = type(case.record).prepare(still, case.path, {})
    slow = Slowed.of(case.path, LogClock(time=jnp.asarray(10.0, dtype())))
    limit = floats(record.limit_gap(slow.limits()))
    assert not np.any(np.isnan(limit))
    behind = np.minimum(floats(slow.limits().meek), floats(slow.limits().frontier))
    np.testing.assert_array_equal(limit[np.isposinf(behind)], 0.0)

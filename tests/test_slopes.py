"""How steep each metric is, and whether its gap rises, against forty digits."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import DRAWS, Case, epsilon, floats, smallest, tiered_texts
from worlds import dtype, mp, mpf

from mc.model.metrics.positional_reward import WinnerTakesAll

SEEN = range(3, 512, 16)
"""Draws that are differentiated in forty digits."""


@pytest.fixture(scope="module", params=tiered_texts(every=False))
def case(request):
    return Case(request.param)


@pytest.fixture(scope="module", params=tiered_texts(normal=True, every=False))
def normal(request):
    return Case(request.param)


def _log_slope(case, i, place):
    """``ln F'`` from values of a hundred digits, of which a bounded F loses many."""
    with mp.workdps(100):
        slope = mp.diff(case.exact(i).value, place)
        return mp.log(slope) if slope > smallest() else None


def _exponent_rounding(size):
    """A few roundings of exponents up to 64, and of what is itself as large."""
    return 64 * epsilon() * (1 + np.abs(size))


def test_log_slope_is_the_logarithm_of_the_derivative(normal):
    found = floats(normal.now.log_slope(normal.x))
    for i in SEEN:
        exact = _log_slope(normal, i, normal.at(i)[0])
        if exact is not None:
            allowed = _exponent_rounding(float(exact)) + 8 * normal.quadrature[i]
            assert abs(found[i] - float(exact)) <= allowed, (i, exact)


def _changes(case, lead):
    """Draw, exact change of ``ln F'`` over a lead, where both ends are seen."""
    for i in SEEN:
        x = mpf(float(case.x[i]))
        behind = _log_slope(case, i, x)
        ahead = _log_slope(case, i, x + mpf(float(lead[i])))
        if behind is not None and ahead is not None:
            yield i, float(ahead - behind)


def test_the_change_of_slope_is_that_of_the_derivative(normal):
    lead = jnp.minimum(normal.lead, 12.0)
    found = floats(normal.now.log_slope_change(normal.x, lead))
    for i, exact in _changes(normal, lead):
        allowed = _exponent_rounding(exact) + 8 * normal.quadrature[i]
        assert abs(found[i] - exact) <= allowed, (i, exact)


def test_a_small_change_of_slope_does_not_cancel(normal):
    """To some roundings of the change, or of the lead as far as exponents go."""
    lead = jnp.full_like(normal.lead, 2.0**-20)
    found = floats(normal.now.log_slope_change(normal.x, lead))
    for i, exact in _changes(normal, lead):
        share = 256 * epsilon() + 8 * normal.quadrature[i]
        assert abs(found[i] - exact) <= share * (abs(exact) + 2.0**-20), (i, exact)


def test_the_gap_is_the_integral_of_the_slope(normal):
    """The integral of the paper's own proof, by 48 Gauss–Legendre nodes."""
    roots, weights = np.polynomial.legendre.leggauss(48)
    lead = jnp.minimum(normal.lead, 6.0)
    places = jnp.asarray((roots + 1) / 2, dtype())[:, None]
    slopes = floats(normal.now.log_slope(normal.x + lead * places))
    seen = floats(normal.now.gap(normal.x, lead))
    integral = floats(lead) / 2 * (weights @ np.exp(slopes))
    clear = (seen > max(1e-6 * normal.span, smallest())) & np.isfinite(seen)
    error = np.abs(np.log(integral[clear]) - np.log(seen[clear]))
    steepest = np.max(np.abs(slopes[:, clear]), axis=0)
    allowed = np.maximum(_exponent_rounding(np.minimum(steepest, 20.0)), 1e-11)
    assert np.all(error <= allowed), np.max(error / allowed)


def test_rise_has_the_sign_of_the_derivative_in_time(case):
    """Where the gap changes by more than 1e-3 (double precision: 1e-7) of itself."""
    noise = 1e-3 if dtype() == jnp.float32 else 1e-7
    shares = np.random.default_rng(4).uniform(0.03, 1, DRAWS)
    years = jnp.asarray(77 * shares**2, dtype())
    rise = floats(jax.jit(type(case.record).rise)(case.record, case.budget, years))
    compared = 0
    for i in SEEN:
        form = case.exact(i)

        def gap(t, form=form):
            return form.gap(*form.budget(t), t)

        t = mpf(float(years[i]))
        with mp.workdps(60):
            slope, size = mp.diff(gap, t), gap(t)
        if abs(slope) > noise * abs(size) and abs(size) > smallest():
            assert (rise[i] >= 0) == (slope >= 0), (i, float(t), rise[i], float(slope))
            compared += 1
    assert compared > 5 or isinstance(case.record, WinnerTakesAll)

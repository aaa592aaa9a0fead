"""Events on paths that kink, jump, drift and turn: closed forms and slow loops."""

import math
from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from path_worlds import PARTS, at, innovations, one_event, path_events, path_of
from scipy.optimize import brentq
from tiers import tiered
from worlds import ORACLES, P0, dtype, mp

from mc.outcomes.status import Reason, Status

POWER = P0["loss_exponent"]
START = float(ORACLES["i.00"]["K"])
H, A, V = (P0[f"{n}_growth"] for n in ("hardware", "algorithmic", "investment"))
S = H + A


def gap(x, lead):
    return START * math.exp(-POWER * x) * -math.expm1(-POWER * lead)


def rounded(values):
    return np.asarray(values, np.dtype(dtype())).astype(float)


def test_a_peak_on_a_kink_is_found_whatever_the_rounding():
    """Spending that stops before the gap would have peaked makes the stop the peak."""
    dates = np.random.default_rng(1).uniform(0.3, 3.3, 4000)
    found = path_events(
        "investment_slowdown:form=ends", 4000, investment_slowdown_date=dates
    )
    assert np.all(found.peak_status == Status.OBSERVED)
    assert np.all(found.num_peaks == 1)
    np.testing.assert_allclose(found.peak_years, rounded(dates), atol=1e-4)


def test_a_kink_that_turns_nothing_is_no_peak():
    """Slower spending leaves the gap rising, or falling, on both sides."""
    dates = np.random.default_rng(2).uniform(0.3, 30.0, 4000)
    found = path_events(
        "investment_slowdown",
        4000,
        investment_slowdown_date=dates,
        late_investment_growth=0.95 * V,
    )
    assert np.all(found.num_peaks == 1)
    assert np.all(found.peak_status == Status.OBSERVED)


def test_spending_that_speeds_up_has_a_second_peak():
    found = one_event(
        "investment_slowdown",
        investment_growth=0.1,
        investment_slowdown_date=9.0,
        late_investment_growth=2.5,
    )
    ratio = math.log1p(2.5 / S) / POWER
    expected = 9.0 + (ratio - 0.9) / 2.5
    assert found.num_peaks == 2
    assert found.peak_years == pytest.approx(expected, abs=1e-4)
    assert found.peak_gap == pytest.approx(gap(S * expected, ratio), rel=1e-5)


@pytest.mark.parametrize("who", ["frontier", "both"])
def test_a_break_of_the_trend_is_an_event_on_its_date(who):
    later = {"trend_break_date": 6.1, "trend_break_size": 8.0}
    found = one_event(f"trend_break:who={who}", **later)
    calm = one_event("exponential")
    if who == "frontier":
        assert found.num_peaks == 2
        assert found.peak_years == pytest.approx(6.1, abs=1e-4)
        assert found.peak_gap == pytest.approx(gap(S * 6.1, V * 6.1 + 8), rel=1e-5)
    else:
        assert found.num_peaks == 1
        assert found.peak_years == pytest.approx(calm.peak_years, abs=1e-4)
        closes = brentq(lambda t: gap(S * t + 8, V * t) - 0.001, 6.1, 60.0)
        assert found.convergence_years == pytest.approx(closes, abs=1e-4)


JUMPS = {
    "trend_break+power_law": 10 * math.expm1(4.1 / 10),
    "trend_break+log_power": 10 * math.expm1(math.expm1(4.1 / 10)),
}


@pytest.mark.parametrize("text", tiered(JUMPS, quick=["trend_break+power_law"]))
def test_a_jump_on_a_slow_clock_comes_on_one_date(text):
    rng = np.random.default_rng(3)
    dates = rng.uniform(0.01, 12.0, 2000)
    path = path_of(text, 2000, trend_break_date=dates, trend_break_size=8.0)
    years = path.breaks()[0]
    before = jnp.nextafter(years, jnp.zeros_like(years))
    jumps = np.asarray(path.lead(years)) - np.asarray(path.lead(before))
    np.testing.assert_allclose(jumps, 8.0, rtol=1e-4)
    found = one_event(text, trend_break_date=4.1, trend_break_size=8.0)
    assert found.peak_years == pytest.approx(JUMPS[text], abs=1e-4)
    assert found.peak_gap == pytest.approx(gap(S * 4.1, V * 4.1 + 8), rel=1e-5)


def test_a_follower_jumps_a_lag_after_the_frontier():
    rng = np.random.default_rng(4)
    dates, lags = rng.uniform(0.01, 12.0, 2000), rng.uniform(0.1, 5.0, 2000)
    path = path_of(
        "trend_break+fast_follower",
        2000,
        trend_break_date=dates,
        follower_lag=np.log(lags),
        trend_break_size=8.0,
    )
    for years, size in zip(path.breaks(), (8.0, -8.0), strict=True):
        before = jnp.nextafter(years, jnp.zeros_like(years))
        jumps = np.asarray(path.lead(years)) - np.asarray(path.lead(before))
        np.testing.assert_allclose(jumps, size, rtol=1e-4)


def drifting(draw):
    """Levels of x and lead on every turn of a year, and rates of the years."""
    names = ("hardware_drift", "algorithmic_drift", "investment_drift")
    chance = np.array(list(innovations(200).values()))[:, draw].reshape(3, 40)
    chance = rounded(chance)
    rates = []
    for mean, name, row in zip((H, A, V), names, chance, strict=True):
        deviation, years = 0.0, [mean]
        for innovation in row:
            deviation = PARTS["drift_persistence"] * deviation
            deviation += PARTS[name] * innovation
            years.append(mean + deviation)
        rates.append([*years, mean])
    meek, lead = np.array(rates[0]) + rates[1], np.array(rates[2])
    levels = [np.concatenate([[0.0], np.cumsum(r)]) for r in (meek, lead)]
    return meek, lead, *levels


def drifting_events(draw, tolerance):
    """Highest gap and last date above a tolerance, segment by segment."""
    meek, lead, x, ahead = drifting(draw)
    best, top, last = 0.0, 0.0, 0.0
    for k, (s, v) in enumerate(zip(meek, lead, strict=True)):
        end = 1.0 if k < 41 else 200.0

        def at_year(t, k=k, s=s, v=v):
            return gap(x[k] + s * t, ahead[k] + v * t)

        inner = [0.0, end]
        if s > 0 and s + v > 0 and v != 0:
            turn = (math.log((s + v) / s) / POWER - ahead[k]) / v
            inner += [turn] if 0 < turn < end else []
        for t in inner:
            if at_year(t) > top:
                best, top = k + t, at_year(t)
        high = [t for t in sorted(inner) if at_year(t) > tolerance]
        if high and at_year(end) <= tolerance:
            root: Any = brentq(lambda t: at_year(t) - tolerance, high[-1], end)
            last = k + root
    return best, top, last


@pytest.mark.slow
def test_drifting_rates_lose_no_event_to_their_kinks():
    """Forty kinks a draw; peaks and convergences to 1e-4 years."""
    found = path_events("drifting_rates", 200)
    assert found.num_peaks.max() > 1
    assert np.all(found.peak_status == Status.OBSERVED)
    for draw in range(200):
        best, top, last = drifting_events(draw, 0.001)
        assert found.peak_gap[draw] == pytest.approx(top, rel=2e-5)
        assert found.peak_years[draw] == pytest.approx(best, abs=1e-4)
        assert found.convergence_years[draw] == pytest.approx(last, abs=1e-4)


WAITS = [
    "investment_slowdown",
    "investment_slowdown:form=smooth",
    "investment_slowdown:form=fading",
    "investment_cap:form=logistic",
    "hardware_slowdown",
    "proprietary_progress:form=leak",
    "automated_research",
    "scale_dependent_progress:form=growing",
    "investment_slowdown+power_law",
    "hardware_slowdown+fast_follower",
]


@pytest.mark.parametrize("text", tiered(WAITS, quick=WAITS[:2]))
def test_waits_are_those_of_a_slow_bisection(text):
    """Lag and delay by mpmath's bisection on the path's own levels in float64."""
    path = path_of(text, initial_compute_ratio=0.4)
    dates = (2.0, 7.5, 14.0)
    waits = jax.jit(lambda path, t: (path.lag_years(t), path.catch_up_years(t)))
    lags, delays = waits(path, at(*dates))
    frontier, meek = jax.jit(path.frontier), jax.jit(path.x)
    slack = 2e-4 if dtype() == jnp.float32 else 1e-6
    for i, years in enumerate(dates):
        here, there = float(meek(at(years))[0, 0]), float(frontier(at(years))[0, 0])
        lag = years - _reached(frontier, here, years)
        delay = _reached(meek, there, 400.0) - years
        assert float(lags[i, 0]) == pytest.approx(lag, abs=slack)
        assert float(delays[i, 0]) == pytest.approx(delay, abs=slack, rel=slack)


def _reached(level, goal, stop):
    """When a rising level passes a goal."""
    tol = 1e-13 if dtype() == jnp.float64 else 1e-9
    root = mpmath.findroot(
        lambda t: float(level(at(t))[0, 0]) - goal,
        (mp.mpf(0), mp.mpf(stop)),
        solver="bisect",
        tol=tol,
        maxsteps=80,
        verify=False,
    )
    return float(root)


@pytest.mark.parametrize("form", tiered(["sharp", "smooth", "fading"], quick=["sharp"]))
def test_a_frontier_that_shrinks_is_overtaken_on_its_date(form):
    shrinking: dict[str, Any] = {
        "late_investment_growth": -0.4,
        "initial_compute_ratio": 0.5,
    }
    text = f"investment_slowdown:form={form}"
    path = path_of(text, **shrinking)
    found = float(path.overtaken_years()[0])
    assert 1 < found < 100
    before, after = path.lead(at(found - 1e-3)), path.lead(at(found + 1e-3))
    assert float(before[0, 0]) > 0 > float(after[0, 0])
    slow = path_of(f"{text}+power_law", **shrinking)
    later = 10 * math.expm1(found / 10)
    assert float(slow.overtaken_years()[0]) == pytest.approx(later, rel=1e-4)
    event = one_event(text, **shrinking)
    assert event.convergence_reason == Reason.OVERTAKEN


INVESTMENT_ONLY = [
    "exponential",
    "investment_slowdown",
    "investment_slowdown:form=smooth",
    "investment_slowdown:form=fading",
    "investment_slowdown:form=ends",
    "investment_cap",
    "investment_cap:form=logistic",
    "revenue_limit",
    "hardware_slowdown",
    "proprietary_progress",
    "proprietary_progress:form=lag",
    "proprietary_progress:form=leak",
    "scale_dependent_progress",
    "scale_dependent_progress:form=growing",
    "trend_break",
    "trend_break:who=both",
    "kinked_trend",
    "power_law",
    "investment_slowdown+trend_break+hardware_slowdown",
]
"""Paths on which more spending by the frontier leaves the meek actor as it is."""


@pytest.mark.parametrize("text", tiered(INVESTMENT_ONLY, quick=INVESTMENT_ONLY[:1]))
def test_no_draw_converges_earlier_because_the_frontier_invests_more(text):
    size = 400
    rng = np.random.default_rng(6)
    drawn: dict[str, Any] = {
        "hardware_growth": rng.uniform(0.1, 0.6, size),
        "algorithmic_growth": rng.uniform(0.3, 1.5, size),
        "initial_compute_ratio": rng.uniform(-1.0, 3.0, size),
        "investment_slowdown_date": rng.uniform(0.5, 20.0, size),
        "hardware_slowdown_date": rng.uniform(0.5, 20.0, size),
        "trend_break_date": rng.uniform(0.5, 20.0, size),
        "late_investment_growth": rng.uniform(0.0, 0.5, size),
    }
    less = rng.uniform(0.0, 2.0, size)
    more = less + rng.uniform(0.0, 1.0, size)
    one, two = (
        path_events(text, size, tolerance=0.01, investment_growth=v, **drawn)
        for v in (less, more)
    )
    apart = np.isfinite(one.convergence_years) & np.isfinite(two.convergence_years)
    assert np.sum(apart) > 50
    assert np.all(two.convergence_years[apart] >= one.convergence_years[apart] - 1e-4)
    assert np.all(two.convergence_status >= one.convergence_status)


METRICS = ("validation_loss", "task_success_1h")


@pytest.mark.parametrize("metric", tiered(METRICS, quick=METRICS[:1]))
def test_a_jump_of_the_lead_moves_no_limit_of_a_bounded_metric(metric):
    size = 100
    rng = np.random.default_rng(8)
    drawn: dict[str, Any] = {
        "investment_growth": rng.uniform(-0.2, 2.0, size),
        "trend_break_date": rng.uniform(0.0, 30.0, size),
        "trend_break_size": rng.uniform(-3.0, 10.0, size),
    }
    jumped = path_events("trend_break", size, metric=metric, **drawn)
    calm = path_events("exponential", size, metric=metric, **drawn)
    np.testing.assert_array_equal(jumped.limit_gap, calm.limit_gap)
    assert not np.any(jumped.convergence_status == Status.NEVER)

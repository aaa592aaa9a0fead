"""Peaks and convergences: closed forms, the table of cases, and a slow dense loop."""

import dataclasses
import functools
import math
import types
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import root_scalar
from scipy.special import ndtr, ndtri
from worlds import ORACLES, P0, UNTIL_YEARS, columns, dtype, prepared

from mc.model.growth.jump import Jump
from mc.outcomes.events import find_events
from mc.outcomes.status import Reason, Status
from mc.outcomes.trace import event_knots

S0 = P0["hardware_growth"] + P0["algorithmic_growth"]


@functools.partial(jax.jit, static_argnames="metric")
def _events(metric, parameters, log_tolerance, knots, until):
    path, record = prepared(metric, parameters)
    return find_events(
        record, path, knots=knots, until_years=until, log_tolerance=log_tolerance
    )


def events(metric, parameters, tolerance, until=UNTIL_YEARS):
    """Events on the host; the tolerance on the device's scale."""
    found = _events(
        metric,
        parameters,
        jnp.asarray(math.log(tolerance), dtype()),
        jnp.asarray(event_knots(until), dtype()),
        jnp.asarray(until, dtype()),
    )
    return jax.tree.map(np.asarray, found)


def one(
    metric: Any = "validation_loss",
    tolerance: Any = 0.001,
    until: Any = UNTIL_YEARS,
    **changes: Any,
):
    """Events of a single draw as scalars."""
    found = events(metric, columns(1, **changes), tolerance, until)
    return types.SimpleNamespace(**{k: v[0] for k, v in vars(found).items()})


def test_the_loss_gap_peaks_where_the_closed_form_says(x64):
    peak, exact = one(), ORACLES["i.01"]
    assert peak.peak_years == pytest.approx(float(exact["t_star"]), abs=1e-4)
    relative = 1e-10 if x64 else 1e-5
    assert peak.peak_gap == pytest.approx(float(exact["peak"]), rel=relative)
    assert peak.peak_status == Status.OBSERVED
    assert peak.num_peaks == 1


@pytest.mark.parametrize("tolerance", ["0.02", "0.01", "0.001", "0.000001"])
def test_the_loss_gap_closes_where_the_series_says(tolerance):
    expected = float(ORACLES["i.03"][f"T_c(eps={tolerance})"])
    found = one(tolerance=float(tolerance))
    assert found.convergence_years == pytest.approx(expected, abs=1e-4)
    assert found.convergence_status == Status.OBSERVED


@pytest.mark.parametrize("share", ["0.5", "0.1", "0.01", "0.001"])
def test_the_gap_fades_to_a_share_of_its_peak_when_the_series_says(share):
    peak = float(ORACLES["i.01"]["peak"])
    found = one(tolerance=float(share) * peak)
    expected = float(ORACLES["i.04"][f"T_c(gap={share}*peak)"])
    assert found.convergence_years == pytest.approx(expected, abs=1e-4)


def test_a_tolerance_above_the_peak_is_never_apart():
    found = one(tolerance=0.05)
    assert found.convergence_status == Status.ALREADY
    assert found.convergence_reason == Reason.NEVER_APART
    assert np.isneginf(found.convergence_years)


@pytest.mark.parametrize("ratio", [2, 3])
def test_integer_ratios_have_algebraic_dates(ratio):
    exact = ORACLES["i.05"]
    found = one(investment_growth=(ratio - 1) * S0)
    assert found.peak_years == pytest.approx(
        float(exact[f"rho={ratio}: t_star"]), abs=1e-4
    )
    assert found.convergence_years == pytest.approx(
        float(exact[f"rho={ratio}: T_c(eps=0.001)"]), abs=1e-4
    )


def test_a_tiny_lead_still_has_its_peak(x64):
    investment = math.log1p(1e-9) if x64 else 1e-5
    found = one(investment_growth=investment, tolerance=1e-12)
    expected = 1 / (0.155 * S0)
    assert found.peak_years == pytest.approx(expected, abs=1e-4)
    height = float(ORACLES["i.00"]["K"]) * investment / (S0 * math.e)
    assert found.peak_gap == pytest.approx(height, rel=1e-5)


@pytest.mark.parametrize(
    ("metric", "years", "height"),
    [
        ("task_success_4min", 1.88362, 0.114954),
        ("task_success_1h", 3.6324494573156581369, 0.36791347136019643008),
        ("task_success_4h", 4.91676, 0.507480),
    ],
)
def test_success_gaps_peak_where_the_paper_has_them(metric, years, height):
    found = one(metric, 0.01)
    assert found.peak_years == pytest.approx(years, abs=1e-4)
    assert found.peak_gap == pytest.approx(height, abs=1e-6)


def test_success_at_an_hour_closes_where_bisection_says():
    expected = float(ORACLES["ii.01"]["T=60min: T_c(0.01)"])
    found = one("task_success_1h", 0.01)
    assert found.convergence_years == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(("ratio", "key"), [(2, "p=2q"), (3, "p=3q")])
def test_success_from_even_odds_has_a_closed_form(ratio, key):
    growth = 2.0
    meek = growth / ratio
    found = one(
        "task_success_1h",
        0.01,
        hardware_growth=0.0,
        algorithmic_growth=meek,
        investment_growth=growth - meek,
        anchor_date=0.0,
    )
    slope = math.log(4) / math.log(5) * math.log(2) / (7 / 12)
    exact = float(ORACLES["ii.03"][f"{key}: q t*"]) / (slope / ratio)
    assert found.peak_years == pytest.approx(exact, abs=1e-4)
    assert found.peak_gap == pytest.approx(
        float(ORACLES["ii.03"][f"{key}: peak"]), abs=1e-6
    )


def test_a_mighty_metric_never_peaks_and_never_closes():
    found = one("time_horizon", math.log(1.25))
    assert found.peak_status == Status.NEVER
    assert found.convergence_status == Status.NEVER
    assert np.isposinf(found.convergence_years)
    assert np.isposinf(found.peak_gap)


CASES = {
    "no lead ever": (
        {"investment_growth": 0.0},
        (Status.ALREADY, Reason.NO_LEAD, Status.ALREADY, Reason.NO_LEAD),
    ),
    "the frontier shrinks behind": (
        {"investment_growth": -0.3},
        (Status.ALREADY, Reason.NO_LEAD, Status.ALREADY, Reason.NO_LEAD),
    ),
    "a head start that melts": (
        {"investment_growth": -0.3, "initial_compute_ratio": 3.0},
        (Status.ALREADY, Reason.AT_START, Status.OBSERVED, Reason.OVERTAKEN),
    ),
    "a head start beyond the peak": (
        {"initial_compute_ratio": 5.0},
        (Status.ALREADY, Reason.AT_START, Status.OBSERVED, Reason.NONE),
    ),
    "behind, and falling further behind": (
        {"investment_growth": -0.25, "initial_compute_ratio": -0.5},
        (Status.ALREADY, Reason.NO_LEAD, Status.ALREADY, Reason.NO_LEAD),
    ),
    "a constant lead": (
        {"investment_growth": 0.0, "initial_compute_ratio": 3.0},
        (Status.ALREADY, Reason.AT_START, Status.OBSERVED, Reason.NONE),
    ),
    "a late start": (
        {"initial_compute_ratio": -2.0},
        (Status.OBSERVED, Reason.NONE, Status.OBSERVED, Reason.NONE),
    ),
    "the meek stand still": (
        {"algorithmic_growth": 0.0, "hardware_growth": 0.0},
        (Status.NEVER, Reason.NONE, Status.NEVER, Reason.NONE),
    ),
    "the meek shrink": (
        {"algorithmic_growth": -0.2, "hardware_growth": 0.0},
        (Status.NEVER, Reason.NONE, Status.NEVER, Reason.NONE),
    ),
    "everything is slow": (
        {
            "algorithmic_growth": 0.02,
            "hardware_growth": 0.0,
            "investment_growth": 0.02,
        },
        (Status.BEYOND, Reason.NONE, Status.BEYOND, Reason.NONE),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_case_of_the_loss_gap_has_its_status(case):
    changes, expected = CASES[case]
    found = one(tolerance=1e-4, **changes)
    assert (
        found.peak_status,
        found.peak_reason,
        found.convergence_status,
        found.convergence_reason,
    ) == expected


def test_a_slow_gap_that_will_exceed_the_tolerance_is_beyond_not_apart():
    """At the window's end this gap is under the tolerance, and will rise above it."""
    slow = {
        "algorithmic_growth": 1e-3,
        "hardware_growth": 0.0,
        "investment_growth": 1e-3,
    }
    height = float(ORACLES["i.00"]["K"]) / 4
    found = one(tolerance=0.9 * height, **slow)
    assert found.convergence_status == Status.BEYOND
    assert found.peak_status == Status.BEYOND
    assert found.peak_gap == pytest.approx(height, rel=1e-3)


def test_a_gap_that_outlives_every_knot_is_beyond_and_not_never():
    """It is above the tolerance as far as the knots reach, and still has no limit."""
    barely = {
        "algorithmic_growth": 1e-8,
        "hardware_growth": 0.0,
        "investment_growth": 1e-8,
    }
    found = one(tolerance=1e-5, **barely)
    assert found.convergence_status == Status.BEYOND
    assert found.limit_gap == 0


def after_a_jump(date, jump, tolerance):
    """Events of the loss gap of P0 whose lead jumps."""
    path, record = prepared("validation_loss", columns(1))
    date, jump = jnp.full(1, date, dtype()), jnp.full(1, jump, dtype())
    jumping = dataclasses.replace(path, extra=(Jump(date=date, size=jump),))
    found = jax.jit(find_events)(
        record,
        jumping,
        knots=jnp.asarray(event_knots(UNTIL_YEARS), dtype()),
        until_years=jnp.asarray(UNTIL_YEARS, dtype()),
        log_tolerance=jnp.asarray(math.log(tolerance), dtype()),
    )
    return types.SimpleNamespace(
        **{k: np.asarray(v)[0] for k, v in vars(found).items()}
    )


def test_a_jump_of_the_lead_is_a_peak_on_its_date():
    found = after_a_jump(6.1, 8.0, 0.001)
    reducible = float(ORACLES["i.00"]["K"]) * math.exp(-0.155 * S0 * 6.1)
    height = reducible * -math.expm1(-0.155 * (P0["investment_growth"] * 6.1 + 8))
    assert found.num_peaks == 2
    assert found.peak_years == pytest.approx(6.1, abs=1e-4)
    assert found.peak_gap == pytest.approx(height, rel=1e-5)


def test_a_small_jump_leaves_the_first_peak_the_highest():
    found = after_a_jump(20.0, 0.5, 0.001)
    assert found.num_peaks == 2
    assert found.peak_years == pytest.approx(3.33165553, abs=1e-4)


def test_a_fall_through_the_tolerance_is_its_date():
    found = after_a_jump(7.3, -9.0, 0.015)
    assert found.convergence_years == pytest.approx(7.3, abs=1e-4)


def test_a_jump_above_the_tolerance_begins_the_wait_again():
    calm, jumped = one(tolerance=0.002), after_a_jump(30.0, 25.0, 0.002)
    assert calm.convergence_years < 30
    late = float(ORACLES["i.00"]["K"]) * math.exp(-0.155 * S0 * 30)
    assert late < 0.002
    again = after_a_jump(19.0, 25.0, 0.002)
    assert again.convergence_years > calm.convergence_years
    assert jumped.convergence_years == pytest.approx(calm.convergence_years, abs=1e-4)


def test_both_failing_is_said():
    parameters = columns(
        1,
        hardware_growth=0.0,
        algorithmic_growth=-0.5,
        investment_growth=0.3,
        initial_compute_ratio=1.0,
        horizon_elasticity=0.5,
    )
    del parameters["horizon_doubling_time"]
    fails = events("task_success_1h", parameters, 0.01)
    assert fails.convergence_status[0] == Status.OBSERVED
    assert fails.convergence_reason[0] == Reason.BOTH_FAIL


def test_a_start_exactly_at_the_peak_is_already():
    ratio = math.log(float(ORACLES["i.00"]["rho"])) / 0.155
    found = one(initial_compute_ratio=ratio * (1 + 1e-6))
    assert found.peak_status == Status.ALREADY
    assert found.peak_reason == Reason.AT_START


def _dense(parameters, tolerance, until):
    """Peak and last crossing of each draw on a dense grid, in float64 NumPy."""
    p = {name: np.asarray(values, float) for name, values in parameters.items()}
    s = p["hardware_growth"] + p["algorithmic_growth"]
    start = p["loss_coefficient"] - p["loss_exponent"] * p["initial_compute"]
    t = np.linspace(0, until, 20_001)[:, None]
    lead = p["initial_compute_ratio"] + p["investment_growth"] * t
    gap = np.exp(start - p["loss_exponent"] * s * t) * -np.expm1(
        -p["loss_exponent"] * lead
    )
    top = np.argmax(gap, axis=0)
    above = gap > tolerance
    last = above.shape[0] - 1 - np.argmax(above[::-1], axis=0)
    return t[:, 0], gap, top, np.where(above.any(axis=0), last, -1)


def test_a_slow_loop_over_a_dense_grid_finds_the_same():
    rng = np.random.default_rng(11)
    size = 300
    parameters = columns(
        size,
        hardware_growth=rng.normal(0.3, 0.1, size),
        algorithmic_growth=rng.normal(0.6, 0.5, size),
        investment_growth=rng.normal(0.8, 0.8, size),
        initial_compute_ratio=rng.normal(0.5, 2.0, size),
    )
    found = events("validation_loss", parameters, 0.01)
    t, gap, top, last = _dense(parameters, 0.01, UNTIL_YEARS)
    step = t[1]
    for i in range(size):
        if found.peak_status[i] == Status.OBSERVED:
            assert abs(found.peak_years[i] - t[top[i]]) < 2 * step
            assert found.peak_gap[i] >= gap[top[i], i] * (1 - 1e-5)
        elif found.peak_reason[i] == Reason.AT_START:
            assert top[i] == 0
        elif found.peak_status[i] in (Status.BEYOND, Status.NEVER):
            assert top[i] == len(t) - 1
        else:
            assert gap[:, i].max() <= 0
        if found.convergence_status[i] == Status.OBSERVED:
            assert abs(found.convergence_years[i] - t[last[i]]) < 2 * step
        elif found.convergence_status[i] == Status.ALREADY:
            assert last[i] == -1
    counts = np.bincount(found.convergence_status, minlength=len(Status))
    assert counts.sum() == size
    assert counts[Status.OBSERVED] > 50
    assert counts[Status.NEVER] > 5


growths = st.floats(0.05, 2.0)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(shared=growths, investment=growths, ratio=st.floats(-2.0, 4.0))
def test_a_wider_tolerance_never_closes_later(shared, investment, ratio):
    changes = {
        "hardware_growth": 0.0,
        "algorithmic_growth": shared,
        "investment_growth": investment,
        "initial_compute_ratio": ratio,
    }
    dates = [one(tolerance=bar, **changes).convergence_years for bar in (1e-3, 3e-3)]
    assert dates[1] <= dates[0] + 1e-4


@settings(max_examples=60, deadline=None, derandomize=True)
@given(shared=growths, investment=growths, more=st.floats(0.0, 1.0))
def test_investing_more_never_brings_convergence_forward(shared, investment, more):
    changes = {"hardware_growth": 0.0, "algorithmic_growth": shared}
    less_date = one(investment_growth=investment, **changes).convergence_years
    more_date = one(investment_growth=investment + more, **changes).convergence_years
    assert more_date >= less_date - 1e-4


@settings(max_examples=40, deadline=None, derandomize=True)
@given(shared=growths, investment=growths, scale=st.floats(0.5, 2.0))
def test_faster_clocks_only_rescale_time(shared, investment, scale):
    def at(factor):
        return one(
            tolerance=0.01,
            until=400.0,
            hardware_growth=0.0,
            algorithmic_growth=shared * factor,
            investment_growth=investment * factor,
        )

    slow, fast = at(1.0), at(scale)
    assert fast.peak_years * scale == pytest.approx(slow.peak_years, rel=1e-4)
    assert fast.peak_gap == pytest.approx(slow.peak_gap, rel=1e-4)


def _dkw(values, cdf, *, alarm=1e-9):
    """Whether the empirical CDF stays inside the DKW band at a false-alarm rate."""
    ordered = np.sort(values)
    n = len(ordered)
    band = math.sqrt(math.log(2 / alarm) / (2 * n))
    exact = cdf(ordered)
    steps = np.arange(1, n + 1) / n
    worst = max(np.max(steps - exact), np.max(exact - steps + 1 / n))
    assert worst < band, (worst, band)


MU_A, SD_A = S0, math.hypot(0.10, 0.35)
V0 = P0["investment_growth"]


def _random_growth(n):
    z = ndtri(np.random.default_rng(5).uniform(size=n))
    shared = MU_A + SD_A * z
    return columns(n, hardware_growth=0.0, algorithmic_growth=shared)


def test_peak_dates_follow_their_exact_law():
    """d.02, false-alarm rate 1e-9; the mass of a ≤ 0 is counted draw by draw."""
    parameters = _random_growth(200_000)
    found = events("validation_loss", parameters, 0.001)
    shared = np.asarray(parameters["algorithmic_growth"], float)
    assert np.array_equal(found.peak_status == Status.NEVER, shared <= 0)

    def cdf(t):
        return 1 - ndtr((V0 / np.expm1(0.155 * V0 * t) - MU_A) / SD_A)

    dates = np.where(found.peak_status == Status.OBSERVED, found.peak_years, 1e3)
    inside = np.sort(dates)[: int(0.999 * len(dates))]
    band = math.sqrt(math.log(2e9) / (2 * len(dates)))
    exact = cdf(inside)
    steps = np.arange(1, len(inside) + 1) / len(dates)
    assert np.max(np.abs(steps - exact)) < band
    for key in ("0.05", "0.5", "0.95"):
        expected = float(ORACLES["d.02"][f"t_star quantile {key}"])
        assert abs(np.mean(dates <= expected) - float(key)) < band


def test_convergence_dates_follow_their_exact_law():
    """d.04 at its printed quantiles and dates, false-alarm rate 1e-9 by DKW."""
    found = events("validation_loss", _random_growth(200_000), 0.001)
    band = math.sqrt(math.log(2e9) / (2 * 200_000))
    for key in ("0.05", "0.25", "0.5", "0.75", "0.95"):
        expected = float(ORACLES["d.04"][f"T_c quantile {key}"])
        share = np.mean(found.convergence_years <= expected)
        assert abs(share - float(key)) < band
    for years in ("10", "17", "20", "30"):
        share = np.mean(found.convergence_years <= float(years))
        assert abs(share - float(ORACLES["d.04"][f"P(T_c<={years})"])) < band


def _convergence_cdf(tolerance):
    """P(T_c ≤ τ) of d.04, written out from its statement."""
    start = float(ORACLES["i.00"]["K"])
    alpha = P0["loss_exponent"]

    def peak_share(w):
        return w * (1 + w) ** (-(1 + w) / w)

    w = root_scalar(
        lambda w: peak_share(w) - tolerance / start, bracket=(1e-9, 1e3), xtol=1e-15
    ).root

    def cdf(years):
        rise = alpha * V0 * years
        late = np.log(start * -np.expm1(-rise) / tolerance) / (alpha * years)
        slowest = np.where(rise <= math.log1p(w), V0 / w, late)
        return 1 - ndtr((slowest - MU_A) / SD_A)

    return cdf


def test_the_whole_law_of_convergence_dates_is_met():
    """d.04, every date, DKW band at a false-alarm rate of 1e-9."""
    cdf = _convergence_cdf(0.001)
    for years in ("10", "17", "20", "30", "77"):
        expected = float(ORACLES["d.04"][f"P(T_c<={years})"])
        assert cdf(np.array(float(years))) == pytest.approx(expected, rel=1e-9)
    found = events("validation_loss", _random_growth(200_000), 0.001)
    band = math.sqrt(math.log(2e9) / (2 * 200_000))
    dates = np.sort(found.convergence_years[found.convergence_status == 1])
    steps = np.arange(1, len(dates) + 1) / 200_000
    assert np.max(np.abs(steps - cdf(dates.astype(float)))) < band


def test_peak_dates_are_lognormal_in_the_exponent():
    """d.08: K is held while the exponent varies, so only the clock moves."""
    n = 100_000
    z = ndtri(np.random.default_rng(6).uniform(size=n))
    exponent = 0.155 * np.exp(0.2 * z)
    log_start = math.log(float(ORACLES["i.00"]["K"]))
    parameters = columns(
        n,
        loss_exponent=exponent,
        loss_coefficient=log_start + exponent * P0["initial_compute"],
    )
    found = events("validation_loss", parameters, 0.001)
    t_star = float(ORACLES["i.01"]["t_star"])
    _dkw(found.peak_years, lambda t: ndtr(np.log(t / t_star) / 0.2))

"""Peaks, convergences and limits of metrics that are printed or have closed forms."""

import math
import types

import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import found_events
from worlds import ORACLES, P0, columns, dtype, prepared

from mc.model.registry import shelf
from mc.outcomes.status import Reason, Status

S0 = P0["hardware_growth"] + P0["algorithmic_growth"]
V0 = P0["investment_growth"]


def events(metric, parameters, tolerance):
    """Events of a metric by name."""
    path, record = prepared(metric, parameters)
    return found_events(record, path, tolerance)


def one(metric, tolerance, **changes):
    """Events of a single draw of P0 with changes, as scalars."""
    found = events(metric, columns(1, **changes), tolerance)
    return types.SimpleNamespace(**{k: v[0] for k, v in vars(found).items()})


def gap_at(metric, years, **changes):
    """The gap of P0 with changes on a date."""
    path, record = prepared(metric, columns(1, **changes))
    t = jnp.asarray([years], dtype())
    budget = record.budget(path)
    return float(record.on(t).gap(budget.x(t), budget.lead(t))[0])


GOMPERTZ = {
    10: (float(ORACLES["iii.01"]["n=10: t_star"]), 0.22288701345087201936),
    100: (10.3428, 0.612237),
    1000: (18.1893, 0.873135),
}


@pytest.mark.parametrize("tokens", GOMPERTZ)
def test_a_gompertz_gap_peaks_where_the_reference_has_it(tokens):
    years, height = GOMPERTZ[tokens]
    found = one("benchmark_gompertz", 0.01, tokens_per_answer=math.log(tokens))
    assert found.peak_years == pytest.approx(years, abs=1.1e-4)
    assert found.peak_gap == pytest.approx(height, abs=1e-6)


def test_a_gompertz_gap_peaks_in_its_bracket_and_closes():
    exact = ORACLES["iii.01"]
    found = one("benchmark_gompertz", 0.01)
    low, high = (float(exact[f"n=10: bracket_{end}"]) for end in ("low", "high"))
    assert low <= found.peak_years <= high
    closed = float(exact["n=10: T_c(0.01)"])
    assert found.convergence_years == pytest.approx(closed, abs=1e-4)
    assert found.peak_gap == pytest.approx(float(exact["n=10: peak"]), rel=1e-5)


EQUAL_TASKS = {
    "hardware_growth": 0.0,
    "inference_efficiency_growth": math.log(2),
    "inference_investment_growth": math.log(3),
    "initial_inference_ratio": 0.0,
    "initial_samples": 0.0,
    "solve_rate": 0.01,
}


def test_pass_at_k_of_equal_tasks_has_its_reference_events():
    exact = {key: float(value) for key, value in ORACLES["iv.01"].items()}
    found = one("pass_at_k:tasks=equal", 0.001, **EQUAL_TASKS)
    assert found.peak_years == pytest.approx(exact["t_star"], abs=1e-4)
    assert found.peak_gap == pytest.approx(exact["peak"], rel=1e-5)
    assert found.convergence_years == pytest.approx(exact["T_c(0.001)"], abs=1e-4)
    early = gap_at("pass_at_k:tasks=equal", 1.0, **EQUAL_TASKS)
    assert early == pytest.approx(exact["gap(t=1)"], rel=1e-5)


def test_elo_moves_apart_at_the_reference_pace():
    exact = ORACLES["v.01"]
    assert gap_at("elo", 10.0) == pytest.approx(
        float(exact["median gap t=10"]), rel=1e-6
    )
    found = one("elo", 35.0)
    assert (found.peak_status, found.convergence_status) == (Status.NEVER,) * 2


def _inside(share, expected, size):
    """Whether a share of draws meets its law, false-alarm rate 1e-9 (DKW)."""
    assert abs(share - expected) < math.sqrt(math.log(2e9) / (2 * size))


SIZE = 200_000


def _investment(seed):
    rng = np.random.default_rng(seed)
    return rng.normal(V0, 0.30, SIZE)


def test_elo_gaps_follow_their_exact_law():
    """v.01: the gap is normal in the growth of investment."""
    investment = _investment(12)
    path, record = prepared("elo", columns(SIZE, investment_growth=investment))
    ten = jnp.asarray(10.0, dtype())
    gap = np.asarray(record.gap(path.x(ten), path.lead(ten)), float)
    exact = {key: float(value) for key, value in ORACLES["v.01"].items()}
    _inside(np.mean(gap > 400), exact["P(gap(10) > 400)"], SIZE)
    _inside(np.mean(gap <= 10 * exact["slope q05"]), 0.05, SIZE)
    _inside(np.mean(gap <= 10 * exact["slope q95"]), 0.95, SIZE)


def test_the_limit_at_the_boundary_follows_its_exact_law():
    """vii.01: ``ln(b/a) < ε`` of draws with a, v > 0, and a linear metric never."""
    rng = np.random.default_rng(13)
    shared = rng.normal(S0, math.hypot(0.10, 0.35), SIZE)
    investment = _investment(14)
    parameters = columns(
        SIZE,
        hardware_growth=0.0,
        algorithmic_growth=shared,
        investment_growth=investment,
    )
    exact = {key: float(value) for key, value in ORACLES["vii.01"].items()}
    growing = (shared > 0) & (investment > 0)
    path, record = prepared("log_log_compute", parameters)
    limit = np.asarray(record.limit_gap(path.limits()), float)[growing]
    for level in ("0.5", "0.7"):
        expected = exact[f"lnlnC: P(limit gap < {level} | a>0,r>0)"]
        _inside(np.mean(limit < float(level)), expected, growing.sum())
    path, record = prepared("negative_log_loss", parameters)
    limit = np.asarray(record.limit_gap(path.limits()), float)
    assert np.array_equal(np.isposinf(limit), investment > 0)


def test_the_boundary_keeps_the_gap_of_the_2025_growth_rates():
    changes = {"investment_growth": math.log(5 / 1.4)}
    found = one("log_log_compute", 0.05, **changes)
    ratio = 1 + math.log(5 / 1.4) / S0
    assert 1 / ratio == pytest.approx(0.517644, abs=1e-6)
    assert found.limit_gap == pytest.approx(math.log(ratio), rel=1e-6)
    assert found.limit_gap == pytest.approx(0.658, abs=1e-3)
    assert found.convergence_status == Status.NEVER
    late = float(gap_at("log_log_compute", 17.0, **changes) / found.limit_gap)
    assert late == pytest.approx(0.36, abs=5e-3)


def test_nines_of_small_errors_have_the_reference_gap():
    gap = gap_at("nines_of_reliability:of=small_error", 10.0)
    assert gap == pytest.approx(0.862269, abs=1e-6)


def test_a_match_is_won_nine_times_in_ten_when_the_closed_form_says():
    """v.02: 400·ln 9/(κ·r) years, above evens by 0.4."""
    years = 400 * math.log(9) / (P0["elo_per_oom"] * V0)
    assert gap_at("head_to_head_win_rate", years) == pytest.approx(0.4, rel=1e-5)
    found = one("head_to_head_win_rate", 0.4)
    assert found.convergence_status == Status.NEVER
    assert found.limit_gap == pytest.approx(0.5)


@pytest.mark.parametrize(("ratio", "key"), [(2, "p=2q"), (3, "p=3q")])
def test_games_against_a_fixed_opponent_have_a_closed_form(ratio, key):
    """v.04 and ii.03: logistic, from even odds."""
    meek = 0.6
    changes = {
        "hardware_growth": 0.0,
        "algorithmic_growth": meek,
        "investment_growth": (ratio - 1) * meek,
    }
    found = one("win_rate_fixed_opponent", 0.01, **changes)
    slope = P0["elo_per_oom"] * meek / 400
    exact = {name: float(value) for name, value in ORACLES["ii.03"].items()}
    assert found.peak_years == pytest.approx(exact[f"{key}: q t*"] / slope, abs=2e-4)
    assert found.peak_gap == pytest.approx(exact[f"{key}: peak"], rel=1e-5)


MEEK_2025 = {
    "investment_growth": math.log(5 / 1.4),
    "loss_exponent": 0.154,
    "initial_compute": math.log(1e20),
    "benchmark_slope_in_loss": 23.77,
}
"""The 2025 paper's growth and scaling law, of its published code."""
CODE = {
    "benchmark_floor": 0.25,
    "benchmark_ceiling": 0.80,
    "benchmark_loss_midpoint": 1.97,
}
THREE_DIGITS = {
    "benchmark_floor": 0.254,
    "benchmark_ceiling": 0.811,
    "benchmark_loss_midpoint": 1.974,
}
ROUNDED_POINTS, ROUNDED_YEARS = 0.06, 0.0015
"""What half a unit in the third digit of height, slope and midpoint is worth."""
MMLU = {
    1: ((46.39, 4.078, 1.03), (47.01, 4.029)),
    2: ((49.33, 4.375, 1.64), (50.70, 4.320)),
    5: ((28.99, 5.081, 2.05), (31.05, 5.015)),
    10: ((9.64, 5.746, 1.29), (11.05, 5.670)),
}
"""Items right: peak in points, years, gap at ten years; peak and years unrounded."""


@pytest.mark.parametrize("items", MMLU)
def test_the_2025_map_of_mmlu_has_its_printed_peaks(items):
    metric = f"benchmark_logistic_in_loss:items={items}"
    (points, years, late), (other_points, other_years) = MMLU[items]
    found = one(metric, 0.05, **MEEK_2025, **CODE)
    assert 100 * found.peak_gap == pytest.approx(points, abs=0.0051)
    assert found.peak_years == pytest.approx(years, abs=0.00051)
    ten = 100 * gap_at(metric, 10.0, **MEEK_2025, **CODE)
    assert ten == pytest.approx(late, abs=0.0051)
    found = one(metric, 0.05, **MEEK_2025, **THREE_DIGITS)
    assert 100 * found.peak_gap == pytest.approx(other_points, abs=ROUNDED_POINTS)
    assert found.peak_years == pytest.approx(other_years, abs=ROUNDED_YEARS)


@pytest.mark.parametrize("excess", [-0.1, 0.1])
def test_harm_over_time_closes_only_if_stakes_grow_more_slowly_than_safety(excess):
    """Science 2.3: the meek actor's harm diverges from λ = η·s on."""
    race = P0["misalignment_exponent"] * S0
    found = one("expected_harm_time", 0.05, harm_growth=race + excess)
    if excess < 0:
        assert found.peak_status == Status.OBSERVED
        assert found.convergence_status in (Status.OBSERVED, Status.BEYOND)
        assert found.limit_gap == 0
    else:
        assert (found.peak_status, found.convergence_status) == (Status.NEVER,) * 2
        assert np.isposinf(found.limit_gap)


def test_harm_at_the_edge_settles_at_its_constant(x64):
    """At λ = η·s the meek actor's harm tends to (p0)·e^(−η(ln C0 − m))."""
    power = P0["misalignment_exponent"]
    shared = {"hardware_growth": 0.0, "algorithmic_growth": 0.5}
    parameters = columns(1, misalignment_exponent=0.125, **shared, harm_growth=0.0625)
    path, record = prepared("expected_harm_time", parameters)
    limit = float(record.limit_gap(path.limits())[0])
    above = P0["initial_compute"] - P0["misalignment_midpoint"]
    expected = P0["misalignment_ceiling"] * math.exp(-0.125 * above)
    assert power != 0.125
    assert limit == pytest.approx(expected, rel=1e-12 if x64 else 1e-5)
    late = jnp.asarray([300.0], dtype())
    gap = record.on(late).gap(path.x(late), path.lead(late))
    assert float(gap[0]) == pytest.approx(expected, rel=1e-5)


def test_harm_by_capability_changes_its_sign_or_never_closes():
    weak = one("expected_harm_capability", 0.01, harm_exponent=0.05)
    strong = one("expected_harm_capability", 0.01, harm_exponent=0.4)
    assert weak.limit_gap == 0
    assert np.isposinf(strong.limit_gap)
    assert strong.convergence_status == Status.NEVER
    assert gap_at("expected_harm_capability", 20.0, harm_exponent=0.05) < 0


def test_a_prize_is_kept_until_the_lead_is_lost():
    changes = {"investment_growth": -0.3, "initial_compute_ratio": 3.0}
    found = one("positional_reward", 0.05, **changes)
    assert found.convergence_status == Status.OBSERVED
    assert found.convergence_reason == Reason.OVERTAKEN
    assert found.convergence_years == pytest.approx(10.0, abs=1e-4)
    assert found.peak_gap == 1


def test_every_tolerance_is_one_that_a_gap_can_exceed():
    for entry in shelf("metrics").values():
        assert entry.tolerance > (1 if entry.scale == "log" else 0)

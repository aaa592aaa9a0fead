"""Each compute path against its formula, its limits, and the numbers in print."""

import math

import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import (
    PARTS,
    at,
    innovations,
    one_event,
    path_of,
)
from worlds import ORACLES, P0, dtype

from mc.model.entries import shelf

H, A, V = (P0[f"{n}_growth"] for n in ("hardware", "algorithmic", "investment"))
D = PARTS
YEARS = (0.0, 0.7, 3.9, 4.1, 6.5, 11.0, 30.0, 77.0)
KAPPA = math.log(5.0)
PIVOT = D["scale_pivot"] - P0["initial_compute"]
E1 = math.expm1


def kink(first, late, date):
    return lambda t: first * min(t, date) + late * max(t - date, 0.0)


def soft(first, late, date, width):
    def sp(z):
        return max(z, 0.0) + math.log1p(math.exp(-abs(z)))

    def level(t):
        turned = sp((t - date) / width) - sp(-date / width)
        return first * t + (late - first) * width * turned

    return level


def fade(first, late, time):
    return lambda t: late * t - (first - late) * time * E1(-t / time)


def jump(t):
    return D["trend_break_size"] * (t >= D["trend_break_date"])


def drift(name, mean, sd):
    chance = [v[0] for v in innovations(1).values()]
    chance = chance[40 * name : 40 * name + 40]

    def level(t):
        total, deviation = mean * t, 0.0
        for k, innovation in enumerate(chance, 1):
            deviation = D["drift_persistence"] * deviation + sd * innovation
            total += deviation * min(max(t - k, 0.0), 1.0)
        return total

    return level


V1, H1 = D["late_investment_growth"], D["late_hardware_growth"]
SLOWS = D["investment_slowdown_date"]
WIDTH, FADE = math.exp(D["investment_slowdown_width"]), 4.0
COMPUTE = kink(H + V, D["late_training_compute_growth"], D["compute_slowdown_date"])
IMPLIED = kink(
    A, A / (H + V) * D["late_training_compute_growth"], D["compute_slowdown_date"]
)
FEED, SECRET, LAG, LEAK = 0.95, 0.3, 1.5, 3.0
CAP, TIME = math.log(1e3), 10.0
MU, MU1, MOST = 0.2, 0.02, 0.3
SPEND = D["inference_investment_growth"]
S, F = H + A, H + A + V
DRIFTS = [
    drift(0, H, D["hardware_drift"]),
    drift(1, A, D["algorithmic_drift"]),
    drift(2, V, D["investment_drift"]),
]


def slowed(clock):
    return (lambda t: S * clock(t), lambda t: KAPPA + V * clock(t))


def only(investment):
    return (lambda t: S * t, lambda t: KAPPA + investment(t))


def hardware(level):
    return (lambda t: level(t) + A * t, lambda t: KAPPA + V * t)


def secret(kept):
    return (lambda t: S * t - kept(t), lambda t: KAPPA + V * t + kept(t))


def scale(power):
    return (
        lambda t: PIVOT + power(t) * (S * t - PIVOT),
        lambda t: power(t) * (KAPPA + V * t),
    )


EXACT = {
    "exponential": only(lambda t: V * t),
    "investment_slowdown": only(kink(V, V1, SLOWS)),
    "investment_slowdown:form=smooth": only(soft(V, V1, SLOWS, WIDTH)),
    "investment_slowdown:form=fading": only(fade(V, V1, FADE)),
    "investment_slowdown:form=ends": only(kink(V, 0.0, SLOWS)),
    "investment_cap": only(lambda t: min(V * t, CAP)),
    "investment_cap:form=logistic": only(
        lambda t: -math.log(1e-3 + (1 - 1e-3) * math.exp(-V * t))
    ),
    "revenue_limit": only(
        lambda t: min(V * t, D["revenue_headroom"] + D["revenue_growth"] * t)
    ),
    "hardware_slowdown": hardware(kink(H, H1, 6.0)),
    "hardware_slowdown:form=smooth": hardware(soft(H, H1, 6.0, 1.5)),
    "proprietary_progress": secret(lambda t: SECRET * A * t),
    "proprietary_progress:form=lag": secret(lambda t: A * min(t, LAG)),
    "proprietary_progress:form=leak": secret(fade(SECRET * A, 0.0, LEAK)),
    "scale_dependent_progress": scale(lambda t: 1 + MU),
    "scale_dependent_progress:form=growing": scale(
        lambda t: 1 + MU + min(MU1 * t, MOST)
    ),
    "scale_dependent_progress:form=frontier_only": (
        lambda t: S * t,
        lambda t: (1 + MU) * (KAPPA + F * t) - MU * PIVOT - S * t,
    ),
    "trend_break": (lambda t: S * t, lambda t: KAPPA + V * t + jump(t)),
    "trend_break:who=both": (lambda t: S * t + jump(t), lambda t: KAPPA + V * t),
    "kinked_trend": (
        lambda t: H * t + kink(A, D["late_algorithmic_growth"], 7.0)(t),
        lambda t: KAPPA + V * t,
    ),
    "drifting_rates": (
        lambda t: DRIFTS[0](t) + DRIFTS[1](t),
        lambda t: KAPPA + DRIFTS[2](t),
    ),
    "compute_slowdown": (
        lambda t: H * t + (1 - SECRET) * FEED * COMPUTE(t),
        lambda t: KAPPA + COMPUTE(t) - H * t + SECRET * FEED * COMPUTE(t),
    ),
    "compute_slowdown:feedback=implied": (
        lambda t: H * t + IMPLIED(t),
        lambda t: KAPPA + COMPUTE(t) - H * t,
    ),
    "matched_spending": (lambda t: S * t + V * t, lambda t: KAPPA),
    "inference_budget": (
        lambda t: 2 * H * t + A * t,
        lambda t: KAPPA + 2 * SPEND * t,
    ),
    "fast_follower": (lambda t: KAPPA + F * (t - 0.8), lambda t: F * 0.8),
    "power_law": slowed(lambda t: TIME * math.log1p(t / TIME)),
    "log_power": slowed(lambda t: TIME * math.log1p(math.log1p(t / TIME))),
}
RESEARCH = ("automated_research", "automated_research:who=frontier")


def typed_paths():
    """Every path of the shelf with each of its words."""
    for entry in shelf("compute").values():
        yield entry.name
        for key, rule in entry.arguments.items():
            for word in rule["choices"]:
                if word != rule["default"]:
                    yield f"{entry.name}:{key}={word}"


def test_every_path_of_the_shelf_is_here():
    assert set(typed_paths()) == {*EXACT, *RESEARCH}


@pytest.mark.parametrize("text", EXACT)
def test_x_and_lead_are_what_the_formula_says(text):
    path = path_of(text, initial_compute_ratio=KAPPA)
    x, lead = (np.asarray(f(at(*YEARS)), float)[:, 0] for f in (path.x, path.lead))
    eps = float(jnp.finfo(dtype()).eps)
    for row, years in enumerate(YEARS):
        slack = 16 * eps * (6 + F * years)
        assert x[row] == pytest.approx(EXACT[text][0](years), abs=slack), years
        assert lead[row] == pytest.approx(EXACT[text][1](years), abs=slack), years


@pytest.mark.parametrize("text", [*EXACT, *RESEARCH])
def test_rates_are_the_slopes_of_the_levels(text, x64):
    path = path_of(text, initial_compute_ratio=KAPPA)
    years = at(0.31, 1.77, 3.4, 5.3, 9.21, 23.45)
    step = 1e-5 if x64 else 4e-3
    for level, rate in ((path.x, path.meek_growth), (path.lead, path.lead_growth)):
        rise = np.asarray(level(years + step), float) - level(years - step)
        slope = np.asarray(rate(years), float)
        slack = 1e-7 if x64 else 6e-3
        np.testing.assert_allclose(
            np.broadcast_to(rise / (2 * step), slope.shape),
            slope,
            rtol=slack,
            atol=slack,
        )


@pytest.mark.parametrize("text", [*EXACT, *RESEARCH])
def test_limits_are_where_the_path_is_far_out(text):
    path = path_of(text, initial_compute_ratio=KAPPA)
    limits = path.limits()
    meek, lead = float(limits.meek_growth[0]), float(limits.lead_growth[0])
    far = 1e5
    x, ahead = float(path.x(at(far))[0, 0]), float(path.lead(at(far))[0, 0])
    eps = float(jnp.finfo(dtype()).eps)
    slack = 40 * eps * far * F + 1e-9
    if math.isfinite(float(limits.meek_offset[0])):
        expected = meek * far + float(limits.meek_offset[0])
        assert x == pytest.approx(expected, abs=slack)
    if math.isfinite(float(limits.frontier_offset[0])):
        expected = (meek + lead) * far + float(limits.frontier_offset[0])
        assert x + ahead == pytest.approx(expected, abs=slack)
    assert float(limits.meek[0]) == math.inf
    assert float(limits.frontier[0]) == math.inf
    if lead == 0 and math.isfinite(float(limits.lead[0])):
        assert ahead == pytest.approx(float(limits.lead[0]), rel=50 * eps)
    else:
        assert float(limits.lead[0]) == math.inf
        gained = ahead - float(path.lead(at(0.0))[0, 0])
        assert float(limits.ratio[0]) == pytest.approx(1 + gained / x, rel=1e-3)


def test_growth_that_fades_to_nothing_adds_all_that_it_would_in_its_time(x64):
    limits = path_of("investment_slowdown:form=fading", late_investment_growth=0.0)
    expected = V * FADE
    assert float(limits.limits().lead[0]) == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("time", [4.0, 10.0, 60.0])
def test_a_power_law_peaks_later_and_as_high(time, x64):
    found = one_event("power_law", slowing_time=math.log(time))
    peak = ORACLES["i.01"]
    expected = time * math.expm1(float(peak["t_star"]) / time)
    assert found.peak_years == pytest.approx(expected, abs=1e-4)
    relative = 1e-10 if x64 else 1e-5
    assert found.peak_gap == pytest.approx(float(peak["peak"]), rel=relative)
    calm = float(ORACLES["i.03"]["T_c(eps=0.02)"])
    closes = one_event("power_law", slowing_time=math.log(time), tolerance=0.02)
    assert closes.convergence_years == pytest.approx(
        time * math.expm1(calm / time), abs=1e-4
    )


def test_a_clock_that_hardly_slows_is_no_clock(x64):
    base, slow = (
        path_of(text, slowing_time=math.log(1e6))
        for text in ("exponential", "power_law")
    )
    years = at(1.0, 20.0)
    np.testing.assert_allclose(slow.x(years), base.x(years), rtol=1e-5)
    assert float(slow.limits().ratio[0]) == float(base.limits().ratio[0])
    assert float(slow.limits().meek_growth[0]) == 0.0
    assert float(slow.limits().meek_offset[0]) == math.inf


def test_parts_go_together_in_whatever_order_they_are_typed(x64):
    parts = [
        "hardware_slowdown",
        "kinked_trend",
        "investment_slowdown",
        "trend_break:who=both",
        "proprietary_progress:form=lag",
    ]
    one, other = (path_of("+".join(p)) for p in (parts, parts[::-1]))
    years = at(*YEARS)
    np.testing.assert_array_equal(one.x(years), other.x(years))
    np.testing.assert_array_equal(one.lead(years), other.lead(years))
    t, late = 30.0, D["late_algorithmic_growth"]
    algorithms = kink(A, late, 7.0)(t) + D["trend_break_size"]
    x = kink(H, H1, 6.0)(t) + algorithms - late * LAG
    tolerance = 1e-12 if x64 else 1e-5
    assert float(one.x(at(t))[0, 0]) == pytest.approx(x, rel=tolerance)
    lead = kink(V, V1, SLOWS)(t) + late * LAG
    assert float(one.lead(at(t))[0, 0]) == pytest.approx(lead, rel=tolerance)


def test_spending_in_step_is_in_step_with_whatever_the_frontiers_does():
    for text in (
        "matched_spending+investment_slowdown",
        "compute_slowdown+matched_spending",
    ):
        path = path_of(text, initial_compute_ratio=KAPPA, proprietary_share=0.0)
        np.testing.assert_allclose(path.lead(at(*YEARS)), KAPPA, rtol=1e-6)
        np.testing.assert_array_equal(
            path.log_meek_investment(at(*YEARS)), path.log_investment(at(*YEARS))
        )


def test_an_implied_feedback_changes_nothing_before_compute_slows():
    slows = D["compute_slowdown_date"]
    base, path = path_of("exponential"), path_of("compute_slowdown:feedback=implied")
    before = at(0.0, 0.5 * slows, slows)
    np.testing.assert_allclose(path.x(before), base.x(before), rtol=1e-5)
    np.testing.assert_allclose(path.lead(before), base.lead(before), rtol=1e-5)


def test_landmarks_have_their_dates():
    text = "investment_cap+hardware_slowdown+kinked_trend+trend_break+power_law"
    found = {k: float(v[0]) for k, v in path_of(text).landmarks().items()}
    dates = {
        "investment_cap": CAP / V,
        "hardware_slows": 6.0,
        "algorithms_kink": 7.0,
        "trend_breaks": 4.0,
    }
    assert found == pytest.approx(
        {k: TIME * math.expm1(v / TIME) for k, v in dates.items()}, rel=1e-5
    )
    never = path_of("investment_cap", investment_growth=-0.1)
    assert math.isinf(float(never.landmarks()["investment_cap"][0]))

"""A horizon with a kink: its curve, the pair it makes of two actors, straight cards."""

import itertools

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from exact_shapes import horizon_budget, horizon_curve
from metric_cases import DRAWS, Case, epsilon, floats, gaps, largest
from worlds import columns, dtype, mp, mpf, prepared

from mc.model.axes import Trajectories
from mc.model.kinked_horizon import JOIN_YEARS, KinkedHorizon, LogHorizons
from mc.model.registry import path_entry
from priors.evidence import horizon_fit

KINK = ("early_horizon_doubling_time", "horizon_kink_date")
HORIZON = "time_horizon:reliability=50,gap=ratio"
SIZE = 512


@pytest.fixture(scope="module")
def kinked():
    """The default card's horizons of some draws, and their path."""
    return Case(HORIZON)


def curves(seed=5, size=SIZE):
    """Curves, places and leads far beyond what a card believes."""
    rng = np.random.default_rng(seed)
    drawn = {
        "early": 10 ** rng.uniform(-2, 0.5, size),
        "late": 10 ** rng.uniform(-2, 0.5, size),
        "place": rng.uniform(-3, 8, size),
        "width": rng.uniform(0.05, 0.6, size),
        "log_minutes": rng.uniform(-2, 5, size),
    }
    curve = KinkedHorizon(**{k: jnp.asarray(v, dtype()) for k, v in drawn.items()})
    x = jnp.asarray(rng.uniform(-30, 40, size), dtype())
    lead = 10 ** rng.uniform(-5, 1.7, size) * rng.choice([-1, 1], size)
    return curve, x, jnp.asarray(lead, dtype())


def exactly(curve, i):
    """The textbook form of one of them."""
    early, late, place, width, start = (
        mpf(float(getattr(curve, name)[i]))
        for name in ("early", "late", "place", "width", "log_minutes")
    )

    def value(x):
        u = x - place
        bend = (late - early) * width * mp.log1p(mp.exp(-u / width))
        return start + late * u + bend

    return value


def test_gains_and_elasticities_do_not_cancel():
    curve, x, lead = curves()
    found = floats(jax.jit(type(curve).gain)(curve, x, lead))
    change = floats(curve.elasticity_change(x, lead))
    slope = floats(curve.elasticity(x))
    for i in range(SIZE):
        value, at, by = exactly(curve, i), mpf(float(x[i])), mpf(float(lead[i]))
        with mp.workdps(60):
            gain = value(at + by) - value(at)
            slopes = mp.diff(value, at), mp.diff(value, at + by)
        # What a rounding of x, or of x + lead, moves the gain by belongs to x.
        ends = (abs(at) + abs(at + by)) * abs(slopes[1] - slopes[0])
        allowed = 16 * epsilon() * float(abs(gain) + ends)
        assert abs(found[i] - float(gain)) <= allowed, i
        assert slope[i] == pytest.approx(float(slopes[0]), rel=2e3 * epsilon())
        moved = float(slopes[1] - slopes[0])
        assert change[i] == pytest.approx(moved, rel=4e3 * epsilon(), abs=1e-30)


def test_a_gap_in_horizons_is_right_to_1e_5(kinked):
    """Of the compute that the device has: the actors' log horizons and their lead."""
    pair = kinked.budget
    assert isinstance(pair, LogHorizons)
    for years in (0.0, 0.7, 1.5, 3.0, 12.0, 60.0):
        t = jnp.full(DRAWS, years, dtype())
        lead = floats(pair.lead(t))
        x, ahead = floats(pair.path.x(t)), floats(pair.path.lead(t))
        for i in range(0, DRAWS, 8):
            with mp.workdps(40):
                curve = horizon_curve({k: mpf(v) for k, v in kinked.host[i].items()})
                here, there = mpf(x[i]), mpf(x[i]) + mpf(ahead[i])
                exact = float(curve(there) - curve(here))
            assert lead[i] == pytest.approx(exact, rel=1e-5, abs=1e-6), (years, i)


def test_rates_are_the_slopes_of_levels(kinked):
    pair = kinked.budget
    assert isinstance(pair, Trajectories)
    t = kinked.years[:64] * 0 + jnp.asarray(np.linspace(0.1, 9, 64), dtype())
    short = jax.tree.map(lambda leaf: leaf[:64] if leaf.ndim else leaf, pair)
    meek, lead = floats(short.meek_growth(t)), floats(short.lead_growth(t))
    front, ratio = floats(short.frontier_growth(t)), floats(short.log_rate_ratio(t))
    for i in range(64):
        with mp.workdps(40):
            both = horizon_budget({k: mpf(v) for k, v in kinked.host[i].items()})
            at = mpf(float(t[i]))
            slopes = [mp.diff(lambda s, k=k: both(s)[k], at) for k in (0, 1)]  # noqa: B023
        one, other = (float(slope) for slope in slopes)
        assert meek[i] == pytest.approx(one, rel=1e-4)
        assert lead[i] == pytest.approx(other, rel=1e-4, abs=1e-4 * abs(one))
        assert front[i] == pytest.approx(one + other, rel=1e-4)
        assert ratio[i] == pytest.approx(np.log1p(other / one), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize("shrinks", [False, True])
def test_limits_are_where_late_dates_lead(shrinks):
    changes = {"horizon_kink_date": 1.1, "early_horizon_doubling_time": -0.2}
    if shrinks:
        changes |= {"algorithmic_growth": -0.9, "anchor_date": 1.2}
    path, record = prepared("time_horizon", columns(1, **changes))
    pair = record.budget(path)
    limits, rate = pair.limits(), pair.curve.late
    slope = pair.curve.early if shrinks else rate
    far = jnp.asarray([400.0], dtype())
    assert float(limits.meek[0]) == (-np.inf if shrinks else np.inf)
    grown = pair.x(far) - limits.meek_growth * far
    assert float(limits.meek_offset[0]) == pytest.approx(float(grown[0]), abs=1e-3)
    assert float(limits.meek_growth[0]) == pytest.approx(
        float((slope * path.meek_growth(far))[0]), rel=1e-5
    )
    assert float(limits.lead_growth[0]) == pytest.approx(
        float(pair.lead_growth(far)[0]), rel=1e-5
    )


def test_limits_of_all_signs_of_growth_and_lead():
    signs = itertools.product((-0.9, 0.0, 0.9), repeat=3)
    shared, investment, ratio = map(np.array, zip(*signs, strict=True))
    path = path_entry("exponential").load()
    parameters = columns(
        shared.size,
        hardware_growth=0.0,
        algorithmic_growth=shared,
        investment_growth=investment,
        initial_compute_ratio=ratio,
    )
    some = {"early": 0.3, "late": 0.8, "place": 2.0, "width": 0.25, "log_minutes": 3.0}
    curve = KinkedHorizon(
        **{k: jnp.full(shared.size, v, dtype()) for k, v in some.items()}
    )
    pair = LogHorizons(path=path.prepare(parameters), curve=curve)
    limits, late = pair.limits(), jnp.asarray(2e3, dtype())
    ends = {
        "meek": pair.x,
        "lead": pair.lead,
        "frontier": lambda t: pair.x(t) + pair.lead(t),
    }
    for name, of in ends.items():
        limit, there = floats(getattr(limits, name)), floats(of(late))
        bounded = np.isfinite(limit)
        np.testing.assert_allclose(there[bounded], limit[bounded], rtol=1e-3, atol=1e-4)
        assert np.all(np.sign(there[~bounded]) == np.sign(limit[~bounded]))
        assert np.all(np.abs(there[~bounded]) > 10)
    rates = {"meek_growth": pair.meek_growth, "lead_growth": pair.lead_growth}
    for name, of in rates.items():
        np.testing.assert_allclose(
            floats(of(late)), floats(getattr(limits, name)), rtol=1e-5, atol=1e-6
        )


def test_the_late_elasticity_decides_where_a_constant_lead_ends():
    changes = {"investment_growth": 0.0, "initial_compute_ratio": 3.0}
    kink = {"horizon_kink_date": 1.1, "early_horizon_doubling_time": 0.0}
    path, record = prepared("time_horizon", columns(1, **changes, **kink))
    limit = record.limit_gap(record.budget(path).limits())
    late = record.budget(path).curve.late
    assert float(limit[0]) == pytest.approx(float(3 * late[0]), rel=1e-6)


def test_equal_rates_are_no_kink():
    rate = columns(1)["horizon_doubling_time"]
    path, straight = prepared("time_horizon", columns(1))
    both = {KINK[0]: np.asarray(rate), KINK[1]: 1.3}
    _, bent = prepared("time_horizon", columns(1, **both))
    for years in (0.0, 1.3, 2.0, 20.0):
        t = jnp.asarray([years], dtype())
        pair = bent.budget(path)
        here = straight.gap(path.x(t), path.lead(t))
        there = bent.gap(pair.x(t), pair.lead(t))
        np.testing.assert_allclose(there, here, rtol=16 * epsilon())


def test_the_frontier_turns_on_the_date_in_the_time_of_the_fit(kinked):
    """Along steady growth the horizon is the fit's own curve of calendar time."""
    assert JOIN_YEARS == horizon_fit.JOIN_YEARS
    years = np.array([-3.0, -0.4, 0.3, 1.0, 1.6, 2.9, 6.0])
    for i in range(0, DRAWS, 64):
        p = kinked.host[i]
        both = horizon_budget({k: mpf(v) for k, v in p.items()})
        late, early = (
            np.log(2) / np.exp(p[name]) for name in ("horizon_doubling_time", KINK[0])
        )
        trend = horizon_fit.Kinked(
            level=np.array([p["horizon_at_anchor"]]),
            late=np.array([late]),
            early=np.array([early]),
            kink=np.array([p[KINK[1]] - p["anchor_date"]]),
            misfit=np.zeros(1),
        )
        frontier = [float(sum(both(mpf(t)))) for t in years.tolist()]
        expected = trend.at(years - p["anchor_date"])[0]
        np.testing.assert_allclose(frontier, expected, rtol=1e-6, atol=1e-6)


STRAIGHT = (
    HORIZON,
    "task_success:minutes=60",
    "task_share:tasks=metr",
    "task_volume:minutes=240",
)


@pytest.mark.parametrize("text", STRAIGHT)
def test_without_a_kink_metrics_see_compute_itself(text):
    case = Case(text, without=KINK)
    assert case.budget is case.path
    gap, _ = gaps(case.now, case.x, case.lead)
    for i in range(0, DRAWS, 16):
        with mp.workdps(60):
            exact = case.exact(i).gap(*case.at(i))
        if exact < largest():
            size = max(abs(float(exact)), 3e-2 * case.span)
            assert float(gap[i]) == pytest.approx(float(exact), abs=1e-5 * size), i


def test_a_frontier_that_stood_still_at_the_kink_has_no_curve():
    path = path_entry("exponential").load()
    assert path is not None
    parameters = columns(
        2,
        horizon_kink_date=1.0,
        early_horizon_doubling_time=0.0,
        investment_growth=np.array([1.0, -2.0]),
    )
    _, record = prepared("time_horizon", parameters)
    assert list(np.asarray(record.invalid())) == [False, True]

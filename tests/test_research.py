"""Automated research: the closed form against an integrated ODE, and its ceiling."""

import math
from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest
from path_worlds import at, one_event, path_of
from scipy.integrate import solve_ivp
from worlds import dtype, mp, mpf

from mc.model.growth.begun import Begun
from mc.model.growth.growth import Steady
from mc.model.growth.research import Research
from mc.outcomes.status import Status

DRAWS = 40


def research(first, drive, feedback, ceiling):
    values = np.broadcast_arrays(*np.atleast_1d(first, drive, feedback, ceiling))
    names = ("first", "drive", "feedback", "ceiling")
    return Research(
        **{n: jnp.asarray(v, dtype()) for n, v in zip(names, values, strict=True)}
    )


def exact_end(first, drive, feedback, ceiling):
    """When the ceiling is met, in 40 digits; None for never."""
    a, c, q, top = (mpf(float(v)) for v in (first, drive, feedback, ceiling))
    if a <= 0:
        return None
    steady = (1 - mp.exp(-q * top)) / q if q else top
    if c == 0:
        return steady / a
    inside = 1 + c * steady / a
    return mp.log(inside) / c if inside > 0 else None


def exact_level(first, drive, feedback, ceiling, years):
    a, c, q, top = (mpf(float(v)) for v in (first, drive, feedback, ceiling))
    t = mpf(float(years))
    end = exact_end(first, drive, feedback, ceiling)
    if end is not None and t >= end:
        return top
    steady = a * (mp.exp(c * t) - 1) / c if c else a * t
    return -mp.log(1 - q * steady) / q if q else steady


def random_draws():
    rng = np.random.default_rng(4)
    drawn = (
        rng.uniform(0.05, 2.0, DRAWS),
        rng.uniform(-0.5, 2.0, DRAWS),
        rng.uniform(-2.0, 0.8, DRAWS),
        rng.uniform(0.5, 30.0, DRAWS),
    )
    return [np.asarray(v, np.dtype(dtype())) for v in drawn]


def test_the_closed_form_solves_the_equation(x64):
    """Against ``solve_ivp`` at a relative tolerance of 1e-12, up to the ceiling."""
    a, c, q, top = random_draws()
    growth = research(a, c, q, top)
    ends = np.asarray(growth.ends(), float)
    for i in range(DRAWS):
        last = min(30.0, 0.99 * ends[i])
        years = np.linspace(0, last, 7)
        first, drive, feedback = (float(v[i]) for v in (a, c, q))
        solved = solve_ivp(
            lambda t, u, p=(first, drive, feedback): p[0] * np.exp(p[1] * t + p[2] * u),
            (0, last),
            [0.0],
            t_eval=years,
            method="DOP853",
            rtol=1e-12,
            atol=1e-13,
        )
        found = np.asarray(growth.level(at(*years)))[:, i]
        slope = first * np.exp(drive * years + feedback * solved.y[0])
        eps = float(jnp.finfo(dtype()).eps)
        slack = 1e-10 + 40 * eps * (solved.y[0] + slope * (1 + years))
        assert np.all(np.abs(found - solved.y[0]) <= slack), i
        rate = np.asarray(growth.rate(at(*years)))[:, i]
        steep = 1 + abs(drive) * years + abs(feedback) * (solved.y[0] + slope * years)
        assert np.all(np.abs(rate - slope) <= (1e-10 + 60 * eps * steep) * slope), i


def test_the_ceiling_is_met_on_its_date():
    a, c, q, top = random_draws()
    growth = research(a, c, q, top)
    found, ends = np.asarray(growth.ends(), float), []
    eps = float(jnp.finfo(dtype()).eps)
    for i in range(DRAWS):
        end = exact_end(a[i], c[i], q[i], top[i])
        ends.append(math.inf if end is None else float(end))
    assert np.isinf(ends).any()
    np.testing.assert_allclose(found, ends, rtol=60 * eps)
    met = np.isfinite(ends)
    late = np.asarray(growth.level(at(1e6)), float)[0]
    np.testing.assert_allclose(late[met], top[met], rtol=1e-6)
    np.testing.assert_allclose(growth.late()[1], late, rtol=1e-5)
    before = growth.level(jnp.asarray(np.where(met, found, 1.0) * 0.98, dtype()))
    assert np.all(np.asarray(before)[met] < top[met])
    after = growth.rate(jnp.asarray(np.where(met, found, 1e6), dtype()))
    np.testing.assert_array_equal(np.asarray(after)[met], 0.0)


@pytest.mark.parametrize("drive", [1e-12, -1e-12, 0.0, 1e-4, 0.7])
@pytest.mark.parametrize("feedback", [1e-12, -1e-12, 0.0, 1e-4, -1e-4])
def test_small_feedback_and_slow_compute_lose_no_digits(drive, feedback):
    found = research(0.9, drive, feedback, 25.0).level(at(0.001, 2.0, 9.0))
    eps = float(jnp.finfo(dtype()).eps)
    for row, years in enumerate((0.001, 2.0, 9.0)):
        typed = [np.dtype(dtype()).type(v) for v in (0.9, drive, feedback, 25.0, years)]
        expected = float(exact_level(*typed))
        assert float(found[row, 0]) == pytest.approx(expected, rel=60 * eps)


@pytest.mark.parametrize(
    ("first", "drive", "feedback", "ceiling"),
    [
        (1.0, 1.2, -20.0, 92.0),
        (1.0, 0.0, -20.0, 92.0),
        (1.0, 1.2, 20.0, 92.0),
        (1e-6, 1.5, -1.0, 92.0),
        (1e-6, 0.0, 1.0, 92.0),
    ],
)
def test_high_ceilings_and_strong_feedback_overflow_nothing(
    first, drive, feedback, ceiling
):
    growth = research(first, drive, feedback, ceiling)
    years = (0.5, 5.0, 40.0, 77.0, 5000.0)
    level, rate = (np.asarray(f(at(*years)))[:, 0] for f in (growth.level, growth.rate))
    assert not np.isnan(rate).any()
    for row, when in enumerate(years):
        typed = [
            np.dtype(dtype()).type(v) for v in (first, drive, feedback, ceiling, when)
        ]
        expected = float(exact_level(*typed))
        rel = 1e-4 if dtype() == jnp.float32 else 1e-11
        assert level[row] == pytest.approx(expected, rel=rel), when


def test_without_progress_there_is_nothing_to_feed_back():
    growth = research([0.0, -0.2], 1.0, 0.5, 10.0)
    years = at(-1.0, 0.0, 8.0)
    np.testing.assert_allclose(growth.level(years)[:, 1], [0.2, 0.0, -1.6], rtol=1e-6)
    np.testing.assert_array_equal(growth.level(years)[:, 0], 0.0)
    assert np.all(np.isinf(np.asarray(growth.ends())))
    np.testing.assert_allclose(growth.late()[0], [0.0, -0.2], rtol=1e-6)


def test_a_balanced_path_needs_no_feedback_of_research(x64):
    """``q < 0`` and ``a = (λ/β)·c``: u is ``(λ/β)·c·t`` (science 3.2)."""
    growth = research(0.95 * 1.5, 1.5 * 0.19, -0.2, 1e3)
    level = np.asarray(growth.level(at(1.0, 10.0, 50.0)))[:, 0]
    expected = 0.95 * 1.5 * np.array([1.0, 10.0, 50.0])
    np.testing.assert_allclose(level, expected, rtol=1e-12 if x64 else 2e-6)


@pytest.mark.slow
def test_an_explosion_has_a_date_and_events_a_status():
    strong: dict[str, Any] = {
        "research_feedback": 0.3,
        "research_ceiling": math.log(1e9),
    }
    for who in ("both", "frontier"):
        path = path_of(f"automated_research:who={who}", **strong)
        date = float(path.landmarks()["research_ceiling"][0])
        assert 0 < date < 10
        levels = np.asarray(path.x(at(0.5, date, date + 1, 60.0)))
        assert np.all(np.isfinite(levels))
        found = one_event(f"automated_research:who={who}", **strong)
        assert found.peak_status == Status.OBSERVED
        assert found.convergence_status == Status.OBSERVED
        assert np.isfinite(found.peak_gap)


def test_alone_the_frontier_leaves_the_meek_actor_as_it_was():
    path = path_of("automated_research:who=frontier")
    base = path_of("exponential")
    years = at(0.0, 1.0, 3.0, 13.0, 14.0, 40.0, 77.0, 1e3)
    np.testing.assert_array_equal(path.x(years), base.x(years))
    np.testing.assert_array_equal(path.meek_growth(years), base.meek_growth(years))
    for name in ("meek", "meek_growth", "meek_offset"):
        found = (getattr(p.limits(), name) for p in (path, base))
        np.testing.assert_array_equal(*found)


def test_alone_the_frontier_gains_a_lead_that_the_ceiling_takes_back(x64):
    path = path_of("automated_research:who=frontier")
    base = path_of("exponential")
    same: Any = {"rtol": 1e-9, "atol": 1e-9} if x64 else {"rtol": 1e-5, "atol": 2e-5}
    early = at(0.0, 1.0, 3.0)
    np.testing.assert_allclose(path.x(early), base.x(early), **same)
    shared = path_of("automated_research")
    np.testing.assert_allclose(path.frontier(early), shared.frontier(early), **same)
    np.testing.assert_allclose(path.lead(at(60.0)), base.lead(at(60.0)), **same)
    assert float(path.limits().lead_growth[0]) == float(base.limits().lead_growth[0])


def begun(date, num_draws=1):
    before = Steady(per_year=jnp.full(num_draws, 0.8, dtype()))
    after = research(np.full(num_draws, 0.8), 0.7, 0.1, 12.0)
    return Begun(before=before, after=after, date=jnp.asarray(date, dtype()))


def test_before_its_date_nothing_has_begun_and_after_it_the_clock_starts_there():
    growth = begun([3.0])
    early, late = at(-1.0, 0.0, 1.5, 2.9), at(0.0, 0.4, 2.0, 50.0)
    np.testing.assert_array_equal(growth.level(early), growth.before.level(early))
    np.testing.assert_array_equal(growth.rate(early), growth.before.rate(early))
    same: Any = {"rtol": 1e-5, "atol": 1e-5}
    np.testing.assert_allclose(
        growth.level(3.0 + late), 2.4 + growth.after.level(late), **same
    )
    np.testing.assert_allclose(growth.rate(3.0 + late), growth.after.rate(late), **same)
    assert isinstance(growth.after, Research)
    ends = float(growth.after.ends()[0])
    assert [float(b[0]) for b in growth.breaks()] == pytest.approx([3.0, 3.0 + ends])
    rate, more = growth.late()
    assert (float(rate[0]), float(more[0])) == pytest.approx((0.0, 2.4 + 12.0))


def test_what_never_begins_or_began_before_the_epoch():
    growth = begun([math.inf, -2.0], 2)
    years = at(0.0, 2.0, 60.0)
    np.testing.assert_array_equal(
        np.asarray(growth.level(years))[:, 0],
        np.asarray(growth.before.level(years))[:, 0],
    )
    np.testing.assert_array_equal(
        np.asarray(growth.level(years))[:, 1],
        np.asarray(growth.after.level(years))[:, 1],
    )
    rate, more = growth.late()
    np.testing.assert_allclose(rate, [0.8, 0.0], rtol=1e-6)
    np.testing.assert_allclose(more, [0.0, 12.0], rtol=1e-6)


@pytest.mark.parametrize("who", ["both", "frontier"])
def test_what_was_seen_stays_and_the_ceiling_counts_from_the_epoch(who):
    path = path_of(f"automated_research:who={who}", research_start_date=4.0)
    base = path_of("exponential")
    seen = at(0.0, 1.0, 3.9)
    np.testing.assert_allclose(path.frontier(seen), base.frontier(seen), rtol=1e-6)
    np.testing.assert_allclose(path.x(seen), base.x(seen), rtol=1e-6)
    dates = path.landmarks()
    begins, ceiling = (float(dates[f"research_{n}"][0]) for n in ("begins", "ceiling"))
    assert begins == 4.0 < ceiling
    gained = path.frontier(at(ceiling)) - base.frontier(at(ceiling))
    usual = math.log(2.8) * ceiling
    assert float(gained[0, 0]) == pytest.approx(math.log(1e6) - usual, abs=2e-4)

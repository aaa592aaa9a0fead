"""Each shape of growth against its rate, integrated in 40 digits by mpmath."""

import math
from typing import Any

import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from tiers import tiered
from worlds import dtype, mp, mpf

from mc.model.growth.growth import Steady, Total
from mc.model.growth.jump import Jump
from mc.model.growth.saturating import Saturating
from mc.model.growth.scaled import Scaled
from mc.model.growth.turning import Fading, Kinked, Softened
from mc.model.growth.withheld import Withheld, withheld

DRAWS = 12
YEARS = (0.0, 0.003, 0.7, 2.0, 5.5, 13.0, 40.0, 77.0)
FAR = 1e6


def exact_kinked(p):
    return lambda t: p["early"] if t < p["date"] else p["later"]


def exact_softened(p):
    early, later, date, width = (p[k] for k in ("early", "later", "date", "width"))
    return lambda t: early + (later - early) / (1 + mp.exp(-(t - date) / width))


def exact_fading(p):
    return lambda t: p["later"] + (p["early"] - p["later"]) * mp.exp(-t / p["time"])


def exact_saturating(p):
    q = mp.exp(-p["ceiling"])

    def rate(t):
        left = (1 - q) * mp.exp(-p["per_year"] * t)
        return p["per_year"] * left / (q + left)

    return rate


SHAPES = {
    "kinked": (Kinked, exact_kinked, ("early", "later", "date")),
    "softened": (Softened, exact_softened, ("early", "later", "date", "width")),
    "fading": (Fading, exact_fading, ("early", "later", "time")),
    "saturating": (Saturating, exact_saturating, ("per_year", "ceiling")),
}


def draws(names, seed=1):
    rng = np.random.default_rng(seed)
    made = {
        "early": rng.uniform(-0.3, 2.0, DRAWS),
        "later": rng.uniform(-0.3, 2.0, DRAWS),
        "date": rng.uniform(0.5, 20.0, DRAWS),
        "width": 10 ** rng.uniform(-3, 1, DRAWS),
        "time": 10 ** rng.uniform(-2, 3, DRAWS),
        "per_year": rng.uniform(-0.3, 2.0, DRAWS),
        "ceiling": 10 ** rng.uniform(-2, 1.5, DRAWS),
    }
    return {name: np.asarray(made[name], np.dtype(dtype())) for name in names}


def on_device(values):
    return {name: jnp.asarray(v, dtype()) for name, v in values.items()}


def exact_of(values, draw):
    return {name: mpf(float(v[draw])) for name, v in values.items()}


def integral(rate, p, start, stop) -> Any:
    """Of a rate that may kink, or turn quickly, near its date."""
    inner = [start, stop]
    if "date" in p:
        width = p.get("width", mpf(1) / 1000)
        near = [p["date"] + k * width for k in (-30, -8, -2, 0, 2, 8, 30)]
        inner += [t for t in near if start < t < stop]
    if "time" in p:
        inner += [
            t for t in (k * p["time"] for k in (1, 5, 25, 80)) if start < t < stop
        ]
    return mpmath.quad(rate, sorted(inner))


def roundings(values, years, rate):
    """A few roundings of what the level is made of."""
    eps = float(jnp.finfo(dtype()).eps)
    dates = abs(float(values.get("date", 0.0))) * abs(
        float(values.get("early", 0) - values.get("later", 0))
    )
    return 12 * eps * (abs(float(rate)) * years + dates)


@pytest.mark.parametrize("shape", tiered(SHAPES, quick=[*SHAPES][:2]))
def test_a_level_is_the_integral_of_its_rate(shape):
    record, exact, names = SHAPES[shape]
    values = draws(names)
    growth = record(**on_device(values))
    found = growth.level(jnp.asarray(YEARS, dtype())[:, None])
    for i in range(DRAWS):
        p = exact_of(values, i)
        for row, years in enumerate(YEARS):
            t = mpf(float(np.asarray(years, np.dtype(dtype()))))
            expected = integral(exact(p), p, mpf(0), t)
            most = max(
                abs(v) for k, v in p.items() if k in ("early", "later", "per_year")
            )
            slack = roundings(p, years, most)
            assert abs(float(found[row, i]) - float(expected)) <= slack, (i, years)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_rate_is_the_exact_one(shape, x64):
    record, exact, names = SHAPES[shape]
    values = draws(names)
    growth = record(**on_device(values))
    found = growth.rate(jnp.asarray(YEARS, dtype())[:, None])
    for i in range(DRAWS):
        p = exact_of(values, i)
        for row, years in enumerate(YEARS):
            t = mpf(float(np.asarray(years, np.dtype(dtype()))))
            steep = float(t / p.get("width", mpf(1)) + t / p.get("time", mpf(1)))
            slack = 8 * float(jnp.finfo(dtype()).eps) * (2 + 2 * min(steep, 1e4))
            assert float(found[row, i]) == pytest.approx(
                float(exact(p)(t)), rel=slack, abs=slack
            )


@pytest.mark.parametrize("shape", SHAPES)
def test_what_lies_between_two_dates_is_the_difference(shape):
    """Also backwards, and by a width that is tiny beside the date."""
    record, exact, names = SHAPES[shape]
    values = draws(names)
    growth = record(**on_device(values))
    eps = float(jnp.finfo(dtype()).eps)
    for start, width in ((0.0, 3.0), (4.0, 1e-3), (30.0, 2.5), (9.0, 31.0)):
        a = jnp.full((1, 1), start, dtype())
        b = jnp.full((1, 1), start + width, dtype())
        there, back = growth.between(a, b), growth.between(b, a)
        np.testing.assert_allclose(back, -np.asarray(there), rtol=1e-6, atol=1e-9)
        step = float(b[0, 0]) - float(a[0, 0])
        gained = growth.gained(b, jnp.full((1, 1), step, dtype()))
        for i in range(DRAWS):
            p = exact_of(values, i)
            expected = float(integral(exact(p), p, mpf(start), mpf(start) + mpf(step)))
            slack = 40 * eps * (abs(expected) + 2 * start + 2 * step)
            assert float(there[0, i]) == pytest.approx(expected, abs=slack)
            assert float(gained[0, i]) == pytest.approx(expected, abs=slack)


def test_small_differences_keep_their_digits():
    """A millionth of a year at a date far from the kink: no cancellation."""
    width = jnp.asarray([[1e-6]], dtype())
    late = jnp.asarray([[50.0]], dtype())
    one, two, three = (jnp.asarray([v], dtype()) for v in (0.5, 0.25, 3.0))
    shapes = (
        Kinked(early=one, later=two, date=three),
        Softened(early=one, later=two, date=three, width=jnp.asarray([0.5], dtype())),
        Fading(early=one, later=two, time=jnp.asarray([0.5], dtype())),
        Steady(per_year=two),
    )
    for growth in shapes:
        gained = float(growth.gained(late, width)[0, 0])
        assert gained == pytest.approx(0.25e-6, rel=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_far_out_a_level_is_its_late_rate_and_offset(shape):
    record, _, names = SHAPES[shape]
    growth = record(**on_device(draws(names)))
    rate, offset = growth.late()
    level = np.asarray(growth.level(jnp.full((1, 1), FAR, dtype())))[0]
    expected = np.asarray(rate, float) * FAR + np.asarray(offset, float)
    eps = float(jnp.finfo(dtype()).eps)
    np.testing.assert_allclose(level, expected, rtol=8 * eps, atol=30 * eps)


def test_a_kink_and_a_fade_are_limits_of_smooth_growth(x64):
    values = on_device(draws(("early", "later", "date")))
    years = jnp.asarray(YEARS, dtype())[:, None]
    kinked = np.asarray(Kinked(**values).level(years))
    narrow = jnp.full(DRAWS, 1e-6, dtype())
    sharp = np.asarray(Softened(**values, width=narrow).level(years))
    np.testing.assert_allclose(sharp, kinked, atol=3e-6 if x64 else 3e-5)
    slow = {k: values[k] for k in ("early", "later")}
    never = Fading(**slow, time=jnp.full(DRAWS, 1e9, dtype())).level(years)
    steady = np.asarray(values["early"]) * np.asarray(years)
    np.testing.assert_allclose(never, steady, rtol=2e-6, atol=1e-5)


@pytest.mark.parametrize(
    ("date", "rate"), [(math.inf, 0.5), (-math.inf, 0.25), (-3.0, 0.25), (0.0, 0.25)]
)
def test_a_kink_that_is_past_or_never_comes_is_no_kink(date, rate):
    growth = Kinked(
        early=jnp.asarray([0.5], dtype()),
        later=jnp.asarray([0.25], dtype()),
        date=jnp.asarray([date], dtype()),
    )
    years = jnp.asarray([[-2.0], [0.0], [7.0]], dtype())
    np.testing.assert_array_equal(growth.level(years), rate * np.asarray(years))
    assert float(growth.rate(years)[2, 0]) == rate
    late, offset = growth.late()
    assert (float(late[0]), float(offset[0])) == (rate, 0.0)


def test_before_the_epoch_growth_goes_on_at_its_first_rate():
    early, later = jnp.asarray([0.5], dtype()), jnp.asarray([0.25], dtype())
    back = jnp.asarray([[-2.0]], dtype())
    fading = Fading(early=early, later=later, time=later)
    kinked = Kinked(early=early, later=later, date=later)
    assert float(fading.level(back)[0, 0]) == -1.0
    assert float(kinked.level(back)[0, 0]) == -1.0
    assert float(kinked.between(back, -back)[0, 0]) == 1 + 0.125 + 0.25 * 1.75


@pytest.mark.parametrize("rate", [1.0, 0.0])
def test_a_ceiling_below_the_start_holds_what_there_is(rate):
    growth = Saturating(
        per_year=jnp.asarray([rate], dtype()), ceiling=jnp.asarray([-1.0], dtype())
    )
    years = jnp.asarray([[0.0], [50.0]], dtype())
    np.testing.assert_array_equal(growth.level(years), 0 * np.asarray(years))
    np.testing.assert_array_equal(growth.rate(years), 0 * np.asarray(years))


def test_a_jump_comes_on_its_date_and_not_a_rounding_before():
    date = jnp.asarray([4.1], dtype())
    jump = Jump(date=date, size=jnp.asarray([1.5], dtype()))
    before = jnp.nextafter(date, jnp.zeros_like(date))
    assert float(jump.level(before)[0]) == 0.0
    assert float(jump.level(date)[0]) == 1.5
    assert float(jump.late()[1][0]) == 1.5
    past = Jump(date=-date, size=jump.size)
    assert float(past.level(date)[0]) == 0.0
    assert float(past.late()[1][0]) == 0.0


def test_what_spreads_late_is_the_growth_of_the_last_years(x64):
    values = on_device(draws(("early", "later", "date")))
    kinked = Kinked(**values)
    delay = jnp.full(DRAWS, 3.0, dtype())
    years = jnp.asarray(YEARS, dtype())[:, None]
    late = withheld(kinked, delay)
    assert isinstance(late, Withheld)
    first = np.asarray(kinked.level(jnp.maximum(years - 3, 0.0)), float)
    expected = np.asarray(kinked.level(years), float) - first
    atol = 1e-12 if x64 else 3e-5
    np.testing.assert_allclose(late.level(years), expected, atol=atol)
    rate, offset = late.late()
    far = late.level(jnp.full((1, 1), FAR, dtype()))[0]
    np.testing.assert_array_equal(rate, 0 * np.asarray(rate))
    np.testing.assert_allclose(far, offset, rtol=1e-6)
    steady = withheld(Steady(per_year=values["early"]), delay)
    assert isinstance(steady, Kinked)


def test_what_is_added_and_taken_off_cancels_once():
    steady = Steady(per_year=jnp.asarray([0.3], dtype()))
    kinked = Kinked(early=steady.per_year, later=steady.per_year, date=steady.per_year)
    total = Total.of(kinked, kinked, steady, less=(kinked, steady))
    assert total.added == (kinked,)
    assert total.less == ()
    assert float(total.steady.per_year[0]) == pytest.approx(0.0)
    nested = Total.of(total, less=(Total.of(steady, less=(kinked,)),))
    assert nested.added == (kinked, kinked)
    half = Scaled(factor=jnp.asarray([0.5], dtype()), growth=kinked)
    assert float(half.level(jnp.asarray([2.0], dtype()))[0]) == pytest.approx(0.3)

"""Crossings of a level: closed forms, mpmath, breaks, and a slow dense loop."""

import dataclasses
import math
import types
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from metric_cases import Case
from tiers import tiered
from worlds import ORACLES, P0, UNTIL_YEARS, columns, dtype, mp, mpf, prepared

from mc.model.growth.growth import Growth
from mc.outcomes.crossings import find_crossings
from mc.outcomes.status import Status
from mc.outcomes.trace import event_knots

S0 = P0["hardware_growth"] + P0["algorithmic_growth"]
V0 = P0["investment_growth"]
F0 = S0 + V0
DATE = 1e-4


@jax.jit
def _found(metric, path, level, direction, knots, until):
    return find_crossings(
        metric,
        path,
        level=level,
        direction=direction,
        knots=knots,
        until_years=until,
    )


def found(metric, path, level, direction=1, until=UNTIL_YEARS):
    """Crossings on the host."""
    crossings = _found(
        metric,
        path,
        jnp.asarray(level, dtype()),
        jnp.asarray(direction, dtype()),
        jnp.asarray(event_knots(until), dtype()),
        jnp.asarray(until, dtype()),
    )
    return jax.tree.map(np.asarray, crossings)


def one(
    metric: Any,
    level: Any,
    direction: Any = 1,
    until: Any = UNTIL_YEARS,
    alter: Any = None,
    **changes: Any,
):
    """Crossings of a single draw as scalars."""
    path, record = prepared(metric, columns(1, **changes))
    if alter is not None:
        path = alter(path)
    crossings = found(record, path, level, direction, until)
    return types.SimpleNamespace(**{k: v[0] for k, v in vars(crossings).items()})


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class Bend(Growth):
    """A growth whose level jumps and whose rate changes on one date."""

    date: jax.Array
    jump: jax.Array
    early: jax.Array
    later: jax.Array

    @classmethod
    def at(cls, date, *, jump=0.0, early=0.0, later=0.0):
        """The same in a single draw."""
        numbers = {"date": date, "jump": jump, "early": early, "later": later}
        return cls(**{k: jnp.full(1, v, dtype()) for k, v in numbers.items()})

    def level(self, years):
        """Two lines, and the jump once it has come."""
        after = jnp.maximum(years - self.date, 0.0)
        line = self.early * jnp.minimum(years, self.date) + self.later * after
        return line + jnp.where(years >= self.date, self.jump, 0.0)

    def rate(self, years):
        """The slope of the line that holds."""
        return jnp.where(years >= self.date, self.later, self.early)

    def breaks(self):
        """The date."""
        return (self.date,)

    def late(self):
        """The second line."""
        return self.later, self.jump + (self.early - self.later) * self.date


def jumping(date, jump):
    """A path whose frontier jumps."""
    return lambda path: dataclasses.replace(path, extra=(Bend.at(date, jump=jump),))


def bending(date, later):
    """A path whose algorithms grow at another rate from a date on."""
    early = P0["algorithmic_growth"]
    bend = Bend.at(date, early=early, later=later)
    return lambda path: dataclasses.replace(path, algorithms=bend)


@pytest.mark.parametrize("ratio", [0.0, 2.0, -1.0])
@pytest.mark.parametrize("ooms", [1, 5, 12])
def test_a_level_of_compute_is_reached_when_the_closed_form_says(ratio, ooms):
    """Science 4, row threshold X, on a metric that is linear in log compute."""
    more = ooms * math.log(10)
    level = P0["elo_per_oom"] * ooms
    dates = one("elo", level, initial_compute_ratio=ratio)
    assert dates.frontier_years == pytest.approx((more - ratio) / F0, abs=DATE)
    assert dates.meek_years == pytest.approx(more / S0, abs=DATE)
    wait = (more * V0 / S0 + ratio) / F0
    assert dates.delay_years == pytest.approx(wait, abs=DATE)
    statuses = (dates.frontier_status, dates.meek_status, dates.delay_status)
    assert statuses == (Status.OBSERVED,) * 3


def test_the_delay_grows_with_the_level_on_a_meek_metric_too():
    levels = (0.3, 0.6, 0.9, 0.99)
    waits = [one("task_success_1h", level).delay_years for level in levels]
    assert all(np.diff(waits) > 0)


@pytest.mark.parametrize("level", [1.82, 1.78, 1.75, 1.71])
def test_a_loss_is_reached_from_above(level):
    log_start = math.log(float(ORACLES["i.00"]["K"]))
    more = (log_start - math.log(level - P0["irreducible_loss"])) / P0["loss_exponent"]
    dates = one("validation_loss", level, direction=-1)
    steepness = P0["loss_exponent"] * S0 * (level - P0["irreducible_loss"])
    rounding = float(np.finfo(dtype()).eps) * level / steepness
    assert dates.frontier_years == pytest.approx(more / F0, abs=DATE + rounding)
    assert dates.meek_years == pytest.approx(more / S0, abs=DATE + rounding)


EXACT = {
    "validation_loss": -1,
    "negative_log_total_loss": 1,
    "benchmark_logistic": 1,
    "nines_of_reliability:of=logistic": 1,
    "n_step_length": 1,
    "n_step_success:n=1000": 1,
    "time_horizon:gap=difference": 1,
    "task_success_1h": 1,
    "misalignment_frequency": -1,
    "log_log_compute": 1,
    "elo_inference": 1,
}
"""A metric of each shape, and which way is better."""


def reading(form, actor, years):
    """The exact value of an actor on a date, turned so that more is better."""
    x, lead = form.budget(years)
    return form.value(x + lead if actor == "frontier" else x)


def rounding(case, draw, actor, years):
    """Years by which roundings of what a value is computed from may move a date."""
    host, still = case.host[draw], reading(case.exact(draw), actor, years)
    total = abs(still)
    for name, value in host.items():
        moved = case.exact(draw, {name: mpf(value) * (1 + mpf("1e-20"))})
        total += abs(reading(moved, actor, years) - still) / mpf("1e-20")
    later = reading(case.exact(draw), actor, years * (1 + mpf("1e-15")))
    steepness = (later - still) / (years * mpf("1e-15"))
    return float(4 * np.finfo(dtype()).eps * total / steepness)


@pytest.mark.parametrize(
    "text", tiered(EXACT, quick=["validation_loss", "task_success_1h", "elo_inference"])
)
def test_dates_are_those_of_the_textbook_form(text):
    """In mpmath the level lies between the values just before and after the date."""
    case, sign = Case(text), EXACT[text]
    years = jnp.asarray(np.linspace(0.5, 40, case.size), dtype())
    level = case.record.value(case.budget.x(years))
    dates = found(case.record, case.path, level, sign)
    levels = np.asarray(level, float)
    checked = 0
    for draw in range(0, case.size, 61):
        for actor in ("frontier", "meek"):
            if getattr(dates, f"{actor}_status")[draw] != Status.OBSERVED:
                continue
            with mp.workdps(60):
                form = case.exact(draw)
                date = mpf(float(getattr(dates, f"{actor}_years")[draw]))
                bar = DATE + rounding(case, draw, actor, date)
                if bar > 0.1 or date < bar:
                    continue
                level_ = sign * mpf(float(levels[draw]))
                assert reading(form, actor, date - bar) < level_
                assert reading(form, actor, date + bar) > level_
            checked += 1
    assert checked >= 8


OBSERVED, ALREADY, BEYOND = Status.OBSERVED, Status.ALREADY, Status.BEYOND
NEVER, UNDETERMINED = Status.NEVER, Status.UNDETERMINED
STILL = {"algorithmic_growth": 0.0, "hardware_growth": 0.0}
SLOW = {"hardware_growth": 0.0, "algorithmic_growth": 1e-9, "investment_growth": 1e-9}
CASES = {
    "both are past the level at the epoch": (
        ("task_success_1h", 1e-6, 1, {}),
        (ALREADY, ALREADY, ALREADY),
    ),
    "the level is where both stand": (
        ("elo", 0.0, 1, {}),
        (ALREADY, ALREADY, ALREADY),
    ),
    "the frontier is past it and the meek actor is not": (
        ("elo", 100.0, 1, {"initial_compute_ratio": 5.0}),
        (ALREADY, OBSERVED, UNDETERMINED),
    ),
    "the frontier is past it and the meek actor stands still": (
        ("elo", 100.0, 1, {"initial_compute_ratio": 5.0, **STILL}),
        (ALREADY, NEVER, NEVER),
    ),
    "the meek actor comes after the window": (
        ("elo", 8000.0, 1, {}),
        (OBSERVED, BEYOND, BEYOND),
    ),
    "both come after the window": (("elo", 1e6, 1, {}), (BEYOND, BEYOND, BEYOND)),
    "both come after every knot": (("elo", 1e3, 1, SLOW), (BEYOND, BEYOND, BEYOND)),
    "the meek actor stands still": (
        ("task_success_1h", 0.9, 1, {**STILL, "horizon_elasticity": 0.5}),
        (OBSERVED, NEVER, NEVER),
    ),
    "the level is a ceiling that is only approached": (
        ("task_success_1h", 1.0, 1, {}),
        (NEVER, NEVER, UNDETERMINED),
    ),
    "the level is beyond the ceiling": (
        ("task_success_1h", 1.1, 1, {}),
        (NEVER, NEVER, UNDETERMINED),
    ),
    "the level is a floor that is only approached": (
        ("validation_loss", P0["irreducible_loss"], -1, {}),
        (NEVER, NEVER, UNDETERMINED),
    ),
    "the meek actor is first": (
        (
            "elo",
            100.0,
            1,
            {"initial_compute_ratio": -1.0, "investment_growth": 1e-3},
        ),
        (OBSERVED, OBSERVED, OBSERVED),
    ),
    "the frontier comes after the window and the meek actor in it": (
        (
            "elo",
            100.0,
            1,
            {"initial_compute_ratio": -200.0, "investment_growth": 1e-3},
        ),
        (BEYOND, OBSERVED, ALREADY),
    ),
    "only the meek actor gets there": (
        (
            "elo",
            100.0,
            1,
            {"initial_compute_ratio": -1.0, "investment_growth": -2.0},
        ),
        (NEVER, OBSERVED, UNDETERMINED),
    ),
    "nobody knows what the harm tends to": (
        ("expected_harm_capability", 1e30, 1, {"harm_exponent": 0.1}),
        (UNDETERMINED, UNDETERMINED, UNDETERMINED),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_each_case_has_its_statuses(case):
    (metric, level, direction, changes), expected = CASES[case]
    dates = one(metric, level, direction, **changes)
    statuses = (dates.frontier_status, dates.meek_status, dates.delay_status)
    assert statuses == expected
    for actor in ("frontier", "meek", "delay"):
        years = getattr(dates, f"{actor}_years")
        status = getattr(dates, f"{actor}_status")
        assert np.isfinite(years) == (status == OBSERVED)
        assert np.isneginf(years) == (status == ALREADY)


def test_a_value_that_rounds_beyond_its_ceiling_never_reaches_it():
    """Floor plus height is above the ceiling by a rounding."""
    rng = np.random.default_rng(3)
    kind = np.dtype(dtype())
    low, high = (rng.uniform(1, 4, 999).astype(kind) / n for n in (70, 7))
    worst = int(np.argmax(low + (high - low) - high))
    assert low[worst] + (high[worst] - low[worst]) > high[worst]
    ends = {"benchmark_floor": low[worst], "benchmark_ceiling": high[worst]}
    dates = one("benchmark_gompertz", high[worst], **ends)
    assert dates.frontier_status == dates.meek_status == NEVER


def test_a_meek_actor_that_is_first_has_a_delay_below_zero():
    dates = one("elo", 100.0, initial_compute_ratio=-1.0, investment_growth=1e-3)
    growth = S0 + 1e-3
    more = 100 / P0["elo_per_oom"] * math.log(10)
    assert dates.delay_years == pytest.approx(more / S0 - (more + 1) / growth, abs=DATE)
    assert dates.delay_years < 0


def test_a_level_that_is_jumped_over_is_reached_on_that_date():
    before, after = F0 * 6.1, F0 * 6.1 + 8
    level = P0["elo_per_oom"] * (before + after) / 2 / math.log(10)
    dates = one("elo", level, alter=jumping(6.1, 8.0))
    assert dates.frontier_years == pytest.approx(6.1, abs=DATE)
    assert dates.meek_years == pytest.approx((before + after) / 2 / S0, abs=DATE)


def test_after_a_jump_back_the_first_date_counts():
    level = P0["elo_per_oom"] * F0 * 6.0 / math.log(10)
    dates = one("elo", level, alter=jumping(6.1, -8.0))
    assert dates.frontier_years == pytest.approx(6.0, abs=DATE)


def test_a_level_reached_and_lost_again_is_reached():
    """Both grow until 5.05 and shrink for ever after."""
    level = P0["elo_per_oom"] * S0 * 5.0 / math.log(10)
    changes = {"investment_growth": 0.01}
    dates = one("elo", level, alter=bending(5.05, -3.0), **changes)
    assert dates.meek_status == OBSERVED
    assert dates.meek_years == pytest.approx(5.0, abs=DATE)
    missed = one("elo", 1.02 * level, alter=bending(5.05, -3.0), **changes)
    assert missed.meek_status == NEVER


def test_a_top_between_two_knots_is_not_missed():
    """Harm e^(λt)·p peaks where the odds of misalignment are λ : (ηs − λ)."""
    eta, growth = P0["misalignment_exponent"], 0.1
    z = math.log(growth / (eta * S0 - growth))
    above = P0["misalignment_midpoint"] - P0["initial_compute"]
    years = (z + eta * above) / (eta * S0)
    top = 0.5 * math.exp(growth * years) / (1 + math.exp(z))
    near = {"harm_growth": growth}
    knots = event_knots(UNTIL_YEARS)
    last = int(np.searchsorted(knots, years))
    at = 0.5 * np.exp(growth * knots - np.logaddexp(0, eta * (S0 * knots - above)))
    level = (top + at[last - 1 : last + 1].max()) / 2
    found_ = one("expected_harm_time", level, **near)
    assert found_.meek_status == OBSERVED
    assert knots[last - 1] < found_.meek_years < years


def _dense(parameters, level, until):
    """First knot of a dense grid at which each actor's loss is at or under a level."""
    p = {name: np.asarray(values, float) for name, values in parameters.items()}
    s = p["hardware_growth"] + p["algorithmic_growth"]
    start = p["loss_coefficient"] - p["loss_exponent"] * p["initial_compute"]
    t = np.linspace(0, until, 20_001)[:, None]
    lead = p["initial_compute_ratio"] + p["investment_growth"] * t
    found_ = []
    for x in (s * t + lead, s * t):
        past = p["irreducible_loss"] + np.exp(start - p["loss_exponent"] * x) <= level
        found_.append(np.where(past.any(axis=0), np.argmax(past, axis=0), -1))
    return t[:, 0], found_


def test_a_slow_loop_over_a_dense_grid_finds_the_same():
    rng = np.random.default_rng(12)
    size = 300
    parameters = columns(
        size,
        hardware_growth=rng.normal(0.3, 0.1, size),
        algorithmic_growth=rng.normal(0.3, 0.6, size),
        investment_growth=rng.normal(0.8, 0.8, size),
        initial_compute_ratio=rng.normal(0.5, 2.0, size),
    )
    path, record = prepared("validation_loss", parameters)
    dates = found(record, path, 1.78, -1)
    t, first = _dense(parameters, 1.78, UNTIL_YEARS)
    for actor, knot in zip(("frontier", "meek"), first, strict=True):
        status = getattr(dates, f"{actor}_status")
        years = getattr(dates, f"{actor}_years")
        observed = status == OBSERVED
        assert np.array_equal(status == ALREADY, knot == 0)
        assert np.array_equal(observed, knot > 0)
        assert np.all(np.abs(years[observed] - t[knot[observed]]) < 1.1 * t[1])
        assert observed.sum() > 100
    late = dates.meek_status > OBSERVED
    shared = np.asarray(path.meek_growth(jnp.zeros((), dtype())))
    assert np.array_equal(late & (dates.meek_status == BEYOND), late & (shared > 0))


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    growth=st.floats(0.05, 2.0),
    investment=st.floats(0.0, 2.0),
    level=st.floats(0.1, 0.9),
    more=st.floats(0.0, 0.09),
)
def test_a_higher_level_is_never_reached_earlier(growth, investment, level, more):
    changes = {
        "hardware_growth": 0.0,
        "algorithmic_growth": growth,
        "investment_growth": investment,
        "horizon_elasticity": 0.8,
    }
    low, high = (one("task_success_1h", a, **changes) for a in (level, level + more))
    assert high.frontier_years >= low.frontier_years - DATE
    assert high.meek_years >= low.meek_years - DATE
    assert low.delay_status == ALREADY or low.delay_years >= -DATE

"""Areas under gap and spending: closed forms, mpmath's quadrature, breaks."""

import dataclasses
import math
from typing import NamedTuple

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import Case, epsilon
from test_crossings import Bend, jumping
from tiers import tiered
from worlds import ORACLES, P0, UNTIL_YEARS, columns, dtype, mp, mpf, prepared

from mc.outcomes.returns import discounted, meek_spending

S0 = P0["hardware_growth"] + P0["algorithmic_growth"]
V0 = P0["investment_growth"]
F0 = S0 + V0
GAMMA = P0["loss_exponent"]
K = float(ORACLES["i.00"]["K"])


class Area(NamedTuple):
    """A sum of each draw by its sign and its logarithm."""

    sign: np.ndarray
    log: np.ndarray


@jax.jit
def _returns(metric, path, discount, until):
    return discounted(
        metric,
        path,
        discount=discount,
        until_years=until,
        log_meek_spending=meek_spending(path),
    )


def returns(metric, path, discount=0.0, until=UNTIL_YEARS):
    """Areas on the host: sign and logarithm of the gap's and of the spending's."""
    number = [jnp.asarray(value, dtype()) for value in (discount, until)]
    found = _returns(metric, path, *number)
    host = {k: np.asarray(v, float) for k, v in vars(found).items()}
    gap = Area(host["gap_sign"], host["log_gap_years"])
    return gap, Area(host["spending_sign"], host["log_spending_years"])


def decay(rate, until):
    """``∫₀^T e^(−rate·t) dt``, for a rate of either sign."""
    return -math.expm1(-rate * until) / rate


def loss_area(ratio, discount, start, stop):
    """Area under the loss gap of P0 between two dates, ``ln κ`` as given."""

    def between(rate):
        return decay(rate, stop) - decay(rate, start) if start else decay(rate, stop)

    meek = between(GAMMA * S0 + discount)
    return K * (meek - math.exp(-GAMMA * ratio) * between(GAMMA * F0 + discount))


def close(area, expected, more=1.0):
    """An area and its exact value agree to so many roundings of its logarithm."""
    assert area.sign[0] == math.copysign(1, expected)
    log = math.log(abs(expected))
    assert area.log[0] == pytest.approx(log, abs=64 * epsilon() * max(1, more))


@pytest.mark.parametrize("ratio", [0.0, 2.0, -1.0])
@pytest.mark.parametrize("discount", [0.0, 0.03, 0.5])
@pytest.mark.parametrize("until", [1.0, UNTIL_YEARS])
def test_the_area_under_the_loss_gap_has_a_closed_form(ratio, discount, until):
    path, record = prepared("validation_loss", columns(1, initial_compute_ratio=ratio))
    gap, _ = returns(record, path, discount, until)
    close(gap, loss_area(ratio, discount, 0.0, until))


def test_over_all_time_it_is_the_area_of_the_table():
    """Science 4, row area: R0·v/(γsf)."""
    path, record = prepared("validation_loss", columns(1))
    gap, _ = returns(record, path, until=400.0)
    close(gap, K * V0 / (GAMMA * S0 * F0))


@pytest.mark.parametrize("ratio", [0.0, 2.0])
@pytest.mark.parametrize("discount", [0.0, 0.03, 3.0])
@pytest.mark.parametrize("until", [1.0, UNTIL_YEARS, 120.0])
def test_what_the_frontier_spends_more_has_a_closed_form(ratio, discount, until):
    """By logarithms: after 120 years it is beyond what float32 holds."""
    path, record = prepared("elo", columns(1, initial_compute_ratio=ratio))
    _, spending = returns(record, path, discount, until)
    frontier = mp.expm1(mpf(V0 - discount) * until) / mpf(V0 - discount)
    meek = mp.exp(-ratio) * (decay(discount, until) if discount else until)
    assert spending.sign[0] == 1
    bar = 64 * epsilon() * max(1, abs(V0 - discount) * until)
    assert spending.log[0] == pytest.approx(float(mp.log(frontier - meek)), abs=bar)


def test_a_frontier_that_spends_less_has_a_negative_sum():
    path, record = prepared(
        "elo", columns(1, initial_compute_ratio=-2.0, investment_growth=0.0)
    )
    gap, spending = returns(record, path, until=10.0)
    close(spending, 10 * (1 - math.exp(2)))
    close(gap, -2 * 10 * P0["elo_per_oom"] / math.log(10))


def test_actors_that_are_equal_have_nothing_between_them():
    path, record = prepared("validation_loss", columns(1, investment_growth=0.0))
    for area in returns(record, path):
        assert area.sign[0] == 0
        assert np.isneginf(area.log[0])


@pytest.mark.parametrize("date", [0.3, 6.1, 90.0])
def test_a_jump_of_the_lead_splits_the_area(date):
    path, record = prepared("validation_loss", columns(1))
    gap, _ = returns(record, jumping(date, 8.0)(path), 0.03)
    split = min(date, UNTIL_YEARS)
    expected = loss_area(0.0, 0.03, 0.0, split)
    if split < UNTIL_YEARS:
        expected += loss_area(8.0, 0.03, split, UNTIL_YEARS)
    close(gap, expected)


@pytest.mark.parametrize("date", [0.3, 6.1])
def test_spending_that_bends_is_summed_on_both_sides(date):
    path, record = prepared("elo", columns(1))
    bend = Bend.at(date, early=V0, later=0.1)
    _, spending = returns(record, dataclasses.replace(path, investment=bend), 0.03)
    early = math.expm1((V0 - 0.03) * date) / (V0 - 0.03)
    rest = UNTIL_YEARS - date
    late = math.exp((V0 - 0.03) * date) * math.expm1(0.07 * rest) / 0.07
    close(spending, early + late - decay(0.03, UNTIL_YEARS), V0 * date)


def test_spending_is_what_it_is_said_to_be():
    """A meek actor whose spending grows, too, by another rule than the path's."""
    path, record = prepared("elo", columns(1))
    areas = discounted(
        record,
        path,
        discount=jnp.asarray(0.1, dtype()),
        until_years=jnp.asarray(5.0, dtype()),
        log_meek_spending=lambda years: 0.4 * years - 1,
    )
    meek = math.exp(-1) * math.expm1(0.3 * 5) / 0.3
    more = math.expm1((V0 - 0.1) * 5) / (V0 - 0.1) - meek
    assert areas.spending_sign[0] == 1
    bar = 64 * epsilon()
    assert areas.log_spending_years[0] == pytest.approx(math.log(more), abs=bar)


AREAS = (
    "task_success_1h",
    "time_horizon",
    "n_step_success:n=1000",
    "elo_inference",
    "expected_harm_time",
    "expected_harm_capability",
)


@pytest.mark.parametrize("text", tiered(AREAS, quick=AREAS[:2]))
def test_areas_are_those_of_mpmath(text):
    """Over draws of the default card; a logarithm's area on the scale log."""
    case = Case(text)
    gap, _ = returns(case.record, case.path, 0.03)
    marks = [UNTIL_YEARS * (k / 24) ** 1.5 for k in range(25)]
    for draw in range(0, case.size, 103):
        form = case.exact(draw)

        def area(t, form=form):
            return mp.exp(-mpf(0.03) * t) * form.gap(*form.budget(t), t)

        with mp.workdps(20):
            exact = mp.quad(area, marks)
        assert gap.sign[draw] == mp.sign(exact)
        log = float(mp.log(abs(exact)))
        bar = 64 * epsilon() * max(1, abs(log))
        assert gap.log[draw] == pytest.approx(log, abs=bar)

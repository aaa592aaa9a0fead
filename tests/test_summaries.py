"""Errors of statistics: coverage, words as limits, bounds for none and for all."""

import numpy as np
import pytest

from mc.outcomes.distributions import Sorted
from mc.outcomes.errors import student
from mc.outcomes.status import Status
from mc.outcomes.summaries import (
    Quantity,
    conditional_rows,
    percent,
    probability_rows,
    quantile_rows,
)

REPLICATES = 16
DATE = Quantity(
    name="event_date",
    unit="date",
    number=lambda years: 2020.0 + float(years),
    text=lambda years: f"year {2020 + years:.2f}",
    words={
        Status.ALREADY: "already",
        Status.BEYOND: "beyond 2100",
        Status.UNDETERMINED: "undetermined",
        Status.NEVER: "never",
    },
)


def draws_of(values, status=None):
    values = np.asarray(values, np.float64)
    if status is None:
        status = np.full(values.shape, int(Status.OBSERVED))
    return Sorted(values, np.asarray(status))


def number(cell):
    """A cell that must be a number."""
    assert isinstance(cell, float)
    return cell


def test_limits_cover_the_true_quantile_at_their_rate():
    """400 runs of 16 × 64 draws at three levels; 1e-6 two-sided binomial range."""
    rng = np.random.default_rng(7)
    truth = {0.25: -0.6744897501960817, 0.5: 0.0, 0.75: 0.6744897501960817}
    hits = 0
    for _ in range(400):
        draws = draws_of(rng.normal(size=(64, REPLICATES)))
        for row in quantile_rows("m", DATE, draws, tuple(truth)):
            exact = 2020 + truth[float(row.statistic[1:])]
            hits += number(row.mc_lower) <= exact <= number(row.mc_upper)
    assert 1090 <= hits <= 1180, hits


def test_the_factor_of_limits_is_students():
    """Quantiles at 97.5 % as tables of the t distribution print them."""
    printed = {7: 2.365, 15: 2.131, 31: 2.040, 63: 1.998}
    for df, factor in printed.items():
        assert student(df) == pytest.approx(factor, abs=5e-4)
    rng = np.random.default_rng(3)
    shares = np.tile([Status.OBSERVED, Status.NEVER], REPLICATES // 2)
    status = np.where(rng.uniform(size=(64, REPLICATES)) < 0.6, shares[::-1], shares)
    rows = probability_rows("m", DATE, draws_of(np.ones(status.shape), status), by={})
    row = next(row for row in rows if row.statistic == "p_never")
    half = (number(row.mc_upper) - number(row.mc_lower)) / 2
    assert half == pytest.approx(2.131 * number(row.mc_error), rel=5e-4)


def test_equal_draws_have_no_error():
    (row,) = quantile_rows("m", DATE, draws_of(np.full((8, REPLICATES), 3.0)), (0.5,))
    assert (row.number, row.mc_error, row.mc_lower, row.mc_upper) == (
        2023,
        0,
        2023,
        2023,
    )
    assert row.mc_df == REPLICATES - 1


def test_a_quantile_in_censored_mass_is_a_word_and_no_number():
    values = np.full((32, REPLICATES), np.inf)
    status = np.full(values.shape, int(Status.NEVER))
    status[:8] = int(Status.BEYOND)
    rows = quantile_rows("m", DATE, draws_of(values, status), (0.05, 0.95))
    assert [row.text for row in rows] == ["beyond 2100", "never"]
    assert [row.number for row in rows] == [None, None]
    assert [row.mc_error for row in rows] == [None, None]
    assert rows[0].mc_lower == "beyond 2100"


def test_a_limit_may_be_a_word_where_the_quantile_is_a_number():
    rng = np.random.default_rng(3)
    values = rng.uniform(size=(64, REPLICATES))
    status = np.where(rng.uniform(size=values.shape) < 0.48, Status.NEVER, 1)
    (row,) = quantile_rows("m", DATE, draws_of(values, status), (0.5,))
    assert row.number is not None
    assert row.mc_upper == "never"
    assert row.mc_error is None


def test_probabilities_add_up_and_none_has_a_bound():
    rng = np.random.default_rng(4)
    status = rng.choice([0, 1, 2], size=(64, REPLICATES), p=[0.1, 0.6, 0.3])
    values = rng.uniform(0, 10, status.shape)
    rows = probability_rows("m", DATE, draws_of(values, status), by={"2025-01-01": 5.0})
    by_name = {row.statistic: row for row in rows}
    total = sum(number(by_name[f"p_{s.word}"].number) for s in Status)
    assert total == pytest.approx(1.0, abs=1e-12)
    nothing = by_name["p_undetermined"]
    assert (nothing.number, nothing.mc_lower) == (0.0, 0.0)
    assert nothing.mc_upper == pytest.approx(3 / (64 * REPLICATES))
    before = by_name["p_by_2025-01-01"].number
    exact = np.mean((status == 0) | ((status == 1) & (values < 5)))
    assert before == pytest.approx(exact, abs=1e-12)


def test_a_class_that_every_draw_shares_has_no_error():
    shape = (8, REPLICATES)
    never = draws_of(np.full(shape, np.inf), np.full(shape, int(Status.NEVER)))
    rows = {r.statistic: r for r in probability_rows("m", DATE, never, by={})}
    assert rows["p_never"].number == 1.0
    assert rows["p_never"].mc_error is None


def test_conditional_quantiles_say_so():
    values = np.tile(np.arange(10.0)[:, None], (1, REPLICATES))
    status = np.where(values < 5, Status.OBSERVED, Status.NEVER)
    (row,) = conditional_rows("m", DATE, draws_of(values, status), (0.5,))
    assert row.statistic == "q0.5|observed"
    assert row.number == 2022
    assert (row.mc_error, row.mc_lower, row.mc_upper) == (0, 2022, 2022)


def test_probabilities_are_never_rounded_to_certainty():
    assert [percent(p) for p in (0.0, 1e-6, 0.034, 0.99999, 1.0)] == [
        "0%",
        "<0.1%",
        "3.4%",
        ">99.9%",
        "100%",
    ]

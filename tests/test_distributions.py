"""Quantiles with words, per-replicate shares, and counting against sorting."""

import numpy as np
import pytest

from mc.outcomes.bands import LEVELS
from mc.outcomes.counters import Counter
from mc.outcomes.distributions import Outcome, Sorted
from mc.outcomes.status import Status

REPLICATES = 16


def censored(points, seed=1):
    """A date, with 8 % already, 12 % beyond and 20 % never."""
    rng = np.random.default_rng(seed)
    u = rng.uniform(size=(points, REPLICATES))
    status = np.select(
        [u < 0.08, u < 0.68, u < 0.80],
        [Status.ALREADY, Status.OBSERVED, Status.BEYOND],
        Status.NEVER,
    ).astype(np.int32)
    years = rng.lognormal(2.0, 0.4, size=u.shape).astype(np.float32)
    return np.where(status == Status.OBSERVED, years, np.inf), status


def test_quantiles_are_over_all_draws_in_the_order_of_statuses():
    draws = Sorted(*censored(4096))
    words = [draws.outcome(p, p).status for p in (0.05, 0.5, 0.75, 0.95)]
    assert words == [Status.ALREADY, Status.OBSERVED, Status.BEYOND, Status.NEVER]


def test_by_a_date_means_before_it_sorted_and_counted():
    """A quarter of all draws has the date itself."""
    values = np.repeat(np.array([1.0, 3.0, 3.5, 4.0], np.float32), 1024)
    values = np.stack([values] * REPLICATES, axis=1)
    status = np.full(values.shape, int(Status.OBSERVED), np.int32)
    counter = Counter(values, status, levels=LEVELS, marks=(3.0, 3.5))
    counter.add(values, status)
    for draws in (Sorted(values, status), counter.distribution()):
        assert draws.shares_before(3.0).tolist() == [0.25] * REPLICATES
        assert draws.shares_before(3.5).tolist() == [0.5] * REPLICATES


def test_the_observed_quantile_is_an_order_statistic():
    values, status = censored(1000)
    draws = Sorted(values, status)
    line = np.where(status == Status.ALREADY, -np.inf, values).ravel()
    k = int(np.ceil(0.5 * line.size)) - 1
    assert draws.outcome(0.5, 0.5).value == np.sort(line)[k]


def test_counts_of_the_statuses_add_to_the_draws():
    draws = Sorted(*censored(777))
    assert draws.status_counts.sum() == 777 * REPLICATES
    assert np.all(draws.status_counts.sum(axis=1) == 777)


def test_shares_by_replicate_average_to_the_pooled_share():
    values, status = censored(2048)
    draws = Sorted(values, status)
    outcome = draws.outcome(0.5, 0.5)
    assert draws.shares(outcome, 0.5).mean() == pytest.approx(0.5, abs=1e-4)
    already = status == Status.ALREADY
    exact = ((values < 7.0) | already).mean(axis=0)
    np.testing.assert_allclose(draws.shares_before(7.0), exact)


def test_words_have_the_share_of_all_that_come_before_them():
    draws = Sorted(*censored(2048))
    beyond = draws.shares(Outcome(status=Status.BEYOND), 0.75)
    assert beyond.mean() == pytest.approx(0.80, abs=0.01)
    assert np.all(draws.shares(Outcome(status=Status.NEVER), 0.95) == 1)


def counted(values, status, marks=(7.0,)):
    counter = Counter(values[:1024], status[:1024], levels=LEVELS, marks=marks)
    for first in range(0, len(values), 1000):
        part = slice(first, first + 1000)
        counter.add(values[part], status[part])
    return counter.distribution()


def test_counting_says_what_sorting_says():
    values, status = censored(2**14)
    one, other = counted(values, status), Sorted(values, status)
    assert np.array_equal(one.status_counts, other.status_counts)
    assert not one.missed.any()
    for level in LEVELS:
        a, b = one.outcome(level, level), other.outcome(level, level)
        assert a.status is b.status
        if b.status is Status.OBSERVED:
            rank = other.shares(a, level).mean()
            assert rank == pytest.approx(level, abs=2e-4)
            np.testing.assert_allclose(
                one.shares(a, level), other.shares(a, level), atol=2e-3
            )
    np.testing.assert_array_equal(one.shares_before(7.0), other.shares_before(7.0))


def test_counting_does_not_depend_on_the_cut():
    values, status = censored(4096)
    whole = Counter(values[:1024], status[:1024], levels=LEVELS, marks=())
    whole.add(values, status)
    parts = counted(values, status, marks=())
    assert np.array_equal(whole.distribution().counts, parts.counts)


def test_a_quantity_that_is_all_one_word_has_no_numbers():
    shape = (64, REPLICATES)
    draws = Sorted(np.full(shape, np.inf), np.full(shape, int(Status.NEVER)))
    assert draws.outcome(0.5, 0.5).status is Status.NEVER
    assert np.isnan(draws.conditional(0.5))


def test_a_quantile_at_the_edge_of_what_is_censored_is_counted():
    """Nearly all of the last 5 % is censored: the edge may be infinite."""
    rng = np.random.default_rng(8)
    values = rng.normal(size=(2**13, REPLICATES)).astype(np.float32)
    status = np.full(values.shape, int(Status.OBSERVED))
    late = values > np.quantile(values, 0.9505)
    status[late] = int(Status.BEYOND)
    one, other = counted(values, status), Sorted(values, status)
    assert not one.missed.any()
    a, b = one.outcome(0.95, 0.95), other.outcome(0.95, 0.95)
    assert a.status is b.status is Status.OBSERVED
    assert other.shares(a, 0.95).mean() == pytest.approx(0.95, abs=2e-3)


def test_a_bracket_that_misses_says_so_and_a_wider_one_holds():
    values, status = censored(2**13)
    values[:1024] += 1.5
    counter = Counter(values[:1024], status[:1024], levels=LEVELS, marks=())
    counter.add(values, status)
    assert counter.distribution().missed.any()
    wider = Counter(
        values[:1024], status[:1024], levels=LEVELS, marks=(), widening=16.0
    )
    wider.add(values, status)
    assert not wider.distribution().missed.any()

"""Figures of levels, populations and returns: what they show is what the tables say."""

import dataclasses
import datetime

import numpy as np
import pytest
from test_figures import TODAY, flat, small

from experiments.loss_gap import EXPERIMENT
from mc.figures.page import day_number
from mc.figures.population import population, population_data
from mc.figures.returns import returns, returns_data
from mc.figures.thresholds import thresholds, thresholds_data

LOSS = "validation_loss"
BUDGETS = (1e3, 1e5, 1e7)


SLOW_FIXTURES = ("asked",)


@pytest.fixture(scope="module")
def asked():
    question = dataclasses.replace(
        EXPERIMENT, levels=(f"{LOSS}=1.9", f"{LOSS}=0.5"), budgets=BUDGETS, returns=True
    )
    return small(question)


@pytest.fixture(scope="module")
def plain():
    return small(EXPERIMENT)


def test_a_level_has_its_dates_and_its_delay(asked):
    row = thresholds_data(asked)[0]
    for actor in ("frontier", "meek"):
        told = asked.statistic(LOSS, f"{actor}_crossing_1.9_date", "q0.95")["text"]
        day = day_number(datetime.date.fromisoformat(told))
        assert getattr(row, actor).days[2] == day
    assert row.words == "Validation loss\n1.9 nats/token"
    assert row.above is not None
    table = asked.band(LOSS, "above_1.9")["q0.5"]
    np.testing.assert_array_equal(row.above.median, table)


def test_a_level_that_nobody_comes_to_is_never(asked):
    row = thresholds_data(asked)[1]
    assert row.frontier.words == row.meek.words == ("never",) * 3
    assert row.delay == "undetermined"


def test_worth_is_the_tables_up_to_each_date(asked):
    worth = returns_data(asked, LOSS, "discounted_gap")
    for day, numbers in zip(worth.dates, worth.quantiles, strict=True):
        for level, number in zip(("q0.05", "q0.5", "q0.95"), numbers, strict=True):
            told = asked.statistic(LOSS, f"discounted_gap@{day}", level)
            assert number == told["number"]
    assert worth.unit == "nats/token·years"
    assert np.all(np.diff(worth.quantiles[:, 1]) > 0)


def test_keeping_up_is_shown_in_per_cent(asked):
    row = population_data(asked, LOSS)
    table = 100 * asked.band(LOSS, "within_tolerance")["q0.95"]
    np.testing.assert_allclose(row.within.quantiles[:, -1], table)
    assert np.all(row.lowest.median <= row.highest.median)


def test_the_figures_say_who_and_what(asked):
    assert "3 constant budgets, $1,000 to $10M a run" in flat(population(asked))
    assert "How long after the frontier" in flat(thresholds(asked))
    assert "Validation loss: worth so far" in flat(returns(asked))
    assert str(TODAY) in flat(returns(asked))


@pytest.mark.parametrize(
    ("draw", "match"),
    [(thresholds, "--level"), (population, "--budgets"), (returns, "--returns")],
)
def test_a_run_that_did_not_ask_is_told_how(plain, draw, match):
    with pytest.raises(KeyError, match=match):
        draw(plain)

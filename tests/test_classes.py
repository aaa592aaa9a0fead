"""Classes of the limit of a gap: below zero, zero, a number, without end, not known."""

import dataclasses
import datetime

import numpy as np
import pytest

import priors
from experiments.loss_gap import EXPERIMENT
from mc.engine.classes import CLASSES, MARKS, class_shares, limit_column
from mc.engine.run import run
from mc.figures.verdicts import verdict
from mc.outcomes.counters import Counter
from mc.outcomes.distributions import Sorted

LIMITS = np.array([-np.inf, -0.3, 0.0, -0.0, 0.0, 0.0, 2.0, np.inf, np.inf, np.nan])
SHARES = {
    "reversed": 0.2,
    "meek": 0.4,
    "constant_gap": 0.1,
    "diverging": 0.2,
    "undetermined": 0.1,
}


def columns():
    """Two replicates of the same ten limits."""
    column = limit_column(np.repeat(LIMITS.astype(np.float32), 2))
    return [array.reshape(-1, 2) for array in column]


def test_shares_of_classes_are_those_of_the_limits():
    counter = Counter(*columns(), levels=(0.5,), marks=tuple(MARKS.values()))
    counter.add(*columns())
    for draws in (Sorted(*columns()), counter.distribution()):
        found = class_shares(draws)
        assert tuple(found) == CLASSES
        for name, share in SHARES.items():
            np.testing.assert_allclose(found[name], [share, share], atol=1e-12)


def test_limits_stand_in_the_order_of_numbers():
    draws = Sorted(*columns())
    found = [draws.outcome(level, level) for level in (0.1, 0.2, 0.5, 0.7, 0.8, 1.0)]
    assert [outcome.status.word for outcome in found] == [
        *("already", "observed", "observed", "observed", "undetermined", "never"),
    ]
    numbers = [outcome.value for outcome in found[1:4]]
    np.testing.assert_array_equal(numbers, np.array([-0.3, 0.0, 2.0], np.float32))


@pytest.fixture(scope="module")
def melting():
    """A frontier whose spending shrinks: the meek actor ends ahead without bound."""
    metrics = ("validation_loss", "negative_log_loss", "relative_loss")
    asked = dataclasses.replace(EXPERIMENT, metrics=metrics, path="exponential")
    shrinking = ["investment_growth=0.8..0.9@90% x/yr", "initial_compute_ratio=50"]
    card = priors.load("meek-2025", shrinking)
    return run(asked, card, draws=1024, today=datetime.date(2026, 11, 24))


def test_a_gap_that_ends_without_bound_below_zero_does_not_close(melting):
    for metric in ("negative_log_loss", "relative_loss"):
        assert melting.statistic(metric, "limit_gap", "p_reversed")["number"] == 1.0
        assert melting.statistic(metric, "limit_gap", "p_meek")["number"] == 0.0
    median = melting.statistic("negative_log_loss", "limit_gap", "q0.5")
    assert (median["text"], median["status"]) == ("below zero, without end", "already")
    assert verdict(melting, "negative_log_loss").words == "reversed"
    assert verdict(melting, "negative_log_loss").limit_words == "−∞"
    assert verdict(melting, "relative_loss").limit_words == "×0"


def test_a_bounded_gap_of_the_same_world_closes(melting):
    assert melting.statistic("validation_loss", "limit_gap", "p_meek")["number"] == 1.0
    median = melting.statistic("validation_loss", "limit_gap", "q0.5")
    assert (median["number"], median["text"]) == (0.0, "0 nats/token: it closes")
    assert verdict(melting, "validation_loss").limit_words == "0"

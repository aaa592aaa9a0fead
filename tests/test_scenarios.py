"""Beliefs, interventions and actors: what stays and what follows, draw by draw."""

import dataclasses
import datetime

import numpy as np
import pytest

from experiments.metr_gaps import EXPERIMENT
from mc.engine.contrasts import delay
from mc.engine.plan import make_plan
from mc.engine.run import execute
from mc.engine.scenario import Scenario
from mc.outcomes.status import Status
from priors import cards
from priors.faults import Refusal

TODAY = datetime.date(2026, 11, 1)
DAY = "2030-01-01"


def run(overrides=(), **changes):
    """A small run of the horizon on the card of the paper."""
    experiment = dataclasses.replace(EXPERIMENT, metrics=("time_horizon",), **changes)
    card = cards.load("paper-2026", overrides)
    return execute(make_plan(experiment, card, draws=256, today=TODAY))


def median(results, series, scenario="baseline"):
    name = f"{series}@{DAY}"
    rows = results.summary(metric="time_horizon", quantity=name, scenario=scenario)
    return rows[rows["statistic"] == "q0.5"]["number"].item()


@pytest.fixture(scope="module")
def halved():
    """Half the growth of investment, done to the world of the card."""
    half = Scenario(name="half", changes=("investment_growth*=0.5",))
    return run(scenarios=(half,))


def test_an_intervention_lowers_the_frontier_and_leaves_the_meek_actor_alone(halved):
    assert median(halved, "frontier", "half") < 0.8 * median(halved, "frontier")
    same = pytest.approx(median(halved, "meek"), rel=1e-4)
    assert median(halved, "meek", "half") == same


@pytest.mark.slow
def test_a_belief_leaves_the_frontier_and_raises_the_meek_actor(halved):
    """Spending that grows less explains less: the rest is what both actors have."""
    joint = cards.load("paper-2026").joint.central()
    half = 0.5 * (joint["training_compute_growth"] - joint["hardware_growth"])
    believed = run((f"investment_growth={np.exp(half):.6f} x/yr",))
    assert median(believed, "frontier") == pytest.approx(
        median(halved, "frontier"), rel=1e-2
    )
    assert median(believed, "meek") > 1.2 * median(halved, "meek")


@pytest.mark.slow
def test_a_poorer_actor_has_the_same_frontier_and_starts_behind():
    found = run(actors=("equal-2023", "1k-usd"))
    same = pytest.approx(median(found, "frontier"), rel=1e-4)
    assert median(found, "frontier", "1k-usd") == same
    ratio = f"compute_ratio@{DAY}"
    rows = found.summary(metric="compute", quantity=ratio, scenario=None)
    rows = rows[rows["statistic"] == "q0.5"].set_index("scenario")["number"]
    quotient = rows.loc["1k-usd"] / rows.loc["baseline"]
    assert quotient == pytest.approx(41e6 / 1e3, rel=1e-3)


@pytest.mark.slow
def test_a_scenario_without_a_change_is_the_baseline_to_the_bit():
    found = run(scenarios=(Scenario(name="same", changes=("investment_growth*=1",)),))
    table = found.summary(scenario=None)
    keys = ["metric", "quantity", "statistic"]
    before = table[table["scenario"] == "baseline"].set_index(keys)["number"]
    after = table[table["scenario"] == "same"].set_index(keys)["number"]
    shared = before.dropna().index.intersection(after.dropna().index)
    np.testing.assert_allclose(after[shared], before[shared], rtol=2e-4, atol=1e-4)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"scenarios": (Scenario(name="a b"),)}, "is no name"),
        ({"scenarios": (Scenario(name="x", path="power_lw"),)}, "power_law"),
        ({"actors": ("equal-2023", "1k-usd", "1k-usd")}, "twice"),
        ({"actors": ("1kusd",)}, "unknown actor"),
        (
            {"scenarios": (Scenario(name="x", changes=("loss_exponent=0.2",)),)},
            "changes nothing",
        ),
    ],
)
def test_scenarios_that_cannot_be_are_refused(changes, match):
    with pytest.raises(Refusal, match=match):
        run(**changes)


def test_differences_of_dates_follow_the_order_of_outcomes():
    kinds = (Status.OBSERVED, Status.BEYOND, Status.NEVER, Status.ALREADY)
    was, now = (np.array(g, np.int8).ravel() for g in np.meshgrid(kinds, kinds))
    years = np.where(was == Status.OBSERVED, 3.0, np.inf)
    later = np.where(now == Status.OBSERVED, 5.0, np.inf)
    found, status = delay((years, was), (later, now))
    pairs = zip(map(int, was), map(int, now), strict=True)
    told = dict(zip(pairs, zip(found, status, strict=True), strict=True))
    observed, beyond, never, already = kinds
    assert told[observed, observed] == (2.0, Status.OBSERVED)
    assert told[observed, never] == (np.inf, Status.NEVER)
    assert told[observed, beyond] == (np.inf, Status.BEYOND)
    assert told[never, observed] == (-np.inf, Status.ALREADY)
    assert told[already, already] == (0.0, Status.OBSERVED)
    for pair in ((never, never), (beyond, beyond), (beyond, never), (never, beyond)):
        assert told[pair][1] == Status.UNDETERMINED


@pytest.mark.parametrize("path", [None, "exponential", "investment_cap"])
def test_parts_of_a_path_go_on_top_of_the_baselines(path):
    slow = Scenario(name="slow", path="+power_law")
    asked = dataclasses.replace(EXPERIMENT, path=path, scenarios=(slow,))
    plan = make_plan(asked, cards.load())
    believed = plan.scenarios[0].path.name
    on_top = "power_law" if path == "exponential" else f"{believed}+power_law"
    assert plan.scenarios[1].path.name == on_top

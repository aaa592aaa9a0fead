"""What only some runs ask for: levels, budgets of a population, returns."""

import dataclasses
import datetime
import math

import numpy as np
import pytest

from experiments.cli.run.extras import blocks as asked_blocks
from experiments.loss_gap import EXPERIMENT
from mc.engine.plan import make_plan
from mc.engine.run import execute
from mc.engine.scenario import Scenario
from priors import cards
from priors.faults import Refusal
from priors.units import decimal_years

TODAY = datetime.date(2026, 11, 1)
DAY = "2030-01-01"
BUDGETS = (1e3, 1e6, 41e6)
DISCOUNT = 0.05
QUESTION = dataclasses.replace(
    EXPERIMENT,
    at=(datetime.date(2030, 1, 1),),
    by=(),
    end=datetime.date(2035, 1, 1),
)
ASKED = dataclasses.replace(
    QUESTION,
    levels=("validation_loss=2",),
    budgets=BUDGETS,
    fade=0.1,
    returns=True,
)


def plan_of(experiment, card="paper-2026", overrides=(), draws=256):
    return make_plan(experiment, cards.load(card, overrides), draws=draws, today=TODAY)


SLOW_FIXTURES = ("asked", "points")


@pytest.fixture(scope="module")
def asked():
    return execute(plan_of(ASKED))


@pytest.fixture(scope="module")
def points():
    """The 2025 paper's constants, one number each."""
    overrides = (f"discount_rate={DISCOUNT} ln/yr",)
    later = dataclasses.replace(ASKED, card="meek-2025")
    plan = make_plan(later, cards.load("meek-2025", overrides), draws=256, today=TODAY)
    return plan, execute(plan)


def number(results, quantity, scenario="baseline"):
    row = results.statistic("validation_loss", quantity, "q0.5", scenario)
    return float(row.to_dict()["number"])


def constants(plan):
    """γ, R0, s, f of the point card."""
    joint = plan.card.joint.central()
    hardware = joint["hardware_growth"]
    shared = hardware + joint["algorithmic_growth"]
    invested = joint["investment_growth"]
    exponent = joint["loss_exponent"]
    compute = joint["meek_budget"] + joint["compute_per_dollar"]
    start = math.exp(joint["loss_coefficient"] - exponent * compute)
    return exponent, start, shared, shared + invested


def test_crossings_come_when_the_closed_form_says(points):
    plan, results = points
    exponent, start, shared, ahead = constants(plan)
    floor = plan.card.joint.central()["irreducible_loss"]
    efolds = math.log(start / (2.0 - floor)) / exponent
    frontier, meek = efolds / ahead, efolds / shared
    for actor, years in (("frontier", frontier), ("meek", meek)):
        found = number(results, f"{actor}_crossing_2_date")
        expected = decimal_years(plan.epoch, np.array([years])).item()
        assert found == pytest.approx(expected, abs=1e-3)
    assert number(results, "crossing_delay_2") == pytest.approx(
        meek - frontier, abs=1e-3
    )


def test_a_gap_fades_when_the_closed_form_says(points):
    """Science 6.1: back to a tenth of its peak after 17.617 years."""
    plan, results = points
    expected = decimal_years(plan.epoch, np.array([17.617])).item()
    assert number(results, "fade_date") == pytest.approx(expected, abs=1e-3)
    (block,) = [
        b for b in asked_blocks(plan, results, 80) if "of its own peak" in b.title
    ]
    assert block.title == "Trend gap back to 10 % of its own peak: date"
    assert block.lines[1].split()[0] == "validation_loss"
    year = results.statistic("validation_loss", "fade_date", "q0.5")["text"][:4]
    assert block.lines[1].count(year) == 3


def test_returns_are_the_closed_forms(points):
    plan, results = points
    exponent, start, shared, ahead = constants(plan)
    until = (datetime.date(2030, 1, 1) - plan.epoch).days / 365.25
    spent = ahead - shared

    def area(rate):
        return -math.expm1(-rate * until) / rate

    worth = start * (
        area(exponent * shared + DISCOUNT) - area(exponent * ahead + DISCOUNT)
    )
    cost = area(DISCOUNT - spent) - area(DISCOUNT)
    assert number(results, f"discounted_gap@{DAY}") == pytest.approx(worth, rel=1e-4)
    assert number(results, f"discounted_spending@{DAY}") == pytest.approx(
        cost, rel=1e-4
    )
    assert number(results, f"gap_per_spending@{DAY}") == pytest.approx(
        worth / cost, rel=1e-4
    )


def test_a_population_is_its_actors_one_by_one(asked):
    """Budgets of a population against a run that follows each as an actor."""
    names = ("1k-usd", "1m-usd", "equal-2023")
    worlds = dataclasses.replace(QUESTION, actors=("equal-2023", *names[:2]))
    results = execute(plan_of(worlds))
    series = results.tree["curves"].to_dataset()["value"].sel(metric="validation_loss")
    scenarios = ["1k-usd", "1m-usd", "baseline"]
    scores = series.sel(series="meek", scenario=scenarios).to_numpy()
    gaps = series.sel(series="gap", scenario=scenarios).to_numpy()
    told = asked.tree["curves"].to_dataset()["value"]
    told = told.sel(metric="validation_loss", scenario="baseline")

    def found(name):
        return told.sel(series=name).to_numpy()

    expected = {"lowest": scores.min, "mean": scores.mean, "highest": scores.max}
    for name, over in expected.items():
        np.testing.assert_allclose(found(name), over(axis=0), rtol=2e-5, atol=1e-6)
    edge = np.abs(gaps - 0.01).min(axis=0) < 1e-5
    within = (gaps <= 0.01).mean(axis=0)
    np.testing.assert_allclose(found("within_tolerance")[~edge], within[~edge])
    edge = np.abs(scores - 2.0).min(axis=0) < 1e-5
    above = (scores <= 2.0).sum(axis=0)
    np.testing.assert_array_equal(found("above_2")[~edge], above[~edge])
    assert 0 < above.mean() < len(BUDGETS)


def test_what_is_asked_beside_changes_no_bit_of_the_rest(asked):
    plain = execute(plan_of(QUESTION))
    assert plain.run_id != asked.run_id
    keys = ["scenario", "metric", "date", "series"]
    mine, theirs = (r.bands.set_index(keys) for r in (plain, asked))
    assert mine.equals(theirs.loc[mine.index])
    keys = ["scenario", "metric", "quantity", "statistic"]
    mine, theirs = (r.summary_table.set_index(keys) for r in (plain, asked))
    assert mine.equals(theirs.loc[mine.index])


@pytest.mark.slow
def test_a_delay_of_a_crossing_is_told_in_each_scenario():
    half = Scenario(name="half", changes=("algorithmic_growth*=0.5",))
    question = dataclasses.replace(
        QUESTION, levels=("validation_loss=1.78",), scenarios=(half,)
    )
    results = execute(plan_of(question))
    later = number(results, "meek_crossing_1.78_delay", "half")
    assert later > 1.0
    plain = number(results, "meek_crossing_1.78_date")
    halved = number(results, "meek_crossing_1.78_date", "half")
    assert halved - plain == pytest.approx(later, abs=0.5)


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"levels": ("validation_los=2",)}, "did you mean validation_loss"),
        ({"levels": ("validation_loss",)}, "must be METRIC=LEVEL"),
        ({"levels": ("validation_loss=abc",)}, "not a number"),
        ({"levels": ("validation_loss=-1",)}, "is no level: above 0"),
        ({"levels": ("validation_loss=2", "validation_loss=2.0")}, "given twice"),
        ({"budgets": (1e3, -1.0)}, "is no budget"),
        ({"fade": 1.0}, "1 is no share of a peak"),
        ({"fade": 0.0}, "0 is no share of a peak"),
        ({"budgets": (1e3, 1e3)}, "a budget is given twice"),
        ({"budgets": (1e3,), "actors": ("open-lab",)}, "follows the frontier"),
    ],
)
def test_what_cannot_be_asked_is_refused(changes, match):
    with pytest.raises(Refusal, match=match):
        plan_of(dataclasses.replace(QUESTION, **changes), card="literature-2026")


def test_returns_and_budgets_need_a_card_that_says_them(tmp_path):
    card = tmp_path / "bare.toml"
    card.write_text(
        'schema = 1\nname = "bare"\ndescription = "d"\n'
        "reference_date = 2023-03-14\n"
        "[parameters.hardware_growth]\npoint = 1.4\nunit = 'x/yr'\n"
        "[parameters.algorithmic_growth]\npoint = 2.8\nunit = 'x/yr'\n"
        "[parameters.investment_growth]\npoint = 3.6\nunit = 'x/yr'\n"
        "[parameters.loss_exponent]\npoint = 0.155\nunit = '1'\n"
        "[parameters.reducible_loss_at_pivot]\npoint = 0.14\nunit = 'nats/token'\n"
        "[parameters.pivot_compute]\npoint = 1e25\nunit = 'FLOP'\n"
        "[parameters.initial_compute]\npoint = 1e25\nunit = 'FLOP'\n"
        "[parameters.irreducible_loss]\npoint = 1.7\nunit = 'nats/token'\n",
        encoding="utf-8",
    )
    with pytest.raises(Refusal) as refusal:
        plan_of(ASKED, card=str(card))
    told = " ".join(map(str, refusal.value.faults))
    assert "says no dollars of the meek actor" in told
    only = dataclasses.replace(QUESTION, returns=True)
    with pytest.raises(Refusal, match="discount_rate is missing"):
        plan_of(only, card=str(card))

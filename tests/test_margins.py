"""Indices of interventions: margins are kept, and dependence is cut."""

import dataclasses
import datetime
import itertools

import numpy as np
import pytest
from test_shapley import CARD, LEAD

import priors
from experiments.cli.sensitivity import indices as display
from experiments.registry import find
from mc.analysis.margins import READINGS, Margins, settable
from mc.analysis.redraws import Beliefs
from mc.analysis.shapley import shapley
from mc.analysis.sobol import sobol
from mc.analysis.target import Target
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from priors.faults import Refusal
from priors.units import years_since

DRAWS = 2**12
YEARS = years_since(datetime.date(2023, 3, 14), datetime.date(2030, 1, 1))
START, RATIO, INVESTMENT = 0.4, 0.6, 0.15
SPEARMAN = 0.7
CORRELATED = f"""schema = 1
name = "correlated"
reference_date = 2023-03-14
[parameters.hardware_growth]
unit = "ln/yr"
point = 0.3
[parameters.algorithmic_growth]
unit = "ln/yr"
point = 0.9
[parameters.investment_growth]
unit = "ln/yr"
law = "normal"
mean = 1.2
sd = {INVESTMENT}
[parameters.initial_compute]
unit = "FLOP"
law = "lognormal"
median = 2e25
sigma = {START}
[parameters.initial_compute_ratio]
law = "lognormal"
median = 5
sigma = {RATIO}
[parameters.loss_coefficient]
unit = "nats/token"
point = 1000
[parameters.loss_exponent]
point = 0.17
[parameters.irreducible_loss]
unit = "nats/token"
point = 1.8
[dependence]
spearman = [["initial_compute_ratio", "investment_growth", {SPEARMAN}]]
"""
VARIANCES = {
    "frontier_compute": START**2 + RATIO**2,
    "initial_compute": START**2,
    "investment_growth": (YEARS * INVESTMENT) ** 2,
}
"""Of the terms of the lead, ln C of the frontier − ln C + investment·t."""


def replay_of(tmp_path_factory, text):
    file = tmp_path_factory.mktemp("card") / "own.toml"
    file.write_text(text, encoding="utf-8")
    plan = make_plan(find("loss-gap"), priors.load(file), draws=DRAWS)
    return Replay(plan, device="cpu")


@pytest.fixture(scope="module")
def linear(tmp_path_factory):
    """A lead that is linear in mechanisms that depend on each other."""
    return replay_of(tmp_path_factory, CORRELATED)


@pytest.fixture(scope="module")
def dependent(tmp_path_factory):
    return replay_of(tmp_path_factory, CARD)


def exact():
    whole = sum(VARIANCES.values())
    return {name: part / whole for name, part in VARIANCES.items()}


def test_first_and_total_are_shares_of_independent_variances(linear):
    found = sobol(Margins(linear, LEAD, DRAWS))
    parts = {part.name: part for part in found.parts}
    assert set(parts) == {*VARIANCES, READINGS}
    for name, share in exact().items():
        for index in (parts[name].first, parts[name].total):
            assert abs(index.number - share) < 5 * index.mc_error
            assert index.mc_error < 0.02
    assert parts[READINGS].total.number == pytest.approx(0, abs=1e-9)
    (block, *_) = sobol(Beliefs(linear, LEAD, DRAWS)).parts
    assert block.name == "investment_growth + initial_compute_ratio"


def test_shapley_effects_are_those_shares_too(linear):
    found = shapley(Margins(linear, LEAD, DRAWS))
    effects = {share.name: share.effect for share in found.shares}
    for name, share in exact().items():
        assert abs(effects[name].number - share) < 5 * effects[name].mc_error
    assert not found.dependent
    assert found.shown_as == "intervention"


def test_margins_are_kept_to_the_bit_and_dependence_is_cut(linear):
    margins = Margins(linear, LEAD, DRAWS)
    drawn = linear.sample(LEAD.key, DRAWS).parameters
    own, _ = margins._columns
    for name in ("initial_compute", "investment_growth"):
        assert np.array_equal(np.sort(own[name], axis=0), np.sort(drawn[name], axis=0))
    told = correlation(drawn, "initial_compute_ratio", "investment_growth")
    assert told > 0.6
    for one, other in itertools.combinations(own, 2):
        assert abs(correlation(own, one, other)) < 5 / DRAWS**0.5


def correlation(columns, one, other):
    return np.corrcoef(columns[one].ravel(), columns[other].ravel())[0, 1]


def test_the_lead_is_investments_alone(dependent):
    """Known, hardware tells of investment; made slow, it leaves it as it was."""
    found = sobol(Margins(dependent, LEAD, DRAWS))
    parts = {part.name: part for part in found.parts}
    investment = parts.pop("investment_growth")
    for index in (investment.first, investment.total):
        assert abs(index.number - 1) < 5 * index.mc_error + 1e-5
    for part in parts.values():
        assert part.total.number == pytest.approx(0, abs=1e-5)
    told = display.record(found, "id")
    assert told["as"] == "intervention"
    assert READINGS not in {row["name"] for row in told["inputs"]}


def test_flop_or_dollars_are_set_not_both(dependent):
    joint = dependent.plan.card.joint
    varied, fixed = np.arange(4.0)[:, None], np.zeros((4, 1))
    columns = {"initial_compute": varied, "compute_per_dollar": varied}
    assert settable(columns | {"meek_budget": fixed}, joint) == ("initial_compute",)
    assert settable(columns | {"meek_budget": varied}, joint) == (
        "compute_per_dollar",
        "meek_budget",
    )
    del columns["initial_compute"]
    assert settable(columns | {"meek_budget": fixed}, joint) == ("compute_per_dollar",)


def test_a_figure_of_a_scenario_is_refused(dependent):
    target = dataclasses.replace(LEAD, scenario="x")
    with pytest.raises(Refusal, match="an intervention already"):
        Margins(dependent, target, DRAWS)


def test_readings_tell_nothing_of_what_is_set():
    """A horizon's elasticity is read off growths that are set in another order."""
    question = dataclasses.replace(
        find("metr-gaps"), metrics=("task_success:minutes=60",)
    )
    plan = make_plan(question, priors.load("windows-2026"), draws=DRAWS)
    target = Target(
        scenario="baseline",
        metric="task_success_1h",
        quantity="convergence_date",
        statistic="q0.5",
    )
    found = sobol(Margins(Replay(plan, device="cpu"), target, DRAWS))
    parts = {part.name: part for part in found.parts}
    readings = parts[READINGS]
    assert readings.first.number > 10 * readings.first.mc_error
    assert found.left == ("horizon_window",)
    firsts = [part.first for part in found.parts]
    error = sum(index.mc_error**2 for index in firsts) ** 0.5
    assert sum(index.number for index in firsts) < 1 + 5 * error
    for part in found.parts:
        assert part.total.number < 1
        gain = part.total.number - part.first.number
        assert gain > -5 * (part.first.mc_error + part.total.mc_error)

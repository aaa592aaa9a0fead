"""Inputs that are made so: mechanisms stay, and what was observed follows."""

import datetime
import math

import numpy as np
import pytest
from test_shapley import CARD, HARDWARE, LEAD, TRAINING

import priors
from experiments.cli.sensitivity import interventions as display
from experiments.registry import find
from mc.analysis.intervening import interventions
from mc.analysis.sensitivity import sensitivity
from mc.analysis.target import Target
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from priors.faults import Refusal
from priors.units import years_since

DRAWS = 2**12
SCORE = 1.2815515655446004


@pytest.fixture(scope="module")
def replay(tmp_path_factory):
    file = tmp_path_factory.mktemp("card") / "dependent.toml"
    file.write_text(CARD, encoding="utf-8")
    plan = make_plan(find("loss-gap"), priors.load(file), draws=DRAWS)
    return Replay(plan, device="cpu")


@pytest.fixture(scope="module")
def found(replay):
    return interventions(replay, LEAD, DRAWS)


def test_hardware_that_is_made_slow_leaves_the_lead_as_it_was(found):
    """The lead is investment·t; investment keeps each draw's value."""
    done = {one.name: one for one in found.done}
    for name in ("hardware_growth", "algorithmic_growth"):
        for row in done[name].rows:
            assert row.number == pytest.approx(found.base.number, rel=1e-5)
    assert done["hardware_growth"].swing < 1e-4 * found.base.number


def test_training_compute_that_is_set_takes_investment_along(replay, found):
    years = years_since(replay.plan.epoch, datetime.date(2030, 1, 1))
    done = {one.name: one for one in found.done}["training_compute_growth"]
    for sign, text, row in zip((-1, 1), done.texts, done.rows, strict=True):
        assert float(text) == pytest.approx(1.5 + sign * SCORE * TRAINING, abs=0.01)
        exact = (float(text) - 0.33) * years / math.log(10)
        spacing = HARDWARE * math.sqrt(2 * math.pi) / DRAWS * years / math.log(10)
        assert abs(row.number - exact) < 5 * row.mc_error + 5 * spacing
    assert found.done[0].name == "training_compute_growth"


def test_known_is_not_made_so(replay):
    """Who learns of slow hardware keeps the observed growth of training compute."""
    movers = sensitivity(replay, LEAD, DRAWS).movers
    hardware = next(m for m in movers if m.input.name == "hardware_growth")
    low, high = hardware.extremes
    assert low.near.number != pytest.approx(high.near.number, rel=0.01)
    assert low.at is None
    value = np.array([low.value, high.value])
    assert value == pytest.approx(0.33 + SCORE * HARDWARE * np.array([-1, 1]), abs=0.01)


def test_a_figure_of_a_scenario_is_refused(replay):
    target = Target(
        scenario="x", metric="compute", quantity="peak_date", statistic="q0.5"
    )
    with pytest.raises(Refusal, match="an intervention already"):
        interventions(replay, target, DRAWS)


def test_json_says_what_it_shows(found):
    told = display.record(found, "id")
    assert told["as"] == "intervention"
    assert [len(one["ends"]) for one in told["inputs"]] == [2] * len(found.done)

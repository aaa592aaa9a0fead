"""Beliefs set on the command line, and how bad ones are refused."""

import math

import pytest

from priors import cards
from priors.faults import Refusal


def refusal(path, overrides=()) -> str:
    with pytest.raises(Refusal) as caught:
        cards.load(path, overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    ("option", "unit", "canonical"),
    [
        ("hardware_growth=1.5", "x/yr", math.log(1.5)),
        ("hardware_growth=0 ln/yr", "ln/yr", 0.0),
        ("hardware_growth=0 percent/yr", "percent/yr", 0.0),
        ("hardware_growth = 1.25..1.57@90%", "x/yr", math.log(1.25 * 1.57) / 2.0),
        ("hardware_growth=1.25..1.57@0.9 x/yr", "x/yr", math.log(1.25 * 1.57) / 2.0),
        ("hardware_growth=0.1..0.2@80% OOM/yr", "OOM/yr", 0.15 * math.log(10.0)),
        ("horizon_doubling_time=7 months", "months", math.log(7 / 12)),
        ("horizon_doubling_time=212", "days", math.log(212 / 365.25)),
        ("initial_compute=1e26", "FLOP", math.log(1e26)),
        ("meek_budget=1M", "dollars", math.log(1e6)),
        ("anchor_date=2024-03-14", "date", 366 / 365.25),
        ("compute_per_dollar=1e18 FLOP/dollar", "FLOP/dollar", math.log(1e18)),
    ],
)
def test_beliefs_are_set_on_the_command_line(option, unit, canonical):
    card = cards.load("literature-2026", [option])
    name = option.split("=")[0].strip()
    assert card.overridden == (name,)
    assert card.joint.units[name].name == unit
    assert card.joint.central()[name] == pytest.approx(canonical, rel=1e-13)


def test_an_override_replaces_its_rivals_and_says_so():
    card = cards.load("literature-2026", ["investment_growth=2.5"])
    assert "training_compute_growth" not in card.joint.names()
    assert "training_compute_growth" in card.notices[0]
    budget = cards.load("meek-2025", ["initial_compute=1e21"])
    assert "meek_budget" not in budget.joint.names()
    ratio = cards.load("meek-2025", ["frontier_compute=1e21"])
    assert "initial_compute_ratio" not in ratio.joint.names()


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("hardware_grwth=1.4", "did you mean hardware_growth?"),
        ("hardware_growth", "must be NAME=SPEC"),
        ("hardware_growth=", "must be NAME=SPEC"),
        ("hardware_growth=1.2..1.5", "needs its mass, e.g. 1.2..1.5@90%"),
        ("hardware_growth=1.5..1.2@90%", "is upside down"),
        ("hardware_growth=1.2..1.5@90", "90 % is mass = 0.9"),
        ("hardware_growth=fast", '"fast" is not a number'),
        ("hardware_growth=40", 'write unit = "percent/yr"'),
        ("hardware_growth=1.4 minutes", "hardware_growth is a growth"),
        ("pivot_compute=1e18", "means nothing without reducible_loss_at_pivot"),
        ("anchor_date=2024-02-30", "--set: anchor_date: day"),
    ],
)
def test_bad_overrides_are_refused(option, message):
    found = refusal("meek-2025", [option])
    assert message in found
    assert found.startswith("--set: ")


def test_rivals_on_one_command_line_are_refused():
    options = ["investment_growth=2.5", "training_compute_growth=4"]
    assert "say one thing in two ways" in refusal("meek-2025", options)

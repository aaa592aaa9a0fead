"""Beliefs set on the command line, and how bad ones are refused."""

import math

import pytest

from mc.analysis.reach import is_same
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


def test_a_budget_where_its_compute_is_known_is_another_actor():
    base, card = cards.load(), cards.load(overrides=["meek_budget=1000"])
    assert is_same(card.joint, base.joint)
    assert card.sha256 == base.sha256
    assert card.overridden == ("meek_budget",)
    assert base.actor is None
    assert card.actor is not None
    assert (card.actor.name, card.actor.path) == ("own", None)
    assert card.actor.description == "meek budget 1000 dollars"
    assert card.actor.joint.names() == ("meek_budget",)
    assert card.actor.joint.central() == {"meek_budget": math.log(1000.0)}


@pytest.mark.parametrize(
    ("option", "canonical"),
    [
        ("meek_investment_growth=1.5", math.log(1.5)),
        ("meek_hardware_growth=1.1..1.3@90%", math.log(1.1 * 1.3) / 2.0),
        ("meek_algorithmic_share=0.5", 0.5),
        ("inflation=3 percent/yr", math.log(1.03)),
        ("meek_budget_date=2025-03-14", 731 / 365.25),
    ],
)
def test_what_only_the_meek_actor_has_is_the_actors(option, canonical):
    card = cards.load(overrides=[option, "hardware_growth=1.5"])
    name = option.split("=")[0]
    assert card.overridden == tuple(sorted(["hardware_growth", name]))
    assert name not in card.joint.names()
    assert card.joint.central()["hardware_growth"] == math.log(1.5)
    assert card.actor is not None
    assert card.actor.joint.central() == {name: pytest.approx(canonical, rel=1e-13)}


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("literature-2026", ["initial_compute_ratio=50"]),
        ("literature-2026", ["meek_budget=1e6", "initial_compute=1e24"]),
        ("literature-2026", ["meek_budget=1e6", "compute_per_dollar=1e18"]),
        ("meek-2025", ["meek_budget=1e4", "meek_investment_growth=1.1"]),
    ],
)
def test_a_price_of_compute_or_a_lead_stays_with_the_card(name, options):
    card = cards.load(name, options)
    assert card.actor is None
    for option in options:
        key, value = option.split("=")
        assert card.joint.central()[key] == pytest.approx(math.log(float(value)))


def test_an_actor_leaves_the_cards_rank_correlations_alone(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text(
        'schema = 1\nname = "mine"\nextends = "literature-2026"\n'
        '[parameters.meek_budget]\nunit = "dollars"\n'
        "interval = [1e7, 1e8]\nmass = 0.9\n[dependence]\n"
        'spearman = [["meek_budget", "initial_compute", 0.9]]\n'
    )
    assert len(cards.load(path).joint.clusters) == 1
    assert len(cards.load(path, ["meek_budget=1000"]).joint.clusters) == 1
    assert cards.load(path, ["initial_compute=1e25"]).joint.clusters == ()


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
        ("anchor_date=2024-02-30", 'anchor_date: "2024-02-30" is not a date'),
    ],
)
def test_bad_overrides_are_refused(option, message):
    found = refusal("meek-2025", [option])
    assert message in found
    assert found.startswith("--set: ")


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("meek_budget=0", "--set: meek_budget: 0 dollars must be > 0"),
        ("meek_budget=1e20", "is outside the plausible"),
        ("meek_hardware_growth=40", 'write unit = "percent/yr"'),
        ("meek_algorithmic_share=1.5", "is not a share between 0 and 1"),
    ],
)
def test_a_bad_actor_is_refused_with_the_cards_other_faults(option, message):
    found = refusal("literature-2026", [option, "hardware_growth=fast"])
    assert message in found
    assert '"fast" is not a number' in found


def test_rivals_on_one_command_line_are_refused():
    options = ["investment_growth=2.5", "training_compute_growth=4"]
    assert "say one thing in two ways" in refusal("meek-2025", options)

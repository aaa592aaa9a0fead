"""Pooled cards: marginals, dependence, what is shared, and what cannot be said."""

import itertools

import numpy as np
import pytest

import priors
from mc.draws.host import draw
from priors.blocks import blocks
from priors.compounds import Mixture
from priors.echo import overall
from priors.elicitation import elicit
from priors.faults import Refusal
from priors.pool import pool
from priors.restating import restated
from priors.units import DURATION_UNITS, GROWTH_UNITS

HEAD = 'schema = 1\nname = "{}"\nreference_date = 2023-03-14\n'
COMMON = """
[components.window]
weights = { all = 0.4, late = 0.6 }
[parameters.horizon_doubling_time]
unit = "days"
by = "window"
all = { law = "lognormal", median = 188.0, sigma = 0.06 }
late = { law = "lognormal", median = 105.0, sigma = 0.08 }
[parameters.clock_ratio]
point = 0.5
[components.law]
weights = { a = 0.7, b = 0.3 }
[parameters.irreducible_loss]
unit = "nats/token"
by = "law"
a.given = { parameter = "loss_exponent", intercept = 1, slope = 4, residual_sd = 0.01 }
b = { point = 1.69 }
"""
ALICE = """
[parameters.hardware_growth]
unit = "x/yr"
interval = [1.25, 1.45]
mass = 0.9
source = "Alice"
date = 2026-01-01
[parameters.training_compute_growth]
unit = "x/yr"
interval = [3.0, 5.0]
mass = 0.9
[parameters.loss_exponent]
by = "law"
a = { law = "normal", mean = 0.18, sd = 0.005 }
b = { law = "normal", mean = 0.15, sd = 0.005 }
"""
BOB = """
[parameters.hardware_growth]
unit = "doubling_months"
interval = [14, 26]
mass = 0.9
source = "Bob"
date = 2026-02-01
[parameters.training_compute_growth]
unit = "x/yr"
interval = [3.5, 6.0]
mass = 0.9
[parameters.loss_exponent]
by = "law"
a = { law = "normal", mean = 0.20, sd = 0.004 }
b = { law = "normal", mean = 0.16, sd = 0.004 }
"""
LINKED = """
[dependence]
spearman = [["hardware_growth", "training_compute_growth", 0.6]]
"""
WEIGHTS = (0.6, 0.4)


@pytest.fixture
def cards(tmp_path):
    def of(alice: str = ALICE, bob: str = BOB, both: str = COMMON + LINKED):
        found = {}
        for name, text in (("alice", alice), ("bob", bob)):
            file = tmp_path / f"{name}.toml"
            file.write_text(HEAD.format(name) + both + text, encoding="utf-8")
            found[name] = priors.load(file)
        return found

    return of


@pytest.fixture
def pooled(tmp_path):
    def of(experts, weights=WEIGHTS):
        made = pool(experts, weights, "pool")
        file = tmp_path / "pool.toml"
        file.write_text(made.text, encoding="utf-8")
        return made, priors.load(file)

    return of


def test_every_marginal_is_the_weighted_sum_of_the_experts(cards, pooled):
    experts = cards()
    _, card = pooled(experts)
    assert card.joint.names() == experts["alice"].joint.names()
    score = np.linspace(-3.0, 3.0, 41)
    for name in card.joint.names():
        laws = tuple(overall(expert.joint, name) for expert in experts.values())
        places = laws[0].at_score(score) + 1e-9
        wanted = Mixture(weights=WEIGHTS, laws=laws).cdf(places)
        assert overall(card.joint, name).cdf(places) == pytest.approx(wanted, abs=1e-9)


def test_a_draw_is_one_experts_world_whole(cards, pooled):
    experts = cards()
    _, card = pooled(experts)
    component = next(c for c in card.joint.components if c.name == "expert")
    assert component.labels == ("alice-a", "alice-b", "bob-a", "bob-b")
    assert component.weights == pytest.approx([0.42, 0.18, 0.28, 0.12])
    drawn = draw(card.joint)
    label = drawn.labels["expert"]
    hardware, compute = (
        drawn.values[name] for name in ("hardware_growth", "training_compute_growth")
    )
    loss, exponent = drawn.values["irreducible_loss"], drawn.values["loss_exponent"]
    for number, own in enumerate(["alice", "alice", "bob", "bob"]):
        mine = label == number
        law = overall(experts[own].joint, "hardware_growth")
        middle = law.quantile(np.array([0.5]))
        error = 5.0 * 0.5 / np.sqrt(mine.sum())
        assert np.mean(hardware[mine] < middle) == pytest.approx(0.5, abs=error)
        first, second = (np.argsort(np.argsort(v[mine])) for v in (hardware, compute))
        found = np.corrcoef(first, second)[0, 1]
        assert found == pytest.approx(0.6, abs=5.0 / np.sqrt(mine.sum()))
        if number % 2:
            assert (loss[mine] == 1.69).all()
        else:
            residual = loss[mine] - 1.0 - 4.0 * exponent[mine]
            assert np.std(residual) == pytest.approx(0.01, rel=0.1)


def test_what_no_expert_disputes_is_stated_once_and_as_it_was(cards, pooled):
    experts = cards()
    made, card = pooled(experts)
    assert made.disputed == (
        "hardware_growth",
        "irreducible_loss",
        "loss_exponent",
        "training_compute_growth",
    )
    tables, first = card.tables["parameters"], experts["alice"].tables["parameters"]
    assert tables["horizon_doubling_time"] == first["horizon_doubling_time"]
    assert card.tables["components"]["window"] == {"weights": {"all": 0.4, "late": 0.6}}
    growth = tables["hardware_growth"]
    assert (growth["source"], str(growth["date"])) == ("Alice; Bob", "2026-02-01")


def test_cards_that_agree_pool_to_themselves(cards, pooled):
    experts = cards(bob=ALICE)
    made, card = pooled(experts)
    assert made.disputed == ()
    assert "expert" not in card.tables["components"]
    own = experts["alice"].tables
    assert card.tables["components"] == own["components"]
    assert card.tables["dependence"] == own["dependence"]
    kept = {
        n: t for n, t in card.tables["parameters"].items() if n in own["parameters"]
    }
    assert kept == own["parameters"]


def test_blocks_hold_all_that_hangs_together(cards):
    found = blocks(
        [card.tables for card in cards().values()],
        [card.tables["parameters"] for card in cards().values()],
    )
    names = {block.names: block.is_shared for block in found}
    assert names == {
        ("clock_ratio",): True,
        ("horizon_doubling_time",): True,
        ("hardware_growth", "training_compute_growth"): False,
        ("irreducible_loss", "loss_exponent"): False,
    }


LATE = '[parameters.late_hardware_growth]\nunit = "x/yr"\npoint = 1.4\n'
OWN_LAW = 'law = "normal"\nmean = 20\nsd = 2'
CANNOT = [
    (ALICE, BOB + LINKED, "differ on the rank correlation"),
    (ALICE, BOB + LATE, "alice does not state late_hardware_growth"),
    (
        ALICE,
        BOB.replace("interval = [14, 26]\nmass = 0.9", OWN_LAW),
        r"bob\.toml:\d+: parameters\.hardware_growth: bob states a normal law in",
    ),
    (
        ALICE + '[parameters.harm_exponent]\nsame_as = "clock_ratio"\n',
        BOB + "[parameters.harm_exponent]\npoint = 1.0\n",
        "same_as in one card",
    ),
    (
        ALICE + '[parameters.solve_rate]\nempirical = "r.csv"\ncolumn = "r"\n',
        BOB + "[parameters.solve_rate]\npoint = 0.1\n",
        "a pool cannot carry tables",
    ),
]


@pytest.mark.parametrize(("alice", "bob", "said"), CANNOT)
def test_what_a_card_cannot_say_is_refused_in_a_sentence(
    cards, tmp_path, alice, bob, said
):
    (tmp_path / "r.csv").write_text("r\n0.1\n0.2\n", encoding="utf-8")
    with pytest.raises(Refusal, match=said) as refusal:
        pool(cards(alice, bob, COMMON), WEIGHTS, "pool")
    assert len(set(refusal.value.faults)) == len(refusal.value.faults)


def test_cards_of_different_days_are_not_pooled(cards, tmp_path):
    file = tmp_path / "later.toml"
    text = (HEAD.format("later") + COMMON + ALICE).replace("2023-03-14", "2025-01-01")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal, match="different reference dates"):
        pool({**cards(), "later": priors.load(file)}, (1.0, 1.0, 1.0), "pool")


RESTATED = [
    {"point": 1.4},
    {"interval": [1.2, 1.6], "mass": 0.9},
    {"interval": [1.2, 1.6], "median": 1.3856, "mass": 0.9, "truncate": [1.05, 2.0]},
    {"quantiles": {"0.05": 1.2, "0.5": 1.4, "0.95": 1.9}, "law": "metalog"},
    {"quantiles": {"0.1": 1.2, "0.9": 1.6}},
    {"interval": [1.2, 1.6], "mass": 0.9, "law": "lognormal"},
    {
        "mixture": [
            {"weight": 0.5, "point": 1.3},
            {"weight": 0.5, "interval": [1.4, 1.6], "mass": 0.8},
        ]
    },
]


@pytest.mark.parametrize("law", RESTATED, ids=str)
@pytest.mark.parametrize("name", ["OOM/yr", "doubling_days", "percent/yr"])
def test_a_law_is_the_same_in_another_unit(law, name):
    old, new = GROWTH_UNITS["x/yr"], GROWTH_UNITS[name]
    score = np.linspace(-3.0, 3.0, 13)
    first = elicit(law, old).law.at_score(score)
    again = elicit(restated(law, old, new), new).law.at_score(score)
    assert again == pytest.approx(first, rel=1e-9)


def test_no_growth_has_no_doubling_time():
    law = {"interval": [1.2, 1.6], "mass": 0.9, "truncate": [1.0, 2.0]}
    with pytest.raises(ValueError, match="doubling_days cannot say"):
        restated(law, GROWTH_UNITS["x/yr"], GROWTH_UNITS["doubling_days"])


def test_a_lognormal_time_is_lognormal_in_every_unit_of_time():
    days, months = DURATION_UNITS["days"], DURATION_UNITS["months"]
    law = {"law": "lognormal", "median": 188.0, "sigma": 0.06}
    score = np.linspace(-3.0, 3.0, 13)
    again = elicit(restated(law, days, months), months).law.at_score(score)
    assert again == pytest.approx(elicit(law, days).law.at_score(score), rel=1e-12)


@pytest.mark.parametrize(
    ("first", "second"), list(itertools.pairwise([*GROWTH_UNITS, "x/yr"]))
)
def test_a_named_law_is_not_carried_to_another_unit(first, second):
    law = {"law": "uniform", "low": 0.2, "high": 0.4}
    with pytest.raises(ValueError, match=f"uniform law in {first}"):
        restated(law, GROWTH_UNITS[first], GROWTH_UNITS[second])

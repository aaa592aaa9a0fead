"""Meek actors: shipped, by budget, of one's own; what they may not state."""

import datetime
import math
import subprocess
import sys
from pathlib import Path

import pytest
from tiers import tiered

from priors import cards
from priors.actors import ACTOR_PARAMETERS, Actor, load_actor, shipped_actors
from priors.faults import Refusal
from priors.laws import Point

HEAD = 'schema = 1\nname = "mine"\ndescription = "ten dollars a run"\n'
BUDGET = '[parameters.meek_budget]\nunit = "dollars"\npoint = 10.0\n'
CARD = cards.load()


def write(tmp_path: Path, text: str, name: str = "actor.toml") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def refusal(actor: str | Path, card=CARD) -> str:
    with pytest.raises(Refusal) as caught:
        load_actor(actor, card)
    return str(caught.value)


def dollars(actor: Actor) -> float:
    return math.exp(actor.joint.central()["meek_budget"])


def test_the_presets_are_shipped():
    assert shipped_actors() == (
        "1k-usd",
        "1m-usd",
        "academic",
        "equal-2023",
        "open-lab",
        "restricted-state",
        "rival-state",
    )


@pytest.mark.parametrize("name", shipped_actors())
@pytest.mark.parametrize("card", tiered(cards.shipped(), quick=[cards.DEFAULT_CARD]))
def test_every_preset_stands_beside_every_card_and_names_its_sources(name, card):
    actor = load_actor(name, cards.load(card))
    assert actor.name == name
    assert "dollars" in actor.description
    assert actor.file is not None
    assert set(actor.joint.names()) == set(actor.tables["parameters"])
    for table in actor.tables["parameters"].values():
        assert len(table["source"]) > 10
        assert isinstance(table["date"], datetime.date)
        assert table["note"]


def test_the_presets_state_what_their_names_say():
    found = {name: load_actor(name, CARD) for name in shipped_actors()}
    assert found["equal-2023"].joint.names() == ()
    assert dollars(found["1k-usd"]) == pytest.approx(1e3, rel=1e-13)
    assert dollars(found["1m-usd"]) == pytest.approx(1e6, rel=1e-13)
    assert dollars(found["academic"]) == pytest.approx(math.sqrt(700 * 2e4), rel=1e-9)
    paths = {name: actor.path for name, actor in found.items() if actor.path}
    in_step = dict.fromkeys(("restricted-state", "rival-state"), "matched_spending")
    assert paths == {"open-lab": "fast_follower", **in_step}
    lag = math.exp(found["open-lab"].joint.central()["follower_lag"])
    assert 12.0 * lag == pytest.approx(math.sqrt(3.5 * 15.0), rel=1e-9)
    state = found["restricted-state"].joint.central()
    assert found["rival-state"].joint.names() == ("meek_budget",)
    assert dollars(found["rival-state"]) == dollars(found["restricted-state"])
    assert state["meek_hardware_growth"] < CARD.joint.central()["hardware_growth"]


def test_pythia_costs_what_the_academic_budget_says():
    """Four GPUs for 18 days at 2 dollars an hour, and the FLOP that they gave."""
    pythia = 4 * 18 * 24 * 2.0
    budget = dollars(load_actor("academic", CARD))
    assert budget == pytest.approx(pythia, rel=0.1)
    central = CARD.joint.central()
    price = math.exp(central["initial_compute"] - central["meek_budget"])
    assert budget * price == pytest.approx(1.8e21, rel=0.1)


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("250m-usd", 250e6),
        ("5e4-usd", 5e4),
        ("1.5b-usd", 1.5e9),
        ("20k-usd", 2e4),
        ("7-usd", 7.0),
        ("2.5e3k-usd", 2.5e6),
    ],
)
def test_a_budget_is_an_actor(name, number):
    actor = load_actor(name, CARD)
    assert actor.name == name
    assert actor.joint.names() == ("meek_budget",)
    assert dollars(actor) == pytest.approx(number, rel=1e-13)
    assert actor.description == f"{number:,.12g} dollars a run"
    assert load_actor(name.upper(), CARD) == actor


def test_a_budget_by_pattern_is_that_of_the_preset():
    by_pattern, preset = load_actor("1000-usd", CARD), load_actor("1k-usd", CARD)
    (said,), (shipped,) = (
        [m.law for m in a.joint.belief_of["meek_budget"].marginals]
        for a in (by_pattern, preset)
    )
    assert said == shipped == Point(value=math.log(1e3))


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("0-usd", "0 dollars must be > 0"),
        ("9e20-usd", "is outside the plausible"),
        ("9e99b-usd", "is outside the plausible"),
        ("acadmic", "did you mean academic?"),
        ("12-dollars", "a budget is written 250m-usd"),
        ("-5-usd", "unknown actor"),
        ("nowhere.toml", "nowhere.toml: there is no such file"),
    ],
)
def test_what_is_no_actor_is_refused(name, why):
    assert why in refusal(name)


def test_an_actor_of_ones_own(tmp_path):
    text = HEAD + (
        'path = "fast_follower"\n'
        '[parameters.follower_lag]\nunit = "months"\npoint = 6.0\n'
        "[parameters.meek_algorithmic_share]\npoint = 0.5\n"
        "[parameters.meek_budget_date]\npoint = 2025-03-14\n"
    )
    path = write(tmp_path, text)
    actor = load_actor(path, CARD)
    assert load_actor(str(path), CARD) == actor
    assert (actor.name, actor.path) == ("mine", "fast_follower")
    assert actor.joint.central() == {
        "follower_lag": pytest.approx(math.log(0.5)),
        "meek_algorithmic_share": 0.5,
        "meek_budget_date": pytest.approx(731 / 365.25),
    }


def test_dates_are_read_against_the_cards_reference_date(tmp_path):
    text = HEAD + BUDGET + "[parameters.meek_budget_date]\npoint = 2026-01-01\n"
    path = write(tmp_path, text)
    years = load_actor(path, cards.load("meek-2025")).joint.central()
    assert years["meek_budget_date"] == pytest.approx(365 / 365.25)


def test_every_parameter_of_an_actor_may_be_stated(tmp_path):
    units = {"meek_algorithmic_share": "share", "initial_compute_ratio": "ratio"}
    units |= {"meek_budget": "dollars", "compute_per_dollar": "FLOP/dollar"}
    units |= {"initial_compute": "FLOP"}
    points = {"share": 0.5, "ratio": 5, "dollars": 1e3, "FLOP/dollar": 1e17}
    points |= {"FLOP": 1e20}
    for name in ACTOR_PARAMETERS:
        unit = units.get(name, "date" if name.endswith("_date") else "x/yr")
        point = {"date": "2024-01-01", "x/yr": 1.1}.get(unit, points.get(unit))
        table = f'[parameters.{name}]\nunit = "{unit}"\npoint = {point}\n'
        assert load_actor(write(tmp_path, HEAD + table), CARD).joint.names() == (name,)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (BUDGET.replace("meek_budget", "meek_budgt"), "did you mean meek_budget?"),
        (BUDGET.replace("meek_budget", "tax"), "tax is not of an actor (allowed: "),
        (
            '[parameters.hardware_growth]\nunit = "x/yr"\npoint = 1.2\n',
            "hardware_growth is a belief of the card, and no actor's own",
        ),
        (
            '[parameters.follower_lag]\nunit = "months"\npoint = 6\n',
            "follower_lag belongs to a compute path, and the actor names none",
        ),
        (BUDGET.replace("10.0", "-1"), "actor.toml:6: parameters.meek_budget.point"),
        (BUDGET.replace('unit = "dollars"\n', ""), "unit is missing"),
        (BUDGET.replace("point", "pont"), "states no law"),
        (BUDGET.replace("dollars", "FLOP"), 'unit = "FLOP": meek_budget is a scale'),
        (
            BUDGET + '[parameters.compute_per_dollar]\nunit = "FLOP/dollar"\n'
            'point = 1e17\n[parameters.initial_compute]\nunit = "FLOP"\npoint = 1e18\n',
            "say one thing in two ways; keep one",
        ),
        (
            '[parameters.meek_budget]\nsame_as = "initial_compute"\n',
            "same_as belongs in a card",
        ),
        ("[components.a]\nweights = { b = 1.0 }\n", "unknown key components"),
        ('extends = "1k-usd"\n', "unknown key extends"),
        ("reference_date = 2023-03-14\n", "unknown key reference_date"),
        ("path = 3\n", "path = 3 must be the name of a compute path"),
        ("parameters = 3\n", "parameters must be tables"),
        (BUDGET + "source = 3\n", "source = 3 must be text"),
    ],
)
def test_bad_actors_are_refused_with_file_and_reason(tmp_path, text, why):
    path = write(tmp_path, HEAD + text)
    found = refusal(path)
    assert why in found
    assert found.startswith(f"{path}:")


@pytest.mark.parametrize("key", ["schema", "name", "description"])
def test_an_actor_says_who_it_is(tmp_path, key):
    lines = (HEAD + BUDGET).splitlines(keepends=True)
    path = write(tmp_path, "".join(x for x in lines if not x.startswith(key)))
    assert f"{key}: {key}" in refusal(path)
    empty = write(tmp_path, HEAD.replace('"ten dollars a run"', '""') + BUDGET)
    assert "description is missing" in refusal(empty)


def test_all_faults_of_a_file_are_said_in_order(tmp_path):
    text = (
        HEAD
        + "colour = 3\n"
        + BUDGET.replace("10.0", "-1")
        + '[parameters.hardware_growth]\nunit = "x/yr"\npoint = 1.2\n'
    )
    with pytest.raises(Refusal) as caught:
        load_actor(write(tmp_path, text), CARD)
    assert [fault.line for fault in caught.value.faults] == [4, 7, 8]


def test_the_hash_follows_what_is_stated(tmp_path):
    one = write(tmp_path, HEAD + BUDGET, "one.toml")
    two = write(tmp_path, HEAD + "# said\n" + BUDGET.replace("10.0", "10"), "two.toml")
    other = write(tmp_path, HEAD + BUDGET.replace("10.0", "11"), "other.toml")
    hashes = [load_actor(path, CARD).sha256 for path in (one, two, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_the_command_line_goes_above_the_actors_file():
    card = cards.load(overrides=["meek_hardware_growth=1.1", "meek_budget=1e9"])
    preset, actor = (load_actor("restricted-state", c) for c in (CARD, card))
    assert actor.name == "own"
    assert actor.joint.names() == preset.joint.names()
    central = actor.joint.central()
    assert central["meek_hardware_growth"] == pytest.approx(math.log(1.1))
    assert central["meek_budget"] == pytest.approx(math.log(1e9))
    assert actor.path == preset.path == "matched_spending"
    assert actor.joint.units.keys() == set(actor.joint.names())
    assert actor.sha256 != preset.sha256
    assert set(actor.tables["parameters"]) == set(actor.joint.names())
    for said in ("restricted-state", "meek budget 1e+09 dollars"):
        assert said in actor.description
    follower = load_actor("open-lab", card)
    assert follower.path == "fast_follower"


def test_a_budget_takes_the_place_of_the_compute_it_would_buy(tmp_path):
    text = HEAD + '[parameters.initial_compute]\nunit = "FLOP"\npoint = 1e22\n'
    card = cards.load(overrides=["meek_budget=1000"])
    actor = load_actor(write(tmp_path, text), card)
    assert actor.joint.names() == ("meek_budget",)


def test_actors_import_no_simulation():
    code = (
        "import sys; from priors import load, load_actor, shipped_actors; "
        "[load_actor(n, load()) for n in (*shipped_actors(), '3m-usd')]; "
        "heavy = {'jax', 'pandas', 'mc', 'scipy.stats'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr

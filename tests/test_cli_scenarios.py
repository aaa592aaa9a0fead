import dataclasses
import datetime
import json
import math
import re

import pytest

from experiments.cli import main
from experiments.cli.run import (
    budgets,
    headline,
    peaks,
    record,
    scenario_effects,
    scenario_options,
)
from experiments.registry import checked, find
from mc.engine.plan import Plan, make_plan
from mc.engine.results import Results
from mc.engine.run import execute
from mc.engine.scenario import Scenario
from mc.figures import worlds
from mc.model.path_choice import path_choice
from priors.cards import load
from priors.faults import Refusal

TODAY = datetime.date(2026, 11, 24)
HALF = Scenario(
    name="half", summary="half as fast", changes=("investment_growth*=0.5",)
)


def plan_of(*overrides: str, **changes: object) -> Plan:
    asked = dataclasses.replace(find("loss-gap"), **changes)
    card = load("literature-2026", overrides)
    return make_plan(asked, card, draws=1024, today=TODAY)


SLOW_FIXTURES = ("made",)


@pytest.fixture(scope="module")
def made() -> tuple[Plan, Results]:
    plan = plan_of(
        metrics=("validation_loss", "time_horizon"),
        path="investment_slowdown",
        actors=("equal-2023", "1k-usd"),
        scenarios=(HALF, Scenario(name="fast", changes=("hardware_growth=1.6",))),
    )
    return plan, execute(plan, device="cpu")


@pytest.fixture(scope="module")
def told(made: tuple[Plan, Results]) -> dict[str, str]:
    """Blocks of a run with scenarios by title."""
    blocks = headline.blocks(*made, 80)
    assert all(len(line) <= 80 for block in blocks for line in block.lines)
    return {b.title: "\n".join((*b.lines, b.paragraph)) for b in blocks}


def test_a_scenario_is_read_in_full():
    text = "slow : investment_growth*=0.5 ; hardware_growth=1.1..1.3@90% x/yr;"
    text += " path=trend_break:who=both+power_law; actor=250m-usd"
    assert scenario_options.typed(text) == Scenario(
        name="slow",
        changes=("investment_growth*=0.5", "hardware_growth=1.1..1.3@90% x/yr"),
        path="trend_break:who=both+power_law",
        actor="250m-usd",
    )


def test_declared_scenarios_run_unless_others_are_asked_for():
    other = Scenario(name="other", path="power_law")
    assert scenario_options.chosen((), (HALF, other)) == (HALF, other)
    assert scenario_options.chosen(("other",), (HALF, other)) == (other,)
    assert scenario_options.chosen(("none",), (HALF, other)) == ()
    typed = scenario_options.chosen(("half", "mine: path=power_law"), (HALF,))
    assert typed == (HALF, Scenario(name="mine", path="power_law"))


@pytest.mark.parametrize(
    ("text", "said"),
    [("hlf", "did you mean half?"), ("none", "none stands alone"), ("a", "there is")],
)
def test_what_is_not_declared_is_refused(text: str, said: str):
    with pytest.raises(Refusal, match=re.escape(said)):
        scenario_options.chosen((text, "half"), (HALF,))


@pytest.mark.parametrize(
    "fields",
    [{"path": 3}, {"actors": "1k-usd"}, {"scenarios": ("half",)}, {"scenarios": HALF}],
)
def test_a_scripts_worlds_are_checked(fields: dict[str, object]):
    asked = dataclasses.replace(find("loss-gap"))
    for name, value in fields.items():
        object.__setattr__(asked, name, value)
    with pytest.raises(Refusal, match=next(iter(fields))):
        checked(asked, "mine.py")
    assert checked(dataclasses.replace(find("loss-gap"), scenarios=(HALF,)), "")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("investment_growth*=0.5", "investment growth times 0.5 in logarithm"),
        ("meek_budget *= 10", "meek budget times 10"),
        ("hardware_growth=1.1", "hardware growth set to 1.1"),
    ],
)
def test_changes_are_told_in_words(text: str, words: str):
    assert scenario_effects.change_in_words(text) == words


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "1m-usd",
            "1m-usd (one million dollars a run), at central values: 5.1e23",
        ),
        ("250m-usd", "1.3e26 FLOP, $250M a run in 2023-03, the same for ever."),
        ("250m-usd", "The frontier starts ×6.1 behind"),
        ("restricted-state", "its budget grows as the frontier's does; its FLOP "),
        ("open-lab", "it follows the frontier"),
    ],
)
def test_another_actor_is_named_with_what_its_budget_buys(name: str, said: str):
    assert said in budgets.in_words(plan_of(path="exponential", actors=(name,)))


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("exponential", "spending ×3.3 a year, on path exponential."),
        ("investment_slowdown", "a year, from about 2031 ×1.2, on path"),
        ("investment_slowdown:form=ends", "a year, from about 2031 ×1.0, on path"),
        ("power_law", "a year, in 2030 ×"),
    ],
)
def test_the_frontiers_growth_is_told_on_every_path(path: str, said: str):
    assert said in budgets.in_words(plan_of(path=path))


@pytest.mark.parametrize(
    ("path", "never", "frontier"),
    [
        ("exponential", "budgets grow for ever", "budgets grow for ever"),
        ("trend_break", "budgets grow for ever", "budgets grow for ever"),
        ("investment_slowdown:form=ends", "budgets stop growing", None),
        ("investment_cap:form=logistic", "budgets are capped", None),
        ("revenue_limit", "budgets grow with revenue", None),
        ("compute_slowdown", "growth of compute slows", None),
        ("power_law", "all growth slows for ever", None),
        ("fast_follower", "the meek actor follows", "budgets grow for ever"),
        (
            "investment_cap+fast_follower",
            "budgets are capped and the meek actor follows",
            "budgets are capped",
        ),
    ],
)
def test_never_and_the_ledger_say_what_the_path_takes_for_granted(
    path: str, never: str, frontier: str | None
):
    chosen = path_choice(path)
    assert chosen.assumes == never
    assert chosen.frontier_assumes == (frontier or never)


def test_never_follows_the_baselines_path():
    plan = plan_of(path="investment_slowdown:form=ends")
    assert peaks.never(plan) == "never, if budgets stop growing"


def test_a_change_of_a_growth_reaches_the_words():
    plan = plan_of(path="exponential", scenarios=(HALF,))
    base, half = (budgets.start_of(plan, world) for world in plan.scenarios)
    assert "×3.3 a year" in base.frontier
    assert f"×{math.sqrt(3.29):.1f} a year" in half.frontier
    assert (half.flop, half.lead) == pytest.approx((base.flop, base.lead))


def test_the_scenarios_are_told_with_what_they_do(told: dict[str, str]):
    said = told["What the scenarios change"]
    lines = said.splitlines()
    assert lines[0].startswith("- baseline (belief): actor equal-2023")
    assert lines[1].startswith("- 1k-usd (intervention): actor 1k-usd, one thousand")
    assert "5.1e20 FLOP, $1.0k a run, the frontier starts ×41,000 ahead" in lines[1]
    assert lines[2].startswith("- half (intervention): half as fast. investment growth")
    assert lines[3].endswith("hardware growth set to 1.6.")


def test_the_numbers_of_a_scenario_are_those_of_the_summary(
    made: tuple[Plan, Results], told: dict[str, str]
):
    _, results = made
    table = told["validation_loss in each scenario; peak in nats/token"].splitlines()
    joined = " ".join(table)
    for name in ("1k-usd", "half", "fast"):
        cells = joined[joined.index(name) :].split()
        rows = {
            quantity: results.statistic("validation_loss", quantity, "q0.5", name)
            for quantity in ("peak_gap", "convergence_date", "convergence_delay")
        }
        height = rows["peak_gap"]["number"]
        assert float(cells[1]) == pytest.approx(height, rel=0.005)
        year = rows["convergence_date"]["text"][:4]
        later = rows["convergence_delay"]["number"]
        assert year in cells
        assert f"{later:+.1f}".replace("-", "−") in cells
    horizons = told["time_horizon in each scenario"]
    assert horizons.count(scenario_effects.NEVER) == 4


def test_the_peak_past_today_is_told(made: tuple[Plan, Results], told: dict[str, str]):
    _, results = made
    block = told[f"Peak of the trend gap; today is {TODAY}"]
    found = {
        name: results.statistic("validation_loss", "peak_date", name).to_dict()
        for name in ("p_already", f"p_by_{TODAY}")
    }
    past = found[f"p_by_{TODAY}"]
    assert found["p_already"]["number"] <= past["number"]
    lines = block.splitlines()
    assert lines[0].endswith("<today")
    assert lines[1].startswith("validation_loss")
    assert any(line.endswith(f" {past['text']}") for line in lines[1:3])


def test_a_slowdown_has_a_date(told: dict[str, str]):
    assert re.search(r"investment slows +\w{3} 20\d\d", told["On the way"])


def test_json_names_the_scenario_of_every_number(made: tuple[Plan, Results], tmp_path):
    plan, results = made
    said = json.loads(record.as_json(plan, results, tmp_path))
    names = ["baseline", "1k-usd", "half", "fast"]
    assert [world["name"] for world in said["scenarios"]] == names
    assert [world["kind"] for world in said["scenarios"]] == [
        "belief",
        *["intervention"] * 3,
    ]
    assert list(dict.fromkeys(row["scenario"] for row in said["headline"])) == names
    delays = [row for row in said["headline"] if row["quantity"] == "convergence_delay"]
    assert {row["scenario"] for row in delays} == set(names[1:])


def test_figures_and_terminal_name_the_same_actors(made: tuple[Plan, Results]):
    plan, results = made
    for world in plan.scenarios:
        start = budgets.start_of(plan, world)
        shown = worlds.world(results, world.name)
        assert start.flop is not None
        assert start.dollars is not None
        assert shown.flop == pytest.approx(math.exp(start.flop), rel=1e-3)
        assert shown.dollars == pytest.approx(math.exp(start.dollars), rel=1e-3)


def said(capsys: pytest.CaptureFixture, *args: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(args)
    assert stop.value.code == 0
    return capsys.readouterr().out


def test_actors_are_listed_with_budgets(capsys: pytest.CaptureFixture):
    text = said(capsys, "actors")
    assert "budget  $1.0k a run, 5.1e20 FLOP" in text
    assert "budget  none of its own" in text
    found = {row["name"]: row for row in json.loads(said(capsys, "actors", "--json"))}
    assert found["1m-usd"]["dollars"] == pytest.approx(1e6)
    assert found["open-lab"]["flop"] is None
    assert max(map(len, text.splitlines())) <= 80


def test_paths_are_listed_with_their_words(capsys: pytest.CaptureFixture):
    text = said(capsys, "paths")
    assert "form=sharp|smooth|fading|ends" in text
    found = {row["name"]: row for row in json.loads(said(capsys, "paths", "--json"))}
    assert found["investment_slowdown"]["replaces"] == ["investment"]
    assert found["trend_break"]["words"] == {"who": ["frontier", "both"]}
    assert max(map(len, text.splitlines())) <= 80

import dataclasses
import datetime
import math
import re
from pathlib import Path

import pytest

from experiments.cli import wording
from experiments.cli.run import budgets, headline
from experiments.cli.text_table import grid
from experiments.registry import find
from mc.engine.plan import Plan, make_plan
from mc.engine.run import execute
from priors.cards import load


def plan_of(card: str, *overrides: str) -> Plan:
    return make_plan(find("loss-gap"), load(card, overrides))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1.00"),
        (9.996, "10.0"),
        (0.00123456, "0.00123"),
        (-12.345, "-12.3"),
        (12345.0, "12,300"),
        (2.1e25, "2.1e25"),
        (1.234e-7, "1.23e-7"),
        (math.inf, "∞"),
        (-math.inf, "-∞"),
    ],
)
def test_numbers_have_three_digits_and_no_plus_in_powers(value: float, text: str):
    assert wording.number(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (41e6, "$41M"),
        (1000.0, "$1.0k"),
        (1.06e14, "$110T"),
        (2e16, "$2e16"),
        (0.5, "$0.50"),
    ],
)
def test_dollars_carry_the_usual_letters(value: float, text: str):
    assert wording.dollars(value) == text


@pytest.mark.parametrize(
    ("iso", "text"),
    [
        ("2029-03-14", "Mar 2029"),
        ("beyond 2100-01-01", "beyond 2100"),
        ("beyond 2100-05-01", "beyond 2100-05-01"),
        ("never", "never"),
        ("already", "already"),
    ],
)
def test_dates_are_months_and_censored_dates_words(iso: str, text: str):
    assert wording.month(iso) == text


def test_a_tolerance_is_told_as_it_was_given():
    assert wording.tolerance(0.05, "probability") == "5 points"
    assert wording.tolerance(1.25, "ratio") == "×1.25"
    assert wording.tolerance(0.01, "nats/token") == "0.01 nats/token"


def test_a_table_aligns_numbers_and_lets_a_word_span():
    lines = grid(("", "5 %", "95 %"), [("a", "1.0", "22.0"), ("bb", "never")], 80)
    assert lines == ["    5 %  95 %", "a   1.0  22.0", "bb  never"]


@pytest.mark.parametrize("width", [20, 30])
def test_labels_move_to_their_own_lines_where_a_table_is_too_wide(width: int):
    rows = [("a long label of a row", "1.0", "22.0"), ("b", "never")]
    lines = grid(("", "5 %", "95 %"), rows, width)
    assert lines == ["  5 %  95 %", rows[0][0], "  1.0  22.0", "b", "  never"]


@pytest.mark.parametrize(
    ("overrides", "said"),
    [
        ((), "2.1e25 FLOP, $41M a run in 2023-03, the same for ever."),
        (("meek_budget=1e6",), "5.1e23 FLOP, $1.0M a run"),
        (("meek_budget=1e6",), "frontier starts ×41 ahead in effective compute"),
        (("compute_per_dollar=1e18", "meek_budget=1e6"), "1e24 FLOP, $1.0M a run"),
        (("initial_compute_ratio=30",), "starts ×30 ahead in effective compute"),
        (("initial_compute_ratio=0.5",), "starts ×2.0 behind in effective compute"),
        (("frontier_compute=2.1e27",), "starts ×100 ahead in effective compute"),
        (("investment_growth=2.5",), "grows its spending ×2.5 a year"),
        (("investment_growth=0.8",), "changes its spending ×0.80 a year"),
    ],
)
def test_the_actor_is_named_however_the_card_says_it(
    overrides: tuple[str, ...], said: str
):
    assert said in budgets.in_words(plan_of("literature-2026", *overrides))


SLOW_FIXTURES = ("told",)


@pytest.fixture(scope="module")
def told() -> dict[str, str]:
    """Blocks of a run by title: one metric of every class, and two horizons."""
    asked = dataclasses.replace(
        find("loss-gap"),
        metrics=(
            "validation_loss",
            "relative_loss",
            "log_log_compute",
            "harm=expected_harm_time",
            "time_horizon",
            "time_horizon:reliability=80",
        ),
    )
    card = load("literature-2026")
    plan = make_plan(asked, card, draws=1024, today=datetime.date(2026, 11, 25))
    results = execute(plan, device="cpu")
    blocks = headline.blocks(plan, results, 80)
    assert all(len(line) <= 80 for block in blocks for line in block.lines)
    return {b.title: "\n".join((*b.lines, b.paragraph)) for b in blocks}


def test_every_class_is_told_with_its_metrics(told: dict[str, str]):
    lines = told["What becomes of the gap for ever"].splitlines()
    assert "- Meek, the gap closes: validation_loss." in lines
    assert any(
        re.fullmatch(
            r"- Constant gap, it settles: log_log_compute at 0\.\d+ \[.*–.*\] L\.", line
        )
        for line in lines
    )
    grows = "relative_loss, time_horizon, time_horizon_80"
    assert f"- Diverging, it grows without end: {grows}." in lines
    differs = r"- Draws differ: harm \(diverging \d+\.\d%, meek \d+\.\d%\)\."
    assert any(re.fullmatch(differs, line) for line in lines)


def test_what_halving_costs_is_told_once_for_metrics_that_cost_the_same(
    told: dict[str, str],
):
    lines = told["What becomes of the gap for ever"].splitlines()
    (line,) = (line for line in lines if line.startswith("- Halving"))
    cost = r"- Halving the error takes ×\d+ \[×\d+–×\d+\] the compute: "
    assert re.fullmatch(cost + r"validation_loss, relative_loss\.", line)


def test_numbers_without_end_are_short_beside_numbers(told: dict[str, str]):
    (peaks,) = (t for title, t in told.items() if title.startswith("Peak of the"))
    assert re.search(r"harm\s+∞ \[0\.\d+–∞\] harm at the start", peaks)


def test_horizons_are_told_apart(told: dict[str, str]):
    (block,) = (t for title, t in told.items() if title.startswith("How far apart"))
    assert "time_horizon ratio" in block
    assert "time_horizon_80 ratio" in block


def test_what_is_taken_for_granted_is_told(told: dict[str, str]):
    said = told["What follows from these beliefs"]
    assert all(f"- {line}" in said for line in find("loss-gap").assumptions)


def test_the_answer_is_named_before_the_other_figures(tmp_path: Path):
    (tmp_path / "figures").mkdir()
    for name in ("dates", "gaps", "answer"):
        (tmp_path / "figures" / f"{name}.png").touch()
    said = headline.files(tmp_path, 1.0).paragraph
    assert f"{tmp_path}/figures/answer.png and 2 more figures" in said

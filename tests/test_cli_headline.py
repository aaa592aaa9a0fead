import math

import pytest

from experiments.cli import actor, wording
from experiments.cli.grid import grid
from experiments.registry import find
from mc.engine.plan import Plan, make_plan
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
        ((), "2.1e25 FLOP, $41M a run in 2023-03, for ever."),
        (("meek_budget=1e6",), "2.1e25 FLOP, $1.0M a run"),
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
    assert said in actor.in_words(plan_of("literature-2026", *overrides))

"""A decision: its file, its conditions on draws with and without date, its payoffs."""

import datetime

import numpy as np
import pytest

import priors
from experiments.registry import find
from mc.analysis.decision import Clause, read_clauses
from mc.analysis.decision_file import read_decision
from mc.analysis.payoffs import Terms
from mc.analysis.target import Target
from mc.engine.plan import make_plan
from mc.outcomes.status import Status
from priors.faults import Refusal
from priors.units import years_since

HEAD = 'schema = 1\nname = "mine"\nunit = "euros"\n'
ACTIONS = "[actions.wait]\npayoff = 0\n[actions.act]\nlate = 2\nrest = -1\n"
OUTCOMES = '[outcomes]\nlate = "date > 2032"\nrest = "otherwise"\n'
DATE = datetime.date(2032, 1, 1)


@pytest.fixture(scope="module")
def plan():
    return make_plan(find("loss-gap"), priors.load(), draws=2**10)


@pytest.fixture
def read(tmp_path):
    def of(text):
        file = tmp_path / "mine.toml"
        file.write_text(text, encoding="utf-8")
        return read_decision(file)

    return of


def refused(read, text):
    with pytest.raises(Refusal) as caught:
        read(text)
    return [str(fault).partition("mine.toml")[2] for fault in caught.value.faults]


def bound(plan, decision):
    """A decision whose ``date`` and ``height`` are those of the run's metric."""
    names = {"date": "convergence_date", "height": "peak_gap"}
    targets = {
        text: Target(
            scenario="baseline",
            metric="validation_loss",
            quantity=names[text],
            statistic="q0.5",
        )
        for text, _ in decision.uses
    }
    return Terms(decision=decision, plan=plan, targets=targets)


def dates(plan, *days):
    """A column of dates; a status stands for a draw without one."""
    status = [Status.OBSERVED if isinstance(d, datetime.date) else d for d in days]
    years = [
        years_since(plan.epoch, day) if isinstance(day, datetime.date) else np.inf
        for day in days
    ]
    grid = (1, len(days))
    return np.reshape(years, grid), np.array(status, np.int8).reshape(grid)


LINE = (
    Status.ALREADY,
    datetime.date(2031, 12, 31),
    datetime.date(2032, 1, 2),
    Status.BEYOND,
    Status.UNDETERMINED,
    Status.NEVER,
)


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("date > 2032", [0, 0, 1, 1, 1, 1]),
        ("date > 2032-01-01", [0, 0, 1, 1, 1, 1]),
        ("date<2032", [1, 1, 0, 0, 0, 0]),
        ("date is never", [0, 0, 0, 0, 0, 1]),
        ("date is not never", [1, 1, 1, 1, 1, 0]),
        ("date > 2032 and date is observed", [0, 0, 1, 0, 0, 0]),
        ("date >= 2030 and date <= 2032", [0, 1, 0, 0, 0, 0]),
    ],
)
def test_a_condition_orders_draws_from_already_to_never(
    plan, read, condition, expected
):
    outcomes = f'[outcomes]\nlate = "{condition}"\nrest = "otherwise"\n'
    terms = bound(plan, read(HEAD + outcomes + ACTIONS))
    found = terms.payoffs({"date": dates(plan, *LINE)})
    assert (found.outcomes[0] == 0).tolist() == [bool(one) for one in expected]
    assert found.values[0, :, 1].tolist() == [2.0 if one else -1.0 for one in expected]
    assert not found.values[..., 0].any()


def test_the_first_outcome_that_holds_is_the_draws(plan, read):
    outcomes = (
        '[outcomes]\nnever = "date is never"\nlate = "date > 2032"\n'
        'rest = "otherwise"\n'
    )
    actions = "[actions.a]\nnever = 1\nlate = 2\nrest = 3\n[actions.b]\npayoff = 0\n"
    terms = bound(plan, read(HEAD + outcomes + actions))
    found = terms.payoffs({"date": dates(plan, *LINE)})
    assert found.values[0, :, 0].tolist() == [3, 3, 2, 2, 2, 1]


def test_a_payoff_may_be_linear_in_a_date_or_a_number(plan, read):
    outcomes = '[outcomes]\ndated = "date is observed"\nrest = "otherwise"\n'
    actions = (
        "[actions.a]\nrest = 0\n"
        'dated = { base = 1, slope = 2, of = "date", from = 2031-01-01 }\n'
        '[actions.b]\npayoff = { slope = 10, of = "height" }\n'
    )
    terms = bound(plan, read(HEAD + outcomes + actions))
    days = dates(plan, DATE, Status.NEVER)
    height = np.array([[0.25, 0.5]]), np.ones((1, 2), np.int8)
    found = terms.payoffs({"date": days, "height": height})
    assert np.allclose(found.values[0], [[3.0, 2.5], [0.0, 5.0]])


def test_a_number_that_a_draw_does_not_have_is_refused_with_the_remedy(plan, read):
    actions = (
        '[actions.a]\npayoff = 0\n[actions.b]\npayoff = { slope = 1, of = "date" }\n'
    )
    terms = bound(plan, read(HEAD + actions))
    with pytest.raises(Refusal) as caught:
        terms.payoffs({"date": dates(plan, DATE, Status.NEVER)})
    said = str(caught.value)
    assert "mine.toml:7: actions.b.payoff.of: date has no number in 1" in said
    assert '"date is never"' in said


def test_an_undetermined_number_has_to_be_an_outcome_before(plan, read):
    outcomes = '[outcomes]\nlate = "height > 2"\nrest = "otherwise"\n'
    height = np.array([[1.0, np.inf]]), np.array([[1, 3]], np.int8)
    with pytest.raises(Refusal, match="height is undetermined in 1 draws"):
        bound(plan, read(HEAD + outcomes + ACTIONS)).payoffs({"height": height})
    before = outcomes.replace("late =", 'open = "height is undetermined"\nlate =')
    actions = ACTIONS.replace("late = 2", "late = 2\nopen = 7")
    found = bound(plan, read(HEAD + before + actions)).payoffs({"height": height})
    assert found.values[0, :, 1].tolist() == [-1.0, 7.0]


def test_draws_without_outcome_and_dates_after_the_window_are_refused(plan, read):
    outcomes = '[outcomes]\nlate = "date > 2032"\nrest = "date is already"\n'
    with pytest.raises(Refusal, match=r"1 of 6 draws have none.*otherwise"):
        bound(plan, read(HEAD + outcomes + ACTIONS)).payoffs(
            {"date": dates(plan, *LINE)}
        )
    after = OUTCOMES.replace("2032", "2150-01-01")
    with pytest.raises(Refusal, match="after the event window"):
        bound(plan, read(HEAD + after + ACTIONS)).payoffs({"date": dates(plan, *LINE)})


def test_a_number_is_not_compared_with_a_date(plan, read):
    outcomes = OUTCOMES.replace("date > 2032", "height > 2032-01-01")
    height = np.ones((1, 2)), np.ones((1, 2), np.int8)
    with pytest.raises(Refusal, match="peak_gap is a number, not a date"):
        bound(plan, read(HEAD + outcomes + ACTIONS)).payoffs({"height": height})


def test_conditions_are_read():
    assert read_clauses(" otherwise ") == ()
    assert read_clauses("a/b@2030-01-01>=1.5 and c is  not beyond") == (
        Clause(quantity="a/b@2030-01-01", relation=">=", mark=1.5),
        Clause(quantity="c", relation="is not", mark=Status.BEYOND),
    )


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("date is nevr", "did you mean never?"),
        ("date", "is no condition"),
        ("date > soon", "neither a number nor a date"),
        ("date = 2", "is no condition"),
    ],
)
def test_what_is_no_condition_is_refused_in_words(text, word):
    with pytest.raises(ValueError, match=word.replace("?", r"\?")):
        read_clauses(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (HEAD + OUTCOMES + ACTIONS.replace("late", "lat"), [
            ":10: actions.act.lat: unknown key; did you mean late?",
            ":9: actions.act: no payoff for late",
        ]),
        (HEAD.replace("unit", "units") + OUTCOMES + ACTIONS, [
            ":3: units: unknown key; did you mean unit?",
        ]),
        (HEAD + OUTCOMES + ACTIONS.replace("= 2", "= nan"), [
            ":10: actions.act.late: nan is not a finite number",
        ]),
        (HEAD + OUTCOMES + ACTIONS.replace("= 2", "= true"), [
            ":10: actions.act.late: True is not a finite number",
        ]),
        (HEAD + OUTCOMES.replace("> 2032", "is nevr") + ACTIONS, [
            ':5: outcomes.late: no status "nevr"; did you mean never?',
        ]),
        (HEAD + OUTCOMES + "[actions.only]\npayoff = 1\n", [
            "actions: a decision is between 2 actions",
        ]),
        (HEAD + "[actions.a]\npayoff = 1\n[actions.b]\npayoff = 0\n", [
            "no payoff depends on what comes of a draw",
        ]),
        (HEAD + '[actions.a]\npayoff = { base = 1 }\n[actions.b]\npayoff = 0\n', [
            ":5: actions.a.payoff.of: of is missing",
        ]),
        (HEAD + OUTCOMES + ACTIONS + '[groups]\nboth = "x"\n', [
            ":13: groups.both: must be a list",
        ]),
        (HEAD + OUTCOMES + ACTIONS + "[measurements]\nm = { of = 'x', sd = 0 }\n", [
            ":13: measurements.m.sd: must be above 0",
        ]),
        (HEAD + OUTCOMES + ACTIONS.replace("= 2", '= "2"'), [
            ":10: actions.act.late: a payoff is a number, or a table",
        ]),
        ('name = "x"\n' + OUTCOMES + ACTIONS, ["schema: a decision begins schema = 1"]),
        (HEAD + OUTCOMES.replace("date > 2032", "otherwise") + ACTIONS, [
            ':5: outcomes.late: "otherwise" must stand last',
        ]),
    ],
)  # fmt: skip
def test_faults_name_line_and_key(read, text, said):
    faults = refused(read, text)
    for words in said:
        assert any(words in fault for fault in faults), faults

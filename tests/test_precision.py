"""Draws until a figure is precise: which figure, which rung, and what is told."""

import dataclasses
import datetime

import pytest

from experiments.cli import main
from experiments.loss_gap import EXPERIMENT
from mc.engine.plan import make_plan
from mc.engine.precision import (
    FIRST_POINTS,
    Target,
    ladder,
    precision_of,
    read_targets,
    until_precise,
)
from mc.engine.run import execute
from mc.engine.scenario import Scenario
from priors import cards
from priors.faults import Refusal

TODAY = datetime.date(2026, 11, 1)
FIGURE = "validation_loss/convergence_date/q0.5"


def plan_of(draws, **changes):
    experiment = dataclasses.replace(EXPERIMENT, **changes)
    return make_plan(experiment, cards.load("paper-2026"), draws=draws, today=TODAY)


@pytest.fixture(scope="module")
def short():
    half = Scenario(name="half", changes=("investment_growth*=0.5",))
    return execute(plan_of(512, scenarios=(half,)))


def test_the_ladder_doubles_up_to_what_is_allowed():
    sizes = [rung.num_draws for rung in ladder(plan_of(16 * FIRST_POINTS * 4))]
    assert sizes == [16 * FIRST_POINTS * k for k in (1, 2, 4)]
    assert [rung.num_draws for rung in ladder(plan_of(256))] == [256]


def test_the_climb_stops_at_the_first_rung_that_is_precise(short):
    drawn = []

    def run(plan):
        """Half the width at each rung."""
        drawn.append(plan.num_draws)
        table = short.summary_table.copy()
        for column, side in (("mc_lower", -1), ("mc_upper", 1)):
            table[column] = side * 0.1 / len(drawn)
        return dataclasses.replace(short, summary_table=table)

    plan = plan_of(2**20)
    rung, results, reached = until_precise(
        plan, [Target(figure=FIGURE, error=0.05)], run
    )
    assert drawn == [2**14, 2**15]
    assert rung.num_draws == 2**15
    assert [figure.half_width for figure in reached] == [0.05]
    assert results.manifest["precision"][0]["is_met"]


def test_what_cannot_be_reached_is_told_and_not_hidden(short):
    plan = plan_of(512)
    _, results, reached = until_precise(
        plan, [Target(figure=FIGURE, error=1e-9)], lambda _: short
    )
    assert not reached[0].is_met
    assert results.manifest["precision"][0]["half_width"] > 1e-9


def test_a_width_is_half_of_the_limits_and_words_are_infinite(short):
    row = short.statistic("validation_loss", "convergence_date", "q0.5")
    (found,) = precision_of(short, [Target(figure="convergence_date/q0.5", error=1.0)])
    assert found.half_width == pytest.approx((row["mc_upper"] - row["mc_lower"]) / 2)
    assert found.figure == f"baseline/{FIGURE}"
    (found,) = precision_of(
        short, [Target(figure="half/convergence_date/q0.5", error=1.0)]
    )
    assert found.figure == f"half/{FIGURE}"


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("convergence_date/q0.5", "must be FIGURE=ERROR"),
        ("convergence_date/q0.5=0", "the error above 0"),
        ("convergence_date/q0.5=x", "is not a number"),
        ("=0.1", "must be FIGURE=ERROR"),
    ],
)
def test_a_text_that_is_no_target_is_refused(text, match):
    with pytest.raises(Refusal, match=match):
        read_targets([text])


@pytest.mark.parametrize(
    ("figure", "match"),
    [
        ("convergence_dat/q0.5", "did you mean convergence_date"),
        ("q0.5", "names .* figures"),
    ],
)
def test_a_figure_that_is_none_or_several_is_refused(short, figure, match):
    with pytest.raises(Refusal, match=match):
        precision_of(short, [Target(figure=figure, error=0.1)])


def test_a_run_tells_until_when_it_draws_and_how_precise_it_came_to_be(
    capsys, tmp_path
):
    target = "convergence_date/q0.5=10"
    args = ["run", "loss-gap", "--card", "paper-2026", "--draws", "256", "--no-plots"]
    with pytest.raises(SystemExit) as end:
        main([*args, "--precision", target, "--out", str(tmp_path / "run")])
    told = capsys.readouterr().out
    assert end.value.code == 0
    assert "convergence_date/q0.5 is good to 10; draws at most" in told
    assert "Precision after 256 draws, 95 %" in told
    assert f"baseline/{FIGURE}: ±" in told

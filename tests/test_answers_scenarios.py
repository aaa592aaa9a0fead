"""Figures that answer what scenarios change, and the numbers that must come out."""

import dataclasses
import datetime
import itertools
import sys

import numpy as np
import pytest
from test_figures import TODAY, flat, small, texts

import priors
from experiments.compute_slowdown import EXPERIMENT as COMPUTE_SLOWDOWN
from experiments.export_controls import EXPERIMENT as EXPORT_CONTROLS
from experiments.loss_gap import EXPERIMENT as LOSS_GAP
from experiments.metr_gaps import EXPERIMENT as METR_GAPS
from experiments.power_law import EXPERIMENT as POWER_LAW
from experiments.proprietary_progress import EXPERIMENT as PROPRIETARY
from mc.engine.plan import make_plan
from mc.engine.run import execute
from mc.engine.scenario import Scenario
from mc.figures.bought import bought, bought_data, lags
from mc.figures.clocks import clocks, clocks_data
from mc.figures.ladder import ladder, ladder_data
from mc.figures.sides import sides, sides_data
from mc.outcomes.status import Status
from priors.faults import Refusal

SLOW, KEEPS = "slow", "keeps"
TIME = 5.0
METRICS = ("validation_loss", "task_success_1h", "time_horizon")
FAMILIES = (sides, bought, clocks, ladder)


SLOW_FIXTURES = ("slowed",)


@pytest.fixture(scope="module")
def slowed():
    """A slower clock, and a frontier that keeps half of the progress in hardware."""
    return small(
        LOSS_GAP,
        metrics=METRICS,
        path="exponential",
        scenarios=(
            Scenario(
                name=SLOW, path="+power_law", changes=(f"slowing_time={TIME} years",)
            ),
            Scenario(
                name=KEEPS,
                path="+proprietary_progress",
                changes=("proprietary_hardware_share=0.5", "proprietary_share=0"),
            ),
        ),
        levels=("task_success_1h=0.8", "time_horizon=160"),
        at=(datetime.date(2030, 1, 1), datetime.date(2040, 1, 1)),
    )


def by_draw(results, name, metric, scenario):
    """One array of the stored draws."""
    found = results.tree["prior_predictive"].to_dataset()[name]
    return found.sel(metric=metric, scenario=scenario).to_numpy().ravel()


@pytest.mark.parametrize("metric", METRICS[:2])
def test_a_power_of_time_moves_dates_of_every_draw_and_no_height(slowed, metric):
    before, after = (
        by_draw(slowed, "peak_years", metric, name) for name in ("baseline", SLOW)
    )
    np.testing.assert_allclose(
        after, TIME * np.expm1(before / TIME), rtol=1e-4, atol=2e-4
    )
    low, high = (
        by_draw(slowed, "peak_gap", metric, name) for name in ("baseline", SLOW)
    )
    np.testing.assert_allclose(high, low, rtol=2e-5)


@pytest.mark.parametrize("metric", METRICS)
def test_a_power_of_time_leaves_the_class_of_every_metric(slowed, metric):
    for word in ("p_meek", "p_constant_gap", "p_diverging"):
        before, after = (
            slowed.statistic(metric, "limit_gap", word, name)["number"]
            for name in ("baseline", SLOW)
        )
        assert before == after


@pytest.mark.parametrize("metric", METRICS[:2])
def test_an_actor_that_gets_less_hardware_is_later_in_every_draw(slowed, metric):
    years, status = (
        [by_draw(slowed, f"convergence_{what}", metric, n) for n in ("baseline", KEEPS)]
        for what in ("years", "status")
    )
    dated = (status[0] == Status.OBSERVED) & (status[1] == Status.OBSERVED)
    assert dated.mean() > 0.9
    assert np.all(years[1][dated] > years[0][dated])


@pytest.mark.slow
def test_slower_compute_delays_167_hours_by_six_and_a_half_years():
    """26.6 minutes in 2025.6, doubling in 7 months; 1.7 for 4.5 times from 2027."""
    overrides = (
        "training_compute_growth=4.5 x/yr",
        "horizon_doubling_time=7 months",
        "horizon_at_anchor=26.6 minutes",
        "anchor_date=2025-08-08",
    )
    slows = Scenario(
        name="slows",
        path="compute_slowdown:feedback=implied",
        changes=(
            "compute_slowdown_date=2027-01-01",
            "late_training_compute_growth=1.7 x/yr",
        ),
    )
    asked = dataclasses.replace(
        METR_GAPS,
        metrics=("time_horizon",),
        path="exponential",
        scenarios=(slows,),
        levels=("time_horizon=167",),
    )
    card = priors.load("literature-2026", overrides)
    results = execute(make_plan(asked, card, draws=256, today=TODAY))
    for level in ("q0.05", "q0.5", "q0.95"):
        row = results.statistic(
            "time_horizon", "frontier_crossing_167_delay", level, "slows"
        ).to_dict()
        assert row["number"] == pytest.approx(6.6, abs=0.06)


def test_sides_are_the_medians_of_the_tables(slowed):
    for metric in METRICS:
        row = sides_data(slowed, metric)
        for who in ("frontier", "meek"):
            for name, band in zip(row.compared.names, getattr(row, who), strict=True):
                table = slowed.band(metric, who, name)["q0.5"].to_numpy()
                np.testing.assert_allclose(
                    band.median, row.compared.labels.factor * table
                )
        assert [later.scenario for later in row.later] == [SLOW, KEEPS]


def test_years_bought_are_the_differences_of_the_tables(slowed):
    goals = {goal.words: goal for goal in bought_data(slowed)}
    assert list(goals) == [
        "Validation loss:\ngap closed for good",
        "Task success, 1 h tasks:\ngap closed for good",
        "Task success, 1 h tasks:\ncomes to 80 %",
        "Time horizon:\ncomes to 160 hours",
    ]
    for delay in goals["Time horizon:\ncomes to 160 hours"].delays:
        quantity = "meek_crossing_160_delay"
        row = slowed.statistic("time_horizon", quantity, "q0.5", delay.scenario)
        assert delay.years[2] == row["number"] > 0
    table = slowed.band("compute", "lag_months", KEEPS)["q0.5"].to_numpy()
    np.testing.assert_allclose(lags(slowed, KEEPS).median, table / 12)


def test_clocks_show_one_curve_against_the_lead_at_one_height(slowed):
    base, slow, keeps = clocks_data(slowed, "task_success_1h")
    within = slow.lead <= base.lead[-1]
    on_curve = np.interp(slow.lead[within], base.lead, base.gap)
    off = np.abs(slow.gap[within] - on_curve).max()
    assert off < 0.02 * base.gap.max()
    assert slow.gap.max() == pytest.approx(base.gap.max(), rel=2e-3)
    assert slow.peak > base.peak
    assert "same height" in slow.shifts
    assert "same height" not in keeps.shifts
    assert base.shifts == ()


@pytest.mark.parametrize("metric", METRICS)
def test_rungs_are_the_tables_dates_and_gaps(slowed, metric):
    for rung in ladder_data(slowed, metric):
        assert list(rung.widths) == ["2030-01-01", "2035-01-01", "2040-01-01"]
        for day, found in rung.widths.items():
            for value, level in zip(found, ("q0.05", "q0.5", "q0.95"), strict=True):
                row = slowed.statistic(metric, f"gap@{day}", level, rung.world)
                assert value == row["number"]
        never = slowed.statistic(metric, "convergence_date", "p_never", rung.world)
        assert rung.closed.never == never["number"]


@pytest.mark.parametrize("draw", FAMILIES)
def test_the_page_holds_every_word_and_none_collide(slowed, draw):
    figure = draw(slowed)
    page = figure.bbox.padded(1)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    for text, box in boxes:
        assert page.x0 <= box.x0, text
        assert page.x1 >= box.x1, text
        assert page.y0 <= box.y0, text
        assert page.y1 >= box.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.padded(-1.5).overlaps(b.padded(-1.5)), (one, other)
    assert LOSS_GAP.question in flat(figure)


def test_what_no_world_comes_to_is_said(slowed):
    assert "No date, nor a level" not in flat(bought(slowed))
    without = copy_without_levels(slowed)
    assert "No date, nor a level, in any world: time horizon." in flat(bought(without))
    assert "no peak, no end" in flat(clocks(slowed))


def copy_without_levels(results):
    told = results.manifest["configuration"] | {"crossings": []}
    manifest = results.manifest | {"configuration": told}
    return dataclasses.replace(results, manifest=manifest)


@pytest.mark.parametrize("draw", [sides, bought, clocks])
def test_more_worlds_than_lines_are_refused(slowed, draw, monkeypatch):
    monkeypatch.setattr(sys.modules[draw.__module__], "MOST_LINES", 2)
    with pytest.raises(LookupError, match="3 worlds are more than 2"):
        draw(slowed)


def test_a_factor_on_what_an_actor_states_is_refused():
    half = Scenario(name="half", changes=("meek_budget*=0.5",))
    asked = dataclasses.replace(METR_GAPS, actors=("1k-usd",), scenarios=(half,))
    with pytest.raises(Refusal, match=r"meek_budget.*1k-usd states"):
        make_plan(asked, priors.load("literature-2026"))


@pytest.mark.parametrize("path", [None, "exponential", "investment_cap"])
@pytest.mark.parametrize(
    "experiment", [COMPUTE_SLOWDOWN, EXPORT_CONTROLS, POWER_LAW, PROPRIETARY]
)
def test_a_question_may_be_asked_on_another_path(experiment, path):
    asked = dataclasses.replace(experiment, path=path or experiment.path)
    plan = make_plan(asked, priors.load(experiment.card))
    assert len(plan.scenarios) == len(experiment.scenarios) + 1

"""Figures that answer a question: what they show is what the tables say."""

import dataclasses
import datetime
import itertools
import math
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from test_figures import TODAY, flat, small, texts

from experiments.metr_gaps import EXPERIMENT as METR_GAPS
from experiments.misalignment import EXPERIMENT as MISALIGNMENT
from mc import figures
from mc.figures import saving
from mc.figures.choice import choice, choice_data
from mc.figures.dates import dates_data
from mc.figures.harm import harm, harm_data
from mc.figures.labels import metric_labels
from mc.figures.lanes import Lane
from mc.figures.page import day_number
from mc.figures.pairs import pairs, pairs_data
from mc.figures.rows import row_data
from mc.figures.scales import ratio_axis, signed_log_axis
from mc.figures.verdicts import Verdict, verdict

SUCCESS = ("task_success_4min", "task_success_1h", "task_success_4h")


SLOW_FIXTURES = ("metr", "harms", "any_run")


@pytest.fixture(scope="session")
def metr():
    """Three metrics whose gap closes, one whose gap never does."""
    return small(METR_GAPS)


@pytest.fixture(scope="session")
def harms():
    """One gap that closes, two that depend on the draw, one of these signed."""
    return small(MISALIGNMENT)


@pytest.fixture(params=["metr", "harms"])
def any_run(request):
    return request.getfixturevalue(request.param)


def answers(results):
    drawings = (choice, pairs, harm)
    return [draw(results) for draw in drawings]


def test_the_page_stands_in_groups_and_leaves_no_metric_out(any_run):
    rows = choice_data(any_run)
    assert len(rows) == len(any_run.manifest["metrics"])
    order = ("closes", "depends", "never")
    places = [order.index(row.verdict.group) for row in rows]
    assert places == sorted(places)


def test_a_gap_that_closes_stands_above_one_that_never_does(metr):
    groups = [row.verdict.group for row in choice_data(metr)]
    assert groups == ["closes", "closes", "closes", "never"]
    assert "4 metrics: 3 close, 1 never do" in flat(choice(metr))


def test_a_trend_is_the_median_gap_over_its_largest(metr):
    table = metr.band("task_success_1h", "gap")["q0.5"].to_numpy()
    row = row_data(metr, "task_success_1h")
    np.testing.assert_allclose(row.trend * table.max(), table, rtol=1e-12)
    assert row.bar == pytest.approx(0.05 / table.max())
    assert row.unit == "percentage points; closed at 5"


def test_the_trend_of_a_ratio_is_its_logarithm(metr):
    table = metr.band("time_horizon", "gap")["q0.5"].to_numpy()
    row = row_data(metr, "time_horizon")
    np.testing.assert_allclose(row.trend, np.log(table) / np.log(table.max()))
    assert row.bar == pytest.approx(math.log(1.25) / math.log(table.max()))
    assert (row.trend[0], row.unit) == (0.0, "frontier / meek; closed at ×1.25")


@pytest.mark.parametrize("metric", SUCCESS)
@pytest.mark.parametrize("event", ["peak", "closed"])
def test_spans_are_the_tables_dates(metr, metric, event):
    span = getattr(row_data(metr, metric), event)
    quantity = {"peak": "peak_date", "closed": "convergence_date"}[event]
    for level, day, word in zip((0.05, 0.5, 0.95), span.days, span.words, strict=True):
        text = metr.statistic(metric, quantity, f"q{level:g}")["text"]
        assert day == day_number(datetime.date.fromisoformat(text))
        assert word == text[:4]
    assert span.never == 0.0


def test_what_never_happens_has_no_date(metr):
    row = row_data(metr, "time_horizon")
    for span in (row.peak, row.closed):
        assert span.days == (math.inf,) * 3
        assert (span.words, span.never) == (("never",) * 3, 1.0)


def test_every_date_and_status_has_its_place_on_a_lane():
    lane = Lane(1000.0, 2000.0)
    assert lane.place(1500.0, "2030") == 1500.0
    assert lane.place(-math.inf, "already") < 1000.0
    later, never = lane.place(2500.0, "2063"), lane.place(math.inf, "never")
    assert 2000.0 < later < 2000.0 + lane.slot < never
    assert lane.place(math.inf, "beyond") == later


def test_shares_of_classes_add_to_one_and_are_the_tables(any_run):
    for name in any_run.manifest["metrics"]:
        known = verdict(any_run, name)
        assert sum(known.shares.values()) == pytest.approx(1, abs=1e-12)
        for word, share in known.shares.items():
            row = any_run.statistic(name, "limit_gap", f"p_{word}")
            assert share == row["number"]


@pytest.mark.parametrize(
    ("meek", "constant", "diverging", "group", "words"),
    [
        (1.0, 0.0, 0.0, "closes", "meek"),
        (0.5, 0.0, 0.5, "depends", "meek 50 %, diverging 50 %"),
        (0.0, 1.0, 0.0, "never", "constant gap"),
        (0.01, 0.0, 0.99, "never", "diverging 99 %, meek 1 %"),
    ],
)
def test_a_verdict_is_worded_by_what_draws_do(meek, constant, diverging, group, words):
    shares = {"meek": meek, "constant_gap": constant, "diverging": diverging}
    shares |= {"reversed": 0.0, "undetermined": 0.0}
    texts_of = {name: f"{share:.0%}" for name, share in shares.items()}
    known = Verdict(shares=shares, texts=texts_of, limit=("0", "3", "4"), unit=" Elo")
    assert (known.group, known.words) == (group, words)
    assert known.limit_words == "3 [0 – 4] Elo"


def test_twins_stand_in_the_runs_order_with_their_dates(metr):
    twins = pairs_data(metr)
    assert [t.fan.labels.label for t in twins] == list(metr.manifest["metrics"])
    assert twins[0].words == "The gap grows without end"
    peak, closed = dates_data(metr, "task_success_1h")
    assert twins[2].words == f"Peak {peak.quantiles[1]}; closed {closed.words}"
    shown = flat(pairs(metr))
    assert METR_GAPS.question in shown
    assert shown.count("the gap closes") == 3
    assert shown.count("the gap never closes") == 1


def test_propensity_and_stakes_stand_apart(harms):
    propensity, in_time, by_compute = harm_data(harms)
    table = harms.band("propensity", "meek")["q0.5"].to_numpy()
    np.testing.assert_allclose(propensity.meek.median, 100 * table, rtol=1e-5)
    assert in_time.frontier is in_time.meek
    assert by_compute.frontier.median[-1] > by_compute.meek.median[-1]
    for factor in (in_time, by_compute):
        np.testing.assert_allclose(factor.meek.quantiles[0], 1.0, rtol=1e-6)


def test_the_probability_of_divergence_is_written(harms):
    shown = flat(harm(harms))
    for name in ("harm_in_time", "harm_by_compute"):
        text = harms.statistic(name, "limit_gap", "p_diverging")["text"]
        assert f"P(gap diverges) = {text.replace('%', ' %')}" in shown
    assert "P(gap closes) = 100 %" in shown


def test_the_sign_of_a_gap_is_that_of_its_table(harms):
    assert metric_labels(harms, "propensity").difference == "meek − frontier"
    assert metric_labels(harms, "harm_in_time").difference == "meek − frontier"
    assert metric_labels(harms, "harm_by_compute").difference == "frontier − meek"


def test_a_signed_gap_is_drawn_to_both_sides_of_zero(harms):
    axes = figures.fan(harms, "harm_by_compute").axes[0]
    low, high = axes.get_ylim()
    table = harms.band("harm_by_compute", "gap")
    assert low <= table["q0.05"].min() < 0 < table["q0.95"].max() <= high
    assert "above 0: frontier does more; below: meek" in flat(harm(harms))


@pytest.mark.parametrize(
    ("low", "high", "ticks"),
    [
        (1.0, 1.2, ["×1", "×1.1", "×1.2"]),
        (1.0, 2.2, ["×1", "×1.5", "×2"]),
        (1.0, 30.0, ["×1", "×3", "×10", "×30"]),
        (1.0, 1e9, ["×1", "×100", "×10⁴", "×10⁶", "×10⁸"]),
        (0.4, 2.0, ["×0.5", "×1", "×2"]),
    ],
)
def test_ratios_start_at_one_unless_some_lie_below(low, high, ticks):
    axes = Figure().subplots()
    ratio_axis(axes, low, high)
    bottom, top = axes.get_ylim()
    assert bottom == 1.0 if low == 1.0 else bottom < low
    assert top > high
    written = [
        axes.yaxis.get_major_formatter()(tick, None)
        for tick in axes.yaxis.get_majorticklocs()
        if bottom <= tick <= top
    ]
    assert [tick for tick in written if tick in ticks] == ticks


def test_an_axis_in_decades_holds_zero_and_both_signs():
    axes = Figure().subplots()
    signed_log_axis(axes, -0.2, 4e7, 0.05)
    assert axes.get_ylim() == (-1.0, 1e8)
    places = axes.yaxis.get_majorticklocs()
    written = [axes.yaxis.get_major_formatter()(place, None) for place in places]
    assert "0" in written
    assert any(word.startswith("−") for word in written)
    assert len(written) <= 9


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_values_that_are_no_numbers_break_no_figure(harms, value):
    bands = harms.bands.copy()
    levels = [name for name in bands.columns if name.startswith("q")]
    late = (pd.to_datetime(bands["date"]) > "2038-01-01").to_numpy()
    bands.loc[late, levels[2:]] = value
    broken = dataclasses.replace(harms, bands=bands)
    for figure in (*answers(broken), figures.gaps(broken)):
        figure.draw_without_rendering()
        for axes in figure.axes:
            assert np.isfinite(axes.get_ylim()).all()


def test_no_word_is_cut_and_none_collide(any_run):
    for figure in answers(any_run):
        page = figure.bbox.padded(1)
        boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
        for text, box in boxes:
            assert page.x0 <= box.x0, text
            assert page.y0 <= box.y0, text
            assert page.x1 >= box.x1, text
            assert page.y1 >= box.y1, text
        for (one, a), (other, b) in itertools.combinations(boxes, 2):
            assert not a.padded(-1.5).overlaps(b.padded(-1.5)), (one, other)


def test_the_answer_is_drawn_first_under_the_same_run_id(harms, tmp_path):
    files = figures.draw_all(harms, tmp_path / "one")
    assert [file.name for file in files[:4]] == [
        "answer.png",
        "answer.svg",
        "gaps.png",
        "gaps.svg",
    ]
    again = figures.draw_all(harms, tmp_path / "two")
    assert [f.read_bytes() for f in files] == [f.read_bytes() for f in again]


def test_many_metrics_have_no_fans_and_no_empty_panels(metr, tmp_path, monkeypatch):
    for module in ("saving", "dates", "peaks"):
        monkeypatch.setattr(sys.modules[f"mc.figures.{module}"], "MANY", 3)
    files = figures.draw_all(metr, tmp_path)
    assert {file.stem for file in files} == {"gaps", "dates", "peaks", "priors", "lag"}
    assert "No draw has a peak: time horizon" in flat(figures.peaks(metr))
    words = "never, if budgets grow for ever, more slowly: time horizon"
    assert words in flat(figures.dates(metr))


def test_the_families_that_answer_are_found_by_their_files():
    files = {file.stem for file in Path(figures.__file__).parent.glob("*.py")}
    assert {"actors", "choice", "delays", "harm", "pairs"} <= set(saving.families())
    assert set(saving.families()) < files
    for family in saving.families():
        assert callable(saving.answer(family))
    with pytest.raises(LookupError, match=r"no figure family 'fan'.*choice"):
        saving.answer("fan")


def test_today_is_marked(metr):
    assert f"today, {TODAY}" in flat(choice(metr))

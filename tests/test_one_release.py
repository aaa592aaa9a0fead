"""One strong model: what a jump moves, and what one more point does to a trend."""

import itertools
import math

import numpy as np
import pytest
from test_figures import flat, small, texts

import priors
from experiments.one_release import EXPERIMENT
from mc.figures.moves import moves, moves_data
from priors.evidence.arrays import arrays
from priors.evidence.data_sets import data_set
from priors.evidence.rows import Row
from priors.units import DAYS_PER_YEAR

LOSS, INDEX = "validation_loss", "capability_index"
FRONTIER, BOTH = "frontier_jumps", "both_jump"
LAST = {"before-opus-4.5": "2025-11-23", "with-opus-4.5": "2025-11-24"}
WINDOWS = {"all": "2019", "from_2023": "2023", "from_2024": "2024"}


SLOW_FIXTURES = ("jumped",)


@pytest.fixture(scope="module")
def jumped():
    """A jump under the default card: one metric that closes, one that never does."""
    return small(EXPERIMENT, metrics=(LOSS, INDEX))


def by_draw(results, name, scenario):
    found = results.tree["prior_predictive"].to_dataset()[name]
    return found.sel(metric=LOSS, scenario=scenario).to_numpy().ravel()


def test_the_gap_closes_later_in_every_draw_where_only_the_frontier_jumps(jumped):
    base = by_draw(jumped, "convergence_years", "baseline")
    alone = by_draw(jumped, "convergence_years", FRONTIER)
    both = by_draw(jumped, "convergence_years", BOTH)
    assert np.all(alone >= base - 1e-3)
    assert np.mean(alone > base + 0.01) > 0.8
    assert np.all(both <= base + 1e-3)


def test_a_jump_of_both_leaves_the_lead_as_it_was(jumped):
    lead = jumped.band("compute", "lead_oom")["q0.5"].to_numpy()
    both = jumped.band("compute", "lead_oom", BOTH)["q0.5"].to_numpy()
    alone = jumped.band("compute", "lead_oom", FRONTIER)["q0.5"].to_numpy()
    dates = jumped.band("compute", "lead_oom").index
    np.testing.assert_allclose(both, lead, atol=1e-4)
    early = dates < "2027-07-01"
    np.testing.assert_allclose(alone[early], lead[early], atol=1e-4)
    assert np.all(alone[~early] > lead[~early] + 0.3)


def test_no_limit_of_a_bounded_metric_moves(jumped):
    fates = {row.world: row.fate for row in moves_data(jumped, LOSS)}
    assert set(fates.values()) == {"gap → 0"}
    assert {row.fate for row in moves_data(jumped, INDEX)} == {"grows without end"}
    for scenario in (FRONTIER, BOTH):
        row = jumped.statistic(LOSS, "limit_gap", "p_meek", scenario)
        assert row["number"] == 1.0


def test_the_words_of_a_row_are_the_tables(jumped):
    row = {row.world: row for row in moves_data(jumped, LOSS)}[FRONTIER]
    low, middle, high = (
        jumped.statistic(LOSS, "peak_gap", level, FRONTIER)["number"]
        for level in ("q0.05", "q0.5", "q0.95")
    )
    assert row.height == f"{middle:.2g} [{low:.2g} – {high:.2g}]"
    text = jumped.statistic(LOSS, "convergence_date", "q0.5", FRONTIER)["text"]
    assert row.closed.words[1] == text[:4]
    assert moves_data(jumped, INDEX)[0].height == ""
    assert EXPERIMENT.question in flat(moves(jumped))


HORIZONS = data_set("metr-th1.1").of("time_horizon_50")
TREND = [row for row in HORIZONS if row.more["record"] == "yes" and not row.censored]


def doubling_days(rows: list[Row]) -> float:
    """Least squares of log2 horizon on date."""
    read = arrays(rows)
    days = read.days.astype(np.int64)
    return 1 / np.polyfit(days, read.values / math.log(2), 1)[0]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("card", LAST)
def test_the_cards_differ_by_one_model_of_the_trend(card, window):
    rows = [row for row in TREND if WINDOWS[window] <= str(row.date) <= LAST[card]]
    (last,) = (row.label for row in HORIZONS if "Opus 4.5" in row.label)
    assert (rows[-1].label == last) == (card == "with-opus-4.5")
    table = priors.load(card).tables["parameters"]["horizon_doubling_time"]
    assert table[window]["median"] == pytest.approx(doubling_days(rows), abs=0.05)
    usual = priors.load("windows-2026").tables["parameters"]["horizon_doubling_time"]
    assert table[window]["sigma"] == usual[window]["sigma"]


def test_the_trend_of_all_models_is_that_of_the_default_card():
    assert doubling_days(TREND) == pytest.approx(187.778, abs=5e-4)
    usual = priors.load("windows-2026").tables["parameters"]["horizon_doubling_time"][
        "all"
    ]["median"]
    assert usual == pytest.approx(187.778, abs=0.5)


def test_a_line_through_two_models_doubles_in_120_days():
    pair = ("Claude 3.7 Sonnet", "Claude Opus 4.5")
    days = doubling_days([row for row in HORIZONS if row.label in pair])
    assert days == pytest.approx(120, abs=0.5)
    assert 0.3 < days / DAYS_PER_YEAR < 0.35


def test_no_word_is_cut_and_none_collide(jumped):
    figure = moves(jumped)
    page = figure.bbox.padded(1)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    for text, box in boxes:
        assert page.x0 <= box.x0, text
        assert page.y0 <= box.y0, text
        assert page.x1 >= box.x1, text
        assert page.y1 >= box.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.padded(-1.5).overlaps(b.padded(-1.5)), (one, other)

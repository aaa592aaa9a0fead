"""One strong model: what a jump moves, and what one more point does to a trend."""

import datetime
import itertools
import math

import numpy as np
import pytest
from test_figures import flat, small, texts

import priors
from experiments.one_release import EXPERIMENT
from mc.figures.moves import moves, moves_data
from priors.evidence import evidence
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


def doubling_days(rows) -> float:
    """Least squares of log2 horizon on date."""
    days = [datetime.date.fromisoformat(r["release_date"]).toordinal() for r in rows]
    doublings = [math.log2(float(r["p50_min"])) for r in rows]
    return 1 / np.polyfit(days, doublings, 1)[0]


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("card", LAST)
def test_the_cards_differ_by_one_model_of_the_trend(card, window):
    rows = [
        row
        for row in evidence("metr_horizons")
        if row["in_metr_trend_fit"] == "True"
        and WINDOWS[window] <= row["release_date"] <= LAST[card]
    ]
    (last,) = (
        r["model"] for r in evidence("metr_horizons") if "Opus 4.5" in r["model"]
    )
    assert (rows[-1]["model"] == last) == (card == "with-opus-4.5")
    table = priors.load(card).tables["parameters"]["horizon_doubling_time"]
    assert table[window]["median"] == pytest.approx(doubling_days(rows), abs=0.05)
    usual = priors.load().tables["parameters"]["horizon_doubling_time"]
    assert table[window]["sigma"] == usual[window]["sigma"]


def test_the_trend_of_all_models_is_that_of_the_default_card():
    rows = [r for r in evidence("metr_horizons") if r["in_metr_trend_fit"] == "True"]
    assert doubling_days(rows) == pytest.approx(187.778, abs=5e-4)
    usual = priors.load().tables["parameters"]["horizon_doubling_time"]["all"]["median"]
    assert usual == pytest.approx(187.778, abs=0.5)


def test_a_line_through_two_models_doubles_in_120_days():
    pair = ("Claude 3.7 Sonnet", "Claude Opus 4.5")
    rows = [row for row in evidence("metr_horizons") if row["model"] in pair]
    days = doubling_days(rows)
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

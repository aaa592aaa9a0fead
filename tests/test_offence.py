"""Attacker and defender: whose curve is drawn where, and what the words say."""

import itertools

import numpy as np
import pytest
from test_figures import flat, small, texts

from experiments.offence_defence import EXPERIMENT
from mc.figures.offence import HEADINGS, fate, offence, offence_data

METRICS = ("fixed_target", "guarded_target", "longest_operation")


SLOW_FIXTURES = ("found",)


@pytest.fixture(scope="module")
def found():
    return small(EXPERIMENT)


def test_the_edge_fades_on_a_fixed_target_and_nowhere_else(found):
    groups = [twin.verdict.group for twin in offence_data(found)]
    assert groups == ["closes", "never", "never"]
    shown = flat(offence(found))
    assert shown.count("the gap closes") == 1
    assert shown.count("the gap never closes") == 2
    assert all(heading in shown for heading in HEADINGS)


@pytest.mark.parametrize("attacker", ["meek", "frontier"])
def test_words_are_the_medians_at_both_ends(found, attacker):
    fan = offence_data(found)[0].fan
    table = found.band("fixed_target", attacker)["q0.5"]
    first, last = (100 * table.iloc[end] for end in (0, -1))
    assert fate(fan, attacker) == f"median 2023: {first:.0f} %; 2040: {last:.0f} %"


def test_in_a_match_one_sides_success_is_the_others_failure(found):
    _, guarded, _ = offence_data(found)
    total = guarded.fan.frontier.curves + guarded.fan.meek.curves
    np.testing.assert_allclose(total, 100.0, rtol=1e-5)
    assert guarded.fan.meek.median[-1] < 1.0


def test_the_meek_side_takes_the_fixed_target_later(found):
    rows = found.summary(metric="fixed_target").set_index("quantity")
    for level in ("0.5", "0.95"):
        delay = rows.loc[f"crossing_delay_{level}"].set_index("statistic")
        assert delay.at["q0.05", "number"] > 0.0
        assert delay.at["p_never", "number"] == 0.0


def test_no_word_is_cut_and_none_collide(found):
    figure = offence(found)
    page = figure.bbox.padded(1)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    for text, box in boxes:
        assert page.x0 <= box.x0, text
        assert page.y0 <= box.y0, text
        assert page.x1 >= box.x1, text
        assert page.y1 >= box.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.padded(-1.5).overlaps(b.padded(-1.5)), (one, other)

"""The initial lead: whether a peak is past, by number, by draw and in the figure."""

import dataclasses
import itertools

import numpy as np
import pytest
from scipy.special import ndtr
from test_figures import TODAY, flat, small, texts

import priors
from experiments.initial_lead import EXPERIMENT
from mc.engine.run import run
from mc.engine.scenario import Scenario
from mc.figures.observed import pairs_observed
from mc.figures.past import past, past_data
from priors.evidence.data_sets import data_set

RATIOS = (1.0, 30.0, 50.0, 1e4)
LOSS, INDEX = "validation_loss", "capability_index"
SCENARIOS = tuple(
    Scenario(name=f"x{ratio:g}", changes=(f"initial_compute_ratio={ratio:g}",))
    for ratio in RATIOS[1:]
)
STUDENT = 2.1314
"""97.5 % point of Student's t with 15 degrees of freedom."""


SLOW_FIXTURES = ("leads", "history")


@pytest.fixture(scope="module")
def leads():
    """Four leads under the default card: one metric that peaks, one that never does."""
    return small(EXPERIMENT, metrics=(LOSS, INDEX), scenarios=SCENARIOS)


@pytest.fixture(scope="module")
def history():
    """A lead of 50 under trends that go on for ever."""
    asked = dataclasses.replace(EXPERIMENT, metrics=(LOSS,), scenarios=SCENARIOS[1:2])
    return run(asked, priors.load("history-2026"), draws=2**14, today=TODAY)


def share_past(exponent: float) -> float:
    """P(γ·ln 50 ≥ ln ρ) of the priors of trends, over a fine grid of normal scores."""
    scores = np.linspace(-5.5, 5.5, 61)
    weights = np.exp(-(scores**2) / 2)
    weights /= weights.sum()
    hardware = np.log(1.40) + 0.07 * scores[:, None, None]
    algorithms = 0.986 * np.exp(0.293 * scores[None, :, None])
    compute = np.log(4.6) + 0.15 * scores
    bound = np.log((algorithms + compute) / (hardware + algorithms)) / np.log(50.0)
    chance = ndtr((exponent - bound) / 0.0054)
    return float(np.einsum("i,j,k,ijk", weights, weights, weights, chance))


def at_start(results, scenario="x50"):
    return results.statistic(LOSS, "peak_date", "p_already", scenario)


def test_at_a_lead_of_50_the_peak_of_loss_is_past_with_the_printed_probability(history):
    row = at_start(history)
    assert 0.6 < row["mc_lower"] < row["mc_upper"] < 0.9
    error = STUDENT * row["mc_error"]
    assert row["number"] == pytest.approx(0.68, abs=0.005 + error)
    assert row["number"] == pytest.approx(share_past(0.1787), abs=error + 1e-3)


def test_the_default_card_has_less_because_three_draws_in_ten_have_another_exponent(
    leads,
):
    """0.68 of Besiroglu's draws and 0.41 of Hoffmann's, at 0.7 and 0.3."""
    mixed = 0.7 * share_past(0.1787) + 0.3 * share_past(0.1548)
    row = at_start(leads)
    assert mixed == pytest.approx(0.5976, abs=5e-4)
    assert row["number"] == pytest.approx(mixed, abs=STUDENT * row["mc_error"] + 1e-3)


@pytest.mark.parametrize("ratio", RATIOS[1:])
def test_a_draw_is_past_its_peak_where_the_lead_passes_its_bound(leads, ratio):
    """γ·ln κ ≥ ln ρ, draw by draw, with the growth of the reference date."""
    draws = leads.tree["prior"].to_dataset()
    hardware, compute = (
        np.log(draws[name].to_numpy().astype(float))
        for name in ("hardware_growth", "training_compute_growth")
    )
    algorithms = draws["algorithmic_growth"].to_numpy().astype(float)
    bound = np.log((algorithms + compute) / (algorithms + hardware))
    margin = draws["loss_exponent"].to_numpy() * np.log(ratio) - bound
    found = at_start(leads, f"x{ratio:g}")["number"] * margin.size
    assert np.sum(margin > 1e-5) <= found <= np.sum(margin > -1e-5)


def test_what_is_drawn_is_the_table(leads):
    loss, index = past_data(leads)
    assert loss.ratios == pytest.approx(RATIOS, rel=1e-5)
    today = [
        leads.statistic(LOSS, "peak_date", f"p_by_{TODAY}", name)["number"]
        for name in ("baseline", "x30", "x50", "x10000")
    ]
    assert [share.value for share in loss.by_today] == [100 * p for p in today]
    for share in (*loss.at_start, *loss.by_today):
        assert share.lower <= share.value <= share.upper
    assert loss.words == "the further behind, the surer it is past"
    assert index.never == (100.0,) * 4
    assert index.words == ""
    assert "no peak in any draw" in flat(past(leads))


def test_a_run_without_scenarios_has_one_ratio(leads):
    manifest = leads.manifest | {"scenarios": leads.manifest["scenarios"][:1]}
    alone = dataclasses.replace(leads, manifest=manifest)
    assert past_data(alone)[0].ratios == (1.0,)
    past(alone).draw_without_rendering()


def test_observed_pairs_are_those_of_the_evidence():
    rows = data_set("compute-ratios").rows
    pairs = pairs_observed()
    assert [pair.name for pair in pairs] == [row.label for row in rows]
    for pair, row in zip(pairs, rows, strict=True):
        assert pair.low < pair.high
        most, least = (
            [float(flop) for flop in row.more[name].split(" to ")]
            for name in ("frontier_flop", "other_flop")
        )
        # Printed to one or two digits.
        assert most[0] / least[-1] == pytest.approx(pair.low, rel=0.15)
        assert most[-1] / least[0] == pytest.approx(pair.high, rel=0.26)


def test_no_word_is_cut_and_none_collide(leads):
    figure = past(leads)
    page = figure.bbox.padded(1)
    boxes = [(t.get_text(), t.get_window_extent()) for t in texts(figure)]
    for text, box in boxes:
        assert page.x0 <= box.x0, text
        assert page.y0 <= box.y0, text
        assert page.x1 >= box.x1, text
        assert page.y1 >= box.y1, text
    for (one, a), (other, b) in itertools.combinations(boxes, 2):
        assert not a.padded(-1.5).overlaps(b.padded(-1.5)), (one, other)

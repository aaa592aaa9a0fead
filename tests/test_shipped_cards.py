"""What the shipped cards say of metrics agrees with itself and with its notes."""

import math

import numpy as np
import pytest

import priors
from priors import cards
from priors.parameters import RIVALS


def test_the_benchmark_of_the_2025_card_peaks_where_the_papers_code_does():
    central = cards.load("meek-2025").joint.central()
    floor, ceiling, slope, midpoint = (
        central[f"benchmark_{name}[mmlu]"]
        for name in ("floor", "ceiling", "slope_in_loss", "loss_midpoint")
    )
    years = np.linspace(0.0, 20.0, 200_001)
    x = (
        central["meek_budget"]
        + central["compute_per_dollar"]
        + years * (central["hardware_growth"] + central["algorithmic_growth"])
    )
    y = x + years * central["investment_growth"]

    def score(log_compute):
        fall = central["loss_exponent"] * log_compute
        loss = central["irreducible_loss"] + np.exp(central["loss_coefficient"] - fall)
        return floor + (ceiling - floor) / (1.0 + np.exp(slope * (loss - midpoint)))

    gap = 100.0 * (score(y) - score(x))
    assert gap.max() == pytest.approx(46.39, abs=0.005)
    assert years[gap.argmax()] == pytest.approx(4.078, abs=5e-4)
    assert gap[100_000] == pytest.approx(1.03, abs=0.005)


@pytest.mark.parametrize("name", ["literature-2026", "paper-2026"])
@pytest.mark.parametrize("instance", ["", "[mmlu]"])
def test_a_benchmark_is_the_same_curve_in_compute_and_in_loss(name, instance):
    """Slope and midpoint in compute give those in loss through the scaling law."""
    central = cards.load(name).joint.central()
    value = {key: central[f"benchmark_{key}{instance}"] for key in FORMS}
    if "loss_coefficient" in central:
        at_one, past = central["loss_coefficient"], value["midpoint"]
    else:
        at_one = central["reducible_loss_at_pivot"]
        past = value["midpoint"] - central["pivot_compute"]
    log_loss = at_one - central["loss_exponent"] * past
    loss = math.exp(log_loss)
    slope = value["slope_per_oom"] / (math.log(10.0) * central["loss_exponent"])
    # The cards round to three digits.
    assert value["midpoint_loss"] == pytest.approx(log_loss, abs=2e-3)
    assert value["loss_midpoint"] == pytest.approx(
        central["irreducible_loss"] + loss, abs=2e-3
    )
    assert value["slope_in_log_loss"] == pytest.approx(slope, rel=5e-3)
    assert value["slope_in_loss"] == pytest.approx(slope / loss, rel=5e-3)


FORMS = (
    "slope_per_oom",
    "midpoint",
    "slope_in_log_loss",
    "midpoint_loss",
    "slope_in_loss",
    "loss_midpoint",
)


@pytest.mark.parametrize("name", ["literature-2026", "paper-2026"])
def test_the_cards_of_2026_speak_of_every_parameter_of_a_metric(name):
    card = cards.load(name)
    names = set(card.joint.names())
    left = {parameter.name for parameter in priors.names()} - names
    rivals = {other for ways in RIVALS for way in ways for other in way}
    assert left <= rivals | {"compute_per_dollar"}


@pytest.mark.parametrize(
    ("name", "expected", "tolerance"),
    [
        ("benchmark_slope_per_oom", (0.20, 0.64, 2.0), 0.03),
        ("tokens_per_answer", (10.0, 100.0, 1000.0), 0.01),
        ("elo_per_oom", (220.0, 350.0, 550.0), 0.01),
        ("harm_growth", (0.1, 1.0, 1.9), 1e-6),
        ("inference_efficiency_growth", (2.1, 2.7, 3.5), 0.02),
        ("inference_investment_growth", (1.2, math.sqrt(4.8), 4.0), 1e-6),
        ("coverage_training_exponent", (0.066, 0.127, 0.245), 0.01),
    ],
)
def test_the_literature_card_has_the_widths_its_notes_say(name, expected, tolerance):
    card = cards.load()
    (row,) = (row for row in priors.rows(card) if row.name == name)
    found = row.readings.get("x/yr", row.quantiles)
    if row.unit == "ln/yr":
        found = row.quantiles
    assert found == pytest.approx(expected, rel=tolerance)

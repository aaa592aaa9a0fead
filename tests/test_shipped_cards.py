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
def test_the_cards_of_2026_speak_of_every_parameter_of_a_metric_or_a_path(name):
    card = cards.load(name)
    names = set(card.joint.names())
    left = {p.name for p in priors.names() if p.role != "actor"} - names
    rivals = {other for ways in RIVALS for way in ways for other in way}
    kink = {"early_horizon_doubling_time", "horizon_kink_date"}
    assert (name == "paper-2026") == (kink <= left)
    assert left - kink <= rivals | {"compute_per_dollar", "frontier_compute_date"}
    actors = {p.name for p in priors.names() if p.role == "actor"}
    assert not actors & names


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


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("investment_slowdown_date", "2027-03", "2037-01"),
        ("hardware_slowdown_date", "2028-07", "2041-01"),
        ("compute_slowdown_date", "2027-01-01", "2027-01-01"),
    ],
)
def test_slowdowns_come_when_the_notes_say(name, low, high):
    row = rows_of("paths-2026")[name]
    assert row.text[0].startswith(low)
    assert row.text[2].startswith(high)


@pytest.mark.parametrize(
    ("name", "expected", "tolerance"),
    [
        ("late_investment_growth", (1.044, 1.234, 1.505), 1e-3),
        ("late_training_compute_growth", (1.7, 1.7, 1.7), 1e-9),
        ("software_feedback", (0.95, 0.95, 0.95), 1e-9),
        ("trend_break_size", (1.57, 3.90, 10.05), 0.005),
        ("proprietary_share", (0.08, 1 / 3, 0.66), 0.06),
        ("follower_lag", (3.5, math.sqrt(52.5), 15.0), 1e-6),
        ("hardware_drift", (0.03, 0.06, 0.12), 1e-6),
        ("investment_drift", (0.08, 0.155, 0.30), 1e-3),
        ("discount_rate", (0.02, math.sqrt(0.002), 0.10), 1e-6),
    ],
)
def test_the_card_of_paths_has_the_widths_its_notes_say(name, expected, tolerance):
    assert rows_of("paths-2026")[name].quantiles == pytest.approx(
        expected, rel=tolerance
    )


def test_drifts_are_of_the_size_of_past_breaks():
    """The breaks that the notes name, over the years between the windows' centres."""
    central = cards.load().joint.central()
    horizons = [math.log(188 / 129) / 2.0**0.5, math.log(129 / 105) / 0.5**0.5]
    algorithms = [central["algorithmic_growth"] * break_ for break_ in horizons]
    compute = math.log(4.6 / 3.35) / 4.0**0.5
    hardware = math.log(1.38 / 1.26) / 2.2**0.5
    assert central["algorithmic_drift"] == pytest.approx(np.mean(algorithms), rel=0.15)
    assert central["investment_drift"] == pytest.approx(compute, rel=0.05)
    assert central["hardware_drift"] == pytest.approx(hardware, rel=0.05)


def test_spending_meets_world_product_when_the_note_says():
    central = cards.load().joint.central()
    growth = central["training_compute_growth"] - central["hardware_growth"]
    reached = [
        2023.2
        + (math.log(share) + central["world_product"] - central["meek_budget"]) / growth
        for share in (1e-3, 1e-2, 1e-1)
    ]
    assert [int(year) for year in reached] == [2029, 2031, 2033]


@pytest.mark.parametrize("name", ["literature-2026", "paper-2026", "meek-2025"])
def test_every_actor_of_a_card_stands_above_the_pivot_of_scale(name):
    pivot = cards.load("paths-2026").joint.central()["scale_pivot"]
    central = cards.load(name).joint.central()
    if "initial_compute" in central:
        price = central["initial_compute"] - central["meek_budget"]
    else:
        price = central["compute_per_dollar"]
    assert pivot < math.log(700.0) + price - 3 * 0.668


@pytest.mark.parametrize("name", ["literature-2026", "paper-2026"])
def test_algorithms_of_a_draw_are_never_past_their_scale_cap_at_the_start(name):
    beliefs = cards.load(name).joint.belief_of
    start = beliefs["scale_dependence"].marginals[0].law.support
    cap = beliefs["scale_dependence_cap"].marginals[0].law.support
    assert start[1] <= cap[0]


@pytest.mark.parametrize("name", ["literature-2026", "paper-2026"])
def test_no_draw_of_a_late_rate_shrinks(name):
    joint = cards.load(name).joint
    for late in ("investment", "hardware", "algorithmic"):
        law = joint.belief_of[f"late_{late}_growth"].marginals[0].law
        assert law.support[0] == 0.0
    for drift in ("hardware", "algorithmic", "investment"):
        law = joint.belief_of[f"{drift}_drift"].marginals[0].law
        assert law.support[0] == 0.0


def rows_of(name: str) -> dict:
    return {row.name: row for row in priors.rows(cards.load(name))}

"""The shipped evidence: every row has its source, and says what its source says."""

import math

import numpy as np
import pytest

from mc.figures.histories import index_plane, trained_models
from mc.model.entries import shelf
from priors.evidence.arrays import arrays
from priors.evidence.cells import ADDRESS
from priors.evidence.data_sets import TABLES, data_set, shipped_data_sets
from priors.evidence.observables import observables
from priors.parameters import PARAMETERS

METR = [name for name in shipped_data_sets() if name.startswith("metr-")]
QUANTITIES = {"lag_months", "compute_ratio"}
WINDOWS = {"all": "2019", "from 2023": "2023", "before 2024": "2019"}
STATES = {
    "TH1.0 (mid 2025)": "metr-th1.0-2025-07",
    "TH1.0 (autumn 2025)": "metr-th1.0-2025-10",
    "TH1.0 final (Jan 2026)": "metr-th1.0",
    "TH1.1 first release (Jan 2026)": "metr-th1.1-2026-01",
    "TH1.1 (6 Feb 2026)": "metr-th1.1-2026-02-06",
    "TH1.1 (22 Feb 2026)": "metr-th1.1-2026-02-22",
    "TH1.1 regularisation fix (Mar 2026)": "metr-th1.1-2026-03",
    "TH1.1 final (May 2026)": "metr-th1.1",
}


def test_the_catalogue_is_what_lies_in_the_folder():
    assert {path.stem for path in TABLES.glob("*.csv")} == set(shipped_data_sets())


@pytest.mark.parametrize("name", shipped_data_sets())
def test_every_row_has_a_number_a_source_and_days(name: str):
    data = data_set(name)
    assert data.title
    assert data.licence
    assert data.families
    for row in data.rows:
        assert ADDRESS.search(row.source)
        assert row.value is not None or None not in (row.low, row.high)
        assert row.date is None or row.date <= row.published
        assert row.unit == row.observable.unit
        assert row.censored == "" or row.observable.reliable_to is not None
        most = row.observable.reliable_to or math.inf
        assert (row.censored == "right") == ((row.value or 0.0) > most)


def test_what_is_observed_speaks_of_what_there_is():
    metrics = set(shelf("metrics")) | {
        alias for entry in shelf("metrics").values() for alias in entry.aliases
    }
    seen = {o.name for name in shipped_data_sets() for o in data_set(name).observables}
    for name, one in observables().items():
        assert name in seen
        assert set(one.metrics) <= metrics
        assert set(one.quantities) <= QUANTITIES
        assert set(one.parameters) <= set(PARAMETERS)
        assert one.outputs or one.parameters


@pytest.mark.parametrize("name", METR)
def test_a_state_of_metr_is_published_on_one_day_with_both_horizons(name: str):
    data = data_set(name)
    first, last = data.published
    assert first == last
    half, most = data.of("time_horizon_50"), data.of("time_horizon_80")
    assert [row.label for row in half] == [row.label for row in most]
    assert len(half) + len(most) == len(data.rows)
    assert (arrays(half).values > arrays(most).values).all()


def test_horizons_are_those_that_metr_prints():
    """Minutes with 95 %, from METR's results file of 8 May 2026."""
    data = data_set("metr-th1.1")
    printed = {
        "GPT-4 (0314)": (3.99, 1.9, 8.0),
        "Claude 3.7 Sonnet": (60.4, 33, 104),
        "GPT-5": (203, 113, 406),
        "Claude Opus 4.5": (293, 162, 624),
        "Claude Opus 4.6": (719, 317, 3634),
    }
    for label, numbers in printed.items():
        row = data.row("time_horizon_50", label)
        assert (row.value, row.low, row.high) == pytest.approx(numbers, rel=0.02)
        assert row.mass == 0.95
    (above,) = (row for row in data.rows if row.censored)
    assert above.label == "Claude Mythos Preview (early)"
    assert above.value == pytest.approx(17.4 * 60, abs=3)
    assert above.bound == 16 * 60


def test_states_of_one_series_disagree():
    labels = ("GPT-4 (0314)", "Claude Opus 4.6")
    first, last = data_set("metr-th1.0"), data_set("metr-th1.1")
    assert first.row("time_horizon_50", labels[0]).value == pytest.approx(
        5.36, abs=0.01
    )
    before = data_set("metr-th1.1-2026-02-22").row("time_horizon_50", labels[1])
    assert before.value == pytest.approx(870, abs=2)
    assert last.row("time_horizon_50", labels[1]).value == pytest.approx(719, abs=1)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("vintage", STATES)
def test_refitted_doubling_times_follow_from_the_tables(vintage: str, window: str):
    """Least squares on record models, as the rows of the refits say."""
    rows = [
        row
        for row in data_set(STATES[vintage]).of("time_horizon_50")
        if row.more["record"] == "yes" and not row.censored
        if WINDOWS[window] <= str(row.date) < ("2024" if "before" in window else "9999")
    ]
    found = arrays(rows)
    days = found.days.astype(np.int64)
    doubling = 1 / np.polyfit(days, found.values / math.log(2), 1)[0]
    refits = [
        row.value
        for row in data_set("horizon-doubling-times").of("horizon_doubling_time_50")
        if row.more["vintage"] == vintage and row.more["window"] == window
        if "refit" in row.label and "all lengths" not in row.label
    ]
    assert refits == [pytest.approx(doubling, abs=0.006)]


def test_numbers_of_other_tables_are_those_of_their_sources():
    expected = [
        ("hardware-price-performance", "hardware_growth", 1.3977, 1.2479, 1.5685),
        ("algorithmic-progress", "algorithmic_growth", 2.6792, 1.7912, 6.2979),
        ("training-compute-growth", "training_compute_growth", 4.3028, 2.5198, 6.9196),
        ("training-cost-growth", "training_cost_growth", 2.4, 2.0, 2.9),
        ("inference-prices", "inference_price_decline", 50.0, 9.0, 900.0),
        ("open-lags", "open_lag", 15.4, 6.5, 21.9),
        ("consumer-lags", "consumer_lag", 9.0, 6.0, 12.0),
        ("index-growth", "index_growth", 15.5, 13.0, 18.0),
    ]
    for name, observable, *numbers in expected:
        rows = data_set(name).of(observable)
        assert numbers in [[row.value, row.low, row.high] for row in rows]
    # 1/(1/1.43 − 1/5.03) years of doubling
    chips = data_set("hardware-price-performance").rows[0]
    assert chips.value == pytest.approx(2 ** (1 / 1.43 - 1 / 5.03), abs=5e-4)
    costs = data_set("training-costs")
    assert costs.row("training_cost", "GPT-4 (Mar 2023)").value == 41e6
    assert costs.row("training_cost_cloud", "Grok 3").value == 1164e6
    compute = data_set("training-compute-2026-04")
    assert compute.row("training_compute", "GPT-4 (Mar 2023)").value == 2.1e25


@pytest.mark.parametrize(("state", "num"), [("2026-04", 80), ("2026-02", 75)])
def test_progress_at_fixed_compute_follows_from_the_tables(state: str, num: int):
    plane = index_plane(
        trained_models(data_set(f"eci-{state}"), data_set(f"training-compute-{state}"))
    )
    assert plane.num_models == num
    fixed = data_set("fixed-compute")
    label = {"04": "state of 11 April 2026", "02": "state of 8 February 2026"}[
        state[-2:]
    ]
    printed = fixed.row("index_per_oom", label).value
    assert plane.per_oom == pytest.approx(printed, abs=0.05)
    if state == "2026-04":
        growth = fixed.row("index_growth_at_fixed_compute", label).value
        assert plane.per_year == pytest.approx(growth, abs=0.05)


def test_ends_of_training_compute_are_the_factors_of_its_words():
    factors = {"Confident": 3.0, "Likely": 10.0, "Speculative": 31.0}
    for row in data_set("training-compute-2026-04").rows:
        factor = factors[row.more["confidence"]]
        assert row.value is not None
        assert (row.low, row.high) == pytest.approx(
            (row.value / factor, row.value * factor), rel=1e-3
        )


def test_chess_has_two_machines_and_its_sources():
    rows = data_set("chess").rows
    assert len(rows) == 16
    assert len({row.more["hardware"] for row in rows}) == 2
    assert data_set("chess-rates").row("elo_per_doubling", "ssdf-doubling").value == 76

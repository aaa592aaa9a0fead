"""Histories of fixed compute: slow loops, closed forms, and the files themselves."""

import csv
import datetime
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text

from experiments import fixed_compute as script
from mc.engine.storage import FolderTaken
from mc.figures.fixed_compute import fixed_compute
from mc.figures.histories import (
    SPENT,
    History,
    Trained,
    chess_histories,
    index_history,
    index_plane,
    meek_gain,
    trained_models,
)
from mc.figures.history_tables import gains_table, machines_table, years_table
from mc.figures.style import Columns
from priors.evidence.data_sets import data_set
from priors.units import DAYS_PER_YEAR

AS_OF = datetime.date(2026, 4, 11)
DAY = np.timedelta64(1, "D")


def model(name: str, day: str, index: float, flop: float) -> Trained:
    released = datetime.date.fromisoformat(day)
    return Trained(name=name, day=released, index=index, flop=flop)


def random_history(seed: int, size: int = 60) -> History:
    """Few distinct days and values, so that both are often tied."""
    random = np.random.default_rng(seed)
    days = np.datetime64("2023-01-01") + DAY * np.sort(random.integers(0, 30, size))
    values = random.integers(0, 25, size) + np.arange(size) / 4.0
    names = tuple(f"model {i}" for i in range(size))
    return History(label="any", days=days, values=np.floor(values), names=names)


SLOW_FIXTURES = ("results",)


@pytest.fixture(scope="module")
def index() -> tuple[Trained, ...]:
    return trained_models(data_set(script.INDEX), data_set(script.COMPUTE))


@pytest.fixture(scope="module")
def results():
    return script.fixed_flop(script.held_card(data_set(script.INDEX)), AS_OF, 2**12)


@pytest.mark.parametrize("seed", range(8))
def test_records_and_counts_are_those_of_a_slow_loop(seed: int):
    history = random_history(seed)
    days = np.datetime64("2022-12-30") + DAY * np.arange(40)
    best, counts = [], []
    for day in days:
        so_far = [
            v for d, v in zip(history.days, history.values, strict=True) if d <= day
        ]
        best.append(max(so_far) if so_far else math.nan)
        counts.append(len(so_far))
    np.testing.assert_array_equal(history.best_by(days), best)
    assert history.count_by(days) == counts
    top = history.records()
    assert (np.diff(top.values) > 0).all()
    assert (np.diff(top.days) > 0 * DAY).all()
    for day, value, name in zip(top.days, top.values, top.names, strict=True):
        place = history.names.index(name)
        assert (history.days[place], history.values[place]) == (day, value)


@pytest.mark.parametrize("seed", range(4))
def test_the_line_between_records_is_never_under_the_step(seed: int):
    history = random_history(seed)
    days = history.days[0] + DAY * np.arange(40)
    between, step = history.interpolated_by(days), history.best_by(days)
    assert (between >= step).all()
    top = history.records()
    np.testing.assert_allclose(history.interpolated_by(top.days), top.values, 1e-14)
    assert np.isnan(history.interpolated_by(history.days[:1] - DAY)).all()


def test_a_budget_begins_with_the_first_model_that_spent_half_of_it():
    rows = [
        model("small", "2023-02-01", 90.0, 1e22),
        model("too big", "2023-03-01", 140.0, 2e23),
        model("half", "2023-04-01", 100.0, SPENT * 1e23),
        model("small and later", "2023-05-01", 110.0, 1e22),
        model("all of it", "2023-06-01", 105.0, 1e23),
    ]
    history = index_history(rows, 1e23)
    assert history.names == ("half", "small and later", "all of it")
    assert history.records().names == ("half", "small and later")
    years = 61 / DAYS_PER_YEAR
    assert history.gain_per_year() == pytest.approx(10 / years)
    with pytest.raises(ValueError, match="no model used 50% of 1e\\+25 FLOP"):
        index_history(rows, 1e25)


def test_the_plane_recovers_what_made_the_data():
    random = np.random.default_rng(0)
    flop = 10.0 ** random.uniform(22, 26, 400)
    age = random.integers(0, 1000, 400)
    noise = random.normal(0, 3.0, 400)
    eci = 9.0 * np.log10(flop) + 11.0 * age / DAYS_PER_YEAR - 100 + noise
    rows = [
        model("m", str(np.datetime64("2023-01-01") + DAY * a), float(e), float(f))
        for a, e, f in zip(age, eci, flop, strict=True)
    ]
    plane = index_plane(rows)
    assert plane.num_models == 400
    assert plane.per_oom == pytest.approx(9.0, abs=4 * plane.per_oom_error)
    assert plane.per_year == pytest.approx(11.0, abs=4 * plane.per_year_error)
    assert plane.residual == pytest.approx(3.0, rel=4 / math.sqrt(2 * 400))
    # Frisch, Waugh and Lovell: the error of one slope given the other.
    rest = np.log10(flop) - np.polyval(np.polyfit(age, np.log10(flop), 1), age)
    expected = plane.residual / math.sqrt(rest @ rest)
    assert plane.per_oom_error == pytest.approx(expected, rel=1e-9)


def test_the_index_gives_the_numbers_of_the_reference(index: tuple[Trained, ...]):
    plane = index_plane(index)
    found = (plane.per_year, plane.per_year_error, plane.per_oom, plane.residual)
    assert [round(number, 1) for number in found] == [11.4, 1.3, 9.6, 7.8]
    assert plane.num_models == 80


def test_the_meek_curve_at_fixed_flop_is_algorithms_alone(results):
    prior = results.tree["prior"].to_dataset()
    growth = prior["algorithmic_growth"]
    assert growth.attrs["unit"] == "ln/yr"
    eps = np.finfo(np.float32).eps
    for metric, name in (("capability_index", "eci_per_oom"), ("elo", "elo_per_oom")):
        gains = (prior[name] * growth).to_numpy().ravel() / math.log(10)
        gain = meek_gain(results, metric)
        expected = np.quantile(gains, list(gain), method="inverted_cdf")
        # A quantile lies between two neighbouring draws, and the level of 126 points
        # has been taken off again.
        spacing = np.diff(np.sort(gains))[50:-50].max()
        bar = spacing + 256 * 126 * eps
        np.testing.assert_allclose(list(gain.values()), expected, atol=bar, rtol=1e-5)


@pytest.mark.slow
def test_with_points_the_gain_is_the_closed_form():
    points = ["algorithmic_growth=2.68 x/yr", "eci_per_oom=10"]
    card = script.held_card(data_set(script.INDEX), overrides=points)
    gain = meek_gain(script.fixed_flop(card, AS_OF, 1024), "capability_index")
    eps = float(np.finfo(np.float32).eps)
    assert gain[0.5] == pytest.approx(10 * math.log10(2.68), abs=1024 * eps)


def test_tables_say_what_the_histories_say(index: tuple[Trained, ...]):
    budgets = [index_history(index, limit) for limit in script.LIMITS]
    days = np.array([*script.YEAR_ENDS, AS_OF.isoformat()], "datetime64[D]")
    by_year = years_table(budgets, days)
    assert len(by_year) == len(budgets) * len(days)
    small = by_year[by_year["budget"] == budgets[0].label]
    assert small["record"].tolist() == budgets[0].best_by(days).tolist()
    gains = gains_table(budgets, per_oom=10.0)
    rate = gains["a year, to the last model"].to_numpy()
    np.testing.assert_allclose(np.log10(gains["as growth, x/yr"]), rate / 10.0, 1e-12)
    assert (gains["a year, to the last record"].to_numpy() >= rate).all()
    machines = chess_histories(data_set("chess"))
    table = machines_table(machines, [50.0])
    slopes = [history.slope() for history in machines]
    growth = np.log2(table["x/yr at 50 a doubling"])
    np.testing.assert_allclose(growth, np.array(slopes) / 50.0, 1e-12)


def test_bigger_budgets_never_hold_fewer_or_worse_models(index: tuple[Trained, ...]):
    small, big = (index_history(index, limit) for limit in (1e24, 5e24))
    shared = big.days[0] + np.arange(900)
    early = {n for n, d in zip(small.names, small.days, strict=True) if d < big.days[0]}
    assert set(small.names) <= set(big.names) | early
    later = shared[np.datetime64("2024-01-01") <= shared]
    assert (big.best_by(later) >= small.best_by(later)).all()


def test_chess_has_machines_of_five_years_and_more():
    machines = chess_histories(data_set("chess"))
    assert [len(machine.days) for machine in machines] == [7, 9]
    assert machines[0].days[-1] < machines[1].days[0]
    for machine in machines:
        assert (np.diff(machine.years) > 0.99).all()
        assert 5 <= machine.slope() <= 60


@pytest.mark.parametrize("columns", [1, 2])
def test_the_figure_holds_all_its_words(results, index, columns: Columns):
    budgets = [index_history(index, limit) for limit in script.LIMITS]
    machines = chess_histories(data_set("chess"))
    figure = fixed_compute(results, machines, budgets, as_of=AS_OF, columns=columns)
    figure.draw_without_rendering()
    page = figure.bbox
    for text in figure.findobj(Text):
        if isinstance(text, Text) and text.get_text() and text.get_visible():
            box = text.get_window_extent()
            assert box.x0 >= page.x0 - 1, text.get_text()
            assert box.x1 <= page.x1 + 1, text.get_text()
    right = figure.axes[1]
    tops = {float(np.asarray(line.get_ydata())[-1]) for line in right.get_lines()}
    assert {history.values.max() for history in budgets} <= tops


@pytest.mark.slow
def test_the_script_writes_a_run_and_never_over_one(tmp_path: Path, capsys):
    folder = tmp_path / "fixed"
    script.main(folder, card="paper-2026", draws=1024)
    said = capsys.readouterr().out
    assert "11.4 points a year (s.e. 1.3)" in said
    assert "meek curve at fixed FLOP, capability_index:" in said
    names = {file.name for file in folder.iterdir()}
    assert {"fixed-compute.png", "fixed-compute.svg", "manifest.json"} <= names
    with (folder / "bands.csv").open(encoding="utf-8", newline="") as file:
        assert {row["metric"] for row in csv.DictReader(file)} >= {"elo"}
    with pytest.raises(FolderTaken):
        script.main(folder, draws=1024)


def test_help_costs_no_jax():
    code = "import sys, experiments.fixed_compute; sys.exit('jax' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""``meekmc reweight`` beside a proper run of the new beliefs, and what it refuses."""

import datetime
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from command_line import called

from experiments.cli.reweight.components import picture
from mc.analysis.components import sources
from mc.analysis.reweighting import reweight
from mc.analysis.stored import stored
from mc.engine.results import load
from mc.figures.page import day_number
from mc.figures.reweighted import reweighted
from priors.cards import recorded

CARD = "windows-2026"
DRAWS = ("--draws", "16384", "--metric", "task_success:minutes=60", "--no-plots")
DRAWS += ("--card", CARD)
NEW = ("--set", "horizon_doubling_time=110..200@90% doubling_days")
NEW += ("--set", "hardware_growth=1.3..1.5@90% x/yr")
FAR = ("--set", "hardware_growth=2.3..2.5@90% x/yr")
KEYS = ["quantity", "statistic"]


def made(folder: Path, *args: str) -> str:
    """The folder of a run made with these options."""
    command = ("run", "metr-gaps", *DRAWS, "--today", "2026-11-24", "--quiet")
    code, _, err = called(*command, "--out", str(folder), *args)
    assert (code, err) == (0, "")
    return str(folder)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> str:
    return made(tmp_path_factory.mktemp("runs") / "as-believed")


@pytest.fixture(scope="module")
def told(run: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, Path]:
    file = tmp_path_factory.mktemp("tables") / "figures.csv"
    code, out, err = called("reweight", run, *NEW, "--out", str(file))
    assert (code, err) == (0, "")
    return out, file


def test_figures_are_those_of_a_proper_run(
    told: tuple[str, Path], tmp_path: Path
) -> None:
    """Within five joint Monte Carlo errors, on draws of another seed."""
    table = pd.read_csv(told[1], keep_default_na=False, na_values={"mc_error": [""]})
    after = table[table["beliefs"] == "after"].set_index(KEYS)
    proper = load(made(tmp_path / "proper", *NEW, "--seed", "1")).summary_table
    proper = proper[proper["metric"] == "task_success_1h"].set_index(KEYS)
    both = after.merge(proper, suffixes=("", "_run"), left_index=True, right_index=True)
    assert len(both) == len(after)
    numbers = both[both["status"] != "never"]
    error = np.nan_to_num(np.hypot(numbers["mc_error"], numbers["mc_error_run"]))
    moved = np.abs(numbers["number"].astype(float) - numbers["number_run"])
    assert (moved <= 5.0 * error + 1e-6).all()
    before = table[table["beliefs"] == "before"].set_index(KEYS)
    shift = np.abs(before["number"].astype(float) - after["number"].astype(float))
    assert (shift > 5.0 * after["mc_error"]).any()


def test_the_table_fits_the_terminal_and_says_what_was_done(
    told: tuple[str, Path],
) -> None:
    out, _ = told
    assert max(map(len, out.splitlines())) <= 80
    for word in ("horizon_doubling_time (k̂", "effective draws", "closed, 50 %", "±"):
        assert word in out


def test_json_holds_what_the_file_holds(run: str, told: tuple[str, Path]) -> None:
    code, out, err = called("reweight", run, *NEW, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    table = pd.read_csv(told[1], keep_default_na=False)
    assert [row["text"] for row in found["figures"]] == list(table["text"])
    assert {part["name"] for part in found["differs"]} == {
        "hardware_growth",
        "horizon_doubling_time",
    }
    assert 0 < found["effective_draws"] < found["draws"]["stored"] == 16384


def test_the_same_card_moves_nothing(run: str) -> None:
    code, out, _ = called("reweight", run, "--card", CARD, "--json")
    assert code == 0
    rows = json.loads(out)["figures"]
    half = len(rows) // 2
    for before, after in zip(rows[:half], rows[half:], strict=True):
        assert (before.pop("beliefs"), after.pop("beliefs")) == ("before", "after")
        assert before == after
    summary = load(run).summary_table.set_index(["metric", *KEYS])["text"].to_dict()
    for row in rows[:half]:
        assert summary[row["metric"], row["quantity"], row["statistic"]] == row["text"]


def test_beliefs_out_of_reach_are_refused_with_the_run_to_make(run: str) -> None:
    code, out, err = called("reweight", run, *FAR)
    assert (code, out) == (2, "")
    first, named, remedy = err.splitlines()
    assert "k̂ of their weights is" in first
    assert "hardware_growth left what the run drew" in named
    assert "meekmc run metr-gaps --draws 16384" in remedy
    assert "--set 'hardware_growth=2.3..2.5@90% x/yr'" in remedy
    assert "--out" not in remedy


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        ((), 2, "say one of --card or --set, --components, --power"),
        (("--components", "--power"), 2, "say one of"),
        (("--card", "nowhere"), 2, 'unknown card "nowhere"'),
        (("--card", "nowhere.toml"), 2, "there is no such file"),
        (
            ("--set", "loss_exponent=0.1..0.2@90%"),
            2,
            "--set: loss_exponent: the run never drew",
        ),
        (("--set", "world_product=1e14"), 2, "world_product: has a point or a table"),
        (("--set", "meek_budget=1e6"), 2, "another meek actor"),
        (("--card", "meek-2025"), 2, "reference_date is 2025-01-01"),
        ((*NEW, "--out", "here.txt"), 2, "must end in .csv"),
        ((*NEW, "--out", "nowhere/here.csv"), 2, "there is no folder nowhere"),
        ((*NEW, "--plot", "here.gif"), 2, "must end in one of"),
        (("--power", "--plot", "here.png"), 2, "no picture with --power"),
    ],
)
def test_bad_input_is_refused_in_the_users_words(
    run: str, args: tuple[str, ...], code: int, said: str
) -> None:
    found, out, err = called("reweight", run, *args)
    assert (found, out) == (code, "")
    assert said in err


def test_a_file_that_is_there_is_not_overwritten(
    run: str, told: tuple[str, Path]
) -> None:
    code, _, err = called("reweight", run, *NEW, "--out", str(told[1]))
    assert code == 2
    assert "is there already" in err


def test_folders_that_are_no_run_of_this_version_are_refused(
    run: str, tmp_path: Path
) -> None:
    copy = tmp_path / "older"
    shutil.copytree(run, copy)
    file = copy / "manifest.json"
    manifest = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps(manifest | {"format": 1}), encoding="utf-8")
    for folder, said in ((copy, "has format 1"), (tmp_path / "none", "no such folder")):
        code, out, err = called("reweight", str(folder), *NEW)
        assert (code, out) == (4, "")
        assert said in err


@pytest.mark.parametrize("option", ["--components", "--power"])
def test_sources_and_widths_fit_the_terminal_and_the_file(
    run: str, tmp_path: Path, option: str
) -> None:
    file = tmp_path / "figures.csv"
    code, out, err = called("reweight", run, option, "--out", str(file))
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    code, text, _ = called("reweight", run, option, "--json")
    assert code == 0
    figures = json.loads(text)["figures"]
    assert len(figures) == len(pd.read_csv(file))
    for word in {
        "--components": (
            "by horizon_window",
            "from_2024 (20%)",
            "100%",
            "closed, 50 %",
            "never closed: 0%",
        ),
        "--power": ("algorithmic_growth", "a point: anchor_date", "index"),
    }[option]:
        assert word in out


def test_a_picture_has_both_sides_of_every_figure(run: str, tmp_path: Path) -> None:
    """Dots stand where the table has its medians."""
    stored_run = stored(load(run))
    card = recorded_card(stored_run)
    found = reweight(stored_run, card)
    dates, chances, heights = reweighted(
        found.before, found.after, stored_run.results, []
    ).axes
    for place, axes, quantity in (
        (0, dates, "peak_date"),
        (1, dates, "peak_date"),
        (0, heights, "peak_gap"),
    ):
        table = (found.before, found.after)[place]
        row = median(table, quantity)
        factor = 100 if quantity == "peak_gap" else 1
        dot: Any = axes.containers[place]
        seen = dot.lines[0].get_xdata()[0]
        assert seen == pytest.approx(factor * row["number"])
    words = [tick.get_text() for tick in chances.get_yticklabels()]
    assert {"closed before 2030", "never closed"} <= set(words)
    file = tmp_path / "after.png"
    code, _, err = called("reweight", run, *NEW, "--plot", str(file))
    assert (code, err) == (0, f"{file}\n")
    assert file.stat().st_size > 10_000


def median(table: pd.DataFrame, quantity: str) -> dict[Any, Any]:
    rows = table.set_index(KEYS).loc[(quantity, "q0.5"), ["number", "text"]]
    return dict(rows)


def recorded_card(draws):
    told = draws.results.manifest["card"]
    new = [text for text in NEW if text != "--set"]
    return recorded(told["name"], told["tables"], told["sha256"], new)


def test_lines_of_sources_end_where_a_label_is_alone(run: str, tmp_path: Path) -> None:
    draws = stored(load(run))
    found = sources(draws)
    (axes,) = picture(found, draws).axes
    ends = [np.asarray(line.get_ydata(), float) for line in axes.get_lines()]
    lines = [end for end in ends if end.size > 1]
    assert len(lines) == len(found) == 3
    for line, one in zip(lines, found, strict=True):
        row = median(one.tables[-1], "convergence_date")
        day = datetime.date.fromisoformat(row["text"])
        assert line[-1] == day_number(day)
    file = tmp_path / "sources.svg"
    code, _, err = called("reweight", run, "--components", "--plot", str(file))
    assert (code, err) == (0, f"{file}\n")
    assert file.stat().st_size > 10_000

"""A conditioned run is a run: its groups, and the commands that take it."""

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from arviz_base import convert_to_datatree
from arviz_stats.psense import psense
from command_line import called
from scipy.special import ndtri

from mc.engine.results import load
from mc.figures.learnt import learnt_data

CARD, DRAWS = "before-metr", ("--draws", "8192")
MOVED = ["horizon_doubling_time", "horizon_at_anchor"]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """The folder, and what was told of it."""
    folder = tmp_path_factory.mktemp("conditioned") / "run"
    code, out, _ = called("condition", CARD, *DRAWS, "--run", folder, "--json")
    assert code == 0
    return folder, json.loads(out)


@pytest.fixture(scope="module")
def tree(run: tuple[Path, dict]) -> xr.DataTree:
    return convert_to_datatree(str(run[0] / "results.nc"))


def test_the_groups_are_those_of_arviz(tree: xr.DataTree):
    wanted = {"prior", "posterior", "prior_predictive", "posterior_predictive"}
    assert {*wanted, "log_likelihood", "log_prior", "observed_data"} <= {*tree.children}
    for name in MOVED:
        before, after = (np.log(tree[g][name]).std() for g in ("prior", "posterior"))
        assert float(after) < 0.6 * float(before)
    observed = tree["observed_data"]["time_horizon"]
    for group in ("prior_predictive", "posterior_predictive"):
        made = tree[group]["time_horizon"]
        assert made.dims == ("chain", "draw", *observed.dims)
    assert set(tree["log_prior"].data_vars) >= set(MOVED)


def test_what_is_predicted_has_the_ranks_that_were_told(
    run: tuple[Path, dict], tree: xr.DataTree
):
    """Each share below is that of independent draws, of some 300 effective after."""
    _, told = run
    observed = tree["observed_data"]["time_horizon"]
    for group, key, size in (
        ("prior_predictive", "rank_before", 8192),
        ("posterior_predictive", "rank_after", 250),
    ):
        below = (tree[group]["time_horizon"] < observed).mean(("chain", "draw"))
        wanted = np.array([one[key] for one in told["data"][0]["rows"]])
        error = np.sqrt(wanted * (1.0 - wanted) / size)
        assert np.all(np.abs(below.to_numpy() - wanted) < 6.0 * error + 1e-3)


def test_the_run_and_its_summary_are_of_the_posterior(run: tuple[Path, dict]):
    folder, told = run
    results = load(folder)
    assert results.is_conditioned
    assert results.manifest["conditioned"]["evidence"] == ["metr-th1.1"]
    drawn = results.parameters["horizon_doubling_time"].to_numpy()
    belief = next(one for one in told["beliefs"] if one["name"] == MOVED[0])
    low, _, high = belief["after"]
    outside = np.mean(drawn < low) + np.mean(drawn > high)
    assert outside == pytest.approx(0.1, abs=0.04)
    shown = results.events["peak_gap"].sel(
        scenario="baseline", metric="task_success_1h"
    )
    median = results.statistic("task_success_1h", "peak_gap", "q0.5")["number"]
    assert np.mean(shown.to_numpy() <= median) == pytest.approx(0.5, abs=1e-3)


def test_power_scaling_by_arviz_finds_the_data_stronger_than_the_prior(
    tree: xr.DataTree,
):
    found = {
        group: psense(tree, var_names=MOVED, group=group)
        for group in ("prior", "likelihood")
    }
    for name in MOVED:
        assert float(found["likelihood"][name]) > float(found["prior"][name]) > 0.0


def test_what_moved_is_drawn_and_nothing_else(run: tuple[Path, dict]):
    folder, _ = run
    records = learnt_data(load(folder))
    assert {one.name for one in records[:2]} == set(MOVED)
    for one in records[:2]:
        assert one.shift < ndtri(0.35)
    assert (folder / "figures" / "learnt.png").stat().st_size > 10_000


@pytest.mark.parametrize(
    "command",
    [
        ("sensitivity", "{run}", "--draws", "1024"),
        ("explain", "{run}", "--draw", "3"),
        ("reweight", "{run}", "--power"),
    ],
)
def test_other_commands_take_it(command: tuple[str, ...], run: tuple[Path, dict]):
    code, out, err = called(*(word.format(run=run[0]) for word in command))
    assert (code, err) == (0, "")
    assert "horizon_doubling_time" in out


def test_a_folder_that_is_taken_is_refused_before_any_work(tmp_path: Path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    code, out, err = called("condition", CARD, "--run", tmp_path)
    assert (code, out) == (4, "")
    assert "is not empty" in err

"""One draw of a run: equal to what was stored, told in words, or refused."""

import json

import numpy as np
import pytest
from command_line import called

import priors
from experiments.cli import refusals
from experiments.cli.explain import why
from experiments.registry import find
from mc.analysis.chosen import nearest_index, read_index, read_place
from mc.analysis.explain import explain
from mc.analysis.target import read_target
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from mc.engine.run import execute
from mc.outcomes.status import Status
from priors.faults import Refusal

DRAWS = 2**12


@pytest.fixture(scope="module")
def plan():
    return make_plan(find("metr-gaps"), priors.load(), draws=DRAWS)


@pytest.fixture(scope="module")
def results(plan):
    return execute(plan, device="cpu")


@pytest.fixture(scope="module")
def found(plan, results):
    return explain(Replay(plan, device="cpu"), results, 1234)


@pytest.fixture(scope="module")
def folder(results, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    results.save(out)
    text = json.dumps(results.manifest)
    (out / "manifest.json").write_text(text, encoding="utf-8")
    return out


def test_a_draw_is_the_one_that_was_stored(found, results):
    assert (found.replicate, found.point) == (1234 % 16, 1234 // 16)
    assert all(course.stored for course in found.courses)
    prior = results.tree["prior"].to_dataset()
    row = prior.isel(chain=found.replicate, draw=found.point)
    told = {one.name: one.text for one in found.inputs}
    assert told["hardware_growth"] == f"{float(row['hardware_growth']):.4g} x/yr"
    everyone = prior["hardware_growth"].to_numpy()
    below = np.mean(everyone < row["hardware_growth"].to_numpy())
    shares = {one.name: one.percentile for one in found.inputs}
    assert shares["hardware_growth"] == pytest.approx(below, abs=1e-3)


def test_its_curves_are_those_that_the_run_kept(plan, results):
    """The first draws of a run have their curves in results.nc."""
    first = explain(Replay(plan, device="cpu"), results, 3)
    kept = results.tree["curves"].to_dataset()["value"]
    for course in first.courses:
        place = {"scenario": "baseline", "metric": course.metric, "series": "gap"}
        stored = kept.sel(place).isel(curve=3).to_numpy()
        assert np.allclose(course.series["gap"], stored, rtol=1e-6, atol=0)


def test_the_words_say_why_it_closes_or_never_does(found, plan):
    words = {course.metric: why(course, plan) for course in found.courses}
    assert "never closes: it grows without end" in words["time_horizon"]
    closed = next(c for c in found.courses if c.metric == "task_success_1h")
    assert closed.convergence_status is Status.OBSERVED
    told = words["task_success_1h"]
    assert f"from {closed.convergence_date} on" in told
    assert closed.peak_date in told


@pytest.mark.parametrize("level", [5, 50, 99])
def test_the_nearest_draw_is_the_order_statistic(results, level):
    text = f"p{level}:task_success_1h/convergence_date"
    index = nearest_index(read_place(text, results), results)
    events = results.tree["prior_predictive"].to_dataset()
    events = events.sel(scenario="baseline", metric="task_success_1h")
    years = events["convergence_years"].to_numpy()
    rank = int(np.ceil(level / 100 * years.size))
    assert years.T.ravel()[index] == np.sort(years, axis=None)[rank - 1]


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("p90", "must be pLEVEL"),
        ("q90:peak_gap", "must be pLEVEL"),
        ("p90:peak_gapp", "did you mean peak_gap?"),
        ("p90:task_success/peak_gap", "did you mean task_success_"),
    ],
)
def test_no_draw_is_nearest_to_what_is_no_quantile(results, text, word):
    with pytest.raises(Refusal) as refusal:
        read_place(text, results)
    assert word in str(refusal.value)


@pytest.mark.parametrize("text", ["4096", "-1", "1.5", "last"])
def test_a_draw_that_the_run_does_not_have_is_refused(results, text):
    with pytest.raises(Refusal) as refusal:
        read_index(text, results)
    assert "--draw" in str(refusal.value)


def test_the_command_explains_a_run_made_in_python(folder, tmp_path):
    picture = tmp_path / "draw.png"
    nearest = ("--nearest", "p90:task_success_1h/convergence_date")
    code, out, err = called("explain", folder, *nearest, "--plot", picture)
    assert (code, err) == (0, f"{picture}\n")
    assert max(map(len, out.splitlines())) <= 80
    assert "yes, all events, bit by bit" in out
    assert picture.stat().st_size > 10_000


def test_json_has_both_trajectories(folder, plan):
    code, out, err = called("explain", folder, "--draw", "7", "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["draw"] == 7
    for course in told["courses"]:
        assert course["as_stored"] is True
        assert {"frontier", "meek", "gap"} <= set(course["series"])
        assert len(course["series"]["gap"]) == len(told["dates"]) == len(plan.dates)


@pytest.mark.parametrize(
    ("args", "word"),
    [
        ([], "--draw INDEX"),
        (["--draw", "1", "--nearest", "p5:peak_gap"], "--draw INDEX"),
        (["--draw", "5000"], "0 to 4,095"),
    ],
)
def test_bad_options_are_refused(folder, args, word):
    code, out, err = called("explain", folder, *args)
    assert (code, out) == (refusals.REFUSED, "")
    assert word in err


def test_what_never_happens_is_not_asked_about_unless_named(results):
    """The horizon comes first and never closes."""
    assert read_target(None, results, "--figure").name == (
        "task_success_4min/convergence_date/q0.5"
    )
    usual = read_place("p90:convergence_date", results)
    assert usual.name == "90 % of task_success_4min/convergence_date"
    index = nearest_index(usual, results)
    other = read_place("p90:time_horizon/convergence_date", results)
    assert index != nearest_index(other, results)

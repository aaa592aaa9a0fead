"""Exports: the CDF keeps the rules and the censored mass, quantiles are the table's."""

import dataclasses
import datetime
import io
import json

import numpy as np
import pandas as pd
import pytest
from command_line import called

import priors
from experiments.metr_gaps import EXPERIMENT
from mc.analysis.exported import (
    LEAST_BEYOND,
    LEAST_STEP,
    MIXED,
    MOST_STEP,
    NUM_POINTS,
    exported,
)
from mc.engine.run import run
from mc.engine.storage import write_manifest
from priors.faults import Refusal

SLOW_FIXTURES = ("folder",)
METRICS = ("time_horizon", "task_success_1h")
DATE = "task_success_1h/convergence_date"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run with one gap that closes, one that never does, and a window that cuts."""
    asked = dataclasses.replace(
        EXPERIMENT, metrics=METRICS, events_until=datetime.date(2030, 1, 1)
    )
    today = datetime.date(2026, 12, 1)
    results = run(asked, priors.load("literature-2026"), draws=1024, today=today)
    made = tmp_path_factory.mktemp("exported") / "run"
    made.mkdir()
    results.save(made)
    write_manifest(made, results.manifest)
    return made, results


def metaculus(folder, *options):
    code, out, err = called("export", folder, "--to", "metaculus", *options)
    assert code == 0, err
    return json.loads(out)


@pytest.mark.parametrize(
    "options",
    [
        ("--quantity", DATE),
        ("--quantity", DATE, "--range", "2025-01-01..2030-01-01"),
        ("--quantity", "task_success_1h/peak_gap"),
        ("--quantity", "task_success_1h/peak_date"),
        ("--quantity", "time_horizon/peak_date", "--range", "2025-01-01..2040-01-01"),
    ],
)
def test_the_cdf_keeps_the_rules_of_metaculus(folder, options):
    told = metaculus(folder[0], *options)
    cdf = np.array(told["continuous_cdf"])
    assert len(cdf) == NUM_POINTS == 201
    steps = np.diff(cdf)
    assert steps.min() >= LEAST_STEP == 5e-5
    assert steps.max() <= MOST_STEP == 0.2
    assert cdf[0] >= LEAST_BEYOND
    assert cdf[-1] <= 1 - LEAST_BEYOND


def test_the_cdf_is_the_draws_and_censored_mass_lies_beyond_it(folder):
    made, results = folder
    told = metaculus(made, "--quantity", DATE, "--range", "2025-01-01..2030-01-01")
    rows = results.summary(metric="task_success_1h", quantity="convergence_date")
    share = rows.set_index("statistic")["number"]
    assert share["p_beyond"] > 0.1
    assert told["shares"]["beyond"] == pytest.approx(share["p_beyond"], abs=1e-12)
    assert told["probability_above"] == pytest.approx(
        share["p_beyond"] + share["p_never"], abs=1e-12
    )
    one = exported(results, DATE)
    points, found = one.cdf(*(one.years(datetime.date(y, 1, 1)) for y in (2025, 2030)))
    counted = [
        np.mean((one.status == 0) | ((one.status == 1) & (one.values <= p)))
        for p in points
    ]
    assert np.abs(found - counted).max() <= MIXED
    np.testing.assert_allclose(one.shares_up_to(points), counted, atol=1e-12)


def test_what_never_comes_is_all_beyond_the_range(folder):
    told = metaculus(
        folder[0],
        *("--quantity", "time_horizon/peak_date", "--range", "2025-01-01..2040-01-01"),
    )
    assert told["probability_above"] == 1.0
    assert told["shares"]["never"] == 1.0


def test_the_question_names_its_condition_and_where_it_comes_from(folder):
    told = metaculus(folder[0], "--quantity", DATE)
    for needed in ("literature-2026", "investment_slowdown", "If budgets grow"):
        assert needed in told["condition"]
    assert "at or under 5 points" in told["resolution_criteria"]
    assert told["made_by"]["run_id"] == folder[1].run_id
    assert told["made_by"]["draws"] == 1024
    assert "will" not in " ".join(told["condition"].split())


def test_quantiles_are_those_of_the_summary(folder):
    made, results = folder
    code, out, _ = called("export", made, "--to", "quantiles", "--quantity", DATE)
    assert code == 0
    table = pd.read_csv(io.StringIO(out)).set_index("statistic")
    assert len(table) == 23
    words = {
        str(name): {"text": text, "status": status}
        for name, text, status in zip(
            table.index, table["text"], table["status"], strict=True
        )
    }
    for level in ("q0.05", "q0.5", "q0.95"):
        row = results.statistic("task_success_1h", "convergence_date", level)
        assert words[level] == {"text": row["text"], "status": row["status"]}


def test_draws_are_written_with_their_status(folder, tmp_path):
    made, results = folder
    file = tmp_path / "draws.csv"
    code, out, _ = called("export", made, "--to", "csv", "--out", file)
    assert code == 0
    assert out.strip() == str(file)
    table = pd.read_csv(file)
    assert len(table) == 1024
    share = results.statistic("task_success_1h", "convergence_date", "p_beyond")
    status, dates = table["status"].to_numpy(), table["convergence_date"].to_numpy()
    assert np.mean(status == "beyond") == pytest.approx(share["number"])
    assert np.array_equal(pd.notna(dates), status == "observed")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--quantity", "task_succes_1h/peak_gap"), "did you mean task_success_1h?"),
        (("--quantity", "task_success_1h/peak_dat"), "did you mean peak_date?"),
        (("--quantity", "time_horizon/peak_date"), "no draw has a number (100% never)"),
        (("--scenario", "bseline"), "did you mean baseline?"),
        (("--range", "2026-01-01"), "must be LOW..HIGH"),
        (("--range", "2026-01-01..2o40"), '"2o40" is not a date as 2030-01-01'),
        (("--range", "2030-01-01..2026-01-01"), "the range must rise"),
        (("--range", "1900-01-01..3000-01-01"), "choose a narrower range"),
        (("--quantity", "task_success_1h/peak_gap", "--range", "a..1"), "not a number"),
        (("--out", "/no/such/folder/x.json"), "there is no folder /no/such/folder"),
    ],
)
def test_what_cannot_be_exported_is_refused(folder, options, said, tmp_path):
    code, out, err = called("export", folder[0], "--to", "metaculus", *options)
    assert code == 2
    assert not out
    assert said in err


def test_a_file_that_is_there_is_kept(folder, tmp_path):
    file = tmp_path / "mine.csv"
    file.write_text("mine")
    code, _, err = called("export", folder[0], "--to", "csv", "--out", file)
    assert code == 2
    assert "is there already" in err
    assert file.read_text() == "mine"


def test_no_run_folder_is_refused_as_stored_data(tmp_path):
    assert called("export", tmp_path / "none", "--to", "csv")[0] == 4


def test_draws_that_agree_are_one_step_and_too_many_for_it(folder):
    one = exported(folder[1], DATE)
    same = dataclasses.replace(one, values=np.full_like(one.values, 5.0))
    with pytest.raises(Refusal, match="narrower"):
        same.cdf(4.0, 6.0)

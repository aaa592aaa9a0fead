"""The engine end to end: same bits however the work is cut, and the known answers."""

import dataclasses
import datetime
import json
import math

import arviz_base
import jax
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from scipy.special import ndtr
from tiers import tiered

import priors
from experiments.loss_gap import EXPERIMENT as LOSS_GAP
from experiments.metr_gaps import EXPERIMENT as METR_GAPS
from mc.engine import storage
from mc.engine.blocks import Cut
from mc.engine.devices import Devices, find_devices, working_dtype
from mc.engine.execution import compute
from mc.engine.invalid import InvalidDraw
from mc.engine.plan import FORMAT, make_plan
from mc.engine.results import NotARun, load
from mc.engine.run import execute, run
from mc.outcomes.bands import LEVELS
from mc.outcomes.distributions import Counted
from mc.outcomes.status import Status
from priors.faults import Refusal

TODAY = datetime.date(2026, 11, 24)
SMALL = dataclasses.replace(METR_GAPS, metrics=("task_success_1h",))


def plan_of(experiment=SMALL, card="literature-2026", draws=2**12, **options):
    return make_plan(experiment, priors.load(card), draws=draws, today=TODAY, **options)


def computed(plan, devices=None, **sizes):
    cut = Cut(num_draws=plan.num_draws, replicates=plan.replicates, **sizes)
    return compute(
        plan, devices or find_devices(), working_dtype(), cut, lambda _: None
    )


@pytest.fixture(scope="module")
def results():
    """A small METR run under the default card."""
    return execute(plan_of(METR_GAPS, draws=1024))


@pytest.fixture(scope="module")
def loss_2025():
    """The 2025 paper's points."""
    return execute(plan_of(LOSS_GAP, "meek-2025", draws=256))


def test_the_2025_paper_is_reproduced(loss_2025, x64):
    at = loss_2025.statistic
    tolerance = 1e-6 if not x64 else 1e-10
    peak = at("validation_loss", "peak_gap", "q0.5")["number"]
    assert peak == pytest.approx(0.21176875, abs=5e-7)
    years = at("validation_loss", "peak_years", "q0.5")["number"]
    assert years == pytest.approx(3.3589, abs=1e-4)
    closed = at("validation_loss", "convergence_years", "q0.5")["number"]
    assert closed == pytest.approx(21.262, abs=1e-3)
    for year, gap in ((2030, 0.194), (2035, 0.093), (2040, 0.036), (2045, 0.013)):
        row = at("validation_loss", f"gap@{year}-01-01", "q0.5")
        assert row["number"] == pytest.approx(gap, abs=5e-4)
        assert float(row["mc_error"]) <= tolerance


PEAKS = {"1e4": 0.1485, "1e5": 0.1042, "1e6": 0.0731}
"""Loss gap at its peak by the meek actor's dollars a run."""


@pytest.mark.parametrize("budget", tiered(PEAKS, quick=["1e6"]))
def test_bigger_budgets_have_smaller_peaks(budget):
    card = priors.load("meek-2025", overrides=[f"meek_budget={budget}"])
    found = run(LOSS_GAP, card, draws=128, today=TODAY)
    row = found.statistic("validation_loss", "peak_gap", "q0.5")
    assert row.to_dict()["number"] == pytest.approx(PEAKS[budget], abs=5e-5)


@pytest.mark.slow
def test_central_parameters_reproduce_the_2026_figure():
    found = execute(plan_of(METR_GAPS, "paper-2026", draws=128))
    central = (
        found.tree["central_events"].to_dataset().isel(scenario=0, chain=0, draw=0)
    )
    expected = {
        "task_success_4min": (0.103, 2025.0),
        "task_success_1h": (0.333, 2026.7),
        "task_success_4h": (0.463, 2027.95),
    }
    for metric, (height, date) in expected.items():
        one = central.sel(metric=metric)
        assert float(one["peak_gap"]) == pytest.approx(height, abs=0.002)
        assert 2023.197 + float(one["peak_years"]) == pytest.approx(date, abs=0.1)
    assert int(central.sel(metric="time_horizon")["convergence_status"]) == Status.NEVER


def same(one, other):
    """Every array of two computations, bit for bit."""
    for key, rows in one.bands.items():
        np.testing.assert_array_equal(rows, other.bands[key])
    for name, values in one.stored.parameters.items():
        np.testing.assert_array_equal(values, other.stored.parameters[name])
    for key, (values, status) in one.stored.columns.items():
        np.testing.assert_array_equal(values, other.stored.columns[key][0])
        np.testing.assert_array_equal(status, other.stored.columns[key][1])


@pytest.mark.slow
def test_the_cut_changes_no_bit():
    plan = plan_of(draws=2**15)
    whole = computed(plan)
    same(whole, computed(plan, chunk=2**13, tile=2**10))


@pytest.mark.slow
def test_the_number_of_devices_changes_no_bit():
    plan = plan_of(draws=2**16)
    assert len(jax.devices("cpu")) == 2
    lone = Devices(kind="cpu", devices=tuple(jax.devices("cpu")[1:]))
    same(computed(plan, chunk=2**13), computed(plan, lone, chunk=2**13))


@pytest.mark.slow
def test_more_draws_leave_the_first_ones_alone():
    few, many = computed(plan_of()), computed(plan_of(draws=2**14))
    for name, values in few.stored.parameters.items():
        np.testing.assert_array_equal(values, many.stored.parameters[name][: 2**12])
    for key, (values, _) in few.stored.columns.items():
        np.testing.assert_array_equal(values, many.stored.columns[key][0][: 2**12])


@pytest.mark.slow
def test_another_metric_leaves_the_first_alone():
    both = dataclasses.replace(
        SMALL, metrics=("validation_loss", "task_success_1h", "time_horizon")
    )
    alone, beside = computed(plan_of()), computed(plan_of(both))
    for key, (values, _) in alone.stored.columns.items():
        np.testing.assert_array_equal(values, beside.stored.columns[key][0])


@pytest.mark.slow
def test_a_changed_belief_compiles_nothing(caplog):
    computed(plan_of(draws=512))
    card = priors.load(overrides=["horizon_at_anchor=30..90@80% minutes"])
    other = make_plan(SMALL, card, draws=512, today=TODAY, seed=9)
    with jax.log_compiles(), caplog.at_level("WARNING", logger="jax"):
        computed(plan_of(draws=1024, replicates=64))
        assert [r for r in caplog.records if "Compiling" in r.getMessage()]
        caplog.clear()
        computed(other)
    assert not [r for r in caplog.records if "Compiling" in r.getMessage()]


@pytest.mark.slow
def test_counted_bands_are_the_sorted_ones():
    """Within a bin of 1.5 % the ranks of 2^15 draws wander by 3.4e-4: five of those."""
    plan = plan_of(draws=2**15)
    counted = computed(plan)
    curves = _sorted_bands(plan)
    for key, ordered in curves.items():
        for j, level in enumerate(LEVELS):
            value = counted.bands[key][:, j]
            below = np.mean(ordered < value[:, None] * (1 - 1e-6), axis=1)
            above = np.mean(ordered <= value[:, None] * (1 + 1e-6), axis=1)
            assert np.all(below <= level + 1.7e-3)
            assert np.all(above >= level - 1.7e-3)


def _sorted_bands(plan):
    from mc.engine.evaluator import Evaluator
    from mc.engine.execution import make_design
    from mc.engine.sampler import Sampler

    sampler = Sampler.of(plan, make_design(plan), working_dtype())
    cut = Cut(num_draws=plan.num_draws, replicates=plan.replicates)
    worker = Evaluator(plan, sampler, jax.devices("cpu")[0], cut)
    parameters, _ = worker.draw(0, plan.num_draws // plan.replicates)
    years = worker.frame.band_years
    series = worker.looks["task_success_1h"].curves(parameters, plan.num_draws, years)
    return {("task_success_1h", n): np.sort(v, axis=1) for n, v in series.items()}


@pytest.mark.slow
def test_runs_too_long_to_keep_say_what_kept_ones_say():
    """Ranks to five times their wander, as for the bands, or values to 3e-7."""
    plan = plan_of(draws=2**15)
    kept, counted = computed(plan), computed(plan, chunk=2**13, stored=2**14)
    assert counted.stored.num_draws == 2**14
    for key, exact in kept.distributions.items():
        found = counted.distributions[key]
        assert isinstance(found, Counted)
        assert np.array_equal(found.status_counts, exact.status_counts)
        for level in LEVELS:
            outcome = found.outcome(level, level)
            assert outcome.status is exact.outcome(level, level).status
            if outcome.status is Status.OBSERVED:
                before = exact.shares_before(outcome.value).mean()
                until = exact.shares(outcome, level).mean()
                near = abs(outcome.value - exact.outcome(level, level).value) < 3e-7
                assert near or before - 1.7e-3 <= level <= until + 1.7e-3


def test_statuses_add_to_the_draws(results):
    for events in results.manifest["status_counts"].values():
        for counts in events.values():
            assert sum(counts.values()) == results.manifest["draws"]["total"]


def test_a_mighty_metric_is_never_in_every_draw(results):
    row = results.statistic("time_horizon", "convergence_date", "p_never")
    assert row["number"] == 1.0
    assert pd.isna(row["mc_error"])
    median = results.statistic("time_horizon", "convergence_date", "q0.5")
    assert (median["text"], median["status"]) == ("never", "never")


@pytest.mark.parametrize(
    "design", tiered(["sobol", "lattice", "independent"], quick=["sobol"])
)
def test_convergence_follows_its_exact_law_through_a_card(design, tmp_path):
    """d.04 end to end: card, draws, events; DKW band at a false-alarm rate of 1e-9."""
    spread = math.hypot(0.10, 0.35)
    card = tmp_path / "pr.toml"
    card.write_text(
        f"""
schema = 1
name = "pr"
description = "parameter set PR"
reference_date = 2023-03-14
[parameters.hardware_growth]
point = 1.0
unit = "x/yr"
[parameters.algorithmic_growth]
law = "normal"
mean = {math.log(1.4) + math.log(2.8)!r}
sd = {spread!r}
unit = "ln/yr"
[parameters.investment_growth]
point = 3.6
unit = "x/yr"
[parameters.loss_exponent]
point = 0.155
unit = "1"
[parameters.loss_coefficient]
point = 1070.0
unit = "nats/token"
[parameters.irreducible_loss]
point = 1.7
unit = "nats/token"
[parameters.initial_compute]
point = 1e25
unit = "FLOP"
"""
    )
    plan = make_plan(
        LOSS_GAP,
        priors.load(card),
        draws=2**16,
        tolerances={"validation_loss": 0.001},
        design=design,
        today=TODAY,
    )
    columns = computed(plan).stored
    years, status = columns.columns["validation_loss", "convergence_years"]
    n = years.size
    band = math.sqrt(math.log(2e9) / (2 * n))
    for prob, exact in ((0.05, 16.152892), (0.5, 23.381845), (0.95, 41.704991)):
        assert abs(np.mean(years <= exact) - prob) < band
    shared = columns.parameters["algorithmic_growth"]
    never = np.asarray(shared + columns.parameters["hardware_growth"]) <= 0
    assert np.array_equal(status == Status.NEVER, never)
    z = (np.sort(shared) - math.log(3.92)) / spread
    steps = (np.arange(n) + 0.5) / n
    assert np.max(np.abs(ndtr(z) - steps)) < band


@pytest.mark.slow
def test_a_draw_without_a_meaning_is_named():
    card = priors.load(
        overrides=["training_compute_growth=0.3..0.6@90%", "algorithmic_growth=1.05"]
    )
    with pytest.raises(InvalidDraw, match=r"task_success_1h is undefined at draw \d+"):
        execute(make_plan(SMALL, card, draws=128, today=TODAY))


def _same(cell):
    """A cell in a form in which gaps are equal."""
    return None if cell is None or pd.isna(cell) else cell


def test_a_run_folder_reads_back(results, tmp_path):
    folder = tmp_path / "run"
    with storage.writing(folder) as scratch:
        results.save(scratch)
        storage.write_manifest(scratch, results.manifest)
    again = load(folder)
    assert again.run_id == results.run_id
    pd.testing.assert_frame_equal(again.bands, results.bands, check_dtype=False)
    for name in ("number", "mc_error", "text", "mc_lower"):
        before, after = results.summary_table[name], again.summary_table[name]
        assert [_same(x) for x in before] == [_same(x) for x in after]
    xr.testing.assert_identical(
        again.tree["prior"].to_dataset(), results.tree["prior"].to_dataset()
    )
    tree = arviz_base.convert_to_datatree(str(folder / "results.nc"))
    assert tree["prior_predictive"]["peak_status"].dims == (
        "scenario",
        "metric",
        "chain",
        "draw",
    )


@pytest.mark.slow
def test_the_same_command_writes_the_same_bytes(tmp_path):
    digests = []
    for name in ("a", "b"):
        found = execute(plan_of(draws=256))
        with storage.writing(tmp_path / name) as scratch:
            found.save(scratch)
        files = sorted((tmp_path / name).iterdir())
        digests.append([storage.digest(file) for file in files])
    assert digests[0] == digests[1]


def test_a_folder_that_holds_something_is_left_alone(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(storage.FolderTaken):
        storage.check_free(tmp_path)
    with pytest.raises(NotARun):
        load(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize(
    ("change", "match"), [(-1, "run it again: meekmc run x"), (1, "upgrade meekmc")]
)
def test_a_run_of_another_format_is_refused_with_the_remedy(tmp_path, change, match):
    manifest = {"format": FORMAT + change, "command": "meekmc run x"}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(NotARun, match=match):
        load(tmp_path)


def test_a_failed_write_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), storage.writing(tmp_path / "run"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"draws": 0}, "--draws"),
        ({"replicates": 12}, "power of two"),
        ({"seed": -1}, "--seed"),
        ({"design": "sobl"}, "did you mean sobol"),
        ({"tolerances": {"task_success_1h": 0.0}}, "must be above 0"),
        ({"tolerances": {"task": 0.1}}, "no metric"),
        ({"draws": 2**25, "design": "lattice"}, "lattice"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(options, words):
    with pytest.raises(Refusal, match=words):
        plan_of(**({"draws": 128} | options))


def test_bands_begin_at_the_epoch_and_go_by_months():
    dates = plan_of(METR_GAPS).dates
    assert len(dates) == 203
    assert (str(dates[0]), str(dates[1]), str(dates[-1])) == (
        "2023-03-14",
        "2023-04-01",
        "2040-01-01",
    )


def test_the_run_id_ignores_the_number_of_draws_and_nothing_else():
    one = plan_of().run_id("float32")
    assert plan_of(draws=2**14).run_id("float32") == one
    assert plan_of(seed=1).run_id("float32") != one
    assert plan_of().run_id("float64") != one

"""Dates integrated along lines: a law in closed form, plain draws, bits, refusals."""

import dataclasses
import datetime
import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.special import ndtri

import priors
from experiments.loss_gap import EXPERIMENT as LOSS_GAP
from mc.engine.blocks import Cut
from mc.engine.plan import make_plan
from mc.engine.run import execute
from priors.faults import Refusal
from priors.units import decimal_years

TODAY = datetime.date(2026, 11, 1)
UNCERTAIN = "loss_coefficient=700..1600@90%"
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
TENTH_OF_A_DAY = 3e-4
ASKED = dataclasses.replace(LOSS_GAP, preintegrate=True)
SUCCESS = dataclasses.replace(ASKED, metrics=("task_success_1h",))


def plan_of(experiment=ASKED, card="paper-2026", overrides=(), draws=2**10, **options):
    beliefs = priors.load(card, overrides)
    return make_plan(experiment, beliefs, draws=draws, today=TODAY, **options)


def dates(results, quantity="convergence_date", metric=None):
    metric = metric or results.manifest["preintegration"][0]["metric"]
    rows = results.summary(metric=metric, quantity=quantity)
    return rows[~rows["statistic"].str.contains("|", regex=False)]


@pytest.fixture(scope="module")
def success():
    """The same beliefs integrated along lines, and plainly with other draws."""
    plain = dataclasses.replace(SUCCESS, preintegrate=False)
    return (
        execute(plan_of(SUCCESS, draws=2**14)),
        execute(plan_of(plain, draws=2**15, seed=5)),
    )


def test_one_uncertain_parameter_gives_the_law_of_the_date_itself():
    """The gap R·exp(−γst)·(1 − exp(−γ(f−s)t)) closes later as R grows."""
    plan = plan_of(card="meek-2025", overrides=(UNCERTAIN,))
    joint = plan.card.joint.central()
    shared = joint["hardware_growth"] + joint["algorithmic_growth"]
    lead, exponent = joint["investment_growth"], joint["loss_exponent"]
    compute = joint["meek_budget"] + joint["compute_per_dollar"]
    bar = math.log(plan.tolerances["validation_loss"])
    (marginal,) = plan.card.joint.belief_of["loss_coefficient"].marginals

    def closes(score):
        start = marginal.law.at_score(np.array([score]))[0] - exponent * compute

        def log_gap(years):
            behind = math.log(-math.expm1(-exponent * lead * years))
            return start - exponent * shared * years + behind - bar

        peak = math.log1p(lead / shared) / (exponent * lead)
        return brentq(log_gap, peak, 200.0)

    results = execute(plan)
    for level in LEVELS:
        years = closes(ndtri(level))
        date = decimal_years(plan.epoch, np.array([years]))[0]
        row = results.statistic("validation_loss", "convergence_date", f"q{level:g}")
        assert row.to_dict()["number"] == pytest.approx(date, abs=TENTH_OF_A_DAY)


def test_plain_draws_agree_within_their_errors(success):
    smooth, plain = success
    for quantity in ("peak_date", "convergence_date"):
        pairs = dates(smooth, quantity).merge(
            dates(plain, quantity, "task_success_1h"), on="statistic"
        )
        names = ["number_x", "number_y", "mc_error_x", "mc_error_y"]
        known = pairs[names].dropna().to_numpy()
        assert len(known) > len(LEVELS)
        apart, error = known[:, 0] - known[:, 1], np.hypot(known[:, 2], known[:, 3])
        assert np.all(np.abs(apart) <= 4 * error)


def test_half_the_draws_are_several_times_as_precise(success):
    smooth, plain = success
    for level in (0.05, 0.5, 0.95):
        errors = [
            run.statistic("task_success_1h", "convergence_date", f"q{level}")[
                "mc_error"
            ]
            for run in (smooth, plain)
        ]
        assert errors[0] < errors[1] / 2


def test_nothing_but_dates_moves(success):
    smooth, _ = success
    plain = execute(
        plan_of(dataclasses.replace(SUCCESS, preintegrate=False), draws=2**14)
    )
    moved = set()
    for (_, one), (_, other) in zip(
        smooth.summary_table.iterrows(), plain.summary_table.iterrows(), strict=True
    ):
        if not one.astype(str).equals(other.astype(str)):
            moved.add((one["metric"], one["quantity"]))
    names = ("peak_date", "peak_years", "convergence_date", "convergence_years")
    assert moved == {("task_success_1h", name) for name in names}
    assert smooth.bands.equals(plain.bands)
    assert "preintegration" not in plain.manifest
    assert smooth.run_id != plain.run_id


@pytest.mark.slow
def test_bits_do_not_depend_on_how_work_is_cut(success):
    whole, _ = success
    plan = plan_of(SUCCESS, draws=2**14)
    cut = Cut(num_draws=plan.num_draws, replicates=16, chunk=2**11, tile=2**9)
    parts = execute(plan, cut=cut)
    assert parts.summary_table.equals(whole.summary_table)
    assert parts.manifest["preintegration"] == whole.manifest["preintegration"]


def test_it_is_told_how_each_date_was_treated(success):
    smooth, _ = success
    for told in smooth.manifest["preintegration"]:
        assert told["uneven"] == 0.0
        assert told["interpolation_error"] <= 1e-4
        (direction,) = told["directions"]
        length = math.hypot(*direction["weights"].values())
        assert length == pytest.approx(1.0, abs=1e-3)


@pytest.mark.slow
def test_labels_that_move_the_date_are_summed_over():
    experiment = dataclasses.replace(
        ASKED, metrics=("validation_loss", "task_success_1h")
    )
    results = execute(plan_of(experiment, card="windows-2026", draws=2**12))
    told = {
        one["metric"]: [set(case["labels"]) for case in one["directions"]]
        for one in results.manifest["preintegration"]
        if one["quantity"] == "convergence_date"
    }
    assert told["validation_loss"] == 2 * [{"scaling_law"}]
    assert told["task_success_1h"] == 3 * [{"horizon_window"}]


def test_a_date_that_no_draw_has_is_left_to_the_draws():
    never = dataclasses.replace(ASKED, metrics=("time_horizon",))
    with pytest.raises(Refusal, match="time_horizon: no draw has a date"):
        execute(plan_of(never, draws=256))


def test_a_card_of_points_has_no_direction():
    with pytest.raises(
        Refusal, match="validation_loss: no parameter moves it smoothly"
    ):
        execute(plan_of(card="meek-2025", draws=256))

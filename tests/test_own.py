"""Metrics of the user's own: formulas, utilities and functions, end to end."""

import datetime
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest

import mc
import priors
from mc.engine.invalid import CoarseIntegral
from mc.engine.plan import make_plan
from mc.model.measure import Measure
from mc.model.registry import BadArgument, metric_choice, path_entry
from priors.faults import Refusal

END = datetime.date(2040, 1, 1)
GROWTHS = ("hardware_growth", "algorithmic_growth", "investment_growth")
LOGISTIC = "mine=formula: 1/(1+exp(-k*(x-m)))"


def _run(*metrics, card="meek-2025", overrides=("k=0.5", "m=50"), draws=1024):
    experiment = mc.Experiment(name="own", question="?", metrics=metrics, end=END)
    beliefs = priors.load(card, list(overrides))
    return mc.run(experiment, beliefs, draws=draws, today=datetime.date(2026, 1, 1))


def _number(results, metric, quantity, statistic="q0.5"):
    return results.statistic(metric, quantity, statistic).number


@pytest.fixture(scope="module")
def central():
    """One run of a formula and a utility beside a metric that says the same."""
    return _run(
        "validation_loss",
        "negative=of validation_loss: -y",
        LOGISTIC,
    )


@pytest.fixture(scope="module")
def others():
    """More of them, with a Python function."""
    return _run(
        "validation_loss",
        "negative_log_total_loss",
        "log_of_loss=of validation_loss: -log(y)",
        "loss_again=of validation_loss: 2*y",
        Measure(
            label="same",
            value=lambda x, p: 1 / (1 + jnp.exp(-p["k"] * (x - p["m"]))),
            needs=("k", "m"),
            bounded=True,
        ),
    )


def _same(results, own, known, expected, tolerance):
    for quantity in ("peak_gap", "peak_date"):
        assert _number(results, own, quantity) == pytest.approx(
            _number(expected, known, quantity), rel=tolerance
        )
    assert _number(results, own, "limit_gap", "p_meek") == 1


@pytest.mark.slow
def test_a_utility_says_what_the_metric_of_that_name_says(central):
    _same(central, "negative", "validation_loss", central, 2e-6)


@pytest.mark.slow
def test_a_utility_of_a_loss_is_better_the_lower_the_loss(others):
    _same(others, "log_of_loss", "negative_log_total_loss", others, 2e-6)


@pytest.mark.slow
def test_a_utility_of_a_loss_may_be_better_when_it_is_lower(others):
    assert _number(others, "loss_again", "peak_gap") == pytest.approx(
        2 * _number(others, "validation_loss", "peak_gap"), rel=2e-6
    )
    assert others.manifest["metrics"]["loss_again"]["direction"] == "lower is better"


@pytest.mark.slow
def test_a_formula_and_a_function_agree(central, others):
    _same(others, "same", "mine", central, 1e-7)


@pytest.mark.slow
def test_the_boundary_case_keeps_its_constant_gap():
    central = _run("boundary=formula: 2*log(log(C))", overrides=())
    shared, investment = math.log(1.4 * 2.8), math.log(5 / 1.4)
    expected = 2 * math.log1p(investment / shared)
    assert _number(central, "boundary", "limit_gap") == pytest.approx(
        expected, rel=1e-6
    )
    assert _number(central, "boundary", "convergence_date", "p_never") == 1
    assert _number(central, "boundary", "limit_gap", "p_constant_gap") == 1


@pytest.mark.slow
def test_nines_of_a_share_keep_their_digits_near_one():
    choice = metric_choice("nines=of task_success_1h: -log10(1-y)")
    results = _run(
        "nines=of task_success_1h: -log10(1-y)",
        "time_horizon",
        card="paper-2026",
        overrides=(),
    )
    assert choice.label == "nines"
    assert _number(results, "nines", "limit_gap", "p_diverging") == 1
    frontier = results.band("nines", "frontier")["q0.5"].to_numpy()
    assert np.all(np.diff(frontier) > 0)
    assert frontier[-1] > 3


def test_gaps_of_formulas_do_not_cancel(x64):
    del x64
    from mc.model.own import OwnFormula

    own = metric_choice(LOGISTIC).own
    assert isinstance(own, OwnFormula)
    record = metric_choice(LOGISTIC).load()
    with jax.enable_x64(new_val=True):
        parameters = {
            "k": jnp.asarray([0.5, 0.05]),
            "m": jnp.asarray([50.0, 60.0]),
            "initial_compute": jnp.asarray([46.0, 57.0]),
        }
        path = (
            path_entry("exponential")
            .load()
            .prepare(dict.fromkeys(GROWTHS, jnp.ones(2)))
        )
        curve = record.prepare(parameters, path, {})
        for lead in (1e-9, 1e-3, 1.0, 40.0):
            for x in (0.0, 20.0, 60.0):
                gap = np.asarray(curve.gap(jnp.asarray(x), jnp.asarray(lead)))
                slope, mid = np.array([0.5, 0.05]), np.array([50.0, 60.0])
                z = slope * (np.array([46.0, 57.0]) + x - mid)
                d = slope * lead
                exact = -np.expm1(-d) / ((1 + np.exp(-z - d)) * (1 + np.exp(z)))
                np.testing.assert_allclose(gap, exact, rtol=2e-9)


def test_an_unknown_limit_is_undetermined_not_never():
    function = Measure(label="drift", value=lambda x, _: jnp.sqrt(x) / 10)
    results = _run(function, overrides=())
    assert _number(results, "drift", "convergence_date", "p_undetermined") == 1
    assert _number(results, "drift", "convergence_date", "p_never") == 0


@pytest.mark.slow
def test_a_class_that_a_parameter_decides_is_decided_a_draw_at_a_time():
    results = _run("mine=formula: a*log(log(C))", overrides=("a=0.5..2@90%",))
    found = _number(results, "mine", "limit_gap")
    shared, investment = math.log(1.4 * 2.8), math.log(5 / 1.4)
    assert found == pytest.approx(1.25 * math.log1p(investment / shared), rel=0.02)


@pytest.mark.parametrize(
    ("metric", "message"),
    [
        ("mine=formula: sin(x)", "no normal metric"),
        ("mine=formula: 1/(x-60)", "no normal metric"),
        ("mine=formula: -x", "no normal metric"),
        ("mine=of task_success_1h: (y-0.5)**2", "at y = "),
        ("mine=of validation_loss: (y-2)**2", "at y = "),
        ("mine=of task_success_1h: -y", "at y = "),
        ("mine=formula: x*q", "q is missing"),
        ("mine=formula: x.real", "formula"),
        ("mine=formula: __import__('os')", "formula"),
        ("formula: x", "needs a label"),
        ("mine=of head_to_head_win_rate: y", "two players"),
        ("mine=of nothing: y", "unknown metric"),
        ("mine=of task_success_1h", "of METRIC: formula"),
    ],
)
def test_what_is_no_metric_is_refused(metric, message):
    experiment = mc.Experiment(name="own", question="?", metrics=(metric,), end=END)
    with pytest.raises(Refusal) as refusal:
        make_plan(experiment, priors.load("literature-2026"))
    assert message in str(refusal.value)


@pytest.mark.slow
def test_a_formula_that_bends_too_sharply_is_refused_with_the_draw():
    wave = "mine=formula: x + 0.0000999*sin(10000*x)"
    with pytest.raises(CoarseIntegral, match="draw"):
        _run(wave, overrides=("initial_compute_ratio=1.001", "investment_growth=1.05"))


def test_a_formula_needs_a_label_of_letters():
    with pytest.raises(BadArgument, match="label"):
        metric_choice("my+metric=formula: x")

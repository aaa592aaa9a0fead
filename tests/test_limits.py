"""Where each gap goes as time goes on for ever, whatever the signs of growth."""

import functools
import itertools
import math
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
import sympy as sp
from metric_cases import QUICK, Case, floats, texts, tiered_texts
from tiers import tiered
from worlds import dtype, mp, mpf

from mc.model.formula import parse
from mc.model.meekness import LOWEST_COMPUTE, decide
from mc.model.registry import metric_choice, shelf

SIGNS = (-0.9, 0.0, 0.9)
INFERENCE = ((0.5, 0.7), (0.4, -0.6), (-0.5, -0.3), (-0.4, 0.6), (0.0, 0.0))
"""Growth of efficiency, and of the frontier's spending on inference."""
KINK = ("early_horizon_doubling_time", "horizon_kink_date")
"""Read off growth on a date: see ``test_kinked_horizon`` for worlds of all signs."""
YEARS = {"log_log_compute": 10**9, "pass_at_k": 600}
"""When a gap is about where it goes; 3,000 years for all others."""


def worlds():
    """All signs of shared growth, investment and lead, with inference and harms."""
    combos = list(itertools.product(SIGNS, SIGNS, SIGNS, INFERENCE))
    shared, investment, ratio, inference = map(np.array, zip(*combos, strict=True))
    turn = np.arange(len(combos))
    return {
        "hardware_growth": np.zeros(len(combos)),
        "algorithmic_growth": shared,
        "investment_growth": investment,
        "initial_compute_ratio": ratio,
        "horizon_elasticity": np.full(len(combos), 0.4),
        "inference_efficiency_growth": inference[:, 0],
        "inference_investment_growth": inference[:, 1],
        "initial_inference_ratio": ratio * np.where(turn % 2, 1.0, -0.5),
        "harm_growth": np.array([0.0, 0.05, 0.5, -0.1])[turn % 4],
        "harm_exponent": np.array([0.0, 0.05, 0.4])[turn // 3 % 3],
        "misalignment_exponent": np.full(len(combos), 0.17),
        "coverage_training_exponent": np.full(len(combos), 0.11),
        "pass_at_k_exponent": np.full(len(combos), 0.3),
        "misalignment_floor": np.array([0.0, 0.0, 0.02])[turn // 2 % 3],
    }


@pytest.fixture(scope="module", params=tiered_texts(every=False))
def case(request):
    return Case(request.param, worlds(), without=("horizon_doubling_time", *KINK))


@pytest.fixture(scope="module")
def limit(case):
    return floats(
        jax.jit(lambda r, b: r.limit_gap(b.limits()))(case.record, case.budget)
    )


def _late_gap(case, i):
    years = mpf(YEARS.get(case.entry.name, 3000))
    form = case.exact(i)
    with mp.workdps(500 if years < 10**9 else 60):
        return form.gap(*form.budget(years), years)


def test_the_limit_is_where_the_gap_goes(case, limit, x64):
    tolerance = 1e-6 if x64 else 2e-5
    for i in range(0, case.size, 3):
        gap = _late_gap(case, i)
        if math.isinf(limit[i]):
            assert mp.sign(gap) == np.sign(limit[i]), (i, case.host[i])
            assert abs(gap) > 10, (i, case.host[i])
        else:
            error = abs(gap - limit[i])
            assert error <= tolerance * max(1, abs(limit[i])), (i, gap, case.host[i])


@jax.jit
def _everything(record, budget, years):
    x, lead = budget.x(years), budget.lead(years)
    now = record.on(years)
    return {
        **now.series(x, lead),
        "rise": record.rise(budget, years),
        "signed gap": now.gap(x, lead),
        "log gap": now.log_gap(x, lead),
    }


def test_no_sign_of_growth_or_lead_gives_nan(case, limit):
    assert not np.any(np.isnan(limit))
    for years in (0.0, 3.0, 90.0, 3e3, 1e6):
        found = _everything(case.record, case.budget, jnp.asarray(years, dtype()))
        for name, values in found.items():
            assert not np.any(np.isnan(values)), (name, years)


def test_the_gap_never_has_the_sign_of_the_other_actor(case):
    if case.entry.name in ("expected_harm_capability", "task_volume"):
        return
    for years in (0.0, 3.0, 90.0, 3e3):
        t = jnp.asarray(years, dtype())
        gap = floats(_everything(case.record, case.budget, t)["signed gap"])
        sign = np.sign(floats(case.budget.lead(t)))
        assert np.all((gap == 0) | (np.sign(gap) == sign))


def _formulas():
    """One way of typing each formula of the shelf, and those of the quick metrics."""
    chosen = {}
    for text in texts(normal=True):
        chosen.setdefault(metric_choice(text).entry.formula, text)
    names = {text.partition(":")[0] for text in QUICK}
    quick = [text for text in chosen.values() if text.partition(":")[0] in names]
    return tiered(chosen.values(), quick)


@functools.cache
def _kind(text):
    formula = parse(text)
    names = formula.expression.free_symbols - {formula.variable}
    positive = {name: sp.Symbol(str(name), positive=True) for name in names}
    expression: Any = formula.expression.xreplace(positive)
    *_, verdict = decide(expression, formula.variable, math.log(LOWEST_COMPUTE))
    return verdict.kind


@pytest.mark.parametrize("text", _formulas())
def test_the_limit_of_every_draw_is_that_of_the_theorem(text):
    case = Case(text)
    limits = case.budget.limits()
    growing = (floats(limits.meek_growth) > 0) & (floats(limits.lead_growth) > 0)
    assert growing.mean() > 0.95
    limit = floats(case.record.limit_gap(limits))[growing]
    agrees = {
        "meek": limit == 0,
        "mighty-constant": np.isfinite(limit) & (limit > 0),
        "mighty-diverging": np.isposinf(limit),
    }[_kind(case.entry.formula)]
    assert agrees.all()


def test_what_is_no_normal_metric_says_why_and_where_its_gap_goes():
    for entry in shelf("metrics").values():
        assert bool(entry.formula) != bool(entry.not_normal)
        assert not entry.not_normal or entry.limit

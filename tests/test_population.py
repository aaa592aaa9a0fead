"""Populations of meek actors: the obvious loop over actors, and known indices."""

import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from metric_cases import Case, epsilon
from tiers import tiered
from worlds import P0, columns, dtype, prepared

from mc.outcomes.population import population_series

YEARS = (0.0, 0.7, 5.0, 20.0, 60.0)
OFFSETS = np.log([1.0, 0.01, 3.0, 100.0, 30.0, 1e4, 0.3])
CASES = {
    "validation_loss": -1,
    "task_success_1h": 1,
    "benchmark_gompertz": 1,
    "elo": 1,
    "time_horizon": 1,
    "time_horizon:gap=difference": 1,
    "relative_loss": 1,
    "misalignment_frequency": -1,
    "expected_harm_time": -1,
    "log_log_compute": 1,
    "elo_inference": 1,
}
"""Metrics of every scale and sign, and which way is better."""
COUNTS = ("within", "above_it")


@jax.jit
def _series(metric, path, years, offsets, log_tolerance, level, direction):
    return {
        scale: population_series(
            metric,
            metric.budget(path),
            years[:, None],
            offsets=offsets,
            log_tolerance=log_tolerance,
            levels={"it": level},
            direction=direction,
            scale=scale,
        )
        for scale in ("linear", "log")
    }


def series(metric, path, *, scale, tolerance, level, direction, offsets=OFFSETS):
    """What is banded, on the host."""
    numbers = (YEARS, offsets, math.log(tolerance), level, direction)
    typed = [jnp.asarray(number, dtype()) for number in numbers]
    found = _series(metric, path, *typed)[scale]
    return {name: np.asarray(values, float) for name, values in found.items()}


def loop(metric, path, *, scale, tolerance, level, direction, offsets=OFFSETS):
    """The same, actor by actor and pair by pair."""
    years = jnp.asarray(YEARS, dtype())[:, None]
    budget = metric.budget(path)
    now, count = metric.on(years), len(offsets)
    scores, gaps = [], []
    for offset in np.asarray(offsets, dtype()):
        x, lead = budget.x(years) + offset, budget.lead(years) - offset
        scores.append(np.asarray(now.series(x, lead)["meek"]))
        gaps.append(np.asarray(now.log_gap(x, lead)))
    scores, gaps = np.stack(scores), np.stack(gaps)
    past = scores >= level if direction > 0 else scores <= level
    wide = scores.astype(np.longdouble)
    number = np.exp(wide) if scale == "log" else wide
    number = np.where(np.isfinite(number).all(axis=0), number, np.nan)
    pairs = sum(abs(a - b) for a in number for b in number)
    size = abs(number).sum(axis=0)
    nothing, size = size == 0, np.where(size == 0, 1, size)
    mean = number.mean(axis=0)
    return {
        "within": (gaps <= math.log(tolerance)).mean(axis=0),
        "above_it": past.sum(axis=0),
        "lowest": scores.min(axis=0),
        "mean": np.log(mean) if scale == "log" else mean,
        "highest": scores.max(axis=0),
        "concentration": pairs / (2 * count * size),
        "herfindahl": np.where(nothing, 1 / count, (number**2).sum(axis=0) / size**2),
    }


@pytest.mark.parametrize("text", tiered(CASES, quick=[*CASES][:3]))
def test_running_sums_are_those_of_the_loop(text):
    case = Case(text)
    middle = case.record.on(jnp.asarray(5.0, dtype())).series(0 * case.x, 0 * case.x)
    told = {
        "scale": case.entry.scale,
        "tolerance": case.entry.tolerance,
        "level": float(np.median(np.asarray(middle["meek"]))) * 1.01 + 1e-3,
        "direction": CASES[text],
    }
    if told["scale"] == "log":
        told["tolerance"] = math.log(told["tolerance"])
    found = series(case.record, case.path, **told)
    expected = loop(case.record, case.path, **told)
    assert set(found) == set(expected)
    held = np.isfinite(np.asarray(expected["concentration"], float))
    top = np.maximum(np.abs(expected["lowest"]), np.abs(expected["highest"]))[held]
    digits = 32 * epsilon() * np.maximum(1, np.abs(np.log(np.maximum(top, 1e-30))))
    assert held.mean() > 0.5
    for name, values in found.items():
        assert values.shape == (len(YEARS), case.size)
        assert not np.isnan(values).any()
        exact = np.asarray(expected[name], float)[held]
        if name in COUNTS:
            count = len(OFFSETS) if name == "within" else 1
            assert (
                np.mean(np.rint(values[held] * count) != np.rint(exact * count)) < 1e-3
            )
            continue
        index = name in ("concentration", "herfindahl")
        bar = digits * (1 if index else np.maximum(top, 1))
        assert np.all(np.abs(values[held] - exact) <= bar), name


def strengths(budgets, scale, gap, **changes):
    """Indices of a score that is a power of the budget, at the epoch."""
    metric = f"bradley_terry_strength:gap={gap}"
    path, record = prepared(metric, columns(1, elo_per_oom=400.0, **changes))
    found = series(
        record,
        path,
        scale=scale,
        tolerance=1.0,
        level=0.0,
        direction=1,
        offsets=np.log(budgets),
    )
    return {name: values[0, 0] for name, values in found.items()}


@pytest.mark.parametrize(("scale", "gap"), [("linear", "difference"), ("log", "ratio")])
def test_known_indices_come_out(scale, gap):
    """Scores 1, 2, 3, 4, the number itself or its logarithm: Gini 1/4, HHI 0.3."""
    found = strengths([3.0, 1.0, 4.0, 2.0], scale, gap)
    assert found["concentration"] == pytest.approx(0.25, abs=32 * epsilon())
    assert found["herfindahl"] == pytest.approx(0.3, abs=32 * epsilon())
    mean = math.log(2.5) if scale == "log" else 2.5
    assert found["mean"] == pytest.approx(mean, rel=32 * epsilon())


def test_the_order_of_actors_does_not_matter():
    budgets = np.array([3.0, 1.0, 4.0, 2.0])
    one = strengths(budgets, "linear", "difference")
    assert strengths(budgets[::-1], "linear", "difference") == one


def test_one_actor_is_alone():
    found = strengths([1.0], "linear", "difference")
    assert found["concentration"] == 0
    assert found["herfindahl"] == 1
    assert found["lowest"] == found["mean"] == found["highest"]


def test_equal_actors_share_equally():
    found = strengths([2.0] * 5, "linear", "difference")
    assert found["concentration"] == pytest.approx(0, abs=8 * epsilon())
    assert found["herfindahl"] == pytest.approx(0.2, abs=8 * epsilon())


def test_scores_of_both_signs_have_an_index_between_0_and_1():
    """Elo −120 and 120: half of the sum of sizes lies between each pair."""
    path, record = prepared("elo", columns(1))
    told = {"scale": "linear", "tolerance": 1.0, "level": 0.0, "direction": 1}
    spread = np.array([-1.0, 1.0]) * math.log(10)
    found = series(record, path, offsets=spread, **told)
    assert found["concentration"][0, 0] == pytest.approx(0.5, abs=8 * epsilon())
    assert found["lowest"][0, 0] == pytest.approx(-P0["elo_per_oom"], rel=1e-6)
    nobody = series(record, path, offsets=np.zeros(3), **told)
    assert nobody["concentration"][0, 0] == 0
    assert nobody["herfindahl"][0, 0] == pytest.approx(1 / 3, rel=8 * epsilon())


def test_scores_beyond_what_a_float_holds_keep_their_indices():
    """The largest has everything; two that are infinite have half each."""
    top = float(np.log10(np.finfo(dtype()).max)) + 5
    budgets = 10 ** np.array([0.0, 1.0])
    path, record = prepared(
        "bradley_terry_strength:gap=difference", columns(1, elo_per_oom=400.0)
    )
    told = {"scale": "linear", "tolerance": 1.0, "level": 0.0, "direction": 1}
    far = np.array([0.0, top]) * math.log(10)
    found = series(record, path, offsets=far, **told)
    assert found["herfindahl"][0, 0] == 1
    assert found["concentration"][0, 0] == 0.5
    assert np.isposinf(found["mean"][0, 0])
    both = series(record, path, offsets=far[1] + np.log(budgets), **told)
    assert both["herfindahl"][0, 0] == 0.5
    assert both["concentration"][0, 0] == 0


def test_who_is_ahead_of_the_frontier_is_within():
    path, record = prepared("elo", columns(1))
    told = {"scale": "linear", "tolerance": 35.0, "level": 1e9, "direction": 1}
    offsets = np.array([-9.0, -0.1, 0.0, 5.0])
    found = series(record, path, offsets=offsets, **told)
    assert found["within"][0, 0] == 0.75
    assert found["above_it"][0, 0] == 0


def test_the_share_within_is_that_of_the_closed_form_on_a_mighty_metric():
    """Elo: within 35 while k·(v·t − b) is at most 35·ln 10."""
    path, record = prepared("elo", columns(1))
    told = {"scale": "linear", "tolerance": 35.0, "level": 0.0, "direction": 1}
    offsets = np.linspace(0, 30, 61) + 0.01
    found = series(record, path, offsets=offsets, **told)
    reach = 35 * math.log(10) / P0["elo_per_oom"]
    for k, years in enumerate(YEARS):
        keeping = P0["investment_growth"] * years - offsets <= reach
        assert found["within"][k, 0] == pytest.approx(keeping.mean())

"""What each actor has of hardware and algorithms, against a sum over small steps."""

import math
from typing import Any

import numpy as np
import pytest
from path_worlds import PARTS, at, path_of
from worlds import P0, columns, dtype

from mc.model.inference import InferenceBudget

H, A, V = (P0[f"{n}_growth"] for n in ("hardware", "algorithmic", "investment"))
STEP, WALK = 1 / 64, 1e-10
"""Years a step; what adding 1,280 of them in float64 may lose."""
YEARS = (0.0, 1.5, 6.0, 6.75, 7.5, 20.0)
SLOWS, KINK = PARTS["hardware_slowdown_date"], PARTS["trend_kink_date"]
RATIO = math.log(5.0)
STATE: dict[str, Any] = {
    "meek_hardware_growth": math.log(1.1),
    "meek_algorithmic_share": 0.75,
    "meek_investment_growth": math.log(1.5),
    "initial_compute_ratio": RATIO,
}
SECRET: dict[str, Any] = {
    "proprietary_share": 0.25,
    "proprietary_hardware_share": 0.5,
    "initial_compute_ratio": RATIO,
}
SLOW = "inference_budget+hardware_slowdown+kinked_trend"


def walked(years, counts, spending, world):
    """Log compute of frontier and meek actor, a small step of money after another."""
    frontier, meek, share = RATIO, 0.0, world.get("meek_algorithmic_share", 1.0)
    share -= world.get("proprietary_share", 0.0)
    for step in range(round(years / STEP)):
        now = step * STEP
        cheaper = H if now < SLOWS else PARTS["late_hardware_growth"]
        better = A if now < KINK else PARTS["late_algorithmic_growth"]
        own = (1 - world.get("proprietary_hardware_share", 0.0)) * cheaper
        own = world.get("meek_hardware_growth", own)
        more = world.get("meek_investment_growth", 0.0)
        frontier += STEP * (counts * (spending + cheaper) + better)
        meek += STEP * (counts * (more + own) + share * better)
    return frontier, meek


@pytest.mark.parametrize(
    ("text", "counts", "spending", "world"),
    [
        ("hardware_slowdown+kinked_trend", 1, V, STATE),
        (SLOW, 2, PARTS["inference_investment_growth"], STATE),
        (
            f"{SLOW}+proprietary_progress",
            2,
            PARTS["inference_investment_growth"],
            SECRET,
        ),
        ("hardware_slowdown+kinked_trend+proprietary_progress", 1, V, SECRET),
    ],
)
def test_hardware_counts_as_often_as_money_and_algorithms_once(
    text, counts, spending, world
):
    path = path_of(text, **world)
    eps = float(np.finfo(np.dtype(dtype())).eps)
    for years in YEARS:
        frontier, meek = walked(years, counts, spending, world)
        x, lead = (float(f(at(years))[0, 0]) for f in (path.x, path.lead))
        slack = 64 * eps * (10 + 5 * years) + WALK
        assert x == pytest.approx(meek, abs=slack), years
        assert lead == pytest.approx(frontier - meek, abs=slack), years


@pytest.mark.parametrize(
    ("text", "world"),
    [
        ("hardware_slowdown", STATE),
        ("hardware_slowdown+proprietary_progress", SECRET),
    ],
)
def test_inference_is_paid_at_each_actors_own_price_of_a_flop(text, world):
    path = path_of(text, **world)
    efficiency, spending, ratio = 0.4, 0.7, 0.3
    inference = {
        "inference_efficiency_growth": efficiency,
        "inference_investment_growth": spending,
        "initial_inference_ratio": ratio,
    }
    budget = InferenceBudget.prepare(columns(1, **inference), path)
    silent = {**world, "meek_algorithmic_share": 1.0, "proprietary_share": 0.0}
    silent["meek_investment_growth"] = 0.0
    for years in YEARS:
        frontier, meek = walked(years, 1, spending, silent)
        progress = _algorithms(years)
        x, lead = (float(f(at(years))[0, 0]) for f in (budget.x, budget.lead))
        assert x == pytest.approx(meek - progress + efficiency * years, abs=1e-4)
        assert lead == pytest.approx(frontier - meek - RATIO + ratio, abs=1e-4)


def _algorithms(years):
    late = max(years - KINK, 0.0)
    return A * (years - late) + PARTS["late_algorithmic_growth"] * late


@pytest.mark.parametrize("text", ["exponential", "hardware_slowdown", "power_law"])
def test_limits_of_inference_follow_each_actors_hardware(text):
    path = path_of(text, **STATE)
    budget = InferenceBudget.prepare(
        columns(
            1,
            inference_efficiency_growth=0.0,
            inference_investment_growth=-0.5 * H,
            initial_inference_ratio=0.3,
        ),
        path,
    )
    limits, far = budget.limits(), at(1e5)
    if text == "power_law":
        assert float(limits.lead[0]) == -math.inf
        return
    for name, value in (
        ("meek_growth", budget.meek_growth),
        ("lead_growth", budget.lead_growth),
    ):
        found = float(getattr(limits, name)[0])
        assert found == pytest.approx(float(value(far)[0, 0]), rel=1e-5)
    late = float(limits.meek_offset[0]) + float(limits.meek_growth[0]) * 1e5
    assert late == pytest.approx(float(budget.x(far)[0, 0]), rel=1e-5)
    ahead = float(limits.frontier_offset[0]) - float(limits.meek_offset[0])
    expected = float(budget.lead(far)[0, 0]) - 1e5 * float(limits.lead_growth[0])
    assert ahead == pytest.approx(expected, abs=0.05)

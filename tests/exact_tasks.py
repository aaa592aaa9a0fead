"""Time horizons, success and shares of tasks by their textbook formulas."""

from exact_shapes import (
    Exact,
    horizon_budget,
    inference,
    log_horizon,
    normal,
    success,
)
from worlds import mp, mpf


def time_horizon(p, a, words):
    del a
    half = log_horizon(p)
    ratios = {"50": 0, "80": 1}[words["reliability"]]
    shorter = ratios * p["horizon_ratio_50_80"] if ratios else mpf(0)
    form = {
        "ratio": lambda x: half(x) - shorter,
        "difference": lambda x: mp.exp(half(x) - shorter) / 60,
        "doublings": lambda x: (half(x) - shorter) / mp.log(2),
    }[words["gap"]]
    return normal(form, horizon_budget(p))


def task_success(p, a, words):
    del words
    solved = success(p)
    return normal(lambda x: solved(x, a["minutes"]), horizon_budget(p))


def task_volume(p, a, words):
    """Tasks tried, by inference, times the share solved, by training."""
    del words
    solved, tried = success(p), inference(p)

    def gap(x, lead, t):
        share = [mp.log(solved(at, a["minutes"])) for at in (x + lead, x)]
        return tried(t)[1] + share[0] - share[1]

    return Exact(gap=gap, budget=horizon_budget(p))


SUITES = {
    "metr": (
        (66, mp.sqrt(mpf(1) / 120), mp.log(30) / mpf("3.92")),
        (97, mp.sqrt(1800), mp.log(1800) / mpf("3.92")),
        (7, 480, mpf("0.1")),
    ),
    "occupation": ((1, 60, mp.log(12) / mpf("1.645")),),
}
"""Weight, median in minutes and sd of ln length of each part of a law of lengths."""

STEP, REACH = mpf("0.2"), 9
"""Trapezoidal rule over normal scores: its error is e^(−2π²/(0.2·β·sd)), below 1e-15
for slopes β up to 1.5 and parts as wide as these."""


def task_share(p, a, words):
    """Success averaged over a mixture of lognormal lengths."""
    del a
    parts, half = SUITES[words["tasks"]], log_horizon(p)
    slope = mp.log(4) / p["horizon_ratio_50_80"]
    total = sum(weight for weight, _, _ in parts)
    count = int(REACH / STEP)
    shares = [mp.npdf(k * STEP) * STEP for k in range(-count, count + 1)]
    whole = sum(shares)

    def value(x):
        mean = mpf(0)
        for weight, minutes, sd in parts:
            factor = mp.exp(slope * sd * STEP)
            odds = mp.exp(
                -slope * (half(x) - mp.log(minutes)) - count * slope * sd * STEP
            )
            for share in shares:
                mean += weight * share / (1 + odds)
                odds *= factor
        return mean / (total * whole)

    return normal(value, horizon_budget(p))

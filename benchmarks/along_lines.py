"""Dates integrated along lines against the draws of the same run, over seeds."""

import dataclasses
import os
from typing import Any

import numpy as np
from jaxtyping import Float

from benchmarks.accuracy import FEWEST, variance_ratio
from benchmarks.estimates import PROBS, SUCCESS
from benchmarks.job import TODAY
from mc.engine.experiment import Experiment
from mc.engine.plan import make_plan
from mc.engine.run import execute
from priors.cards import Card, load

CARDS = ("paper-2026", "windows-2026")
METRICS = ("validation_loss", *SUCCESS)
QUANTITY = "convergence_date"
PLAIN = Experiment(
    name="along-lines",
    question="How far off are dates, plainly and integrated along lines?",
    metrics=METRICS,
)
CONTENDERS = {
    "plain": PLAIN,
    "lines": dataclasses.replace(PLAIN, preintegrate=True),
}

Found = dict[str, Float[np.ndarray, " seeds"]]
"""Decimal years of each seed by figure; NaN where a quantile is a word."""


def measure(points: int, repetitions: int) -> dict[str, Any]:
    """Variance over seeds of plain dates over that of integrated ones, by card.

    Args:
        points: Draws of a run, all 16 replicates together.
        repetitions: Seeds, 8 at least; both run with each.

    Raises:
        ValueError: If there are too few seeds for limits.
    """
    if repetitions < FEWEST:
        raise ValueError(f"{repetitions} seeds: limits need {FEWEST} at least")
    cards = {name: _of_card(load(name), points, repetitions) for name in CARDS}
    return {"draws": points, "seeds": repetitions, "cards": cards}


def lines(told: dict[str, Any]) -> list[str]:
    """The table of ``measure`` in 80 columns."""
    rows = []
    for card, found in told["cards"].items():
        seconds = found["user_cpu_seconds"]
        costs = f"{seconds['plain']:.2g} s and {seconds['lines']:.2g} s of CPU"
        rows.append(f"{card}: runs of {told['draws']:,} draws, {costs}")
        rows += [
            f" {figure:45} {one['variance_ratio']:8.3g} "
            f"[{one['low']:.3g}–{one['high']:.3g}]"
            for figure, one in found["figures"].items()
        ]
    return rows


def _of_card(card: Card, points: int, repetitions: int) -> dict[str, Any]:
    dates: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
    seconds: dict[str, list[float]] = {name: [] for name in CONTENDERS}
    # The last seed only compiles.
    for seed in (repetitions, *range(repetitions)):
        for name, experiment in CONTENDERS.items():
            clock = os.times().user
            found = _dates(experiment, card, points, seed)
            if seed < repetitions:
                dates[name].append(found)
                seconds[name].append(os.times().user - clock)
    told = {}
    for figure in dates["plain"][0]:
        plain, smooth = (
            np.array([one[figure] for one in dates[name]]) for name in CONTENDERS
        )
        ratio, low, high = variance_ratio(plain, smooth)
        error = float(plain.std(ddof=1))
        told[figure] = {
            "variance_ratio": ratio,
            "low": low,
            "high": high,
            "plain_error": error,
            "shift": float((smooth - plain).mean()),
            "shift_error": float((smooth - plain).std(ddof=1) / repetitions**0.5),
        }
    costs = {name: float(np.median(spent)) for name, spent in seconds.items()}
    return {"user_cpu_seconds": costs, "figures": told}


def _dates(
    experiment: Experiment, card: Card, points: int, seed: int
) -> dict[str, float]:
    """Quantiles of the closing date of every metric, decimal years."""
    plan = make_plan(experiment, card, draws=points, seed=seed, today=TODAY)
    results = execute(plan)
    return {
        f"{metric}/{QUANTITY}/q{prob:g}": float(
            results.statistic(metric, QUANTITY, f"q{prob:g}").to_dict()["number"]
        )
        for metric in METRICS
        for prob in PROBS
    }

"""Accuracy of the designs: variance over seeds against that of independent draws.

A ratio of variances tells how many times as many independent draws come as near; times
the ratio of CPU seconds it tells how many times as long they take.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float

from benchmarks.estimates import Estimates, of_engine, of_numpy

REFERENCE = "independent"
DESIGNS = ("sobol", "lattice", REFERENCE)
NUMPY = "numpy"
RESAMPLES = 4_000
"""Bootstrap resamples of the seeds behind an interval."""
FEWEST = 8
"""Seeds below which a bootstrap of their variance says nothing."""
RARE = 0.01
"""Shares nearer to none or all have too few draws behind them for a ratio."""
TARGETS = {"means": 10_000.0, "loss_dates": 6.0, "success_dates": 2.0}
"""How many times smaller the variance of a design is wanted."""

Spread = dict[str, dict[str, Float[np.ndarray, " seeds"]]]
"""Estimates of each seed, by contender and figure."""


def measure(points: int, repetitions: int) -> dict[str, Any]:
    """Ratios of variances of every figure, with 95 % limits by bootstrap over seeds.

    Args:
        points: Draws of a run, all 16 replicates together.
        repetitions: Seeds, 8 at least; every contender runs with each.

    Raises:
        ValueError: If there are too few seeds for limits.
    """
    if repetitions < FEWEST:
        raise ValueError(f"{repetitions} seeds: limits need {FEWEST} at least")
    found, seconds = estimates(points, repetitions)
    return {"draws": points, "seeds": repetitions} | compared(found, seconds)


def compared(
    found: Spread, seconds: dict[str, Float[np.ndarray, " seeds"]]
) -> dict[str, Any]:
    """Median seconds, the ratios of every figure and what became of the targets."""
    costs = {name: float(np.median(spent)) for name, spent in seconds.items()}
    ratios = {
        figure: against_reference(found, figure, costs)
        for figure, values in found[REFERENCE].items()
        if _tells(figure, values)
    }
    return {
        "user_cpu_seconds": costs,
        "targets": {
            name: _verdict(name, least, ratios) for name, least in TARGETS.items()
        },
        "figures": ratios,
    }


def estimates(
    points: int, repetitions: int
) -> tuple[Spread, dict[str, Float[np.ndarray, " seeds"]]]:
    """What every seed came to, and the user CPU seconds of each contender.

    Contenders take turns, each compiled before with a seed that is not used.
    """
    contenders = _contenders(points)
    for work in contenders.values():
        work(repetitions)
    found: dict[str, list[Estimates]] = {name: [] for name in contenders}
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for seed in range(repetitions):
        for name, work in contenders.items():
            clock = os.times().user
            found[name].append(work(seed))
            seconds[name].append(os.times().user - clock)
    spread = {
        name: {figure: np.array([one[figure] for one in of]) for figure in of[0]}
        for name, of in found.items()
    }
    return spread, {name: np.array(spent) for name, spent in seconds.items()}


def against_reference(
    found: Spread, figure: str, costs: dict[str, float]
) -> dict[str, Any]:
    """One figure: the error of independent draws, and each contender's ratio to it."""
    reference = found[REFERENCE][figure]
    told: dict[str, Any] = {
        "estimate": float(found["sobol"][figure].mean()),
        "independent_error": float(reference.std(ddof=1)),
    }
    for name, figures in found.items():
        if name == REFERENCE or figure not in figures:
            continue
        ratio, low, high = variance_ratio(reference, figures[figure])
        told[name] = {
            "variance_ratio": ratio,
            "low": low,
            "high": high,
            "time_ratio": ratio * costs[REFERENCE] / costs[name],
        }
    return told


def variance_ratio(
    reference: Float[np.ndarray, " seeds"], design: Float[np.ndarray, " seeds"]
) -> tuple[float, float, float]:
    """``Var(reference) / Var(design)`` with its bootstrap 95 % limits."""
    rng = np.random.default_rng(0)
    picks = rng.integers(len(reference), size=(2, RESAMPLES, len(reference)))
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = reference.var(ddof=1) / design.var(ddof=1)
        resampled = reference[picks[0]].var(axis=1) / design[picks[1]].var(axis=1)
    low, high = np.quantile(resampled, [0.025, 0.975], method="inverted_cdf")
    return float(ratio), float(low), float(high)


def lines(told: dict[str, Any]) -> list[str]:
    """The table of ``measure`` in 80 columns: ratios of variances and their limits."""
    heads = ("error", *(name for name in (*DESIGNS, NUMPY) if name != REFERENCE))
    rows = [f"{'':27}" + _cells(heads)]
    metric = ""
    for figure, ratios in told["figures"].items():
        label, quantity, statistic = figure.split("/")
        if label != metric:
            metric = label
            rows.append(label)
        short = f"{quantity} {statistic}".replace("-01-01", "")
        cells = [f"{ratios['independent_error']:.2g}"]
        cells += [_cell(ratios[name]) for name in heads[1:] if name in ratios]
        rows.append(f" {short:26}" + _cells(cells))
    return rows


def _contenders(points: int) -> dict[str, Callable[[int], Estimates]]:
    def design(name: str) -> Callable[[int], Estimates]:
        return lambda seed: of_engine(name, seed, points)

    engine = {name: design(name) for name in DESIGNS}
    return engine | {NUMPY: lambda seed: of_numpy(seed, points)}


def _tells(figure: str, values: Float[np.ndarray, " seeds"]) -> bool:
    """Whether a figure is a number in every seed, and no share that is all but sure."""
    is_share = "/p_by_" in figure
    return bool(
        np.all(np.isfinite(values))
        and not (is_share and min(values.mean(), 1 - values.mean()) < RARE)
    )


def _verdict(
    name: str, least: float, ratios: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """How many figures of a target each design brings there, and its worst one."""
    wanted = [figure for figure in ratios if _group(figure) == name]
    told: dict[str, Any] = {"asked": least, "figures": len(wanted)}
    for design in DESIGNS:
        if design == REFERENCE:
            continue
        reached = {f: ratios[f][design]["variance_ratio"] for f in wanted}
        worst = min(reached, key=reached.__getitem__)
        told[design] = {
            "reached": sum(ratio >= least for ratio in reached.values()),
            "smallest": reached[worst],
            "smallest_of": worst,
            "geometric_mean": float(np.exp(np.mean(np.log([*reached.values()])))),
        }
    return told


def _group(figure: str) -> str:
    """The target that a figure falls under, or nothing."""
    label, quantity, statistic = figure.split("/")
    if statistic == "mean":
        return "means"
    if not statistic.startswith("q") or not quantity.endswith("_date"):
        return ""
    return "loss_dates" if label == "validation_loss" else "success_dates"


def _cells(texts: Sequence[str]) -> str:
    return "".join(f"{text:>{15 if i else 8}}" for i, text in enumerate(texts))


def _cell(ratio: dict[str, float]) -> str:
    low, high = _short(ratio["low"]), _short(ratio["high"])
    return f"{_short(ratio['variance_ratio'])} {low}–{high}"


def _short(ratio: float) -> str:
    """A ratio in four characters."""
    if ratio < 0.1:
        return "<0.1"
    for unit, size in (("M", 1e6), ("k", 1e3)):
        if ratio >= size:
            scaled = ratio / size
            return f"{scaled:.1f}{unit}" if scaled < 10 else f"{scaled:.0f}{unit}"
    return f"{ratio:.2g}" if ratio < 100 else f"{ratio:.0f}"

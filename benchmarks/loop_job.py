"""The standard job as published forecasts are written: a Python loop over the draws.

Every draw is simulated month by month with the ``math`` module; quantiles come from
sorted lists. Work a draw is the same as in the other contenders, no more.
"""

import math

import numpy as np

from benchmarks.job import LEVELS, TASKS, TOLERANCE, drawn, months

Draw = tuple[float, float, float, float, float]


def run(num_draws: int, seed: int = 0) -> dict[str, list[list[float]]]:
    """Quantiles of gap, frontier and meek of every metric by month, and of events."""
    inputs = drawn(num_draws, np.random.default_rng(seed))
    draws = [
        (
            float(inputs.shared[i]),
            float(inputs.lead[i]),
            float(inputs.elasticity[i]),
            float(inputs.log_start[i]),
            float(inputs.slope[i]),
        )
        for i in range(num_draws)
    ]
    dates = months().tolist()
    metrics: dict[str, list[list[float]]] = {}
    for minutes in (0.0, *TASKS):
        rows: list[list[float]] = [[] for _ in range(3 * len(dates))]
        events: list[list[float]] = [[], [], []]
        for draw in draws:
            _simulate(draw, minutes, dates, rows, events)
        name = f"task_success_{minutes:g}min" if minutes else "time_horizon"
        metrics[name] = [_levels(row) for row in (*rows, *events)]
    return metrics


def _simulate(
    draw: Draw,
    minutes: float,
    dates: list[float],
    rows: list[list[float]],
    events: list[list[float]],
) -> None:
    """One draw of one metric, month by month."""
    shared, lead, elasticity, log_start, slope = draw
    peak, peak_years, closed = -math.inf, 0.0, -math.inf
    for place, years in enumerate(dates):
        meek = log_start + elasticity * shared * years
        frontier = meek + elasticity * lead * years
        if minutes:
            meek = 1 / (1 + math.exp(-slope * (meek - math.log(minutes))))
            frontier = 1 / (1 + math.exp(-slope * (frontier - math.log(minutes))))
        gap = frontier - meek
        rows[3 * place].append(gap)
        rows[3 * place + 1].append(frontier)
        rows[3 * place + 2].append(meek)
        if gap > peak:
            peak, peak_years = gap, years
        if gap > TOLERANCE:
            closed = years
    for values, value in zip(events, (peak, peak_years, closed), strict=True):
        values.append(value)


def _levels(values: list[float]) -> list[float]:
    ordered = sorted(values)
    return [ordered[math.ceil(level * len(ordered)) - 1] for level in LEVELS]

"""The standard job in NumPy, float64: chunked and careful, on the one core it uses.

Values are made a chunk of draws at a time, so that temporaries stay in cache, and kept
a few dates at a time, so that they fit in memory; each row is then sorted.
"""

from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float

from benchmarks.job import (
    LEVELS,
    TASKS,
    TOLERANCE,
    Inputs,
    drawn,
    months,
    until_years,
)

CHUNK = 2**14
DATES_AT_ONCE = 8
KNOTS = 48
HALVINGS = 40
ROWS = ("peak", "peak_years", "closed_years")

Rows = Float[np.ndarray, "dates draws"]
Bands = dict[str, np.ndarray]


def run(num_draws: int, *, by_sorting: bool, seed: int = 0) -> dict[str, Bands]:
    """Bands and events of all metrics.

    Args:
        num_draws: N.
        by_sorting: ``np.sort`` and take order statistics, or ``np.quantile``.
        seed: Of the draws.

    Returns:
        For each metric the quantiles of gap, frontier and meek, ``[dates, levels]``,
        and of the peak's height and date and of the date of closing.
    """
    inputs = drawn(num_draws, np.random.default_rng(seed))
    quantiles = _sorted if by_sorting else _quantiles
    found = {"time_horizon": _bands(inputs, _horizon, quantiles)}
    for minutes in TASKS:
        name = f"task_success_{minutes:g}min"
        found[name] = _bands(inputs, _success(minutes), quantiles)
        events = np.concatenate(
            [closing(part, minutes) for part in _chunks(inputs)], axis=1
        )
        for row, values in zip(ROWS, events, strict=True):
            found[name][row] = quantiles(values[None])[0]
    return found


def success_gap(inputs: Inputs, years: np.ndarray, minutes: float) -> Rows:
    """Gap of the success share, ``sinh`` of half the lead over two ``cosh``."""
    low = _logit(inputs, years, minutes)
    ahead = inputs.slope * inputs.elasticity * inputs.lead * years
    meek, behind = 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(low + ahead))
    return meek * behind * np.expm1(ahead)


def closing(inputs: Inputs, minutes: float) -> Float[np.ndarray, "3 draws"]:
    """Height and date of the peak, and the date from which the gap stays small.

    A date past the window is infinity; a gap that never exceeds the tolerance is
    closed from the start, minus infinity.
    """
    until = until_years()
    knots = until * np.linspace(0, 1, KNOTS)[1:, None] ** 1.5

    def rising(years: np.ndarray) -> np.ndarray:
        """The derivative of the gap: ``f·p'(frontier) − s·p'(meek)``."""
        low = _logit(inputs, years, minutes)
        high = low + inputs.slope * inputs.elasticity * inputs.lead * years
        ahead = (inputs.shared + inputs.lead) / (np.cosh(high / 2) ** 2)
        return ahead - inputs.shared / (np.cosh(low / 2) ** 2)

    with np.errstate(over="ignore"):
        falls = rising(knots) < 0
        first = np.argmax(falls, axis=0)
        left = np.where(first > 0, knots[first - 1, 0], 0.0)
        peak = _halved(rising, left, knots[first, 0])
        height = success_gap(inputs, peak, minutes)
        far = np.full_like(peak, 4 * until)
        closed = _halved(
            lambda years: success_gap(inputs, years, minutes) - TOLERANCE, peak, far
        )
    closed = np.where(height <= TOLERANCE, -np.inf, closed)
    return np.stack([height, peak, np.where(closed > until, np.inf, closed)])


def _halved(
    above: Callable[[np.ndarray], np.ndarray], left: np.ndarray, right: np.ndarray
) -> np.ndarray:
    """Where a function that starts above zero comes below it."""
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        is_above = above(middle) > 0
        left, right = (
            np.where(is_above, middle, left),
            np.where(is_above, right, middle),
        )
    return right


def _logit(inputs: Inputs, years: np.ndarray, minutes: float) -> Rows:
    """Logit of the meek actor's success."""
    log_horizon = inputs.log_start + inputs.elasticity * inputs.shared * years
    return inputs.slope * (log_horizon - np.log(minutes))


def _horizon(inputs: Inputs, years: np.ndarray) -> tuple[Rows, Rows, Rows]:
    """Logarithms of ratio, frontier and meek horizon: they rank as the numbers do."""
    gap = inputs.elasticity * inputs.lead * years
    meek = inputs.log_start + inputs.elasticity * inputs.shared * years
    return gap, meek + gap, meek


def _success(
    minutes: float,
) -> Callable[[Inputs, np.ndarray], tuple[Rows, Rows, Rows]]:
    def values(inputs: Inputs, years: np.ndarray) -> tuple[Rows, Rows, Rows]:
        low = _logit(inputs, years, minutes)
        ahead = inputs.slope * inputs.elasticity * inputs.lead * years
        meek, behind = 1 / (1 + np.exp(-low)), 1 / (1 + np.exp(low + ahead))
        return meek * behind * np.expm1(ahead), 1 - behind, meek

    return values


def _bands(
    inputs: Inputs,
    values: Callable[[Inputs, np.ndarray], tuple[Rows, Rows, Rows]],
    quantiles: Callable[[Rows], np.ndarray],
) -> Bands:
    num_draws, dates = len(inputs.shared), months()
    parts: list[np.ndarray] = []
    for first in range(0, len(dates), DATES_AT_ONCE):
        years = dates[first : first + DATES_AT_ONCE, None]
        rows = np.empty((3, len(years), num_draws))
        for begin in range(0, num_draws, CHUNK):
            part = inputs.part(begin, begin + CHUNK)
            end = begin + len(part.shared)
            for series, made in zip(rows, values(part, years), strict=True):
                series[:, begin:end] = made
        parts.append(np.stack([quantiles(series) for series in rows]))
    gap, frontier, meek = np.concatenate(parts, axis=1)
    return {"gap": gap, "frontier": frontier, "meek": meek}


def _sorted(rows: Rows) -> np.ndarray:
    """Order statistics at the levels, in place."""
    rows.sort(axis=1)
    places = np.ceil(np.array(LEVELS) * rows.shape[1]).astype(int) - 1
    return rows[:, places].copy()


def _quantiles(rows: Rows) -> np.ndarray:
    return np.quantile(rows, LEVELS, axis=1, method="inverted_cdf").T


def _chunks(inputs: Inputs) -> Iterator[Inputs]:
    for first in range(0, len(inputs.shared), CHUNK):
        yield inputs.part(first, first + CHUNK)

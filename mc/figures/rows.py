"""One metric in one row: its median gap, when it peaks and closes, its verdict."""

import datetime
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Shaped

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.bands import band_data
from mc.figures.labels import capital, metric_labels
from mc.figures.page import day_number
from mc.figures.style import number_words
from mc.figures.verdicts import Verdict, verdict

_LEVELS = ("q0.05", "q0.5", "q0.95")


@dataclass(frozen=True, kw_only=True)
class Span:
    """When an event happens: the 5, 50 and 95 % quantiles over all draws.

    Attributes:
        days: As matplotlib counts them; −inf for ``already``, +inf for no date.
        words: The same as dates, or as the statuses of those draws.
        never: Probability that it never happens.
        never_text: The same as written in ``summary.csv``.
    """

    days: tuple[float, float, float]
    words: tuple[str, str, str]
    never: float
    never_text: str


@dataclass(frozen=True, kw_only=True)
class Row:
    """What a page of metrics shows of one.

    Attributes:
        title: Name for a reader.
        unit: Unit of the gap, and the gap called closed.
        dates: Dates of the trend, ``datetime64[D]``.
        trend: Median gap over the largest, between −1 and 1; of a ratio, its
            logarithm. Zero where it is not finite.
        bar: The gap called closed on the same scale.
        peak: When the gap peaks.
        closed: When it is closed for good.
        verdict: What becomes of it for ever.
    """

    title: str
    unit: str
    dates: Shaped[np.ndarray, " dates"]
    trend: Float[np.ndarray, " dates"]
    bar: float
    peak: Span
    closed: Span
    verdict: Verdict


def row_data(results: Results, metric: str) -> Row:
    """The arrays and words of one metric's row.

    Raises:
        KeyError: If the run has no such metric, or no limits of gaps.
    """
    entry: dict[str, Any] = results.manifest["metrics"][metric]
    labels = metric_labels(results, metric)
    band = band_data(results, metric, "gap")
    is_ratio = entry["scale"] == "log"
    gap, bar = band.median, float(entry["tolerance"])
    if is_ratio:
        gap = np.log(np.where(gap > 0, gap, 1.0))
        bar = math.log(bar)
    gap = np.where(np.isfinite(gap), gap, 0.0)
    largest = float(np.abs(gap).max()) or 1.0
    return Row(
        title=capital(labels.title),
        unit=_unit(entry),
        dates=band.dates,
        trend=gap / largest,
        bar=bar / largest,
        peak=span_data(results, metric, "peak_date"),
        closed=span_data(results, metric, "convergence_date"),
        verdict=verdict(results, metric),
    )


def span_data(
    results: Results, metric: str, quantity: str, scenario: str = BASELINE
) -> Span:
    """When an event of one metric happens in one scenario."""
    rows = results.summary(metric=metric, quantity=quantity, scenario=scenario)
    rows = rows.set_index("statistic")
    text = [str(rows.at[level, "text"]) for level in _LEVELS]
    status = [str(rows.at[level, "status"]) for level in _LEVELS]
    low, middle, high = (
        _day(one, other) for one, other in zip(status, text, strict=True)
    )
    first, second, third = (
        _year(one, other) for one, other in zip(status, text, strict=True)
    )
    return Span(
        days=(low, middle, high),
        words=(first, second, third),
        never=float(rows.at["p_never", "number"]),
        never_text=str(rows.at["p_never", "text"]).replace("%", " %"),
    )


def _day(status: str, text: str) -> float:
    if status == "observed":
        return day_number(datetime.date.fromisoformat(text))
    return -math.inf if status == "already" else math.inf


def _year(status: str, text: str) -> str:
    """The year of a date; the status of a draw without one."""
    return text[:4] if status == "observed" else re.sub(" .*", "", status)


def _unit(entry: dict[str, Any]) -> str:
    """The unit of a gap and the size called closed."""
    unit, bar = entry["series"]["gap"], entry["tolerance"]
    if unit == "ratio":
        return f"frontier / meek; closed at ×{number_words(bar)}"
    if unit == "probability":
        return f"percentage points; closed at {number_words(100 * bar)}"
    return f"{unit}; closed at {number_words(bar)}"

"""How numbers, dates and outcomes are worded in the terminal."""

import math
from collections.abc import Callable

import pandas as pd

from mc.engine.results import Results

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
QUANTILES = ("q0.05", "q0.5", "q0.95")
_DOLLARS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))

Show = Callable[[float], str]


def number(value: float, digits: int = 3) -> str:
    """A number to some significant digits; powers of ten where it is far from 1."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    size = math.floor(math.log10(abs(value)))
    if -4 < size < 5:
        return f"{round(value, digits - 1 - size):,.{max(digits - 1 - size, 0)}f}"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    return f"{mantissa.rstrip('0').rstrip('.')}e{int(exponent)}"


def short(value: float) -> str:
    """A number to two significant digits."""
    return number(value, 2)


def dollars(value: float) -> str:
    """Dollars with the usual letters, as in ``$41M``."""
    for unit, letter in _DOLLARS:
        if unit <= value < 1000 * unit:
            return f"${short(value / unit)}{letter}"
    return f"${short(value)}"


def ratio(value: float) -> str:
    """A ratio, as in ``×3.3``."""
    return f"×{short(value)}"


def points(value: float) -> str:
    """A difference of probabilities in percentage points."""
    return f"{100 * value:.1f}"


def share(value: float) -> str:
    """A share in per cent."""
    return f"{short(100 * value)}%"


def of_unit(unit: str) -> tuple[Show, str]:
    """How a gap of a unit is shown, and what stands behind it."""
    if unit == "probability":
        return points, " points"
    if unit == "ratio":
        return ratio, ""
    return number, f" {unit}"


def month(iso: str) -> str:
    """An ISO date as ``Mar 2029``; words stay, and name years where they can."""
    year, _, rest = iso.partition("-")
    if year.isdigit():
        return f"{MONTHS[int(rest[:2]) - 1]} {year}"
    return iso.removesuffix("-01-01")


def outcome(row: pd.Series, show: Show) -> str:
    """A quantile: a number as ``show`` has it, or the word for censored mass."""
    return show(float(row["number"])) if row["status"] == "observed" else row["text"]


def spread(results: Results, metric: str, quantity: str, show: Show) -> str:
    """``50 % [5–95 %]`` of a quantity; a single entry where all draws agree."""
    low, middle, high = (
        outcome(results.statistic(metric, quantity, level), show)
        for level in QUANTILES
    )
    return middle if low == middle == high else f"{middle} [{low}–{high}]"


def dates(results: Results, metric: str, quantity: str) -> tuple[str, ...]:
    """The 5, 50 and 95 % quantiles of a date."""
    rows = (results.statistic(metric, quantity, level) for level in QUANTILES)
    return tuple(month(row["text"]) for row in rows)

"""How numbers, dates and outcomes are worded in the terminal."""

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mc.engine.results import Results

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun")
MONTHS += ("Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
QUANTILES = ("q0.05", "q0.5", "q0.95")
_DOLLARS = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"), (1.0, ""))

SPREAD = "50 % [5–95 %]"
"""Which quantiles ``spread`` writes."""

WITHOUT_END = "without end"
"""How the engine words a number above all others."""

Show = Callable[[float], str]


def number(value: float, digits: int = 3) -> str:
    """A number to some significant digits; powers of ten where it is far from 1."""
    if not math.isfinite(value):
        return "∞" if value > 0 else "-∞"
    if value == 0:
        return "0"
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    size = int(exponent)
    if -4 < size < 5:
        return f"{_rounded(value, digits):,.{max(digits - 1 - size, 0)}f}"
    return f"{mantissa.rstrip('0').rstrip('.')}e{size}"


def short(value: float) -> str:
    """A number to two significant digits."""
    return number(value, 2)


def dollars(value: float) -> str:
    """Dollars with the usual letters, as in ``$41M``."""
    for unit, letter in _DOLLARS:
        if unit <= _rounded(value, 2) < 1000 * unit:
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


def tolerance(value: float, unit: str) -> str:
    """A tolerance as it was given, with its unit."""
    if unit == "probability":
        return f"{100 * value:g} points"
    return f"×{value:g}" if unit == "ratio" else f"{value:g} {unit}"


def month(iso: str) -> str:
    """An ISO date as ``Mar 2029``; words stay, and name years where they can."""
    year, _, rest = iso.partition("-")
    if year.isdigit():
        return f"{MONTHS[int(rest[:2]) - 1]} {year}"
    return iso.removesuffix("-01-01")


def row(
    results: "Results", metric: str, quantity: str, statistic: str
) -> dict[str, Any]:
    """One row of the summary, by column."""
    found = results.statistic(metric, quantity, statistic).to_dict()
    return {str(column): value for column, value in found.items()}


def spread(results: "Results", metric: str, quantity: str, show: Show) -> str:
    """``50 % [5–95 %]`` of a quantity; a single entry where all draws agree."""
    low, middle, high = (
        _outcome(row(results, metric, quantity, level), show) for level in QUANTILES
    )
    dash = " to " if low.startswith("-") or high.startswith("-") else "–"
    if low == middle == high:
        return middle
    return f"{middle} [{low}{dash}{high}]".replace(WITHOUT_END, "∞")


def dates(
    results: "Results", metric: str, quantity: str, of: str = ""
) -> tuple[str, ...]:
    """The 5, 50 and 95 % quantiles of a date, of all draws or of some (``|…``)."""
    rows = (row(results, metric, quantity, level + of) for level in QUANTILES)
    return tuple(month(found["text"]) for found in rows)


def _rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def _outcome(found: dict[str, Any], show: Show) -> str:
    """A number as ``show`` has it, or the word for censored mass."""
    return show(found["number"]) if found["status"] == "observed" else found["text"]

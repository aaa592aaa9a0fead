"""Units of time, growth and size: the only place with ln 2, 12 or 365.25.

Every parameter lives on one canonical scale: growth as a natural logarithm per
year, durations as the logarithm of years, positive sizes as the logarithm of the
number in their own unit, dates as years since the reference date, the rest as is.
"""

import datetime
import math
import re
from dataclasses import dataclass
from typing import Literal

import numpy as np

from priors.shapes import Float

DAYS_PER_YEAR = 365.25
MONTHS_PER_YEAR = 12.0
HOURS_PER_WORK_YEAR = 2004.0  # METR counts 167 working hours a month
MINUTES = {"s": 1.0 / 60.0, "min": 1.0, "h": 60.0}
"""Minutes in what lengths of time are typed in."""
LN_2 = math.log(2.0)
LN_10 = math.log(10.0)

Kind = Literal["growth", "duration", "scale", "date", "share", "real"]
Form = Literal["linear", "log", "percent", "reciprocal", "date"]
Values = Float[np.ndarray, "..."]

_SUFFIXES = {"": 1.0, "k": 1e3, "M": 1e6, "B": 1e9, "G": 1e9, "T": 1e12}
_NUMBER = re.compile(
    r"\s*([+-]?(?:\d+(?:_\d+)*)?(?:\.\d*)?(?:[eE][+-]?\d+)?)([kMBGT]?)\s*"
)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """How a number typed in a card maps to the canonical scale, and back.

    Attributes:
        name: As written in cards, e.g. ``doubling_months``.
        kind: What it measures; units of one kind can stand for each other.
        form: The map: ``y = factor x``, ``y = ln(x / factor)``,
            ``y = ln(1 + x / 100)``, ``y = factor / x``, or a decimal year to years
            since ``epoch``.
        factor: The constant of the map.
        epoch: The reference date, for a date only.
    """

    name: str
    kind: Kind
    form: Form = "linear"
    factor: float = 1.0
    epoch: datetime.date | None = None

    @property
    def decreasing(self) -> bool:
        """Whether a larger typed number means a smaller canonical one."""
        return self.form == "reciprocal"

    @property
    def lowest(self) -> float:
        """The end of the numbers that can be typed; they all lie above it."""
        ends = {"log": 0.0, "reciprocal": 0.0, "percent": -100.0}
        return ends.get(self.form, -math.inf)

    def to_canonical(self, x: Values) -> Values:
        """Map typed numbers to the canonical scale.

        Numbers at or under ``lowest`` go to the end of the canonical scale.
        """
        above = np.maximum(x, self.lowest)
        with np.errstate(divide="ignore"):
            match self.form:
                case "linear":
                    return self.factor * x
                case "log":
                    return np.log(above / self.factor)
                case "percent":
                    return np.log1p(above / 100.0)
                case "reciprocal":
                    return self.factor / above
                case "date":
                    return _years_from_decimal(self._epoch(), x)

    def from_canonical(self, y: Values) -> Values:
        """Map canonical numbers back to what a card would say."""
        with np.errstate(divide="ignore"):
            match self.form:
                case "linear":
                    return y / self.factor
                case "log":
                    return self.factor * np.exp(y)
                case "percent":
                    return 100.0 * np.expm1(y)
                case "reciprocal":
                    return self.factor / y
                case "date":
                    return decimal_years(self._epoch(), y)

    def log_typed_slope(self, y: Values) -> Values:
        """Return ln |dx/dy|, x the typed and y the canonical number."""
        with np.errstate(divide="ignore", invalid="ignore"):
            match self.form:
                case "linear" | "date":
                    return np.full_like(y, -math.log(self.factor))
                case "log":
                    return math.log(self.factor) + y
                case "percent":
                    return math.log(100.0) + y
                case "reciprocal":
                    return math.log(self.factor) - 2.0 * np.log(y)

    def _epoch(self) -> datetime.date:
        if self.epoch is None:
            raise ValueError(f"the unit {self.name} needs a reference date")
        return self.epoch


GROWTH_UNITS = {
    unit.name: unit
    for unit in (
        Unit(name="x/yr", kind="growth", form="log"),
        Unit(name="OOM/yr", kind="growth", factor=LN_10),
        Unit(name="ln/yr", kind="growth"),
        Unit(name="percent/yr", kind="growth", form="percent"),
        Unit(name="doubling_years", kind="growth", form="reciprocal", factor=LN_2),
        Unit(
            name="doubling_months",
            kind="growth",
            form="reciprocal",
            factor=LN_2 * MONTHS_PER_YEAR,
        ),
        Unit(
            name="doubling_days",
            kind="growth",
            form="reciprocal",
            factor=LN_2 * DAYS_PER_YEAR,
        ),
    )
}
CANONICAL_GROWTH = "ln/yr"
LOG_COMPUTE = Unit(name="log10 FLOP", kind="scale", factor=LN_10)
_PER_YEAR = {"years": 1.0, "months": MONTHS_PER_YEAR, "days": DAYS_PER_YEAR}
DURATION_UNITS = {
    prefix + name: Unit(
        name=prefix + name, kind="duration", form="log", factor=per_year
    )
    for prefix in ("", "doubling_")
    for name, per_year in _PER_YEAR.items()
}


def own_unit(name: str, kind: Kind, epoch: datetime.date | None = None) -> Unit:
    """Return the unit that a parameter of one kind calls its own.

    Args:
        name: ``FLOP``, ``minutes``, ``1``, ``x/yr``, …
        kind: What the parameter measures.
        epoch: The reference date, needed where ``kind`` is ``date``.

    Raises:
        KeyError: If a growth or a duration has a unit by that name nowhere.
    """
    match kind:
        case "growth":
            return GROWTH_UNITS[name]
        case "duration":
            return DURATION_UNITS[name]
        case "scale" if name == LOG_COMPUTE.name:
            return LOG_COMPUTE
        case "scale":
            return Unit(name=name, kind=kind, form="log")
        case "date":
            return Unit(name=name, kind=kind, form="date", epoch=epoch)
        case "share" | "real":
            return Unit(name=name, kind=kind)


def spellings(own: str, kind: Kind) -> tuple[str, ...]:
    """Return the units in which a card may state a parameter.

    Args:
        own: The unit that the parameter calls its own.
        kind: What it measures.
    """
    match kind:
        case "growth":
            return tuple(GROWTH_UNITS)
        case "duration":
            return tuple(DURATION_UNITS)
        case "scale" if own == "FLOP":
            return (own, LOG_COMPUTE.name)
        case "real" if own != "1":
            return (own, "1")
        case _:
            return (own,)


def years_since(epoch: datetime.date, date: datetime.date) -> float:
    """Return the years of 365.25 days from ``epoch`` to ``date``."""
    return (date.toordinal() - epoch.toordinal()) / DAYS_PER_YEAR


def date_at(epoch: datetime.date, years: float) -> datetime.date:
    """Return the day nearest to ``years`` after ``epoch``.

    Raises:
        ValueError: If that day is before the year 1 or after the year 9999.
    """
    day = epoch.toordinal() + round(years * DAYS_PER_YEAR)
    if not 1 <= day <= datetime.date.max.toordinal():
        raise ValueError(f"{years} years after {epoch} is not a calendar date")
    return datetime.date.fromordinal(day)


def decimal_years(epoch: datetime.date, years: Values) -> Values:
    """Return offsets from ``epoch`` in years as decimal years."""
    shifted = np.asarray(years) * DAYS_PER_YEAR + _days_since_1970(epoch)
    finite = np.isfinite(shifted)
    days = np.where(finite, shifted, 0.0)
    year = np.floor(days).astype("datetime64[D]").astype("datetime64[Y]")
    start = year.astype("datetime64[D]").astype(np.int64)
    length = _next_year(year) - start
    decimal = year.astype(np.int64) + 1970 + (days - start) / length
    return np.where(finite, decimal, shifted)


def _years_from_decimal(epoch: datetime.date, decimal: Values) -> Values:
    whole = np.floor(decimal)
    year = (whole.astype(np.int64) - 1970).astype("datetime64[Y]")
    start = year.astype("datetime64[D]").astype(np.int64)
    length = _next_year(year) - start
    days = start + (decimal - whole) * length
    return (days - _days_since_1970(epoch)) / DAYS_PER_YEAR


def _next_year(year: np.ndarray) -> np.ndarray:
    """Days from 1970 to the start of the year after each ``datetime64[Y]``."""
    later = year + np.timedelta64(1, "Y")
    return later.astype("datetime64[D]").astype(np.int64)


def _days_since_1970(date: datetime.date) -> int:
    return date.toordinal() - datetime.date(1970, 1, 1).toordinal()


def parse_number(text: str) -> float:
    """Read a number as people type it: ``1e6``, ``1_000_000``, ``1M``, ``2.5k``.

    Raises:
        ValueError: If it is not a finite number; the message says what is allowed.
    """
    match = _NUMBER.fullmatch(text)
    if match is None or not any(c.isdigit() for c in match[1].split("e")[0]):
        raise ValueError(
            f'"{text}" is not a number; write 1.4, 1e6, 1_000_000 or 1M '
            "(suffixes k, M, B or G, T)"
        )
    value = float(match[1]) * _SUFFIXES[match[2]]
    if not math.isfinite(value):
        raise ValueError(f'"{text}" is not a finite number')
    return value


def parse_count(text: str) -> int:
    """Read a whole number of things, at least one, written as ``parse_number`` reads.

    Raises:
        ValueError: If it is not a whole number above zero.
    """
    value = parse_number(text)
    if value < 1 or value != int(value):
        raise ValueError(f'"{text}" is not a whole number of at least 1')
    return int(value)

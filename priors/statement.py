"""One law table of a card: its numbers, read and refused in the user's words."""

import datetime
import math
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from priors.faults import Fault, Refusal, nearest
from priors.units import Unit, date_at, years_since

DAYS = Unit(name="date", kind="date")


@dataclass(frozen=True, kw_only=True)
class Statement:
    """A table that states a law, with the faults found while reading it.

    Attributes:
        table: Keys and values as TOML gives them.
        unit: The unit of its numbers; dates are read as years since the epoch.
        key: Where the table stands in its parameter, e.g. ``mixture[0]``.
        folder: Folder of the card, for tables beside it.
        faults: What was refused so far, in the order found.
    """

    table: dict[str, Any]
    unit: Unit
    key: str = ""
    folder: Path | None = None
    faults: list[Fault] = field(default_factory=list)

    @property
    def typed_unit(self) -> Unit:
        """The unit from typed to canonical; dates are canonical once read."""
        return DAYS if self.unit.kind == "date" else self.unit

    def refuse(self, message: str, key: str = "") -> None:
        """Note a fault at ``key`` of this table."""
        self.faults.append(Fault(message, key=self.path(key)))

    def path(self, key: str = "") -> str:
        """Return the path of a key of this table in its parameter."""
        return f"{self.key}.{key}" if self.key and key else self.key or key

    def stop(self) -> None:
        """Raise what was refused, if anything was.

        Raises:
            Refusal: With all faults so far.
        """
        if self.faults:
            raise Refusal(self.faults)

    def only(self, allowed: Collection[str]) -> None:
        """Refuse every key that is not allowed in this kind of table."""
        for key in self.table:
            if key not in allowed:
                hint = nearest(key, allowed)
                known = ", ".join(sorted(allowed))
                self.refuse(f"unknown key {key}{hint} (allowed: {known})", key)

    def number(self, key: str, *, above: float = -math.inf) -> float | None:
        """Read a plain number, which must lie above ``above``; None where refused."""
        if key not in self.table:
            self.refuse(f"{key} is missing")
            return None
        value = self._finite(self.table[key], key)
        if value is not None and value <= above:
            remedy = " (for a constant use point = …)" if key in _WIDTHS else ""
            self.refuse(f"{key} = {value:g} must be > {above:g}{remedy}", key)
            return None
        return value

    def place(self, key: str) -> float | None:
        """Read a number in the parameter's unit, or a date; None where refused."""
        if key not in self.table:
            self.refuse(f"{key} is missing")
            return None
        return self._place(self.table[key], key)

    def places(self, key: str) -> tuple[float, float] | None:
        """Read two ends, the lower one first; None where refused."""
        value = self.table[key]
        if not isinstance(value, list) or len(value) != 2:
            self.refuse(f"{key} = {value!r} must be two ends, [low, high]", key)
            return None
        low, high = (self._place(end, key) for end in value)
        if low is None or high is None:
            return None
        if low >= high:
            is_equal = low == high
            what = "has two equal ends" if is_equal else "is upside down"
            remedy = "for a constant use point = …" if is_equal else "swap the ends"
            self.refuse(
                f"{key} = [{self.show(low)}, {self.show(high)}] {what}: the first end "
                f"must be below the second; {remedy}",
                key,
            )
            return None
        return low, high

    def levels(self, key: str) -> dict[float, float] | None:
        """Read quantiles by level, both rising; None where refused."""
        value = self.table[key]
        if not isinstance(value, dict) or len(value) < 2:
            self.refuse(
                f'{key} must be a table of at least two levels, {{"0.05" = …, '
                '"0.95" = …}',
                key,
            )
            return None
        found: dict[float, float] = {}
        for text, number in value.items():
            level = _level(text)
            place = self._place(number, f"{key}.{text}")
            if level is None:
                self.refuse(f"level {text} is not inside (0, 1)", f"{key}.{text}")
            elif level in found:
                self.refuse(f"level {level:g} is given twice", f"{key}.{text}")
            elif place is not None:
                found[level] = place
        if len(found) < len(value):
            return None
        pairs = list(found.items())
        for (p, low), (q, high) in pairwise(pairs):
            if p >= q:
                self.refuse(f"levels must rise: {q:g} stands after {p:g}", key)
            elif low >= high:
                self.refuse(
                    f"quantiles must rise with their level: {self.show(low)} at {p:g} "
                    f"is not below {self.show(high)} at {q:g}",
                    key,
                )
        return found

    def show(self, value: float) -> str:
        """Return a number of the parameter's unit as a card would write it."""
        if self.unit.kind == "date" and self.unit.epoch is not None:
            return date_at(self.unit.epoch, value).isoformat()
        return f"{value:.6g}"

    def canonical(self, value: float) -> float:
        """Return one typed number on the canonical scale."""
        return float(self.typed_unit.to_canonical(np.array([value]))[0])

    def _place(self, value: Any, key: str) -> float | None:
        if self.unit.kind == "date":
            return self._date(value, key)
        number = self._finite(value, key)
        if number is None:
            return None
        if number <= self.unit.lowest:
            self.refuse(
                f"{number:g} {self.unit.name} must be > {self.unit.lowest:g}"
                f"{_LOWEST_HINTS.get(self.unit.name, '')}",
                key,
            )
            return None
        if self.unit.kind == "share" and not 0.0 <= number <= 1.0:
            self.refuse(f"{number:g} is not a share between 0 and 1", key)
            return None
        return number

    def _date(self, value: Any, key: str) -> float | None:
        if isinstance(value, str):
            try:
                value = datetime.date.fromisoformat(value)
            except ValueError:
                self.refuse(f'"{value}" is not a date; write 2025-02-24', key)
                return None
        is_day = isinstance(value, datetime.date)
        if not is_day or isinstance(value, datetime.datetime):
            self.refuse(f"{value} is not a date; write 2025-02-24", key)
            return None
        if self.unit.epoch is None:
            return None
        return years_since(self.unit.epoch, value)

    def _finite(self, value: Any, key: str) -> float | None:
        if isinstance(value, str):
            self.refuse(
                f'the text "{value}" is not a number; write it without quotes', key
            )
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            said = str(value).lower() if isinstance(value, bool) else f"{value}"
            self.refuse(f"{said} is not a number", key)
            return None
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.refuse(f"{number} is not a finite number", key)
            return None
        return number


_WIDTHS = ("sd", "sigma", "scale")
_LOWEST_HINTS = {
    "x/yr": " (a yearly factor; 1 means no growth)",
    "percent/yr": " (−100 percent is the end of everything)",
}


def _level(text: str) -> float | None:
    try:
        level = float(text)
    except ValueError:
        return None
    return level if 0.0 < level < 1.0 else None

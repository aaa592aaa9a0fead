"""Cells of one line of a table of evidence: what was found, and what is allowed."""

import datetime
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from priors.evidence.observables import Observable, observables
from priors.faults import Fault, nearest

SOLIDITY = ("printed", "derived", "second-hand", "uncertain")
CENSORED = ("", "right", "left")
ADDRESS = re.compile(r"https?://[^\s/.]+\.\S+|arXiv \d{4}\.\d{4,5}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(kw_only=True)
class Cells:
    """Texts by column, and what is wrong with them.

    Attributes:
        texts: Trimmed cells.
        file: How messages call the file.
        line: Line in it; None where the texts do not come from a file.
        names: How messages call the columns, where not by their own name.
        faults: What was refused so far.
    """

    texts: Mapping[str, str]
    file: str
    line: int | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, column: str, message: str) -> None:
        """Note a fault of a column."""
        key = self.names.get(column, column)
        self.faults.append(Fault(message, file=self.file, line=self.line, key=key))

    def observable(self) -> Observable | None:
        """What was observed, in the unit that its rows have."""
        text, known = self.texts["observable"], observables()
        found = known.get(text)
        if found is None:
            hint = nearest(text, known)
            allowed = f"(allowed: {', '.join(known)})"
            self.refuse("observable", f'"{text}" cannot be observed{hint} {allowed}')
        elif self.texts["unit"] != found.unit:
            message = f'"{self.texts["unit"]}" is not the unit of {text}: {found.unit}'
            self.refuse("unit", message)
        return found

    def required(self, column: str) -> str:
        """A text that must not be empty."""
        if not self.texts[column]:
            self.refuse(column, "is missing; every row needs one")
        return self.texts[column]

    def source(self) -> str:
        """A source with an address."""
        text = self.required("source")
        if text and not ADDRESS.search(text):
            self.refuse(
                "source",
                f'"{text}" holds no address; give a URL (https://metr.org) or an arXiv '
                "number (arXiv 2503.14499)",
            )
        return text

    def word(self, column: str, allowed: tuple[str, ...]) -> str:
        """One of a few words."""
        text = self.texts[column]
        if text not in allowed:
            words = ", ".join(word or "nothing" for word in allowed)
            self.refuse(column, f'"{text}" is not one of: {words}')
        return text

    def day(self, column: str) -> datetime.date | None:
        """An ISO day; None where the cell is empty."""
        text = self.texts[column]
        try:
            if text and not _DAY.fullmatch(text):
                raise ValueError
            return datetime.date.fromisoformat(text) if text else None
        except ValueError:
            self.refuse(column, f'"{text}" is not a day of the calendar; 2026-03-05 is')
            return None

    def days(self) -> tuple[datetime.date | None, datetime.date | None]:
        """When it held and when it was published, in that order."""
        held, published = self.day("date"), self.day("published")
        self.required("published")
        if held and published and held > published:
            self.refuse("date", f"{held} is after it was published, {published}")
        return held, published

    def number(self, column: str, *, positive: bool = False) -> float | None:
        """A finite number; None where the cell is empty."""
        text = self.texts[column]
        if not text:
            return None
        try:
            number = float(text)
        except ValueError:
            number = math.nan
        if not math.isfinite(number):
            self.refuse(column, f'"{text}" is not a finite number')
        elif positive and number <= 0.0:
            self.refuse(column, f"{text} must be above 0")
        else:
            return number
        return None

    def numbers(self, *, positive: bool) -> dict[str, float | None]:
        """Value, ends and mass; the value lies between the ends."""
        before = len(self.faults)
        found = {k: self.number(k, positive=positive) for k in ("value", "low", "high")}
        value, low, high = found.values()
        found["mass"] = mass = self.number("mass")
        if len(self.faults) > before:
            return found
        if (low is None) != (high is None):
            self.refuse("low" if low is None else "high", "is missing; give both ends")
        elif low is None and value is None:
            self.refuse("value", "is missing; give a value, or both ends")
        elif low is not None and high is not None:
            self._check_interval(value, low, high)
        if mass is not None and not 0.0 < mass < 1.0:
            self.refuse("mass", f"{mass:g} must lie between 0 and 1")
        elif mass is not None and low is None and high is None:
            self.refuse("mass", f"{mass:g} has no ends; give low and high")
        return found

    def _check_interval(self, value: float | None, low: float, high: float) -> None:
        if low >= high:
            self.refuse("high", f"{high:g} is not above low, {low:g}")
        elif value is not None and not low <= value <= high:
            self.refuse(
                "value", f"{value:g} lies outside its interval, {low:g} to {high:g}"
            )

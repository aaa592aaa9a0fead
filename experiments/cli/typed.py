"""Options as they were typed: read together, so that every fault is told at once."""

import datetime
import importlib.util
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from priors.faults import Fault, nearest

DEVICES = ("auto", "cpu", "gpu")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLUSTER = re.compile(r"local:[1-9]\d{0,2}|(?:tcp|tls|ws|wss)://[^\s/]+:\d{1,5}")
_WHOLE = re.compile(r"[+-]?\d+(_\d+)*")
_MAX_DIGITS = 30
_MOST_BUDGETS = 10_000
T = TypeVar("T")


class Typed:
    """Reads options and keeps what it had to refuse.

    Attributes:
        faults: In the order in which options were read.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def read(
        self, option: str, parse: Callable[[str], T], text: str | None
    ) -> T | None:
        """The value of an option; None where it was not given or is refused."""
        if text is None:
            return None
        try:
            return parse(text)
        except ValueError as error:
            self.faults.append(Fault(str(error), key=option))
            return None

    def pairs(self, option: str, texts: Sequence[str]) -> dict[str, float]:
        """Numbers by name from ``NAME=NUMBER``, once each."""
        found: dict[str, float] = {}
        for text in texts:
            pair = self.read(option, pair_of, text)
            if pair is None:
                continue
            name, number = pair
            if name in found:
                self.faults.append(Fault(f"{name} is given twice", key=option))
            found[name] = number
        return found


def count(text: str) -> int:
    """A whole number of things, written as people do (1e6, 1M)."""
    from priors.units import parse_count

    return parse_count(text)


def seed(text: str) -> int:
    """A whole number, exact to its last digit."""
    from priors.units import parse_number

    if _WHOLE.fullmatch(text.strip()) and len(text) <= _MAX_DIGITS:
        return int(text)
    value = parse_number(text)
    if value != math.floor(value):
        raise ValueError(f'"{text}" is not a whole number')
    return int(value)


def date(text: str) -> datetime.date:
    """A calendar day."""
    wanted = "write a day as 2030-01-31, years 0001 to 9999"
    if not _DATE.fullmatch(text.strip()):
        raise ValueError(f'"{text}" is not a date; {wanted}')
    try:
        return datetime.date.fromisoformat(text.strip())
    except ValueError as error:
        raise ValueError(f'"{text}" is not a date ({error}); {wanted}') from error


def device(text: str) -> str:
    """``auto``, ``cpu`` or ``gpu``."""
    if text not in DEVICES:
        known = ", ".join(DEVICES)
        raise ValueError(
            f'unknown device "{text}"; known: {known}{nearest(text, DEVICES)}'
        )
    return text


def cluster(text: str) -> str:
    """``local:N``, or the address of a Dask scheduler."""
    if _CLUSTER.fullmatch(text) is None:
        raise ValueError(
            f'"{text}" is neither local:N, N from 1 to 999, nor tcp://host:port'
        )
    if importlib.util.find_spec("distributed") is None:
        raise ValueError("needs dask.distributed: pip install 'meekmc[cluster]'")
    return text


def folder(text: str) -> Path:
    """A folder's path."""
    if not text.strip():
        raise ValueError("names no folder")
    return Path(text)


def budgets(text: str) -> tuple[float, ...]:
    """Amounts of ``1k,1M`` or ``1k..1B@25``, so many in equal ratios."""
    from priors.units import parse_number

    wanted = "write 1k,1M,1e9 or 1k..1B@25"
    if ".." not in text:
        return tuple(parse_number(part.strip()) for part in text.split(","))
    ends, at, number = text.partition("@")
    low, high = (parse_number(part.strip()) for part in ends.split("..", 1))
    if not at or not 0 < low < high:
        raise ValueError(f'"{text}" is no range of budgets; {wanted}')
    steps = count(number)
    if not 2 <= steps <= _MOST_BUDGETS:
        raise ValueError(f"{steps} budgets: from 2 to {_MOST_BUDGETS:,}; {wanted}")
    ratio = math.log(high / low) / (steps - 1)
    return tuple(low * math.exp(ratio * i) for i in range(steps))


def share(text: str) -> float:
    """A share, written 0.1 or 10%."""
    from priors.units import parse_number

    if text.endswith("%"):
        return parse_number(text.removesuffix("%").strip()) / 100
    return parse_number(text)


def pair_of(text: str) -> tuple[str, float]:
    """Name and number of ``NAME=NUMBER``."""
    from priors.units import parse_number

    name, equals, number = text.rpartition("=")
    if not equals or not name.strip():
        raise ValueError(f'"{text}" must be METRIC=VALUE, e.g. task_success_1h=0.1')
    return name.strip(), parse_number(number)

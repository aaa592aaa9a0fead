"""A row of the user's own, as it is typed: ``--p50 15h --interval 6h,60h@0.95``."""

import datetime
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from priors.evidence.rows import COLUMNS, Row, row_of
from priors.faults import Fault, Refusal
from priors.units import MINUTES, parse_number

HORIZONS = {"p50": "time_horizon_50", "p80": "time_horizon_80"}
_LENGTH = re.compile(r"\s*(?P<number>\S*?)\s*(?P<unit>[a-z]+)\s*")
_INTERVAL = re.compile(r"(?P<low>[^,@]+),(?P<high>[^,@]+)@(?P<mass>[^,@]+)")
_Read = TypeVar("_Read")


def minutes(text: str) -> float:
    """Read a length of time: ``15h``, ``90min``, ``30s``.

    Raises:
        ValueError: If it is none; the message says what is allowed.
    """
    match = _LENGTH.fullmatch(text)
    if not text.strip():
        raise ValueError("is missing")
    if match is None or match["unit"] not in MINUTES:
        units = ", ".join(MINUTES)
        raise ValueError(f'"{text}" is not a length of time; 15h is (units: {units})')
    return parse_number(match["number"]) * MINUTES[match["unit"]]


def interval(text: str) -> tuple[float, float, float]:
    """Read two lengths of time, returned in minutes, and their mass.

    Raises:
        ValueError: If it is not like ``6h,60h@0.95`` or ``6h,60h@95%``.
    """
    match = _INTERVAL.fullmatch(text)
    if match is None:
        raise ValueError(f'"{text}" is not an interval with its mass; 6h,60h@0.95 is')
    mass = match["mass"].strip()
    share = parse_number(mass.removesuffix("%")) / (100.0 if "%" in mass else 1.0)
    return minutes(match["low"]), minutes(match["high"]), share


def horizon_row(
    *,
    model: str,
    date: str,
    horizon: str,
    ends: str | None = None,
    level: str = "p50",
    developer: str = "",
    published: str | None = None,
    source: str = "",
    note: str = "",
    today: datetime.date,
) -> Row:
    """Return a row about the horizon of one model.

    A horizon above what METR vouches for is right-censored.

    Args:
        model: Its name.
        date: ISO day of its release.
        horizon: As ``minutes`` reads it.
        ends: As ``interval`` reads it.
        level: ``p50`` or ``p80``.
        developer: Who made it.
        published: ISO day on which the number was published; ``today`` unless told.
        source: Who says so, with a URL or an arXiv number.
        note: What a user should know.
        today: No day may be later.

    Raises:
        Refusal: With everything that is wrong, named by the options.
    """
    faults: list[Fault] = []
    value = _read(minutes, horizon, f"--{level}", faults)
    between = _read(interval, ends, "--interval", faults) if ends else None
    low, high, mass = between or (None, None, None)
    numbers = {"value": value, "low": low, "high": high, "mass": mass}
    texts = dict.fromkeys(COLUMNS, "") | {
        "observable": HORIZONS[level],
        "label": model,
        "developer": developer,
        "date": date,
        "unit": "minutes",
        "published": published or today.isoformat(),
        "source": source,
        "solidity": "printed",
        "note": note,
    }
    texts |= {k: "" if x is None else f"{x:.12g}" for k, x in numbers.items()}
    if not date.strip():
        faults.append(Fault("is missing: the day of the model's release", key="--date"))
    for key in ("date", "published"):
        if texts[key] > today.isoformat():
            message = f"{texts[key]} has not come yet: today is {today}"
            faults.append(Fault(message, key=f"--{key}"))
    try:
        row = row_of(texts, "", names=_options(level))
    except Refusal as refusal:
        told = {fault.key for fault in faults}
        faults += [fault for fault in refusal.faults if fault.key not in told]
        raise Refusal(faults) from refusal
    if faults:
        raise Refusal(faults)
    return _censored(row)


def _options(level: str) -> dict[str, str]:
    """How the columns are called on the command line."""
    ends = dict.fromkeys(("low", "high", "mass"), "--interval")
    named = {"label": "--model", "value": f"--{level}", **ends}
    return {column: f"--{column}" for column in COLUMNS} | named


def _read(
    reader: Callable[[str], _Read], text: str, option: str, faults: list[Fault]
) -> _Read | None:
    try:
        return reader(text)
    except ValueError as error:
        faults.append(Fault(str(error), key=option))
        return None


def _censored(row: Row) -> Row:
    most = row.observable.reliable_to
    if most is None or row.value is None or row.value <= most:
        return row
    return replace(row, censored="right")

"""Beliefs given on the command line: ``NAME=1.4``, ``NAME=1.25..1.57@90% x/yr``."""

import datetime
import re
from typing import Any

from priors.belief import Stated
from priors.document import Document, Outline
from priors.faults import Fault, Refusal
from priors.parameters import parameter, unknown
from priors.units import parse_number

OPTION = "--set"
_SPEC = re.compile(
    r"(?P<low>\S+?)(?:\.\.(?P<high>[^@\s]+)(?:@(?P<mass>[^\s%]+)(?P<percent>%?))?)?"
    r"(?:\s+(?P<unit>\S.*))?"
)
SHAPES = "1.4, or 1.25..1.57@90%, either with a unit behind it"


def read_override(
    text: str, parameters: dict[str, Stated], *, where: str = OPTION
) -> Stated:
    """Return the table that one ``--set`` stands for.

    Args:
        text: ``NAME=SPEC``. Without a unit, the card's holds.
        parameters: The tables of the card.
        where: What faults name as their place.

    Raises:
        Refusal: If the name is unknown or the specification cannot be read.
    """
    name, equals, spec = (part.strip() for part in text.partition("="))
    if not equals or not spec:
        raise Refusal(
            Fault(f'"{text}" must be NAME=SPEC; SPEC is {SHAPES}', file=where)
        )
    registered = parameter(name)
    if registered is None and name not in parameters and (why := unknown(name)):
        raise Refusal(Fault(why, file=where, key=name))
    match = _SPEC.fullmatch(spec)
    if match is None:
        raise Refusal(Fault(f'"{spec}" must be {SHAPES}', file=where, key=name))
    try:
        table = _table(match)
    except ValueError as error:
        raise Refusal(Fault(str(error), file=where, key=name)) from error
    before = parameters[name].table if name in parameters else {}
    own = registered.unit if registered else "1"
    table["unit"] = match["unit"] or before.get("unit") or own
    table |= {key: before[key] for key in ("own", "meaning") if key in before}
    return Stated(name=name, table=table, document=option_document(where))


def _table(match: re.Match[str]) -> dict[str, Any]:
    if match["high"] is None:
        return {"point": number_or_date(match["low"])}
    if match["mass"] is None:
        message = f"the interval {match['low']}..{match['high']} needs its mass"
        raise ValueError(f"{message}, e.g. {match['low']}..{match['high']}@90%")
    mass = parse_number(match["mass"])
    return {
        "interval": [number_or_date(match["low"]), number_or_date(match["high"])],
        "mass": mass / 100.0 if match["percent"] else mass,
    }


def number_or_date(text: str) -> float | datetime.date:
    """Read a number as people type it, or an ISO date.

    Raises:
        ValueError: If it is neither.
    """
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        return parse_number(text)
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f'"{text}" is not a date: {error}') from error


def option_document(where: str = OPTION) -> Document:
    """Return the empty file that stands for what was typed on the command line."""
    outline = Outline(lines={}, twice=(), depth=0)
    return Document(file=where, folder=None, tables={}, outline=outline)

"""Quantiles as they are typed: numbers by level, their unit, and what is wrong."""

import datetime
from typing import TYPE_CHECKING, Any

from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from priors.candidates import Asked
    from priors.parameters import Parameter
    from priors.units import Unit


def asked_for(
    quantiles: str, unit: str | None, name: str | None, between: str | None
) -> "Asked":
    """Read the options of ``priors fit`` that say what a law is wanted for.

    Args:
        quantiles: ``0.05=1.2,0.5=1.4``; levels may be ``5%``, numbers may be dates.
        unit: The unit of the numbers; the parameter's own unless told.
        name: The parameter, if it is known.
        between: Ends of a beta law, ``LOW..HIGH``.

    Raises:
        Refusal: With the option of every fault.
    """
    from priors.candidates import Asked

    parameter = _registered(name)
    asked_unit = _unit_of(unit, parameter, quantiles)
    table = {"quantiles": _quantiles(quantiles), **_ends(between)}
    try:
        return Asked.of(table, asked_unit, parameter)
    except Refusal as refusal:
        raise Refusal(_placed(refusal)) from refusal


def _registered(name: str | None) -> "Parameter | None":
    from priors.parameters import parameter, unknown

    registered = parameter(name) if name is not None else None
    if name is not None and registered is None and (why := unknown(name)):
        raise Refusal(Fault(why, key="--name"))
    return registered


def _unit_of(
    text: str | None, registered: "Parameter | None", quantiles: str
) -> "Unit":
    """The unit of the numbers; a date needs a day from which years are counted."""
    from priors.belief import OWN_KINDS
    from priors.units import DURATION_UNITS, GROWTH_UNITS, own_unit, spellings

    epoch = _first_date(quantiles)
    if registered is not None:
        allowed = spellings(registered.unit, registered.kind)
        kind, text = registered.kind, text or registered.unit
    else:
        allowed = (*GROWTH_UNITS, *DURATION_UNITS, *OWN_KINDS)
        if text is None:
            text = "date" if epoch else "1"
        kind = OWN_KINDS.get(text, "growth" if text in GROWTH_UNITS else "duration")
    if text not in allowed:
        hint, known = nearest(text, allowed), ", ".join(dict.fromkeys(allowed))
        raise Refusal(
            Fault(f'unknown unit "{text}"{hint} (known: {known})', key="--unit")
        )
    return own_unit(text, kind, epoch or datetime.date(2000, 1, 1))


def _first_date(quantiles: str) -> datetime.date | None:
    value = next(iter(_quantiles(quantiles).values()))
    return value if isinstance(value, datetime.date) else None


def _quantiles(text: str) -> dict[str, float | datetime.date]:
    """Numbers by level, as a card would have them."""
    from priors.overrides import number_or_date

    found: dict[str, float | datetime.date] = {}
    faults = []
    for part in text.split(","):
        level, equals, number = (piece.strip() for piece in part.partition("="))
        try:
            if not equals:
                raise ValueError(f'"{part.strip()}" must be LEVEL=NUMBER, as 0.05=1.2')
            if level.endswith("%"):
                level = f"{float(level[:-1]) / 100.0:.12g}"
            if level in found:
                raise ValueError(f"level {level} is given twice")
            found[level] = number_or_date(number)
        except ValueError as error:
            faults.append(Fault(str(error), key="--quantiles"))
    if faults:
        raise Refusal(faults)
    return found


def _ends(text: str | None) -> dict[str, Any]:
    from priors.overrides import number_or_date

    if text is None:
        return {}
    low, dots, high = text.partition("..")
    try:
        if not dots:
            raise ValueError(f'"{text}" must be LOW..HIGH, as 1.0..3.0')
        return {"low": number_or_date(low), "high": number_or_date(high)}
    except ValueError as error:
        raise Refusal(Fault(str(error), key="--between")) from error


def _placed(refusal: Refusal) -> list[Fault]:
    """Faults of the table as faults of the options that state it."""
    return [
        Fault(
            fault.message,
            key="--between" if fault.key in ("low", "high") else "--quantiles",
        )
        for fault in refusal.faults
    ]

"""Numbers that a unit cannot have, and numbers that look like a slip of the unit."""

import math

import numpy as np

from priors.laws import Law
from priors.parameters import Parameter
from priors.statement import Statement
from priors.units import own_unit

OUTSIDE = 8.0  # standard scores; a mass of 6e-16
LARGEST = 1e30  # of a canonical number


def check_size(statement: Statement, value: float, key: str) -> None:
    """Refuse a number that single precision could not compute with."""
    if abs(value) > LARGEST:
        message = f"{key} = {value:g} is too large; at most {LARGEST:g}"
        statement.refuse(message, key)


def check_domain(statement: Statement, law: Law) -> None:
    """Refuse a law that reaches numbers its unit cannot have."""
    unit = statement.unit
    if unit.kind == "share" and law.support[0] >= 0.0 and law.support[1] <= 1.0:
        return  # of a beta law, the quantiles take longer
    with np.errstate(over="ignore", invalid="ignore"):
        ends = law.at_score(np.array([-OUTSIDE, OUTSIDE]))
        is_endless = np.isposinf(unit.from_canonical(ends)) & (np.abs(ends) > 1.0)
    if np.any(is_endless | (np.abs(ends) > LARGEST) & np.isfinite(ends)):
        statement.refuse("the law reaches numbers without end; check its width")
    elif unit.kind == "share":
        if ends[0] < 0.0 or ends[1] > 1.0:
            statement.refuse("the law leaves [0, 1]; add truncate = [0.0, 1.0]")
    elif not np.all(np.isfinite(ends)):
        statement.refuse(
            f"the law reaches {unit.lowest:g} {unit.name} and below, where nothing can "
            "be; add truncate = [low, high], or leave out law to stay positive"
        )


def check_plausible(statement: Statement, law: Law, parameter: Parameter) -> None:
    """Refuse medians and ends that look like a slip of the unit."""
    own = own_unit(parameter.unit, parameter.kind, statement.unit.epoch)
    low, high = sorted(own.to_canonical(np.array(parameter.plausible)))
    numbers: dict[str, float] = {}
    for key in ("point", "median"):
        if key in statement.table:
            place = statement.place(key)
            numbers[key] = statement.canonical(math.nan if place is None else place)
    if "interval" in statement.table:
        for end in statement.places("interval") or ():
            numbers["interval"] = statement.canonical(end)
            if not low <= numbers["interval"] <= high:
                break
    if law.support[0] < low or law.support[1] > high:
        numbers[""] = float(law.at_score(np.zeros(1))[0])
    for key, value in numbers.items():
        if not low <= value <= high:
            statement.refuse(_implausible(statement, value, (low, high)), key)
            return


def _implausible(statement: Statement, value: float, ends: tuple[float, float]) -> str:
    unit = statement.unit
    if unit.kind == "date":
        first, last = (statement.show(end) for end in ends)
        return f"{statement.show(value)} is outside {first}…{last}"
    shown = unit.from_canonical(np.array([value, *ends]))
    found, low, high = (f"{x:.4g}" for x in (shown[0], *sorted(shown[1:])))
    hint = "check the unit"
    if unit.name == "x/yr":
        hint = 'if per cent is meant write unit = "percent/yr"'
    return f"{found} {unit.name} is outside the plausible {low}…{high}; {hint}"

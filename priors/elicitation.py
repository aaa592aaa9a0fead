"""From the law table of a card to a law on the canonical scale.

Without a ``law`` an interval or quantiles mean a normal law on the canonical scale:
lognormal for growth and sizes, whatever unit was typed. Two quantiles are met exactly.
More are fitted by least squares against the normal scores, and refused where one is
missed by more than 1 % of the number (of the spread, where numbers may be negative).
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from priors.columns import read_columns
from priors.compounds import Mixture, Truncated, carried_over, has_atoms
from priors.families import FAMILIES, canonical_normal
from priors.faults import Refusal, nearest
from priors.laws import Empirical, Law, Point
from priors.metalog import Metalog
from priors.misfit import fit_in_words, meets
from priors.parameters import Parameter
from priors.plausibility import check_domain, check_plausible
from priors.statement import Statement
from priors.units import Unit

WAYS = ("point", "interval", "quantiles", "mixture", "empirical")
LAW_KEYS = frozenset(
    {*WAYS, "mass", "median", "law", "truncate", "column"}.union(
        *(family.keys | family.fit_keys for family in FAMILIES.values())
    )
)


@dataclass(frozen=True, kw_only=True)
class Elicited:
    """A law, and what the reader of the card should know about it.

    Attributes:
        law: On the canonical scale.
        notices: One sentence for each fit that is not exact.
    """

    law: Law
    notices: tuple[str, ...] = ()


def elicit(
    table: Mapping[str, Any],
    unit: Unit,
    *,
    parameter: Parameter | None = None,
    folder: Path | None = None,
) -> Elicited:
    """Return the law that a table states.

    Args:
        table: The law's keys alone, as TOML gives them.
        unit: The unit of the numbers.
        parameter: The registered parameter, whose plausible range applies.
        folder: The folder of the card, where an ``empirical`` table is looked for.

    Raises:
        Refusal: With every fault of the table; their keys are relative to it.
    """
    statement = Statement(table=dict(table), unit=unit, folder=folder)
    found = _law(statement)
    statement.stop()
    if found is None:
        raise AssertionError("a law that was refused must leave a fault")
    if parameter is not None:
        check_plausible(statement, found.law, parameter)
        statement.stop()
    return found


def _law(statement: Statement) -> Elicited | None:
    ways = [key for key in WAYS if key in statement.table]
    if len(ways) > 1:
        said = " and ".join(ways)
        statement.refuse(f"{said} say one thing in two ways; keep one", ways[1])
        return None
    if not ways and "law" not in statement.table:
        unknown = next((key for key in statement.table if key not in LAW_KEYS), "")
        hint = nearest(unknown, LAW_KEYS) if unknown else ""
        found = f"found {', '.join(statement.table) or 'nothing'}{hint}"
        statement.refuse(
            f"states no law ({found}); write point, interval with mass, quantiles, "
            "law, mixture, empirical, given, same_as, by or group"
        )
        return None
    match ways:
        case ["point"]:
            found = _point(statement)
        case ["mixture"]:
            found = _mixture(statement)
        case ["empirical"]:
            found = _empirical(statement)
        case ["interval"] | ["quantiles"]:
            found = _fitted(statement, ways[0])
        case _:
            found = _stated(statement)
    return _cut(statement, found) if found is not None else None


def _point(statement: Statement) -> Elicited | None:
    statement.only({"point"})
    value = statement.place("point")
    if value is None:
        return None
    return Elicited(law=Point(value=statement.canonical(value)))


def _stated(statement: Statement) -> Elicited | None:
    name = _family(statement)
    if name is None:
        return None
    family = FAMILIES[name]
    statement.only({"law", "truncate", *family.keys})
    law = family.state(statement)
    return Elicited(law=law) if law is not None else None


def _fitted(statement: Statement, way: str) -> Elicited | None:
    name = _family(statement) if "law" in statement.table else None
    extra = FAMILIES[name].fit_keys if name else frozenset()
    beside = {"mass", "median"} if way == "interval" else set()
    statement.only({way, "law", "truncate", *beside, *extra})
    is_interval = way == "interval"
    quantiles = _interval(statement) if is_interval else statement.levels(way)
    if quantiles is None or statement.faults:
        return None
    if name is None:
        law: Law | None = canonical_normal(statement, quantiles)
    else:
        law = FAMILIES[name].fit(statement, quantiles)
    if law is None or not meets(statement, law, quantiles, name):
        return None
    exact = len(quantiles) == 2 or isinstance(law, Metalog)
    return Elicited(
        law=law, notices=() if exact else (fit_in_words(statement, law, quantiles),)
    )


def _family(statement: Statement) -> str | None:
    name = statement.table["law"]
    if isinstance(name, str) and name in FAMILIES:
        return name
    hint = nearest(str(name), FAMILIES)
    known = ", ".join(FAMILIES)
    statement.refuse(f"unknown law {name!r}{hint} (known: {known})", "law")
    return None


def _interval(statement: Statement) -> dict[float, float] | None:
    mass = _mass(statement)
    ends = statement.places("interval")
    has_median = "median" in statement.table
    median = statement.place("median") if has_median else None
    if ends is None or mass is None or (has_median and median is None):
        return None
    tail = 0.5 * (1.0 - mass)
    quantiles = {tail: ends[0], 1.0 - tail: ends[1]}
    if median is None:
        return quantiles
    if not ends[0] < median < ends[1]:
        shown = statement.show(median)
        statement.refuse(f"median = {shown} is not inside the interval", "median")
        return None
    return {tail: ends[0], 0.5: median, 1.0 - tail: ends[1]}


def _mass(statement: Statement) -> float | None:
    if "mass" not in statement.table:
        statement.refuse(
            "an interval needs its mass, e.g. mass = 0.90; there is no default",
            "interval",
        )
        return None
    mass = statement.number("mass")
    if mass is not None and not 0.0 < mass < 1.0:
        hint = f"; {mass:g} % is mass = {mass / 100:g}" if 1.0 < mass < 100.0 else ""
        statement.refuse(f"mass = {mass:g} is not inside (0, 1){hint}", "mass")
        return None
    return mass


def _mixture(statement: Statement) -> Elicited | None:
    statement.only({"mixture", "truncate"})
    items = statement.table["mixture"]
    if not isinstance(items, list) or not all(isinstance(i, dict) for i in items):
        statement.refuse("mixture must be a list of tables, each with a weight")
        return None
    if len(items) < 2:
        statement.refuse("a mixture needs two laws or more", "mixture")
        return None
    weights, found = [], []
    for index, item in enumerate(items):
        part = Statement(
            table={key: value for key, value in item.items() if key != "weight"},
            unit=statement.unit,
            key=statement.path(f"mixture[{index}]"),
            folder=statement.folder,
            faults=statement.faults,
        )
        weight = Statement(
            table=item, unit=statement.unit, key=part.key, faults=statement.faults
        ).number("weight", above=0.0)
        weights.append(weight or 0.0)
        if "mixture" in item:
            part.refuse("a mixture inside a mixture; write its laws side by side")
        else:
            found.append(_law(part))
    total = math.fsum(weights)
    if all(weights) and abs(total - 1.0) > 1e-9:
        statement.refuse(f"the weights add to {total:.12g}, not to 1", "mixture")
    laws = [part for part in found if part is not None]
    if statement.faults or len(laws) < len(items):
        return None
    return Elicited(
        law=Mixture(weights=tuple(weights), laws=tuple(part.law for part in laws)),
        notices=tuple(notice for part in laws for notice in part.notices),
    )


def _empirical(statement: Statement) -> Elicited | None:
    statement.only({"empirical", "column"})
    column = statement.table.get("column")
    if not isinstance(column, str):
        statement.refuse(
            "empirical needs the name of a column: column = …", "empirical"
        )
        return None
    try:
        columns = read_columns(statement.folder, statement.table["empirical"], [column])
    except Refusal as refusal:
        for fault in refusal.faults:
            statement.refuse(fault.message, "empirical")
        return None
    values = columns[column]
    low = values.min()
    if low <= statement.unit.lowest:
        bound = f"{statement.unit.lowest:g} {statement.unit.name}"
        statement.refuse(
            f"column {column} has {low:g}; all must be > {bound}", "column"
        )
        return None
    return Elicited(law=carried_over(Empirical(values=np.sort(values)), statement.unit))


def _cut(statement: Statement, found: Elicited) -> Elicited | None:
    if "truncate" not in statement.table:
        check_domain(statement, found.law)
        return found
    ends = statement.places("truncate")
    if ends is None:
        return None
    if has_atoms(found.law):
        statement.refuse("truncate cuts a law, and a point or a table has none")
        return None
    low, high = sorted(statement.canonical(end) for end in ends)
    cut = Truncated(law=found.law, low=low, high=high)
    if cut.mass <= 1e-12:
        shown = ", ".join(statement.show(end) for end in ends)
        statement.refuse(
            f"truncate = [{shown}] keeps a mass of {max(cut.mass, 0.0):.1g}; widen it",
            "truncate",
        )
        return None
    return Elicited(law=cut, notices=found.notices)

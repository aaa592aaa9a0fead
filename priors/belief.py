"""From the table of one parameter to its belief."""

import datetime
from dataclasses import dataclass
from typing import Any

from priors.document import Document
from priors.elicitation import LAW_KEYS, elicit
from priors.faults import Fault, Refusal, nearest
from priors.joint import Belief, Component, Marginal
from priors.laws import Normal, Point
from priors.parameters import Parameter, parameter, unknown
from priors.plausibility import check_size
from priors.statement import Statement
from priors.units import DURATION_UNITS, GROWTH_UNITS, Kind, Unit, own_unit, spellings

NOTES = frozenset(
    {"unit", "own", "meaning", "source", "date", "evidence", "note", "width"}
)
GIVEN = ("parameter", "intercept", "slope", "residual_sd")
FIT_ERROR = "fit error"

# With own = true the unit says what a user's own parameter measures: one of these, a
# growth or a duration. Without, it is a number as typed.
OWN_KINDS: dict[str, Kind] = {
    "1": "real",
    "share": "share",
    "date": "date",
    "ratio": "scale",
    "FLOP": "scale",
    "FLOP/dollar": "scale",
    "dollars": "scale",
    "dollars/yr": "scale",
    "minutes": "scale",
    "nats/token": "scale",
}
UNITLESS = ("1", "ratio", "share", "date")


@dataclass(frozen=True, kw_only=True)
class Stated:
    """A table of a card, and the file that states it.

    Attributes:
        name: The parameter or component.
        table: Its table.
        document: The file.
        section: ``parameters`` or ``components``.
    """

    name: str
    table: dict[str, Any]
    document: Document
    section: str = "parameters"

    def fault(self, message: str, key: str = "") -> Fault:
        """Return a fault at a key of this table."""
        path = f"{self.section}.{self.name}"
        return self.document.fault(message, f"{path}.{key}" if key else path)

    def adopt(self, refusal: Refusal, key: str = "") -> list[Fault]:
        """Return faults whose keys are relative to ``key`` of this table, placed."""
        return [
            self.fault(fault.message, ".".join(k for k in (key, fault.key) if k))
            for fault in refusal.faults
        ]


def unit_of(stated: Stated, epoch: datetime.date) -> Unit:
    """Return the unit of a parameter's numbers.

    It may be left out where the parameter has no dimension, and where the table
    states no number in it.

    Raises:
        Refusal: If the parameter or the unit is unknown, of the wrong kind or missing.
    """
    table, registered = stated.table, parameter(stated.name)
    name = table.get("unit")
    if name is not None and not isinstance(name, str):
        raise Refusal(stated.fault(f"unit = {name!r} must be text", "unit"))
    if registered is None:
        return _unit_of_own(stated, name, epoch)
    for key in ("own", "meaning"):
        if table.get(key, False) is not False:
            message = f"{stated.name} is a registered name; leave out {key}"
            raise Refusal(stated.fault(message, key))
    allowed = spellings(registered.unit, registered.kind)
    if name is None:
        if _types_numbers(table) and registered.unit not in UNITLESS:
            message = f"unit is missing; write one of {', '.join(allowed)}"
            raise Refusal(stated.fault(message))
        name = registered.unit
    if name not in allowed:
        what = f"{stated.name} is a {registered.kind}"
        hint = nearest(name, allowed)
        message = f'unit = "{name}": {what}{hint} (allowed: {", ".join(allowed)})'
        raise Refusal(stated.fault(message, "unit"))
    return own_unit(name, registered.kind, epoch)


def _types_numbers(table: dict[str, Any]) -> bool:
    """Return whether a table, or one of its labels, has numbers in the unit."""
    if "by" in table:
        labels = [label for label in table.values() if isinstance(label, dict)]
        return any("given" not in label for label in labels)
    return "given" not in table and "same_as" not in table


def _unit_of_own(stated: Stated, name: str | None, epoch: datetime.date) -> Unit:
    is_own = stated.table.get("own") is True
    is_meant = is_own or bool(stated.table.get("meaning"))
    if why := unknown(stated.name, is_meant=is_meant):
        raise Refusal(stated.fault(why))
    if not is_own:
        return own_unit(name or "1", "real")
    if name in GROWTH_UNITS:
        return GROWTH_UNITS[name]
    if name in DURATION_UNITS:
        return DURATION_UNITS[name]
    if name not in OWN_KINDS:
        known = ", ".join([*OWN_KINDS, *GROWTH_UNITS, *DURATION_UNITS])
        found = "unit is missing" if name is None else f'unknown unit "{name}"'
        raise Refusal(stated.fault(f"{found} (known: {known})", "unit"))
    return own_unit(name, OWN_KINDS[name], epoch)


def check_notes(stated: Stated) -> dict[str, Fault]:
    """Return the faults, by key, of what a table says about its sources."""
    table, wrong = stated.table, {}
    for key in ("source", "note", "meaning"):
        if key in table and not isinstance(table[key], str):
            wrong[key] = f"{key} = {table[key]!r} must be text"
        elif table.get(key, "said").strip() == "":
            wrong[key] = f"{key} is empty; say it, or leave the key out"
    date = table.get("date", datetime.date.min)
    if isinstance(date, datetime.datetime) or not isinstance(date, datetime.date):
        wrong["date"] = f"date = {date!r} is not a date; write 2026-05-01, unquoted"
    evidence = table.get("evidence", [])
    is_list = isinstance(evidence, list)
    if not is_list or not all(isinstance(e, str) and e for e in evidence):
        wrong["evidence"] = "evidence must be a list of names of data sets"
    if table.get("width", FIT_ERROR) != FIT_ERROR:
        wrong["width"] = f'width = {table["width"]!r}; allowed: "{FIT_ERROR}"'
    if not isinstance(table.get("own", True), bool):
        wrong["own"] = "own must be true or false"
    return {key: stated.fault(message, key) for key, message in wrong.items()}


def belief_of(
    stated: Stated, unit: Unit, components: dict[str, Component]
) -> tuple[Belief, tuple[str, ...]]:
    """Return the belief that a table states, and what is to be noticed about it.

    Args:
        stated: A table with a law, ``given`` or ``by``.
        unit: Its unit.
        components: The components of the card.

    Raises:
        Refusal: With every fault of the table.
    """
    table, by = stated.table, stated.table.get("by")
    rest = {key: value for key, value in table.items() if key not in NOTES}
    if by is None:
        marginal, parent, notices = _marginal(stated, unit, rest, "")
        marginals = [marginal]
    else:
        if not isinstance(by, str) or by not in components:
            hint = nearest(str(by), components)
            known = ", ".join(components) or "none"
            message = f"by = {by!r} is no component{hint} (known: {known})"
            raise Refusal(stated.fault(message, "by"))
        del rest["by"]
        marginals, parent, notices = _labelled(stated, unit, rest, components[by])
    belief = Belief(
        name=stated.name,
        unit=unit,
        marginals=tuple(marginals),
        by=by,
        parent=parent,
        source=table.get("source", ""),
        date=table.get("date"),
        evidence=tuple(table.get("evidence", ())),
        note=table.get("note", ""),
        file=stated.document.file,
        line=stated.fault("").line,
    )
    return belief, tuple(f"{stated.name}: {notice}" for notice in notices)


def _labelled(
    stated: Stated, unit: Unit, labels: dict[str, Any], component: Component
) -> tuple[list[Marginal], str | None, list[str]]:
    faults, marginals, notices = [], [], []
    parents: set[str] = set()
    for key in labels:
        if key not in component.labels:
            known = ", ".join(component.labels)
            what = "beside by stand labels only" if key in LAW_KEYS else "no such label"
            message = f"{key}: {what}{nearest(key, component.labels)} ({known})"
            faults.append(stated.fault(message, key))
    for label in component.labels:
        if not isinstance(labels.get(label), dict):
            message = f"no law for the label {label} of {component.name}"
            faults.append(stated.fault(message, label if label in labels else ""))
            continue
        try:
            marginal, parent, said = _marginal(stated, unit, labels[label], label)
        except Refusal as refusal:
            faults += refusal.faults
            continue
        marginals.append(marginal)
        notices += [f"{label}: {notice}" for notice in said]
        parents |= {parent} if parent else set()
    if len(parents) > 1:
        message = f"given {' and '.join(sorted(parents))}; one parent for all labels"
        faults.append(stated.fault(message))
    if faults:
        raise Refusal(faults)
    return marginals, next(iter(parents), None), notices


def _marginal(
    stated: Stated, unit: Unit, table: dict[str, Any], label: str
) -> tuple[Marginal, str | None, tuple[str, ...]]:
    if "given" in table:
        others = [key for key in table if key != "given"]
        if others:
            message = f"given and {others[0]} say one thing in two ways; keep one"
            raise Refusal(stated.fault(message, f"{label}.{others[0]}".strip(".")))
        return _given(stated, table["given"], f"{label}.given".strip("."))
    registered: Parameter | None = parameter(stated.name)
    folder = stated.document.folder
    try:
        found = elicit(table, unit, parameter=registered, folder=folder)
    except Refusal as refusal:
        raise Refusal(stated.adopt(refusal, label)) from refusal
    return Marginal(law=found.law), None, found.notices


def _given(
    stated: Stated, table: Any, key: str
) -> tuple[Marginal, str | None, tuple[str, ...]]:
    if not isinstance(table, dict):
        shape = "{ parameter = …, intercept = …, slope = …, residual_sd = … }"
        raise Refusal(stated.fault(f"given must be a table, {shape}", key))
    statement = Statement(table=table, unit=Unit(name="1", kind="real"))
    statement.only(GIVEN)
    parent = table.get("parameter")
    if not isinstance(parent, str) or not parent:
        statement.refuse("given needs the name of a parameter: parameter = …")
    intercept, slope = statement.number("intercept"), statement.number("slope")
    residual = statement.number("residual_sd")
    if residual is not None and residual < 0.0:
        statement.refuse(f"residual_sd = {residual:g} must be ≥ 0", "residual_sd")
    for name, number in (("intercept", intercept), ("slope", slope)):
        check_size(statement, number or 0.0, name)
    check_size(statement, residual or 0.0, "residual_sd")
    try:
        statement.stop()
    except Refusal as refusal:
        raise Refusal(stated.adopt(refusal, key)) from refusal
    assert intercept is not None
    assert slope is not None
    law = Normal(mean=intercept, sd=residual) if residual else Point(value=intercept)
    return Marginal(law=law, slope=slope), parent, ()

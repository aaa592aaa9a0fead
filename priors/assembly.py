"""From the tables of a card to its joint prior, refusing all faults together."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from priors.belief import NOTES, Stated, belief_of, check_notes, unit_of
from priors.columns import read_columns
from priors.dependence import Cluster, RankCorrelation, clusters
from priors.document import Document
from priors.faults import Fault, Refusal, nearest
from priors.joint import (
    MAX_GROUP_ROWS,
    Belief,
    Component,
    Group,
    JointPrior,
    Marginal,
)
from priors.laws import Point
from priors.parameters import PARAMETERS, defaults, halves, parameter
from priors.units import Unit, own_unit


@dataclass(frozen=True, kw_only=True)
class Resolved:
    """The tables of a card after ``extends`` and ``--set``.

    Attributes:
        reference_date: Time zero.
        parameters: Tables by parameter.
        components: Tables by component.
        spearman: Rank correlations as written.
        dependence: The file that writes them.
    """

    reference_date: datetime.date
    parameters: dict[str, Stated]
    components: dict[str, Stated]
    spearman: Sequence[Any]
    dependence: Document


def assemble(resolved: Resolved) -> tuple[JointPrior, tuple[str, ...]]:
    """Return the joint prior of a card, and notices about fits and repairs.

    Raises:
        Refusal: With every fault of every table.
    """
    draft = _Draft(resolved)
    draft.read_components()
    draft.read_parameters()
    draft.check_links()
    draft.read_groups()
    found = draft.read_dependence()
    if draft.faults:
        raise Refusal(draft.faults)
    return draft.joint(found), tuple(draft.notices)


class _Draft:
    """A joint prior in the making, with the faults found so far."""

    def __init__(self, resolved: Resolved):
        self.resolved = resolved
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self.components: dict[str, Component] = {}
        self.beliefs: dict[str, Belief] = {}
        self.units: dict[str, Unit] = {}
        self.aliases: dict[str, str] = {}
        self.members: dict[str, list[Stated]] = {}
        self.groups: list[Group] = []

    def read_components(self) -> None:
        for name, stated in self.resolved.components.items():
            try:
                self.components[name] = _component(stated)
            except Refusal as refusal:
                self.faults += refusal.faults

    def read_parameters(self) -> None:
        for stated in self.resolved.parameters.values():
            bad = check_notes(stated)
            self.faults += bad.values()
            kept = {key: v for key, v in stated.table.items() if key not in bad}
            try:
                self._read_parameter(replace(stated, table=kept))
            except Refusal as refusal:
                self.faults += refusal.faults
        names = self.resolved.parameters
        for said, missing in halves(names):
            message = f"{said} means nothing without {missing}; state both"
            self.faults.append(names[said].fault(message))
        for silent in defaults(names):
            unit = own_unit(silent.unit, silent.kind, self.resolved.reference_date)
            point = unit.to_canonical(np.array([silent.default]))[0]
            law = Point(value=float(point))
            self.units[silent.name] = unit
            self.beliefs[silent.name] = Belief(
                name=silent.name,
                unit=unit,
                marginals=(Marginal(law=law),),
                note="The card is silent; this is the default.",
            )

    def _read_parameter(self, stated: Stated) -> None:
        name, table = stated.name, stated.table
        self.units[name] = unit_of(stated, self.resolved.reference_date)
        forms = [key for key in table if key in ("same_as", "group", "by")]
        if len(forms) > 1:
            message = f"{' and '.join(forms)} say one thing in two ways; keep one"
            raise Refusal(stated.fault(message, forms[1]))
        if forms in (["same_as"], ["group"]):
            form = forms[0]
            allowed = {form, *NOTES} | ({"column"} if form == "group" else set())
            for key in table:
                if key not in allowed:
                    message = f"{key} cannot stand beside {form}; keep one of them"
                    raise Refusal(stated.fault(message, key))
            if not isinstance(table[form], str):
                raise Refusal(stated.fault(f"{form} = {table[form]!r}: no name", form))
            if form == "same_as":
                self.aliases[name] = table[form]
            else:
                self.members.setdefault(table[form], []).append(stated)
            return
        belief, notices = belief_of(stated, self.units[name], self.components)
        self.beliefs[name] = belief
        self.notices += notices

    def check_links(self) -> None:
        """Refuse parents and targets that do not exist, and circles of them."""
        stated = self.resolved.parameters
        links = {b.name: b.parent for b in self.beliefs.values() if b.parent}
        known = {*stated, *self.beliefs}
        for name, other in {**links, **self.aliases}.items():
            form = "same_as" if name in self.aliases else "given"
            if other not in known:
                message = f"{form} names {other}, which the card does not state"
                fault = stated[name].fault(message + nearest(other, known), form)
                self.faults.append(fault)
            elif _circle(name, {**links, **self.aliases}):
                message = f"{form} leads back to {name} itself"
                self.faults.append(stated[name].fault(message, form))
        for name, other in self.aliases.items():
            pair = self.units.get(name), self.units.get(other)
            if (
                pair[0]
                and pair[1]
                and _measure(name, pair[0]) != _measure(other, pair[1])
            ):
                message = f"same_as {other}, which is measured in {pair[1].name}"
                self.faults.append(stated[name].fault(message, "same_as"))

    def read_groups(self) -> None:
        for file, members in self.members.items():
            try:
                self.groups.append(self._group(file, members))
            except Refusal as refusal:
                self.faults += members[0].adopt(refusal, "group")

    def _group(self, file: str, members: list[Stated]) -> Group:
        folders = {stated.document.folder for stated in members}
        columns = {s.name: s.table.get("column", s.name) for s in members}
        if len(folders) > 1:
            raise Refusal(Fault(f'"{file}" is named by cards in two folders'))
        read = read_columns(folders.pop(), file, list(columns.values()))
        rows = next(iter(read.values())).size
        if rows > MAX_GROUP_ROWS:
            message = f'"{file}" has {rows:,} rows; a group has at most'
            raise Refusal(Fault(f"{message} {MAX_GROUP_ROWS:,}"))
        canonical = {}
        for name, column in columns.items():
            unit, low = self.units[name], float(read[column].min())
            if unit.kind != "date" and low <= unit.lowest:
                message = f"column {column} has {low:g}; all must be > {unit.lowest:g}"
                raise Refusal(Fault(f"{message} {unit.name}"))
            canonical[name] = unit.to_canonical(read[column])
        stem = file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
        return Group(name=stem, columns=canonical)

    def read_dependence(self) -> tuple[Cluster, ...]:
        pairs: list[RankCorrelation] = []
        for index, row in enumerate(self.resolved.spearman):
            key = f"dependence.spearman[{index}]"
            try:
                pairs.append(self._pair(row, pairs))
            except ValueError as error:
                self.faults.append(self.resolved.dependence.fault(str(error), key))
        own = {*self.beliefs, *self.resolved.parameters} - set(PARAMETERS)
        order = [*PARAMETERS, *sorted(own)]
        try:
            found, notices = clusters(pairs, order)
        except Refusal as refusal:
            for fault in refusal.faults:
                place = self.resolved.dependence
                self.faults.append(place.fault(fault.message, "dependence.spearman"))
            return ()
        self.notices += notices
        return found

    def _pair(self, row: Any, before: list[RankCorrelation]) -> RankCorrelation:
        is_row = isinstance(row, list) and len(row) == 3
        if not is_row or not all(isinstance(name, str) for name in row[:2]):
            raise ValueError(f'{row!r} must be ["a", "b", 0.3], two names and a number')
        first, second, value = row
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ValueError(f"the correlation {value!r} is not a number")
        if not -1.0 <= value <= 1.0:
            raise ValueError(f"the rank correlation {value:g} is outside [-1, 1]")
        if first == second:
            raise ValueError(f"{first} is correlated with itself")
        for name in (first, second):
            if reason := self._not_free(name):
                raise ValueError(f"{name} {reason}")
        if any({first, second} == {pair.first, pair.second} for pair in before):
            raise ValueError(f"{first}–{second} is given twice; keep one")
        return RankCorrelation(first=first, second=second, value=float(value))

    def _not_free(self, name: str) -> str:
        """Return why a parameter cannot be correlated, or an empty string."""
        if name not in self.resolved.parameters and name not in self.beliefs:
            return f"is not stated by the card{nearest(name, self.beliefs)}"
        if name in self.aliases:
            return f"is the same as {self.aliases[name]}; correlate that one"
        if any(name == s.name for members in self.members.values() for s in members):
            return "is drawn from a table, whose rows hold its dependence"
        belief = self.beliefs.get(name)
        if belief is not None and belief.parent is not None:
            return f"is given {belief.parent}; that is its dependence"
        if belief is not None and belief.is_point:
            return "is a point and has nothing to correlate"
        return ""

    def joint(self, found: tuple[Cluster, ...]) -> JointPrior:
        targets = {name: _end(name, self.aliases) for name in sorted(self.aliases)}
        return JointPrior(
            reference_date=self.resolved.reference_date,
            beliefs=tuple(self.beliefs[name] for name in sorted(self.beliefs)),
            components=tuple(self.components.values()),
            groups=tuple(self.groups),
            clusters=found,
            aliases=targets,
            units=dict(sorted(self.units.items())),
        )


def _component(stated: Stated) -> Component:
    faults = [
        stated.fault(
            f"unknown key {key}{nearest(key, ['weights'])} (allowed: weights)", key
        )
        for key in stated.table
        if key != "weights"
    ]
    weights = stated.table.get("weights")
    if not isinstance(weights, dict) or not weights:
        message = "a component needs weights = { first = 0.7, second = 0.3 }"
        faults.append(stated.fault(message, "weights"))
        raise Refusal(faults)
    for label, weight in weights.items():
        if isinstance(weight, bool) or not isinstance(weight, int | float):
            message = f"the weight {weight!r} is not a number"
            faults.append(stated.fault(message, f"weights.{label}"))
    if faults:
        raise Refusal(faults)
    try:
        return Component(
            name=stated.name,
            labels=tuple(weights),
            weights=tuple(float(weight) for weight in weights.values()),
        )
    except Refusal as refusal:
        message = refusal.faults[0].message
        raise Refusal(stated.fault(message, "weights")) from refusal


def _circle(name: str, links: dict[str, str]) -> bool:
    seen, at = {name}, links.get(name)
    while at is not None and at not in seen:
        seen.add(at)
        at = links.get(at)
    return at == name


def _end(name: str, aliases: dict[str, str]) -> str:
    while name in aliases:
        name = aliases[name]
    return name


def _measure(name: str, unit: Unit) -> str:
    """Return what must agree for two parameters to share a canonical value."""
    registered = parameter(name)
    own = registered.unit if registered else unit.name
    return own if unit.kind in ("scale", "real") else unit.kind

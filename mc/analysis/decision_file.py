"""A decision as a TOML file: read, or refused with the line and key of each fault."""

import datetime
import math
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from mc.analysis.decision import (
    ALWAYS,
    OTHERWISE,
    Action,
    Decision,
    Measurement,
    Outcome,
    Payoff,
    read_clauses,
)
from priors.document import Document, read_document
from priors.faults import Fault, Refusal, nearest

SCHEMA = 1
FEWEST = 2
"""Actions; with one there is nothing to decide."""
_KEYS = ("schema", "name", "description", "unit", "outcomes", "actions")
_KEYS += ("groups", "measurements")
_PAYOFF_KEYS = ("base", "slope", "of", "from")
_NAME = re.compile(r"[A-Za-z0-9_.-]+")


def read_decision(path: Path) -> Decision:
    """Return the decision that a file holds.

    Args:
        path: A TOML file.

    Raises:
        Refusal: With every fault of the file.
    """
    reading = _Reading(read_document(path))
    reading.known("", reading.tables, _KEYS)
    if reading.tables.get("schema") != SCHEMA:
        reading.fault(f"a decision begins schema = {SCHEMA}", "schema")
    outcomes = reading.outcomes()
    found = Decision(
        name=reading.text("name", path.stem),
        description=reading.text("description", ""),
        unit=reading.text("unit", "utility"),
        outcomes=outcomes,
        actions=reading.actions(outcomes),
        groups=reading.groups(),
        measurements=reading.measurements(),
        document=reading.document,
    )
    if not reading.faults and not found.uses:
        reading.fault("no payoff depends on what comes of a draw", "actions")
    if reading.faults:
        raise Refusal(sorted(reading.faults, key=lambda fault: fault.line or 0))
    return found


class _Reading:
    """One file, and what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self.document, self.tables = document, document.tables
        self.faults: list[Fault] = []

    def fault(self, message: str, key: str) -> None:
        self.faults.append(self.document.fault(message, key))

    def known(self, path: str, table: dict[str, Any], keys: Iterable[str]) -> None:
        """Refuse keys that nothing reads."""
        allowed = list(keys)
        for key in table:
            if key not in allowed:
                hint = nearest(key, allowed)
                line = f"unknown key{hint} (allowed: {', '.join(allowed)})"
                self.fault(line, f"{path}.{key}".strip("."))

    def table(self, key: str) -> dict[str, Any]:
        found = self.tables.get(key, {})
        if not isinstance(found, dict):
            self.fault("must be a table", key)
            return {}
        for name in found:
            if not _NAME.fullmatch(name):
                self.fault(f'"{name}" must be of A–Z, a–z, 0–9, _, . and -', key)
        return found

    def text(self, key: str, usual: str) -> str:
        found = self.tables.get(key, usual)
        if not isinstance(found, str):
            self.fault("must be text", key)
            return usual
        return found

    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes in the file's order; what is left stands last."""
        table = self.table("outcomes")
        if not table:
            return (Outcome(name=ALWAYS, text=OTHERWISE, clauses=()),)
        found = []
        for place, (name, text) in enumerate(table.items(), 1):
            key = f"outcomes.{name}"
            if name == ALWAYS:
                self.fault(f'an outcome cannot be called "{ALWAYS}"', key)
            try:
                clauses = read_clauses(text if isinstance(text, str) else "")
            except ValueError as error:
                said = str(error) if isinstance(text, str) else "must be text"
                self.fault(said, key)
                continue
            if not clauses and place < len(table):
                self.fault(f'"{OTHERWISE}" must stand last', key)
            found.append(Outcome(name=name, text=text, clauses=clauses))
        return tuple(found)

    def actions(self, outcomes: tuple[Outcome, ...]) -> tuple[Action, ...]:
        """Actions with a payoff for each outcome."""
        table = self.table("actions")
        if len(table) < FEWEST:
            line = f"a decision is between {FEWEST} actions or more, [actions.NAME]"
            self.fault(line, "actions")
        return tuple(self._action(name, row, outcomes) for name, row in table.items())

    def _action(self, name: str, row: Any, outcomes: tuple[Outcome, ...]) -> Action:
        path, names = f"actions.{name}", [outcome.name for outcome in outcomes]
        if not isinstance(row, dict):
            self.fault(f"must be a table with a payoff for {', '.join(names)}", path)
            return Action(name=name, payoffs={})
        if ALWAYS in row:
            self.known(path, row, [ALWAYS])
            payoff = self._payoff(row[ALWAYS], f"{path}.{ALWAYS}")
            return Action(name=name, payoffs=dict.fromkeys(names, payoff))
        self.known(path, row, names if self.tables.get("outcomes") else [ALWAYS])
        if missing := [one for one in names if one not in row]:
            line = f"no payoff for {', '.join(missing)}"
            self.fault(f"{line}; or one {ALWAYS} for all outcomes", path)
        payoffs = {n: self._payoff(row[n], f"{path}.{n}") for n in names if n in row}
        return Action(name=name, payoffs=payoffs)

    def _payoff(self, value: Any, key: str) -> Payoff:
        if not isinstance(value, dict):
            if isinstance(value, str | list):
                line = "a payoff is a number, or a table with base, slope, of and from"
                self.fault(line, key)
                value = 0.0
            return Payoff(base=self._number(value, key), key=key)
        self.known(key, value, _PAYOFF_KEYS)
        of, origin = value.get("of"), value.get("from", 0.0)
        if not isinstance(of, str):
            self.fault("of is missing: the quantity that slope is of", f"{key}.of")
            of = None
        if type(origin) is not datetime.date:
            origin = self._number(origin, f"{key}.from")
        if "slope" not in value:
            self.fault("slope is missing: payoff for each unit of the quantity", key)
        return Payoff(
            base=self._number(value.get("base", 0.0), f"{key}.base"),
            slope=self._number(value.get("slope", 0.0), f"{key}.slope"),
            of=of,
            origin=origin,
            key=key,
        )

    def _number(self, value: Any, key: str) -> float:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if not is_number or not math.isfinite(value):
            self.fault(f"{value!r} is not a finite number", key)
            return 0.0
        return float(value)

    def groups(self) -> dict[str, tuple[str, ...]]:
        """Sets of inputs by name."""
        found = {}
        for name, members in self.table("groups").items():
            is_list = isinstance(members, list) and len(members) >= 1
            if not is_list or not all(isinstance(one, str) for one in members):
                self.fault(
                    "must be a list of parameters or components", f"groups.{name}"
                )
                continue
            found[name] = tuple(dict.fromkeys(members))
        return found

    def measurements(self) -> tuple[Measurement, ...]:
        """Parameters that could be measured, and how well."""
        found = []
        for name, row in self.table("measurements").items():
            path = f"measurements.{name}"
            of = row.get("of") if isinstance(row, dict) else None
            if not isinstance(of, str):
                self.fault("must be a table with of, a parameter, and sd", path)
                continue
            self.known(path, row, ("of", "sd"))
            sd = self._number(row.get("sd"), f"{path}.sd")
            if sd <= 0.0:
                self.fault("must be above 0: the standard error", f"{path}.sd")
            found.append(Measurement(name=name, of=of, sd=sd))
        return tuple(found)

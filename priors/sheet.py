"""The top level of one card: its head, and its tables, not yet understood."""

import datetime
import re
from dataclasses import dataclass, field
from typing import Any

from priors.document import Document
from priors.faults import Fault, nearest

SCHEMA = 1
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
KEYS = (
    "schema",
    "name",
    "description",
    "extends",
    "reference_date",
    "parameters",
    "components",
    "dependence",
)


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """One card as written.

    Attributes:
        document: The file.
        name: Its name; empty where refused.
        description: What it stands for.
        extends: The card it changes, if any.
        reference_date: As written here, if it is.
        parameters: Tables by parameter.
        components: Tables by component.
        spearman: Rank correlations, if this card states any.
        faults: What was refused so far.
    """

    document: Document
    name: str = ""
    description: str = ""
    extends: str | None = None
    reference_date: datetime.date | None = None
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    spearman: list[Any] | None = None
    faults: tuple[Fault, ...] = ()


def sheet_of(document: Document) -> Sheet:
    """Read the top level of a card; what is refused stands in its ``faults``."""
    faults: list[Fault] = []
    tables = document.tables

    def refuse(message: str, key: str) -> None:
        faults.append(document.fault(message, key))

    for key in tables:
        if key not in KEYS:
            known = ", ".join(KEYS)
            refuse(f"unknown key {key}{nearest(key, KEYS)} (allowed: {known})", key)
    _check_schema(tables, refuse)
    name = tables.get("name")
    if not isinstance(name, str) or NAME.fullmatch(name) is None:
        refuse(
            f"name = {name!r} must have 1 to 64 letters, digits, dots, dashes or "
            "underscores, and begin with a letter or digit",
            "name",
        )
        name = ""
    text = {key: tables.get(key, "") for key in ("description", "extends")}
    for key, value in text.items():
        if not isinstance(value, str):
            refuse(f"{key} = {value!r} must be text", key)
            text[key] = ""
    return Sheet(
        document=document,
        name=name,
        description=text["description"],
        extends=text["extends"] or None,
        reference_date=_date(tables, refuse),
        parameters=_tables(tables, "parameters", refuse),
        components=_tables(tables, "components", refuse),
        spearman=_spearman(tables, refuse),
        faults=tuple(faults),
    )


def _check_schema(tables: dict[str, Any], refuse) -> None:
    schema = tables.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int):
        found = "is missing" if schema is None else f"= {schema!r} is not a number"
        refuse(f"schema {found}; a card begins schema = {SCHEMA}", "schema")
    elif schema > SCHEMA:
        refuse(
            f"schema {schema} is newer than this program (knows up to {SCHEMA}); "
            "upgrade meekmc",
            "schema",
        )
    elif schema != SCHEMA:
        refuse(f"schema = {schema} is unknown; write schema = {SCHEMA}", "schema")


def _date(tables: dict[str, Any], refuse) -> datetime.date | None:
    value = tables.get("reference_date")
    if value is None and (tables.get("extends") or "reference_date" not in tables):
        if not tables.get("extends"):
            refuse("reference_date is missing; write reference_date = 2023-03-14", "")
        return None
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        refuse(
            f"reference_date = {value!r} is not a date; write 2023-03-14, unquoted",
            "reference_date",
        )
        return None
    return value


def _tables(tables: dict[str, Any], key: str, refuse) -> dict[str, dict[str, Any]]:
    value = tables.get(key, {})
    if not isinstance(value, dict):
        refuse(f"{key} must be tables, [{key}.NAME]", key)
        return {}
    for name, table in value.items():
        if not isinstance(table, dict):
            refuse(f"{name} must be a table, [{key}.{name}]", f"{key}.{name}")
    return {name: table for name, table in value.items() if isinstance(table, dict)}


def _spearman(tables: dict[str, Any], refuse) -> list[Any] | None:
    dependence = tables.get("dependence")
    if dependence is None:
        return None
    if not isinstance(dependence, dict):
        refuse("dependence must be a table, [dependence]", "dependence")
        return None
    for key in dependence:
        if key != "spearman":
            hint = nearest(key, ["spearman"])
            refuse(f"unknown key {key}{hint} (allowed: spearman)", f"dependence.{key}")
    pairs = dependence.get("spearman", [])
    if not isinstance(pairs, list):
        refuse('spearman must be a list of ["a", "b", 0.3]', "dependence.spearman")
        return None
    return pairs

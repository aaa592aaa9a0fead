"""The top level of one card: its head, and its tables, not yet understood."""

import datetime
from dataclasses import dataclass, field
from typing import Any

from priors.document import Document
from priors.faults import Fault, nearest
from priors.head import Head

KEYS = (
    "schema",
    "name",
    "description",
    "extends",
    "reference_date",
    "path",
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
        path: The compute path that it names, if any.
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
    path: str | None = None
    parameters: dict[str, dict[str, Any]] = field(default_factory=dict)
    components: dict[str, dict[str, Any]] = field(default_factory=dict)
    spearman: list[Any] | None = None
    faults: tuple[Fault, ...] = ()


def sheet_of(document: Document) -> Sheet:
    """Read the top level of a card; what is refused stands in its ``faults``."""
    head = Head(document, KEYS)
    head.check_schema()
    return Sheet(
        document=document,
        name=head.name(),
        description=head.text("description"),
        extends=head.text("extends") or None,
        reference_date=_date(head),
        path=head.path(),
        parameters=head.tables("parameters"),
        components=head.tables("components"),
        spearman=_spearman(head),
        faults=tuple(head.faults),
    )


def _date(head: Head) -> datetime.date | None:
    tables = head.document.tables
    value = tables.get("reference_date")
    if value is None and (tables.get("extends") or "reference_date" not in tables):
        if not tables.get("extends"):
            message = "reference_date is missing; write reference_date = 2023-03-14"
            head.refuse(message, "")
        return None
    if isinstance(value, datetime.datetime) or not isinstance(value, datetime.date):
        head.refuse(
            f"reference_date = {value!r} is not a date; write 2023-03-14, unquoted",
            "reference_date",
        )
        return None
    return value


def _spearman(head: Head) -> list[Any] | None:
    dependence = head.document.tables.get("dependence")
    if dependence is None:
        return None
    if not isinstance(dependence, dict):
        head.refuse("dependence must be a table, [dependence]", "dependence")
        return None
    for key in dependence:
        if key != "spearman":
            message = (
                f"unknown key {key}{nearest(key, ['spearman'])} (allowed: spearman)"
            )
            head.refuse(message, f"dependence.{key}")
    pairs = dependence.get("spearman", [])
    if not isinstance(pairs, list):
        head.refuse('spearman must be a list of ["a", "b", 0.3]', "dependence.spearman")
        return None
    return pairs

"""How data sets and their rows are shown: in words, in a table, as records."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli.text_table import grid
from experiments.cli.wording import number
from priors.evidence.data_sets import OWN_FOLDER

if TYPE_CHECKING:
    from experiments.cli.terminal import Screen
    from priors.evidence.data_sets import DataSet
    from priors.evidence.rows import Row

_CENSORED = {
    "right": "* known only to be at what its source vouches for, or above it",
    "left": "* known only to be there or below",
}
HEADER = ("", "date", "value", "low", "high", "mass")


def summary(one: "DataSet") -> str:
    """A data set in a sentence."""
    rows = f"{len(one.rows)} row{'s' * (len(one.rows) != 1)}"
    about = "speaks of " if one.outputs else "read for "
    about += ", ".join(one.outputs or one.parameters)
    return f"{one.title}, {one.vintage}; {rows}; {about}"


def overview(one: "DataSet") -> dict[str, Any]:
    """A data set as a record, without its rows."""
    first, last = one.published
    return {
        "id": one.id,
        "title": one.title,
        "vintage": one.vintage,
        "families": one.families,
        "is_summary": one.is_summary,
        "is_own": one.is_own,
        "num_rows": len(one.rows),
        "observables": [observable.name for observable in one.observables],
        "units": {o.name: o.unit for o in one.observables},
        "outputs": one.outputs,
        "parameters": one.parameters,
        "published": {"first": first, "last": last},
        "licence": one.licence,
        "note": one.note,
        "file": one.file,
    }


def record(row: "Row") -> dict[str, Any]:
    """A row as a record."""
    keys = ("label", "developer", "date", "value", "low", "high", "mass", "unit")
    keys += ("published", "source", "solidity", "censored", "note", "line")
    told = {key: getattr(row, key) for key in keys}
    return {"observable": row.observable.name, **told, "more": dict(row.more)}


def show(screen: "Screen", one: "DataSet") -> None:
    """Write a data set: what it is, its rows by observable, and its sources."""
    screen.title(f"{one.id}: {one.title}, {one.vintage}")
    head = [
        ("speaks of", ", ".join(one.outputs) or "no metric"),
        ("beliefs", ", ".join(one.parameters) or "no parameter"),
        ("same data", f"what is of {', '.join(one.families) or 'no series'}"),
        ("licence", one.licence),
        ("note", one.note),
        ("file", one.file),
    ]
    screen.labelled([(label, text) for label, text in head if text])
    for observable in one.observables:
        rows = one.of(observable.name)
        screen.lines("")
        screen.title(f"{observable.title}, {observable.unit}")
        screen.lines(*_table(rows, screen.width))
        for word in sorted({row.censored for row in rows} - {""}):
            screen.lines(_CENSORED[word])
    screen.lines("")
    screen.title("sources")
    sources: dict[str, int] = {}
    for row in one.rows:
        sources[row.source] = sources.get(row.source, 0) + 1
    screen.labelled([(_rows(count), source) for source, count in sources.items()])
    noted = sum(bool(row.note) for row in one.rows)
    if noted:
        screen.lines("", f"What is to be known of {_rows(noted)} is told by --json.")


def added(rows: "Sequence[Row]", file: Path) -> list[str]:
    """What was written, and how it is called from now on."""
    lines = []
    for row in rows:
        ends = ""
        if row.low is not None and row.high is not None:
            ends = f", {number(row.low)} to {number(row.high)}"
            ends += f" at {row.mass:.0%}" if row.mass is not None else ""
        lines.append(
            f"{row.label}: {row.observable.name} {_number(row)} {row.unit}{ends}"
        )
        if row.censored and row.bound is not None:
            lines.append(f"{_CENSORED[row.censored]} ({row.bound:g} {row.unit})")
    name = file.stem if file.parent == OWN_FOLDER else str(file)
    return [*lines, f"in {file}; commands that take a data set know it as {name}"]


def _table(rows: "Sequence[Row]", width: int) -> list[str]:
    """Lines of a table, without the columns that no row fills."""
    cells = list(zip(HEADER, *map(_cells, rows), strict=True))
    header, *body = zip(*(c for c in cells if any(c[1:])), strict=True)
    return grid(header, body, width)


def _cells(row: "Row") -> tuple[str, ...]:
    ends = ("" if end is None else number(end) for end in (row.low, row.high))
    mass = "" if row.mass is None else f"{row.mass:.0%}"
    return row.label, str(row.date or ""), _number(row), *ends, mass


def _number(row: "Row") -> str:
    if row.value is None:
        return ""
    return number(row.value) + "*" * bool(row.censored)


def _rows(count: int) -> str:
    return f"{count} row{'s' * (count != 1)}"

"""Data sets: one state of one series each, shipped or the user's own."""

import datetime
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from priors.evidence.observables import Observable
from priors.evidence.rows import Row, read_rows
from priors.faults import Fault, Refusal, nearest

CATALOGUE = Path(__file__).parent / "data_sets.toml"
TABLES = Path(__file__).parent / "tables"
OWN_FOLDER = Path("evidence")
"""Where data sets of the user's own lie, under the working directory."""


@dataclass(frozen=True, kw_only=True)
class DataSet:
    """One state of one series.

    Attributes:
        id: The name by which cards and commands know it.
        title: For a reader.
        vintage: Which state of the series, or from when to when its rows are.
        families: Names of series; data sets that share one are the same data.
        is_summary: Whether its rows are computed from all rows of its families.
        licence: On what terms it may be shared.
        note: What a user should know.
        rows: The rows, in the order of the file.
        file: Where they stand.
        is_own: Whether it is the user's own.
    """

    id: str
    title: str
    vintage: str
    families: tuple[str, ...]
    is_summary: bool = False
    licence: str = ""
    note: str = ""
    rows: tuple[Row, ...]
    file: str
    is_own: bool = False

    @property
    def observables(self) -> tuple[Observable, ...]:
        """What its rows are about, in order of first appearance."""
        return tuple(
            {row.observable.name: row.observable for row in self.rows}.values()
        )

    @property
    def outputs(self) -> tuple[str, ...]:
        """Metrics and quantities of the engine that it speaks of, sorted."""
        return tuple(sorted({n for one in self.observables for n in one.outputs}))

    @property
    def parameters(self) -> tuple[str, ...]:
        """Parameters of cards that it speaks of, sorted."""
        return tuple(sorted({n for one in self.observables for n in one.parameters}))

    @property
    def published(self) -> tuple[datetime.date, datetime.date]:
        """When its first and its last row were published."""
        days = [row.published for row in self.rows]
        return min(days), max(days)

    def of(self, observable: str) -> tuple[Row, ...]:
        """Rows about one observable."""
        return tuple(row for row in self.rows if row.observable.name == observable)

    def row(self, observable: str, label: str) -> Row:
        """The first row about one observable with a label.

        Raises:
            KeyError: If there is none.
        """
        for row in self.of(observable):
            if row.label == label:
                return row
        raise KeyError(f"{self.id} has no {observable} of {label}")

    def as_of(self, date: datetime.date) -> "DataSet":
        """Only the rows that were published on a date or before."""
        known = tuple(row for row in self.rows if row.published <= date)
        return replace(self, rows=known)


@cache
def shipped_data_sets() -> tuple[str, ...]:
    """Return the ids of the data sets that come with the program."""
    return tuple(_catalogue())


def own_data_sets(folder: Path = OWN_FOLDER) -> tuple[str, ...]:
    """Return the ids of the data sets of the user's own, sorted."""
    return tuple(sorted(path.stem for path in folder.glob("*.csv")))


def data_set(name: str, folder: Path = OWN_FOLDER) -> DataSet:
    """Return a data set.

    Args:
        name: An id, or the path of a CSV file of the user's own; ``ID:LABEL`` is the
            rows of one label.
        folder: Where the user's own lie.

    Raises:
        Refusal: If there is none by that name, or with every fault of its file.
    """
    if name in shipped_data_sets():
        return _shipped(name)
    if name in own_data_sets(folder):
        return own_data_set(folder / f"{name}.csv")
    if name.endswith(".csv"):
        return own_data_set(Path(name))
    base, _, label = name.partition(":")
    if label:
        return _labelled(data_set(base, folder), label)
    raise Refusal(Fault(unknown_id(name, folder)))


def _labelled(data: DataSet, label: str) -> DataSet:
    """Only the rows of one label."""
    rows = tuple(row for row in data.rows if row.label == label)
    if not rows:
        hint = nearest(label, {row.label for row in data.rows})
        raise Refusal(Fault(f'{data.id} has no row "{label}"{hint}'))
    return replace(data, id=f"{data.id}:{label}", rows=rows)


def unknown_id(name: str, folder: Path = OWN_FOLDER) -> str:
    """Return the words that refuse an id."""
    known = (*shipped_data_sets(), *own_data_sets(folder))
    return (
        f'unknown data set "{name}"{nearest(name, known)} (there is: '
        f"{', '.join(known)}; a table of your own is named by its path)"
    )


def first_published(data: DataSet) -> datetime.date:
    """Return when the first number of a data set's series was published."""
    shipped = map(_shipped, shipped_data_sets())
    series = [one for one in shipped if set(one.families) & set(data.families)]
    return min(one.published[0] for one in (data, *series))


def all_data_sets(folder: Path = OWN_FOLDER) -> tuple[DataSet, ...]:
    """Return every data set, the shipped ones first.

    Raises:
        Refusal: With every fault of every file of the user's own.
    """
    faults: list[Fault] = []
    own: list[DataSet] = []
    for name in own_data_sets(folder):
        try:
            own.append(own_data_set(folder / f"{name}.csv"))
        except Refusal as refusal:
            faults += refusal.faults
    if faults:
        raise Refusal(faults)
    return (*map(_shipped, shipped_data_sets()), *own)


def own_data_set(path: Path) -> DataSet:
    """Return the data set that a file of the user's own makes.

    Its families are those of the shipped series about the same observables.

    Raises:
        Refusal: With every fault of the file, or if its name is that of a shipped one.
    """
    if path.stem in shipped_data_sets():
        message = f"{path.stem} is a shipped data set; give the file another name"
        raise Refusal(Fault(message, file=str(path)))
    rows = read_rows(path)
    if not rows:
        raise Refusal(Fault("has a header and no rows", file=str(path)))
    days = sorted(row.published for row in rows)
    return DataSet(
        id=path.stem,
        title="rows of your own",
        vintage=_from_to(days[0], days[-1]),
        families=_families(row.observable.name for row in rows),
        rows=rows,
        file=str(path),
        is_own=True,
    )


def _families(names: Iterable[str]) -> tuple[str, ...]:
    wanted = set(names)
    found: set[str] = set()
    for name in shipped_data_sets():
        one = _shipped(name)
        if not one.is_summary and wanted & {o.name for o in one.observables}:
            found |= set(one.families)
    return tuple(sorted(found))


def _from_to(first: datetime.date, last: datetime.date) -> str:
    return str(first) if first == last else f"{first} to {last}"


@cache
def _catalogue() -> dict[str, dict[str, Any]]:
    return tomllib.loads(CATALOGUE.read_text(encoding="utf-8"))


@cache
def _shipped(name: str) -> DataSet:
    table = _catalogue()[name]
    path = TABLES / f"{name}.csv"
    return DataSet(
        id=name,
        title=table["title"],
        vintage=table["vintage"],
        families=tuple(table["families"]),
        is_summary=table.get("summary", False),
        licence=table["licence"],
        note=table.get("note", ""),
        rows=read_rows(path, table.get("columns", ()), name=path.name),
        file=path.name,
    )

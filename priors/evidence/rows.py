"""Rows of a table of evidence: one observed number, its interval, date and source."""

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from priors.evidence.cells import CENSORED, SOLIDITY, Cells
from priors.evidence.observables import Observable
from priors.faults import Fault, Refusal, nearest

COLUMNS = (
    "observable",
    "label",
    "developer",
    "date",
    "value",
    "low",
    "high",
    "mass",
    "unit",
    "published",
    "source",
    "solidity",
    "censored",
    "note",
)
MAX_BYTES = 2**24
_Key = tuple[str, str, datetime.date | None]


@dataclass(frozen=True, kw_only=True)
class Row:
    """One observed number.

    Attributes:
        observable: What was observed.
        label: Which model, pair or measure.
        developer: Who made it; empty where that has no meaning.
        date: When it held, for a model its release; None where it holds for a period.
        value: In the observable's unit; None where only ends are known.
        low: Lower end of what is known of it.
        high: Upper end.
        mass: Probability between the ends; None where the source does not say it.
        published: When this number was published, the last possible day where only a
            month or a year is known.
        source: Who says so, with a URL or an arXiv number.
        solidity: ``printed`` in the source, ``derived`` from printed numbers,
            ``second-hand`` or ``uncertain``.
        censored: ``right`` where the truth is known only to be at ``bound`` or above
            it, ``left`` at or below, else empty.
        note: What a user should know.
        more: Columns that only this table has.
        line: Line in the file, from 1; 0 where it stands in none.
    """

    observable: Observable
    label: str
    developer: str
    date: datetime.date | None
    value: float | None
    low: float | None
    high: float | None
    mass: float | None
    published: datetime.date
    source: str
    solidity: str
    censored: str
    note: str
    more: Mapping[str, str] = field(default_factory=dict)
    line: int = 0

    @property
    def unit(self) -> str:
        """The unit of its numbers."""
        return self.observable.unit

    @property
    def bound(self) -> float | None:
        """The value, of a right-censored row no more than its source vouches for."""
        most = self.observable.reliable_to
        if self.censored != "right" or self.value is None or most is None:
            return self.value
        return min(self.value, most)

    @property
    def key(self) -> _Key:
        """What no two rows of a table share."""
        return self.observable.name, self.label.casefold(), self.date


def read_rows(
    path: Path, more: Sequence[str] = (), *, name: str | None = None
) -> tuple[Row, ...]:
    """Read a table.

    Args:
        path: A CSV file with a header line.
        more: Columns that it has beside ``COLUMNS``.
        name: How messages call the file; its path unless told.

    Raises:
        Refusal: With every fault of the file: line, column, what was found and what
            is allowed.
    """
    file = name or str(path)
    (_, header), *body = _lines(path, file)
    _check_header(header, (*COLUMNS, *more), file)
    faults: list[Fault] = []
    rows: dict[_Key, Row] = {}
    for line, cells in body:
        if len(cells) != len(header):
            message = f"has {len(cells)} cells, the header {len(header)}"
            faults.append(Fault(message, file=file, line=line))
            continue
        try:
            row = row_of(dict(zip(header, cells, strict=True)), file, line)
        except Refusal as refusal:
            faults += refusal.faults
            continue
        if row.key in rows:
            first = rows[row.key].line
            message = f'"{row.label}" stands in line {first} already; keep one'
            faults.append(Fault(message, file=file, line=line, key="label"))
        rows.setdefault(row.key, row)
    if faults:
        raise Refusal(faults)
    return tuple(rows.values())


def row_of(
    texts: Mapping[str, str],
    file: str,
    line: int | None = None,
    names: Mapping[str, str] | None = None,
) -> Row:
    """Return the row that cells by column make.

    Args:
        texts: A text for each of ``COLUMNS``, and for others.
        file: How messages call the file.
        line: Line in it.
        names: How messages call columns, where not by their own name.

    Raises:
        Refusal: With every fault of the cells.
    """
    trimmed = {column: text.strip() for column, text in texts.items()}
    cells = Cells(texts=trimmed, file=file, line=line, names=names or {})
    observable = cells.observable()
    label, source = cells.required("label"), cells.source()
    held, published = cells.days()
    solidity = cells.word("solidity", SOLIDITY)
    censored = cells.word("censored", CENSORED)
    is_log = observable is not None and observable.scale == "log"
    numbers = cells.numbers(positive=is_log)
    if cells.faults or observable is None or published is None:
        raise Refusal(cells.faults)
    return Row(
        observable=observable,
        label=label,
        developer=trimmed["developer"],
        date=held,
        published=published,
        source=source,
        solidity=solidity,
        censored=censored,
        note=trimmed["note"],
        more={k: text for k, text in trimmed.items() if k not in COLUMNS},
        line=line or 0,
        **numbers,
    )


def _lines(path: Path, file: str) -> list[tuple[int, list[str]]]:
    """Lines of a CSV file with their numbers, the header first."""
    try:
        if path.stat().st_size > MAX_BYTES:
            message = f"is larger than {MAX_BYTES // 2**20} MiB"
            raise Refusal(Fault(message, file=file))
        text = path.read_bytes().decode("utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""), strict=True)
        found = [(reader.line_num, cells) for cells in reader if cells]
    except FileNotFoundError as error:
        raise Refusal(Fault("there is no such file", file=file)) from error
    except IsADirectoryError as error:
        raise Refusal(Fault("is a directory; name a CSV file", file=file)) from error
    except UnicodeDecodeError as error:
        message = f"is not UTF-8 text: {error.reason}"
        raise Refusal(Fault(message, file=file)) from error
    except csv.Error as error:
        raise Refusal(Fault(f"is not CSV: {error}", file=file)) from error
    if not found:
        raise Refusal(Fault(f"is empty; it begins {','.join(COLUMNS)}", file=file))
    return found


def _check_header(header: list[str], allowed: tuple[str, ...], file: str) -> None:
    faults = [
        Fault(
            f'unknown column "{column}"{nearest(column, allowed)} '
            f"(allowed: {', '.join(allowed)})",
            file=file,
            line=1,
            key=column or None,
        )
        for column in header
        if column not in allowed
    ]
    for column in allowed:
        count = header.count(column)
        if count != 1:
            message = "is missing" if count == 0 else f"stands {count} times"
            faults.append(Fault(message, file=file, line=1, key=column))
    if faults:
        raise Refusal(faults)

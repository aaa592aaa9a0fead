"""A file of the user's own rows, to which a row is appended or nothing is done."""

import csv
import io
import os
from collections.abc import Sequence
from pathlib import Path

from priors.evidence.data_sets import OWN_FOLDER, own_data_set, shipped_data_sets
from priors.evidence.rows import COLUMNS, Row
from priors.faults import Fault, Refusal

HORIZON_FILE = OWN_FOLDER / "metr.csv"


def append(rows: Sequence[Row], path: Path = HORIZON_FILE) -> None:
    """Append rows to a file of the user's own, which is made where there is none.

    It is written beside its place and renamed, so that it is whole at any time.

    Raises:
        Refusal: If the file is refused as it is, cannot be one of the user's own, or
            has one of these rows already; nothing is written then.
    """
    if path.suffix != ".csv" or path.stem in shipped_data_sets():
        message = "must end in .csv and have a name of its own, like evidence/metr.csv"
        raise Refusal(Fault(message, file=str(path)))
    present = own_data_set(path).rows if path.exists() else ()
    lines = {_key(row): row.line for row in present}
    faults = [
        Fault(
            f'"{row.label}" has a {row.observable.name} already; change that line, or '
            "write to another file with --to",
            file=str(path),
            line=lines[_key(row)],
        )
        for row in rows
        if _key(row) in lines
    ]
    if faults:
        raise Refusal(faults)
    text = path.read_text(encoding="utf-8-sig") if present else ""
    _replace(path, _with(text, rows))


def _key(row: Row) -> tuple[str, str]:
    return row.observable.name, row.label.casefold()


def _with(text: str, rows: Sequence[Row]) -> str:
    """The text of a file with further rows, in the order of its columns."""
    columns = next(csv.reader(io.StringIO(text)), COLUMNS)
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    if not text:
        writer.writerow(columns)
    for row in rows:
        cells = _texts(row)
        writer.writerow([cells[column] for column in columns])
    gap = "\n" if text and not text.endswith("\n") else ""
    return text + gap + out.getvalue()


def _texts(row: Row) -> dict[str, str]:
    texts = {"observable": row.observable.name}
    for column in COLUMNS[1:]:
        found = getattr(row, column)
        is_number = isinstance(found, float)
        texts[column] = f"{found:.12g}" if is_number else str(found or "")
    return texts


def _replace(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        scratch.write_text(text, encoding="utf-8")
        scratch.replace(path)
    finally:
        scratch.unlink(missing_ok=True)

"""Columns of numbers in a CSV file that stands beside a card."""

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from priors.faults import Fault, Refusal, nearest
from priors.shapes import Float

MAX_BYTES = 64 * 2**20


def locate(folder: Path | None, name: Any) -> Path:
    """Return the path of a file that must lie in the card's folder or under it.

    Raises:
        Refusal: If the name is no relative path, leaves the folder, or is no file.
    """
    if folder is None:
        raise Refusal(Fault("a table can be named in a card file only"))
    if not isinstance(name, str) or not name:
        raise Refusal(Fault(f"{name!r} is not the name of a file"))
    path = folder / name
    inside = path.resolve().is_relative_to(folder.resolve())
    if Path(name).is_absolute() or ".." in Path(name).parts or not inside:
        raise Refusal(
            Fault(f'"{name}" leaves the folder of the card; put the table beside it')
        )
    if not path.is_file():
        raise Refusal(Fault(f'"{name}" is not a file beside the card'))
    if path.stat().st_size > MAX_BYTES:
        raise Refusal(Fault(f'"{name}" is larger than {MAX_BYTES // 2**20} MiB'))
    return path


def read_columns(
    folder: Path | None, name: Any, columns: Sequence[str]
) -> dict[str, Float[np.ndarray, " rows"]]:
    """Read some columns of a CSV file with a header line.

    Args:
        folder: The folder of the card.
        name: The file, relative to it.
        columns: Names in the header line.

    Raises:
        Refusal: If the file, a column or a number is not as it must be.
    """
    path = locate(folder, name)
    try:
        text = path.read_text(encoding="utf-8-sig")
        reader = csv.reader(io.StringIO(text, newline=""))
        rows = [(reader.line_num, row) for row in reader if row]
    except UnicodeDecodeError as error:
        raise Refusal(Fault(f'"{name}" is not UTF-8 text: {error.reason}')) from error
    except csv.Error as error:
        raise Refusal(Fault(f'"{name}" is not CSV: {error}')) from error
    header = rows[0][1] if rows else []
    for column in columns:
        if column not in header:
            has = f"has {', '.join(header) or 'no header'}"
            hint = nearest(column, header)
            raise Refusal(Fault(f'"{name}" has no column {column}{hint} ({has})'))
        if header.count(column) > 1:
            raise Refusal(Fault(f'"{name}" has more than one column {column}'))
    body = rows[1:]
    if not body:
        raise Refusal(Fault(f'"{name}" has a header and no rows'))
    return {
        column: np.array(
            [_number(name, line, row, header.index(column)) for line, row in body]
        )
        for column in columns
    }


def _number(name: str, line: int, row: list[str], index: int) -> float:
    text = row[index].strip() if index < len(row) else ""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        message = f'"{name}" line {line}: "{text}" is not a finite number'
        raise Refusal(Fault(message))
    return value

"""Which figures of ``summary.csv`` a command sets side by side, and how they read."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli import wording
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    import pandas as pd

_HEIGHT, _PEAK = "peak_gap", "peak_date"
_DATED = {_PEAK: "peak", "convergence_date": "closed"}
_LEVELS = {"q0.05": "5 %", "q0.5": "50 %", "q0.95": "95 %"}


def new_csv(text: str | None) -> Path | None:
    """Where figures are written; None where they are not.

    Raises:
        Refusal: If it is no CSV file, its folder is not there, or it is there already.
    """
    if text is None:
        return None
    file = Path(text)
    if file.suffix.lower() != ".csv":
        raise Refusal(Fault(f'"{text}" must end in .csv', key="--out"))
    if not file.parent.is_dir():
        raise Refusal(Fault(f"there is no folder {file.parent}", key="--out"))
    if file.exists():
        raise Refusal(Fault(f"{file} is there already; choose another", key="--out"))
    return file


def label_of(row: dict[Any, Any]) -> str | None:
    """What a figure is called; None where it is not among those shown."""
    statistic = row["statistic"]
    if row["quantity"] == _HEIGHT:
        return "peak gap, 50 %" if statistic == "q0.5" else None
    words = _DATED[row["quantity"]]
    if statistic in _LEVELS:
        return f"{words}, {_LEVELS[statistic]}"
    if row["quantity"] == _PEAK:
        return None
    if statistic.startswith("p_by_"):
        return (
            f"{words} before {statistic.removeprefix('p_by_').removesuffix('-01-01')}"
        )
    return f"never {words}" if statistic == "p_never" else None


def is_settled(before: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Whether a figure says nothing that the median does not say on both sides."""
    same = before["text"] == after["text"]
    if after["statistic"].startswith("p_"):
        return same and after["number"] in (0, 1)
    is_word = "observed" not in (before["status"], after["status"])
    return same and is_word and after["statistic"] != "q0.5"


def cell(row: dict[Any, Any]) -> tuple[str, str]:
    """A figure and its error, as they are read."""
    from priors.units import MONTHS_PER_YEAR

    error = float("nan") if row["mc_error"] is None else float(row["mc_error"])
    factor, text = 1.0, row["text"]
    if row["unit"] == "date":
        factor, text = MONTHS_PER_YEAR, wording.month(text)
    elif row["unit"] == "probability":
        factor = 100.0
    return text, wording.short(factor * error) if math.isfinite(error) else ""


def write(table: "pd.DataFrame", file: Path | None) -> None:
    """Write a CSV file, if one is asked for."""
    if file is not None:
        table.to_csv(file, index=False, lineterminator="\n")


def records(table: "pd.DataFrame") -> list[dict[str, Any]]:
    """Rows for JSON; what is no number is null."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]

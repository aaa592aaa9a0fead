"""Data sets that beliefs are checked against: the files of ``priors/evidence``."""

import csv
from pathlib import Path

FOLDER = Path(__file__).parent / "evidence"


def evidence(name: str) -> list[dict[str, str]]:
    """Lines of a data set by column; an empty cell is "not given".

    Args:
        name: A file of ``priors/evidence`` without its suffix.

    Raises:
        LookupError: If there is no such data set.
    """
    file = FOLDER / f"{name}.csv"
    if not file.is_file():
        known = ", ".join(sorted(other.stem for other in FOLDER.glob("*.csv")))
        raise LookupError(f"no data set {name!r}; there is: {known}")
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))

"""Nothing is used twice: beliefs that were read from data that are to be used."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from priors.cards import Card
from priors.evidence.data_sets import OWN_FOLDER, DataSet, data_set
from priors.evidence.rows import Row
from priors.faults import Fault, Refusal

WEAK_CARD = "before-metr"
"""The shipped card that was read from no horizon, index or lag."""


@dataclass(frozen=True, kw_only=True)
class Overlap:
    """A belief and a data set that are the same data.

    Attributes:
        parameter: Of the card.
        cited: The data set that the parameter was read from.
        used: The data set that is to be used.
        shared: How many rows of ``used`` stand in ``cited`` too; None where either
            sums up a whole series.
    """

    parameter: str
    cited: str
    used: str
    shared: int | None

    def __str__(self) -> str:
        """Name both in a sentence."""
        if self.used == self.cited:
            return f"{self.parameter} was read from {self.cited}"
        rows = "one series" if self.shared is None else f"{self.shared} rows in common"
        return f"{self.parameter} was read from {self.cited}: with {self.used} {rows}"


def overlaps(
    card: Card, evidence: Iterable[str], folder: Path = OWN_FOLDER
) -> tuple[Overlap, ...]:
    """Return every pair of a belief and a data set that are the same data.

    States of one series are the same data where they share a row, a summary of a
    series where they share the series.

    Args:
        card: The beliefs.
        evidence: Ids or paths of the data sets that are to be used.
        folder: Where data sets of the user's own lie.

    Raises:
        Refusal: If an id is unknown, of those to be used or of those that the card
            cites.
    """
    used = [data_set(name, folder) for name in evidence]
    cited = cited_data_sets(card, folder)
    return tuple(
        Overlap(
            parameter=name,
            cited=source.id,
            used=one.id,
            shared=_num_shared(source, one),
        )
        for name, sources in cited.items()
        for source in sources
        for one in used
        if same_data(source, one)
    )


def refuse_overlaps(
    card: Card,
    evidence: Iterable[str],
    folder: Path = OWN_FOLDER,
    *,
    key: str = "--evidence",
) -> None:
    """Refuse to use data sets on beliefs that were read from them.

    Args:
        card: The beliefs.
        evidence: Ids or paths of the data sets that are to be used.
        folder: Where data sets of the user's own lie.
        key: How messages call what asks for them.

    Raises:
        Refusal: With every overlap, and with the card that has none.
    """
    found = overlaps(card, evidence, folder)
    if found:
        raise Refusal(
            Fault(
                f"{overlap}; nothing is used twice: begin from {WEAK_CARD}, or state "
                f"{overlap.parameter} from other data",
                file=card.name,
                key=key,
            )
            for overlap in found
        )


def cited_data_sets(
    card: Card, folder: Path = OWN_FOLDER
) -> dict[str, tuple[DataSet, ...]]:
    """Return the data sets that each parameter of a card was read from.

    Raises:
        Refusal: With every unknown id, at the parameter that cites it.
    """
    faults: list[Fault] = []
    found: dict[str, tuple[DataSet, ...]] = {}
    for parameter, table in card.tables["parameters"].items():
        sets: list[DataSet] = []
        for name in table.get("evidence", ()):
            try:
                sets.append(data_set(name, folder))
            except Refusal as refusal:
                key = f"parameters.{parameter}.evidence"
                file = card.files[0] if card.files else f"card {card.name}"
                faults += [Fault(f.message, file=file, key=key) for f in refusal.faults]
        if sets:
            found[parameter] = tuple(sets)
    if faults:
        raise Refusal(faults)
    return found


def same_data(first: DataSet, second: DataSet) -> bool:
    """Whether two data sets share a series, and a row of it or all."""
    if not set(first.families) & set(second.families):
        return False
    return _num_shared(first, second) != 0


def shared_rows(first: DataSet, second: DataSet) -> tuple[Row, ...]:
    """Return the rows of the second data set that the first has too."""
    known = {(row.observable.name, row.label.casefold()) for row in first.rows}
    return tuple(
        row
        for row in second.rows
        if (row.observable.name, row.label.casefold()) in known
    )


def _num_shared(first: DataSet, second: DataSet) -> int | None:
    """Rows of the second that the first has too; None where either is a summary."""
    if first.is_summary or second.is_summary:
        return None
    return len(shared_rows(first, second))

"""What is taken as known on the day of a forecast."""

import datetime
from dataclasses import dataclass

from priors.evidence.data_sets import data_set
from priors.evidence.observables import HORIZON
from priors.evidence.rows import Row

OUTCOMES = "metr-th1.1"
"""METR's last state of the data, by which forecasts are scored."""


@dataclass(frozen=True, kw_only=True)
class State:
    """A data set, and a day.

    Attributes:
        name: The data set.
        day: When the forecast is made.
        is_hindsight: Whether the data were published later: then those of models
            released by that day are known, as they were measured later.
    """

    name: str
    day: datetime.date
    is_hindsight: bool = False

    @property
    def known(self) -> list[Row]:
        """Horizons that are known."""
        rows = data_set(self.name).of(HORIZON)
        if not self.is_hindsight:
            return list(rows)
        return [row for row in rows if row.date and row.date <= self.day]

    @property
    def later(self) -> list[Row]:
        """Records of ``OUTCOMES`` released after the day that are not known."""
        labels = {row.label for row in self.known}
        return [
            row
            for row in data_set(OUTCOMES).of(HORIZON)
            if is_record(row) and row.date and row.date > self.day
            if row.label not in labels
        ]


def is_record(row: Row) -> bool:
    """Whether a model was the best of its day."""
    return row.more.get("record") == "yes"


def _published(name: str) -> State:
    return State(name=name, day=data_set(name).published[1])


def _hindsight(year: int, month: int) -> State:
    return State(name=OUTCOMES, day=datetime.date(year, month, 1), is_hindsight=True)


def real_time() -> tuple[State, ...]:
    """Each as METR had published it by its day."""
    return (
        _published("metr-th1.0-2025-07"),
        _published("metr-th1.0-2025-10"),
        _published("metr-th1.1-2026-01"),
        _published("metr-th1.1-2026-02-22"),
    )


def retrospective() -> tuple[State, ...]:
    """Each half year before those that leaves two degrees of freedom about a line.

    Half a year earlier only two records since 2023 are known.
    """
    return (_hindsight(2024, 7), _hindsight(2025, 1), _hindsight(2025, 7))

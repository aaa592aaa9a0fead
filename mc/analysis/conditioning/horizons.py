"""Measured time horizons, as numbers that a likelihood takes."""

import datetime
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float, Int

from priors.units import years_since

LOG_LIMIT = math.log(16 * 60)
"""METR calls horizons above 16 hours unreliable: of those, only that they are above."""
_STANDARD_ERRORS = 2 * 1.959963984540054
"""Standard errors between the ends of an interval of 95 %."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Horizons:
    """Horizons of frontier models, from the first day of a card on.

    Attributes:
        models: What was measured.
        days: When each was released.
        years: The same, since the first day.
        log_minutes: ln of the 50 % horizon in minutes, or the limit where it is above.
        sd: Standard error of ``log_minutes``, from the printed interval.
        suite: Which tasks it was measured on; models of one suite share them.
        is_above: Whether only a lower limit is known.
        num_earlier: Rows left out because they are of before the first day.
    """

    models: tuple[str, ...]
    days: tuple[datetime.date, ...]
    years: Float[np.ndarray, " models"]
    log_minutes: Float[np.ndarray, " models"]
    sd: Float[np.ndarray, " models"]
    suite: Int[np.ndarray, " models"]
    is_above: Bool[np.ndarray, " models"]
    num_earlier: int

    @classmethod
    def of(
        cls, rows: Iterable[Mapping[str, str]], first_day: datetime.date
    ) -> "Horizons":
        """Rows of ``metr_horizons.csv`` as numbers.

        Args:
            rows: With model, release_date, task_suite and the 50 % horizon's interval.
            first_day: The reference date of the card: no path is known before it.
        """
        found = sorted(rows, key=lambda row: (row["release_date"], row["model"]))
        kept = [row for row in found if _day(row) >= first_day]
        suites = sorted({row["task_suite"] for row in kept})
        middle = np.array([math.log(float(row["p50_min"])) for row in kept])
        width = [
            math.log(float(row["p50_hi95"]) / float(row["p50_lo95"])) for row in kept
        ]
        return cls(
            models=tuple(row["model"] for row in kept),
            days=tuple(_day(row) for row in kept),
            years=np.array([years_since(first_day, _day(row)) for row in kept]),
            log_minutes=np.minimum(middle, LOG_LIMIT),
            sd=np.array(width) / _STANDARD_ERRORS,
            suite=np.array([suites.index(row["task_suite"]) for row in kept]),
            is_above=middle > LOG_LIMIT,
            num_earlier=len(found) - len(kept),
        )

    def until(self, day: datetime.date) -> "Horizons":
        """Those of models released by a day."""
        kept = np.array([own <= day for own in self.days], bool)
        names = [i for i, one in enumerate(kept) if one]
        return replace(
            self,
            models=tuple(self.models[i] for i in names),
            days=tuple(self.days[i] for i in names),
            years=self.years[kept],
            log_minutes=self.log_minutes[kept],
            sd=self.sd[kept],
            suite=self.suite[kept],
            is_above=self.is_above[kept],
        )


def _day(row: Mapping[str, str]) -> datetime.date:
    return datetime.date.fromisoformat(row["release_date"])

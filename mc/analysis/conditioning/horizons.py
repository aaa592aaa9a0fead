"""Measured time horizons, as numbers that a likelihood takes."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float

from mc.analysis.conditioning.releases import Releases
from priors.evidence.arrays import arrays
from priors.evidence.rows import Row
from priors.faults import Fault, Refusal
from priors.units import years_since

LOG_LIMIT = math.log(16 * 60)
"""METR calls horizons above 16 hours unreliable: of those, only that they are above."""
SUITE, ACCESS = "suite", "access"
"""Columns of METR's tables: which tasks, and who can have the weights."""
OPEN = "open weights"


@dataclass(frozen=True, kw_only=True, eq=False)
class Horizons(Releases):
    """Horizons of frontier models; ``values`` are ln minutes, or the limit's."""

    @property
    def log_minutes(self) -> Float[np.ndarray, " models"]:
        """Logarithm of the 50 % horizon in minutes, or the limit where it is above."""
        return self.values

    @classmethod
    def of(cls, rows: Sequence[Row], first_day: datetime.date) -> "Horizons":
        """Rows of evidence as numbers.

        Args:
            rows: Of 50 % horizons, each with its date and its interval.
            first_day: The reference date of the card: no path is known before it.

        Raises:
            Refusal: If a row has no date, no number or no interval.
        """
        faults = [
            Fault(
                f"{row.label} needs a date, a value and an interval with its mass",
            )
            for row in rows
            if None in (row.date, row.value, row.low, row.high, row.mass)
        ]
        if faults:
            raise Refusal(faults)
        since = [row for row in rows if row.date is not None and row.date >= first_day]
        kept = [row for row in since if row.more.get(ACCESS) != OPEN]
        if not kept:
            raise Refusal(Fault(f"no frontier model was released since {first_day}"))
        found = arrays(kept)
        suites = {row.label: row.more.get(SUITE, "") for row in kept}
        days = tuple(found.days.tolist())
        return cls(
            models=found.labels,
            days=days,
            years=np.array([years_since(first_day, day) for day in days]),
            values=np.minimum(found.values, LOG_LIMIT),
            sd=found.errors,
            suites=tuple(suites[label] for label in found.labels),
            is_above=(found.values > LOG_LIMIT) | (found.censored > 0),
            is_unstated=np.zeros(len(found), bool),
            num_earlier=len(rows) - len(since),
            num_open=len(since) - len(kept),
        )

    def joined(self, other: "Horizons") -> "Horizons":
        """These and others, counted from the same first day."""
        return replace(
            self,
            models=self.models + other.models,
            days=self.days + other.days,
            years=np.concatenate([self.years, other.years]),
            values=np.concatenate([self.values, other.values]),
            sd=np.concatenate([self.sd, other.sd]),
            suites=self.suites + other.suites,
            is_above=np.concatenate([self.is_above, other.is_above]),
            is_unstated=np.concatenate([self.is_unstated, other.is_unstated]),
        )

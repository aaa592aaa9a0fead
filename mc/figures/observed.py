"""Ratios of training compute that observed pairs of developers have."""

from dataclasses import dataclass

from priors.evidence.data_sets import data_set

PAIRS = "compute-ratios"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Ratios of training compute of an observed pair.

    Attributes:
        name: Who trains less than the frontier.
        low: Lower end.
        high: Upper end.
        year: When.
    """

    name: str
    low: float
    high: float
    year: int


def pairs_observed() -> tuple[Pair, ...]:
    """Observed pairs, the closest first."""
    return tuple(
        Pair(name=row.label, low=row.low, high=row.high, year=row.date.year)
        for row in data_set(PAIRS).of("compute_ratio")
        if row.low is not None and row.high is not None and row.date is not None
    )

"""Ratios of training compute that observed pairs of developers have."""

from dataclasses import dataclass

from priors.evidence import evidence

PAIRS = "compute_ratios"


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
        Pair(
            name=row["pair"],
            low=float(row["low"]),
            high=float(row["high"]),
            year=int(row["as_of"]),
        )
        for row in evidence(PAIRS)
    )

"""Scores of Epoch AI's capability index, as numbers that a likelihood takes.

Most models of the index are small or open. Of the frontier are the closed models of
whoever held the record on some day, each the best that its maker had published: what
it lacks to the best of all is its shortfall.
"""

import datetime
from collections.abc import Sequence

import numpy as np

from mc.analysis.conditioning.horizons import ACCESS, OPEN
from mc.analysis.conditioning.releases import Releases
from mc.analysis.conditioning.scatter import Scatter
from priors.evidence.arrays import arrays
from priors.evidence.rows import Row
from priors.faults import Fault, Refusal
from priors.units import years_since

SCATTER = Scatter(
    drift=4.0, shortfall=5.0, shift=1.2, error=2.0, nodes=(6, 5), error_nodes=2
)
"""Points. Drift: a quarter of a year's growth. Shift: states of the index differ by 1.2
on average. Errors, where not stated: the same model differs between states by 1.5."""


def index_scores(rows: Sequence[Row], first_day: datetime.date) -> Releases:
    """Scores of the frontier's releases from the first day of a card on.

    Args:
        rows: Of the index, each with its date and its value.
        first_day: The reference date of the card: no path is known before it.

    Raises:
        Refusal: If a row has no date or no number, or none is of the frontier.
    """
    faults = [
        Fault(f"{row.label} needs a date and a value")
        for row in rows
        if row.date is None or row.value is None
    ]
    if faults:
        raise Refusal(faults)
    since = [row for row in rows if row.date is not None and row.date >= first_day]
    closed = [row for row in since if row.more.get(ACCESS) != OPEN]
    kept = frontier_releases(closed)
    if not kept:
        raise Refusal(Fault(f"no frontier model was released since {first_day}"))
    found = arrays(kept)
    days = tuple(found.days.tolist())
    states = {row.label: row.published.isoformat() for row in kept}
    return Releases(
        models=found.labels,
        days=days,
        years=np.array([years_since(first_day, day) for day in days]),
        values=found.values,
        sd=np.nan_to_num(found.errors),
        suites=tuple(states[label] for label in found.labels),
        is_above=found.censored > 0,
        is_unstated=np.isnan(found.errors),
        num_earlier=len(rows) - len(since),
        num_open=len(since) - len(closed),
        num_others=len(closed) - len(kept),
    )


def frontier_releases(rows: Sequence[Row]) -> list[Row]:
    """Each maker's own records, of makers that ever held the record of all."""
    best: dict[str, float] = {}
    holders: set[str] = set()
    records: list[Row] = []
    ordered = sorted(rows, key=lambda row: (row.date or datetime.date.max, -_of(row)))
    for row in ordered:
        if _of(row) <= best.get(row.developer, -np.inf):
            continue
        if _of(row) > max(best.values(), default=-np.inf):
            holders.add(row.developer)
        best[row.developer] = _of(row)
        records.append(row)
    return [row for row in records if row.developer in holders]


def _of(row: Row) -> float:
    return -np.inf if row.value is None else row.value

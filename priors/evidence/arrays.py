"""Rows as arrays, for likelihoods: numbers, errors, censoring and clusters."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from jaxtyping import Float, Int, Shaped

from priors.evidence.observables import Observable
from priors.evidence.rows import Row

CENSORING = {"left": -1, "": 0, "right": 1}


@dataclass(frozen=True, kw_only=True, eq=False)
class Arrays:
    """Rows about one observable, in order of date; what is not known is NaN or NaT.

    Numbers are natural logarithms where the observable's scale is ``log``.

    Attributes:
        observable: What they are about.
        labels: Models, pairs or measures.
        days: When each held, ``datetime64[D]``.
        published: When each was published, ``datetime64[D]``.
        values: The numbers, of censored rows their bounds; NaN where only ends are
            known.
        low: Lower ends.
        high: Upper ends.
        errors: Standard deviation of a normal law with the interval's mass between
            its ends; NaN where the mass is not known.
        censored: 1 where the truth is at ``values`` or above, -1 at or below, else 0.
        clusters: Index into ``developers``: whose errors may hang together.
        developers: Names, sorted; empty for rows without one.
    """

    observable: Observable
    labels: tuple[str, ...]
    days: Shaped[np.ndarray, " rows"]
    published: Shaped[np.ndarray, " rows"]
    values: Float[np.ndarray, " rows"]
    low: Float[np.ndarray, " rows"]
    high: Float[np.ndarray, " rows"]
    errors: Float[np.ndarray, " rows"]
    censored: Int[np.ndarray, " rows"]
    clusters: Int[np.ndarray, " rows"]
    developers: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


def arrays(rows: Sequence[Row]) -> Arrays:
    """Return rows as arrays, in order of date and then of label; undated ones last.

    Args:
        rows: Rows about one observable.

    Raises:
        ValueError: If there is no row, or they are about several observables.
    """
    about = sorted({row.observable.name for row in rows})
    if len(about) != 1:
        raise ValueError(f"rows about one observable, not about {about or 'none'}")
    observable = rows[0].observable
    days = np.array([row.date for row in rows], "datetime64[D]")
    order = np.lexsort((np.array([row.label for row in rows]), days))
    rows = [rows[place] for place in order.tolist()]
    low, high = _numbers(rows, "low"), _numbers(rows, "high")
    widths = [_width(row.mass) for row in rows]
    names = [row.developer for row in rows]
    developers, clusters = np.unique(names, return_inverse=True)
    return Arrays(
        observable=observable,
        labels=tuple(row.label for row in rows),
        days=days[order],
        published=np.array([row.published for row in rows], "datetime64[D]"),
        values=_numbers(rows, "bound"),
        low=low,
        high=high,
        errors=(high - low) / np.array(widths),
        censored=np.array([CENSORING[row.censored] for row in rows]),
        clusters=clusters,
        developers=tuple(developers.tolist()),
    )


def paired(first: Sequence[Row], second: Sequence[Row]) -> tuple[tuple[Row, Row], ...]:
    """Return rows of two tables that have one label and one date, in the first's order.

    So the index of a model meets the compute that trained it.
    """
    found = {(row.label.casefold(), row.date): row for row in second}
    keys = [(row.label.casefold(), row.date) for row in first]
    return tuple(
        (row, found[key]) for row, key in zip(first, keys, strict=True) if key in found
    )


def _numbers(rows: Sequence[Row], name: str) -> Float[np.ndarray, " rows"]:
    found = np.array([getattr(row, name) for row in rows], float)
    return np.log(found) if rows[0].observable.scale == "log" else found


def _width(mass: float | None) -> float:
    """Length of an interval of a standard normal law."""
    return np.nan if mass is None else 2.0 * NormalDist().inv_cdf(0.5 + mass / 2.0)

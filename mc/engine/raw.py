"""Draws one by one, on the host: parameters, events and every column."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import jax
import numpy as np

from mc.engine.columns import Column, ColumnKey, points
from mc.outcomes.distributions import Distribution, Sorted
from mc.outcomes.events import Events


@dataclasses.dataclass(frozen=True, kw_only=True)
class Raw:
    """What is kept of each draw of a range, on the host.

    Attributes:
        parameters: Values on their canonical scales.
        labels: Component labels.
        columns: Values and statuses by label and name.
        events: All that is known of each metric's events.
    """

    parameters: dict[str, np.ndarray]
    labels: dict[str, np.ndarray]
    columns: dict[ColumnKey, Column]
    events: dict[str, Events]

    @property
    def num_draws(self) -> int:
        """How many draws these are."""
        return len(next(iter(self.parameters.values())))


class SortedColumns(Mapping[ColumnKey, Distribution]):
    """Sorts a column when it is asked for, so that one at a time is in memory."""

    def __init__(self, raw: Raw, replicates: int) -> None:
        self._columns, self._replicates = raw.columns, replicates

    def __getitem__(self, key: ColumnKey) -> Sorted:
        return Sorted(*points(self._columns[key], self._replicates))

    def __iter__(self) -> Iterator[ColumnKey]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


def concatenated(parts: list[Raw]) -> Raw:
    """Consecutive ranges of draws as one; their columns are given up on the way."""
    first = parts[0]
    columns: dict[ColumnKey, Column] = {}
    for key in list(first.columns):
        pieces = [part.columns.pop(key) for part in parts]
        values, status = zip(*pieces, strict=True)
        columns[key] = np.concatenate(values), np.concatenate(status)
    return Raw(
        parameters={
            n: np.concatenate([p.parameters[n] for p in parts])
            for n in first.parameters
        },
        labels={n: np.concatenate([p.labels[n] for p in parts]) for n in first.labels},
        columns=columns,
        events={n: joined([p.events[n] for p in parts]) for n in first.events},
    )


def joined(tiles: list[Any]) -> Any:
    """Records of tiles as one record of host arrays, joined along draws."""
    return jax.tree.map(
        lambda *parts: np.concatenate([np.asarray(p) for p in parts], axis=-1), *tiles
    )

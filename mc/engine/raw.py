"""Draws one by one, on the host: parameters, events and every column."""

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
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


class Kept:
    """The first draws of a run, in arrays of their final size from the start.

    Args:
        num_draws: How many are kept.
    """

    def __init__(self, num_draws: int) -> None:
        self._num_draws, self._filled = num_draws, 0
        self._raw: Raw | None = None

    def add(self, raw: Raw) -> None:
        """Keep the next range of draws, as far as there is room."""
        if self._filled >= self._num_draws:
            return
        if self._raw is None:
            if raw.num_draws >= self._num_draws:
                self._raw, self._filled = raw, raw.num_draws
                return
            self._raw = _mapped(self._room, raw)
        place = slice(self._filled, self._filled + raw.num_draws)

        filled: set[int] = set()

        def fill(kept: np.ndarray, part: np.ndarray) -> np.ndarray:
            if id(kept) in filled:
                raise RuntimeError("columns that were one array in the first draws")
            filled.add(id(kept))
            kept[place] = part
            return kept

        _mapped(fill, self._raw, raw)
        self._filled += raw.num_draws

    def raw(self) -> Raw:
        """All of them.

        Raises:
            ValueError: If fewer have come than are to be kept.
        """
        if self._raw is None or self._filled < self._num_draws:
            raise ValueError(f"{self._filled} of {self._num_draws} draws have come")
        return self._raw

    def _room(self, like: np.ndarray) -> np.ndarray:
        return np.empty((self._num_draws, *like.shape[1:]), like.dtype)


def likes(raw: Raw, num_draws: int) -> list[tuple[np.dtype, tuple[int, ...]]]:
    """Dtype and shape of each array of so many draws, each array once."""
    found: list[tuple[np.dtype, tuple[int, ...]]] = []

    def note(array: np.ndarray) -> np.ndarray:
        found.append((array.dtype, (num_draws, *array.shape[1:])))
        return array

    _mapped(note, raw)
    return found


def arrays_of(like: Raw, parts: Sequence[Raw]) -> list[np.ndarray]:
    """Arrays of ranges of draws, joined, in the order of ``likes``."""
    found: list[np.ndarray] = []

    def note(array: np.ndarray, *arrays: np.ndarray) -> np.ndarray:
        found.append(arrays[0] if len(arrays) == 1 else np.concatenate(arrays))
        return array

    _mapped(note, like, *parts)
    return found


def raw_of(like: Raw, arrays: Sequence[np.ndarray]) -> Raw:
    """The draws that ``arrays_of`` took apart."""
    rest = iter(arrays)
    return _mapped(lambda _: next(rest), like)


def _mapped(function: Callable[..., np.ndarray], raw: Raw, *others: Raw) -> Raw:
    """``function`` of every array of ``raw`` and of the same ones of others.

    An array that stands in several places is one array in the result too.
    """
    known: dict[tuple[int, ...], np.ndarray] = {}

    def once(*arrays: np.ndarray) -> np.ndarray:
        key = tuple(map(id, arrays))
        if key not in known:
            known[key] = function(*arrays)
        return known[key]

    def dictionaries(name: str) -> Iterator[tuple[Any, list[Any]]]:
        parts = [getattr(one, name) for one in (raw, *others)]
        return ((key, [part[key] for part in parts]) for key in parts[0])

    return Raw(
        parameters={k: once(*v) for k, v in dictionaries("parameters")},
        labels={k: once(*v) for k, v in dictionaries("labels")},
        columns={
            k: (once(*(c[0] for c in v)), once(*(c[1] for c in v)))
            for k, v in dictionaries("columns")
        },
        events={k: jax.tree.map(once, *v) for k, v in dictionaries("events")},
    )


def joined(tiles: list[Any]) -> Any:
    """Records of tiles as one record of host arrays, joined along draws."""
    return jax.tree.map(
        lambda *parts: np.concatenate([np.asarray(p) for p in parts], axis=-1), *tiles
    )

"""Whether a run folder holds what was written, and draws that come out the same."""

import dataclasses
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from mc.engine.ledger import COUNTS, SUFFIX, Ledger, header
from mc.engine.plan import Plan
from mc.engine.replay import Replay
from mc.engine.results import MANIFEST, Results
from mc.engine.run import execute
from mc.engine.storage import digest
from mc.engine.tree import drawn_groups
from mc.engine.unfinished import BLOCKS

CHECKSUM_SHOWN = 8


@dataclasses.dataclass(frozen=True, kw_only=True)
class Files:
    """The files of a run folder against its manifest.

    Attributes:
        names: Those with a checksum.
        faults: A line each: damaged, missing or outside the folder.
        others: Files that the manifest does not name; they are nobody's fault.
    """

    names: tuple[str, ...]
    faults: tuple[str, ...]
    others: tuple[str, ...]


def check_files(folder: Path, manifest: dict[str, Any]) -> Files:
    """Compute every checksum again.

    Args:
        folder: The run folder.
        manifest: Its manifest; a run that was saved in Python has no checksums.
    """
    sums: Any = manifest.get("files", {})
    if not isinstance(sums, dict):
        fault = f"{folder / MANIFEST}: files holds no checksums by name"
        return Files(names=(), faults=(fault,), others=())
    found = {
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if not file.is_dir()
    }
    faults = (_fault(folder, name, expected) for name, expected in sums.items())
    return Files(
        names=tuple(sums),
        faults=tuple(fault for fault in faults if fault),
        others=tuple(sorted(found - sums.keys() - {MANIFEST})),
    )


def _fault(folder: Path, name: str, expected: Any) -> str:
    """What is wrong with a file, in a line; empty if nothing is."""
    place = PurePosixPath(name)
    file = folder / name
    outside = place.is_absolute() or ".." in place.parts
    if outside or not file.resolve().is_relative_to(folder.resolve()):
        return f"{folder / MANIFEST} names {name!r}, which is outside the folder"
    try:
        actual = digest(file)
    except OSError as error:
        return f"{file} cannot be read: {error.strerror}"
    if actual == expected:
        return ""
    before, now = str(expected)[:CHECKSUM_SHOWN], actual[:CHECKSUM_SHOWN]
    return f"{file} does not match its checksum (expected {before}…, found {now}…)"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Difference:
    """A stored variable that does not come out the same.

    Attributes:
        variable: ``GROUP/NAME`` in ``results.nc``.
        num_draws: How many of the draws made again differ in it.
        first: The smallest global index of these.
    """

    variable: str
    num_draws: int
    first: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Draws:
    """Stored draws against the same draws made again.

    Attributes:
        ranges: First global index and number of draws of each range.
        num_variables: How many of each draw were compared.
        differences: What differs, by variable.
    """

    ranges: tuple[tuple[int, int], ...]
    num_variables: int
    differences: tuple[Difference, ...]

    @property
    def num_draws(self) -> int:
        """How many were made again."""
        return sum(size for _, size in self.ranges)


def check_draws(
    replay: Replay, results: Results, num_ranges: int, rng: np.random.Generator
) -> Draws:
    """Make ranges of the stored draws again and compare them bit by bit.

    Args:
        replay: The run's plan.
        results: The run.
        num_ranges: How many launches, chosen at random; all if there are fewer.
        rng: Chooses.

    Raises:
        InvalidDraw: If a metric makes no sense at a draw's inputs.
    """
    size = replay.cut.tile_draws
    there = replay.cut.stored_draws // size
    chosen = rng.choice(there, min(num_ranges, there), replace=False)
    ranges = tuple((int(place) * size, size) for place in sorted(chosen))
    indices = np.concatenate([first + np.arange(size) for first, _ in ranges])
    parts: dict[str, list[np.ndarray]] = {}
    for first, _ in ranges:
        for name, differs in _compared(replay, results, first, size):
            parts.setdefault(name, []).append(differs)
    changed = {name: indices[np.concatenate(part)] for name, part in parts.items()}
    return Draws(
        ranges=ranges,
        num_variables=len(changed),
        differences=tuple(
            Difference(variable=name, num_draws=len(where), first=int(where[0]))
            for name, where in changed.items()
            if len(where)
        ),
    )


def _compared(
    replay: Replay, results: Results, first: int, size: int
) -> Iterator[tuple[str, np.ndarray]]:
    """Every variable's name, and which of the draws differ, in their order."""
    replicates = replay.plan.replicates
    points = slice(first // replicates, (first + size) // replicates)
    drawn = replay.evaluator.draw(points.start, size // replicates)
    raw = replay.evaluator.raw(*drawn, size, first)
    for group, made in drawn_groups(replay.plan, raw).items():
        stored = results.tree[group].to_dataset()
        for name, again in made.data_vars.items():
            if name not in stored:
                yield f"{group}/{name}", np.ones(size, bool)
                continue
            before = stored[name].isel(draw=points).to_numpy()
            differs = _differ(before, again.to_numpy())
            # Worlds and metrics come before chains and draws.
            by_draw = differs.reshape(-1, *differs.shape[-2:]).any(axis=0)
            yield f"{group}/{name}", by_draw.T.ravel()


def _differ(before: np.ndarray, now: np.ndarray) -> np.ndarray:
    """Where two arrays differ in a bit; every NaN is the same NaN."""
    if before.dtype != now.dtype or before.shape != now.shape:
        return np.ones(now.shape, bool)
    if before.dtype.kind != "f":
        return before != now
    same = (before == now) & (np.signbit(before) == np.signbit(now))
    return ~(same | (np.isnan(before) & np.isnan(now)))


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Again:
    """A run that was run again, from some of its blocks.

    Attributes:
        results: What it came to.
        blocks: Names of the blocks that were counted again, of those that are kept.
        differing: Those that came out otherwise.
    """

    results: Results
    blocks: tuple[str, ...]
    differing: tuple[str, ...]


def kept_blocks(folder: Path) -> tuple[str, ...]:
    """Names of the blocks that a finished run keeps.

    Raises:
        mc.engine.ledger.Foreign: If its ledger cannot be read.
    """
    return _opened(folder).blocks


def run_again(plan: Plan, folder: Path, anew: frozenset[str]) -> Again:
    """Run a plan again from the blocks of its run, without some of them.

    Args:
        plan: The run's.
        folder: The run folder; nothing is written there.
        anew: Blocks that are counted again; the others are read.

    Raises:
        mc.engine.ledger.Foreign: If the blocks are of another machine or version.
        OSError: If there is no room for a copy of them.
    """
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / BLOCKS
        _opened(folder).copy_to(place, lambda name: name not in anew)
        ledger = _Counts(place)
        results = execute(plan, ledger=ledger)
        # A longer run keeps what a shorter one counted again, and has no use for it.
        made = tuple(name for name in ledger.blocks if name in anew)
        differing = [
            name
            for name in made
            if digest(place / f"{name}{SUFFIX}")
            != digest(folder / BLOCKS / f"{name}{SUFFIX}")
        ]
    return Again(results=results, blocks=made, differing=tuple(differing))


class _Counts(Ledger):
    """Keeps counts alone, as a finished run does."""

    def write(self, name: str, arrays: Iterable[np.ndarray]) -> None:
        """Write a block of counts; pass by one of draws."""
        if name.startswith(COUNTS):
            super().write(name, arrays)


def _opened(folder: Path) -> Ledger:
    ledger = Ledger(folder / BLOCKS)
    found = header(ledger.folder)
    if found is not None:
        ledger.open(found["owner"])
    return ledger

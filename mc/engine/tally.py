"""What draws came to, block by block: counts, and the first draws one by one."""

import contextlib
import hashlib
import itertools
from collections.abc import Generator, Mapping, Sequence

import numpy as np

from mc.engine.blocks import Cut
from mc.engine.cluster import Cluster, Task
from mc.engine.columns import ColumnKey, points
from mc.engine.evaluator import Evaluator
from mc.engine.ledger import COUNTS, DRAWS, Ledger
from mc.engine.passes import Edges, Part, Progress, over_chunks
from mc.engine.plan import Plan
from mc.engine.raw import Kept, Raw, arrays_of, likes, raw_of
from mc.outcomes.counters import Counter


class Tally:
    """The sums of one pass.

    Args:
        edges: What of the series is counted.
        counters: What of the columns is counted; they are added to.
        like: A few draws, for the arrays that there are.
        kept: Takes the first draws one by one; None where they are not wanted.
        cut: Sizes.

    Attributes:
        edges: The same.
        totals: Draws below each edge.
    """

    def __init__(
        self,
        edges: Edges,
        counters: Mapping[ColumnKey, Counter],
        *,
        like: Raw,
        kept: Kept | None,
        cut: Cut,
    ) -> None:
        self.edges, self._counters = edges, counters
        self._like, self._kept, self._cut = like, kept, cut
        self.totals = {k: np.zeros(rows.shape, np.int64) for k, rows in edges.items()}
        series = _digest([(key, rows) for key, rows in edges.items()])
        columns = _digest([(key, c.all_edges) for key, c in counters.items()])
        self._names = {DRAWS: series, COUNTS: f"{series}-{columns}"}

    @property
    def collects(self) -> bool:
        """Whether draws are wanted one by one."""
        return self._kept is not None or bool(self._counters)

    def name(self, first_draw: int, num_draws: int) -> str:
        """A block's name: its kind, what it counts and its range of draws."""
        kind = self._kind(first_draw)
        return f"{kind}-{self._names[kind]}-{first_draw}-{num_draws}"

    def kept_of(self, parts: Sequence[Part], first_draw: int) -> list[np.ndarray]:
        """What the ledger keeps of a block, from its chunks."""
        counts = {k: sum(part.counts[k] for part in parts) for k in self.edges}
        raws = [part.raw for part in parts if part.raw is not None]
        kept = [np.asarray(rows, np.int64) for rows in counts.values()]
        if self._kind(first_draw) == DRAWS:
            kept += arrays_of(self._like, raws)
        else:
            for key, counter in self._counters.items():
                blank = counter.blank()
                for raw in raws:
                    blank.add(*points(raw.columns[key], self._cut.replicates))
                kept += blank.counts
        return kept

    def task(self, plan: Plan, precision: str) -> Task:
        """What a worker of a cluster needs to know of the pass."""
        return Task(
            plan=plan,
            precision=precision,
            cut=self._cut,
            edges=self.edges,
            counters={key: counter.blank() for key, counter in self._counters.items()},
            like=self._like,
            keeps=self._kept is not None,
        )

    def likes(
        self, first_draw: int, num_draws: int
    ) -> list[tuple[np.dtype, tuple[int, ...]]]:
        """Dtype and shape of each array that the ledger keeps of a block."""
        found = [(rows.dtype, rows.shape) for rows in self.totals.values()]
        if self._kind(first_draw) == DRAWS:
            return found + likes(self._like, num_draws)
        for counter in self._counters.values():
            found += [(rows.dtype, rows.shape) for rows in counter.counts]
        return found

    def add(self, kept: Sequence[np.ndarray], first_draw: int, num_draws: int) -> None:
        """Add what the ledger has of a block."""
        rest = iter(kept)
        for total in self.totals.values():
            total += next(rest)
        if self._kind(first_draw) == DRAWS:
            raw = raw_of(self._like, list(rest))
            assert self._kept is not None
            assert raw.num_draws == num_draws
            self._kept.add(raw)
            for key, counter in self._counters.items():
                counter.add(*points(raw.columns[key], self._cut.replicates))
            return
        for counter in self._counters.values():
            counter.include(next(rest), next(rest))

    def _kind(self, first_draw: int) -> str:
        is_kept = self._kept is not None and first_draw < self._cut.stored
        return DRAWS if is_kept else COUNTS


def over_blocks(
    workers: Sequence[Evaluator],
    tally: Tally,
    ledger: Ledger | None,
    progress: Progress,
    cluster: Cluster | None = None,
) -> None:
    """One pass over all draws: what the ledger has is read, the rest computed.

    Args:
        workers: One a device, of one cut.
        tally: What is added to.
        ledger: None, or of this run.
        progress: Called with the number of further draws that are done.
        cluster: Who computes instead of ``workers``; None for these.

    Raises:
        InvalidDraw: If a metric makes no sense at a draw's inputs.
        OSError: If the ledger cannot be written, or the cluster is lost.
    """
    cut = workers[0].cut
    blocks = list(cut.blocks())
    # One block is done when all is: there would be nothing to go on from.
    book = ledger if len(blocks) > 1 else None
    names = {block: tally.name(*block) for block in blocks}
    sound = {b for b in blocks if book is not None and book.sound(names[b])}
    missing = [block for block in blocks if block not in sound]
    if cluster is not None and len(missing) > 1:
        first = workers[0]
        task = tally.task(first.plan, first.frame.place.dtype.name)
        computed = _remotely(cluster, task, missing, progress)
    else:
        computed = _here(workers, tally, missing, progress)
    with contextlib.closing(computed):
        for first, size in blocks:
            if book is not None and (first, size) in sound:
                likes = tally.likes(first, size)
                tally.add(book.read(names[first, size], likes), first, size)
                progress(size)
                continue
            kept = next(computed)
            tally.add(kept, first, size)
            if book is not None:
                book.write(names[first, size], kept)


def _here(
    workers: Sequence[Evaluator],
    tally: Tally,
    blocks: Sequence[tuple[int, int]],
    progress: Progress,
) -> Generator[list[np.ndarray], None, None]:
    """What the ledger keeps of each block, computed by this process."""
    cut = workers[0].cut
    chunks = itertools.chain.from_iterable(cut.chunks_of(*block) for block in blocks)
    parts = over_chunks(workers, tally.edges, chunks, collect=tally.collects)
    with contextlib.closing(parts):
        for first, size in blocks:
            found = []
            while sum(part.num_draws for part in found) < size:
                found.append(next(parts))
                progress(found[-1].num_draws)
            yield tally.kept_of(found, first)


def _remotely(
    cluster: Cluster,
    task: Task,
    blocks: Sequence[tuple[int, int]],
    progress: Progress,
) -> Generator[list[np.ndarray], None, None]:
    """The same, computed by a cluster."""
    with contextlib.closing(cluster.blocks(task, blocks)) as computed:
        for (_, size), kept in zip(blocks, computed, strict=True):
            progress(size)
            yield kept


def _digest(named: list[tuple[tuple[str, str], np.ndarray]]) -> str:
    """Eight hexadecimal digits of keys and arrays."""
    digest = hashlib.sha256()
    for key, rows in named:
        digest.update(repr((key, rows.dtype.str, rows.shape)).encode())
        digest.update(np.ascontiguousarray(rows).tobytes())
    return digest.hexdigest()[:12]

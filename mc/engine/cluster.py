"""Blocks of draws on other processes and machines, through Dask's scheduler.

A block is a pure function of the plan, of what is counted and of its range of draws, so
it may be computed anywhere, twice, or again after a worker is lost. Arrays come back in
the order of the blocks and go into the ledger of the process that asked.
"""

import contextlib
import dataclasses
import functools
import os
import socket
from collections import deque
from collections.abc import Generator, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mc.engine.blocks import Cut
from mc.engine.columns import ColumnKey
from mc.engine.ledger import differences
from mc.engine.plan import Plan
from mc.engine.raw import Raw
from mc.outcomes.counters import Counter

if TYPE_CHECKING:
    from distributed import Client

    from mc.engine.evaluator import Evaluator
    from mc.engine.passes import Edges

LOCAL = "local:"
SECONDS = 10
"""How long a scheduler is waited for."""
FLAGS = "MEEKMC_WORKER_FLAGS"
AHEAD = 2
"""Blocks a worker that are asked for before the first is needed."""

Block = tuple[int, int]


class ClusterLost(OSError):
    """The scheduler does not answer, or no worker is left (exit code 3)."""


class OtherMachines(ClusterLost):
    """A worker would not compute the same bits."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Task:
    """What every block of one pass has in common; it goes to each worker once.

    Attributes:
        plan: What is evaluated.
        precision: Name of the working precision.
        cut: Sizes.
        edges: What of the series is counted.
        counters: What of the columns is counted, with nothing in them.
        like: A few draws, for the arrays that there are; None where none are wanted.
        keeps: Whether the first draws are wanted one by one.
    """

    plan: Plan
    precision: str
    cut: Cut
    edges: "Edges"
    counters: Mapping[ColumnKey, Counter]
    like: Raw
    keeps: bool


class Cluster:
    """Workers that a scheduler knows.

    Args:
        client: Connected to it.
    """

    def __init__(self, client: "Client") -> None:
        self._client, self._identity = client, dict[str, str]()

    def check(self, identity: Mapping[str, str]) -> None:
        """Refuse workers whose bits would differ from this process's.

        Args:
            identity: What decides them here; each block asks its worker again, for
                workers come and go.

        Raises:
            OtherMachines: With what differs on a worker.
            ClusterLost: If there is no worker.
        """
        self._identity = dict(identity)
        with _lost():
            self._client.wait_for_workers(1, timeout=SECONDS)
            self._client.run(_check, self._identity)

    def processes(self) -> list[int]:
        """Numbers of the workers' processes, each on its own machine."""
        found: Any = self._client.run(os.getpid)
        return list(found.values())

    def blocks(
        self, task: Task, blocks: Iterable[Block]
    ) -> Generator[list[np.ndarray], None, None]:
        """Arrays of each block, in order, some blocks ahead of what is asked for.

        Raises:
            InvalidDraw: If a metric makes no sense at a draw's inputs.
            ClusterLost: If the scheduler or the last worker is lost.
        """
        waiting: deque[Any] = deque()
        with _lost():
            shared = self._client.submit(_same, task)
            workers = max(1, len(self._client.scheduler_info()["workers"]))
            try:
                for block in blocks:
                    told = shared, self._identity, *block
                    waiting.append(self._client.submit(_block, *told))
                    if len(waiting) > AHEAD * workers:
                        yield waiting.popleft().result()
                while waiting:
                    yield waiting.popleft().result()
            finally:
                for future in waiting:
                    future.cancel()


@contextlib.contextmanager
def connected(address: str) -> Iterator[Cluster]:
    """Start ``local:N`` worker processes, or connect to ``tcp://host:port``.

    Raises:
        ClusterLost: If no scheduler answers.
    """
    from distributed import Client, LocalCluster

    with contextlib.ExitStack() as stack, _lost():
        if address.startswith(LOCAL):
            started = LocalCluster(
                n_workers=int(address.removeprefix(LOCAL)),
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,  # pyright: ignore[reportArgumentType]
                silence_logs=50,
            )
            stack.enter_context(contextlib.closing(started))
            client = Client(started)
        else:
            client = Client(address, timeout=SECONDS)
        stack.callback(client.close)
        yield Cluster(client)


@contextlib.contextmanager
def _lost() -> Iterator[None]:
    """Say in one kind of error that the scheduler or its workers are gone."""
    from concurrent.futures import CancelledError

    from distributed import KilledWorker
    from distributed.comm.core import CommClosedError

    try:
        yield
    except KilledWorker as error:
        line = "a block was lost with three workers in turn: too little memory?"
        raise ClusterLost(f"{line} ({error})") from error
    except (CommClosedError, CancelledError, TimeoutError) as error:
        raise ClusterLost(f"lost the Dask scheduler: {error}") from error


def _same(task: Task) -> Task:
    """The task, as something that a worker has and another can be sent again."""
    return task


def _check(identity: dict[str, str]) -> None:
    """Refuse to compute other bits than the process that asks; runs on a worker.

    XLA reads its flags once: those of the first process that asks hold for good.
    """
    from mc.engine.devices import find_devices

    os.environ["XLA_FLAGS"] = os.environ.setdefault(FLAGS, identity["flags"])
    changes = list(differences(identity, find_devices("auto").identity()))
    if changes:
        where, told = socket.gethostname(), "; ".join(changes[:3])
        raise OtherMachines(
            f"worker on {where} would not compute the same bits: {told}"
        )


def _block(
    task: Task, identity: dict[str, str], first_draw: int, num_draws: int
) -> list[np.ndarray]:
    """Arrays that the ledger keeps of one block; runs on a worker."""
    _check(identity)
    from mc.engine.passes import over_chunks
    from mc.engine.raw import Kept
    from mc.engine.tally import Tally

    worker = _evaluator(_Key(task.plan, task.precision, task.cut))
    tally = Tally(
        task.edges,
        {key: counter.blank() for key, counter in task.counters.items()},
        like=task.like,
        kept=Kept(num_draws) if task.keeps else None,
        cut=task.cut,
    )
    chunks = task.cut.chunks_of(first_draw, num_draws)
    parts = list(over_chunks([worker], tally.edges, chunks, collect=tally.collects))
    return tally.kept_of(parts, first_draw)


class _Key:
    """A plan to look up by what it computes: plans hold arrays, which have no hash."""

    def __init__(self, plan: Plan, precision: str, cut: Cut) -> None:
        self.plan, self.precision, self.cut = plan, precision, cut
        self._told = plan.run_id(precision), repr(cut)

    def __hash__(self) -> int:
        return hash(self._told)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._told == other._told


@functools.lru_cache(maxsize=2)
def _evaluator(key: _Key) -> "Evaluator":
    """This worker's kernels for a plan, compiled once."""
    import jax

    from mc.engine.compilations import keep_compilations
    from mc.engine.devices import find_devices
    from mc.engine.evaluator import Evaluator
    from mc.engine.execution import make_design
    from mc.engine.sampler import Sampler

    jax.config.update("jax_enable_x64", key.precision == "float64")
    keep_compilations()
    sampler = Sampler.of(key.plan, make_design(key.plan), np.dtype(key.precision))
    return Evaluator(key.plan, sampler, find_devices("auto").devices[0], key.cut)

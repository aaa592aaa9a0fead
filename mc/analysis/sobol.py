"""Sobol' indices on the pick-freeze design, with errors over replicates.

The estimators of Saltelli et al. (Computer Physics Communications 181, 2010): first
order by their equation (b), total by Jansen's; SALib's ``sobol.analyze`` has the same.
The twins are copy 1 of the same streams, shuffled; a block is taken from the twin.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from jaxtyping import Float

from mc.analysis.inputs import GROUP, LABEL, blocks
from mc.analysis.output import Output
from mc.analysis.ranks import Estimate
from mc.analysis.target import Target
from mc.engine.columns import Column
from mc.engine.replay import Replay
from mc.engine.sampler import Coordinates
from priors.faults import Fault, Refusal

Grid = Float[np.ndarray, "points replicates"]
Numbers = Callable[[Column], Grid]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parts:
    """Indices of one block.

    Attributes:
        name: The block; of several coordinates, joined by a plus.
        first: Share of the variance that goes when the block is known.
        total: Share that is left when all else is known.
    """

    name: str
    first: Estimate
    total: Estimate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Parting:
    """How the variance of a figure's output parts.

    Attributes:
        target: The figure.
        parted: What has its variance parted.
        variance: Of the output.
        parts: The blocks, the largest total first.
        num_draws: Draws of each of the three or more samples.
    """

    target: Target
    parted: str
    variance: Estimate
    parts: tuple[Parts, ...]
    num_draws: int


def indices(
    base: Grid, twin: Grid, mixed: Mapping[str, Grid]
) -> tuple[Estimate, tuple[Parts, ...]]:
    """Sobol' indices from outputs of a pick-freeze design.

    Args:
        base: Of the draws.
        twin: Of their twins, independent of them.
        mixed: Of the draws with one block from the twins, by the block's name.

    Returns:
        The variance, and the blocks with the largest total first. Errors are
        jackknifed over replicates; without variance all indices are 0.
    """
    variance = _jackknifed([base, twin], _variance)
    found = [
        Parts(
            name=name,
            first=_jackknifed([base, twin, rows], _first),
            total=_jackknifed([base, twin, rows], _total),
        )
        for name, rows in mixed.items()
    ]
    return variance, tuple(sorted(found, key=lambda part: -part.total.number))


def sobol(replay: Replay, target: Target, num_draws: int) -> Parting:
    """Sobol' indices of a figure, by independent block.

    Args:
        replay: The run.
        target: The figure.
        num_draws: Draws of each sample: replicates times a power of two.

    Raises:
        Refusal: If the output has no variance that is finite.
    """
    named = {_block_name(block): block for block in blocks(replay)}
    base: list[Column] = []
    twin: list[Column] = []
    mixed: dict[str, list[Column]] = {name: [] for name in named}
    for first, where, other in replay.twinned(num_draws):
        base.append(replay.at(target.key, first, where))
        twin.append(replay.at(target.key, first, other))
        for name, block in named.items():
            frozen = _frozen(where, other, block)
            mixed[name].append(replay.at(target.key, first, frozen))
    output = _output(replay, target, base)
    numbers = _numbers(replay, target)
    try:
        variance, parts = indices(
            numbers(_joined(base)),
            numbers(_joined(twin)),
            {name: numbers(_joined(columns)) for name, columns in mixed.items()},
        )
    except ValueError as error:
        raise Refusal(Fault(str(error), key="--figure")) from error
    return Parting(
        target=target,
        parted=output.parted,
        variance=variance,
        parts=parts,
        num_draws=num_draws,
    )


def _output(replay: Replay, target: Target, columns: Sequence[Column]) -> Output:
    return Output.of(replay.plan, target, _joined(columns))


def _numbers(replay: Replay, target: Target) -> Numbers:
    return lambda column: Output.of(replay.plan, target, column).numbers


def _joined(columns: Sequence[Column]) -> Column:
    values, status = zip(*columns, strict=True)
    return np.concatenate(values), np.concatenate(status)


def _frozen(
    where: Coordinates, other: Coordinates, block: tuple[str, ...]
) -> Coordinates:
    """Coordinates with those of one block from elsewhere."""
    words = where.words | {n: other.words[n] for n in block if n in other.words}
    scores = where.scores | {n: other.scores[n] for n in block if n in other.scores}
    return Coordinates(words=words, scores=scores)


def _block_name(block: tuple[str, ...]) -> str:
    return " + ".join(name.removeprefix(LABEL).removeprefix(GROUP) for name in block)


def _jackknifed(grids: Sequence[Grid], statistic: Callable[..., float]) -> Estimate:
    """A statistic of all replicates, and its error from leaving one out."""
    number = statistic(*grids)
    count = grids[0].shape[1]
    keep = ~np.eye(count, dtype=bool)
    left = np.array([statistic(*(g[:, row] for g in grids)) for row in keep])
    error = np.sqrt((count - 1) * np.mean((left - left.mean()) ** 2))
    return Estimate(number=number, mc_error=float(error))


def _variance(base: Grid, twin: Grid) -> float:
    return float(np.var(np.concatenate([base, twin])))


def _first(base: Grid, twin: Grid, mixed: Grid) -> float:
    """Share of the variance from the block alone: f(B)·(f(A with B's block) − f(A))."""
    centre = 0.5 * (base.mean() + twin.mean())
    return _share(np.mean((twin - centre) * (mixed - base)), base, twin)


def _total(base: Grid, twin: Grid, mixed: Grid) -> float:
    """Share of the variance in which the block has a part: half the mean square."""
    return _share(0.5 * np.mean((base - mixed) ** 2), base, twin)


def _share(part: np.floating, base: Grid, twin: Grid) -> float:
    variance = _variance(base, twin)
    return float(part / variance) if variance > 0 else 0.0

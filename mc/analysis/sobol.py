"""Sobol' indices on the pick-freeze design, with errors over replicates.

The estimators of Saltelli et al. (Computer Physics Communications 181, 2010): first
order by their equation (b), total by Jansen's; SALib's ``sobol.analyze`` has the same.
The twins are copy 1 of the same streams, shuffled; a block is taken from the twin.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mc.analysis.inputs import GROUP, LABEL
from mc.analysis.ranks import Estimate
from mc.analysis.redraws import Grid, Redraws, numbers
from mc.analysis.target import Target


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
        shown_as: ``belief`` or ``intervention``.
        left: Inputs of the card that are not among them.
    """

    target: Target
    parted: str
    variance: Estimate
    parts: tuple[Parts, ...]
    num_draws: int
    shown_as: str
    left: tuple[str, ...]


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


def sobol(draws: Redraws) -> Parting:
    """Sobol' indices of a figure, by independent block.

    Args:
        draws: The draws, and the same with some inputs drawn again.

    Raises:
        Refusal: If the output has no variance that is finite.
    """
    base = draws.output(frozenset())
    twin = draws.output({name for block in draws.blocks for name in block})
    mixed = {
        _block_name(block): numbers(draws.output(set(block))) for block in draws.blocks
    }
    variance, parts = indices(numbers(base), numbers(twin), mixed)
    return Parting(
        target=draws.target,
        parted=base.parted,
        variance=variance,
        parts=parts,
        num_draws=draws.num_draws,
        shown_as=draws.shown_as,
        left=draws.left,
    )


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

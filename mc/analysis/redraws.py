"""Draws of which some inputs are drawn again: what shares of the variance rest on.

The twins are copy 1 of the same streams, shuffled; what is drawn again is the twin's.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Protocol, runtime_checkable

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from mc.analysis.inputs import blocks
from mc.analysis.output import Output
from mc.analysis.target import Target
from mc.engine.columns import Column
from mc.engine.plan import Plan
from mc.engine.replay import Replay
from mc.engine.sampler import Coordinates
from priors.dependence import Cluster
from priors.faults import Fault, Refusal

Grid = Float[np.ndarray, "points replicates"]
BELIEF, INTERVENTION = "belief", "intervention"


@runtime_checkable
class Redraws(Protocol):
    """Draws of one figure's output, and the same with some inputs drawn again.

    Attributes:
        target: The figure.
        num_draws: How many draws.
        shown_as: ``belief`` or ``intervention``.
        blocks: Names of the inputs; what is drawn as one stands together.
        left: Inputs of the card that are not among them.
    """

    target: Target
    num_draws: int
    shown_as: str
    blocks: tuple[tuple[str, ...], ...]
    left: tuple[str, ...]

    @property
    def dependent(self) -> tuple[tuple[str, ...], ...]:
        """Inputs that depend on each other by rank correlation."""
        ...

    def output(self, again: AbstractSet[str]) -> Output:
        """The output where the named inputs are drawn again, given all others."""
        ...


def numbers(output: Output) -> Grid:
    """One finite number a draw.

    Raises:
        Refusal: If a draw has none.
    """
    try:
        return output.numbers
    except ValueError as error:
        raise Refusal(Fault(str(error), key="--figure")) from error


class Beliefs:
    """Draws of a run: inputs move as the card says, those that depend together.

    Args:
        replay: The run.
        target: The figure.
        num_draws: How many of its draws: replicates times a power of two.
    """

    shown_as = BELIEF
    left: tuple[str, ...] = ()

    def __init__(self, replay: Replay, target: Target, num_draws: int) -> None:
        self.target, self.num_draws = target, num_draws
        self.blocks = blocks(replay)
        self._replay = replay
        self._chunks = list(replay.twinned(num_draws))
        joint = replay.plan.card.joint
        known = set(self._chunks[0][1].scores)
        self._clusters = [c for c in joint.clusters if set(c.names) <= known]

    @property
    def dependent(self) -> tuple[tuple[str, ...], ...]:
        """Inputs that depend on each other by rank correlation."""
        return tuple(tuple(cluster.names) for cluster in self._clusters)

    def output(self, again: AbstractSet[str]) -> Output:
        """The output where the named inputs are drawn again, given all others."""
        columns = [
            self._replay.at(self.target.key, first, self._again(at, twin, again))
            for first, at, twin in self._chunks
        ]
        return output_of(self._replay.plan, self.target, columns)

    def _again(
        self, at: Coordinates, twin: Coordinates, names: AbstractSet[str]
    ) -> Coordinates:
        words = at.words | {n: twin.words[n] for n in names if n in twin.words}
        scores = at.scores | {n: twin.scores[n] for n in names if n in twin.scores}
        for cluster in self._clusters:
            chosen = [i for i, name in enumerate(cluster.names) if name in names]
            if 0 < len(chosen) < len(cluster.names):
                scores |= drawn_given(cluster, chosen, at, twin)
        return Coordinates(words=words, scores=scores)


def output_of(plan: Plan, target: Target, columns: Sequence[Column]) -> Output:
    """The output of chunks of a column, by point and replicate."""
    values, status = zip(*columns, strict=True)
    return Output.of(plan, target, (np.concatenate(values), np.concatenate(status)))


def drawn_given(
    cluster: Cluster, chosen: Sequence[int], at: Coordinates, twin: Coordinates
) -> dict[str, jnp.ndarray]:
    """Independent scores of a cluster in which some members are drawn given the others.

    Args:
        cluster: Members of a Gaussian copula.
        chosen: Places of those that are drawn again, not all.
        at: Coordinates of the draws.
        twin: Where the new randomness comes from.
    """
    lower = np.asarray(cluster.cholesky, np.float64)
    own = np.stack([np.asarray(at.scores[n], np.float64) for n in cluster.names])
    fresh = np.stack(
        [np.asarray(twin.scores[cluster.names[i]], np.float64) for i in chosen]
    )
    rest = [i for i in range(len(cluster.names)) if i not in set(chosen)]
    matrix, mixed = lower @ lower.T, lower @ own
    slope = np.linalg.solve(matrix[np.ix_(rest, rest)], matrix[np.ix_(rest, chosen)]).T
    left = matrix[np.ix_(chosen, chosen)] - slope @ matrix[np.ix_(rest, chosen)]
    mixed[list(chosen)] = slope @ mixed[rest] + np.linalg.cholesky(left) @ fresh
    scores = np.linalg.solve(lower, mixed)
    dtype = at.scores[cluster.names[0]].dtype
    return {
        name: jnp.asarray(row.astype(dtype))
        for name, row in zip(cluster.names, scores, strict=True)
    }

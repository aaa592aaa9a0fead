"""Shapley effects: shares of the variance that add to 1, under dependence too.

The cost of a set of inputs is E[Var(Y | all others)] (Song, Nelson and Staum, SIAM/ASA
J. Uncertainty Quantification 4, 2016), half the mean square of what the output moves by
when the set is drawn again, given all others.
"""

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence

import jax.numpy as jnp
import numpy as np
from jaxtyping import Float

from mc.analysis.inputs import GROUP, LABEL, blocks
from mc.analysis.output import Output
from mc.analysis.ranks import Estimate
from mc.analysis.target import Target
from mc.engine.columns import Column
from mc.engine.replay import Replay
from mc.engine.sampler import Coordinates
from priors.dependence import Cluster
from priors.faults import Fault, Refusal

MOST_PLAYERS = 8
"""Inputs that are told apart; those with the smallest totals act as one."""
OTHERS = "all others"
Costs = Mapping[frozenset[int], Float[np.ndarray, " replicates"]]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Share:
    """One input's part of the variance.

    Attributes:
        name: The parameter or component.
        effect: Its Shapley effect.
        total: Share of the variance left when all else is known.
    """

    name: str
    effect: Estimate
    total: Estimate


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shares:
    """How the variance of a figure's output is shared out.

    Attributes:
        target: The figure.
        parted: What has its variance shared out.
        shares: The inputs, the largest first; their effects add to 1.
        num_draws: Draws of each of the samples.
        dependent: Inputs that depend on each other by rank correlation.
    """

    target: Target
    parted: str
    shares: tuple[Share, ...]
    num_draws: int
    dependent: tuple[tuple[str, ...], ...]


def effects(costs: Costs, num_players: int) -> tuple[Estimate, ...]:
    """Shapley effects from the costs of all sets of players, as shares of the whole.

    Args:
        costs: Of every set, the empty one included, by replicate.
        num_players: How many there are.
    """
    matrix = _weights(list(costs), num_players)
    table = np.stack(list(costs.values()))
    whole = list(costs).index(frozenset(range(num_players)))

    def shares(columns: np.ndarray) -> np.ndarray:
        means = columns.mean(axis=1)
        return (
            matrix @ means / means[whole] if means[whole] > 0 else 0.0 * matrix @ means
        )

    count = table.shape[1]
    left = np.stack([shares(np.delete(table, r, axis=1)) for r in range(count)])
    errors = np.sqrt((count - 1) * np.mean((left - left.mean(axis=0)) ** 2, axis=0))
    pairs = zip(shares(table).tolist(), errors.tolist(), strict=True)
    return tuple(Estimate(number=number, mc_error=error) for number, error in pairs)


def _weights(sets: Sequence[frozenset[int]], num_players: int) -> np.ndarray:
    """What each cost counts in the effect of each player."""
    matrix = np.zeros((num_players, len(sets)))
    for column, players in enumerate(sets):
        size = len(players)
        for one in range(num_players):
            if one in players:
                share = math.comb(num_players - 1, size - 1)
                matrix[one, column] = 1 / (num_players * share)
            else:
                share = math.comb(num_players - 1, size)
                matrix[one, column] = -1 / (num_players * share)
    return matrix


def shapley(replay: Replay, target: Target, num_draws: int) -> Shares:
    """Shapley effects of a figure, as beliefs: inputs are drawn given all others.

    Args:
        replay: The run.
        target: The figure.
        num_draws: Draws of each sample: replicates times a power of two.

    Raises:
        Refusal: If the output has no variance that is finite.
    """
    game = _Game(replay, target, num_draws)
    names = [name for block in blocks(replay) for name in block]
    alone = {name: game.cost({name}) for name in names}
    ordered = sorted(names, key=lambda name: -float(alone[name].mean()))
    ordered = [name for name in ordered if alone[name].any()]
    players = [{name} for name in ordered[: MOST_PLAYERS - 1]]
    if rest := set(ordered[MOST_PLAYERS - 1 :]):
        players.append(rest)
    numbers = range(len(players))
    costs = {
        frozenset(chosen): game.cost(set().union(*(players[i] for i in chosen)))
        for size in range(len(players) + 1)
        for chosen in itertools.combinations(numbers, size)
    }
    whole = costs[frozenset(numbers)]
    shares = [
        Share(
            name=_name(player),
            effect=effect,
            total=_ratio(costs[frozenset({i})], whole),
        )
        for i, (player, effect) in enumerate(
            zip(players, effects(costs, len(players)), strict=True)
        )
    ]
    clusters = replay.plan.card.joint.clusters
    return Shares(
        target=target,
        parted=game.parted,
        shares=tuple(sorted(shares, key=lambda share: -share.effect.number)),
        num_draws=num_draws,
        dependent=tuple(c.names for c in clusters if set(c.names) <= set(names)),
    )


class _Game:
    """Outputs of the draws, and what drawing some inputs again costs."""

    def __init__(self, replay: Replay, target: Target, num_draws: int) -> None:
        self._replay, self._target = replay, target
        self._chunks = list(replay.twinned(num_draws))
        joint = replay.plan.card.joint
        self._clusters = [
            c for c in joint.clusters if set(c.names) <= set(self._chunks[0][1].scores)
        ]
        columns = [replay.at(target.key, first, at) for first, at, _ in self._chunks]
        output = self._output(columns)
        self.parted = output.parted
        self._base = self._numbers(output)

    def cost(self, names: set[str]) -> Float[np.ndarray, " replicates"]:
        """Half the mean square of the change when ``names`` are drawn again."""
        if not names:
            return np.zeros(self._base.shape[1])
        columns = [
            self._replay.at(self._target.key, first, self._again(at, twin, names))
            for first, at, twin in self._chunks
        ]
        change = self._base - self._numbers(self._output(columns))
        return 0.5 * np.mean(change**2, axis=0)

    def _again(
        self, at: Coordinates, twin: Coordinates, names: set[str]
    ) -> Coordinates:
        words = at.words | {n: twin.words[n] for n in names if n in twin.words}
        scores = at.scores | {n: twin.scores[n] for n in names if n in twin.scores}
        for cluster in self._clusters:
            chosen = [i for i, name in enumerate(cluster.names) if name in names]
            if 0 < len(chosen) < len(cluster.names):
                scores |= drawn_given(cluster, chosen, at, twin)
        return Coordinates(words=words, scores=scores)

    def _output(self, columns: Sequence[Column]) -> Output:
        values, status = zip(*columns, strict=True)
        column = np.concatenate(values), np.concatenate(status)
        return Output.of(self._replay.plan, self._target, column)

    def _numbers(self, output: Output) -> np.ndarray:
        try:
            return output.numbers
        except ValueError as error:
            raise Refusal(Fault(str(error), key="--figure")) from error


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


def _name(player: set[str]) -> str:
    if len(player) > 1:
        return OTHERS
    return next(iter(player)).removeprefix(LABEL).removeprefix(GROUP)


def _ratio(part: np.ndarray, whole: np.ndarray) -> Estimate:
    """Part over whole, its error from leaving out one replicate."""
    count = len(part)
    left = [
        np.delete(part, r).mean() / np.delete(whole, r).mean() for r in range(count)
    ]
    error = np.sqrt((count - 1) * np.mean((np.array(left) - np.mean(left)) ** 2))
    return Estimate(number=float(part.mean() / whole.mean()), mc_error=float(error))

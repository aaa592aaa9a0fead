"""Shapley effects: shares of the variance that add to 1, under dependence too.

The cost of a set of inputs is E[Var(Y | all others)] (Song, Nelson and Staum, SIAM/ASA
J. Uncertainty Quantification 4, 2016), half the mean square of what the output moves by
when the set is drawn again, given all others.
"""

import dataclasses
import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
from jaxtyping import Float

from mc.analysis.inputs import GROUP, LABEL
from mc.analysis.ranks import Estimate
from mc.analysis.redraws import Redraws, numbers
from mc.analysis.target import Target

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
        shown_as: ``belief`` or ``intervention``.
        left: Inputs of the card that are not among them.
    """

    target: Target
    parted: str
    shares: tuple[Share, ...]
    num_draws: int
    dependent: tuple[tuple[str, ...], ...]
    shown_as: str
    left: tuple[str, ...]


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


def shapley(draws: Redraws) -> Shares:
    """Shapley effects of a figure: inputs are drawn again, given all others.

    Args:
        draws: The draws, and the same with some inputs drawn again.

    Raises:
        Refusal: If the output has no variance that is finite.
    """
    output = draws.output(frozenset())
    base = numbers(output)

    def cost(names: set[str]) -> Float[np.ndarray, " replicates"]:
        """Half the mean square of the change when ``names`` are drawn again."""
        if not names:
            return np.zeros(base.shape[1])
        return 0.5 * np.mean((base - numbers(draws.output(names))) ** 2, axis=0)

    players = _players(draws, cost)
    places = range(len(players))
    costs = {
        frozenset(chosen): cost(set().union(*(players[i] for i in chosen)))
        for size in range(len(players) + 1)
        for chosen in itertools.combinations(places, size)
    }
    whole = costs[frozenset(places)]
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
    return Shares(
        target=draws.target,
        parted=output.parted,
        shares=tuple(sorted(shares, key=lambda share: -share.effect.number)),
        num_draws=draws.num_draws,
        dependent=draws.dependent,
        shown_as=draws.shown_as,
        left=draws.left,
    )


def _players(
    draws: Redraws, cost: Callable[[set[str]], np.ndarray]
) -> list[AbstractSet[str]]:
    """Inputs that have a part, the largest totals first, the smallest as one.

    What has no effect of its own has a part if one that it depends on has.
    """
    names = [name for block in draws.blocks for name in block]
    alone = {name: cost({name}) for name in names}
    moving = {name for name in names if alone[name].any()}
    for bound in draws.dependent:
        if moving.intersection(bound):
            moving.update(name for name in bound if name in alone)
    ordered = sorted(moving, key=lambda name: (-float(alone[name].mean()), name))
    players: list[AbstractSet[str]] = [{n} for n in ordered[: MOST_PLAYERS - 1]]
    rest = set(ordered[MOST_PLAYERS - 1 :])
    return [*players, rest] if rest else players


def _name(player: AbstractSet[str]) -> str:
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

"""Draws in which every mechanism is set on its own: margins kept, dependence cut.

What interventions on all inputs at once mean. The mechanisms of the draws, which cards
state or imply, are shuffled where they depend on each other: each keeps its values, and
none tells of another any more. Then the world is made so.
"""

import dataclasses
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

import jax.numpy as jnp
import numpy as np

from mc.analysis.output import Output
from mc.analysis.redraws import INTERVENTION, Grid, output_of
from mc.analysis.target import Target
from mc.analysis.tornado import is_free
from mc.draws import streams
from mc.engine.checks import anchors
from mc.engine.columns import Column, points
from mc.engine.plan import Plan
from mc.engine.replay import Replay
from mc.engine.scenario import BASELINE
from priors.faults import Fault, Refusal
from priors.interventions import Interventions
from priors.joint import Belief, JointPrior, Marginal
from priors.laws import Point
from priors.units import own_unit

MADE = "made"
"""Name of the world in which everything is set."""
READINGS = "readings"
"""How metrics depend on compute, as the card's observations say it of a draw."""
_SHUFFLE = "margins"
"""Name, with that of the mechanism, of the streams that shuffle it."""
BUDGET, PRICE, FLOP = "meek_budget", "compute_per_dollar", "initial_compute"


class Margins:
    """Draws of a run whose mechanisms are set on their own.

    Args:
        replay: The run.
        target: A figure of its baseline.
        num_draws: How many of its draws: replicates times a power of two.

    Raises:
        Refusal: If the figure is one of a scenario.
    """

    shown_as = INTERVENTION
    dependent: tuple[tuple[str, ...], ...] = ()

    def __init__(self, replay: Replay, target: Target, num_draws: int) -> None:
        if target.scenario != BASELINE:
            line = f"{target.name} is of a scenario, which is an intervention already"
            raise Refusal(Fault(line, key="--figure"))
        plan = replay.plan
        plan = dataclasses.replace(
            plan,
            scenarios=plan.scenarios[:1],
            needed=plan.needed | anchors(plan.card),
        )
        read = Replay(plan)
        columns = [_read(read, target, num_draws, twin=twin) for twin in (False, True)]
        names = settable(columns[0].mechanisms, plan.card.joint)
        self.target, self.num_draws = target, num_draws
        self.blocks = (*((name,) for name in names), (READINGS,))
        self.left = tuple(sorted(read.sampler.card.firsts))
        self._columns = [
            {name: found.apart(name, plan, copy) for name in names}
            for copy, found in enumerate(columns)
        ]
        self._readings = [found.read(plan, copy) for copy, found in enumerate(columns)]
        self._made = Replay(_made(plan, names))
        self._there = dataclasses.replace(target, scenario=MADE)

    def output(self, again: AbstractSet[str]) -> Output:
        """The output where the named inputs are drawn again."""
        chunks = self._made.cut.chunks(self.num_draws)
        columns = [self._column(first, count, again) for first, count in chunks]
        return output_of(self._made.plan, self._there, columns)

    def _column(self, first: int, count: int, again: AbstractSet[str]) -> Column:
        chosen = dict(self._readings[READINGS in again])
        own, twins = self._columns
        for name in own:
            chosen[f"{MADE}/{name}"] = (twins if name in again else own)[name]
        rows = slice(first, first + count)
        parameters = {n: jnp.asarray(v[rows].ravel()) for n, v in chosen.items()}
        replicates = self._made.plan.replicates
        found = self._made.column(self._there.key, parameters, first * replicates)
        return points(found, replicates)


def settable(columns: Mapping[str, Grid], joint: JointPrior) -> tuple[str, ...]:
    """Mechanisms that differ from draw to draw, sorted; one way of saying each.

    Args:
        columns: What ``mechanisms`` makes of the draws.
        joint: The card's beliefs, which say whether a meek budget or its FLOP counts.
    """
    names = {
        name
        for name, column in columns.items()
        if np.ptp(column) > 0 and "/" not in name and name not in joint.aliases
    }
    if BUDGET in names or PRICE in joint.names():
        names.discard(FLOP)
    elif FLOP in names:
        names.discard(PRICE)
    return tuple(sorted(names))


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class _Read:
    """Parameters and mechanisms of some draws, by point and replicate."""

    parameters: dict[str, Grid]
    mechanisms: dict[str, Grid]

    def apart(self, name: str, plan: Plan, copy: int) -> Grid:
        """A mechanism that tells nothing of another, each replicate by itself.

        What the card draws on its own stays in its place; all else is shuffled.
        """
        column = self.mechanisms[name]
        if is_free(name, plan.card.joint) and self._is_drawn(name):
            return column
        return _shuffled(column, _order(plan, copy, name, column.shape))

    def read(self, plan: Plan, copy: int) -> dict[str, Grid]:
        """All parameters, those of one draw together, in an order of their own.

        What the baseline's actor says is so in the world that is made, too.
        """
        shape = next(iter(self.parameters.values())).shape
        order = _order(plan, copy, READINGS, shape)
        found = {n: _shuffled(v, order) for n, v in self.parameters.items()}
        actors = f"{BASELINE}/"
        return found | {
            f"{MADE}/{name.removeprefix(actors)}": column
            for name, column in found.items()
            if name.startswith(actors)
        }

    def _is_drawn(self, name: str) -> bool:
        """Whether a mechanism is a parameter of the card as it is."""
        own = self.parameters.get(name)
        return own is not None and np.array_equal(self.mechanisms[name], own)


def _order(plan: Plan, copy: int, name: str, shape: tuple[int, ...]) -> np.ndarray:
    """An order of the points of each replicate, from streams of a name."""
    num_points, replicates = shape
    keys = streams.keys(plan.seed, copy, replicates, f"{_SHUFFLE}/{name}")
    index = np.arange(num_points, dtype=np.uint32)[:, None]
    words = streams.word((keys[:, 0], keys[:, 1]), np.zeros_like(index), index)
    return np.argsort(words, axis=0)


def _shuffled(column: Grid, order: np.ndarray) -> Grid:
    return np.take_along_axis(column, order, axis=0)


def _read(read: Replay, target: Target, num_draws: int, *, twin: bool) -> _Read:
    """What a run draws, or its twins."""
    look, parts = read.look(target.label), []
    for _, *both in read.twinned(num_draws):
        where = both[twin]
        size = len(next(iter(where.words.values())))
        parameters, _ = read.sampler.at(where, size)
        parts.append((parameters, look.mechanisms(parameters)))
    parameters, mechanisms = (
        {
            name: np.concatenate([np.asarray(part[name]) for part in columns]).reshape(
                -1, read.plan.replicates
            )
            for name in columns[0]
        }
        for columns in zip(*parts, strict=True)
    )
    return _Read(parameters=parameters, mechanisms=mechanisms)


def _made(plan: Plan, names: Iterable[str]) -> Plan:
    """The plan with a world in which all of ``names`` are set, to be told where."""
    unit = own_unit("1", "real")
    beliefs = tuple(
        Belief(name=name, unit=unit, marginals=(Marginal(law=Point(value=0.0)),))
        for name in names
    )
    joint = JointPrior(
        reference_date=plan.epoch, beliefs=beliefs, units=dict.fromkeys(names, unit)
    )
    done = Interventions(joint=joint, factors={}, shifts={}, texts=())
    believed = plan.scenarios[0]
    world = dataclasses.replace(believed, name=MADE, interventions=done)
    return dataclasses.replace(plan, scenarios=(believed, world))

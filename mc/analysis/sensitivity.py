"""What moves a figure: a tornado, rank correlations and PAWN, from a run's draws."""

import dataclasses
import math

import numpy as np

from mc.analysis.inputs import Input, inputs_of
from mc.analysis.output import Output
from mc.analysis.ranks import Estimate, pawn, pawn_of_nothing, spearman
from mc.analysis.target import Target
from mc.analysis.tornado import End, ends
from mc.engine.replay import Replay
from mc.outcomes.summaries import Row

_PLACES = {"already": -math.inf}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Mover:
    """One input and what it does to the figure.

    Attributes:
        input: The parameter or component.
        ends: The figure at its 10 and 90 % points, or under each label.
        rank: Spearman's correlation with the output.
        pawn: The PAWN index.
    """

    input: Input
    ends: tuple[End, ...]
    rank: Estimate
    pawn: Estimate

    @property
    def swing(self) -> float:
        """From the lowest to the highest figure of the ends; infinite for a word."""
        places = [place(end.near) for end in self.ends]
        low, high = min(places), max(places)
        return 0.0 if low == high else high - low

    @property
    def extremes(self) -> tuple[End, End]:
        """The ends at 10 and 90 %; of a component, those farthest apart."""
        if not self.input.labels:
            return self.ends[0], self.ends[-1]
        order = sorted(self.ends, key=lambda end: place(end.near))
        return order[0], order[-1]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What moves one figure, the widest swing first.

    Attributes:
        target: The figure.
        base: Its value over the draws that were used.
        num_draws: How many these are: the first of the run.
        analysed: What correlations and PAWN are of.
        movers: A line an input.
        noise: PAWN of an input without effect.
    """

    target: Target
    base: Row
    num_draws: int
    analysed: str
    movers: tuple[Mover, ...]
    noise: Estimate

    @property
    def is_constant(self) -> bool:
        """Whether nothing moves it, because all draws agree."""
        return self.noise.number == 0.0


def place(row: Row) -> float:
    """A figure on the line from already to never."""
    if row.number is not None:
        return row.number
    return _PLACES.get(row.status, math.inf)


def sensitivity(replay: Replay, target: Target, num_draws: int) -> Sensitivity:
    """Find what moves a figure.

    Args:
        replay: The run.
        target: The figure.
        num_draws: How many of its draws to use: replicates times a power of two.

    Raises:
        KeyError: If the run has no draws of the figure's quantity.
    """
    sample = replay.sample(target.key, num_draws)
    output = Output.of(replay.plan, target, sample.column)
    line = output.line
    movers = [
        Mover(
            input=one,
            ends=ends(one, output, replay),
            rank=spearman(one, line),
            pawn=pawn(one, line),
        )
        for one in inputs_of(replay.plan, sample, target.scenario)
    ]
    movers.sort(key=lambda mover: (-mover.swing, -mover.pawn.number))
    return Sensitivity(
        target=target,
        base=output.row(),
        num_draws=int(np.size(line)),
        analysed=output.analysed,
        movers=tuple(movers),
        noise=pawn_of_nothing(line),
    )

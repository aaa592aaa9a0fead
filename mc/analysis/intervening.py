"""Tornado of interventions: a figure where an input is made so, not known to be so.

Each input has a world of its own in which it is set to its 10 or 90 % point; mechanisms
keep each draw's value and what is observed follows, as in any scenario of a run.
"""

import dataclasses
from collections.abc import Sequence

import numpy as np

from mc.analysis.inputs import Input, inputs_of
from mc.analysis.output import Output
from mc.analysis.sensitivity import place
from mc.analysis.target import Target
from mc.analysis.tornado import POINTS
from mc.engine.plan import Plan, make_plan
from mc.engine.replay import Replay
from mc.engine.scenario import BASELINE, Scenario
from mc.outcomes.summaries import Row
from priors.faults import Fault, Refusal
from priors.units import date_at

WORLDS = ("at-10", "at-90")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Done:
    """One input and the figure where it is set.

    Attributes:
        name: The parameter.
        unit: Unit of the texts.
        texts: Its 10 and 90 % points, as they are set.
        rows: The figure at each.
    """

    name: str
    unit: str
    texts: tuple[str, str]
    rows: tuple[Row, Row]

    @property
    def swing(self) -> float:
        """From one figure to the other; infinite for a word."""
        low, high = (place(row) for row in self.rows)
        return 0.0 if low == high else abs(high - low)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Doing:
    """What moves one figure when it is done, the widest swing first.

    Attributes:
        target: The figure.
        base: Its value over the draws that were used.
        num_draws: How many these are: the first of the run.
        done: A line an input.
        left: Inputs that cannot be set: labels, and what is no mechanism here.
    """

    target: Target
    base: Row
    num_draws: int
    done: tuple[Done, ...]
    left: tuple[str, ...]


def interventions(replay: Replay, target: Target, num_draws: int) -> Doing:
    """Set every input that can be set, one at a time.

    Args:
        replay: The run.
        target: A figure of its baseline.
        num_draws: How many of its draws to use: replicates times a power of two.

    Raises:
        Refusal: If the figure is one of a scenario.
    """
    if target.scenario != BASELINE:
        line = f"{target.name} is of a scenario, which is an intervention already"
        raise Refusal(Fault(line, key="--figure"))
    sample = replay.sample(target.key, num_draws)
    done, left = [], []
    for one in inputs_of(replay.plan, sample, target.scenario):
        texts = _texts(one, replay.plan)
        plan = _plan(replay.plan, one, texts) if texts else None
        if texts is None or plan is None:
            left.append(one.name)
            continue
        worlds = Replay(plan)
        low, high = (_row(worlds, target, name, num_draws) for name in WORLDS)
        unit = one.unit.name if one.unit else ""
        done.append(Done(name=one.name, unit=unit, texts=texts, rows=(low, high)))
    return Doing(
        target=target,
        base=Output.of(replay.plan, target, sample.column).row(),
        num_draws=num_draws,
        done=tuple(sorted(done, key=lambda one: -one.swing)),
        left=tuple(left),
    )


def _texts(one: Input, plan: Plan) -> tuple[str, str] | None:
    """The 10 and 90 % points as a scenario takes them; None of what has no unit."""
    if one.labels or one.unit is None or "/" in one.name:
        return None
    wide = one.values.astype(np.float64)
    places = np.quantile(wide, POINTS, method="inverted_cdf")
    if one.unit.kind == "date":
        low, high = (date_at(plan.epoch, float(at)).isoformat() for at in places)
    else:
        numbers = one.unit.from_canonical(places)
        low, high = (f"{float(at):.9g}".replace("e+", "e") for at in numbers)
    return low, high


def _plan(plan: Plan, one: Input, texts: Sequence[str]) -> Plan | None:
    """The plan with a world for each text; None where it cannot be set."""
    assert one.unit is not None
    unit = "" if one.unit.kind == "date" or one.unit.name == "1" else one.unit.name
    worlds = tuple(
        Scenario(name=name, changes=(f"{one.name}={text} {unit}".rstrip(),))
        for name, text in zip(WORLDS, texts, strict=True)
    )
    question = dataclasses.replace(plan.experiment, scenarios=worlds)
    try:
        return make_plan(
            question,
            plan.card,
            draws=plan.num_draws,
            replicates=plan.replicates,
            seed=plan.seed,
            design=plan.design,
            tolerances=plan.tolerances,
            today=plan.today,
        )
    except Refusal:
        return None


def _row(worlds: Replay, target: Target, name: str, num_draws: int) -> Row:
    there = dataclasses.replace(target, scenario=name)
    column = worlds.sample(there.key, num_draws).column
    return Output.of(worlds.plan, there, column).row()

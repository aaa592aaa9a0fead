"""The value of information: which number a decision would gain most from knowing."""

import dataclasses
from collections.abc import Sequence

import numpy as np

from mc.analysis.decision import Decision
from mc.analysis.inputs import Input, inputs_of, together
from mc.analysis.measurements import measured
from mc.analysis.partitions import Fitted, Gains, parts_of
from mc.analysis.payoffs import Payoffs, Terms
from mc.analysis.ranks import Estimate
from mc.analysis.worth import NOTHING, Worth, gains_of, mean, partial, perfect
from mc.engine.execution import make_design
from mc.engine.replay import Replay, Sample
from priors.faults import Refusal, nearest


@dataclasses.dataclass(frozen=True, kw_only=True)
class Knowledge:
    """One input, or several, and what knowing them is worth.

    Attributes:
        name: The input or the group.
        members: The inputs.
        worth: In the decision's unit.
    """

    name: str
    members: tuple[str, ...]
    worth: Worth


@dataclasses.dataclass(frozen=True, kw_only=True)
class Information:
    """What a decision stands on, and what knowing more would be worth.

    Attributes:
        decision: The decision.
        num_draws: How many of the run's draws were used: the first.
        payoffs: Expected payoff of each action.
        today: Place of the action with the largest.
        outcomes: Probability of each outcome.
        perfect: Expected value of perfect information (EVPI).
        changes: Probability that another action is best.
        inputs: A line an input, the most valuable first.
        groups: Blocks of dependent inputs, then the decision's own groups.
        measurements: What the result of each would be worth (EVSI).
    """

    decision: Decision
    num_draws: int
    payoffs: tuple[Estimate, ...]
    today: int
    outcomes: tuple[Estimate, ...]
    perfect: Estimate
    changes: Estimate
    inputs: tuple[Knowledge, ...]
    groups: tuple[Knowledge, ...]
    measurements: tuple[Knowledge, ...]


def information(replay: Replay, terms: Terms, num_draws: int) -> Information:
    """Find what it is worth to know each input of a decision, and groups of them.

    Args:
        replay: The run.
        terms: The decision, bound to it.
        num_draws: How many of its draws to use: replicates times a power of two.

    Raises:
        Refusal: If a draw has no payoff, or a group names what does not vary.
    """
    samples = {n: replay.sample(t.key, num_draws) for n, t in terms.targets.items()}
    payoffs = terms.payoffs({name: one.column for name, one in samples.items()})
    found = _inputs(terms, next(iter(samples.values())))
    sets = _groups(terms, found)
    results = _results(replay, terms, found)
    today, gains = gains_of(payoffs.values)
    limit = perfect(gains)
    alone = [_alone(one, gains) for one in found]
    alone.sort(key=lambda one: (-one.worth.lower.number, -one.worth.upper.number))
    return Information(
        decision=terms.decision,
        num_draws=num_draws,
        payoffs=tuple(mean(row) for row in np.moveaxis(payoffs.values, -1, 0)),
        today=today,
        outcomes=_shares(payoffs, len(terms.decision.outcomes)),
        perfect=limit,
        changes=mean((gains.max(axis=-1) > 0).astype(np.float64)),
        inputs=tuple(alone),
        groups=_together(sets, gains, alone, limit),
        measurements=_measured(results, gains, alone),
    )


def never_less(one: Knowledge, others: Sequence[Knowledge]) -> Worth:
    """What a set is worth: no less than any part of it, or than nothing."""
    found = one.worth.at_least(NOTHING)
    for other in others:
        if set(other.members) <= set(one.members):
            found = found.at_least(other.worth)
    return found


def _inputs(terms: Terms, sample: Sample) -> tuple[Input, ...]:
    """Every input that varies; one of several scenarios, if it is the same in them."""
    scenarios = dict.fromkeys(target.scenario for target in terms.targets.values())
    found: dict[str, Input] = {}
    for scenario in scenarios:
        for one in inputs_of(terms.plan, sample, scenario):
            own = one.name.rpartition("/")[2]
            known = found.setdefault(own, dataclasses.replace(one, name=own))
            if not np.array_equal(known.values, one.values):
                found[one.name] = one
    return tuple(found.values())


def _groups(terms: Terms, inputs: Sequence[Input]) -> dict[str, tuple[Input, ...]]:
    """Blocks of dependent inputs, and the groups of the decision."""
    known = {one.name: one for one in inputs}
    sets = {
        _block_name([known[name] for name in block]): block
        for block in together(terms.plan.card.joint, known)
    }
    faults = []
    for name, members in terms.decision.groups.items():
        for one in members:
            if one not in known:
                line = f"{one} does not vary in this run{nearest(one, known)}"
                faults.append(terms.decision.document.fault(line, f"groups.{name}"))
        sets[name] = members
    if faults:
        raise Refusal(faults)
    return {name: tuple(known[one] for one in block) for name, block in sets.items()}


def _block_name(block: Sequence[Input]) -> str:
    """A component of the block, or its first parameter, and how many more there are."""
    first = next((one for one in block if one.labels), block[0])
    return f"{first.name} and {len(block) - 1} more"


def _results(
    replay: Replay, terms: Terms, inputs: Sequence[Input]
) -> dict[str, tuple[Input, Input]]:
    """The result of each measurement, and the parameter that it measures."""
    known = {one.name: one for one in inputs if not one.labels}
    design = make_design(replay.plan)
    found, faults = {}, []
    for one in terms.decision.measurements:
        if one.of not in known:
            line = f"no parameter {one.of} varies in this run{nearest(one.of, known)}"
            key = f"measurements.{one.name}.of"
            faults.append(terms.decision.document.fault(line, key))
            continue
        parameter = known[one.of]
        found[one.name] = measured(parameter, one, design), parameter
    if faults:
        raise Refusal(faults)
    return found


def _measured(
    results: dict[str, tuple[Input, Input]], gains: Gains, alone: Sequence[Knowledge]
) -> tuple[Knowledge, ...]:
    """What results are worth: no more than the parameter itself."""
    worths = {one.name: one.worth for one in alone}
    return tuple(
        Knowledge(
            name=name,
            members=(parameter.name,),
            worth=_alone(result, gains).worth.at_most(worths[parameter.name]),
        )
        for name, (result, parameter) in results.items()
    )


def _alone(one: Input, gains: Gains) -> Knowledge:
    worth = partial(gains, parts_of(one)).at_least(NOTHING)
    return Knowledge(name=one.name, members=(one.name,), worth=worth)


def _together(
    sets: dict[str, tuple[Input, ...]],
    gains: Gains,
    alone: Sequence[Knowledge],
    limit: Estimate,
) -> tuple[Knowledge, ...]:
    """What sets are worth, smaller ones first: none is worth less than a part."""
    found: dict[str, Knowledge] = {}
    for name, inputs in sorted(sets.items(), key=lambda item: len(item[1])):
        fitted = Fitted(inputs, gains)
        worth = partial(gains, fitted.parts(), fitted.parts)
        worth = worth.at_most(Worth(upper=limit, lower=limit))
        members = tuple(one.name for one in inputs)
        one = Knowledge(name=name, members=members, worth=worth)
        worth = never_less(one, [*alone, *found.values()])
        found[name] = dataclasses.replace(one, worth=worth)
    return tuple(found[name] for name in sets)


def _shares(payoffs: Payoffs, number: int) -> tuple[Estimate, ...]:
    codes = payoffs.outcomes
    return tuple(mean((codes == one).astype(np.float64)) for one in range(number))

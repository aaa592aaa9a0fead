"""Data that may be used at once: nothing twice, and no actor for another."""

from collections.abc import Sequence
from itertools import combinations

from mc.analysis.conditioning.card import bound_names
from mc.analysis.conditioning.lags import PARAMETER
from mc.analysis.conditioning.reading import (
    CONSUMER_LAG,
    FIXED_COMPUTE,
    OPEN_LAG,
    READABLE,
)
from mc.engine.plan import Plan
from priors.evidence.data_sets import DataSet
from priors.evidence.rows import Row
from priors.faults import Fault, Refusal
from priors.overlaps import same_data, shared_rows

KINDS = "time horizons, index scores, lags and progress at fixed compute"
_FOLLOWER = "fast_follower"


def readable(sets: Sequence[DataSet], key: str) -> list[Row]:
    """Rows that there is a likelihood for.

    Args:
        sets: Data sets that are to be used at once.
        key: How messages call what asks for them.

    Raises:
        Refusal: If a set has no such row, two of them are the same data, or they speak
            of two actors.
    """
    faults = [
        Fault(f"{one.id} is about {_about(one)}; condition takes {KINDS}", key=key)
        for one in sets
        if not _rows(one)
    ]
    for first, second in combinations(sets, 2):
        faults += [Fault(text, key=key) for text in _twice(first, second)]
    if faults:
        raise Refusal(faults)
    rows = [row for one in sets for row in _rows(one)]
    kinds = {row.observable.name for row in rows}
    if {OPEN_LAG, CONSUMER_LAG} <= kinds:
        message = (
            "lags of open weights and of models for one consumer GPU speak of two "
            f"actors, and {PARAMETER} is that of one; take one"
        )
        raise Refusal(Fault(message, key=key))
    return rows


def refuse_other_actors(plan: Plan, rows: Sequence[Row], key: str) -> None:
    """Refuse lags of a follower that would move an actor with a fixed budget.

    They do where the card ties the follower's lag to what the plan draws.

    Raises:
        Refusal: With the parameters that would move.
    """
    kinds = {row.observable.name for row in rows}
    if not kinds & {OPEN_LAG, CONSUMER_LAG} or _FOLLOWER in plan.path.name:
        return
    tied = set(bound_names(plan.card, [PARAMETER])) & plan.needed - {PARAMETER}
    if tied:
        message = (
            "lags speak of a fast follower, which scales its budget or distils; this "
            f"card ties {PARAMETER} to {', '.join(sorted(tied))}, so that they would "
            "move an actor with a fixed budget"
        )
        raise Refusal(Fault(message, file=f"card {plan.card.name}", key=key))


def _rows(one: DataSet) -> list[Row]:
    return [row for row in one.rows if row.observable.name in READABLE]


def _about(one: DataSet) -> str:
    return ", ".join(observable.name for observable in one.observables)


def _twice(first: DataSet, second: DataSet) -> list[str]:
    """Why two data sets cannot be used at once."""
    common = shared_rows(first, second)
    if common:
        label = common[0].label
        return [f"{first.id} and {second.id} both have {label}; take one"]
    slopes = [_is_slopes(one) for one in (first, second)]
    # Slopes on compute at one date are independent of the trends of the same models.
    if same_data(first, second) and slopes.count(True) != 1:
        return [f"{first.id} and {second.id} are of one series; take one"]
    return []


def _is_slopes(one: DataSet) -> bool:
    return {row.observable.name for row in one.rows} <= set(FIXED_COMPUTE)

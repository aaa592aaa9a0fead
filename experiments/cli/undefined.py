"""Why a run stopped at a draw at which a metric makes no sense."""

from typing import TYPE_CHECKING

import numpy as np

from mc.engine.scenario import split_label
from priors.units import date_at

if TYPE_CHECKING:
    from mc.engine.invalid import InvalidDraw
    from mc.engine.plan import Plan


def undefined(plan: "Plan", error: "InvalidDraw") -> str:
    """Name the draw and the inputs that its metric reads, in the card's units.

    Args:
        plan: What was run.
        error: The draw that it stopped at.
    """
    _, metric = split_label(error.metric)
    entry = next(c.entry for c in plan.metrics if c.label == metric)
    available = frozenset(error.inputs)
    read = entry.requirements(available)[0] | plan.path.requirements(available)[0]
    inputs = []
    for name in sorted(read & set(plan.card.joint.units)):
        unit, value = plan.card.joint.units[name], error.inputs[name]
        if unit.kind == "date":
            inputs.append(f"{name} = {date_at(plan.epoch, value)}")
        else:
            number = unit.from_canonical(np.array([value])).item()
            inputs.append(f"{name} = {number:.6g} {unit.name}")
    return (
        f"metric {error.metric} is undefined at draw {error.index:,}: "
        f"{', '.join(inputs)}; {error.reason or entry.undefined}: narrow or truncate "
        "these beliefs"
    )

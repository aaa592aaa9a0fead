"""What a run says under each of the sources that it mixes.

A component chooses one label a draw; the draws with one label alone are what that
source would have said. A mixture of sources that disagree must show it.
"""

import numpy as np

from mc.engine.columns import ColumnKey, marks, points
from mc.engine.execution import Computation
from mc.engine.plan import Plan
from mc.engine.quantities import date_quantity, quantity
from mc.engine.scenario import split_label
from mc.outcomes.bands import LEVELS
from mc.outcomes.subset import Mask, Subset
from mc.outcomes.summaries import Row, probability_rows, quantile_rows

DATES = ("peak_years", "convergence_years")
HEIGHT = "peak_gap"


def movers(plan: Plan, metric: str) -> tuple[str, ...]:
    """Components that choose the law of something that a metric or the path needs.

    Args:
        plan: What is run.
        metric: Label of the metric.
    """
    joint = plan.card.joint
    available = frozenset(joint.names())
    choice = next(c for c in plan.metrics if c.label == metric)
    needed = set(plan.path.requirements(available)[0])
    needed |= choice.entry.requirements(available)[0]
    found = {joint.target(name) for name in needed}
    while more := _beneath(plan, found) - found:
        found |= more
    by = {b.by for b in joint.beliefs if b.name in found}
    parts = (c for c in joint.components if c.name in by and len(c.labels) > 1)
    return tuple(part.name for part in parts)


def source_rows(plan: Plan, computation: Computation) -> list[Row]:
    """Peaks and closing dates of every metric under each label that moves it.

    Exact on the stored draws; the statistic is ``q0.5|COMPONENT=LABEL``.
    """
    stored, replicates = computation.stored, plan.replicates
    known = {c.name: c for c in plan.card.joint.components if c.name in stored.labels}
    rows: list[Row] = []
    for key in stored.columns:
        if key[1] not in (*DATES, HEIGHT):
            continue
        for name in movers(plan, split_label(key[0])[1]):
            drawn = stored.labels[name].reshape(-1, replicates)
            for place, label in enumerate(known[name].labels):
                rows += _rows(plan, computation, key, drawn == place, f"{name}={label}")
    return rows


def _rows(
    plan: Plan, computation: Computation, key: ColumnKey, mask: Mask, source: str
) -> list[Row]:
    """The statistics of one quantity over the draws of one source."""
    if np.count_nonzero(mask.any(axis=0)) < 2:
        return []
    label, name = key
    draws = Subset(*points(computation.stored.columns[key], plan.replicates), mask)
    if name == HEIGHT:
        found = quantile_rows(label, quantity(plan, label, name), draws, LEVELS)
    else:
        dated = date_quantity(plan, name)
        found = quantile_rows(label, dated, draws, LEVELS)
        found += probability_rows(label, dated, draws, by=marks(plan, name))
    return [row.under(source) for row in found]


def _beneath(plan: Plan, names: set[str]) -> set[str]:
    """What some parameters are given, or correlated with."""
    joint = plan.card.joint
    parents = {
        joint.target(b.parent) for b in joint.beliefs if b.name in names and b.parent
    }
    partners = {n for c in joint.clusters if names & set(c.names) for n in c.names}
    return parents | partners

"""Differences between a scenario and the baseline, draw by draw.

Both worlds share every draw, so a difference has none of the spread that they have in
common. Of two censored outcomes no difference is known, and that is counted.
"""

from collections.abc import Mapping

import numpy as np

from mc.engine.columns import DELAY, HEIGHT_CHANGE, Column, ColumnKey
from mc.engine.scenario import Followed, split_label
from mc.outcomes.status import Status

EVENT = "_years"
HEIGHT = "peak_gap"


def contrast_columns(
    scenario: Followed, columns: Mapping[ColumnKey, Column]
) -> dict[ColumnKey, Column]:
    """How much later each event comes, and how much higher each peak is.

    Args:
        scenario: Not the baseline.
        columns: Of the baseline and of the scenario.
    """
    found: dict[ColumnKey, Column] = {}
    for (label, name), column in columns.items():
        where, metric = split_label(label)
        before = columns.get((metric, name))
        if where != scenario.name or before is None:
            continue
        if name.endswith(EVENT):
            found[label, name.removesuffix(EVENT) + DELAY] = delay(before, column)
        elif name == HEIGHT:
            found[label, HEIGHT_CHANGE] = change(before, column)
    return found


def delay(before: Column, after: Column) -> Column:
    """Years from an event of the baseline to the same one of a scenario.

    A date less a date is a number. From a date to never is later by more than any
    number, from never to a date sooner; what has no date in both worlds is
    undetermined, unless it was the case from the start in both.
    """
    (old, was), (new, now) = before, after
    dated = (was == Status.OBSERVED) & (now == Status.OBSERVED)
    same = (was == Status.ALREADY) & (now == Status.ALREADY)
    late = (Status.BEYOND, Status.NEVER)
    status = np.select(
        [
            dated | same,
            (was == Status.OBSERVED) & (now == Status.BEYOND),
            (now == Status.NEVER) & np.isin(was, (Status.ALREADY, Status.OBSERVED)),
            (was == Status.ALREADY) & np.isin(now, (Status.OBSERVED, Status.BEYOND)),
            np.isin(was, late) & np.isin(now, (Status.ALREADY, Status.OBSERVED)),
            (was == Status.OBSERVED) & (now == Status.ALREADY),
        ],
        [
            Status.OBSERVED,
            Status.BEYOND,
            Status.NEVER,
            Status.NEVER,
            Status.ALREADY,
            Status.ALREADY,
        ],
        Status.UNDETERMINED,
    ).astype(np.int8)
    with np.errstate(invalid="ignore"):
        years = np.where(dated, new - old, np.where(same, 0.0, np.inf))
    return np.where(status == Status.ALREADY, -np.inf, years), status


def change(before: Column, after: Column) -> Column:
    """Height less height; logarithms, so a ratio, where the device carries these."""
    old, new = before[0], after[0]
    with np.errstate(invalid="ignore"):
        moved = new - old
    status = np.select(
        [np.isnan(moved), np.isposinf(moved), np.isneginf(moved)],
        [Status.UNDETERMINED, Status.NEVER, Status.ALREADY],
        Status.OBSERVED,
    ).astype(np.int8)
    return np.where(np.isnan(moved), np.inf, moved), status

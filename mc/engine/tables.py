"""The tables a reader opens: ``summary.csv`` and ``bands.csv``, from a computation."""

import dataclasses
import math
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import numpy as np
import pandas as pd

from mc.engine.classes import LIMIT, class_shares
from mc.engine.columns import (
    COMPUTE,
    CROSSING_DELAY,
    DELAY,
    ColumnKey,
    marks,
)
from mc.engine.execution import Computation
from mc.engine.plan import Plan
from mc.engine.quantities import banded, date_quantity, host_values, quantity
from mc.engine.scenario import split_label
from mc.engine.sources import source_rows
from mc.model.registry import Series
from mc.outcomes.bands import LEVELS
from mc.outcomes.distributions import Distribution, Sorted
from mc.outcomes.summaries import (
    Quantity,
    Row,
    class_rows,
    conditional_rows,
    probability_rows,
    quantile_rows,
)
from priors.units import MONTHS_PER_YEAR

PATH_SERIES = {
    "lag_months": Series(unit="months", divisor=1 / MONTHS_PER_YEAR),
    "lead_oom": Series(unit="OOM", divisor=math.log(10)),
}
LEVEL_NAMES = tuple(f"q{level:g}" for level in LEVELS)


def series_of(plan: Plan, label: str) -> dict[str, Series]:
    """The banded series of a metric, or of the path, with their units."""
    _, metric = split_label(label)
    if metric == COMPUTE:
        return PATH_SERIES
    return banded(plan, next(c for c in plan.metrics if c.label == metric))


def bands_table(plan: Plan, computation: Computation) -> pd.DataFrame:
    """A row for each metric, series and date; columns as in ``bands.csv``."""
    parts = []
    for (label, name), quantiles in computation.bands.items():
        numbers = host_values(series_of(plan, label)[name], quantiles)
        frame = pd.DataFrame(numbers, columns=list(LEVEL_NAMES))
        scenario, metric = split_label(label)
        frame.insert(0, "scenario", scenario)
        frame.insert(1, "metric", metric)
        frame.insert(2, "date", [d.isoformat() for d in plan.dates])
        frame.insert(3, "series", name)
        beyond = computation.extrapolated.get(label, np.zeros(len(frame), bool))
        frame["extrapolated"] = beyond
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def summary_table(
    plan: Plan,
    computation: Computation,
    smooth: Mapping[ColumnKey, Distribution] = MappingProxyType({}),
) -> pd.DataFrame:
    """A row for each statistic; columns as in ``summary.csv``.

    Args:
        plan: What was run.
        computation: What it came to.
        smooth: Dates of which more is known than the draws tell.
    """
    draws = computation.distributions

    def rows_of(key: ColumnKey) -> list[Row]:
        return _rows(plan, key, draws[key], smooth.get(key))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        parts = list(pool.map(rows_of, draws))
    rows = [row for part in parts for row in part]
    rows += source_rows(plan, computation)
    fields = [field.name for field in dataclasses.fields(Row)]
    placed = [_placed(row) for row in rows]
    table = pd.DataFrame([dataclasses.astuple(row) for row in placed], columns=fields)
    return table.astype({"mc_df": "Int64"})


def _rows(
    plan: Plan, key: ColumnKey, draws: Distribution, smooth: Distribution | None
) -> list[Row]:
    """Every statistic of one quantity; most of the time goes into sorting its draws."""
    label, name = key
    if name.endswith("_years"):
        return _event_rows(plan, label, name, draws, smooth)
    written = quantity(plan, label, name)
    rows = quantile_rows(label, written, draws, LEVELS)
    if name == LIMIT:
        return rows + class_rows(label, written, draws, class_shares(draws))
    if name.endswith(DELAY) or name.startswith(CROSSING_DELAY):
        rows += probability_rows(label, written, draws, by={})
    return rows


def _placed(row: Row) -> Row:
    """The row with its label taken apart."""
    scenario, metric = split_label(row.metric)
    return dataclasses.replace(row, scenario=scenario, metric=metric)


def _event_rows(
    plan: Plan,
    label: str,
    name: str,
    draws: Distribution,
    smooth: Distribution | None,
) -> list[Row]:
    dated, by = date_quantity(plan, name), marks(plan, name)
    best = smooth or draws
    rows = quantile_rows(label, dated, best, LEVELS)
    shares = probability_rows(label, dated, draws, by=by)
    if smooth is not None:
        finer = probability_rows(label, dated, smooth, by=by)
        pairs = zip(shares, finer, strict=True)
        # Of none or of all, the draws bound more: there are more of them than lines.
        shares = [s if f.number in (0.0, 1.0) else f for s, f in pairs]
    rows += shares
    if isinstance(draws, Sorted) and _is_censored(draws):
        rows += conditional_rows(label, dated, draws, LEVELS)
    offset: Quantity = quantity(plan, label, name)
    return rows + quantile_rows(label, offset, best, LEVELS)


def _is_censored(draws: Sorted) -> bool:
    return draws.num_observed < draws.num_draws

"""The quantities of a run: a value and a status a draw."""

import datetime
import math
from collections.abc import Mapping

import numpy as np

from mc.engine.classes import LIMIT, MARKS, limit_column
from mc.engine.levels import Level
from mc.engine.plan import Plan
from mc.model.axes import AnyArray
from mc.model.registry import MetricChoice
from mc.outcomes.crossings import Crossings
from mc.outcomes.events import Events
from mc.outcomes.fades import Fades
from mc.outcomes.plausibility import SHARES, Plausibility
from mc.outcomes.returns import Returns
from mc.outcomes.standing import Standing
from mc.outcomes.status import Status
from priors.units import years_since

COMPUTE = "compute"
PLAUSIBILITY = "plausibility"
"""Labels of the rows that speak of the path, not of a metric."""

DELAY = "_delay"
"""``convergence_years`` of a scenario less the baseline's: ``convergence_delay``."""
HEIGHT_CHANGE = "peak_gap_change"
HALVING = "halving_compute"
CROSSING_DELAY = "crossing_delay"
WORTH = "discounted_gap"
FADE = "fade_years"
COST = "discounted_spending"
WORTH_PER_COST = "gap_per_spending"
Column = tuple[np.ndarray, np.ndarray]
"""Values and statuses, one a draw."""

ColumnKey = tuple[str, str]
"""Label and name of a column."""


def metric_columns(
    choice: MetricChoice,
    events: Events,
    at: Mapping[datetime.date, Mapping[str, np.ndarray]],
    parameters: Mapping[str, AnyArray],
) -> dict[str, Column]:
    """Columns of one metric.

    Args:
        choice: The metric.
        events: Events of the draws, on the host.
        at: Every series of the draws at each reported date.
        parameters: The draws on their canonical scales.
    """
    columns = {
        "peak_gap": bounded(np.asarray(events.peak_gap), Status.NEVER),
        "peak_years": event(events.peak_years, events.peak_status),
        "convergence_years": event(events.convergence_years, events.convergence_status),
        LIMIT: limit_column(np.asarray(events.limit_gap)),
    }
    if choice.entry.halving in parameters:
        exponents = np.asarray(parameters[choice.entry.halving])
        columns[HALVING] = bounded(math.log(2) / exponents, Status.NEVER)
    for day, series in at.items():
        for name, rows in series.items():
            columns[f"{name}@{day}"] = bounded(np.asarray(rows), Status.NEVER)
    return columns


def crossing_columns(level: Level, found: Crossings) -> dict[str, Column]:
    """Columns of one level: when each actor comes to it, and the delay between."""
    return {
        f"frontier_crossing_{level.name}_years": event(
            found.frontier_years, found.frontier_status
        ),
        f"meek_crossing_{level.name}_years": event(found.meek_years, found.meek_status),
        f"{CROSSING_DELAY}_{level.name}": event(found.delay_years, found.delay_status),
    }


def fade_columns(found: Fades) -> dict[str, Column]:
    """The column of the date at which a gap is back to a share of its peak."""
    return {FADE: event(found.years, found.status)}


def return_columns(day: datetime.date, found: Returns) -> dict[str, Column]:
    """Columns of what a lead is worth and costs up to a date, as signed logarithms.

    Where the frontier does not spend more there is no worth per spending.
    """
    worth = np.asarray(found.gap_sign), np.asarray(found.log_gap_years, np.float64)
    cost = np.asarray(found.spending_sign), np.asarray(found.log_spending_years)
    ratio = _signed(worth[0], worth[1] - cost[1].astype(np.float64))
    status = np.where(cost[0] > 0, Status.OBSERVED, Status.UNDETERMINED)
    return {
        f"{WORTH}@{day}": bounded(_signed(*worth), Status.NEVER),
        f"{COST}@{day}": bounded(_signed(*cost), Status.NEVER),
        f"{WORTH_PER_COST}@{day}": event(np.where(cost[0] > 0, ratio, np.inf), status),
    }


def standing_columns(plan: Plan, now: Standing) -> dict[str, Column]:
    """Columns of the path: lead, lag and delay by date; when it is overtaken."""
    columns: dict[str, Column] = {}
    for i, day in enumerate(plan.at):
        lead = np.asarray(now.lead[i])
        lag = bounded(np.asarray(now.lag_years[i]), Status.BEYOND)
        columns[f"lag_months@{day}"] = lag
        delay = bounded(np.asarray(now.catch_up_years[i]), Status.NEVER)
        columns[f"catch_up_months@{day}"] = delay
        columns[f"lead_oom@{day}"] = bounded(lead, Status.NEVER)
        columns[f"compute_ratio@{day}"] = bounded(lead, Status.NEVER)
    columns["overtaken_years"] = _passed(plan, np.asarray(now.overtaken_years))
    for name, years in now.landmarks.items():
        columns[f"{name}_years"] = _passed(plan, np.asarray(years))
    return columns


def plausibility_columns(
    at: tuple[datetime.date, ...], ledger: Plausibility
) -> dict[str, Column]:
    """Columns of the ledger: what growth for ever implies."""
    columns: dict[str, Column] = {}
    for i, day in enumerate(at):
        for name, rows in (
            ("frontier_spending", ledger.log_spending),
            ("share_of_world_product", ledger.log_share),
            ("frontier_training_compute", ledger.log_compute),
        ):
            columns[f"{name}@{day}"] = bounded(np.asarray(rows[i]), Status.NEVER)
    for i, share in enumerate(SHARES):
        years = np.asarray(ledger.passes_years[i])
        status = np.where(
            np.isneginf(years),
            Status.ALREADY,
            np.where(np.isposinf(years), Status.BEYOND, Status.OBSERVED),
        )
        name = f"passes_{100 * share:.0f}pct_of_world_product_years"
        columns[name] = (years, status.astype(np.int8))
    return columns


def points(column: Column, replicates: int) -> Column:
    """A column's values and statuses as ``[points, replicates]``."""
    values, status = column
    return values.reshape(-1, replicates), status.reshape(-1, replicates)


def marks(plan: Plan, name: str) -> dict[str, float]:
    """Below which draws are counted: dates as offsets from the epoch, or classes."""
    if name == LIMIT:
        return MARKS
    if not name.endswith("_years"):
        return {}
    return {str(day): years_since(plan.epoch, day) for day in plan.by}


def _passed(plan: Plan, years: np.ndarray) -> Column:
    status = np.select(
        [np.isneginf(years), np.isposinf(years), years > plan.until_years],
        [Status.ALREADY, Status.NEVER, Status.BEYOND],
        Status.OBSERVED,
    )
    return years, status.astype(np.int8)


def event(years: AnyArray, status: AnyArray) -> Column:
    """Years and statuses of an event."""
    return np.asarray(years), np.asarray(status).astype(np.int8, copy=False)


def _signed(sign: np.ndarray, log: np.ndarray) -> np.ndarray:
    """``sign·ln(1 + e^log)``, the scale ``signed_log``."""
    return sign * np.logaddexp(0.0, log)


def bounded(values: np.ndarray, infinite: Status) -> Column:
    """Numbers are observed; plus infinity is the censored mass ``infinite``."""
    status = np.where(np.isposinf(values), infinite, Status.OBSERVED)
    return values, status.astype(np.int8)

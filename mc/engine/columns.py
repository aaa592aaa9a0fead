"""The quantities of a run: a value and a status a draw, and how they are written."""

import datetime
import math
from collections.abc import Mapping

import numpy as np

from mc.engine.plan import Plan
from mc.engine.scenario import split_label
from mc.model.axes import AnyArray
from mc.model.registry import MetricChoice, Series
from mc.outcomes.events import Events
from mc.outcomes.plausibility import SHARES, Plausibility
from mc.outcomes.standing import Standing
from mc.outcomes.status import Status
from mc.outcomes.summaries import Quantity, percent
from priors.units import MONTHS_PER_YEAR, date_at, decimal_years, years_since

COMPUTE = "compute"
PLAUSIBILITY = "plausibility"
"""Labels of the rows that speak of the path, not of a metric."""

LIMIT = "limit_gap"
DELAY = "_delay"
"""``convergence_years`` of a scenario less the baseline's: ``convergence_delay``."""
HEIGHT_CHANGE = "peak_gap_change"
HALVING = "halving_compute"
CLASSES = {
    Status.ALREADY: "meek",
    Status.OBSERVED: "constant_gap",
    Status.NEVER: "diverging",
    Status.UNDETERMINED: "undetermined",
}
"""What becomes of the gap for ever, by the status of its limit."""

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
        "peak_gap": _bounded(np.asarray(events.peak_gap), Status.NEVER),
        "peak_years": _event(events.peak_years, events.peak_status),
        "convergence_years": _event(
            events.convergence_years, events.convergence_status
        ),
        LIMIT: _limit(np.asarray(events.limit_gap)),
    }
    if choice.entry.halving in parameters:
        exponents = np.asarray(parameters[choice.entry.halving])
        columns[HALVING] = _bounded(math.log(2) / exponents, Status.NEVER)
    for day, series in at.items():
        for name in choice.entry.series:
            columns[f"{name}@{day}"] = _bounded(np.asarray(series[name]), Status.NEVER)
    return columns


def standing_columns(plan: Plan, now: Standing) -> dict[str, Column]:
    """Columns of the path: lead, lag and delay by date; when it is overtaken."""
    columns: dict[str, Column] = {}
    for i, day in enumerate(plan.at):
        lead = np.asarray(now.lead[i])
        lag = _bounded(np.asarray(now.lag_years[i]), Status.BEYOND)
        columns[f"lag_months@{day}"] = lag
        delay = _bounded(np.asarray(now.catch_up_years[i]), Status.NEVER)
        columns[f"catch_up_months@{day}"] = delay
        columns[f"lead_oom@{day}"] = _bounded(lead, Status.NEVER)
        columns[f"compute_ratio@{day}"] = _bounded(lead, Status.NEVER)
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
            columns[f"{name}@{day}"] = _bounded(np.asarray(rows[i]), Status.NEVER)
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
    """Dates of ``p_by_DATE`` for event years, as offsets from the epoch."""
    if not name.endswith("_years"):
        return {}
    return {str(day): years_since(plan.epoch, day) for day in plan.by}


def quantity(plan: Plan, label: str, name: str) -> Quantity:
    """How the column ``name`` of ``label`` is written; event years as an offset."""
    stem = name.partition("@")[0]
    _, metric = split_label(label)
    if stem.endswith("_years"):
        return _years(plan, name)
    if stem.endswith(DELAY):
        return _delay(plan, name)
    if metric == COMPUTE:
        return _standing(plan, stem, name)
    if metric == PLAUSIBILITY:
        return _ledger(stem, name)
    choice = next(c for c in plan.metrics if c.label == metric)
    is_gap = stem in ("peak_gap", HEIGHT_CHANGE, LIMIT)
    known = {**choice.entry.series, HALVING: Series(unit="ratio", scale="log")}
    series = known["gap" if is_gap else stem]
    closed = "×1" if choice.entry.scale == "log" else "0"

    def number(value: float) -> float:
        return float(host_values(series, np.array([value]))[0])

    return Quantity(
        name=name,
        unit=series.unit,
        number=number,
        text=lambda value: with_unit(number(value), series.unit),
        words=_words(already=f"{closed}: it closes", never="without end"),
    )


def date_quantity(plan: Plan, name: str) -> Quantity:
    """The column of event years ``name``, written as a date."""
    until = plan.experiment.events_until
    return Quantity(
        name=name.removesuffix("_years") + "_date",
        unit="date",
        number=lambda y: float(decimal_years(plan.epoch, np.array([y]))[0]),
        text=lambda y: date_at(plan.epoch, y).isoformat(),
        words=_words(beyond=f"beyond {until}"),
    )


def host_values(series: Series, values: np.ndarray) -> np.ndarray:
    """From the device's scale to the number people read, in float64."""
    wide = np.asarray(values, np.float64)
    with np.errstate(over="ignore"):
        if series.scale == "log":
            wide = np.exp(wide)
        elif series.scale == "signed_log":
            wide = np.sign(wide) * np.expm1(np.abs(wide))
    return wide / series.divisor


def with_unit(number: float, unit: str) -> str:
    """A number for a reader, with its unit."""
    if unit == "probability":
        return percent(number) if number >= 0 else f"{number:.1%}"
    if unit == "ratio":
        return f"×{number:,.4g}" if number < 1e6 else f"×{number:.3g}"
    text = f"{number:.4g}"
    return f"{text} {unit}" if unit else text


def _exp(log_value: float) -> float:
    return math.exp(log_value) if log_value < 709 else math.inf


def _years(plan: Plan, name: str) -> Quantity:
    until = plan.experiment.events_until
    return Quantity(
        name=name,
        unit="years since the reference date",
        number=float,
        text=lambda years: f"{years:.3f} years",
        words=_words(beyond=f"beyond {until}"),
    )


def _delay(plan: Plan, name: str) -> Quantity:
    """Years later than in the baseline."""
    until = plan.experiment.events_until
    return Quantity(
        name=name,
        unit="years",
        number=float,
        text=lambda years: f"{years:+.2f} years",
        words=_words(
            already="sooner without bound",
            beyond=f"later, beyond {until}",
            never="later without bound",
        ),
    )


def _standing(plan: Plan, stem: str, name: str) -> Quantity:
    unit, number = {
        "lag_months": ("months", _months),
        "catch_up_months": ("months", _months),
        "lead_oom": ("OOM", lambda lead: float(lead) / math.log(10)),
        "compute_ratio": ("ratio", _exp),
    }[stem]
    return Quantity(
        name=name,
        unit=unit,
        number=number,
        text=lambda value: with_unit(number(value), unit),
        words=_words(beyond=f"before {plan.epoch}"),
    )


def _ledger(stem: str, name: str) -> Quantity:
    unit = {
        "frontier_spending": "dollars per run",
        "share_of_world_product": "share",
        "frontier_training_compute": "FLOP",
    }[stem]
    return Quantity(
        name=name,
        unit=unit,
        number=_exp,
        text=lambda value: f"{_exp(value):.3g} {unit}",
        words=_words(),
    )


def _months(years: float) -> float:
    return float(years) * MONTHS_PER_YEAR


def _words(
    *, already: str = "already", beyond: str = "beyond", never: str = "never"
) -> dict[Status, str]:
    return {
        Status.ALREADY: already,
        Status.BEYOND: beyond,
        Status.UNDETERMINED: "undetermined",
        Status.NEVER: never,
    }


def _passed(plan: Plan, years: np.ndarray) -> Column:
    status = np.select(
        [np.isneginf(years), np.isposinf(years), years > plan.until_years],
        [Status.ALREADY, Status.NEVER, Status.BEYOND],
        Status.OBSERVED,
    )
    return years, status.astype(np.int8)


def _limit(values: np.ndarray) -> Column:
    """Closed, a number, without end or not known, in the order of the statuses."""
    status = np.select(
        [np.isnan(values), np.isposinf(values), values > 0],
        [Status.UNDETERMINED, Status.NEVER, Status.OBSERVED],
        Status.ALREADY,
    )
    finite = np.where(status == Status.ALREADY, -np.inf, values)
    return np.where(np.isnan(values), np.inf, finite), status.astype(np.int8)


def _event(years: AnyArray, status: AnyArray) -> Column:
    return np.asarray(years), np.asarray(status).astype(np.int8)


def _bounded(values: np.ndarray, infinite: Status) -> Column:
    """Numbers are observed; plus infinity is the censored mass ``infinite``."""
    status = np.where(np.isposinf(values), infinite, Status.OBSERVED)
    return values, status.astype(np.int8)

"""How the quantities of a run are written: units, numbers, dates and words."""

import dataclasses
import datetime
import math

import numpy as np

from mc.engine.classes import LIMIT
from mc.engine.columns import (
    COMPUTE,
    COST,
    CROSSING_DELAY,
    DELAY,
    HALVING,
    HEIGHT_CHANGE,
    PLAUSIBILITY,
    WORTH,
    WORTH_PER_COST,
)
from mc.engine.plan import Plan
from mc.engine.scenario import split_label
from mc.model.registry import Entry, MetricChoice, Series
from mc.outcomes.status import Status
from mc.outcomes.summaries import Quantity, percent
from priors.units import MONTHS_PER_YEAR, date_at, decimal_years


def quantity(plan: Plan, label: str, name: str) -> Quantity:
    """How the column ``name`` of ``label`` is written; event years as an offset."""
    stem = name.partition("@")[0]
    _, metric = split_label(label)
    if stem.endswith("_years"):
        return _years(plan, name)
    if stem.endswith(DELAY):
        return delay_quantity(name, plan.experiment.events_until)
    if metric == COMPUTE:
        return _standing(plan, stem, name)
    if metric == PLAUSIBILITY:
        return _ledger(stem, name)
    if stem.startswith(CROSSING_DELAY):
        return _crossing_delay(plan, name)
    choice = next(c for c in plan.metrics if c.label == metric)
    is_gap = stem in ("peak_gap", HEIGHT_CHANGE, LIMIT)
    known = {
        **banded(plan, choice),
        **_returns(choice.entry),
        HALVING: Series(unit="ratio", scale="log"),
    }
    series = known["gap" if is_gap else stem]

    def number(value: float) -> float:
        return float(host_values(series, np.array([value]))[0])

    def text(value: float) -> str:
        closes = ": it closes" if stem == LIMIT and value == 0 else ""
        return f"{with_unit(number(value), series.unit)}{closes}"

    return Quantity(
        name=name,
        unit=series.unit,
        number=number,
        text=text,
        words=_words(already="below zero, without end", never="without end"),
    )


def banded(plan: Plan, choice: MetricChoice) -> dict[str, Series]:
    """What is banded of a metric, its population's series among it, with units."""
    more = plan.population.series(choice) if plan.population else {}
    return {**choice.entry.series, **more}


def _returns(entry: Entry) -> dict[str, Series]:
    """Units of areas under the gap; of logarithms in orders of magnitude."""
    unit, divisor = entry.unit, entry.series["gap"].divisor
    if entry.scale == "log":
        unit, divisor = "OOM", math.log(10)
    worth = Series(unit=f"{unit}·years", scale="signed_log", divisor=divisor)
    cost = Series(unit="years of the frontier's first spending", scale="signed_log")
    rate = dataclasses.replace(worth, unit=f"{unit} per first spending")
    return {WORTH: worth, COST: cost, WORTH_PER_COST: rate}


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


def delay_quantity(name: str, until: datetime.date | str) -> Quantity:
    """Years later than in the baseline; ``until`` ends the event window."""
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


def _crossing_delay(plan: Plan, name: str) -> Quantity:
    """Years from the frontier's crossing of a level to the meek actor's."""
    until = plan.experiment.events_until
    return Quantity(
        name=name,
        unit="years",
        number=float,
        text=lambda years: f"{years:+.2f} years",
        words=_words(already="already there", beyond=f"beyond {until}"),
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

"""Events of a run's stored draws, and how their statistics are written."""

import datetime

import numpy as np
from jaxtyping import Float, Int

from mc.engine.quantities import with_unit
from mc.engine.results import Results
from mc.outcomes.status import Status
from mc.outcomes.summaries import Quantity
from priors.units import date_at, decimal_years, years_since

HEIGHT = "peak_gap"
DATES = ("peak_date", "convergence_date")
QUANTITIES = (HEIGHT, *DATES)
_WORDS = {status: status.word for status in Status}

Values = Float[np.ndarray, "replicates points"]
Codes = Int[np.ndarray, "replicates points"]


def column(
    results: Results, scenario: str, metric: str, name: str
) -> tuple[Values, Codes]:
    """Values and statuses of a quantity's stored draws.

    Heights are in the metric's unit, dates in years from the epoch.
    """
    place = {"scenario": scenario, "metric": metric}
    here = results.events
    if name == HEIGHT:
        values = here[HEIGHT].sel(place).to_numpy()
        above = np.isposinf(values)
        return values, np.where(above, Status.NEVER, Status.OBSERVED).astype(np.int8)
    stem = name.removesuffix("_date")
    values = here[f"{stem}_years"].sel(place).to_numpy()
    return values, here[f"{stem}_status"].sel(place).to_numpy()


def written(results: Results, metric: str, name: str) -> Quantity:
    """How a quantity of a metric is written."""
    return _height(results, metric) if name == HEIGHT else _date(results, name)


def epoch_of(results: Results) -> datetime.date:
    """Time zero of a run."""
    return datetime.date.fromisoformat(results.manifest["configuration"]["epoch"])


def marks(results: Results) -> dict[str, float]:
    """Days of ``p_by_DATE``, years from the epoch."""
    epoch, days = epoch_of(results), results.manifest["configuration"]["by"]
    return {day: years_since(epoch, datetime.date.fromisoformat(day)) for day in days}


def _height(results: Results, metric: str) -> Quantity:
    unit = str(results.statistic(metric, HEIGHT, "q0.5")["unit"])
    return Quantity(
        name=HEIGHT,
        unit=unit,
        number=float,
        text=lambda value: with_unit(value, unit),
        words=_WORDS
        | {Status.ALREADY: "below zero, without end", Status.NEVER: "without end"},
    )


def _date(results: Results, name: str) -> Quantity:
    epoch = epoch_of(results)
    until = results.manifest["configuration"]["events_until"]
    return Quantity(
        name=name,
        unit="date",
        number=lambda years: float(decimal_years(epoch, np.array([years]))[0]),
        text=lambda years: date_at(epoch, years).isoformat(),
        words=_WORDS | {Status.BEYOND: f"beyond {until}"},
    )

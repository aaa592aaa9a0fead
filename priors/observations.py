"""What is known of the past, in the quantities that a card implies."""

import datetime
import math
from collections.abc import Iterable
from dataclasses import dataclass

from priors.evidence.data_sets import data_set
from priors.evidence.rows import Row
from priors.units import DURATION_UNITS, Unit, own_unit

FIRST_YEAR = 2023
"""Earlier records belong to another regime of trends, and cards begin after them."""

_HORIZONS = "metr-th1.1"
_KNOWN = ("GPT-4 (0314)", "Claude 3.7 Sonnet")
"""Models that trends of horizons are told by: the meek actor's of 2023, the anchor."""
_INDEX = "eci-2026-02"
_COMPUTE = "training-compute-2026-04"
_LAGS = ("benchmarks", "training compute", "capability index")
_OPEN_WEIGHTS = "best open weights"


@dataclass(frozen=True, kw_only=True)
class Quantity:
    """Something that a card implies and that was observed.

    Attributes:
        name: In the project's words.
        title: For a reader.
        unit: The unit in which it is quoted.
    """

    name: str
    title: str
    unit: Unit


@dataclass(frozen=True, kw_only=True)
class Observation:
    """One observed value.

    Attributes:
        quantity: What was observed.
        label: Which model, pair or measure.
        date: When it held; None where it holds for a period.
        known: When it was published: what a later source of a card may have seen.
        value: The number in the quantity's unit; None where only ends are known.
        low: Lower end of what is known of it.
        high: Upper end.
        mass: Probability between the ends, where the source says it.
        source: Who says so.
    """

    quantity: Quantity
    label: str
    date: datetime.date | None
    known: datetime.date
    value: float | None
    low: float
    high: float
    mass: float | None
    source: str


TIME_HORIZON = Quantity(
    name="time_horizon",
    title="50 % time horizon of frontier models",
    unit=own_unit("minutes", "scale"),
)
TRAINING_COMPUTE = Quantity(
    name="training_compute",
    title="training compute of the year's largest run",
    unit=own_unit("FLOP", "scale"),
)
CAPABILITY_INDEX = Quantity(
    name="capability_index",
    title="capability index of the year's best model",
    unit=own_unit("points", "real"),
)
OPEN_LAG = Quantity(
    name="open_lag",
    title="lag of open weights",
    unit=DURATION_UNITS["months"],
)
OPEN_RATIO = Quantity(
    name="open_compute_ratio",
    title="frontier over best open training compute",
    unit=own_unit("ratio", "scale"),
)


def observations() -> tuple[Observation, ...]:
    """Return what ``priors/evidence`` knows, by quantity and then by date.

    Of horizons, training runs and the capability index: the record of each calendar
    year from ``FIRST_YEAR`` on, of the models that the data have. Of horizons, also
    those of GPT-4 and Claude 3.7 Sonnet.
    """
    return (
        *_horizons(),
        *_training_runs(),
        *_index_records(),
        *_open_lags(),
        *_open_ratios(),
    )


def _horizons() -> Iterable[Observation]:
    rows = data_set(_HORIZONS).of("time_horizon_50")
    trend = [row for row in rows if row.more["record"] == "yes" and not row.censored]
    best = [row.label for row in _records(trend)]
    shown = [row for row in trend if row.label in (*best, *_KNOWN)]
    shown.sort(key=lambda row: row.date or row.published)
    return (_of_model(TIME_HORIZON, row) for row in shown)


def _training_runs() -> Iterable[Observation]:
    rows = data_set(_COMPUTE).rows
    return (_of_model(TRAINING_COMPUTE, row) for row in _records(rows))


def _index_records() -> Iterable[Observation]:
    rows = data_set(_INDEX).rows
    return (_of_model(CAPABILITY_INDEX, row) for row in _records(rows))


def _open_lags() -> Iterable[Observation]:
    data = data_set("open-lags")
    for label in _LAGS:
        row = data.row("open_lag", label)
        yield _observation(OPEN_LAG, row, label=label, known=row.published)


def _open_ratios() -> Iterable[Observation]:
    row = data_set("compute-ratios").row("compute_ratio", _OPEN_WEIGHTS)
    label = f"{row.label}, {row.published.year}"
    yield _observation(OPEN_RATIO, row, label=label, known=row.published)


def _of_model(quantity: Quantity, row: Row) -> Observation:
    """A model; a source may have known it from the day of the model's release."""
    known = row.date or row.published
    return _observation(quantity, row, label=row.label, known=known, date=row.date)


def _observation(
    quantity: Quantity,
    row: Row,
    *,
    label: str,
    known: datetime.date,
    date: datetime.date | None = None,
) -> Observation:
    if row.low is None or row.high is None:
        raise ValueError(f"{row.label}: an observation to check against needs two ends")
    return Observation(
        quantity=quantity,
        label=label,
        date=date,
        known=known,
        value=row.value,
        low=row.low,
        high=row.high,
        mass=row.mass,
        source=row.source,
    )


def _records(rows: Iterable[Row]) -> list[Row]:
    """The row with the largest number of each year; of equal ones, the earliest."""
    best: dict[int, tuple[float, Row]] = {}
    dated = ((row.date, row) for row in rows if row.date is not None)
    for day, row in sorted(dated, key=lambda pair: pair[0]):
        most = best[day.year][0] if day.year in best else -math.inf
        if day.year >= FIRST_YEAR and row.value is not None and row.value > most:
            best[day.year] = row.value, row
    return [best[year][1] for year in sorted(best)]

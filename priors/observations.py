"""What is known of the past, in the quantities that a card implies."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from priors.evidence import evidence
from priors.units import DURATION_UNITS, Unit, own_unit

FIRST_YEAR = 2023
"""Earlier records belong to another regime of trends, and cards begin after them."""

# Epoch AI's words for how well it knows a training compute, as the factor either way
# that holds 90 %.
COMPUTE_FACTORS = {"Confident": 3.0, "Likely": 10.0, "Speculative": 31.0}
_INDEX_STATE = "February 2026"
_COMPUTE_STATE = "April 2026"
_OPEN_WEIGHTS = "best open weights"
Row = dict[str, str]


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
    title="50 % time horizon of the year's record",
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
    year from ``FIRST_YEAR`` on, of the models that the data have.
    """
    return (
        *_horizons(),
        *_training_runs(),
        *_index_records(),
        *_open_lags(),
        *_open_ratios(),
    )


def _horizons() -> Iterable[Observation]:
    rows = [r for r in evidence("metr_horizons") if r["in_metr_trend_fit"] == "True"]
    for row in _records(rows, "p50_min"):
        yield Observation(
            quantity=TIME_HORIZON,
            label=row["model"],
            date=_day(row),
            known=_day(row),
            value=float(row["p50_min"]),
            low=float(row["p50_lo95"]),
            high=float(row["p50_hi95"]),
            mass=0.95,
            source=row["source"],
        )


def _training_runs() -> Iterable[Observation]:
    key = "training_compute_flop"
    for row in _records(_state(_COMPUTE_STATE, key), key):
        flop, factor = float(row[key]), COMPUTE_FACTORS[row["compute_confidence"]]
        yield Observation(
            quantity=TRAINING_COMPUTE,
            label=row["model"],
            date=_day(row),
            known=_day(row),
            value=flop,
            low=flop / factor,
            high=flop * factor,
            mass=0.90,
            source=row["source"],
        )


def _index_records() -> Iterable[Observation]:
    for row in _records(_state(_INDEX_STATE, "eci_lo"), "eci"):
        yield Observation(
            quantity=CAPABILITY_INDEX,
            label=row["model"],
            date=_day(row),
            known=_day(row),
            value=float(row["eci"]),
            low=float(row["eci_lo"]),
            high=float(row["eci_hi"]),
            mass=None,
            source=row["source"],
        )


def _open_lags() -> Iterable[Observation]:
    for row in evidence("open_lags"):
        yield Observation(
            quantity=OPEN_LAG,
            label=row["measure"],
            date=None,
            known=datetime.date.fromisoformat(row["published"]),
            value=float(row["lag_months"]),
            low=float(row["low"]),
            high=float(row["high"]),
            mass=float(row["mass"]),
            source=row["source"],
        )


def _open_ratios() -> Iterable[Observation]:
    for row in evidence("compute_ratios"):
        if row["pair"] == _OPEN_WEIGHTS:
            year_end = datetime.date(int(row["as_of"]), 12, 31)
            yield Observation(
                quantity=OPEN_RATIO,
                label=f"{row['pair']}, {row['as_of']}",
                date=None,
                known=year_end,
                value=None,
                low=float(row["low"]),
                high=float(row["high"]),
                mass=None,
                source=row["source"],
            )


def _state(name: str, key: str) -> list[Row]:
    """Rows of one state of the capability index that have a number and a date."""
    rows = [row for row in evidence("capability_index") if row["vintage"] == name]
    return [row for row in rows if row[key] and row["release_date"]]


def _records(rows: Iterable[Row], key: str) -> list[Row]:
    """The row with the largest number of each year; of equal ones, the earliest."""
    best: dict[int, Row] = {}
    for row in sorted(rows, key=_day):
        year = _day(row).year
        if year >= FIRST_YEAR and float(row[key]) > float(
            best.get(year, {key: "0"})[key]
        ):
            best[year] = row
    return [best[year] for year in sorted(best)]


def _day(row: Row) -> datetime.date:
    return datetime.date.fromisoformat(row["release_date"])

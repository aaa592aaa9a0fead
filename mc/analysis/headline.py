"""Statistics of a run's stored events under weights, as ``summary.csv`` has them."""

import dataclasses
import datetime
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from mc.analysis.stored import EVENTS, Stored, Values
from mc.engine.quantities import with_unit
from mc.outcomes.bands import LEVELS
from mc.outcomes.status import Status
from mc.outcomes.summaries import Quantity, Row, probability_rows, quantile_rows
from mc.outcomes.weighted import Weighted
from priors.units import date_at, decimal_years, years_since

HEIGHT = "peak_gap"
DATES = ("peak_date", "convergence_date")
QUANTITIES = (HEIGHT, *DATES)
_WORDS = {status: status.word for status in Status}


def weighted_table(draws: Stored, weights: Sequence[Values]) -> list[pd.DataFrame]:
    """Tables with the columns of ``summary.csv``, one for each array of weights.

    Args:
        draws: The run's stored draws.
        weights: One a draw, not normalised; each replicate must have some.
    """
    events = draws.results.tree[EVENTS]
    places = [
        (str(scenario), str(metric), name)
        for scenario in events["scenario"].to_numpy()
        for metric in events["metric"].to_numpy()
        for name in QUANTITIES
    ]

    def rows_of(place: tuple[str, str, str]) -> list[list[Row]]:
        column = _column(draws, *place)
        return [_rows(draws, place, Weighted(*column, one)) for one in weights]

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(rows_of, places))
    fields = [field.name for field in dataclasses.fields(Row)]
    tables = []
    for rows in zip(*found, strict=True):
        told = [dataclasses.astuple(row) for part in rows for row in part]
        tables.append(pd.DataFrame(told, columns=fields).astype({"mc_df": "Int64"}))
    return tables


def as_run(draws: Stored) -> pd.DataFrame:
    """The same rows as the run itself wrote them, from all of its draws."""
    rows = draws.results.summary_table
    kept = rows["quantity"].isin(QUANTITIES) & rows["metric"].isin(
        [str(metric) for metric in draws.results.tree[EVENTS]["metric"].to_numpy()]
    )
    kept &= ~rows["statistic"].str.endswith("|observed")
    return rows.loc[kept].reset_index(drop=True)


def _rows(draws: Stored, place: tuple[str, str, str], found: Weighted) -> list[Row]:
    scenario, metric, name = place
    quantity = _height(draws, metric) if name == HEIGHT else _date(draws, name)
    rows = quantile_rows(metric, quantity, found, LEVELS)
    if name != HEIGHT:
        rows += probability_rows(metric, quantity, found, by=_marks(draws))
    return [dataclasses.replace(row, scenario=scenario) for row in rows]


def _column(
    draws: Stored, scenario: str, metric: str, name: str
) -> tuple[Values, np.ndarray]:
    """Values and statuses of a quantity's stored draws."""
    place = {"scenario": scenario, "metric": metric}
    here = draws.results.tree[EVENTS]
    if name == HEIGHT:
        values = here[HEIGHT].sel(place).to_numpy()
        above = np.isposinf(values)
        return values, np.where(above, Status.NEVER, Status.OBSERVED).astype(np.int8)
    stem = name.removesuffix("_date")
    values = here[f"{stem}_years"].sel(place).to_numpy()
    return values, here[f"{stem}_status"].sel(place).to_numpy()


def _height(draws: Stored, metric: str) -> Quantity:
    unit = str(draws.results.statistic(metric, HEIGHT, "q0.5")["unit"])
    return Quantity(
        name=HEIGHT,
        unit=unit,
        number=float,
        text=lambda value: with_unit(value, unit),
        words=_WORDS
        | {Status.ALREADY: "below zero, without end", Status.NEVER: "without end"},
    )


def _date(draws: Stored, name: str) -> Quantity:
    epoch = draws.card.reference_date
    until = draws.results.manifest["configuration"]["events_until"]
    return Quantity(
        name=name,
        unit="date",
        number=lambda years: float(decimal_years(epoch, np.array([years]))[0]),
        text=lambda years: date_at(epoch, years).isoformat(),
        words=_WORDS | {Status.BEYOND: f"beyond {until}"},
    )


def _marks(draws: Stored) -> dict[str, float]:
    epoch = draws.card.reference_date
    days = draws.results.manifest["configuration"]["by"]
    return {day: years_since(epoch, datetime.date.fromisoformat(day)) for day in days}

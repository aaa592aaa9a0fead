"""Statistics of a run's stored events under weights, as ``summary.csv`` has them."""

import dataclasses
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pandas as pd

from mc.analysis.events import HEIGHT, QUANTITIES, column, marks, written
from mc.analysis.stored import Stored, Values
from mc.outcomes.bands import LEVELS
from mc.outcomes.summaries import Row, probability_rows, quantile_rows
from mc.outcomes.weighted import Weighted


def weighted_table(draws: Stored, weights: Sequence[Values]) -> list[pd.DataFrame]:
    """Tables with the columns of ``summary.csv``, one for each array of weights.

    Args:
        draws: The run's stored draws.
        weights: One a draw, not normalised; each replicate must have some.
    """
    events = draws.results.events
    places = [
        (str(scenario), str(metric), name)
        for scenario in events["scenario"].to_numpy()
        for metric in events["metric"].to_numpy()
        for name in QUANTITIES
    ]

    def rows_of(place: tuple[str, str, str]) -> list[list[Row]]:
        found = column(draws.results, *place)
        return [_rows(draws, place, Weighted(*found, one)) for one in weights]

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
        [str(metric) for metric in draws.results.events["metric"].to_numpy()]
    )
    kept &= ~rows["statistic"].str.contains("|", regex=False)
    return rows.loc[kept].reset_index(drop=True)


def _rows(draws: Stored, place: tuple[str, str, str], found: Weighted) -> list[Row]:
    scenario, metric, name = place
    quantity = written(draws.results, metric, name)
    rows = quantile_rows(metric, quantity, found, LEVELS)
    if name != HEIGHT:
        rows += probability_rows(metric, quantity, found, by=marks(draws.results))
    return [dataclasses.replace(row, scenario=scenario) for row in rows]

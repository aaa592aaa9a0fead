"""Histories of fixed compute: what happened on one budget, beside the meek curve.

A history holds one kind of compute fixed, a training budget in FLOP or one machine,
and follows the best that was done with it. The rows come from ``priors/evidence``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float, Shaped

from mc.engine.results import Results
from mc.figures.bands import band_data
from mc.figures.style import number_words
from priors.units import DAYS_PER_YEAR

Rows = Sequence[Mapping[str, str]]
"""Lines of a CSV file by column."""
Days = Shaped[np.ndarray, " days"]
"""Dates, ``datetime64[D]``."""

SPENT = 0.5
"""Share of a budget that a model must have used for the budget's history to begin."""


@dataclass(frozen=True, kw_only=True)
class History:
    """What was done with one kind of fixed compute, in order of date.

    Attributes:
        label: What is fixed.
        days: When each model was released, or each rating stated.
        values: Index points or Elo.
        names: Models or programs.
    """

    label: str
    days: Days
    values: Float[np.ndarray, " days"]
    names: tuple[str, ...]

    @property
    def years(self) -> Float[np.ndarray, " days"]:
        """Years since the first date."""
        return _years(self.days, self.days[0])

    def records(self) -> "History":
        """Only what was better than all before it, one a day."""
        order = np.lexsort((-self.values, self.days))
        values = self.values[order]
        before = np.concatenate([[-np.inf], np.maximum.accumulate(values)[:-1]])
        return self._at(order[values > before])

    def best_by(self, days: Days) -> Float[np.ndarray, " days"]:
        """The best up to each date, a step; NaN before the first."""
        top = self.records()
        place = np.searchsorted(top.days, days, side="right") - 1
        return np.where(place < 0, np.nan, top.values[np.maximum(place, 0)])

    def interpolated_by(self, days: Days) -> Float[np.ndarray, " days"]:
        """Between records in a straight line; after the last, the last."""
        top = self.records()
        return np.interp(_years(days, top.days[0]), top.years, top.values, left=np.nan)

    def count_by(self, days: Days) -> list[int]:
        """How many models there were up to each date."""
        return np.searchsorted(np.sort(self.days), days, side="right").tolist()

    def gain_per_year(self) -> float:
        """Gain of the best a year, from the first date to the last."""
        return float(
            (self.values.max() - self.best_by(self.days[:1])[0]) / self.years[-1]
        )

    def slope(self) -> float:
        """Least-squares slope of all values, a year."""
        return float(np.polyfit(self.years, self.values, 1)[0])

    def _at(self, places: Shaped[np.ndarray, " places"]) -> "History":
        return History(
            label=self.label,
            days=self.days[places],
            values=self.values[places],
            names=tuple(self.names[place] for place in places.tolist()),
        )


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Least squares of the index on log compute and date over all models.

    Attributes:
        num_models: Models with a known training compute.
        per_oom: Points for a factor of ten in training compute, at one date.
        per_oom_error: Its standard error, models taken as independent.
        per_year: Points a year at one training compute.
        per_year_error: The same for it.
        residual: Standard deviation about the plane, points.
    """

    num_models: int
    per_oom: float
    per_oom_error: float
    per_year: float
    per_year_error: float
    residual: float


def index_history(rows: Rows, limit: float, label: str = "") -> History:
    """Models whose training compute is known and at or under ``limit``.

    It begins with the first model that used ``SPENT`` of the limit: before that, a
    better model may only be a bigger one.

    Args:
        rows: Lines of one state of the capability index.
        limit: FLOP.
        label: What to call it; the limit in FLOP if empty.

    Raises:
        ValueError: If no model used that much of the limit.
    """
    known = [row for row in rows if row["training_compute_flop"]]
    flop = _numbers(known, "training_compute_flop")
    days = _days(known, "release_date")
    spent = (flop <= limit) & (flop >= SPENT * limit)
    if not spent.any():
        raise ValueError(f"no model used {SPENT:.0%} of {limit:g} FLOP")
    chosen = (flop <= limit) & (days >= days[spent].min())
    return _history(
        label or f"{number_words(limit, 2)} FLOP",
        days,
        _numbers(known, "eci"),
        [row["model"] for row in known],
        chosen,
    )


def chess_histories(rows: Rows) -> tuple[History, ...]:
    """One history a machine, in order of its first date."""
    machines = np.array([row["hardware"] for row in rows])
    days, elo = _days(rows, "date"), _numbers(rows, "elo")
    names = [row["program"] for row in rows]
    found = [
        _history(str(machine), days, elo, names, machines == machine)
        for machine in np.unique(machines)
    ]
    return tuple(sorted(found, key=lambda history: history.days[0]))


def index_plane(rows: Rows) -> Plane:
    """The index against log compute and date, over models with known compute."""
    known = [row for row in rows if row["training_compute_flop"]]
    days = _days(known, "release_date")
    columns = np.stack(
        [
            np.ones(len(known)),
            np.log10(_numbers(known, "training_compute_flop")),
            _years(days, days.min()),
        ],
        axis=1,
    )
    index = _numbers(known, "eci")
    fit = np.linalg.lstsq(columns, index, rcond=None)[0]
    left = index - columns @ fit
    variance = left @ left / (len(known) - columns.shape[1])
    errors = np.sqrt(variance * np.diag(np.linalg.inv(columns.T @ columns)))
    return Plane(
        num_models=len(known),
        per_oom=float(fit[1]),
        per_oom_error=float(errors[1]),
        per_year=float(fit[2]),
        per_year_error=float(errors[2]),
        residual=float(np.sqrt(variance)),
    )


def meek_gain(results: Results, metric: str) -> dict[float, float]:
    """What the meek curve gains a year, by level; for a metric linear in log compute.

    Raises:
        KeyError: If the run has no such metric.
    """
    band = band_data(results, metric, "meek")
    years = _years(band.dates, band.dates[0])[-1]
    gain = (band.quantiles[-1] - band.quantiles[0]) / years
    return dict(zip(band.levels, gain.tolist(), strict=True))


def years_table(budgets: Sequence[History], days: Days) -> pd.DataFrame:
    """Record, straight line between records and number of models, by date."""
    rows = [
        {
            "budget": history.label,
            "date": day,
            "record": record,
            "interpolated": between,
            "models": count,
        }
        for history in budgets
        for day, record, between, count in zip(
            days.astype(str).tolist(),
            history.best_by(days).tolist(),
            history.interpolated_by(days).tolist(),
            history.count_by(days),
            strict=True,
        )
    ]
    return pd.DataFrame(rows)


def gains_table(budgets: Sequence[History], per_oom: float) -> pd.DataFrame:
    """What each budget gained a year, and what growth of algorithms that would be.

    Args:
        budgets: A history a budget.
        per_oom: Points for a factor of ten in effective compute.
    """
    rows = []
    for history in budgets:
        top, gain = history.records(), history.gain_per_year()
        rows.append(
            {
                "budget": history.label,
                "first": f"{top.names[0]}, {top.days[0]}",
                "last": f"{top.names[-1]}, {top.days[-1]}",
                "gain": top.values[-1] - top.values[0],
                "a year, to the last record": top.gain_per_year(),
                "last model": str(history.days[-1]),
                "a year, to the last model": gain,
                "as growth, x/yr": 10.0 ** (gain / per_oom),
            }
        )
    return pd.DataFrame(rows)


def machines_table(
    machines: Sequence[History], per_doubling: Sequence[float]
) -> pd.DataFrame:
    """What each machine gained a year, and what growth of efficiency that would be.

    Args:
        machines: A history a machine.
        per_doubling: Elo for twice the compute: values to try.
    """
    rows = []
    for history in machines:
        slope = history.slope()
        row = {
            "machine": history.label,
            "first": f"{history.names[0]}, {history.days[0]}",
            "last": f"{history.names[-1]}, {history.days[-1]}",
            "gain, Elo": history.values[-1] - history.values[0],
            "Elo a year": slope,
        }
        for elo in per_doubling:
            row[f"x/yr at {elo:g} a doubling"] = 2.0 ** (slope / elo)
        rows.append(row)
    return pd.DataFrame(rows)


def _history(
    label: str,
    days: Days,
    values: Float[np.ndarray, " days"],
    names: list[str],
    chosen: Bool[np.ndarray, " days"],
) -> History:
    places = np.flatnonzero(chosen)
    places = places[np.argsort(days[places], kind="stable")]
    return History(
        label=label,
        days=days[places],
        values=values[places],
        names=tuple(names[place] for place in places.tolist()),
    )


def _days(rows: Rows, column: str) -> Days:
    return np.array([row[column] for row in rows], "datetime64[D]")


def _numbers(rows: Rows, column: str) -> Float[np.ndarray, " days"]:
    return np.array([float(row[column]) for row in rows])


def _years(days: Days, since: np.datetime64) -> Float[np.ndarray, " days"]:
    return (days - since) / np.timedelta64(1, "D") / DAYS_PER_YEAR

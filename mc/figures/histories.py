"""Histories of fixed compute: what happened on one budget, beside the meek curve.

A history holds one kind of compute fixed, a training budget in FLOP or one machine,
and follows the best that was done with it. The data are those of
``priors/evidence``.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Shaped

from mc.engine.results import Results
from mc.figures.bands import band_data
from mc.figures.style import number_words
from priors.evidence.arrays import arrays, paired
from priors.evidence.data_sets import DataSet
from priors.units import DAYS_PER_YEAR

Days = Shaped[np.ndarray, " days"]
"""Dates, ``datetime64[D]``."""

SPENT = 0.5
"""Share of a budget that a model must have used for the budget's history to begin."""


@dataclass(frozen=True, kw_only=True)
class Trained:
    """A model with its index, and the training compute behind it.

    Attributes:
        name: Which model.
        day: Its release.
        index: Points of the capability index.
        flop: Training compute, FLOP.
    """

    name: str
    day: datetime.date
    index: float
    flop: float


Models = Sequence[Trained]


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


def trained_models(index: DataSet, compute: DataSet) -> tuple[Trained, ...]:
    """Models whose index, training compute and release are known."""
    return tuple(
        Trained(name=row.label, day=row.date, index=row.value, flop=run.value)
        for row, run in paired(index.of("capability_index"), compute.rows)
        if row.date is not None and row.value is not None and run.value is not None
    )


def index_history(models: Models, limit: float, label: str = "") -> History:
    """Models whose training compute is at or under ``limit``.

    It begins with the first model that used ``SPENT`` of the limit: before that, a
    better model may only be a bigger one.

    Args:
        models: Those of one state of the capability index.
        limit: FLOP.
        label: What to call it; the limit in FLOP if empty.

    Raises:
        ValueError: If no model used that much of the limit.
    """
    flop, days = _flop(models), _released(models)
    spent = (flop <= limit) & (flop >= SPENT * limit)
    if not spent.any():
        raise ValueError(f"no model used {SPENT:.0%} of {limit:g} FLOP")
    chosen = (flop <= limit) & (days >= days[spent].min())
    return _history(
        label or f"{number_words(limit, 2)} FLOP",
        days,
        _index(models),
        [model.name for model in models],
        chosen,
    )


def chess_histories(data: DataSet) -> tuple[History, ...]:
    """One history a machine, in order of its first date."""
    rated = arrays(data.of("engine_rating"))
    hardware = {(row.label, row.date): row.more["hardware"] for row in data.rows}
    keys = zip(rated.labels, rated.days.tolist(), strict=True)
    machines = np.array([hardware[key] for key in keys])
    found = [
        _history(
            str(machine),
            rated.days,
            rated.values,
            list(rated.labels),
            machines == machine,
        )
        for machine in np.unique(machines)
    ]
    return tuple(sorted(found, key=lambda history: history.days[0]))


def index_plane(models: Models) -> Plane:
    """The index against log compute and date."""
    days = _released(models)
    columns = np.stack(
        [np.ones(len(models)), np.log10(_flop(models)), _years(days, days.min())],
        axis=1,
    )
    index = _index(models)
    fit = np.linalg.lstsq(columns, index, rcond=None)[0]
    left = index - columns @ fit
    variance = left @ left / (len(models) - columns.shape[1])
    errors = np.sqrt(variance * np.diag(np.linalg.inv(columns.T @ columns)))
    return Plane(
        num_models=len(models),
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


def _released(models: Models) -> Days:
    return np.array([model.day for model in models], "datetime64[D]")


def _flop(models: Models) -> Float[np.ndarray, " days"]:
    return np.array([model.flop for model in models])


def _index(models: Models) -> Float[np.ndarray, " days"]:
    return np.array([model.index for model in models])


def _years(days: Days, since: np.datetime64) -> Float[np.ndarray, " days"]:
    return (days - since) / np.timedelta64(1, "D") / DAYS_PER_YEAR

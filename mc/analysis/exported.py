"""One quantity of a run as other people's tools take it: a CDF, quantiles, draws.

The rules of the CDF are Metaculus': 201 values from the lower to the upper end of a
range, each step between 5e-5 and 0.2, and at least 0.1 % beyond an end that is open
(Metaculus, API for continuous questions, 2025). Both ends are open here.
"""

import dataclasses
import datetime
import functools
from collections.abc import Sequence

import numpy as np
import pandas as pd
from jaxtyping import Float

from mc.analysis.events import (
    HEIGHT,
    QUANTITIES,
    Codes,
    Values,
    column,
    epoch_of,
    written,
)
from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.outcomes.distributions import Sorted
from mc.outcomes.status import Status
from mc.outcomes.summaries import Quantity, Row, quantile_rows
from priors.faults import Fault, Refusal, nearest
from priors.units import date_at, years_since

NUM_POINTS = 201
LEAST_STEP, MOST_STEP, LEAST_BEYOND = 5e-5, 0.2, 1e-3
MIXED = 0.0125
"""Share of a straight line in the CDF, so that its steps and ends keep the rules."""
_LINE_FROM = 0.0825
"""Where that line starts: MIXED times this is just over LEAST_BEYOND."""
LEVELS = (0.01, 0.025, *(round(0.05 * i, 2) for i in range(1, 20)), 0.975, 0.99)
"""Levels of forecast hubs (Covid-19 Forecast Hub, 2020): 23 of them."""
OUTERMOST = (0.001, 0.999)
Points = Float[np.ndarray, " points"]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Exported:
    """A quantity of one metric in one scenario, draw by draw.

    Attributes:
        results: The run.
        scenario: As in ``summary.csv``.
        metric: The same.
        quantity: ``peak_gap``, ``peak_date`` or ``convergence_date``.
        values: Heights in the metric's unit, or years from the epoch.
        status: A ``Status`` for each.
    """

    results: Results
    scenario: str
    metric: str
    quantity: str
    values: Values
    status: Codes

    @property
    def is_date(self) -> bool:
        """Whether the values are years from the epoch."""
        return self.quantity != HEIGHT

    @property
    def epoch(self) -> datetime.date:
        """Time zero of the values of dates."""
        return epoch_of(self.results)

    @property
    def written(self) -> Quantity:
        """How the values are written."""
        return written(self.results, self.metric, self.quantity)

    @functools.cached_property
    def draws(self) -> Sorted:
        """All draws, in the order of the statuses."""
        return Sorted(self.values.T, self.status.T)

    @functools.cached_property
    def shares(self) -> dict[str, float]:
        """Share of the draws with each status."""
        counts = self.draws.status_counts.sum(axis=0)
        return {s.word: float(counts[s]) / self.draws.num_draws for s in Status}

    def usual_range(self) -> tuple[float, float] | None:
        """Range of nearly all numbers, dates in whole years; None without a number."""
        if not self.draws.num_observed:
            return None
        low, high = (self.draws.conditional(prob) for prob in OUTERMOST)
        if not self.is_date:
            margin = 0.05 * (high - low) or 0.05 * abs(high) or 1.0
            return low - margin, high + margin
        first, last = (date_at(self.epoch, years).year for years in (low, high))
        days = [datetime.date(year, 1, 1) for year in (first, last + 1)]
        return self.years(days[0]), self.years(days[1])

    def years(self, date: datetime.date) -> float:
        """A day as the values of dates are."""
        return years_since(self.epoch, date)

    def shares_up_to(self, points: Points) -> Points:
        """Share of all draws at or before each point; censored mass is beyond all."""
        line = np.where(self.status == Status.ALREADY, -np.inf, self.values)
        late = self.status > Status.OBSERVED
        ordered = np.sort(np.where(late, np.inf, line).ravel().astype(np.float64))
        return np.searchsorted(ordered, points, side="right") / ordered.size

    def cdf(self, low: float, high: float) -> tuple[Points, Points]:
        """Points from ``low`` to ``high`` and the CDF there, by Metaculus' rules.

        Raises:
            Refusal: If the range is empty, or one step of it holds too many draws.
        """
        if not low < high:
            raise Refusal(Fault("the range must rise", key="--range"))
        points = np.linspace(low, high, NUM_POINTS)
        line = np.linspace(_LINE_FROM, 1 - _LINE_FROM, NUM_POINTS)
        found = (1 - MIXED) * self.shares_up_to(points) + MIXED * line
        steps = np.diff(found)
        most = int(np.argmax(steps))
        if steps[most] > MOST_STEP:
            where = " to ".join(self.text(p) for p in points[most : most + 2])
            why = (
                f"{steps[most]:.0%} of draws lie from {where}, in one of 200 steps; "
                f"Metaculus takes {MOST_STEP:.0%} at most: choose a narrower range, "
                "e.g. --range LOW..HIGH"
            )
            raise Refusal(Fault(why, key="--range"))
        return points, found

    def quantiles(self) -> list[Row]:
        """Quantiles at the levels of forecast hubs, with their Monte Carlo errors."""
        rows = quantile_rows(self.metric, self.written, self.draws, LEVELS)
        return [dataclasses.replace(row, scenario=self.scenario) for row in rows]

    def table(self) -> pd.DataFrame:
        """One row a stored draw: chain, draw, value as it is read, status."""
        chains, draws = np.indices(self.values.shape)
        words = np.array([status.word for status in Status])
        seen = self.status.ravel() == Status.OBSERVED
        told = [
            self.text(float(value)) if is_seen else ""
            for value, is_seen in zip(self.values.ravel(), seen, strict=True)
        ]
        return pd.DataFrame(
            {
                "chain": chains.ravel(),
                "draw": draws.ravel(),
                self.quantity: told,
                "status": words[self.status.ravel()],
            }
        )

    def text(self, value: float) -> str:
        """A number of a draw: an ISO date, or its shortest form in float32."""
        if self.is_date:
            return date_at(self.epoch, value).isoformat()
        return str(np.float32(value))


def exported(results: Results, name: str | None, scenario: str = BASELINE) -> Exported:
    """The quantity that ``METRIC/QUANTITY`` names; the first that closes if None.

    Raises:
        Refusal: If there is no such metric, quantity or scenario in the run.
    """
    metrics = [str(m) for m in results.events["metric"].to_numpy()]
    scenarios = [str(s) for s in results.events["scenario"].to_numpy()]
    if scenario not in scenarios:
        raise _unknown("scenario", scenario, scenarios, "--scenario")
    metric, _, quantity = (name or _first(results, metrics)).partition("/")
    if metric not in metrics:
        raise _unknown("metric", metric, metrics, "--quantity")
    if quantity not in QUANTITIES:
        raise _unknown("quantity", quantity, QUANTITIES, "--quantity")
    values, status = column(results, scenario, metric, quantity)
    return Exported(
        results=results,
        scenario=scenario,
        metric=metric,
        quantity=quantity,
        values=values,
        status=status,
    )


def _first(results: Results, metrics: list[str]) -> str:
    """The first metric whose gap closes in some draw, and that it closes."""
    closing = QUANTITIES[-1]
    for metric in metrics:
        _, status = column(results, BASELINE, metric, closing)
        if np.any(status == Status.OBSERVED):
            return f"{metric}/{closing}"
    return f"{metrics[0]}/{closing}"


def _unknown(kind: str, found: str, known: Sequence[str], key: str) -> Refusal:
    message = (
        f"no {kind} {found!r} in this run{nearest(found, known)} "
        f"(there is: {', '.join(known)})"
    )
    return Refusal(Fault(message, key=key))

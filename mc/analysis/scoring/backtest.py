"""Forecasts of every later record from what is taken as known on a few days."""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from mc.analysis.conditioning.card import bound_names
from mc.analysis.conditioning.horizons import LOG_LIMIT, Horizons
from mc.analysis.conditioning.scatter import Scatter
from mc.analysis.conditioning.trends import horizon_trends
from mc.analysis.scoring.forecasts import of_drift, of_line, of_point, of_trends
from mc.analysis.scoring.scores import Sample, crps, log_score, rank
from mc.analysis.scoring.states import State, is_record
from mc.engine.replay import Replay
from priors.cards import Card, load
from priors.evidence.rows import Row
from priors.units import LN_2, years_since

Draws = Float[np.ndarray, " draws"]
PAPER = "paper-2026"
ENGINE, LINE, DRIFT, POINT = "engine", "trend line", "last and drift", "paper"
_MIDDLE = np.array([0.5])
FORECASTERS = (ENGINE, LINE, DRIFT, POINT)


@dataclass(frozen=True, kw_only=True, eq=False)
class Forecast:
    """What was expected of one record.

    Attributes:
        state: What was known, and when.
        model: The record to come.
        released: When it came.
        outcome: ln of its measured minutes.
        is_above: Whether it is above what can be measured.
        samples: ln minutes, by forecaster.
    """

    state: State
    model: str
    released: datetime.date
    outcome: float
    is_above: bool
    samples: dict[str, Sample]

    def score(self, forecaster: str) -> float:
        """CRPS in ln minutes, cut at the limit of what can be measured."""
        return crps(self.samples[forecaster], self.outcome, LOG_LIMIT)

    def log_score(self, forecaster: str) -> float:
        """Log score in ln minutes; above that limit by its probability."""
        return log_score(self.samples[forecaster], self.outcome, LOG_LIMIT)

    def rank(self, forecaster: str) -> float:
        """Share of the forecast below the outcome, both cut at that limit."""
        sample = np.minimum(self.samples[forecaster], LOG_LIMIT)
        return rank(sample, min(self.outcome, LOG_LIMIT))


def backtest(
    replay: Replay,
    scatter: Scatter,
    states: tuple[State, ...],
    progress: Callable[[int], None] = lambda _: None,
) -> list[Forecast]:
    """Forecast, on the day of each state, every later record that it does not have.

    Args:
        replay: Of a plan that follows the time horizon under the prior.
        scatter: What is assumed of horizons about a trend.
        states: What is known, and when.
        progress: Called with the number of further draws that are done.
    """
    plan = replay.plan
    asked = [_Asked.of(state, plan.epoch) for state in states]
    days = sorted({day for one in asked for day in one.days})
    trends = horizon_trends(replay, days, plan.num_draws, progress)
    trends = trends.reshape(len(days), -1)
    at = dict(zip(days, trends, strict=True))
    return [
        forecast for one in asked for forecast in one.forecasts(scatter, at, plan.epoch)
    ]


@dataclass(frozen=True, kw_only=True, eq=False)
class _Asked:
    """One state, and the records that came after it.

    Attributes:
        state: What is known, and when.
        known: Its horizons.
        records: Those that were the best of their day.
        later: Rows of records that it does not have.
    """

    state: State
    known: Horizons
    records: Horizons
    later: tuple[Row, ...]

    @classmethod
    def of(cls, state: State, epoch: datetime.date) -> "_Asked":
        rows = state.known
        return cls(
            state=state,
            known=Horizons.of(rows, epoch),
            records=Horizons.of([row for row in rows if is_record(row)], epoch),
            later=tuple(state.later),
        )

    @property
    def days(self) -> list[datetime.date]:
        """Every day on which a draw's trend is wanted."""
        return [*self.known.days, *(row.date for row in self.later if row.date)]

    def forecasts(
        self, scatter: Scatter, at: Mapping[datetime.date, Draws], epoch: datetime.date
    ) -> Iterator[Forecast]:
        """One of every later record, given each draw's trend by day."""
        for row in self.later:
            new = Horizons.of([row], epoch)
            years, day = float(new.years[0]), new.days[0]
            trends = np.stack([at[one] for one in (*self.known.days, day)])
            yield Forecast(
                state=self.state,
                model=row.label,
                released=day,
                outcome=float(new.log_minutes[0]),
                is_above=bool(new.is_above[0]),
                samples={
                    ENGINE: of_trends(self.known, new, trends, scatter),
                    LINE: of_line(self.records, years),
                    DRIFT: of_drift(self.records, years),
                    POINT: of_point(_paper(day)),
                },
            )


def learnt_later(card: Card, needed: frozenset[str], day: datetime.date) -> list[str]:
    """Beliefs behind the trend whose source was published after a day, sorted."""
    tables = card.tables["parameters"]
    names = bound_names(card, sorted(needed))
    return [name for name in names if tables[name].get("date", day) > day]


def _paper(day: datetime.date) -> float:
    """The paper's point estimates: ln minutes on a day."""
    joint = load(PAPER).joint
    central = {
        name: joint.belief_of[name].marginals[0].law.quantile(_MIDDLE).item()
        for name in ("horizon_at_anchor", "horizon_doubling_time", "anchor_date")
    }
    years = years_since(joint.reference_date, day) - central["anchor_date"]
    doublings = years / np.exp(central["horizon_doubling_time"])
    return float(central["horizon_at_anchor"] + LN_2 * doublings)

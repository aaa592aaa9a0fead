"""Data sets as likelihoods: what each is about decides how it is read."""

import datetime
from collections.abc import Sequence
from statistics import NormalDist

import numpy as np

from mc.analysis.conditioning.fixed_compute import FixedCompute
from mc.analysis.conditioning.horizons import Horizons
from mc.analysis.conditioning.index_scores import SCATTER, index_scores
from mc.analysis.conditioning.lags import Lags
from mc.analysis.conditioning.likelihood import Likelihood
from mc.analysis.conditioning.regressions import Regression, regression
from mc.analysis.conditioning.scatter import Scatter
from mc.analysis.conditioning.trend import CAPABILITY_INDEX, TIME_HORIZON, Trend
from priors.evidence.data_sets import data_set
from priors.evidence.observables import HORIZON
from priors.evidence.rows import Row

INDEX, OPEN_LAG, CONSUMER_LAG = "capability_index", "open_lag", "consumer_lag"
PER_OOM, PER_YEAR = "index_per_oom", "index_growth_at_fixed_compute"
HORIZON_PER_LOG = "horizon_per_log_compute"
HORIZON_PER_YEAR = "horizon_growth_at_fixed_compute"
FIXED_COMPUTE = (PER_OOM, PER_YEAR, HORIZON_PER_LOG, HORIZON_PER_YEAR)
READABLE = (HORIZON, INDEX, OPEN_LAG, CONSUMER_LAG, *FIXED_COMPUTE)
"""Observables that there is a likelihood for."""
SCORES, COMPUTE = "eci-2026-04", "training-compute-2026-04"
"""Models that the coefficients of the index were computed from."""


def likelihoods(
    rows: Sequence[Row], first_day: datetime.date
) -> tuple[Likelihood, ...]:
    """What rows of evidence say, one likelihood for each kind of them.

    Args:
        rows: Of observables that are ``READABLE``; others are left out.
        first_day: The reference date of the card.

    Raises:
        Refusal: If a row lacks what its likelihood needs.
    """
    by_kind: dict[str, list[Row]] = {}
    for row in rows:
        by_kind.setdefault(row.observable.name, []).append(row)
    found: list[Likelihood] = []
    if HORIZON in by_kind:
        found.append(horizons(by_kind[HORIZON], first_day))
    if INDEX in by_kind:
        data = index_scores(by_kind[INDEX], first_day)
        found.append(
            Trend(metric=CAPABILITY_INDEX, data=data, scatter=SCATTER, unit="points")
        )
    trends = frozenset(one.metric for one in found if isinstance(one, Trend))
    regressed = _regressions(by_kind)
    if regressed:
        last = max(row.published for kind in FIXED_COMPUTE for row in by_kind[kind])
        days = first_day, last
        found.append(FixedCompute(regressions=regressed, days=days, trends_used=trends))
    lags = [*by_kind.get(OPEN_LAG, ()), *by_kind.get(CONSUMER_LAG, ())]
    if lags:
        found.append(Lags.of(lags))
    return tuple(found)


def horizons(rows: Sequence[Row], first_day: datetime.date) -> Trend:
    """Rows of time horizons, at the scatter that is assumed of them."""
    data = Horizons.of(rows, first_day)
    return Trend(metric=TIME_HORIZON, data=data, scatter=Scatter(), unit="ln")


def _regressions(by_kind: dict[str, list[Row]]) -> dict[str, Regression]:
    """Coefficients of each metric; of which models, the tables of the index say."""
    found: dict[str, Regression] = {}
    compute = data_set(COMPUTE).of("training_compute")
    models = regression(data_set(SCORES).of(INDEX), compute)
    if {PER_OOM, PER_YEAR} <= by_kind.keys():
        found[CAPABILITY_INDEX] = models
    if {HORIZON_PER_LOG, HORIZON_PER_YEAR} <= by_kind.keys():
        slope, rate = by_kind[HORIZON_PER_LOG][0], by_kind[HORIZON_PER_YEAR][0]
        found[TIME_HORIZON] = _printed(slope, rate, models)
    return found


def _printed(slope: Row, rate: Row, like: Regression) -> Regression:
    """Coefficients with their intervals, of models that are not listed.

    That compute grew and scattered as over the models of the index is assumed; how
    both coefficients hang together follows from that growth, ``-k·sd_b/sd_d``.
    """
    values = [row.value for row in (slope, rate) if row.value is not None]
    sd = np.array([_sd(slope), _sd(rate)])
    together = -min(like.compute_growth * sd[0] / sd[1], 0.95)
    shape = np.array([[1.0, together], [together, 1.0]])
    return Regression(
        per_log_compute=values[0],
        per_year=values[1],
        covariance=shape * np.outer(sd, sd),
        compute_growth=like.compute_growth,
        noise_share=like.noise_share,
    )


def _sd(row: Row) -> float:
    if row.low is None or row.high is None or row.mass is None:
        return float("nan")
    return (row.high - row.low) / (2.0 * NormalDist().inv_cdf(0.5 + row.mass / 2.0))

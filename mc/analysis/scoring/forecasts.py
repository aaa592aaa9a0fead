"""Forecasts of a measured horizon: the engine's, and what it must beat."""

import math

import numpy as np
from jaxtyping import Float
from scipy.stats import norm, t

from mc.analysis.conditioning.horizons import Horizons
from mc.analysis.conditioning.scatter import MEAN, SD, Scatter, Trends, marginal
from mc.analysis.scoring.scores import Sample

MEMBERS = 4096
_MIDDLES = (np.arange(MEMBERS) + 0.5) / MEMBERS


def of_trends(
    known: Horizons, new: Horizons, trends: Trends, scatter: Scatter
) -> Sample:
    """What weighted draws expect of the best model of a day, as it would be measured.

    Args:
        known: What was measured by then.
        new: The model to come: its day, suite and error of measurement.
        trends: ln minutes of each draw's best model, on the days of ``known`` and then
            on that of ``new``.
        scatter: What is assumed of the scatter; the best model does not fall short.
    """
    both = known.joined(new)
    by_node = scatter.log_likelihood(known, trends[:-1])
    log_weights = by_node - marginal(by_node).max()
    weights = np.exp(log_weights)
    upto = np.cumsum(weights.ravel())
    chosen = np.searchsorted(upto, _MIDDLES * upto[-1])
    nodes, draws = np.unravel_index(chosen, weights.shape)
    noise = norm.ppf(np.random.default_rng(0).permutation(_MIDDLES))
    found = np.empty(MEMBERS)
    for node in np.unique(nodes).tolist():
        here = nodes == node
        spread = scatter.covariance(both, node)
        link = np.linalg.solve(spread[:-1, :-1], spread[:-1, -1])
        short = scatter.shortfalls[node]
        some = trends[:, draws[here]]
        rest = known.log_minutes[:, None] - (some[:-1] - MEAN * short)
        variance = spread[-1, -1] - (SD * short) ** 2 - link @ spread[:-1, -1]
        found[here] = some[-1] + link @ rest + math.sqrt(variance) * noise[here]
    return found


def of_line(records: Horizons, years: float) -> Sample:
    """A straight line through records, with its prediction interval: METR's own way.

    Args:
        records: Models that were the best of their day.
        years: When, since the same first day.
    """
    x, y = records.years, records.log_minutes
    slope, level = np.polyfit(x, y, 1)
    free = len(x) - 2
    variance = float(np.square(y - level - slope * x).sum()) / free
    far = (years - x.mean()) ** 2 / np.square(x - x.mean()).sum()
    scores = t.ppf(_MIDDLES, free)
    return (
        level
        + slope * years
        + math.sqrt(variance * (1.0 + 1.0 / len(x) + far)) * scores
    )


def of_drift(records: Horizons, years: float) -> Sample:
    """The last record, carried on by a random walk with the records' own drift."""
    steps, spans = np.diff(records.log_minutes), np.diff(records.years)
    whole = float(spans.sum())
    drift = float(steps.sum()) / whole
    free = len(steps) - 1
    variance = float((np.square(steps - drift * spans) / spans).sum()) / free
    ahead = years - float(records.years[-1])
    sd = math.sqrt(variance * ahead * (1.0 + ahead / whole))
    middle = float(records.log_minutes[-1]) + drift * ahead
    return middle + sd * t.ppf(_MIDDLES, free)


def of_point(log_minutes: float) -> Float[np.ndarray, " members"]:
    """A number without an interval."""
    return np.array([log_minutes])

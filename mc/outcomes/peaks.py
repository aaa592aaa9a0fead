"""The highest local peak of every draw's gap, and how far it rises in all.

A peak is a root of the metric's ``rise``, the logarithm of the ratio of two rates,
which float32 resolves where the slope of the gap does not.
"""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Int

from mc.model.axes import Metric, Trajectories, Values
from mc.model.knots import take
from mc.model.roots import falling_root
from mc.outcomes.trace import Trace, gaps_at

SAME = 1e-5
"""Relative difference of two gaps below which float32 does not tell them apart."""

RUNNERS_UP = 3
"""Local peaks that are refined beside the one that looks highest."""

Codes = Int[Array, " draws"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Peak:
    """The highest local peak, and the supremum over all dates.

    Attributes:
        years: Date of the highest local peak.
        log_gap: Logarithm of its height.
        knot: Knot at or before it.
        at_start: Whether the gap is highest at the epoch and falls from there.
        rising: Whether the gap ends higher than every local peak.
        supremum: Height that is reached or approached.
        count: Number of local peaks.
    """

    years: Values
    log_gap: Values
    knot: Codes
    at_start: Bool[Array, " draws"]
    rising: Bool[Array, " draws"]
    supremum: Values
    count: Codes


def highest_peak(
    metric: Metric, budget: Trajectories, trace: Trace, limit: Values
) -> Peak:
    """The highest peak of each draw.

    Args:
        metric: Per-draw constants.
        budget: What the metric sees of the path.
        trace: The gap at the knots.
        limit: Where the gap goes; NaN where that is not known.
    """
    found, (years, height, log_gap, knot) = _local_peaks(metric, budget, trace)
    starts = trace.falling[0] & (trace.gap[0] >= height)
    at_start = starts | (jnp.isfinite(height) & (years <= 0))
    top = jnp.maximum(height, jnp.where(trace.falling[0], trace.gap[0], -jnp.inf))
    last = trace.gap[-1]
    slack = jnp.where(jnp.isfinite(top), SAME * jnp.abs(top), 0.0)
    rising = (~trace.falling[-1] & (last >= top)) | (limit > top + slack)
    settled = jnp.where(jnp.isnan(limit), last, limit)
    years = jnp.where(at_start, jnp.zeros_like(years), years)
    return Peak(
        years=years,
        log_gap=jnp.where(at_start, trace.log_gap[0], log_gap),
        knot=jnp.where(at_start, jnp.zeros_like(knot), knot),
        at_start=at_start,
        rising=rising,
        supremum=jnp.where(rising, jnp.maximum(settled, last), top),
        count=jnp.sum(found, axis=0, dtype=jnp.int32) + starts.astype(jnp.int32),
    )


def _local_peaks(
    metric: Metric, budget: Trajectories, trace: Trace
) -> tuple[Bool[Array, "intervals draws"], tuple[Any, ...]]:
    """Intervals with a local peak; date, height, its logarithm and knot of the best.

    Of several peaks the one between the highest knots need not be the highest, so
    that on a path with breaks some runners-up are tried too.
    """
    low, high = trace.gap[:-1], trace.gap[1:]
    rises, falls = ~trace.falling[:-1], trace.falling[1:]
    level = jnp.abs(high - low) <= SAME * jnp.maximum(jnp.abs(high), jnp.abs(low))
    before_jump = trace.jump & rises & jnp.where(level, falls, high < low)
    after_jump = trace.jump & falls & ~level & (high > low)
    found = (rises & falls & ~trace.jump) | before_jump | after_jump
    score = jnp.where(found, jnp.maximum(low, high), -jnp.inf)
    index = jnp.arange(score.shape[0], dtype=jnp.int32)[:, None]

    def peak(score: Values, knot: Codes) -> tuple[Any, ...]:
        left, right = take(trace.years, knot), take(trace.years, knot + 1)
        root = falling_root(lambda t: metric.rise(budget, t), left, right)
        years = jnp.where(take(after_jump, knot), right, root)
        years = jnp.where(take(before_jump, knot), left, years)
        gap, log_gap = gaps_at(metric, budget, years)
        height = jnp.where(take(score, knot) > -jnp.inf, gap, -jnp.inf)
        return years, height, log_gap, knot

    def higher(best: tuple[Any, ...], tried: tuple[Any, ...]) -> tuple[Any, ...]:
        wins = tried[1] > best[1]
        return tuple(jnp.where(wins, t, b) for t, b in zip(tried, best, strict=True))

    def another(state: tuple[Any, ...]) -> tuple[Any, ...]:
        # Compared a round later: a peak that enters nothing else is compiled once.
        count, score, best, tried = state
        knot = jnp.argmax(score, axis=0).astype(jnp.int32)
        left = jnp.where(index == knot, -jnp.inf, score)
        return count + 1, left, higher(best, tried), peak(score, knot)

    first = jnp.argmax(score, axis=0).astype(jnp.int32)
    if not budget.breaks():
        return found, peak(score, first)
    low = jnp.full_like(trace.gap[0], -jnp.inf)
    none = (trace.years[0], low, low, jnp.zeros_like(first))
    _, _, best, tried = jax.lax.while_loop(
        lambda state: (state[0] <= RUNNERS_UP) & jnp.any(state[1] > -jnp.inf),
        another,
        (jnp.int32(0), score, none, none),
    )
    return found, higher(best, tried)

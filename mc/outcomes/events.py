"""Peak and convergence of every draw's gap, by root finding, each with a status.

A peak is a root of the metric's ``rise``, the logarithm of the ratio of two rates,
which float32 resolves where the slope of the gap does not.
Knots only bracket; they reach far beyond the window, so that a slow draw is known to
peak or to converge *beyond* it. ``never`` comes from the limit of the gap.
"""

import dataclasses
from typing import Any

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from mc.model.axes import AnyArray, Metric, Path, Trajectories, Values
from mc.model.knots import take
from mc.model.roots import falling_root
from mc.outcomes.status import Reason, Status
from mc.outcomes.trace import Trace, gaps_at, log_gap_at, trace_gap

SAME = 1e-5
"""Relative difference of two gaps below which float32 does not tell them apart."""

RUNNERS_UP = 3
"""Local peaks that are refined beside the one that looks highest."""

Codes = Int[Array, " draws"]
KeptCodes = Int[AnyArray, " draws"]


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class Events:
    """What becomes of the gap of each draw.

    Years are offsets from the epoch: minus infinity for already, plus infinity for
    beyond, undetermined and never.

    Attributes:
        peak_gap: Supremum of the gap over all dates, on the metric's device scale.
        peak_years: When the highest peak is reached.
        peak_status: A ``Status``.
        peak_reason: A ``Reason``.
        num_peaks: Number of local peaks.
        convergence_years: First date after the peak from which the gap stays at or
            under the tolerance.
        convergence_status: A ``Status``.
        convergence_reason: A ``Reason``.
        limit_gap: Where the gap goes, on the metric's device scale; NaN where that
            is not known.
    """

    peak_gap: Float[AnyArray, " draws"]
    peak_years: Float[AnyArray, " draws"]
    peak_status: KeptCodes
    peak_reason: KeptCodes
    num_peaks: KeptCodes
    convergence_years: Float[AnyArray, " draws"]
    convergence_status: KeptCodes
    convergence_reason: KeptCodes
    limit_gap: Float[AnyArray, " draws"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Peak:
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


def find_events(
    metric: Metric,
    path: Path,
    *,
    knots: Float[Array, " knots"],
    until_years: Values,
    log_tolerance: Values,
) -> Events:
    """Peak and convergence of each draw.

    Args:
        metric: Per-draw constants of the metric.
        path: Per-draw constants of the path.
        knots: From ``event_knots``.
        until_years: End of the event window.
        log_tolerance: Logarithm of the tolerance on the metric's device scale.

    Returns:
        Events of every draw; dates are good to 1e-4 years.
    """
    budget = metric.budget(path)
    trace = trace_gap(metric, budget, knots)
    limit = jnp.broadcast_to(
        metric.limit_gap(budget.limits()), jnp.shape(trace.years[0])
    )
    peak = _highest_peak(metric, budget, trace, limit)
    peak_status, peak_reason = _peak_status(peak, limit, until_years)
    convergence = _convergence_root(metric, budget, trace, peak, log_tolerance)
    status, reason = _convergence_status(
        trace, peak, limit, budget, convergence, until_years, log_tolerance
    )
    return Events(
        peak_gap=peak.supremum,
        peak_years=_dated(peak.years, peak_status),
        peak_status=peak_status,
        peak_reason=peak_reason,
        num_peaks=peak.count,
        convergence_years=_dated(convergence, status),
        convergence_status=status,
        convergence_reason=reason,
        limit_gap=limit,
    )


def _highest_peak(
    metric: Metric, budget: Trajectories, trace: Trace, limit: Values
) -> _Peak:
    found, (years, height, log_gap, knot) = _local_peaks(metric, budget, trace)
    starts = trace.falling[0] & (trace.gap[0] >= height)
    at_start = starts | (jnp.isfinite(height) & (years <= 0))
    top = jnp.maximum(height, jnp.where(trace.falling[0], trace.gap[0], -jnp.inf))
    last = trace.gap[-1]
    slack = jnp.where(jnp.isfinite(top), SAME * jnp.abs(top), 0.0)
    rising = (~trace.falling[-1] & (last >= top)) | (limit > top + slack)
    settled = jnp.where(jnp.isnan(limit), last, limit)
    years = jnp.where(at_start, jnp.zeros_like(years), years)
    return _Peak(
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

    def highest(score: Values) -> tuple[Any, ...]:
        knot = jnp.argmax(score, axis=0).astype(jnp.int32)
        left, right = take(trace.years, knot), take(trace.years, knot + 1)
        root = falling_root(lambda t: metric.rise(budget, t), left, right)
        years = jnp.where(take(after_jump, knot), right, root)
        years = jnp.where(take(before_jump, knot), left, years)
        gap, log_gap = gaps_at(metric, budget, years)
        height = jnp.where(take(score, knot) > -jnp.inf, gap, -jnp.inf)
        return years, height, log_gap, knot

    def another(state: tuple[Any, ...]) -> tuple[Any, ...]:
        count, score, best = state
        tried = highest(score)
        wins = tried[1] > best[1]
        best = tuple(jnp.where(wins, t, b) for t, b in zip(tried, best, strict=True))
        return count + 1, jnp.where(index == tried[3], -jnp.inf, score), best

    best = highest(score)
    score = jnp.where(index == best[3], -jnp.inf, score)
    if budget.breaks():
        _, _, best = jax.lax.while_loop(
            lambda state: (state[0] < RUNNERS_UP) & jnp.any(state[1] > -jnp.inf),
            another,
            (jnp.int32(0), score, best),
        )
    return found, best


def _peak_status(
    peak: _Peak, limit: Values, until_years: Values
) -> tuple[Codes, Codes]:
    no_lead = ~(peak.supremum > 0)
    must_fall = limit < peak.supremum * (1 - SAME)
    status = _first(
        (no_lead, Status.ALREADY),
        (peak.rising & jnp.isnan(limit), Status.UNDETERMINED),
        (peak.rising & must_fall, Status.BEYOND),
        (peak.rising, Status.NEVER),
        (peak.at_start, Status.ALREADY),
        (peak.years <= until_years, Status.OBSERVED),
        otherwise=Status.BEYOND,
    )
    reason = _first(
        (no_lead, Reason.NO_LEAD),
        (peak.at_start & (status == Status.ALREADY), Reason.AT_START),
        otherwise=Reason.NONE,
    )
    return status, reason


def _last_above(trace: Trace, log_tolerance: Values) -> Codes:
    """The last knot above the tolerance, −1 where there is none."""
    index = jnp.arange(trace.years.shape[0], dtype=jnp.int32)[:, None]
    above = trace.log_gap > log_tolerance
    return jnp.max(jnp.where(above, index, -1), axis=0)


def _convergence_root(
    metric: Metric,
    budget: Trajectories,
    trace: Trace,
    peak: _Peak,
    log_tolerance: Values,
) -> Values:
    last = _last_above(trace, log_tolerance)
    final = trace.years.shape[0] - 1
    from_peak = (peak.log_gap > log_tolerance) & (last <= peak.knot)
    left = jnp.where(from_peak, peak.years, take(trace.years, jnp.maximum(last, 0)))
    after = jnp.where(from_peak, peak.knot, last) + 1
    right = take(trace.years, jnp.clip(after, 0, final))
    return falling_root(
        lambda t: log_gap_at(metric, budget, t) - log_tolerance,
        left,
        jnp.maximum(left, right),
    )


def _convergence_status(
    trace: Trace,
    peak: _Peak,
    limit: Values,
    budget: Trajectories,
    years: Values,
    until_years: Values,
    log_tolerance: Values,
) -> tuple[Codes, Codes]:
    last = _last_above(trace, log_tolerance)
    final = trace.years.shape[0] - 1
    no_lead = ~(peak.supremum > 0)
    never_apart = (last < 0) & ~(peak.log_gap > log_tolerance)
    lasting = jnp.log(jnp.maximum(limit, 0.0)) > log_tolerance
    status = _first(
        (no_lead, Status.ALREADY),
        (lasting, Status.NEVER),
        (never_apart, Status.ALREADY),
        (jnp.isnan(limit) & (years > until_years), Status.UNDETERMINED),
        (last == final, Status.BEYOND),
        (years <= until_years, Status.OBSERVED),
        otherwise=Status.BEYOND,
    )
    limits = budget.limits()
    both_fail = (limits.meek == -jnp.inf) & (limits.frontier == -jnp.inf)
    reason = _first(
        (no_lead, Reason.NO_LEAD),
        (never_apart & (status == Status.ALREADY), Reason.NEVER_APART),
        (limits.lead < 0, Reason.OVERTAKEN),
        (both_fail & (status != Status.NEVER), Reason.BOTH_FAIL),
        otherwise=Reason.NONE,
    )
    return status, reason


def _first(*cases: tuple[Bool[Array, " draws"], int], otherwise: int) -> Codes:
    """The code of the first case that holds."""
    flags = [jnp.broadcast_to(case, cases[0][0].shape) for case, _ in cases]
    codes = [jnp.int32(code) for _, code in cases]
    return jnp.select(flags, codes, jnp.int32(otherwise)).astype(jnp.int32)


def _dated(years: Values, status: Codes) -> Values:
    """Years where observed; an infinity of the right sign elsewhere."""
    outside = jnp.where(status == Status.ALREADY, -jnp.inf, jnp.inf)
    return jnp.where(status == Status.OBSERVED, years, outside.astype(years.dtype))

"""The first date from which a gap stays at or under a bar, and what becomes of it."""

import jax.numpy as jnp
from jaxtyping import Array, Bool, Int

from mc.model.axes import Metric, Trajectories, Values
from mc.model.knots import take
from mc.model.roots import falling_root
from mc.outcomes.peaks import Peak
from mc.outcomes.status import Reason, Status
from mc.outcomes.trace import Trace, log_gap_at

Codes = Int[Array, " draws"]


def convergence_root(
    metric: Metric,
    budget: Trajectories,
    trace: Trace,
    peak: Peak,
    log_tolerance: Values,
) -> Values:
    """When the gap is last above a bar; some date where it never or always is.

    Args:
        metric: Per-draw constants.
        budget: What the metric sees of the path.
        trace: The gap at the knots.
        peak: The highest peak.
        log_tolerance: ``ln`` of the bar, one for all draws or one a draw.
    """
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


def convergence_status(
    trace: Trace,
    peak: Peak,
    limit: Values,
    budget: Trajectories,
    years: Values,
    until_years: Values,
    log_tolerance: Values,
) -> tuple[Codes, Codes]:
    """Status and reason of the date that ``convergence_root`` finds.

    Args:
        trace: The gap at the knots.
        peak: The highest peak.
        limit: Where the gap goes; NaN where that is not known.
        budget: What the metric sees of the path.
        years: From ``convergence_root``.
        until_years: End of the event window.
        log_tolerance: ``ln`` of the bar, one for all draws or one a draw.
    """
    last = _last_above(trace, log_tolerance)
    final = trace.years.shape[0] - 1
    no_lead = ~(peak.supremum > 0)
    never_apart = (last < 0) & ~(peak.log_gap > log_tolerance)
    lasting = jnp.log(jnp.maximum(limit, 0.0)) > log_tolerance
    status = first_case(
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
    reason = first_case(
        (no_lead, Reason.NO_LEAD),
        (never_apart & (status == Status.ALREADY), Reason.NEVER_APART),
        (limits.lead < 0, Reason.OVERTAKEN),
        (both_fail & (status != Status.NEVER), Reason.BOTH_FAIL),
        otherwise=Reason.NONE,
    )
    return status, reason


def _last_above(trace: Trace, log_tolerance: Values) -> Codes:
    """The last knot above the tolerance, −1 where there is none."""
    index = jnp.arange(trace.years.shape[0], dtype=jnp.int32)[:, None]
    above = trace.log_gap > log_tolerance
    return jnp.max(jnp.where(above, index, -1), axis=0)


def first_case(*cases: tuple[Bool[Array, " draws"], int], otherwise: int) -> Codes:
    """The code of the first case that holds."""
    flags = [jnp.broadcast_to(case, cases[0][0].shape) for case, _ in cases]
    codes = [jnp.int32(code) for _, code in cases]
    return jnp.select(flags, codes, jnp.int32(otherwise)).astype(jnp.int32)


def dated(years: Values, status: Codes) -> Values:
    """Years where observed; an infinity of the right sign elsewhere."""
    outside = jnp.where(status == Status.ALREADY, -jnp.inf, jnp.inf)
    return jnp.where(status == Status.OBSERVED, years, outside.astype(years.dtype))

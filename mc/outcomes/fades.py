"""When a gap is back to a share of its own peak: a bar that each draw sets itself."""

import dataclasses

import jax
import jax.numpy as jnp
from jaxtyping import Float, Int

from mc.model.axes import AnyArray, Metric, Path, Values
from mc.model.pytree import pytree
from mc.outcomes.convergence import convergence_root, convergence_status, dated
from mc.outcomes.peaks import highest_peak
from mc.outcomes.status import Status
from mc.outcomes.trace import trace_gap


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Fades:
    """When the gap of each draw has faded.

    Attributes:
        years: Offsets from the epoch: minus infinity for already, plus infinity for
            beyond, undetermined and never.
        status: A ``Status``; already where the frontier never leads.
    """

    years: Float[AnyArray, " draws"]
    status: Int[AnyArray, " draws"]


def find_fades(
    metric: Metric,
    path: Path,
    *,
    knots: Float[jax.Array, " knots"],
    until_years: Values,
    log_share: Values,
) -> Fades:
    """First date after the peak from which the gap stays at or under a share of it.

    The peak is the highest over all dates. A gap that grows without end never fades,
    nor does one whose limit is more than the share of its peak. Where value and gap
    are logarithms, so is the peak that the share is of.

    Args:
        metric: Per-draw constants of the metric.
        path: Per-draw constants of the path.
        knots: From ``event_knots``.
        until_years: End of the event window.
        log_share: ``ln`` of the share, below zero.
    """
    budget = metric.budget(path)
    trace = trace_gap(metric, budget, knots)
    limit = jnp.broadcast_to(
        metric.limit_gap(budget.limits()), jnp.shape(trace.years[0])
    )
    peak = highest_peak(metric, budget, trace, limit)
    endless = jnp.isposinf(peak.supremum)
    height = jnp.where(peak.rising & (peak.supremum > 0), peak.supremum, 1.0)
    log_peak = jnp.where(peak.rising, jnp.log(height), peak.log_gap)
    log_bar = log_share + jnp.where(endless, 0.0, log_peak)
    years = convergence_root(metric, budget, trace, peak, log_bar)
    status, _ = convergence_status(
        trace, peak, limit, budget, years, until_years, log_bar
    )
    status = jnp.where(endless, jnp.int32(Status.NEVER), status)
    return Fades(years=dated(years, status), status=status)

"""Peak and convergence of every draw's gap, by root finding, each with a status.

Knots only bracket; they reach far beyond the window, so that a slow draw is known to
peak or to converge *beyond* it. ``never`` comes from the limit of the gap.
"""

import dataclasses

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from mc.model.axes import AnyArray, Metric, Path, Values
from mc.model.pytree import pytree
from mc.outcomes.convergence import (
    convergence_root,
    convergence_status,
    dated,
    first_case,
)
from mc.outcomes.peaks import SAME, Peak, highest_peak
from mc.outcomes.status import Reason, Status
from mc.outcomes.trace import trace_gap

Codes = Int[Array, " draws"]
KeptCodes = Int[AnyArray, " draws"]


@pytree
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
    peak = highest_peak(metric, budget, trace, limit)
    peak_status, peak_reason = _peak_status(peak, limit, until_years)
    convergence = convergence_root(metric, budget, trace, peak, log_tolerance)
    status, reason = convergence_status(
        trace, peak, limit, budget, convergence, until_years, log_tolerance
    )
    return Events(
        peak_gap=peak.supremum,
        peak_years=dated(peak.years, peak_status),
        peak_status=peak_status,
        peak_reason=peak_reason,
        num_peaks=peak.count,
        convergence_years=dated(convergence, status),
        convergence_status=status,
        convergence_reason=reason,
        limit_gap=limit,
    )


def _peak_status(peak: Peak, limit: Values, until_years: Values) -> tuple[Codes, Codes]:
    no_lead = ~(peak.supremum > 0)
    must_fall = limit < peak.supremum * (1 - SAME)
    status = first_case(
        (no_lead, Status.ALREADY),
        (peak.rising & jnp.isnan(limit), Status.UNDETERMINED),
        (peak.rising & must_fall, Status.BEYOND),
        (peak.rising, Status.NEVER),
        (peak.at_start, Status.ALREADY),
        (peak.years <= until_years, Status.OBSERVED),
        otherwise=Status.BEYOND,
    )
    reason = first_case(
        (no_lead, Reason.NO_LEAD),
        (peak.at_start & (status == Status.ALREADY), Reason.AT_START),
        otherwise=Reason.NONE,
    )
    return status, reason

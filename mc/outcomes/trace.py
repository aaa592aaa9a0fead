"""The gap of each draw at knots that bracket its peaks and its convergence."""

import dataclasses

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float

from mc.model.axes import Metric, Trajectories, Values
from mc.model.knots import with_breaks

WINDOW_KNOTS = 48
BEYOND_KNOTS = 24


@dataclasses.dataclass(frozen=True, kw_only=True)
class Trace:
    """The gap at the knots, axes knots and draws.

    Attributes:
        years: Knots, increasing.
        gap: The gap, signed.
        log_gap: Its logarithm, minus infinity where there is no lead.
        falling: Whether the gap falls.
        jump: Whether the interval after a knot is a break of the path.
    """

    years: Float[Array, "knots draws"]
    gap: Float[Array, "knots draws"]
    log_gap: Float[Array, "knots draws"]
    falling: Bool[Array, "knots draws"]
    jump: Bool[Array, "intervals draws"]


def event_knots(until_years: float) -> Float[np.ndarray, " knots"]:
    """Knots from the epoch to ``until_years``, dense early, then far beyond it."""
    inside = until_years * np.linspace(0, 1, WINDOW_KNOTS) ** 1.5
    return np.concatenate([inside, until_years * 1.5 ** np.arange(1, BEYOND_KNOTS + 1)])


def gaps_at(
    metric: Metric, budget: Trajectories, years: Values
) -> tuple[Values, Values]:
    """The gap on a date, signed, and its logarithm."""
    return metric.on(years).gaps(budget.x(years), budget.lead(years))


def log_gap_at(metric: Metric, budget: Trajectories, years: Values) -> Values:
    """Logarithm of the gap; minus infinity where the frontier is not ahead."""
    return metric.on(years).log_gap(budget.x(years), budget.lead(years))


def trace_gap(
    metric: Metric, budget: Trajectories, knots: Float[Array, " knots"]
) -> Trace:
    """The gap at the knots and on both sides of each of the budget's breaks."""
    years = with_breaks(knots, budget.breaks(), budget.lead(knots[0]))
    steps = years[1:] - years[:-1]

    def seen(years: Values) -> tuple[Values, Values, Array]:
        gap, log_gap = gaps_at(metric, budget, years)
        return gap, log_gap, metric.rise(budget, years) < 0

    def unseen(years: Values) -> tuple[Values, Values, Array]:
        return years, years, years < 0

    # XLA would compute the three anew in all that reads them; a branch keeps them.
    gap, log_gap, falling = jax.lax.cond(knots[-1] >= knots[0], seen, unseen, years)
    return Trace(
        years=years,
        gap=gap,
        log_gap=log_gap,
        falling=falling,
        jump=steps <= 4 * jnp.finfo(years.dtype).eps * jnp.abs(years[1:]),
    )

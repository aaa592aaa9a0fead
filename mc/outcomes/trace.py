"""The gap of each draw at knots that bracket its peaks and its convergence."""

import dataclasses

import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Bool, Float, Int

from mc.model.axes import Metric, Path, Values

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


def rise(metric: Metric, path: Path, years: Values) -> Values:
    """At or above zero where the gap does not fall."""
    x, lead = path.x(years), path.lead(years)
    change = metric.log_slope_change(x, lead)
    return path.direction(years) * (path.log_rate_ratio(years) + change)


def log_gap_at(metric: Metric, path: Path, years: Values) -> Values:
    """Logarithm of the gap; minus infinity where the frontier does not lead."""
    lead = path.lead(years)
    log_gap = metric.log_gap(path.x(years), jnp.where(lead > 0, lead, 1.0))
    return jnp.where(lead > 0, log_gap, -jnp.inf)


def trace_gap(metric: Metric, path: Path, knots: Float[Array, " knots"]) -> Trace:
    """The gap at the knots and on both sides of each of the path's breaks."""
    shape = (knots.shape[0], *jnp.shape(path.lead(knots[0])))
    years = jnp.broadcast_to(knots[:, None], shape)
    breaks = path.breaks()
    if breaks:
        before = [jnp.nextafter(b, jnp.full_like(b, -jnp.inf)) for b in breaks]
        sides = jnp.stack([*before, *breaks])
        finite = jnp.where(jnp.isfinite(sides), sides, knots[-1])
        years = jnp.sort(jnp.concatenate([years, finite]), axis=0)
    steps = years[1:] - years[:-1]
    return Trace(
        years=years,
        gap=metric.gap(path.x(years), path.lead(years)),
        log_gap=log_gap_at(metric, path, years),
        falling=rise(metric, path, years) < 0,
        jump=steps <= 4 * jnp.finfo(years.dtype).eps * jnp.abs(years[1:]),
    )


def take(rows: Array, knot: Int[Array, " draws"]) -> Array:
    """``rows[knot]`` of each draw."""
    return jnp.take_along_axis(rows, knot[None, :], axis=0)[0]

"""When each actor first reaches a level of the metric, and how long the meek one takes.

Knots and the path's breaks bracket, a root decides; what no knot reaches is judged by
the limit of the actor's value. Values are those that are banded: ``series`` of the
metric, which for most is ``value`` at the actor's own budget.
"""

import dataclasses
from collections.abc import Callable

import jax
import jax.numpy as jnp
from jaxtyping import Array, Bool, Float, Int

from mc.model.axes import AnyArray, Metric, Path, PathLimits, Trajectories, Values
from mc.model.knots import take
from mc.model.pytree import pytree
from mc.model.roots import falling_root
from mc.outcomes.status import Status
from mc.outcomes.trace import trace_gap

Codes = Int[Array, " draws"]
KeptCodes = Int[AnyArray, " draws"]
KeptYears = Float[AnyArray, " draws"]

ROUNDINGS = 4
"""Roundings of a level within which a limit counts as the level itself."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Crossings:
    """When each actor first reaches a level, one a draw.

    Years are offsets from the epoch: minus infinity for already, plus infinity for
    beyond, undetermined and never.

    Attributes:
        frontier_years: When the frontier does.
        frontier_status: A ``Status``; already where it has at the epoch.
        meek_years: When the meek actor does.
        meek_status: A ``Status``.
        delay_years: The meek actor's date minus the frontier's; below zero where the
            meek actor is first.
        delay_status: A ``Status``: already where the meek actor is there before the
            window, or before a frontier that comes after it; undetermined where the
            frontier's own date lies before the epoch or does not exist.
    """

    frontier_years: KeptYears
    frontier_status: KeptCodes
    meek_years: KeptYears
    meek_status: KeptCodes
    delay_years: KeptYears
    delay_status: KeptCodes


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Climb:
    """How one actor stands to the level; above zero is past it.

    Attributes:
        past: Distance past the level on a date.
        limit: Where that distance goes; NaN where that is not known.
        margin: What must be exceeded to be past: zero, or some roundings where the
            level is a bound that values approach and never reach.
        years: Knots, from the epoch.
        jump: Whether the interval after a knot is a break of the path.
    """

    past: Callable[[Values], Values]
    limit: Values
    margin: Values
    years: Float[Array, "knots draws"]
    jump: Bool[Array, "intervals draws"]


def find_crossings(
    metric: Metric,
    path: Path,
    *,
    level: Values,
    direction: Values | int,
    knots: Float[Array, " knots"],
    until_years: Values,
) -> Crossings:
    """First date at which each actor is at or past a level, and the delay between.

    A level that values only approach, a ceiling for instance, is never reached.
    Dates are good to 1e-4 years where a value changes by more than its rounding in
    that time.

    Args:
        metric: Per-draw constants of the metric.
        path: Per-draw constants of the path.
        level: On the metric's device scale; one for all draws, or one a draw.
        direction: 1 where the level is reached from below, −1 from above.
        knots: From ``event_knots``.
        until_years: End of the event window.
    """
    budget = metric.budget(path)
    trace = trace_gap(metric, budget, knots)
    years = jnp.maximum(trace.years, 0.0)
    sign = jnp.asarray(direction, years.dtype)
    limits = _limit_values(metric, budget.limits())
    found = {}
    for actor in ("frontier", "meek"):

        def past(t: Values, actor: str = actor) -> Values:
            return sign * (_values(metric, budget, t)[actor] - level)

        limit = jnp.broadcast_to(limits[actor], jnp.shape(years[0]))
        slack = ROUNDINGS * jnp.finfo(years.dtype).eps * jnp.abs(level)
        climb = _Climb(
            past=past,
            limit=sign * (limit - level),
            margin=jnp.where(jnp.abs(limit - level) <= slack, slack, 0.0),
            years=years,
            jump=trace.jump,
        )
        found[actor] = _first_date(climb, until_years)
    return _with_delay(found["frontier"], found["meek"])


def _values(metric: Metric, budget: Trajectories, years: Values) -> dict[str, Values]:
    lead = budget.lead(years)
    x = jnp.broadcast_to(budget.x(years), jnp.shape(lead))
    return metric.on(years).series(x, lead)


def _limit_values(metric: Metric, limits: PathLimits) -> dict[str, Values]:
    """Limits of both values; the frontier's own where ``x`` and ``lead`` oppose."""
    late = metric.on(jnp.full_like(limits.meek, jnp.inf))
    together = late.series(limits.meek, limits.lead)
    alone = late.series(limits.frontier, jnp.zeros_like(limits.lead))["frontier"]
    opposed = jnp.isnan(limits.meek + limits.lead)
    frontier = jnp.where(opposed, alone, together["frontier"])
    return {"frontier": frontier, "meek": together["meek"]}


def _first_date(climb: _Climb, until_years: Values) -> tuple[Values, Codes]:
    """When the level is first reached, and what becomes of that."""
    rows, slopes = _moving(climb.past, climb.years)
    late = rows > climb.margin
    reached = jnp.any(late, axis=0)
    final = rows.shape[0] - 1
    first = jnp.where(reached, jnp.argmax(late, axis=0), final).astype(jnp.int32)
    last_short = jnp.where(reached, first - 1, final)
    knot, peak, top = _hump(climb, rows, slopes, last_short)
    early = top > climb.margin
    left = jnp.where(early, knot, jnp.maximum(first - 1, 0))
    root = falling_root(
        lambda t: climb.margin - climb.past(t),
        take(climb.years, left),
        jnp.where(early, peak, take(climb.years, first)),
    )
    bounded = climb.margin > 0
    already = (rows[0] > climb.margin) | ((rows[0] == 0) & ~bounded)
    reached = reached | early
    cases = (
        (already, Status.ALREADY),
        (reached & (root <= until_years), Status.OBSERVED),
        (reached, Status.BEYOND),
        (jnp.isnan(climb.limit), Status.UNDETERMINED),
        (climb.limit > climb.margin, Status.BEYOND),
    )
    status = jnp.select(
        [case for case, _ in cases],
        [jnp.int32(code) for _, code in cases],
        jnp.int32(Status.NEVER),
    )
    return _dated(root, status), status


def _hump(
    climb: _Climb, rows: Values, slopes: Values, last_short: Codes
) -> tuple[Codes, Values, Values]:
    """Where a value turns between two knots that both fall short.

    Of several the highest counts.

    Returns:
        The knot before it, its date, and its distance past the level there.
    """
    interval = jnp.arange(rows.shape[0] - 1, dtype=jnp.int32)[:, None]
    turns = (slopes[:-1] > 0) & (slopes[1:] < 0) & ~climb.jump
    turns = turns & (interval < last_short)
    height = jnp.where(turns, jnp.maximum(rows[:-1], rows[1:]), -jnp.inf)
    knot = jnp.argmax(height, axis=0).astype(jnp.int32)
    peak = falling_root(
        lambda t: _moving(climb.past, t)[1],
        take(climb.years, knot),
        take(climb.years, knot + 1),
    )
    top = jnp.where(jnp.any(turns, axis=0), climb.past(peak), -jnp.inf)
    return knot, peak, top


def _moving(past: Callable[[Values], Values], years: Values) -> tuple[Values, Values]:
    """Distance past the level, and how fast it grows a year."""
    return jax.jvp(past, (years,), (jnp.ones_like(years),))


def _with_delay(
    frontier: tuple[Values, Codes], meek: tuple[Values, Codes]
) -> Crossings:
    years, status = frontier
    meek_years, meek_status = meek
    unknown = (status == Status.NEVER) | (status == Status.UNDETERMINED)
    dated = meek_status == Status.OBSERVED
    delay_status = jnp.select(
        [
            unknown | (dated & (status == Status.ALREADY)),
            dated & (status == Status.BEYOND),
        ],
        [jnp.int32(Status.UNDETERMINED), jnp.int32(Status.ALREADY)],
        meek_status,
    )
    both = delay_status == Status.OBSERVED
    delay = jnp.where(both, meek_years, 0.0) - jnp.where(both, years, 0.0)
    return Crossings(
        frontier_years=years,
        frontier_status=status,
        meek_years=meek_years,
        meek_status=meek_status,
        delay_years=_dated(delay, delay_status),
        delay_status=delay_status,
    )


def _dated(years: Values, status: Codes) -> Values:
    """Years where observed; an infinity of the right sign elsewhere."""
    outside = jnp.where(status == Status.ALREADY, -jnp.inf, jnp.inf)
    return jnp.where(status == Status.OBSERVED, years, outside.astype(years.dtype))

"""Many meek actors whose budgets differ: how many keep up, and how unequal they are.

Actor i has ``x + b_i`` and the lead ``lead − b_i``, b_i the logarithm of its budget
over the reference meek actor's. One actor of all dates and draws is looked at after
the other; with actors in the order of their budgets the sums of a Gini index are
running sums.
"""

from collections.abc import Mapping
from typing import NamedTuple

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from mc.model.axes import AnyArray, Metric, Trajectories, Values


class _Sums(NamedTuple):
    """Running sums over the actors so far; scores are over the largest one's size.

    Attributes:
        within: Actors within the tolerance.
        above: Actors at or past each level.
        lowest: Least score.
        highest: Greatest score.
        total: Sum of scores.
        size: Sum of their sizes.
        square: Sum of their squares.
        spread: Sum of scores, each times how many actors are below less how many are
            above it in the order of budgets.
    """

    within: Values
    above: tuple[Values, ...]
    lowest: Values
    highest: Values
    total: Values
    size: Values
    square: Values
    spread: Values


def population_series(
    metric: Metric,
    budget: Trajectories,
    years: Values,
    *,
    offsets: Float[AnyArray, "actors ..."],
    log_tolerance: Values,
    levels: Mapping[str, Values],
    direction: Values | int,
    scale: str,
) -> dict[str, Values]:
    """What is banded of a population of meek actors, ``[dates, draws]`` each.

    ``concentration`` is the Gini index of the score, ``Σ|u_i − u_j| / (2N·Σ|u_i|)``,
    that of the number itself where the device carries logarithms. The denominator
    has sizes, so that a score that can be negative keeps the index between 0 and 1
    (Raffinetti, Siletti and Vernizzi 2015, who multiply it by N/(N − 1)); it then
    depends on where the scale has its zero. Of a score that does not follow the
    budget all the way it is the concentration index by budget. ``herfindahl`` is the
    Herfindahl–Hirschman index ``Σ s_i²`` of the shares ``s_i`` in the sum of sizes.

    Args:
        metric: Per-draw constants of the metric.
        budget: The reference actor and the frontier, in the metric's own budget.
        years: ``[dates, 1]``.
        offsets: ``b_i``, in any order; the same for all draws, or ``[actors, draws]``.
        log_tolerance: Logarithm of the tolerance on the metric's device scale.
        levels: On the metric's device scale, by name; none, one or several.
        direction: 1 where more is better, −1 where less is.
        scale: ``linear``, or ``log`` where values are logarithms.

    Returns:
        ``within``, the share of actors whose gap to the frontier is at or under the
        tolerance, those ahead of it included; ``above_NAME``, the number of actors at
        or past a level; ``lowest``, ``mean`` and ``highest`` score on the device scale
        (on ``log`` the logarithm of the mean number); ``concentration``;
        ``herfindahl``.
    """
    lead = budget.lead(years)
    x = jnp.broadcast_to(budget.x(years), jnp.shape(lead))
    now = metric.on(years)
    ordered = jnp.sort(jnp.asarray(offsets, lead.dtype), axis=0)
    count = ordered.shape[0]
    sign = jnp.asarray(direction, lead.dtype)

    def score(offset: Values) -> Values:
        return now.series(x + offset, lead - offset)["meek"]

    top = _largest(score(ordered[0]), score(ordered[-1]), scale)

    def step(sums: _Sums, actor: tuple[Int[Array, ""], Values]) -> tuple[_Sums, None]:
        rank, offset = actor
        value = score(offset)
        near = now.log_gap(x + offset, lead - offset) <= log_tolerance
        scaled = _scaled(value, top, scale)
        place = (2 * rank - (count - 1)).astype(lead.dtype)
        grown = _Sums(
            within=sums.within + near.astype(lead.dtype),
            above=tuple(
                count + (sign * (value - level) >= 0).astype(lead.dtype)
                for count, level in zip(sums.above, levels.values(), strict=True)
            ),
            lowest=jnp.minimum(sums.lowest, value),
            highest=jnp.maximum(sums.highest, value),
            total=sums.total + scaled,
            size=sums.size + jnp.abs(scaled),
            square=sums.square + scaled**2,
            spread=sums.spread + place * scaled,
        )
        return grown, None

    zero = jnp.zeros_like(lead)
    none = (zero,) * len(levels)
    start = _Sums(zero, none, zero + jnp.inf, zero - jnp.inf, zero, zero, zero, zero)
    ranks = jnp.arange(count, dtype=jnp.int32)
    sums, _ = jax.lax.scan(step, start, (ranks, ordered))
    above = {f"above_{n}": c for n, c in zip(levels, sums.above, strict=True)}
    return above | _indices(sums, top, count, scale)


def _largest(first: Values, last: Values, scale: str) -> Values:
    """What scores are divided by: the size of an extreme actor's, or its logarithm."""
    if scale == "log":
        return jnp.maximum(first, last)
    size = jnp.maximum(jnp.abs(first), jnp.abs(last))
    return jnp.where(size > 0, size, 1.0)


def _scaled(value: Values, top: Values, scale: str) -> Values:
    """The score over the largest; where that is infinite its equals count as 1."""
    if scale == "log":
        return jnp.exp(jnp.where(value == top, 0.0, value - top))
    limited = jnp.where(jnp.isinf(value), jnp.sign(value), 0.0)
    finite = jnp.isfinite(top)
    return jnp.where(finite, value / jnp.where(finite, top, 1.0), limited)


def _indices(sums: _Sums, top: Values, count: int, scale: str) -> dict[str, Values]:
    some = sums.size > 0
    size = jnp.where(some, sums.size, 1.0)
    gini = jnp.where(some, jnp.abs(sums.spread) / (count * size), 0.0)
    shares = jnp.where(some, sums.square / size**2, 1.0 / count)
    share = sums.total / count
    log_mean = top + jnp.log(jnp.where(share > 0, share, 1.0))
    mean = log_mean if scale == "log" else top * share
    return {
        "within": sums.within / count,
        "lowest": sums.lowest,
        "mean": mean,
        "highest": sums.highest,
        "concentration": gini,
        "herfindahl": shares,
    }

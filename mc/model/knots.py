"""Dates between which roots are sought, on both sides of every break."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from mc.model.axes import Values


def with_breaks(
    knots: Float[Array, " knots"], breaks: tuple[Values, ...], like: Values
) -> Values:
    """Knots of each draw, increasing, with each break and the instant before it.

    Args:
        knots: Increasing, the same for all draws.
        breaks: Years; plus infinity for none, which becomes the last knot.
        like: Anything of the draws' shape.
    """
    shape = jnp.shape(like)
    column = knots.reshape(-1, *[1] * len(shape))
    years = jnp.broadcast_to(column, (knots.size, *shape))
    if not breaks:
        return years
    here = [jnp.broadcast_to(b, shape) for b in breaks]
    before = [jnp.nextafter(b, jnp.full_like(b, -jnp.inf)) for b in here]
    sides = jnp.stack([*before, *here])
    sides = jnp.where(jnp.isfinite(sides), sides, knots[-1])
    last = jnp.full_like(sides, jnp.inf)
    rows = jnp.concatenate([years, last])
    first = jnp.full_like(rows[:1], -jnp.inf)

    def insert(i: Array, rows: Values) -> Values:
        before = jnp.concatenate([first, rows[:-1]])
        return jnp.maximum(before, jnp.minimum(rows, sides[i]))

    return jax.lax.fori_loop(0, sides.shape[0], insert, rows)


def take(rows: Array, knot: Int[Array, "..."]) -> Array:
    """``rows[knot]`` of each draw."""
    return jnp.take_along_axis(rows, knot[None], axis=0)[0]

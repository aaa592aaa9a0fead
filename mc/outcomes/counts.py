"""Counting draws below edges: integers that add up whatever way the work is cut."""

import jax
import jax.numpy as jnp
from jaxtyping import Array, Int

from mc.model.axes import Values


def count_below(values: Values, edges: Values, *, axis: int) -> Int[Array, "..."]:
    """How many ``values`` along ``axis`` lie strictly below each edge.

    One variadic reduction for all edges: the producer of ``values`` is computed once
    and nothing of its size is kept.

    Args:
        values: Any array of draws.
        edges: First axis runs over edges; the rest broadcasts against ``values``.
        axis: The axis of draws.

    Returns:
        Counts, edges first, ``axis`` gone.
    """
    below = tuple((values < edge).astype(jnp.int32) for edge in edges)
    zeros = tuple(jnp.int32(0) for _ in below)
    sums = jax.lax.reduce(below, zeros, _add, (axis % values.ndim,))
    return jnp.stack(sums)


def _add(left: tuple[Array, ...], right: tuple[Array, ...]) -> tuple[Array, ...]:
    return tuple(a + b for a, b in zip(left, right, strict=True))

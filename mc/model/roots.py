"""Roots of many functions at once, by bisection that falsi steps hasten."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from mc.model.axes import Values

STEPS = 26
"""Half of them bisect: an interval of 1.6 years is down to 0.0002 before the rest."""


def falling_root(
    function: Callable[[Values], Values], left: Values, right: Values
) -> Values:
    """Where ``function`` falls through zero between ``left`` and ``right``.

    Bisection alternates with Illinois steps, so that an infinite value at one end,
    or noise near the root, costs speed and never the bracket.

    Args:
        function: At or above zero at ``left``, below zero at ``right``.
        left: Left ends, one a draw.
        right: Right ends; where both are equal the end itself is returned.

    Returns:
        The root of each draw; with a jump through zero, its date.
    """

    def step(i: jax.Array, state: tuple[Values, ...]) -> tuple[Values, ...]:
        low, high, f_low, f_high = state
        slope = f_low - f_high
        usable = jnp.isfinite(slope) & (slope > 0)
        share = f_low / jnp.where(usable, slope, 1.0)
        bisect = (i % 2 == 0) | ~usable
        share = jnp.where(bisect, 0.5, jnp.clip(share, 0.0, 1.0))
        middle = low + share * (high - low)
        value = function(middle)
        positive = value >= 0
        halve = jnp.where(bisect, 1.0, 0.5)
        return (
            jnp.where(positive, middle, low),
            jnp.where(positive, high, middle),
            jnp.where(positive, value, f_low * halve),
            jnp.where(positive, f_high * halve, value),
        )

    state = (left, right, function(left), function(right))
    low, high, f_low, f_high = jax.lax.fori_loop(0, STEPS, step, state)
    slope = f_low - f_high
    usable = jnp.isfinite(slope) & (slope > 0)
    share = jnp.clip(f_low / jnp.where(usable, slope, 1.0), 0.0, 1.0)
    return jnp.where(usable, low + share * (high - low), high)

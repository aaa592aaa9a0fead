"""Roots of many functions at once, by bisection that falsi steps hasten."""

from collections.abc import Callable

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Values

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

    def closer(i: jax.Array, state: tuple[Values, ...]) -> tuple[Values, ...]:
        """The bracket with the value at step ``i``; two steps look at the ends."""
        low, high, f_low, f_high, date, value = state
        positive = jnp.where(i < 2, i == 0, value >= 0)
        halve = jnp.where((i < 2) | _bisects(i, f_low, f_high), 1.0, 0.5)
        return (
            jnp.where(positive, date, low),
            jnp.where(positive, high, date),
            jnp.where(positive, value, f_low * halve),
            jnp.where(positive, f_high * halve, value),
        )

    def step(i: jax.Array, state: tuple[Values, ...]) -> tuple[Values, ...]:
        # The value comes last: as it enters nothing else here, it is compiled once.
        low, high, f_low, f_high = closer(i - 1, state)
        share = jnp.where(_bisects(i, f_low, f_high), 0.5, _falsi(f_low, f_high))
        date = low + share * (high - low)
        date = jnp.where(i == 0, left, jnp.where(i == 1, right, date))
        return low, high, f_low, f_high, date, function(date)

    zero = jnp.zeros_like(left)
    state = (left, right, zero, zero, right, zero)
    state = jax.lax.fori_loop(0, STEPS + 2, step, state)
    low, high, f_low, f_high = closer(jnp.int32(STEPS + 1), state)
    root = low + _falsi(f_low, f_high) * (high - low)
    return jnp.where(_usable(f_low, f_high), root, high)


def _bisects(i: jax.Array, f_low: Values, f_high: Values) -> Flags:
    """Every other step, and where the values at the ends give no line."""
    return (i % 2 == 0) | ~_usable(f_low, f_high)


def _usable(f_low: Values, f_high: Values) -> Flags:
    slope = f_low - f_high
    return jnp.isfinite(slope) & (slope > 0)


def _falsi(f_low: Values, f_high: Values) -> Values:
    """Where a line between the ends is zero, as a share of their distance."""
    slope = jnp.where(_usable(f_low, f_high), f_low - f_high, 1.0)
    return jnp.clip(f_low / slope, 0.0, 1.0)

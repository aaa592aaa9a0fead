"""Roots of many functions at once, by Chandrupatla's method."""

import dataclasses
from collections.abc import Callable

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Values
from mc.model.pytree import pytree

WIDTH = 1 / 8
"""Width in years at which a bracket is narrow, for each root of the rounding error.

A line does the rest: 4e-5 years in float32, and more the farther the date is.
"""
FAR = 25.0
"""Years after which the width grows with the date."""
MOST_STEPS = 96


@pytree
@dataclasses.dataclass(frozen=True)
class _Bracket:
    """Two ends with a root between them, and a third point beyond one of them.

    Attributes:
        new: The end that was tried last.
        old: The end across the root.
        third: The end that ``new`` replaced, or the one before it.
        f_new: The function at ``new``; so for the others.
        f_old: Its sign is not that of ``f_new``.
        f_third: For interpolation only.
    """

    new: Values
    old: Values
    third: Values
    f_new: Values
    f_old: Values
    f_third: Values

    def width(self) -> Values:
        return jnp.abs(self.new - self.old)

    def narrow(self) -> Values:
        """The width at which it is narrow."""
        rounding = float(jnp.finfo(self.new.dtype).eps)
        return WIDTH * rounding**0.5 * (1 + jnp.abs(self.new) / FAR)

    def done(self) -> Flags:
        return (self.width() <= self.narrow()) | (self.f_new == 0)


def falling_root(
    function: Callable[[Values], Values], left: Values, right: Values
) -> Values:
    """Where ``function`` falls through zero between ``left`` and ``right``.

    A draw that is done stays as it is, so that its root does not depend on which
    draws it is sought with. An infinite value at one end costs speed, never the
    bracket. Source: Chandrupatla, Advances in Engineering Software 28 (1997).

    Args:
        function: At or above zero at ``left``, below zero at ``right``.
        left: Left ends, one a draw.
        right: Right ends; where both are equal the end itself is returned.

    Returns:
        The root of each draw; with a jump through zero, its date.
    """
    zero = jnp.zeros_like(left)
    start = _Bracket(right, left, left, zero, zero, zero)

    def going(state: tuple[jax.Array, _Bracket]) -> jax.Array:
        i, bracket = state
        return (i < 2) | ((i < MOST_STEPS) & ~jnp.all(bracket.done()))

    def step(state: tuple[jax.Array, _Bracket]) -> tuple[jax.Array, _Bracket]:
        # The ends are tried first: the function is thus compiled once.
        i, bracket = state
        date = bracket.new + _share(bracket) * (bracket.old - bracket.new)
        date = jnp.where(i == 0, left, jnp.where(i == 1, right, date))
        return i + 1, _tried(i, bracket, date, function(date))

    _, found = jax.lax.while_loop(going, step, (jnp.int32(0), start))
    slope = found.f_old - found.f_new
    usable = jnp.isfinite(slope) & (slope != 0)
    share = jnp.where(usable, -found.f_new / jnp.where(usable, slope, 1.0), 0.0)
    line = found.new + jnp.clip(share, 0.0, 1.0) * (found.old - found.new)
    return jnp.where(usable, line, jnp.maximum(found.new, found.old))


def _tried(i: jax.Array, bracket: _Bracket, date: Values, value: Values) -> _Bracket:
    """The bracket with a date and its value; two steps look at the ends."""
    tiny = float(jnp.finfo(value.dtype).tiny)
    value = jnp.where(i == 0, jnp.maximum(value, 0.0), value)
    value = jnp.where(i == 1, jnp.minimum(value, -tiny), value)
    above = value >= 0
    same = above == (bracket.f_new >= 0)
    tried = _Bracket(
        new=date,
        old=jnp.where(same, bracket.old, bracket.new),
        third=jnp.where(same, bracket.new, bracket.old),
        f_new=value,
        f_old=jnp.where(same, bracket.f_old, bracket.f_new),
        f_third=jnp.where(same, bracket.f_new, bracket.f_old),
    )
    keep = (i >= 2) & bracket.done()
    return jax.tree.map(lambda b, t: jnp.where(keep, b, t), bracket, tried)


def _share(bracket: _Bracket) -> Values:
    """How far from ``new`` towards ``old`` the next date lies."""
    f_new, f_old, f_third = bracket.f_new, bracket.f_old, bracket.f_third
    across = bracket.third - bracket.old
    xi = (bracket.new - bracket.old) / jnp.where(across == 0, 1.0, across)
    phi = (f_new - f_old) / (f_third - f_old)
    smooth = (phi * phi < xi) & ((1 - phi) * (1 - phi) < 1 - xi)
    quadratic = f_new / (f_old - f_new) * f_third / (f_old - f_third) + (
        (bracket.third - bracket.new) / (bracket.old - bracket.new)
    ) * f_new / (f_third - f_new) * f_old / (f_third - f_old)
    share = jnp.where(smooth & jnp.isfinite(quadratic), quadratic, 0.5)
    least = 0.5 * bracket.narrow() / jnp.maximum(bracket.width(), 1e-30)
    least = jnp.minimum(least, 0.5)
    return jnp.clip(share, least, 1 - least)

"""Numbers as a sign and a logarithm, so that formulas neither overflow nor vanish."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True)
class Signed:
    """``sign·e^log``.

    Attributes:
        sign: −1, 0 or 1; NaN where the number does not exist.
        log: Natural logarithm of the size; minus infinity for zero.
    """

    sign: Values
    log: Values

    def value(self) -> Values:
        """The number itself, which may overflow."""
        return jnp.where(self.sign == 0, 0.0, self.sign * jnp.exp(self.log))


def signed(value: Values) -> Signed:
    """A plain number as sign and logarithm."""
    size = jnp.abs(value)
    log = jnp.log(jnp.where(size > 0, size, 1.0))
    return Signed(jnp.sign(value), jnp.where(size > 0, log, -jnp.inf))


def exponential(log: Values) -> Signed:
    """The positive number ``e^log``."""
    return Signed(jnp.ones_like(log), log)


def negative(a: Signed) -> Signed:
    """``−a``."""
    return Signed(-a.sign, a.log)


def multiply(a: Signed, b: Signed) -> Signed:
    """``a·b``; zero wherever one of them is."""
    sign = a.sign * b.sign
    return Signed(sign, jnp.where(sign == 0, -jnp.inf, a.log + b.log))


def add(a: Signed, b: Signed) -> Signed:
    """``a + b``; exactly zero where they cancel."""
    larger = jnp.where(a.log >= b.log, a.log, b.log)
    smaller = jnp.where(a.log >= b.log, b.log, a.log)
    sign = jnp.where(a.log >= b.log, a.sign, b.sign)
    other = jnp.where(a.log >= b.log, b.sign, a.sign)
    finite = jnp.isfinite(larger)
    distance = jnp.where(finite, smaller - jnp.where(finite, larger, 0.0), -jnp.inf)
    same = sign * other > 0
    grown = jnp.log1p(jnp.exp(distance))
    shrunk = jnp.log(-jnp.expm1(jnp.where(distance < 0, distance, -1.0)))
    empty = (a.sign == 0) | (b.sign == 0)
    cancels = ~same & ~empty & (distance == 0)
    change = jnp.where(empty, 0.0, jnp.where(same, grown, shrunk))
    infinite = (a.log == jnp.inf) & (b.log == jnp.inf) & ~same
    total = jnp.where(cancels, 0.0, jnp.where(infinite, jnp.nan, sign))
    log = jnp.where(cancels, -jnp.inf, larger + change)
    return Signed(jnp.where(jnp.isnan(a.sign + b.sign), jnp.nan, total), log)

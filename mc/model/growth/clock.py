"""Clocks that run ever slower: the years of a fast world, as those of a slow one."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.pytree import pytree


class Clock:
    """Years that have passed on a clock; it runs at full speed up to the epoch."""

    def passed(self, years: Values) -> Values:
        """θ, what the clock shows."""
        raise NotImplementedError

    def speed(self, years: Values) -> Values:
        """``θ'``."""
        raise NotImplementedError

    def gained(self, years: Values, width: Values) -> Values:
        """``θ(years) − θ(years − width)``."""
        raise NotImplementedError

    def shown(self, passed: Values) -> Values:
        """When the clock shows ``passed``: the inverse of θ."""
        raise NotImplementedError


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogClock(Clock):
    """``T·log1p(t/T)``: exponentials in θ are powers of ``t``.

    Attributes:
        time: T, years after which the clock runs at half its speed.
    """

    time: Values

    def passed(self, years: Values) -> Values:
        """``T·log1p(t/T)``."""
        slowed = self.time * jnp.log1p(jnp.maximum(years, 0.0) / self.time)
        return jnp.where(years < 0, years, slowed)

    def speed(self, years: Values) -> Values:
        """``1/(1 + t/T)``."""
        return 1 / (1 + jnp.maximum(years, 0.0) / self.time)

    def gained(self, years: Values, width: Values) -> Values:
        """``T·log1p(w/(T + t − w))``, and what lies before the epoch."""
        start = years - width
        before = jnp.clip(-start, 0.0, width)
        after = (width - before) / (self.time + jnp.maximum(start, 0.0))
        return before + self.time * jnp.log1p(after)

    def shown(self, passed: Values) -> Values:
        """``T·expm1(θ/T)``."""
        years = self.time * jnp.expm1(jnp.maximum(passed, 0.0) / self.time)
        return jnp.where(passed < 0, passed, years)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogLogClock(Clock):
    """``T·log1p(log1p(t/T))``: exponentials in θ are slower than any power of ``t``.

    Attributes:
        time: T, years.
    """

    time: Values

    def passed(self, years: Values) -> Values:
        """``T·log1p(log1p(t/T))``."""
        once = jnp.log1p(jnp.maximum(years, 0.0) / self.time)
        return jnp.where(years < 0, years, self.time * jnp.log1p(once))

    def speed(self, years: Values) -> Values:
        """``1/((1 + t/T)·(1 + log1p(t/T)))``."""
        ratio = jnp.maximum(years, 0.0) / self.time
        return 1 / ((1 + ratio) * (1 + jnp.log1p(ratio)))

    def gained(self, years: Values, width: Values) -> Values:
        """The difference as one logarithm in another."""
        start = years - width
        before = jnp.clip(-start, 0.0, width)
        first = jnp.maximum(start, 0.0)
        once = jnp.log1p((width - before) / (self.time + first))
        twice = jnp.log1p(once / (1 + jnp.log1p(first / self.time)))
        return before + self.time * twice

    def shown(self, passed: Values) -> Values:
        """``T·expm1(expm1(θ/T))``."""
        once = jnp.expm1(jnp.maximum(passed, 0.0) / self.time)
        return jnp.where(passed < 0, passed, self.time * jnp.expm1(once))

"""A quantity that is multiplied by a factor on one date."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.growth.growth import Growth
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Jump(Growth):
    """``size`` from ``date`` on; a jump before the epoch is part of the start.

    Attributes:
        date: When it comes; plus infinity for never.
        size: Logarithm of the factor.
    """

    date: Values
    size: Values

    def level(self, years: Values) -> Values:
        """What has come since the epoch."""
        return self.between(jnp.zeros_like(years), years)

    def rate(self, years: Values) -> Values:
        """None, but for the jump itself."""
        shape = jnp.broadcast_shapes(jnp.shape(years), jnp.shape(self.size))
        return jnp.broadcast_to(jnp.zeros_like(self.size), shape)

    def between(self, start: Values, stop: Values) -> Values:
        """``size`` where the date lies in between."""
        size = jnp.where(self.date > 0, self.size, 0.0)
        passed = (stop >= self.date).astype(size.dtype)
        return size * (passed - (start >= self.date).astype(size.dtype))

    def breaks(self) -> tuple[Values, ...]:
        """The date."""
        return (self.date,)

    def late(self) -> tuple[Values, Values]:
        """No rate; the jump if it comes at all."""
        comes = (self.date > 0) & (self.date < jnp.inf)
        return jnp.zeros_like(self.size), jnp.where(comes, self.size, 0.0)

"""Growth towards a ceiling, as a logistic curve."""

import dataclasses

import jax
import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.growth.growth import Growth
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Saturating(Growth):
    """``−ln(q + (1 − q)·exp(−g·t))``, ``q`` one over the ceiling.

    Growth that is negative goes on for ever, away from the ceiling. A ceiling below
    the start counts as one at the start: nothing grows, nothing is taken back.

    Attributes:
        per_year: g, the rate far below the ceiling, ln per year.
        ceiling: Logarithm of the ceiling over the start.
    """

    per_year: Values
    ceiling: Values

    def level(self, years: Values) -> Values:
        """As a logarithm of one plus little where it is little."""
        top = self._top()
        missing = -jnp.expm1(-top)
        fall = -jnp.expm1(-self.per_year * years)
        little = missing * fall
        near = jnp.abs(little) <= 0.5
        tail = jnp.log(jnp.maximum(missing, 0.0)) - self.per_year * years
        late = -jnp.logaddexp(-top + jnp.zeros_like(tail), tail)
        return jnp.where(near, -jnp.log1p(-jnp.where(near, little, 0.0)), late)

    def rate(self, years: Values) -> Values:
        """``g`` times what is missing from the ceiling, as a share of it."""
        top = self._top()
        tail = jnp.log(-jnp.expm1(-top)) - self.per_year * years
        return self.per_year * jax.nn.sigmoid(tail + top)

    def late(self) -> tuple[Values, Values]:
        """No rate at the ceiling; a shrinking quantity shrinks for ever."""
        top = self._top()
        grows, shrinks = self.per_year > 0, (self.per_year < 0) & (top > 0)
        away = -jnp.log(-jnp.expm1(-jnp.where(shrinks, top, 1.0)))
        rate = jnp.where(shrinks, self.per_year, 0.0)
        return rate, jnp.where(grows, top, jnp.where(shrinks, away, 0.0))

    def _top(self) -> Values:
        return jnp.maximum(self.ceiling, 0.0)

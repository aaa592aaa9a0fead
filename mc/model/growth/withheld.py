"""What has grown within the last years and has not yet spread."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.growth.growth import Growth, Steady
from mc.model.growth.turning import Kinked
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Withheld(Growth):
    """``growth(t) − growth(max(t − δ, 0))``: nobody is behind at the epoch.

    Attributes:
        growth: What spreads late.
        delay: δ, years.
    """

    growth: Growth
    delay: Values

    def level(self, years: Values) -> Values:
        """What has grown in the last δ years, or since the epoch."""
        recent = self.growth.gained(years, self.delay + jnp.zeros_like(years))
        return jnp.where(years < self.delay, self.growth.level(years), recent)

    def rate(self, years: Values) -> Values:
        """The rate now, less that of δ years ago."""
        before = self.growth.rate(jnp.maximum(years - self.delay, 0.0))
        before = jnp.where(years < self.delay, 0.0, before)
        return self.growth.rate(years) - before

    def breaks(self) -> tuple[Values, ...]:
        """Those of what spreads, the same δ later, and the first arrival."""
        breaks = self.growth.breaks()
        return (*breaks, *(b + self.delay for b in breaks), self.delay)

    def late(self) -> tuple[Values, Values]:
        """No rate; what grows in δ years in the end."""
        rate, _ = self.growth.late()
        return jnp.zeros_like(rate), rate * self.delay


def withheld(growth: Growth, delay: Values) -> Growth:
    """What ``growth`` brings in ``delay`` years; a kink where it is steady."""
    if isinstance(growth, Steady):
        rate = growth.per_year
        return Kinked(early=rate, later=jnp.zeros_like(rate), date=delay)
    return Withheld(growth=growth, delay=delay)

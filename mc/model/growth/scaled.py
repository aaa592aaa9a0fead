"""A share, or a multiple, of another growth."""

import dataclasses

from mc.model.axes import Values
from mc.model.growth.growth import Growth, Steady
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Scaled(Growth):
    """``factor·growth``: the quantity to a power.

    Attributes:
        factor: The power.
        growth: What is scaled.
    """

    factor: Values
    growth: Growth

    def level(self, years: Values) -> Values:
        """``factor·level``."""
        return self.factor * self.growth.level(years)

    def rate(self, years: Values) -> Values:
        """``factor·rate``."""
        return self.factor * self.growth.rate(years)

    def between(self, start: Values, stop: Values) -> Values:
        """``factor`` times the difference."""
        return self.factor * self.growth.between(start, stop)

    def gained(self, years: Values, width: Values) -> Values:
        """``factor`` times what is gained."""
        return self.factor * self.growth.gained(years, width)

    def breaks(self) -> tuple[Values, ...]:
        """Those of what is scaled."""
        return self.growth.breaks()

    def late(self) -> tuple[Values, Values]:
        """Both scaled."""
        rate, offset = self.growth.late()
        return self.factor * rate, self.factor * offset


def scaled(growth: Growth, factor: Values) -> Growth:
    """``factor·growth``; steady where ``growth`` is."""
    if isinstance(growth, Steady):
        return Steady(per_year=factor * growth.per_year)
    return Scaled(factor=factor, growth=growth)

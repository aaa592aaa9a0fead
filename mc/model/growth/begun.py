"""A growth that takes another's place on a date."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Flags, Values
from mc.model.growth.growth import Growth
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Begun(Growth):
    """One growth to a date, and from there another, whose clock begins there.

    Attributes:
        before: The first.
        after: The second, its years counted from the date.
        date: Of the change; plus infinity for none. One before the epoch counts as
            the epoch.
    """

    before: Growth
    after: Growth
    date: Values

    def level(self, years: Values) -> Values:
        """What the first has gained by then or by the date, and the second since."""
        first = self.before.level(jnp.minimum(years, self._date()))
        return first + jnp.where(self._is_later(years), self._after(years), 0.0)

    def rate(self, years: Values) -> Values:
        """That of the growth of the day."""
        later = self.after.rate(self._since(years))
        return jnp.where(self._is_later(years), later, self.before.rate(years))

    def breaks(self) -> tuple[Values, ...]:
        """The date, and what breaks later."""
        return (self.date, *(self._date() + b for b in self.after.breaks()))

    def late(self) -> tuple[Values, Values]:
        """Those of the second, if it begins."""
        comes = self.date < jnp.inf
        date = jnp.where(comes, self._date(), 0.0)
        rate, more = self.after.late()
        more = self.before.level(date) + more - rate * date
        steady, offset = self.before.late()
        return jnp.where(comes, rate, steady), jnp.where(comes, more, offset)

    def _date(self) -> Values:
        return jnp.maximum(self.date, 0.0)

    def _is_later(self, years: Values) -> Flags:
        return years >= self._date()

    def _since(self, years: Values) -> Values:
        return jnp.maximum(years - self._date(), 0.0)

    def _after(self, years: Values) -> Values:
        return self.after.level(self._since(years))

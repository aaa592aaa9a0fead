"""What every entry of a path's ledger offers: its logarithm over time."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.pytree import pytree


class Growth:
    """The logarithm of a quantity over what it was at the epoch.

    A growth is smooth except at its ``breaks``; before the epoch it goes on at its
    first rate.
    """

    def level(self, years: Values) -> Values:
        """``ln`` of the quantity over that at the epoch."""
        raise NotImplementedError

    def rate(self, years: Values) -> Values:
        """The right-hand derivative of ``level``, per year."""
        raise NotImplementedError

    def between(self, start: Values, stop: Values) -> Values:
        """``level(stop) − level(start)``."""
        return self.level(stop) - self.level(start)

    def gained(self, years: Values, width: Values) -> Values:
        """``level(years) − level(years − width)``, where the width is known better."""
        return self.between(years - width, years)

    def breaks(self) -> tuple[Values, ...]:
        """Years at which the rate or the level jumps, if they are after the epoch."""
        return ()

    def late(self) -> tuple[Values, Values]:
        """Late rate, and the limit of ``level − rate·t``: infinite for ``ln t``."""
        raise NotImplementedError


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Steady(Growth):
    """``g·t``: one rate for ever.

    Attributes:
        per_year: ``g``, ln per year.
    """

    per_year: Values

    def level(self, years: Values) -> Values:
        """``g·t``."""
        return self.per_year * years

    def rate(self, years: Values) -> Values:
        """``g``, at any date."""
        shape = jnp.broadcast_shapes(jnp.shape(years), jnp.shape(self.per_year))
        return jnp.broadcast_to(self.per_year, shape)

    def between(self, start: Values, stop: Values) -> Values:
        """``g·(stop − start)``."""
        return self.per_year * (stop - start)

    def gained(self, years: Values, width: Values) -> Values:
        """``g·width``, at any date."""
        return self.per_year * width + jnp.zeros_like(years)

    def late(self) -> tuple[Values, Values]:
        """``g``, with nothing added."""
        return self.per_year, jnp.zeros_like(self.per_year)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Total(Growth):
    """The sum of some growths, less others; steady ones are one rate.

    Attributes:
        steady: All that is steady.
        added: What else is added.
        less: What else is taken off.
    """

    steady: Steady
    added: tuple[Growth, ...] = ()
    less: tuple[Growth, ...] = ()

    @classmethod
    def of(cls, *added: Growth, less: tuple[Growth, ...] = ()) -> "Total":
        """The sum of ``added`` less the sum of ``less``, at least one of them.

        Steady parts are one rate; those that are both added and taken off cancel.
        """
        plus, minus = _flat(added, less)
        plus, minus = _cancelled(plus, minus)
        zero = jnp.zeros_like((*added, *less)[0].late()[0])
        rate = sum((g.per_year for g in plus if isinstance(g, Steady)), zero)
        rate = rate - sum((g.per_year for g in minus if isinstance(g, Steady)), zero)
        return cls(
            steady=Steady(per_year=rate),
            added=tuple(g for g in plus if not isinstance(g, Steady)),
            less=tuple(g for g in minus if not isinstance(g, Steady)),
        )

    @property
    def is_steady(self) -> bool:
        """Whether there is nothing but one rate."""
        return not self.added and not self.less

    def level(self, years: Values) -> Values:
        """The sum of the levels."""
        return self._sum(lambda growth: growth.level(years))

    def rate(self, years: Values) -> Values:
        """The sum of the rates."""
        return self._sum(lambda growth: growth.rate(years))

    def between(self, start: Values, stop: Values) -> Values:
        """The sum of the differences."""
        return self._sum(lambda growth: growth.between(start, stop))

    def gained(self, years: Values, width: Values) -> Values:
        """The sum of what is gained."""
        return self._sum(lambda growth: growth.gained(years, width))

    def breaks(self) -> tuple[Values, ...]:
        """Those of every part."""
        return tuple(b for part in (*self.added, *self.less) for b in part.breaks())

    def late(self) -> tuple[Values, Values]:
        """The sums of the late rates and of what is added to them."""
        return (
            self._sum(lambda growth: growth.late()[0]),
            self._sum(lambda growth: growth.late()[1]),
        )

    def _sum(self, part) -> Values:
        total = part(self.steady)
        for growth in self.added:
            total = total + part(growth)
        for growth in self.less:
            total = total - part(growth)
        return total


def _flat(
    added: tuple[Growth, ...], less: tuple[Growth, ...]
) -> tuple[list[Growth], list[Growth]]:
    """The parts of sums in their place."""
    plus: list[Growth] = []
    minus: list[Growth] = []
    for growths, here, there in ((added, plus, minus), (less, minus, plus)):
        for growth in growths:
            if isinstance(growth, Total):
                here += [growth.steady, *growth.added]
                there += growth.less
            else:
                here.append(growth)
    return plus, minus


def _cancelled(
    plus: list[Growth], minus: list[Growth]
) -> tuple[list[Growth], list[Growth]]:
    """Without the pairs of the very same growth on both sides."""
    left = list(minus)
    kept = []
    for growth in plus:
        same = next((i for i, other in enumerate(left) if other is growth), None)
        if same is None:
            kept.append(growth)
        else:
            del left[same]
    return kept, left


def after_epoch(date: Values) -> Values:
    """A date as a break: plus infinity where it is not after the epoch."""
    return jnp.where(date > 0, date, jnp.inf)

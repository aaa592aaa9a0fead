"""Growth that goes from one rate to another: at once, smoothly, or by fading."""

import dataclasses
from typing import TypeVar

import jax
import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.growth.growth import Growth
from mc.model.pytree import pytree

Shape = TypeVar("Shape", bound="Turning")

SERIES_TERMS = 16
"""Of ``z − (1 − exp(−z))`` for z up to 1/2: the next one is below 1e-19 of it."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Turning(Growth):
    """Growth at an early rate, then at a later one.

    Any span of years is divided into years at the one rate and at the other, both
    formed without cancellation.

    Attributes:
        early: The first rate, ln per year.
        later: The last rate, ln per year.
    """

    early: Values
    later: Values

    @classmethod
    def of(cls: type[Shape], growth: Growth, later: Values, **how: Values) -> Shape:
        """What begins as ``growth`` does and turns to ``later``.

        Args:
            growth: Its rate at the epoch is the early one.
            later: The last rate, ln per year.
            **how: What else the shape has: a date, a width, a time.
        """
        return cls(early=growth.rate(jnp.zeros_like(later)), later=later, **how)

    def shares(self, start: Values, width: Values) -> tuple[Values, Values]:
        """Years at the early and at the later rate, of ``width`` from ``start`` on."""
        raise NotImplementedError

    def turned(self, years: Values) -> tuple[Values, Values]:
        """Weights of the early and of the later rate on a date."""
        raise NotImplementedError

    def early_years(self) -> Values:
        """Years at the early rate from the epoch on, for ever."""
        raise NotImplementedError

    def level(self, years: Values) -> Values:
        """Both rates times their years."""
        return self._gain(*_between(self, jnp.zeros_like(years), years, years))

    def rate(self, years: Values) -> Values:
        """Both rates by their weights."""
        return self._gain(*self.turned(years))

    def between(self, start: Values, stop: Values) -> Values:
        """Both rates times their years in between."""
        return self._gain(*_between(self, start, stop, stop - start))

    def gained(self, years: Values, width: Values) -> Values:
        """Both rates times their years of the last ``width``."""
        return self._gain(*_between(self, years - width, years, width))

    def late(self) -> tuple[Values, Values]:
        """The later rate, and what the early years had more."""
        years = self.early_years()
        for_ever = jnp.isinf(years) & (years > 0)
        more = (self.early - self.later) * jnp.where(for_ever, 0.0, years)
        return jnp.where(for_ever, self.early, self.later), more

    def _gain(self, before: Values, after: Values) -> Values:
        return self.early * before + self.later * after


def _between(
    growth: Turning, start: Values, stop: Values, width: Values
) -> tuple[Values, Values]:
    """Shares of a span that may run backwards."""
    shape = jnp.broadcast_shapes(*(jnp.shape(v) for v in (start, stop, width)))
    backwards = width < 0
    first = jnp.broadcast_to(jnp.where(backwards, stop, start), shape)
    before, after = growth.shares(first, jnp.abs(width))
    return jnp.where(backwards, -before, before), jnp.where(backwards, -after, after)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Kinked(Turning):
    """``early·min(t, T) + later·max(t − T, 0)``.

    Where T is not after the epoch there is only the later rate.

    Attributes:
        date: T, when the rate jumps; plus infinity for never.
    """

    date: Values

    def shares(self, start: Values, width: Values) -> tuple[Values, Values]:
        """What lies before the date, and after it."""
        to_go = jnp.where(self.date > 0, self.date, -jnp.inf) - start
        before = jnp.clip(to_go, 0.0, width)
        after = jnp.where(to_go <= 0, width, jnp.maximum(width - to_go, 0.0))
        return before, after

    def turned(self, years: Values) -> tuple[Values, Values]:
        """All of one, then all of the other."""
        late = (years >= self.date) | (self.date <= 0)
        late = late.astype(self.early.dtype)
        return 1 - late, late

    def early_years(self) -> Values:
        """None where the date is before the epoch."""
        return jnp.maximum(self.date, 0.0)

    def breaks(self) -> tuple[Values, ...]:
        """The date."""
        return (self.date,)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Softened(Turning):
    """A kink spread over a width: the rate is a logistic curve from early to later.

    ``early·t + (later − early)·w·[sp((t − T)/w) − sp(−T/w)]``, ``sp`` the softplus.

    Attributes:
        date: T, when the rate is halfway.
        width: w, years.
    """

    date: Values
    width: Values

    def shares(self, start: Values, width: Values) -> tuple[Values, Values]:
        """Areas under a falling and under a rising logistic curve."""
        rising = (start - self.date) / self.width
        steps = width / self.width
        end = rising + steps
        before = self.width * _softplus_gain(-end, -rising, steps)
        return before, self.width * _softplus_gain(rising, end, steps)

    def turned(self, years: Values) -> tuple[Values, Values]:
        """Logistic in time."""
        z = (years - self.date) / self.width
        return jax.nn.sigmoid(-z), jax.nn.sigmoid(z)

    def early_years(self) -> Values:
        """``w·sp(T/w)``."""
        return self.width * jax.nn.softplus(self.date / self.width)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Fading(Turning):
    """``later·t + (early − later)·τ·(1 − exp(−t/τ))``; before the epoch ``early·t``.

    Attributes:
        time: τ, years.
    """

    time: Values

    def shares(self, start: Values, width: Values) -> tuple[Values, Values]:
        """``τ·exp(−start/τ)·(1 − exp(−width/τ))``, and the rest of the width."""
        ahead = jnp.clip(-start, 0.0, width)
        z = (width - ahead) / self.time
        passed = jnp.maximum(start, 0.0) / self.time
        faded = -jnp.expm1(-z)
        before = self.time * jnp.exp(-passed) * faded
        after = self.time * (_excess(z) - jnp.expm1(-passed) * faded)
        return ahead + before, after

    def turned(self, years: Values) -> tuple[Values, Values]:
        """The early rate fades."""
        passed = jnp.maximum(years, 0.0) / self.time
        return jnp.exp(-passed), -jnp.expm1(-passed)

    def early_years(self) -> Values:
        """τ."""
        return self.time


def _softplus_gain(low: Values, high: Values, steps: Values) -> Values:
    """``sp(high) − sp(low)``; ``high`` is ``steps``, at least 0, above ``low``."""
    above = steps + jnp.log1p(jax.nn.sigmoid(-low) * jnp.expm1(-steps))
    near = jnp.log1p(jax.nn.sigmoid(low) * jnp.expm1(jnp.minimum(steps, 1.0)))
    far = jax.nn.softplus(high) - jax.nn.softplus(low)
    return jnp.where(low >= 0, above, jnp.where(steps < 1, near, far))


def _excess(z: Values) -> Values:
    """``z − (1 − exp(−z))`` for ``z`` of at least 0."""
    small = jnp.minimum(z, 0.5)
    total = jnp.ones_like(z)
    for n in range(SERIES_TERMS, 2, -1):
        total = 1 - small / n * total
    return jnp.where(z < 0.5, small * small / 2 * total, z + jnp.expm1(-z))

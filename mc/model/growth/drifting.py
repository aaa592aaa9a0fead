"""A rate that wanders from year to year around its mean."""

import dataclasses

import jax.numpy as jnp
from jaxtyping import Array, Float, Int

from mc.model.axes import Values
from mc.model.growth.growth import Growth
from mc.model.pytree import pytree

Table = Float[Array, "years ..."]


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Drifting(Growth):
    """``g·t`` and yearly deviations ``d_k`` of the rate, each for one year.

    Year ``k`` lasts from ``k`` to ``k + 1`` after the epoch. The first year, and all
    years after the last deviation, have the rate ``g``.

    Attributes:
        rates: Rate of each year, ln per year; the last one goes on for ever.
        levels: Level at the start of each year.
        turns: 1, 2 and so on to the start of the last of these years.
    """

    rates: Table
    levels: Table
    turns: tuple[Values, ...]

    @classmethod
    def of(
        cls,
        mean: Values,
        persistence: Values,
        sd: Values,
        innovations: list[Values],
        turns: tuple[Values, ...],
    ) -> "Drifting":
        """``d_k = φ·d_(k−1) + σ·ε_k`` with ``d_0 = 0``.

        Args:
            mean: g, ln per year.
            persistence: φ.
            sd: σ, of one year's innovation, ln per year.
            innovations: ``ε_1`` and on, standard normal.
            turns: From ``year_turns``; growths that share it break together.
        """
        deviation = level = jnp.zeros_like(mean)
        rates, levels = [mean], [level]
        for innovation in innovations:
            level = level + rates[-1]
            deviation = persistence * deviation + sd * innovation
            rates.append(mean + deviation)
            levels.append(level)
        rates, levels = [*rates, mean], [*levels, level + rates[-1]]
        return cls(rates=jnp.stack(rates), levels=jnp.stack(levels), turns=turns)

    def level(self, years: Values) -> Values:
        """What all years before have added, and this one so far."""
        year = self._year(years)
        return _of_year(self.levels, year) + self._within(years, year)

    def rate(self, years: Values) -> Values:
        """That of the year."""
        return _of_year(self.rates, self._year(years))

    def between(self, start: Values, stop: Values) -> Values:
        """What is added in between; within one year its rate times the time."""
        return self._gained(start, stop, stop - start)

    def gained(self, years: Values, width: Values) -> Values:
        """What is added in the last ``width``; within one year rate times width."""
        return self._gained(years - width, years, width)

    def breaks(self) -> tuple[Values, ...]:
        """Each turn of a year, as long as there are deviations."""
        return self.turns

    def late(self) -> tuple[Values, Values]:
        """The mean, and the sum of the deviations."""
        last = self.rates.shape[0] - 1
        return self.rates[-1], self.levels[-1] - last * self.rates[-1]

    def _year(self, years: Values) -> Int[Array, "..."]:
        last = self.rates.shape[0] - 1
        shape = jnp.broadcast_shapes(jnp.shape(years), self.rates.shape[1:])
        year = jnp.clip(jnp.floor(years), 0, last).astype(jnp.int32)
        return jnp.broadcast_to(year, shape)

    def _within(self, years: Values, year: Int[Array, "..."]) -> Values:
        rate = _of_year(self.rates, year)
        return rate * (years - year.astype(rate.dtype))

    def _gained(self, start: Values, stop: Values, width: Values) -> Values:
        first, last = self._year(start), self._year(stop)
        apart = _of_year(self.levels, last) - _of_year(self.levels, first)
        apart = apart + self._within(stop, last) - self._within(start, first)
        same = first == last
        return jnp.where(same, _of_year(self.rates, last) * width, apart)


def year_turns(like: Values, num_years: int) -> tuple[Values, ...]:
    """The turns of ``num_years`` years of deviations, from 1 on."""
    return tuple(jnp.full_like(like, k) for k in range(1, num_years + 2))


def _of_year(table: Table, year: Int[Array, "..."]) -> Values:
    """The row of each draw's own year."""
    rows = year.reshape(-1, *table.shape[1:])
    return jnp.take_along_axis(table, rows, axis=0).reshape(year.shape)

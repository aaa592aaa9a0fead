"""A rate that wanders from year to year around its mean."""

import dataclasses
import functools

import jax
import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.growth.growth import Growth


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class Drifting(Growth):
    """``g·t`` and yearly deviations ``d_k`` of the rate, each for one year.

    Year ``k`` lasts from ``k`` to ``k + 1`` after the epoch. The first year, and all
    years after the last deviation, have the rate ``g``.

    Attributes:
        per_year: g, ln per year.
        deviations: ``d_1``, ``d_2`` and so on, ln per year.
        turns: 1, 2 and so on to the end of the last deviation: the years' turns.
    """

    per_year: Values
    deviations: tuple[Values, ...]
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
        deviation = jnp.zeros_like(mean)
        deviations = []
        for innovation in innovations:
            deviation = persistence * deviation + sd * innovation
            deviations.append(deviation)
        return cls(per_year=mean, deviations=tuple(deviations), turns=turns)

    def level(self, years: Values) -> Values:
        """The sum of what each year has added so far."""
        total = self.per_year * years
        for k, deviation in enumerate(self.deviations, 1):
            total = total + deviation * jnp.clip(years - k, 0.0, 1.0)
        return total

    def rate(self, years: Values) -> Values:
        """The mean, and the deviation of the year."""
        total = self.per_year + jnp.zeros_like(years)
        for k, deviation in enumerate(self.deviations, 1):
            now = (years >= k) & (years < k + 1)
            total = total + jnp.where(now, deviation, 0.0)
        return total

    def between(self, start: Values, stop: Values) -> Values:
        """The sum of what each year adds in between."""
        return self._gained(start, stop, stop - start)

    def gained(self, years: Values, width: Values) -> Values:
        """The sum of what each year has added to the last ``width``."""
        return self._gained(years - width, years, width)

    def breaks(self) -> tuple[Values, ...]:
        """Each turn of a year, as long as there are deviations."""
        return self.turns

    def late(self) -> tuple[Values, Values]:
        """The mean, and the sum of the deviations."""
        added = functools.reduce(jnp.add, self.deviations, 0 * self.per_year)
        return self.per_year, added

    def _gained(self, start: Values, stop: Values, width: Values) -> Values:
        total = self.per_year * width
        for k, deviation in enumerate(self.deviations, 1):
            share = jnp.clip(stop - k, 0.0, 1.0) - jnp.clip(start - k, 0.0, 1.0)
            total = total + deviation * share
        return total


def year_turns(like: Values, num_years: int) -> tuple[Values, ...]:
    """The turns of ``num_years`` years of deviations, from 1 on."""
    return tuple(jnp.full_like(like, k) for k in range(1, num_years + 2))

"""What follows for two actors from how fast one grows and how fast the lead does."""

import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.differences import log1p


class Pair:
    """Rates of two trajectories from ``meek_growth`` and ``lead_growth`` alone."""

    def meek_growth(self, years: Values) -> Values:
        """``x'``, per year."""
        raise NotImplementedError

    def lead_growth(self, years: Values) -> Values:
        """``lead'``, per year."""
        raise NotImplementedError

    def frontier_growth(self, years: Values) -> Values:
        """``y' = x' + lead'``, per year."""
        return self.meek_growth(years) + self.lead_growth(years)

    def log_rate_ratio(self, years: Values) -> Values:
        """``ln |y'/x'| = log1p(lead'/x')``; infinite where only one actor grows."""
        meek, lead = self.meek_growth(years), self.lead_growth(years)
        together = (meek + lead) * meek > 0
        ratio = lead / jnp.where(together, meek, 1.0)
        apart = jnp.where(lead > 0, jnp.inf, jnp.where(lead < 0, -jnp.inf, 0.0))
        return jnp.where(together, log1p(jnp.where(together, ratio, 0.0)), apart)

    def direction(self, years: Values) -> Values:
        """1; −1 where both shrink; 0 where neither moves."""
        meek, frontier = self.meek_growth(years), self.frontier_growth(years)
        still = (meek == 0) & (frontier == 0)
        shrinking = (meek < 0) & (frontier < 0)
        one = jnp.ones_like(frontier)
        return jnp.where(shrinking, -one, jnp.where(still, 0 * one, one))

    def breaks(self) -> tuple[Values, ...]:
        """None: the trajectories are smooth."""
        return ()


def for_ever(growth: Values, level: Values) -> Values:
    """Limit of ``level + growth·t``."""
    return jnp.where(growth > 0, jnp.inf, jnp.where(growth < 0, -jnp.inf, level))


def late_ratio(meek_growth: Values, lead_growth: Values) -> Values:
    """Limit of ``y/x`` where both grow linearly; NaN where the meek actor stands."""
    moving = meek_growth != 0
    growth = meek_growth + lead_growth
    return jnp.where(moving, growth / jnp.where(moving, meek_growth, 1.0), jnp.nan)

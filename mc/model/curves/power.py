"""Metrics that are a power of compute on a linear scale: their gap outgrows a lead."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Flags, PathLimits, Values
from mc.model.curves.curve import Curve
from mc.model.differences import log_expm1
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Power(Curve):
    """``F = e^(log_start + rate·x)``.

    Attributes:
        log_start: ``ln`` of the value at the meek actor's initial budget.
        rate: Exponent of the budget, positive.
    """

    log_start: Values
    rate: Values

    def value(self, x: Values) -> Values:
        """``e^(log_start + rate·x)``."""
        return jnp.exp(self.log_start + self.rate * x)

    def advantage(self, x: Values, lead: Values) -> Values:
        """``F(x)·(e^(rate·lead) − 1)``."""
        return jnp.exp(self.log_gap(x, lead))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln F(x) + ln(e^(rate·lead) − 1)``."""
        return self.log_start + self.rate * x + log_expm1(self.rate * lead)

    def log_slope(self, x: Values) -> Values:
        """``ln(rate·F(x))``."""
        return jnp.log(self.rate) + self.log_start + self.rate * x

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``rate·lead``."""
        return self.rate * lead + jnp.zeros_like(x)

    def limit_gap(self, limits: PathLimits) -> Values:
        """Infinite for any lasting lead over a budget that grows for ever."""
        settled, still = self.settled_gap(limits)
        growing = (limits.meek == jnp.inf) | (limits.frontier == jnp.inf)
        sign = jnp.where(limits.lead == 0, 0.0, jnp.sign(limits.lead) * jnp.inf)
        meek = jnp.where(growing, -jnp.inf, limits.meek)
        falling = self.value(limits.frontier) - self.value(meek)
        return jnp.where(settled, still, jnp.where(growing, sign, falling))

    def invalid(self) -> Flags:
        """An exponent must be positive."""
        return ~((self.rate > 0) & jnp.isfinite(self.log_start))

"""Metrics whose distance to a bound falls as a power of compute."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Flags, PathLimits, Values
from mc.model.curves.curve import Curve
from mc.model.differences import log_one_minus_exp, one_minus_exp
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Decay(Curve):
    """``F = bound − R(x)`` with ``R = e^(log_start − exponent·x)``.

    Attributes:
        exponent: Power of the fall, positive.
        log_start: ``ln R(0)``.
        bound: The limit; it cancels from the gap.
    """

    exponent: Values
    log_start: Values
    bound: Values

    def value(self, x: Values) -> Values:
        """``bound − R(x)``."""
        return self.bound - jnp.exp(self.log_rest(x))

    def log_rest(self, x: Values) -> Values:
        """``ln R(x)``."""
        return self.log_start - self.exponent * x

    def advantage(self, x: Values, lead: Values) -> Values:
        """``R(x)·(1 − e^(−exponent·lead))``."""
        return jnp.exp(self.log_rest(x)) * one_minus_exp(self.exponent * lead)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln R(x) + ln(1 − e^(−exponent·lead))``."""
        return self.log_rest(x) + log_one_minus_exp(self.exponent * lead)

    def log_slope(self, x: Values) -> Values:
        """``ln(exponent·R(x))``."""
        return jnp.log(self.exponent) + self.log_rest(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−exponent·lead``."""
        return -self.exponent * lead + jnp.zeros_like(x)

    def limit_gap(self, limits: PathLimits) -> Values:
        """0 if compute grows for ever (Theorem 2.4: bounded above, so meek)."""
        unlimited = limits.meek == jnp.inf
        behind = jnp.exp(self.log_start - self.exponent * limits.frontier)
        fixed = jnp.where(unlimited | (limits.meek == -jnp.inf), 0.0, limits.meek)
        lead = jnp.where(jnp.isnan(limits.lead), 0.0, limits.lead)
        standing = self.gap(fixed, lead)
        both_shrink = (limits.meek == -jnp.inf) & (limits.frontier == -jnp.inf)
        shrinking = jnp.where(
            both_shrink, jnp.where(lead == 0, 0.0, jnp.sign(lead) * jnp.inf), jnp.inf
        )
        lasting = jnp.where(limits.meek == -jnp.inf, shrinking, standing)
        return jnp.where(unlimited, 0.0 - behind, lasting)

    def invalid(self) -> Flags:
        """An exponent must be positive."""
        finite = jnp.isfinite(self.log_start) & jnp.isfinite(self.bound)
        return ~((self.exponent > 0) & finite)

"""Shares that are a Gompertz curve in log compute: many things must all go right."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Flags, Values
from mc.model.curves.curve import Curve
from mc.model.differences import log_one_minus_exp, one_minus_exp
from mc.model.pytree import pytree

MOST_LOG_HAZARD = 80.0
"""``ln u`` above which e^(−u) is 0 in any precision; u itself must stay finite."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Gompertz(Curve):
    """``F = floor + (ceiling − floor)·e^(−u)`` with ``u = e^(start − exponent·x)``.

    Attributes:
        start: ``ln u`` at the meek actor's initial budget.
        exponent: Power at which u falls with the budget, positive.
        floor: Share without any budget.
        ceiling: Share with an unlimited one.
    """

    start: Values
    exponent: Values
    floor: Values
    ceiling: Values

    @property
    def tail(self) -> Values:
        """Power at which the distance to the ceiling falls with the budget."""
        return self.exponent

    def hazard(self, x: Values) -> Values:
        """``u`` at ``x``."""
        return jnp.exp(jnp.minimum(self.start - self.exponent * x, MOST_LOG_HAZARD))

    def value(self, x: Values) -> Values:
        """Share at ``x``."""
        return self.floor + self._height() * jnp.exp(-self.hazard(x))

    def log_error(self, x: Values) -> Values:
        """``ln(1 − F)``, exact where F is nearly 1."""
        u = self.hazard(x)
        missing = one_minus_exp(u)
        log_u = self.start - self.exponent * x
        log_tail = jnp.log(self._height()) + jnp.where(
            u < 1e-9, log_u - u / 2, log_one_minus_exp(jnp.maximum(u, 1e-9))
        )
        lasting = 1 - self.ceiling
        both = jnp.log(jnp.where(lasting > 0, lasting + self._height() * missing, 1.0))
        return jnp.where(lasting > 0, both, log_tail)

    def advantage(self, x: Values, lead: Values) -> Values:
        """``exp(−u·e^(−q))·(1 − exp(−u·(1 − e^(−q))))``, q the lead of ``ln u``."""
        u, q = self.hazard(x), self.exponent * lead
        share = jnp.exp(-self.hazard(x + lead)) * one_minus_exp(u * one_minus_exp(q))
        return self._height() * share

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap, from the logarithm of u where that is small."""
        u, q = self.hazard(x), self.exponent * jnp.maximum(lead, 0.0)
        fall = u * one_minus_exp(q)
        log_fall = self.start - self.exponent * x + log_one_minus_exp(q)
        small = fall < 1e-9
        log_share = jnp.where(
            small, log_fall - fall / 2, log_one_minus_exp(jnp.where(small, 1.0, fall))
        )
        log_share = jnp.where(lead > 0, log_share, -jnp.inf)
        return jnp.log(self._height()) - self.hazard(x + lead) + log_share

    def log_slope(self, x: Values) -> Values:
        """``ln`` of height · exponent · u·e^(−u)."""
        constant = jnp.log(self._height() * self.exponent)
        return constant + self.start - self.exponent * x - self.hazard(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``u_m − u_f − q``, q the lead of ``ln u``."""
        q = self.exponent * lead
        behind = self.hazard(x + jnp.minimum(lead, 0.0))
        return jnp.sign(lead) * behind * one_minus_exp(jnp.abs(q)) - q

    def invalid(self) -> Flags:
        """The curve must rise from a floor to a ceiling, both shares."""
        ordered = (self.floor >= 0) & (self.ceiling > self.floor) & (self.ceiling <= 1)
        return ~((self.exponent > 0) & ordered & jnp.isfinite(self.start))

    def _height(self) -> Values:
        return self.ceiling - self.floor

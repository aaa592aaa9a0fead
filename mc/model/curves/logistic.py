"""Shares that are logistic in log compute, between a floor and a ceiling."""

import dataclasses

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Values
from mc.model.curves.curve import Curve
from mc.model.differences import (
    log_logistic,
    log_logistic_difference,
    log_logistic_slope_change,
    logistic_difference,
)
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Logistic(Curve):
    """``F = floor + (ceiling − floor)·σ(start + slope·x)``.

    Attributes:
        start: Logit at the meek actor's initial budget.
        slope: Logits per unit of log budget, positive.
        floor: Share without any budget.
        ceiling: Share with an unlimited one.
    """

    start: Values
    slope: Values
    floor: Values
    ceiling: Values

    @property
    def tail(self) -> Values:
        """Power at which the distance to the ceiling falls with the budget."""
        return self.slope

    def logit(self, x: Values) -> Values:
        """``start + slope·x``."""
        return self.start + self.slope * x

    def height(self) -> Values:
        """Ceiling over floor."""
        return self.ceiling - self.floor

    def value(self, x: Values) -> Values:
        """Share at ``x``."""
        return self.floor + self.height() * jax.nn.sigmoid(self.logit(x))

    def log_error(self, x: Values) -> Values:
        """``ln(1 − F)``, exact where F is nearly 1."""
        missing = jax.nn.sigmoid(-self.logit(x))
        log_tail = jnp.log(self.height()) + log_logistic(-self.logit(x))
        lasting = 1 - self.ceiling
        both = jnp.log(jnp.where(lasting > 0, lasting + self.height() * missing, 1.0))
        return jnp.where(lasting > 0, both, log_tail)

    def gap(self, x: Values, lead: Values) -> Values:
        """Frontier minus meek share."""
        return self.height() * logistic_difference(self.logit(x), self.slope * lead)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        difference = log_logistic_difference(self.logit(x), self.slope * lead)
        return jnp.log(self.height()) + difference

    def log_slope(self, x: Values) -> Values:
        """``ln`` of slope · height · σ(z)·σ(−z)."""
        z = self.logit(x)
        return jnp.log(self.slope * self.height()) + log_logistic(z) + log_logistic(-z)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−2·ln(cosh((z + d)/2) / cosh(z/2))``, z the logit and d its lead."""
        return log_logistic_slope_change(self.logit(x), self.slope * lead)

    def invalid(self) -> Flags:
        """The curve must rise from a floor to a ceiling, both shares."""
        ordered = (self.floor >= 0) & (self.ceiling > self.floor) & (self.ceiling <= 1)
        return ~((self.slope > 0) & ordered & jnp.isfinite(self.start))

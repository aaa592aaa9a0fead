"""Metrics that are a logarithm: their gap is that of a ratio."""

import jax
import jax.numpy as jnp

from mc.model.axes import Values
from mc.model.curves.curve import Curve

FIRST_ORDER = -60.0
"""``ln`` odds below which ``ln(1 + odds)`` is the odds in any precision."""


class LogRatio(Curve):
    """``F = ln f``: the gap is ``ln(1 + odds)`` with odds ``f(y)/f(x) − 1``.

    A shape gives ``log_odds``, without cancellation, for a lead at or above zero.
    """

    def log_odds(self, x: Values, lead: Values) -> Values:
        """``ln(f(y)/f(x) − 1)``; minus infinity at a lead of zero or less."""
        raise NotImplementedError

    def advantage(self, x: Values, lead: Values) -> Values:
        """``ln(1 + odds)``."""
        return jax.nn.softplus(self.log_odds(x, lead))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln ln(1 + odds)``."""
        odds = self.log_odds(x, lead)
        small = odds < FIRST_ORDER
        large = jnp.log(jax.nn.softplus(jnp.where(small, 0.0, odds)))
        return jnp.where(small, odds, large)

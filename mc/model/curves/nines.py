"""Nines: minus the decimal logarithm of the error of a share."""

import dataclasses
import math

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, PathLimits, Values
from mc.model.curves.curve import Curve
from mc.model.curves.gompertz import Gompertz
from mc.model.curves.logistic import Logistic

LN_10 = math.log(10)


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class Nines(Curve):
    """``F = −log10(1 − share)``: 0.99 is two nines.

    Attributes:
        share: The share whose error is counted.
    """

    share: Gompertz | Logistic

    def value(self, x: Values) -> Values:
        """``−log10(1 − share)``."""
        return -self.share.log_error(x) / LN_10

    def advantage(self, x: Values, lead: Values) -> Values:
        """``log10(1 + gap/error_frontier)``."""
        return self._log_ratio(x, lead) / LN_10

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        odds = self._log_odds(x, lead)
        small = odds < -15
        log_ratio = jnp.where(small, odds, jnp.log(jax.nn.softplus(odds)))
        return log_ratio - math.log(LN_10)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of share' / (error · ln 10)."""
        return self.share.log_slope(x) - self.share.log_error(x) - math.log(LN_10)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """That of the share, and the fall of its log error."""
        ahead = self._log_ratio(x + jnp.minimum(lead, 0.0), jnp.abs(lead))
        fall = jnp.where(lead == 0, 0.0, jnp.sign(lead) * ahead)
        return self.share.log_slope_change(x, lead) + fall

    def limit_gap(self, limits: PathLimits) -> Values:
        """``tail·lim lead/ln 10`` without a lasting error (mighty), else 0 (meek)."""
        unlimited = limits.meek == jnp.inf
        bounded = self.share.ceiling < 1
        linear = self.share.tail * limits.lead / LN_10
        return jnp.where(unlimited & ~bounded, linear, super().limit_gap(limits))

    def invalid(self) -> Flags:
        """As the share is."""
        return self.share.invalid()

    def _log_odds(self, x: Values, lead: Values) -> Values:
        """``ln(gap / error_frontier)`` of the share."""
        return self.share.log_gap(x, lead) - self.share.log_error(x + lead)

    def _log_ratio(self, x: Values, lead: Values) -> Values:
        return jax.nn.softplus(self._log_odds(x, lead))

"""Nines: minus the decimal logarithm of the error of a share."""

import dataclasses
import math

import jax.numpy as jnp

from mc.model.axes import Flags, PathLimits, Values
from mc.model.curves.gompertz import Gompertz
from mc.model.curves.log_ratio import LogRatio
from mc.model.curves.logistic import Logistic
from mc.model.pytree import pytree

LN_10 = math.log(10)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Nines(LogRatio):
    """``F = −log10(1 − share)``: 0.99 is two nines.

    Attributes:
        share: The share whose error is counted.
    """

    share: Gompertz | Logistic

    def value(self, x: Values) -> Values:
        """``−log10(1 − share)``."""
        return -self.share.log_error(x) / LN_10

    def log_odds(self, x: Values, lead: Values) -> Values:
        """``ln(gap / error_frontier)`` of the share."""
        return self.share.log_gap(x, lead) - self.share.log_error(x + lead)

    def advantage(self, x: Values, lead: Values) -> Values:
        """``log10(1 + gap/error_frontier)``."""
        return super().advantage(x, lead) / LN_10

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        return super().log_gap(x, lead) - math.log(LN_10)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of share' / (error · ln 10)."""
        return self.share.log_slope(x) - self.share.log_error(x) - math.log(LN_10)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """That of the share, and the fall of its log error."""
        return self.share.log_slope_change(x, lead) + LN_10 * self.gap(x, lead)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``tail·lim lead/ln 10`` without a lasting error (mighty), else 0 (meek)."""
        unlimited = (limits.meek == jnp.inf) & (self.share.ceiling == 1)
        linear = self.share.tail * limits.lead / LN_10
        return jnp.where(unlimited, linear, super().limit_gap(limits))

    def invalid(self) -> Flags:
        """As the share is."""
        return self.share.invalid()

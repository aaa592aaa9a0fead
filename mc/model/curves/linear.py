"""Metrics that are linear in log compute: every mighty metric of the paper's tables."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Flags, PathLimits, Values
from mc.model.curves.curve import Curve
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Linear(Curve):
    """``F = start + slope·x``; on the scale ``log``, a power of compute.

    Attributes:
        start: Value at the meek actor's initial budget.
        slope: Gain per unit of log budget, positive.
    """

    start: Values
    slope: Values

    def value(self, x: Values) -> Values:
        """``start + slope·x``."""
        return self.start + self.slope * x

    def gap(self, x: Values, lead: Values) -> Values:
        """``slope·lead``, wherever the two stand."""
        return self.slope * lead + jnp.zeros_like(x)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln(slope·lead)``."""
        return jnp.log(jnp.maximum(self.gap(x, lead), 0.0))

    def log_slope(self, x: Values) -> Values:
        """``ln slope``: the same everywhere, so the gap follows the lead."""
        return jnp.log(self.slope) + jnp.zeros_like(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """0."""
        return jnp.zeros_like(x + lead)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``slope·lim lead`` (Theorem 2.5: not o(ln ln C), so mighty)."""
        return self.slope * limits.lead

    def invalid(self) -> Flags:
        """A slope must be positive: more compute, more of it."""
        return ~((self.slope > 0) & jnp.isfinite(self.start))

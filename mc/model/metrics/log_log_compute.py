"""The boundary case of the theorems: the logarithm of the logarithm of compute."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.curve import Curve
from mc.model.pytree import pytree

ENTRIES = {
    "log_log_compute": {
        "record": "LogLogCompute",
        "summary": "L·ln ln C: the slowest metric whose gap does not close",
        "capability": "boundary",
        "formula": "L*log(x)",
        "unit": "L",
        "undefined": "the initial compute must exceed e FLOP",
        "direction": "higher is better",
        "tolerance": 0.05,
        "arguments": {"slope": {"default": 1, "low": 1e-6, "high": 1e6}},
        "needs": [
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "boundary",
                "ln ln C measures nothing: it is where meek ends and mighty begins.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogLogCompute(Curve):
    """``L·ln ln C`` for C above e, below which it is 0 (science 2.2, 2.3).

    Attributes:
        start: ``ln C0``, above 1.
        factor: ``L``.
    """

    start: Values
    factor: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "LogLogCompute":
        """Per-draw constants."""
        del path
        return cls(start=log_initial_compute(parameters), factor=arguments["slope"])

    def value(self, x: Values) -> Values:
        """``L·ln ln C``."""
        return self.factor * jnp.log(self._log_compute(x))

    def advantage(self, x: Values, lead: Values) -> Values:
        """``L·ln(1 + lead/ln C)``."""
        return self.factor * jnp.log1p(self._share(x, lead))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        return jnp.log(jnp.maximum(self.gap(x, lead), 0.0))

    def log_slope(self, x: Values) -> Values:
        """``ln(L/ln C)``."""
        return jnp.log(self.factor) - jnp.log(self._log_compute(x))

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−ln(1 + lead/ln C)``; infinite where the slope behind is 0."""
        low = self.start + x + jnp.minimum(lead, 0.0) < 1
        flat = jnp.where(lead == 0, 0.0, jnp.sign(lead) * jnp.inf)
        return jnp.where(low, flat, -self.gap(x, lead) / self.factor)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``L·ln ρ`` (Theorem 2.5: the boundary); 0 where the lead ends growing."""
        both = (limits.meek == jnp.inf) & (limits.frontier == jnp.inf)
        ratio = jnp.where(both & jnp.isinf(limits.lead), limits.ratio, 1.0)
        lasting = self.factor * jnp.log(ratio)
        return jnp.where(both, lasting, super().limit_gap(limits))

    def invalid(self) -> Flags:
        """Compute must exceed e FLOP, or there is no second logarithm."""
        return ~((self.start > 1) & (self.factor > 0))

    def _log_compute(self, x: Values) -> Values:
        return jnp.maximum(self.start + x, 1.0)

    def _share(self, x: Values, lead: Values) -> Values:
        base = self._log_compute(x)
        outside = self.start + x < 1
        clipped = self._log_compute(x + lead) - base
        return jnp.where(outside, clipped, lead) / base

"""Cross-entropy loss that falls as a power of effective compute."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.differences import log_one_minus_exp, one_minus_exp

ENTRIES = {
    "validation_loss": {
        "record": "ValidationLoss",
        "summary": "cross-entropy loss, compute-optimal; gap = meek minus frontier",
        "unit": "nats/token",
        "undefined": "the loss exponent must be positive",
        "direction": "lower is better",
        "bounds": [0.0, None],
        "scale": "linear",
        "tolerance": 0.01,
        "series": {
            "gap": {"unit": "nats/token"},
            "frontier": {"unit": "nats/token"},
            "meek": {"unit": "nats/token"},
        },
        "needs": [
            [["loss_exponent"]],
            [["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"]],
            [["irreducible_loss"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "trend-gap",
                "The gap is between two points of one scaling law, not two models.",
            ],
        ],
    }
}


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class ValidationLoss:
    """``L = E + A·C^−γ`` (Hoffmann et al., arXiv 2203.15556), nats per token.

    Attributes:
        exponent: ``γ``, positive, dimensionless.
        log_start: ``ln R0``, R0 the reducible loss at the initial compute.
        irreducible: ``E``, nats per token; it cancels from the gap.
    """

    exponent: Values
    log_start: Values
    irreducible: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "ValidationLoss":
        """Per-draw constants; the law is given by A or by its loss at a pivot."""
        del path, arguments
        exponent = parameters["loss_exponent"]
        start = log_initial_compute(parameters)
        if "loss_coefficient" in parameters:
            log_start = parameters["loss_coefficient"] - exponent * start
        else:
            from_pivot = start - parameters["pivot_compute"]
            log_start = parameters["reducible_loss_at_pivot"] - exponent * from_pivot
        return cls(
            exponent=exponent,
            log_start=log_start,
            irreducible=parameters["irreducible_loss"],
        )

    def value(self, x: Values) -> Values:
        """``E + R(x)``."""
        return self.irreducible + jnp.exp(self.log_start - self.exponent * x)

    def gap(self, x: Values, lead: Values) -> Values:
        """``R(x)·(1 − e^(−γ·lead))``: meek minus frontier loss; R at the one behind."""
        behind = jnp.exp(self.log_start - self.exponent * (x + jnp.minimum(lead, 0.0)))
        size = behind * one_minus_exp(self.exponent * jnp.abs(lead))
        return jnp.where(lead == 0, 0.0, jnp.sign(lead) * size)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln R(x) + ln(1 − e^(−γ·lead))``."""
        share = log_one_minus_exp(self.exponent * lead)
        return self.log_start - self.exponent * x + share

    def log_slope(self, x: Values) -> Values:
        """``ln γR(x)``."""
        return jnp.log(self.exponent) + self.log_start - self.exponent * x

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−γ·lead``."""
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

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Gap and both actors' losses."""
        return {
            "gap": self.gap(x, lead),
            "frontier": self.value(x + lead),
            "meek": self.value(x),
        }

    def invalid(self) -> Flags:
        """An exponent must be positive: loss falls with compute."""
        finite = jnp.isfinite(self.log_start) & jnp.isfinite(self.irreducible)
        return ~((self.exponent > 0) & finite)

    def extrapolated(self, frontier: Values) -> Flags:
        """Never marked: the fits state no compute beyond which they fail."""
        return jnp.zeros(jnp.shape(frontier), bool)

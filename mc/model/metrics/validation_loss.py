"""Cross-entropy loss that falls as a power of effective compute, on three scales."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.curves.decay import Decay
from mc.model.curves.linear import Linear
from mc.model.curves.log_ratio import LogRatio
from mc.model.pytree import pytree
from mc.model.reducible_loss import ReducibleLoss

ENTRIES = {
    "validation_loss": {
        "record": "ValidationLoss",
        "summary": "cross-entropy loss, compute-optimal; gap = meek minus frontier",
        "capability": "prediction",
        "formula": "-(E + A*exp(-g*x))",
        "halving": "loss_exponent",
        "unit": "nats/token",
        "undefined": "the loss exponent must be positive",
        "direction": "lower is better",
        "bounds": [0.0, None],
        "tolerance": 0.01,
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
    },
    "relative_loss": {
        "record": "LogReducibleLoss",
        "summary": "reducible loss of the meek actor over the frontier's",
        "capability": "prediction",
        "formula": "g*x - log(A)",
        "halving": "loss_exponent",
        "unit": "ratio",
        "value_unit": "1/(nats/token)",
        "undefined": "the loss exponent must be positive",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "needs": [
            [["loss_exponent"]],
            [["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "reducible-only",
                "Only the reducible part of the loss is compared: the part that falls.",
            ],
        ],
    },
    "negative_log_loss": {
        "record": "LogReducibleLoss",
        "summary": "minus the logarithm of the reducible loss",
        "capability": "prediction",
        "formula": "g*x - log(A)",
        "halving": "loss_exponent",
        "unit": "nat (log)",
        "undefined": "the loss exponent must be positive",
        "direction": "higher is better",
        "tolerance": 0.2231,
        "needs": [
            [["loss_exponent"]],
            [["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "reducible-only",
                "Only the reducible part of the loss is compared: the part that falls.",
            ],
        ],
    },
    "negative_log_total_loss": {
        "record": "LogTotalLoss",
        "summary": "minus the logarithm of the whole loss; bounded by −ln E",
        "capability": "prediction",
        "formula": "-log(E + A*exp(-g*x))",
        "halving": "loss_exponent",
        "unit": "nat (log)",
        "undefined": "the loss exponent must be positive, the irreducible loss not < 0",
        "direction": "higher is better",
        "tolerance": 0.005,
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
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class ValidationLoss(Decay):
    """``L = E + A·C^−γ`` (Hoffmann et al., arXiv 2203.15556), nats per token.

    ``bound`` is E, which cancels from the gap; the gap is meek minus frontier.
    """

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "ValidationLoss":
        """Per-draw constants."""
        del path, arguments
        law = ReducibleLoss.prepare(parameters)
        return cls(
            exponent=law.exponent,
            log_start=law.log_start,
            bound=parameters["irreducible_loss"],
        )

    def value(self, x: Values) -> Values:
        """``E + R(x)``."""
        return self.bound + jnp.exp(self.log_rest(x))


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogReducibleLoss(Linear):
    """``−ln R = γ·x − ln R0``: linear in log compute (science 2.2), so mighty."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "LogReducibleLoss":
        """Per-draw constants."""
        del path, arguments
        law = ReducibleLoss.prepare(parameters)
        return cls(start=-law.log_start, slope=law.exponent)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogTotalLoss(LogRatio):
    """``−ln(E + R(x))``: meek for E > 0, where it is bounded; mighty for E = 0.

    Attributes:
        loss: The loss itself.
    """

    loss: ValidationLoss

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "LogTotalLoss":
        """Per-draw constants."""
        return cls(loss=ValidationLoss.prepare(parameters, path, arguments))

    def value(self, x: Values) -> Values:
        """``−ln(E + R(x))``."""
        return -self._log_total(x)

    def log_odds(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap in loss over the frontier's whole loss."""
        return self.loss.log_gap(x, lead) - self._log_total(x + lead)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of γ·R/L."""
        return jnp.log(self.loss.exponent) + self._log_share(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−γ·lead`` and the fall of the whole loss."""
        return self.gap(x, lead) - self.loss.exponent * lead

    def limit_gap(self, limits: PathLimits) -> Values:
        """``γ·lim lead`` where E is 0, or where compute falls for ever; else 0."""
        linear = (self.loss.bound == 0) | (limits.frontier == -jnp.inf)
        slope = self.loss.exponent * limits.lead
        return jnp.where(linear, slope, super().limit_gap(limits))

    def invalid(self) -> Flags:
        """An exponent must be positive and the irreducible loss not negative."""
        return self.loss.invalid() | ~(self.loss.bound >= 0)

    def _log_total(self, x: Values) -> Values:
        floor = self.loss.bound
        log_floor = jnp.where(
            floor > 0, jnp.log(jnp.where(floor > 0, floor, 1.0)), -jnp.inf
        )
        return jnp.logaddexp(log_floor, self.loss.log_rest(x))

    def _log_share(self, x: Values) -> Values:
        """``ln(R/L)`` at ``x``."""
        return self.loss.log_rest(x) - self._log_total(x)

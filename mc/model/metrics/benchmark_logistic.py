"""Accuracy on a benchmark, logistic in log compute or in a loss, floor to ceiling."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.accuracy import ends, logistic_in_compute
from mc.model.axes import Flags, Parameters, Path, Values
from mc.model.curves.all_right import AllRight
from mc.model.curves.curve import Curve
from mc.model.curves.logistic import Logistic
from mc.model.differences import (
    log_logistic,
    log_logistic_difference,
    log_logistic_slope_change,
    logistic_difference,
    one_minus_exp,
)
from mc.model.pytree import pytree
from mc.model.reducible_loss import ReducibleLoss

MOST_LOG_LOSS = 60.0
"""``ln`` of a loss at which no item is right, whatever the slope."""

ENTRIES = {
    "benchmark_logistic": {
        "record": "BenchmarkInCompute",
        "summary": "accuracy on a benchmark, logistic in log compute",
        "capability": "benchmarks",
        "formula": "c0 + c1/(1 + exp(-b*(x - m)))",
        "unit": "probability",
        "undefined": "the slope must be positive, floor below ceiling, both shares",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {
            "instance": {"default": "", "names": True},
            "items": {"default": 1, "low": 1, "high": 1e4},
        },
        "needs": [
            [["benchmark_slope_per_oom[]"]],
            [["benchmark_midpoint[]"]],
            [["benchmark_floor[]"], ["benchmark_floor"]],
            [["benchmark_ceiling[]"], ["benchmark_ceiling"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "benchmark-fit",
                "Benchmark curves are fitted across model families; one order of "
                "magnitude ahead they miss by 6 to 20 points.",
            ],
        ],
    },
    "benchmark_logistic_in_log_loss": {
        "record": "BenchmarkInLogLoss",
        "summary": "accuracy on a benchmark, logistic in minus log reducible loss",
        "capability": "benchmarks",
        "formula": "c0 + c1/(1 + exp(-b*(x - m)))",
        "unit": "probability",
        "undefined": "slopes must be positive, floor below ceiling, both shares",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {
            "instance": {"default": "", "names": True},
            "items": {"default": 1, "low": 1, "high": 1e4},
        },
        "needs": [
            [["benchmark_slope_in_log_loss[]"]],
            [["benchmark_midpoint_loss[]"]],
            [["benchmark_floor[]"], ["benchmark_floor"]],
            [["benchmark_ceiling[]"], ["benchmark_ceiling"]],
            [["loss_exponent"]],
            [["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "benchmark-fit",
                "Benchmark curves are fitted across model families; one order of "
                "magnitude ahead they miss by 6 to 20 points.",
            ],
        ],
    },
    "benchmark_logistic_in_loss": {
        "record": "BenchmarkInLoss",
        "summary": "accuracy on a benchmark, logistic in the loss (the 2025 MMLU map)",
        "capability": "benchmarks",
        "formula": "c0 + c1/(1 + exp(k*(E + A*exp(-g*x) - m)))",
        "unit": "probability",
        "undefined": "slopes must be positive, floor below ceiling, both shares",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {
            "instance": {"default": "", "names": True},
            "items": {"default": 1, "low": 1, "high": 1e4},
        },
        "needs": [
            [["benchmark_slope_in_loss[]"]],
            [["benchmark_loss_midpoint[]"]],
            [["benchmark_floor[]"], ["benchmark_floor"]],
            [["benchmark_ceiling[]"], ["benchmark_ceiling"]],
            [["loss_exponent"]],
            [["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"]],
            [["irreducible_loss"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "bounded-by-the-loss-floor",
                "A map from loss was fitted to one law's loss and tops out where "
                "reducible loss ends; with another law it must be fitted again.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchmarkInCompute(AllRight):
    """``c0 + (c1 − c0)·σ(β(ln C − m))`` (science 2.2; fits in 5.4)."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "BenchmarkInCompute":
        """Per-draw constants."""
        del path
        return cls(single=logistic_in_compute(parameters), items=arguments["items"])


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchmarkInLogLoss(AllRight):
    """``c0 + (c1 − c0)·σ(k(ln R_mid − ln R))``: the slope in ln C is k·γ."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "BenchmarkInLogLoss":
        """Per-draw constants."""
        del path
        law = ReducibleLoss.prepare(parameters)
        slope = parameters["benchmark_slope_in_log_loss"]
        start = slope * (parameters["benchmark_midpoint_loss"] - law.log_start)
        single = Logistic(start=start, slope=slope * law.exponent, **ends(parameters))
        return cls(single=single, items=arguments["items"])


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchmarkInLoss(AllRight):
    """``c0 + (c1 − c0)·σ(−k(L − L0))`` (Gundlach et al., arXiv 2507.07931)."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "BenchmarkInLoss":
        """Per-draw constants."""
        del path
        irreducible = parameters["irreducible_loss"]
        single = LogisticInLoss(
            slope=parameters["benchmark_slope_in_loss"],
            below=parameters["benchmark_loss_midpoint"] - irreducible,
            law=ReducibleLoss.prepare(parameters),
            **ends(parameters),
        )
        return cls(single=single, items=arguments["items"])


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class LogisticInLoss(Curve):
    """``floor + (ceiling − floor)·σ(k(below − R(x)))``.

    Attributes:
        slope: ``k``, logits per nat of loss.
        below: Loss at the midpoint over the irreducible loss, nats/token.
        law: The reducible loss R.
        floor: Share at a loss far above the midpoint.
        ceiling: Share at a loss far below it.
    """

    slope: Values
    below: Values
    law: ReducibleLoss
    floor: Values
    ceiling: Values

    def value(self, x: Values) -> Values:
        """Share at ``x``."""
        return self.floor + self._height() * jax.nn.sigmoid(self._logit(x))

    def advantage(self, x: Values, lead: Values) -> Values:
        """``height·(σ(z + d) − σ(z))`` with d = k times the gap in loss."""
        d = self._logits(x, lead)
        return self._height() * logistic_difference(self._logit(x), d)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        d = self._logits(x, jnp.maximum(lead, 0.0))
        return jnp.log(self._height()) + log_logistic_difference(self._logit(x), d)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of height · k·γR · σ(z)·σ(−z)."""
        z = self._logit(x)
        rest = self.law.log_start - self.law.exponent * x
        constant = jnp.log(self._height() * self.slope * self.law.exponent)
        return constant + rest + log_logistic(z) + log_logistic(-z)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """That of the logistic, and −γ·lead of the loss under it."""
        behind = x + jnp.minimum(lead, 0.0)
        d = self._logits(behind, jnp.abs(lead))
        change = log_logistic_slope_change(self._logit(behind), d)
        return jnp.sign(lead) * change - self.law.exponent * lead

    def invalid(self) -> Flags:
        """The curve must rise from a floor to a ceiling, both shares."""
        ordered = (self.floor >= 0) & (self.ceiling > self.floor) & (self.ceiling <= 1)
        curved = (self.slope > 0) & jnp.isfinite(self.below)
        return self.law.invalid() | ~(curved & ordered)

    def _height(self) -> Values:
        return self.ceiling - self.floor

    def _loss(self, x: Values) -> Values:
        """``R(x)``, finite in any precision."""
        rest = self.law.log_start - self.law.exponent * x
        return jnp.exp(jnp.minimum(rest, MOST_LOG_LOSS))

    def _logit(self, x: Values) -> Values:
        return self.slope * (self.below - self._loss(x))

    def _logits(self, x: Values, lead: Values) -> Values:
        """The gap in logits, for a lead at or above zero."""
        return self.slope * self._loss(x) * one_minus_exp(self.law.exponent * lead)

"""Success on tasks of one human length, logistic in the log of the time horizon."""

import dataclasses
import math
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.differences import (
    log_logistic,
    log_logistic_difference,
    log_logistic_slope_change,
    logistic_difference,
)
from mc.model.horizon import HorizonTrend

ENTRIES = {
    "task_success": {
        "record": "TaskSuccess",
        "summary": "share of METR-suite tasks of one length solved in one attempt",
        "unit": "probability",
        "undefined": "a doubling time needs a frontier whose compute grows, a success "
        "curve an 80 % horizon shorter than the 50 % one",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "scale": "linear",
        "tolerance": 0.05,
        "arguments": {"minutes": {"log": True, "low": 0.01, "high": 1e7}},
        "aliases": {
            "task_success_4min": {"minutes": 4.0},
            "task_success_1h": {"minutes": 60.0},
            "task_success_4h": {"minutes": 240.0},
        },
        "series": {
            "gap": {"unit": "probability"},
            "frontier": {"unit": "probability"},
            "meek": {"unit": "probability"},
        },
        "needs": [
            [["horizon_doubling_time"], ["horizon_elasticity"]],
            [["horizon_at_anchor", "anchor_date"]],
            [["horizon_ratio_50_80"]],
        ],
        "caveats": [
            [
                "trend-gap",
                "The gap is between two points of one trend, not two models.",
            ],
            [
                "what-success-is",
                "Success: the expected share of METR-suite tasks of this human length "
                "that a model on the trend solves in one attempt under automatic "
                "scoring.",
            ],
            [
                "above-16-hours",
                "Above 16 hours horizons are extrapolated: no suite measures them.",
            ],
        ],
    }
}


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskSuccess:
    """``σ(β·(ln h50 − ln τ))`` with ``β = ln 4 / ln(h50/h80)`` (METR's logistic).

    Attributes:
        trend: The horizon as a power of compute.
        slope: ``β``, logits per unit of log horizon.
        log_length: ``ln τ``, τ the tasks' human length in minutes.
    """

    trend: HorizonTrend
    slope: Values
    log_length: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "TaskSuccess":
        """Per-draw constants; the 50/80 ratio fixes the slope: σ(β·ln ratio) = 0.8."""
        return cls(
            trend=HorizonTrend.prepare(parameters, path),
            slope=math.log(4) / parameters["horizon_ratio_50_80"],
            log_length=arguments["minutes"],
        )

    def value(self, x: Values) -> Values:
        """Probability of success."""
        return jax.nn.sigmoid(self._logit(x))

    def gap(self, x: Values, lead: Values) -> Values:
        """Frontier minus meek probability."""
        return logistic_difference(self._logit(x), self._logits(lead))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        return log_logistic_difference(self._logit(x), self._logits(lead))

    def log_slope(self, x: Values) -> Values:
        """``ln βε·σ(z)·σ(−z)``."""
        z = self._logit(x)
        constant = jnp.log(self.slope * self.trend.elasticity)
        return constant + log_logistic(z) + log_logistic(-z)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−2·ln(cosh((z + d)/2) / cosh(z/2))``, z the logit and d its lead."""
        return log_logistic_slope_change(self._logit(x), self._logits(lead))

    def limit_gap(self, limits: PathLimits) -> Values:
        """``σ(∞) − σ(∞) = 0`` if compute grows for ever (Theorem 2.4)."""
        settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
        zero = jnp.zeros_like(limits.meek)
        still = self.gap(
            jnp.where(settled, limits.meek, zero), jnp.where(settled, limits.lead, zero)
        )
        apart = self.value(limits.frontier) - self.value(limits.meek)
        return jnp.where(settled, still, apart)

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Gap and both actors' success."""
        return {
            "gap": self.gap(x, lead),
            "frontier": self.value(x + lead),
            "meek": self.value(x),
        }

    def invalid(self) -> Flags:
        """The 80 % horizon is shorter than the 50 % horizon, or there is no curve."""
        return self.trend.invalid() | ~(self.slope > 0)

    def extrapolated(self, frontier: Values) -> Flags:
        """Above a horizon of 16 hours no task suite measures the trend."""
        return self.trend.extrapolated(frontier)

    def _logit(self, x: Values) -> Values:
        return self.slope * (self.trend.log_horizon(x) - self.log_length)

    def _logits(self, lead: Values) -> Values:
        return self.slope * self.trend.elasticity * lead

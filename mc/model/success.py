"""Success on tasks by their human length, logistic in the log of the time horizon."""

import dataclasses
import math

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, Values
from mc.model.curves.logistic import Logistic
from mc.model.horizon import HorizonTrend, OfHorizon
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class SuccessCurve(OfHorizon, Logistic):
    """``σ(β·(ln h50 − ln τ))`` with ``β = ln 4 / ln(h50/h80)`` (METR's logistic).

    Attributes:
        trend: The horizon as a function of compute.
    """

    trend: HorizonTrend

    @classmethod
    def of(
        cls, parameters: Parameters, path: Path, log_minutes: Values
    ) -> "SuccessCurve":
        """Per-draw constants; the 50/80 ratio fixes the slope: σ(β·ln ratio) = 0.8.

        Args:
            parameters: On their canonical scales.
            path: Training compute.
            log_minutes: ``ln τ``, τ the human length of the tasks.
        """
        trend = HorizonTrend.prepare(parameters, path)
        logits = math.log(4) / parameters["horizon_ratio_50_80"]
        return cls(
            start=logits * (trend.log_minutes - log_minutes),
            slope=logits * trend.elasticity,
            floor=jnp.zeros_like(logits),
            ceiling=jnp.ones_like(logits),
            trend=trend,
        )

    def invalid(self) -> Flags:
        """The 80 % horizon is shorter than the 50 % horizon, or there is no curve."""
        return self.trend.invalid() | super().invalid()

"""Success on tasks of one human length, logistic in the log of the time horizon."""

import dataclasses
import math
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, Values
from mc.model.curves.logistic import Logistic
from mc.model.horizon import HorizonTrend

ENTRIES = {
    "task_success": {
        "record": "TaskSuccess",
        "summary": "share of METR-suite tasks of one length solved in one attempt",
        "capability": "tasks",
        "formula": "1/(1 + exp(-b*(x - m)))",
        "unit": "probability",
        "undefined": "a doubling time needs a frontier whose compute grows, a success "
        "curve an 80 % horizon shorter than the 50 % one",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {"minutes": {"log": True, "low": 0.01, "high": 1e7}},
        "aliases": {
            "task_success_4min": {"minutes": 4.0},
            "task_success_1h": {"minutes": 60.0},
            "task_success_4h": {"minutes": 240.0},
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
class TaskSuccess(Logistic):
    """``σ(β·(ln h50 − ln τ))`` with ``β = ln 4 / ln(h50/h80)`` (METR's logistic).

    Attributes:
        trend: The horizon as a power of compute.
    """

    trend: HorizonTrend

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "TaskSuccess":
        """Per-draw constants; the 50/80 ratio fixes the slope: σ(β·ln ratio) = 0.8."""
        trend = HorizonTrend.prepare(parameters, path)
        logits = math.log(4) / parameters["horizon_ratio_50_80"]
        return cls(
            start=logits * (trend.log_minutes - arguments["minutes"]),
            slope=logits * trend.elasticity,
            floor=jnp.zeros_like(logits),
            ceiling=jnp.ones_like(logits),
            trend=trend,
        )

    def invalid(self) -> Flags:
        """The 80 % horizon is shorter than the 50 % horizon, or there is no curve."""
        return self.trend.invalid() | super().invalid()

    def extrapolated(self, frontier: Values) -> Flags:
        """Above a horizon of 16 hours no task suite measures the trend."""
        return self.trend.extrapolated(frontier)

"""Success on tasks of one human length."""

import dataclasses
from collections.abc import Mapping

from mc.model.axes import Parameters, Path, Values
from mc.model.pytree import pytree
from mc.model.success import SuccessCurve

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
            [
                [
                    "horizon_doubling_time",
                    "early_horizon_doubling_time",
                    "horizon_kink_date",
                ],
                [
                    "horizon_elasticity",
                    "early_horizon_doubling_time",
                    "horizon_kink_date",
                ],
                ["horizon_doubling_time"],
                ["horizon_elasticity"],
            ],
            [["horizon_at_anchor", "anchor_date"]],
            [["horizon_ratio_50_80"]],
        ],
        "caveats": [
            [
                "trend-gap",
                "The gap is between two points of one trend in compute, its kink "
                "included, not two models.",
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


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskSuccess(SuccessCurve):
    """Success in one attempt on tasks of the length that is asked for."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> SuccessCurve:
        """Per-draw constants."""
        return cls.of(parameters, path, arguments["minutes"])

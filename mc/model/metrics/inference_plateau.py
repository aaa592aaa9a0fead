"""Elo and horizon as functions of inference compute, which level off."""

import dataclasses
import math
from collections.abc import Mapping

import jax

from mc.model.axes import Flags, Parameters, Path, Trajectories, Values
from mc.model.curves.decay import Decay
from mc.model.horizon import HorizonTrend
from mc.model.inference import InferenceBudget
from mc.model.pytree import pytree

ENTRIES = {
    "elo_inference": {
        "record": "EloInference",
        "summary": "Elo in inference compute, levelling off at a plateau",
        "capability": "games",
        "formula": "P - P*exp(-c*x)",
        "unit": "Elo",
        "undefined": "Elo per OOM and plateau must be positive",
        "direction": "higher is better",
        "tolerance": 35.0,
        "needs": [
            [["elo_per_inference_oom"]],
            [["elo_inference_plateau"]],
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "plateau-assumed",
                "The form P·(1 − e^(−kx/P)) is assumed: sources show that gains from "
                "inference level off, not how.",
            ],
            [
                "inference-only",
                "Both actors run the same model and differ in inference spending "
                "alone; growth of that spending is assumed.",
            ],
        ],
    },
    "time_horizon_inference": {
        "record": "HorizonInference",
        "summary": "time horizon in inference compute, levelling off at a plateau",
        "capability": "tasks",
        "formula": "exp(P - P*exp(-c*x))",
        "unit": "ratio",
        "undefined": "elasticity and plateau must be positive, the plateau above 1",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "series": {
            "gap": {"unit": "ratio", "scale": "log"},
            "frontier": {"unit": "hours", "scale": "log", "divisor": 60.0},
            "meek": {"unit": "hours", "scale": "log", "divisor": 60.0},
        },
        "needs": [
            [["horizon_inference_elasticity"]],
            [["horizon_inference_plateau"]],
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
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "plateau-assumed",
                "The form P·(1 − e^(−kx/P)) is assumed: sources show that gains from "
                "inference level off, not how.",
            ],
            [
                "inference-only",
                "Both actors run the same model and differ in inference spending "
                "alone; growth of that spending is assumed.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class EloInference(Decay):
    """``P·(1 − e^(−kx/(P·ln 10)))``: k Elo per OOM at first, P at most.

    Assumed form; that it levels off: Jones 2021, arXiv 2104.03113.

    Attributes:
        inference: What both actors spend on inference.
    """

    inference: InferenceBudget

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "EloInference":
        """Per-draw constants; 0 is the meek actor's level at the start."""
        del arguments
        plateau = parameters["elo_inference_plateau"]
        return cls(
            exponent=parameters["elo_per_inference_oom"] / (plateau * math.log(10)),
            log_start=jax.numpy.log(plateau),
            bound=plateau,
            inference=InferenceBudget.prepare(parameters, path),
        )

    def budget(self, path: Path) -> Trajectories:
        """Inference compute."""
        return self.inference.along(path)

    def invalid(self) -> Flags:
        """Gain and plateau must be positive."""
        return ~(self.bound > 0) | super().invalid()


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HorizonInference(Decay):
    """``ln h = ln h0 + P·(1 − e^(−εx/P))``, value and gap as logarithms.

    Assumed form; that horizons level off in inference compute: Ord 2025.

    Attributes:
        plateau: ``P``, ``ln`` of the horizon at the plateau over that at the start.
        inference: What both actors spend on inference.
    """

    plateau: Values
    inference: InferenceBudget

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HorizonInference":
        """Per-draw constants; both start at the meek actor's horizon."""
        del arguments
        plateau = parameters["horizon_inference_plateau"]
        start = HorizonTrend.prepare(parameters, path).log_start()
        return cls(
            exponent=parameters["horizon_inference_elasticity"] / plateau,
            log_start=jax.numpy.log(plateau),
            bound=start + plateau,
            plateau=plateau,
            inference=InferenceBudget.prepare(parameters, path),
        )

    def budget(self, path: Path) -> Trajectories:
        """Inference compute."""
        return self.inference.along(path)

    def invalid(self) -> Flags:
        """Elasticity and plateau must be positive."""
        return ~(self.plateau > 0) | super().invalid()

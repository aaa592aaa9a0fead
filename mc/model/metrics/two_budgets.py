"""Training and inference compute together: metrics of two budgets.

The paper leaves a joint law open. Assumed here: each metric sees a weighted sum of
the two log budgets, so training and inference stand for each other at a constant
rate (as Jones 2021, arXiv 2104.03113, measured in the game Hex).
"""

import dataclasses
import math
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Parameters, Path, Trajectories, Values
from mc.model.curves.gompertz import Gompertz
from mc.model.curves.linear import Linear
from mc.model.inference import InferenceBudget, TwoBudgets
from mc.model.pytree import pytree

ENTRIES = {
    "elo_two_budgets": {
        "record": "EloTwoBudgets",
        "summary": "Elo linear in log training and in log inference compute",
        "capability": "games",
        "formula": "k*x/log(10)",
        "unit": "Elo",
        "undefined": "Elo per OOM must be positive",
        "direction": "higher is better",
        "tolerance": 35.0,
        "needs": [
            [["elo_per_oom"]],
            [["elo_per_inference_oom"]],
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "joint-law-assumed",
                "Assumed: training and inference compute stand for each other at a "
                "constant rate; no joint law is published.",
            ],
        ],
    },
    "pass_at_k_two_budgets": {
        "record": "PassAtKTwoBudgets",
        "summary": "pass@k where training lowers what tries must overcome",
        "capability": "sampling",
        "formula": "exp(-B*exp(-a*x))",
        "unit": "probability",
        "undefined": "exponents must not be negative",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "needs": [
            [["pass_at_k_scale"]],
            [["pass_at_k_exponent"]],
            [["coverage_training_exponent"]],
            [["initial_samples"]],
            [["inference_efficiency_growth"]],
            [["inference_investment_growth"]],
            [["initial_inference_ratio"]],
        ],
        "caveats": [
            [
                "joint-law-assumed",
                "Assumed: training and inference compute stand for each other at a "
                "constant rate; no joint law is published.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class EloTwoBudgets(Linear):
    """``(k·x + k_i·x_i)/ln 10``, k and k_i Elo per OOM of training and inference.

    Attributes:
        both: The weighted sum of the budgets.
    """

    both: TwoBudgets

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "EloTwoBudgets":
        """Per-draw constants."""
        del arguments
        weight = parameters["elo_per_oom"] / math.log(10)
        both = TwoBudgets(
            training=path,
            inference=InferenceBudget.prepare(parameters, path),
            training_weight=weight,
            inference_weight=parameters["elo_per_inference_oom"] / math.log(10),
        )
        return cls(start=jnp.zeros_like(weight), slope=jnp.ones_like(weight), both=both)

    def budget(self, path: Path) -> Trajectories:
        """Training and inference compute."""
        return self.both.along(path)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class PassAtKTwoBudgets(Gompertz):
    """``exp(−B·(C/C0)^(−α)·k^(−β))``: Gompertz in the weighted sum of both.

    Attributes:
        both: The weighted sum of the budgets.
    """

    both: TwoBudgets

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "PassAtKTwoBudgets":
        """Per-draw constants; B holds at the meek actor's initial compute."""
        del arguments
        exponent = parameters["pass_at_k_exponent"]
        tries = exponent * parameters["initial_samples"]
        both = TwoBudgets(
            training=path,
            inference=InferenceBudget.prepare(parameters, path),
            training_weight=parameters["coverage_training_exponent"],
            inference_weight=exponent,
        )
        return cls(
            start=parameters["pass_at_k_scale"] - tries,
            exponent=jnp.ones_like(exponent),
            floor=jnp.zeros_like(exponent),
            ceiling=jnp.ones_like(exponent),
            both=both,
        )

    def budget(self, path: Path) -> Trajectories:
        """Training and inference compute."""
        return self.both.along(path)

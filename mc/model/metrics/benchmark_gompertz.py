"""Accuracy where an answer needs many right tokens: a Gompertz curve in log compute."""

import dataclasses
from collections.abc import Mapping

from mc.model.accuracy import gompertz_in_loss
from mc.model.axes import Parameters, Path, Values
from mc.model.curves.gompertz import Gompertz
from mc.model.pytree import pytree

ENTRIES = {
    "benchmark_gompertz": {
        "record": "BenchmarkGompertz",
        "summary": "accuracy where n tokens must all be right: exp(−n·R)",
        "capability": "benchmarks",
        "formula": "c0 + c1*exp(-n*A*exp(-g*x))",
        "halving": "loss_exponent",
        "unit": "probability",
        "undefined": "the loss exponent must be positive, floor below ceiling",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "needs": [
            [["tokens_per_answer"]],
            [["benchmark_floor"]],
            [["benchmark_ceiling"]],
            [["loss_exponent"]],
            [["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"]],
            [["initial_compute"], ["meek_budget", "compute_per_dollar"]],
        ],
        "caveats": [
            [
                "tokens-independent",
                "Assumed: the tokens of an answer are right or wrong independently, "
                "each with probability exp(−R).",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class BenchmarkGompertz(Gompertz):
    """``c0 + (c1 − c0)·exp(−n·R(x))`` (science 2.2: a token is right at e^(−R))."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "BenchmarkGompertz":
        """Per-draw constants."""
        del path, arguments
        return cls(**vars(gompertz_in_loss(parameters)))

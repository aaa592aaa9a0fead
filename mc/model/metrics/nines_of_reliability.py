"""Nines of reliability: the unbounded twin of an accuracy."""

import dataclasses
import math
from collections.abc import Mapping

from mc.model.accuracy import gompertz_in_loss, logistic_in_compute
from mc.model.axes import Parameters, Path, Values
from mc.model.curves.linear import Linear
from mc.model.curves.nines import Nines
from mc.model.pytree import pytree
from mc.model.reducible_loss import ReducibleLoss

LN_10 = math.log(10)

ENTRIES = {
    "nines_of_reliability": {
        "record": "NinesOfGompertz",
        "summary": "minus log10 of the error of an answer of n tokens",
        "capability": "benchmarks",
        "formula": "-log10(1 - exp(-n*A*exp(-g*x)))",
        "halving": "loss_exponent",
        "unit": "nines",
        "undefined": "exponents must be positive, floor below ceiling",
        "direction": "higher is better",
        "tolerance": 0.1,
        "arguments": {
            "instance": {"default": "", "names": True},
            "of": {
                "default": "gompertz",
                "choices": {
                    "gompertz": {},
                    "logistic": {
                        "record": "NinesOfLogistic",
                        "summary": "minus log10 of the error on a benchmark that is "
                        "logistic in log compute",
                        "formula": "-log10(1 - 1/(1 + exp(-b*(x - m))))",
                        "halving": "",
                        "needs": [
                            [["benchmark_slope_per_oom[]"]],
                            [["benchmark_midpoint[]"]],
                            [["benchmark_floor[]"], ["benchmark_floor"]],
                            [["benchmark_ceiling[]"], ["benchmark_ceiling"]],
                            [
                                ["initial_compute"],
                                ["meek_budget", "compute_per_dollar"],
                            ],
                        ],
                    },
                    "small_error": {
                        "record": "NinesOfSmallError",
                        "summary": "minus log10 of n·R, the error of an answer while "
                        "it is small",
                        "formula": "(g*x - log(n*A))/log(10)",
                        "needs": [
                            [["tokens_per_answer"]],
                            [["loss_exponent"]],
                            [
                                ["loss_coefficient"],
                                ["reducible_loss_at_pivot", "pivot_compute"],
                            ],
                            [
                                ["initial_compute"],
                                ["meek_budget", "compute_per_dollar"],
                            ],
                        ],
                    },
                },
            },
        },
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
                "no-error-floor",
                "Nines grow without end only where no answer is wrong for ever: with "
                "a ceiling below 1 they are bounded, and the gap closes.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class NinesOfGompertz(Nines):
    """``−log10(1 − accuracy)`` of an answer of n tokens (science 2.2)."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "NinesOfGompertz":
        """Per-draw constants."""
        del path, arguments
        return cls(share=gompertz_in_loss(parameters))


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class NinesOfLogistic(Nines):
    """``−log10(1 − accuracy)`` of a benchmark logistic in log compute."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "NinesOfLogistic":
        """Per-draw constants."""
        del path, arguments
        return cls(share=logistic_in_compute(parameters))


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class NinesOfSmallError(Linear):
    """``(γ·x − ln(nR0))/ln 10``: linear in log compute (science 2.2)."""

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "NinesOfSmallError":
        """Per-draw constants."""
        del path, arguments
        law = ReducibleLoss.prepare(parameters)
        start = -(parameters["tokens_per_answer"] + law.log_start) / LN_10
        return cls(start=start, slope=law.exponent / LN_10)

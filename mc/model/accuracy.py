"""Curves of accuracy that a benchmark and its nines share."""

import math

from mc.model.axes import Parameters, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.gompertz import Gompertz
from mc.model.curves.logistic import Logistic
from mc.model.reducible_loss import ReducibleLoss


def logistic_in_compute(parameters: Parameters) -> Logistic:
    """Accuracy on single items; a slope per OOM is β·ln 10."""
    slope = parameters["benchmark_slope_per_oom"] / math.log(10)
    above = log_initial_compute(parameters) - parameters["benchmark_midpoint"]
    return Logistic(start=slope * above, slope=slope, **ends(parameters))


def gompertz_in_loss(parameters: Parameters) -> Gompertz:
    """Accuracy of an answer of n tokens: ``u = n·R`` (science 2.2)."""
    law = ReducibleLoss.prepare(parameters)
    return Gompertz(
        start=parameters["tokens_per_answer"] + law.log_start,
        exponent=law.exponent,
        **ends(parameters),
    )


def ends(parameters: Parameters) -> dict[str, Values]:
    """Accuracy by chance, and the highest that can be reached."""
    return {
        "floor": parameters["benchmark_floor"],
        "ceiling": parameters["benchmark_ceiling"],
    }

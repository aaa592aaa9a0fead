"""From what an actor spends to what it trains with, at the reference date."""

from mc.model.axes import Parameters, Values

COMPUTE_NEEDS = (
    ("initial_compute",),
    ("meek_budget", "compute_per_dollar"),
)
"""The ways of saying the meek actor's effective compute at the reference date."""

BUDGET_NEEDS = (
    ("meek_budget",),
    ("initial_compute", "compute_per_dollar"),
)
"""The ways of saying what the meek actor spends on a training run."""


def log_initial_compute(parameters: Parameters) -> Values:
    """``ln C0``, FLOP; every parameter on its canonical scale."""
    if "initial_compute" in parameters:
        return parameters["initial_compute"]
    return parameters["meek_budget"] + parameters["compute_per_dollar"]


def log_meek_budget(parameters: Parameters) -> Values:
    """``ln`` of the meek actor's dollars per training run."""
    if "meek_budget" in parameters:
        return parameters["meek_budget"]
    return parameters["initial_compute"] - parameters["compute_per_dollar"]

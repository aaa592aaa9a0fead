"""From what an actor spends to what it trains with, at the reference date."""

from mc.model.axes import Parameters, Values


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

"""From what an actor spends to what it trains with, at the reference date."""

from mc.model.axes import Parameters, Path, Values


def log_initial_compute(parameters: Parameters, path: Path | None = None) -> Values:
    """``ln C0``, FLOP; every parameter on its canonical scale.

    Args:
        parameters: Where the meek actor's FLOP, or its dollars and what they buy,
            or the frontier's FLOP and its lead, are said.
        path: Growth since the epoch, where one of these holds on another date.
    """
    if "initial_compute" in parameters:
        return parameters["initial_compute"]
    if "meek_budget" not in parameters:
        ratio = parameters["initial_compute_ratio"]
        return log_frontier_compute(parameters, path) - ratio
    price = parameters["compute_per_dollar"]
    if "meek_budget_date" in parameters and path is not None:
        price = price - path.log_hardware(parameters["meek_budget_date"])
    return parameters["meek_budget"] + price


def log_frontier_compute(parameters: Parameters, path: Path | None = None) -> Values:
    """``ln`` of the frontier's FLOP at the epoch, where they are said on a date."""
    compute = parameters["frontier_compute"]
    if "frontier_compute_date" in parameters and path is not None:
        date = parameters["frontier_compute_date"]
        compute = compute - path.log_hardware(date) - path.log_investment(date)
    return compute


def log_initial_ratio(parameters: Parameters, path: Path) -> Values:
    """``ln κ``: the frontier's lead at the epoch; zero where nothing is said."""
    if "initial_compute_ratio" in parameters:
        return parameters["initial_compute_ratio"]
    if "frontier_compute" in parameters:
        frontier = log_frontier_compute(parameters, path)
        return frontier - log_initial_compute(parameters, path)
    return 0 * parameters["hardware_growth"]

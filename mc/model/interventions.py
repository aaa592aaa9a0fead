"""What an intervention changes, draw by draw, and what it leaves as it was.

A card states what is observed; mechanisms follow from it. An intervention, or another
meek actor, changes some mechanisms of a draw and keeps the others: the frontier's
compute, the price of compute, rates of growth, and every metric's dependence on
compute. What was observed then follows from these.
"""

from collections.abc import Callable

from mc.model.axes import Parameters, Path, Values
from mc.model.budgets import log_initial_compute
from mc.model.change import GIVES_WAY, PLUS, SET, TIMES, Change, knows_compute

_HOW: dict[str, Callable[[Values, Values], Values]] = {
    SET: lambda _, new: new,
    TIMES: lambda old, factor: old * factor,
    PLUS: lambda old, more: old + more,
}


def mechanisms(parameters: Parameters, path: Path) -> dict[str, Values]:
    """The mechanisms behind what a card states, on canonical scales.

    Args:
        parameters: The draws of the card.
        path: The card's own path, prepared from them.
    """
    found = dict(parameters)
    hardware = found["hardware_growth"]
    if "training_compute_growth" in found:
        found["investment_growth"] = found.pop("training_compute_growth") - hardware
    if "clock_ratio" in found:
        clock = found.pop("clock_ratio")
        shared = found["investment_growth"] * clock / (1 - clock)
        found["algorithmic_growth"] = shared - hardware
    if not knows_compute(parameters):
        return found
    start = log_initial_compute(parameters, path)
    found["initial_compute"] = start
    epoch = 0 * hardware
    found["frontier_compute"] = start + path.x(epoch) + path.lead(epoch)
    if "meek_budget" in found:
        found["compute_per_dollar"] = start - found["meek_budget"]
    for name in ("initial_compute_ratio", "frontier_compute_date", "meek_budget_date"):
        found.pop(name, None)
    return found


def intervened(
    parameters: Parameters, path: Path, changes: tuple[Change, ...]
) -> dict[str, Values]:
    """The parameters of a world in which ``changes`` are made.

    Args:
        parameters: The draws of the card, and the numbers of the changes.
        path: The card's own path, prepared from them.
        changes: In order.
    """
    found = mechanisms(parameters, path)
    for change in changes:
        old = found.get(change.name, parameters[change.key])
        new = _HOW[change.how](old, parameters[change.key])
        for name in GIVES_WAY.get(change.name, ()):
            found.pop(name, None)
        found[change.name] = new
    return found

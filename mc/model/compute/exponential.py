"""Effective compute that grows by constant factors a year: how every path starts."""

from typing import Any

from mc.model.axes import Parameters
from mc.model.growth.growth import Steady
from mc.model.ledger import Ledger

ENTRIES = {
    "exponential": {
        "record": "Exponential",
        "summary": "constant growth of hardware, algorithms and investment, for ever",
        "assumes": "budgets grow for ever",
        "needs": [
            [["hardware_growth"]],
            [["algorithmic_growth"], ["clock_ratio"]],
            [["investment_growth"], ["training_compute_growth"]],
            [
                ["initial_compute_ratio"],
                ["frontier_compute", "initial_compute"],
                ["frontier_compute", "meek_budget", "compute_per_dollar"],
                [],
            ],
            [["frontier_compute_date"], []],
            [["meek_budget_date"], []],
            [["meek_investment_growth"], []],
            [["inflation"], []],
            [["meek_hardware_growth"], []],
            [["meek_algorithmic_share"], []],
        ],
        "caveats": [
            [
                "growth-for-ever",
                "Investment, hardware and algorithms grow at constant rates for ever.",
            ]
        ],
    }
}


class Exponential:
    """Hardware, algorithms and spending that each grow at one rate (science 1)."""

    @staticmethod
    def prepare(parameters: Parameters) -> Any:
        """Per-draw constants from parameters on their canonical scales."""
        from mc.model.path_record import PathRecord

        return PathRecord().prepare(parameters)


def steady_ledger(parameters: Parameters) -> Ledger:
    """A ledger of steady growth that starts at no lead.

    ``s = h + a`` and ``v``; where the clock ratio r is known instead of the
    algorithms, ``s = v·r/(1 − r)``; where the growth of training compute is known
    instead of investment, ``v`` is that less ``h``.
    """
    hardware = parameters["hardware_growth"]
    if "investment_growth" in parameters:
        investment = parameters["investment_growth"]
    else:
        investment = parameters["training_compute_growth"] - hardware
    if "algorithmic_growth" in parameters:
        algorithms = parameters["algorithmic_growth"]
    else:
        clock = parameters["clock_ratio"]
        algorithms = investment * clock / (1 - clock) - hardware
    none = 0 * hardware
    return Ledger(
        hardware=Steady(per_year=hardware),
        algorithms=Steady(per_year=algorithms),
        investment=Steady(per_year=investment),
        meek_investment=Steady(per_year=none),
        log_ratio=none,
        start=none,
    )

"""Growth rates that wander from year to year, each around its mean."""

import dataclasses

from mc.model.axes import Parameters, Values
from mc.model.entries import INNOVATION_YEARS
from mc.model.growth.drifting import Drifting, year_turns
from mc.model.growth.growth import Growth
from mc.model.ledger import Ledger

ENTRIES = {
    "drifting_rates": {
        "record": "DriftingRates",
        "summary": "hardware, algorithms and investment grow at rates that wander for "
        "forty years, then at their means",
        "replaces": ["hardware", "algorithms", "investment"],
        "innovations": ["hardware_growth", "algorithmic_growth", "investment_growth"],
        "needs": [
            [["drift_persistence"]],
            [["hardware_drift"]],
            [["algorithmic_drift"]],
            [["investment_drift"]],
        ],
        "caveats": [
            [
                "drift-for-forty-years",
                "Rates wander for forty years; after that each is at its mean.",
            ],
        ],
    }
}


class DriftingRates:
    """Each rate ``g + d_k`` in year ``k``; ``d_k = φ·d_(k−1) + σ·ε_k``, ``d_0 = 0``.

    From the end of year 40 on each rate is its mean ``g``, within the event window and
    for ever: classes of limits are those of the mean rates.
    """

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger with three rates that drift, independently of each other."""
        persistence = parameters["drift_persistence"]
        turns = year_turns(persistence, INNOVATION_YEARS)

        def drifting(growth: Growth, name: str, drift: str) -> Drifting:
            mean, sd = growth.rate(0 * persistence), parameters[drift]
            chance = innovations(parameters, name)
            return Drifting.of(mean, persistence, sd, chance, turns)

        return dataclasses.replace(
            ledger,
            hardware=drifting(ledger.hardware, "hardware_growth", "hardware_drift"),
            algorithms=drifting(
                ledger.algorithms, "algorithmic_growth", "algorithmic_drift"
            ),
            investment=drifting(
                ledger.investment, "investment_growth", "investment_drift"
            ),
        )


def innovations(parameters: Parameters, growth: str) -> list[Values]:
    """``ε_1, ε_2, …`` of a growth, from the second year after the epoch on."""
    years = range(1, INNOVATION_YEARS + 1)
    return [parameters[f"innovation[{growth}.{k}]"] for k in years]

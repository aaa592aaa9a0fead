"""Algorithms that grow at one rate before a date and at another after it."""

import dataclasses

from mc.model.axes import Parameters
from mc.model.growth.turning import Kinked
from mc.model.ledger import Ledger

ENTRIES = {
    "kinked_trend": {
        "record": "KinkedTrend",
        "summary": "growth of algorithms changes on a date, for both actors",
        "replaces": ["algorithms"],
        "needs": [[["trend_kink_date"]], [["late_algorithmic_growth"]]],
        "caveats": [
            ["kink", "Whether and when a trend bends is read from few models."],
        ],
    }
}


class KinkedTrend:
    """``A = a·min(t, T) + a1·max(t − T, 0)``."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose algorithms have a kink."""
        date = parameters["trend_kink_date"]
        later = parameters["late_algorithmic_growth"]
        algorithms = Kinked.of(ledger.algorithms, later, date=date)
        ledger = dataclasses.replace(ledger, algorithms=algorithms)
        return ledger.with_landmark("algorithms_kink", date)

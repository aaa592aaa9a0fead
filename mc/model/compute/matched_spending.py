"""A meek actor that spends more whenever the frontier does, from a smaller start."""

import dataclasses

from mc.model.axes import Parameters
from mc.model.growth.growth import Total
from mc.model.ledger import Ledger

ENTRIES = {
    "matched_spending": {
        "record": "MatchedSpending",
        "summary": "the meek actor's spending grows as the frontier's does",
        "replaces": ["meek_investment"],
        "needs": [],
        "caveats": [
            [
                "spending-in-step",
                "The meek actor's spending grows, and slows, as the frontier's does.",
            ],
        ],
    }
}


class MatchedSpending:
    """``I_m = I``: a constant share of the frontier's spending (science 3, ledger)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger in which spending cancels from the lead."""
        del parameters
        spending = Total.of(ledger.meek_investment, ledger.investment)
        return dataclasses.replace(ledger, meek_investment=spending)

"""Budgets of inference, as the training compute that they make affordable."""

import dataclasses

from mc.model.axes import Parameters
from mc.model.growth.growth import Steady, Total
from mc.model.ledger import Ledger

ENTRIES = {
    "inference_budget": {
        "record": "InferenceBudgets",
        "summary": "budgets are for inference: hardware and spending count twice",
        "replaces": ["investment", "algorithms"],
        "needs": [[["inference_investment_growth"]]],
        "caveats": [
            [
                "inference-squared",
                "Affordable training compute goes as the square of what inference "
                "buys (Gundlach, Lynch and Thompson, arXiv 2507.07931).",
            ],
        ],
    }
}


class InferenceBudgets:
    """``x = 2·H + A``, lead ``ln κ + 2·v_k·t`` (science 3.3).

    Inference costs as much as a model has parameters, its best training as much as
    their square. Hardware and investment stay prices and dollars: what they count for
    the second time is among the algorithms, and among what only the frontier has.
    """

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger of the compute that inference budgets make affordable."""
        spending = Steady(per_year=parameters["inference_investment_growth"])
        return dataclasses.replace(
            ledger,
            algorithms=Total.of(ledger.algorithms, ledger.hardware),
            investment=spending,
            extra=(*ledger.extra, spending),
        )

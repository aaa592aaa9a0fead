"""Budgets of inference, as the training compute that they make affordable."""

import dataclasses
from typing import Any, ClassVar

from mc.model.axes import Parameters
from mc.model.growth.growth import Steady
from mc.model.ledger import Ledger
from mc.model.pytree import pytree

ENTRIES = {
    "inference_budget": {
        "record": "InferenceBudgets",
        "summary": "budgets are for inference: hardware and spending count twice",
        "replaces": ["investment"],
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


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class InferenceBudgets(Ledger):
    """``x = 2·(H_m + I_m) + A_m``, lead ``ln κ + 2·(I − I_m + K_H) + K`` (science 3.3).

    Inference costs as much as a model has parameters, its best training as much as
    their square: what money buys counts twice for each actor, at its own price of a
    FLOP and its own spending; algorithms count once.
    """

    counts: ClassVar[int] = 2

    @classmethod
    def apply(cls, ledger: Ledger, parameters: Parameters) -> "InferenceBudgets":
        """The ledger of the compute that inference budgets make affordable."""
        entries: dict[str, Any] = {
            f.name: getattr(ledger, f.name) for f in dataclasses.fields(ledger)
        }
        growth = parameters["inference_investment_growth"]
        entries["investment"] = Steady(per_year=growth)
        return cls(**entries)

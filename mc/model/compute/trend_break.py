"""Effective compute jumps on a date: one strong model that re-centres a trend."""

import dataclasses

from mc.model.axes import Parameters
from mc.model.growth.growth import Total
from mc.model.growth.jump import Jump
from mc.model.ledger import Ledger

ENTRIES = {
    "trend_break": {
        "record": "Frontier",
        "summary": "the frontier's effective compute jumps on a date",
        "replaces": ["extra"],
        "needs": [[["trend_break_date"]], [["trend_break_size"]]],
        "arguments": {
            "who": {
                "default": "frontier",
                "choices": {
                    "frontier": {},
                    "both": {
                        "record": "Both",
                        "summary": "effective compute of both actors jumps on a date",
                    },
                },
            }
        },
        "caveats": [
            ["one-break", "One model is not a trend: size and date are judgement."],
        ],
    }
}


class Frontier:
    """``lead + J`` from the date on (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose lead jumps."""
        extra = (*ledger.extra, _jump(parameters))
        ledger = dataclasses.replace(ledger, extra=extra)
        return ledger.with_landmark("trend_breaks", parameters["trend_break_date"])


class Both:
    """``x + J`` from the date on, the lead as it was."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose algorithms jump."""
        algorithms = Total.of(ledger.algorithms, _jump(parameters))
        ledger = dataclasses.replace(ledger, algorithms=algorithms)
        return ledger.with_landmark("trend_breaks", parameters["trend_break_date"])


def _jump(parameters: Parameters) -> Jump:
    size = parameters["trend_break_size"]
    return Jump(date=parameters["trend_break_date"], size=size)

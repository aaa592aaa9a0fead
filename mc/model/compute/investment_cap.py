"""The frontier's spending meets a ceiling: at once, or on a logistic curve."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.saturating import Saturating
from mc.model.growth.turning import Kinked
from mc.model.ledger import Ledger

ENTRIES = {
    "investment_cap": {
        "record": "Hard",
        "summary": "the frontier's spending grows up to a ceiling and stays there",
        "replaces": ["investment"],
        "assumes": "budgets are capped",
        "needs": [[["investment_cap"]]],
        "arguments": {
            "form": {
                "default": "hard",
                "choices": {
                    "hard": {},
                    "logistic": {
                        "record": "Logistic",
                        "summary": "the frontier's spending nears a ceiling",
                    },
                },
            }
        },
        "caveats": [
            ["spending-capped", "How much a frontier can spend at most is judgement."],
        ],
    }
}


class Hard:
    """``I = min(v·t, ln cap)``; a cap below the start holds from the start."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment stops at the cap."""
        rate = ledger.investment.rate(0 * ledger.log_ratio)
        room = jnp.maximum(parameters["investment_cap"], 0.0)
        growing = rate > 0
        date = jnp.where(growing, room / jnp.where(growing, rate, 1.0), jnp.inf)
        investment = Kinked(early=rate, later=jnp.zeros_like(rate), date=date)
        ledger = dataclasses.replace(ledger, investment=investment)
        return ledger.with_landmark("investment_cap", date)


class Logistic:
    """``I = −ln(q + (1 − q)·e^(−v·t))``, q one over the cap (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment saturates."""
        rate = ledger.investment.rate(0 * ledger.log_ratio)
        cap = parameters["investment_cap"]
        investment = Saturating(per_year=rate, ceiling=cap)
        return dataclasses.replace(ledger, investment=investment)

"""The frontier spends at most a share of its revenue, which grows at its own rate."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.turning import Kinked
from mc.model.ledger import Ledger

ENTRIES = {
    "revenue_limit": {
        "record": "RevenueLimit",
        "summary": "the frontier's spending is at most a share of its revenue",
        "replaces": ["investment"],
        "assumes": "budgets grow with revenue",
        "needs": [[["revenue_growth"]], [["revenue_headroom"]]],
        "caveats": [
            ["revenue-limited", "Growth of revenue and the share spent are judgement."],
        ],
    }
}


class RevenueLimit:
    """``I = min(v·t, ln headroom + r·t)``, r the growth of revenue.

    Where revenue grows as fast as spending, the limit never binds.
    """

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment turns to the growth of revenue."""
        rate = ledger.investment.rate(0 * ledger.log_ratio)
        revenue = parameters["revenue_growth"]
        room = jnp.maximum(parameters["revenue_headroom"], 0.0)
        faster = rate > revenue
        date = room / jnp.where(faster, rate - revenue, 1.0)
        date = jnp.where(faster, date, jnp.inf)
        investment = Kinked(early=rate, later=revenue, date=date)
        ledger = dataclasses.replace(ledger, investment=investment)
        return ledger.with_landmark("revenue_binds", date)

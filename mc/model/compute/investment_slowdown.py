"""The frontier's spending grows more slowly from a date on, or no longer."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.turning import Fading, Kinked, Softened
from mc.model.ledger import Ledger

ENTRIES = {
    "investment_slowdown": {
        "record": "Sharp",
        "summary": "the frontier's spending grows more slowly from a date on",
        "replaces": ["investment"],
        "assumes": "budgets grow for ever, more slowly",
        "needs": [[["investment_slowdown_date"]], [["late_investment_growth"]]],
        "arguments": {
            "form": {
                "default": "sharp",
                "choices": {
                    "sharp": {},
                    "smooth": {
                        "record": "Smooth",
                        "summary": "growth of the frontier's spending slows over years",
                        "needs": [
                            [["investment_slowdown_date"]],
                            [["late_investment_growth"]],
                            [["investment_slowdown_width"]],
                        ],
                    },
                    "fading": {
                        "record": "Faded",
                        "summary": "growth of the frontier's spending fades",
                        "needs": [
                            [["late_investment_growth"]],
                            [["investment_fade_time"]],
                        ],
                    },
                    "ends": {
                        "record": "Ends",
                        "summary": "the frontier's spending stops growing on a date",
                        "assumes": "budgets stop growing",
                        "needs": [[["investment_slowdown_date"]]],
                    },
                },
            }
        },
        "caveats": [
            [
                "spending-slows",
                "When, and to what rate, the frontier's spending slows is judgement.",
            ],
        ],
    }
}


class Sharp:
    """``I = v·min(t, T) + v1·max(t − T, 0)`` (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment has a kink."""
        date = parameters["investment_slowdown_date"]
        later = parameters["late_investment_growth"]
        return _slowed(ledger, Kinked.of(ledger.investment, later, date=date))


class Ends:
    """``I = v·min(t, T)``: from the date on, the same is spent every year."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment stops growing."""
        date = parameters["investment_slowdown_date"]
        none = jnp.zeros_like(date)
        return _slowed(ledger, Kinked.of(ledger.investment, none, date=date))


class Smooth:
    """The kink, spread over a width w: the rate is logistic in time (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment slows over some years."""
        investment = Softened.of(
            ledger.investment,
            parameters["late_investment_growth"],
            date=parameters["investment_slowdown_date"],
            width=jnp.exp(parameters["investment_slowdown_width"]),
        )
        return _slowed(ledger, investment)


class Faded:
    """``I = v1·t + (v − v1)·τ·(1 − e^(−t/τ))`` (science 3, gradual decline)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment growth fades from the epoch on."""
        later = parameters["late_investment_growth"]
        time = jnp.exp(parameters["investment_fade_time"])
        investment = Fading.of(ledger.investment, later, time=time)
        return dataclasses.replace(ledger, investment=investment)


def _slowed(ledger: Ledger, investment: Kinked | Softened) -> Ledger:
    ledger = dataclasses.replace(ledger, investment=investment)
    return ledger.with_landmark("investment_slows", investment.date)

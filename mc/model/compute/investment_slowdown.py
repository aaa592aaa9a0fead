"""The frontier's spending grows more slowly from a date on, or no longer."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters, Values
from mc.model.growth.turning import Fading, Kinked, Softened
from mc.model.ledger import Ledger

ENTRIES = {
    "investment_slowdown": {
        "record": "Sharp",
        "summary": "the frontier's spending grows more slowly from a date on",
        "replaces": ["investment"],
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
        return _kinked(ledger, date, later)


class Ends:
    """``I = v·min(t, T)``: from the date on, the same is spent every year."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment stops growing."""
        date = parameters["investment_slowdown_date"]
        return _kinked(ledger, date, jnp.zeros_like(date))


class Smooth:
    """The kink, spread over a width w: the rate is logistic in time (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment slows over some years."""
        date = parameters["investment_slowdown_date"]
        investment = Softened(
            early=_early(ledger),
            later=parameters["late_investment_growth"],
            date=date,
            width=jnp.exp(parameters["investment_slowdown_width"]),
        )
        ledger = dataclasses.replace(ledger, investment=investment)
        return ledger.with_landmark("investment_slows", date)


class Faded:
    """``I = v1·t + (v − v1)·τ·(1 − e^(−t/τ))`` (science 3, gradual decline)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose investment growth fades from the epoch on."""
        investment = Fading(
            early=_early(ledger),
            later=parameters["late_investment_growth"],
            time=jnp.exp(parameters["investment_fade_time"]),
        )
        return dataclasses.replace(ledger, investment=investment)


def _early(ledger: Ledger) -> Values:
    return ledger.investment.rate(0 * ledger.log_ratio)


def _kinked(ledger: Ledger, date: Values, later: Values) -> Ledger:
    investment = Kinked(early=_early(ledger), later=later, date=date)
    ledger = dataclasses.replace(ledger, investment=investment)
    return ledger.with_landmark("investment_slows", date)

"""FLOP per dollar grow more slowly from an uncertain date on, for both actors."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.turning import Kinked, Softened
from mc.model.ledger import Ledger

ENTRIES = {
    "hardware_slowdown": {
        "record": "Sharp",
        "summary": "FLOP per dollar grow more slowly from a date on, for both actors",
        "replaces": ["hardware"],
        "needs": [[["hardware_slowdown_date"]], [["late_hardware_growth"]]],
        "arguments": {
            "form": {
                "default": "sharp",
                "choices": {
                    "sharp": {},
                    "smooth": {
                        "record": "Smooth",
                        "summary": "growth of FLOP per dollar slows over years",
                        "needs": [
                            [["hardware_slowdown_date"]],
                            [["late_hardware_growth"]],
                            [["hardware_slowdown_width"]],
                        ],
                    },
                },
            }
        },
        "caveats": [
            [
                "hardware-slows",
                "When, and to what rate, hardware slows is judgement.",
            ],
        ],
    }
}


class Sharp:
    """``H`` with a kink; the lead does not see it (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose hardware has a kink."""
        date = parameters["hardware_slowdown_date"]
        later = parameters["late_hardware_growth"]
        return _slowed(ledger, Kinked.of(ledger.hardware, later, date=date))


class Smooth:
    """The kink, spread over a width."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger whose hardware slows over some years."""
        hardware = Softened.of(
            ledger.hardware,
            parameters["late_hardware_growth"],
            date=parameters["hardware_slowdown_date"],
            width=jnp.exp(parameters["hardware_slowdown_width"]),
        )
        return _slowed(ledger, hardware)


def _slowed(ledger: Ledger, hardware: Kinked | Softened) -> Ledger:
    ledger = dataclasses.replace(ledger, hardware=hardware)
    return ledger.with_landmark("hardware_slows", hardware.date)

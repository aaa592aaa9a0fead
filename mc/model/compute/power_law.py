"""Compute that grows as a power of time (Theorem 2.6): a clock that slows."""

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.clock import LogClock
from mc.model.ledger import Ledger
from mc.model.slowed import Slowed
from mc.model.view import View

ENTRIES = {
    "power_law": {
        "record": "PowerLaw",
        "summary": "compute grows as a power of time: every rate falls as 1/(1 + t/T)",
        "replaces": ["clock"],
        "assumes": "all growth slows for ever",
        "wraps": True,
        "needs": [[["slowing_time"]]],
        "caveats": [
            ["slowing-clock", "All growth slows alike; the time T is judgement."],
        ],
    }
}


class PowerLaw:
    """The path on the clock ``T·log1p(t/T)``: dates move from t to ``T·expm1(t/T)``."""

    @staticmethod
    def apply(path: Ledger | View, parameters: Parameters) -> Slowed:
        """The path on that clock."""
        return Slowed.of(path, LogClock(time=jnp.exp(parameters["slowing_time"])))

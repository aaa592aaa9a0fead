"""Compute that grows more slowly than any power of time: a clock that slows twice."""

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.clock import LogLogClock
from mc.model.ledger import Ledger
from mc.model.slowed import Slowed
from mc.model.view import View

ENTRIES = {
    "log_power": {
        "record": "LogPower",
        "summary": "compute grows more slowly than any power of time",
        "replaces": ["clock"],
        "assumes": "all growth slows for ever",
        "wraps": True,
        "needs": [[["slowing_time"]]],
        "caveats": [
            [
                "outside-theorems",
                "Growth slower than any power of time is outside the theorems; all "
                "growth slows alike.",
            ],
        ],
    }
}


class LogPower:
    """The path on the clock ``T·log1p(log1p(t/T))``."""

    @staticmethod
    def apply(path: Ledger | View, parameters: Parameters) -> Slowed:
        """The path on that clock."""
        return Slowed.of(path, LogLogClock(time=jnp.exp(parameters["slowing_time"])))

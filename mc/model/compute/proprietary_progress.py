"""Progress that the frontier keeps: a share of it, for a time, or until it leaks."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Parameters
from mc.model.growth.growth import Growth
from mc.model.growth.scaled import scaled
from mc.model.growth.turning import Fading
from mc.model.growth.withheld import withheld
from mc.model.ledger import Ledger

ENTRIES = {
    "proprietary_progress": {
        "record": "Share",
        "summary": "a share of the frontier's progress never spreads",
        "replaces": ["kept"],
        "needs": [[["proprietary_share"]], [["proprietary_hardware_share"], []]],
        "arguments": {
            "form": {
                "default": "share",
                "choices": {
                    "share": {},
                    "lag": {
                        "record": "Lag",
                        "summary": "progress of the frontier spreads after a time",
                        "needs": [[["diffusion_lag"]]],
                    },
                    "leak": {
                        "record": "Leak",
                        "summary": "a share of progress is secret and leaks in time",
                        "needs": [[["proprietary_share"]], [["leak_time"]]],
                    },
                },
            }
        },
        "caveats": [
            [
                "secrets",
                "How much progress is kept secret, and how long, is hardly measured.",
            ],
        ],
    }
}


class Share:
    """``A_m = (1 − φ)·A``, and likewise of hardware (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger of a frontier that keeps a share of progress."""
        kept = scaled(ledger.algorithms, parameters["proprietary_share"])
        if "proprietary_hardware_share" not in parameters:
            return _keeping(ledger, kept)
        share = parameters["proprietary_hardware_share"]
        hardware = (*ledger.kept_hardware, scaled(ledger.hardware, share))
        ledger = dataclasses.replace(ledger, kept_hardware=hardware)
        return _keeping(ledger, kept)


class Lag:
    """``A_f − A_m = A(t) − A(t − δ)``, from nothing at the epoch (science 3)."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger of a frontier whose algorithms spread late."""
        delay = jnp.exp(parameters["diffusion_lag"])
        return _keeping(ledger, withheld(ledger.algorithms, delay))


class Leak:
    """``A_f − A_m = φ·a·τ·(1 − e^(−t/τ))`` (science 3), ``a`` the rate at the epoch."""

    @staticmethod
    def apply(ledger: Ledger, parameters: Parameters) -> Ledger:
        """The ledger of a frontier whose secrets leak."""
        rate = ledger.algorithms.rate(0 * ledger.log_ratio)
        secret = parameters["proprietary_share"] * rate
        time = jnp.exp(parameters["leak_time"])
        fading = Fading(early=secret, later=jnp.zeros_like(secret), time=time)
        return _keeping(ledger, fading)


def _keeping(ledger: Ledger, kept: Growth) -> Ledger:
    return dataclasses.replace(ledger, kept=(*ledger.kept, kept))

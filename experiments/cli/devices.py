"""Starts JAX for a command, on the devices that were asked for."""

import logging
import os

from experiments.cli.refusals import MACHINE, Stop


def start(kind: str) -> dict[str, str | int]:
    """Start JAX, quietly, and describe what it will compute on."""
    if kind == "cpu":
        os.environ["JAX_PLATFORMS"] = "cpu"
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    logging.getLogger("jax").setLevel(logging.ERROR)

    from mc.engine.devices import DeviceMissing, find_devices, use_all_cores

    use_all_cores()
    try:
        return find_devices(kind).describe()
    except DeviceMissing as error:
        raise Stop(MACHINE, str(error)) from error
    except (RuntimeError, AssertionError) as error:
        asked = os.environ.get("JAX_PLATFORMS", "")
        line = f"--device {kind}: JAX does not start (JAX_PLATFORMS={asked})"
        raise Stop(MACHINE, f"{line}: {error!r}".partition("\n")[0]) from error

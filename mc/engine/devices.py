"""Which devices compute, and in which precision."""

import dataclasses
import importlib.metadata
import os
import platform
from typing import Any

import jax
import numpy as np


class DeviceMissing(Exception):
    """The asked kind of device is not there (exit code 3)."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Devices:
    """The devices of a run.

    Attributes:
        kind: ``cpu`` or ``gpu``.
        devices: All of that kind on this machine.
    """

    kind: str
    devices: tuple[Any, ...]

    def describe(self) -> dict[str, str | int]:
        """Kind, count, name and version: what identity of bits holds for."""
        return {
            "kind": self.kind,
            "count": len(self.devices),
            "name": self.devices[0].device_kind,
            "jaxlib": importlib.metadata.version("jaxlib"),
            "machine": platform.machine(),
        }


def use_all_cores() -> None:
    """One virtual CPU device a core; without effect once JAX has started."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if "JAX_NUM_CPU_DEVICES" not in os.environ:
        jax.config.update("jax_num_cpu_devices", cores)


def find_devices(kind: str = "auto") -> Devices:
    """The devices of ``kind``: ``auto`` takes a GPU where there is one.

    Raises:
        DeviceMissing: If ``gpu`` is asked and there is none; never replaced silently.
    """
    backend = jax.default_backend()
    if kind == "gpu" and backend != "gpu":
        raise DeviceMissing(
            f"--device gpu: JAX sees no GPU (found: {backend}). "
            "Install meekmc[cuda12] or meekmc[cuda13], or use --device cpu"
        )
    chosen = "cpu" if kind == "cpu" else backend
    return Devices(kind=chosen, devices=tuple(jax.local_devices(backend=chosen)))


def working_dtype() -> np.dtype:
    """float64 where JAX is told to use it (``JAX_ENABLE_X64=1``), else float32."""
    return np.dtype(np.float64 if jax.config.read("jax_enable_x64") else np.float32)

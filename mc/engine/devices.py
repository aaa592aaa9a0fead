"""Which devices compute, and in which precision."""

import dataclasses
import importlib.metadata
import os
import platform
from pathlib import Path
from typing import Any

import jax
import numpy as np

from mc.engine.heap import share_arenas


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

    def identity(self) -> dict[str, str]:
        """What decides the bits beside the configuration."""
        return {
            "meekmc": importlib.metadata.version("meekmc"),
            "jaxlib": importlib.metadata.version("jaxlib"),
            "kind": self.kind,
            "name": self.devices[0].device_kind,
            "machine": platform.machine(),
            "vectors": " ".join(sorted(_vectors())),
            "flags": os.environ.get("XLA_FLAGS", ""),
        }


WIDE_VECTORS = "--xla_cpu_prefer_vector_width=512"
"""Lets XLA use what AVX-512 has: the same bits, up to 1.5 times as fast."""


def use_all_cores() -> None:
    """One virtual CPU device a core, whole vectors, and no heap a thread.

    Without effect once JAX has started; what the user set stays.
    """
    flags = os.environ.get("XLA_FLAGS", "")
    if "xla_cpu_prefer_vector_width" not in flags and _has_wide_vectors():
        os.environ["XLA_FLAGS"] = f"{flags} {WIDE_VECTORS}".strip()
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    share_arenas(cores)
    if "JAX_NUM_CPU_DEVICES" not in os.environ:
        jax.config.update("jax_num_cpu_devices", cores)


def _has_wide_vectors() -> bool:
    """Whether the processor says that it knows AVX-512."""
    return "avx512f" in _vectors()


def _vectors() -> set[str]:
    """Vector instructions that the processor says it has; none where it is silent."""
    try:
        words = Path("/proc/cpuinfo").read_text(encoding="utf-8").split()
    except OSError:
        return set()
    return {word for word in words if word.startswith(("avx", "sse", "fma", "asimd"))}


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

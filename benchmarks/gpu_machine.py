"""The machine behind a GPU's figures: versions, device, clocks under load, memory."""

import contextlib
import importlib.metadata
import os
import platform
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jax
import jaxtyping
import numpy as np

PACKAGES = ("jax", "jaxlib", "numpy", "scipy", "jaxtyping")
SMI = "nvidia-smi"
FIELDS = (
    "name",
    "driver_version",
    "memory.total",
    "clocks.sm",
    "clocks.max.sm",
    "clocks.mem",
    "power.draw",
    "power.limit",
    "temperature.gpu",
)
SAMPLE_MS = 250


def environment(device: Any) -> dict[str, Any]:
    """Versions, processor and device."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "packages": _packages(),
        "device": device.device_kind,
        "platform_version": device.client.platform_version,
        "xla_flags": os.environ.get("XLA_FLAGS", ""),
        SMI: smi(),
    }


def smi() -> dict[str, str] | None:
    """What ``nvidia-smi`` says of the first GPU; None where it is missing."""
    if shutil.which(SMI) is None:
        return None
    told = subprocess.run(
        [SMI, "-i", "0", f"--query-gpu={','.join(FIELDS)}", "--format=csv,noheader"],
        capture_output=True,
        text=True,
    )
    if told.returncode != 0:
        return {"error": (told.stdout + told.stderr).strip()}
    values = told.stdout.strip().splitlines()[0].split(",")
    return dict(zip(FIELDS, map(str.strip, values), strict=False))


@contextlib.contextmanager
def clocks() -> Iterator[dict[str, float]]:
    """Fills a record with the clock (MHz) and power (W) seen meanwhile."""
    found: dict[str, float] = {}
    if shutil.which(SMI) is None:
        yield found
        return
    watch = subprocess.Popen(
        [
            SMI,
            *("-i", "0", "-lms", str(SAMPLE_MS)),
            "--query-gpu=clocks.sm,power.draw",
            "--format=csv,noheader,nounits",
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield found
    finally:
        watch.terminate()
        lines = watch.communicate()[0].splitlines()
        rows = np.array([r for line in lines if len(r := _numbers(line)) == 2])
        if rows.size:
            mhz, watts = rows.T
            found["clock_samples"] = len(rows)
            found["sm_clock_median_mhz"] = float(np.median(mhz))
            found["sm_clock_lowest_mhz"] = float(mhz.min())
            found["power_median_w"] = float(np.median(watts))


def memory(device: Any) -> dict[str, float]:
    """Peaks so far, MiB: resident on the host, in use and allowed on the device."""
    unit = 2**20 if sys.platform == "darwin" else 2**10
    resident = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    told = device.memory_stats() or {}
    keys = {"peak_bytes_in_use": "device_peak_mib", "bytes_limit": "device_limit_mib"}
    on_device = {name: told[k] / 2**20 for k, name in keys.items() if k in told}
    return {"host_peak_mib": resident, **on_device}


def _packages() -> dict[str, str]:
    plugins = [
        name
        for found in importlib.metadata.distributions()
        if (name := found.metadata["Name"] or "").startswith(("jax-cuda", "jax-rocm"))
    ]
    versions = {}
    for name in (*PACKAGES, *sorted(plugins)):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name)
    carried = "carried" in (jaxtyping.__file__ or "")
    return versions | ({"jaxtyping": "stand-in"} if carried else {})


def _processor() -> str:
    with contextlib.suppress(OSError), open("/proc/cpuinfo", encoding="utf-8") as file:
        for line in file:
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor()


def _numbers(line: str) -> list[float]:
    try:
        return [float(word) for word in line.split(",")]
    except ValueError:
        return []


def set_up() -> None:
    """Compile every kernel anew, in single precision; two CPUs stand for two devices.

    In a dry run the last of them plays the GPU, so that nothing is left on the other.
    """
    jax.config.update("jax_enable_compilation_cache", val=False)
    jax.config.update("jax_enable_x64", val=False)
    jax.config.update("jax_num_cpu_devices", 2)

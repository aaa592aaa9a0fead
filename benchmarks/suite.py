"""The parts of ``meekmc bench``: what each measures, and at what size."""

import dataclasses
import datetime
import importlib
import importlib.metadata
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PACKAGES = ("meekmc", "jax", "jaxlib", "numpy", "numpyro")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Part:
    """One comparison.

    Attributes:
        module: Where ``measure`` is.
        summary: One line.
        full: Its arguments.
        quick: Its arguments where only a sign of life is wanted.
    """

    module: str
    summary: str
    full: Mapping[str, Any]
    quick: Mapping[str, Any]

    def measure(self, *, quick: bool) -> dict[str, Any]:
        """What it found; minutes, or less if quick."""
        arguments = self.quick if quick else self.full
        return importlib.import_module(self.module).measure(**arguments)

    def lines(self, found: dict[str, Any]) -> list[str] | None:
        """What it found as a table of its own; None where it has none."""
        write = getattr(importlib.import_module(self.module), "lines", None)
        return None if write is None else write(found)

    def draw(self, found: dict[str, Any], file: Path) -> list[Path]:
        """Its figure beside a file of that name; none where it has none."""
        draw = getattr(importlib.import_module(self.module), "draw", None)
        return [] if draw is None else draw(found, file)


PARTS = {
    "throughput": Part(
        module="benchmarks.throughput",
        summary="the standard job against NumPy, NumPyro and a Python loop",
        full={"num_draws": 2**20, "pairs": 5},
        quick={"num_draws": 2**14, "pairs": 2},
    ),
    "kernel": Part(
        module="benchmarks.against_c",
        summary="points a second of the trajectory kernel against C",
        full={"num_draws": 2**20, "pairs": 15},
        quick={"num_draws": 2**16, "pairs": 3},
    ),
    "accuracy": Part(
        module="benchmarks.accuracy",
        summary="error of every figure by design, against independent draws",
        full={"points": 2**16, "repetitions": 64},
        quick={"points": 2**12, "repetitions": 8},
    ),
    "lines": Part(
        module="benchmarks.along_lines",
        summary="error of dates integrated along lines, against plain draws",
        full={"points": 2**16, "repetitions": 32},
        quick={"points": 2**12, "repetitions": 8},
    ),
    "convergence": Part(
        module="benchmarks.convergence",
        summary="error against draws and seconds, by design and for NumPy",
        full={"sizes": (2**10, 2**12, 2**14, 2**16), "repetitions": 24},
        quick={"sizes": (2**10, 2**11), "repetitions": 8},
    ),
    "startup": Part(
        module="benchmarks.startup",
        summary="light commands, refusals and a warm run beside an import of NumPy",
        full={"pairs": 20},
        quick={"pairs": 2},
    ),
    "devices": Part(
        module="benchmarks.devices",
        summary="two virtual CPU devices against one pinned to one core",
        full={"num_draws": 2**22, "pairs": 3},
        quick={"num_draws": 2**17, "pairs": 1},
    ),
    "memory": Part(
        module="benchmarks.memory",
        summary="peak memory and seconds of small and large runs",
        full={"sizes": (2**16, 2**18, 2**20, 2**22, 2**24, 10**8)},
        quick={"sizes": (2**14, 2**17)},
    ),
}


def environment() -> dict[str, Any]:
    """What the figures hold for: machine, cores, load, versions, date."""
    return {
        "date": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)),
        "load": os.getloadavg(),
        "system": platform.platform(),
        "python": platform.python_version(),
        **{name: _version(name) for name in PACKAGES},
    }


def _processor() -> str:
    """Model and the widest vectors it knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    known = dict(line.split(":", 1) for line in lines if ":" in line)
    told = {name.strip(): value.strip() for name, value in known.items()}
    flags = told.get("flags", "").split()
    widest = next((f for f in ("avx512f", "avx2", "avx") if f in flags), "")
    return f"{told.get('model name', platform.machine())} {widest}".strip()


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "not installed"

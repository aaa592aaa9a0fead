"""One GPU measured: kernels, bands of a billion draws, equality with the CPU, as JSON.

``benchmarks/gpu.sh`` runs it. A part that fails is recorded with its error, and the
rest goes on; the file is written anew after each.
"""

import argparse
import dataclasses
import datetime
import json
import os
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

MACHINE = 3
"""Exit code: there is no GPU, or a part did not come to an end."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sizes:
    """How much is measured.

    Attributes:
        kernel_tiles: Draws of a launch of each kernel.
        launches: Launches between two looks at the clock.
        repeats: How often that is timed.
        bands: Draws of the counted bands.
        tile: Draws of a launch of theirs.
        chunks: Draws made at once, tried in turn.
        job: Draws of a whole run.
        equal: Draws that are held against the CPU's.
        equal_tiles: Tiles that must give the same bits.
    """

    kernel_tiles: tuple[int, ...] = (2**18, 2**20, 2**22)
    launches: int = 10
    repeats: int = 7
    bands: tuple[int, ...] = (2**27, 2**30)
    tile: int = 2**20
    chunks: tuple[int, ...] = (2**20, 2**22)
    job: int = 2**22
    equal: int = 2**20
    equal_tiles: tuple[int, ...] = (2**20, 2**17, 2**14)


DRY = Sizes(
    kernel_tiles=(2**12,),
    launches=2,
    repeats=3,
    bands=(2**16, 2**17),
    tile=2**12,
    chunks=(2**14, 2**15),
    job=2**15,
    equal=2**14,
    equal_tiles=(2**14, 2**12),
)
"""A few seconds of a CPU: whether everything runs, not how fast."""


def main(arguments: list[str] | None = None) -> int:
    """Measure and write the file; the exit code."""
    asked = _arguments(arguments)
    clock = time.perf_counter()
    if asked.dry_run:
        os.environ["JAX_PLATFORMS"] = "cpu"
    import jax

    from benchmarks import gpu_machine

    gpu_machine.set_up()
    try:
        device = jax.devices("cpu" if asked.dry_run else "gpu")[-1]
    except RuntimeError as error:
        _say(
            f"no GPU: JAX found {jax.default_backend()} only "
            f"({str(error).splitlines()[0]}). Install jax[cuda12] or jax[cuda13], see "
            "that nvidia-smi lists the GPU, or go through the motions with --dry-run"
        )
        return MACHINE
    found: dict[str, Any] = {
        "dry_run": asked.dry_run,
        "date": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "start_seconds": time.perf_counter() - clock,
        "environment": gpu_machine.environment(device),
    }
    parts = _parts(device, DRY if asked.dry_run else Sizes())
    for name in asked.only or parts:
        _say(f"{name} …")
        clock = time.perf_counter()
        try:
            found[name] = parts[name]()
        except Exception as error:
            found[name] = {"error": repr(error), "traceback": traceback.format_exc()}
            _say(f"{name}: {error!r}")
        found[name]["part_seconds"] = time.perf_counter() - clock
        found[name]["memory"] = gpu_machine.memory(device)
        found["targets"] = targets(found)
        asked.out.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    words = {True: "met", False: "missed", None: "a dry run, no figure"}
    for row in found["targets"]:
        line = "{name}: {measured:.3g} {unit}; target {target:g}".format(**row)
        _say(f"{line}: {words[row['met']]}")
    _say(f"written: {asked.out}")
    return MACHINE if any("error" in found[n] for n in asked.only or parts) else 0


def targets(found: dict[str, Any]) -> list[dict[str, Any]]:
    """What was aimed at beside what came out; nothing counts as met in a dry run."""
    rows = []
    wanted: tuple[tuple[str, str, float, str, tuple[str, ...], int], ...] = (
        (
            "trajectory kernel",
            "points/s",
            3e11,
            "kernels",
            ("trajectory", "points_per_second"),
            1,
        ),
        ("bands of 1e8 draws", "s", 3.0, "bands", (str(2**27), "seconds"), -1),
        ("bands of 1e9 draws", "s", 20.0, "bands", (str(2**30), "seconds"), -1),
        (
            "statuses that differ from the CPU's",
            "of draws",
            1e-5,
            "against_cpu",
            ("largest_share_of_other_statuses",),
            -1,
        ),
    )
    for name, unit, target, part, keys, sign in wanted:
        value: Any = found.get(part, {})
        for key in keys:
            value = value.get(key, {})
        if isinstance(value, float):
            met = None if found["dry_run"] else bool(sign * (value - target) >= 0)
            row = {"name": name, "unit": unit, "target": target}
            rows.append(row | {"measured": value, "met": met})
    return rows


def _parts(device: Any, sizes: Sizes) -> dict[str, Callable[[], dict[str, Any]]]:
    """What is measured, in order: what was promised first."""
    from benchmarks import gpu_bands, gpu_equality, gpu_kernels
    from mc.engine.blocks import GPU_JOBS

    return {
        "kernels": lambda: gpu_kernels.measure(
            device, sizes.kernel_tiles, sizes.launches, sizes.repeats
        ),
        "bands": lambda: gpu_bands.measure(
            device, sizes.bands, sizes.tile, sizes.chunks, GPU_JOBS
        ),
        "against_cpu": lambda: gpu_equality.against_cpu(
            device, sizes.equal, sizes.tile
        ),
        "tiles": lambda: gpu_equality.over_tiles(
            device, sizes.equal, sizes.equal_tiles
        ),
        "whole_job": lambda: gpu_bands.whole_job(device, sizes.job),
    }


def _arguments(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="benchmarks/gpu.sh", description=__doc__)
    parser.add_argument(
        "--out", type=Path, help="JSON to write: gpu.json, or gpu-dry-run.json"
    )
    parser.add_argument(
        "--dry-run", action="store_true", help="small sizes on the CPU: no figure"
    )
    parser.add_argument(
        "--only",
        action="append",
        metavar="PART",
        choices=("kernels", "bands", "against_cpu", "tiles", "whole_job"),
        help="kernels, bands, against_cpu, tiles or whole_job; may be repeated",
    )
    asked = parser.parse_args(arguments)
    asked.out = asked.out or Path(f"gpu{'-dry-run' if asked.dry_run else ''}.json")
    return asked


def _say(line: str) -> None:
    sys.stderr.write(f"gpu.sh: {line}\n")


if __name__ == "__main__":
    sys.exit(main())

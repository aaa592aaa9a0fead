"""Peak memory of runs of different sizes, each in a process of its own."""

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from benchmarks.job import CARD, TODAY
from mc.figures.style import LINES, WIDTHS, number_words, print_style

DPI = 200

IMPORTED = "import mc.engine.run, mc.engine.evaluator; import jax; jax.devices()"
_CHILD = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, capture_output=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def measure(sizes: tuple[int, ...]) -> dict[str, Any]:
    """Peak resident MiB and seconds by number of draws, beside the imports alone."""
    found: dict[str, Any] = {"imports_mib": _peak([sys.executable, "-c", IMPORTED])}
    with tempfile.TemporaryDirectory() as folder:
        _peak(_command(sizes[0], Path(folder) / "compiled"))
        for size in sizes:
            clock = time.perf_counter()
            peak = _peak(_command(size, Path(folder) / str(size)))
            seconds = time.perf_counter() - clock
            found[str(size)] = {"peak_mib": peak, "seconds": seconds}
    return found


def draw(found: dict[str, Any], file: Path) -> list[Path]:
    """Seconds and peak memory against draws; a PNG.

    Args:
        found: From ``measure``.
        file: Where, without a suffix.
    """
    sizes = [int(size) for size in found if size.isdigit()]
    with print_style():
        figure = Figure(figsize=(WIDTHS[2], 2.4), layout="constrained")
        times, sizes_taken = figure.subplots(1, 2)
        for axes, key, label in (
            (times, "seconds", "wall seconds of the whole command"),
            (sizes_taken, "peak_mib", "peak resident MiB"),
        ):
            heights = [found[str(size)][key] for size in sizes]
            axes.plot(sizes, heights, marker="o", ms=3, color=LINES[0][0])
            axes.set_xscale("log")
            axes.set_xlabel("draws")
            axes.set_ylabel(label)
            axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: number_words(v)))
        _linear(times, sizes, [found[str(size)]["seconds"] for size in sizes])
        imports = found["imports_mib"]
        sizes_taken.axhline(imports, color="0.5", ls=":", label="imports alone")
        sizes_taken.set_ylim(bottom=0)
        sizes_taken.legend()
        picture = file.with_suffix(".png")
        figure.savefig(picture, dpi=DPI)
    return [picture]


def _linear(axes: Axes, sizes: list[int], seconds: list[float]) -> None:
    """A line of cost in proportion to draws, through the largest run."""
    line = [seconds[-1] * size / sizes[-1] for size in sizes]
    axes.plot(sizes, line, color="0.5", ls=":", label="in proportion to draws")
    axes.set_yscale("log")
    axes.set_ylim(bottom=min(seconds) / 3)
    axes.yaxis.set_major_formatter(FuncFormatter(lambda v, _: number_words(v)))
    axes.legend()


def _peak(command: list[str]) -> float:
    """Largest resident set of a process, MiB, as its parent's parent is told."""
    told = subprocess.run(
        [sys.executable, "-c", _CHILD, *command],
        check=True,
        capture_output=True,
        text=True,
    )
    unit = 2**10 if sys.platform != "darwin" else 2**20
    return int(told.stdout) / unit


def _command(num_draws: int, out: Path) -> list[str]:
    program = str(Path(sys.executable).with_name("meekmc"))
    asked = ["run", "metr-gaps", "--card", CARD, "--draws", str(num_draws)]
    asked += ["--today", str(TODAY), "--no-plots", "--quiet", "--out", str(out)]
    return [program, *asked]

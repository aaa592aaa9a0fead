"""Error of a mean and of two medians against draws and seconds, by design."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

from benchmarks.accuracy import DESIGNS, NUMPY, estimates
from mc.figures.style import LINES, WIDTHS, number_words, print_style

FIGURES = {
    "task_success_1h/gap@2030-01-01/mean": "Mean gap on 1 h tasks, 2030",
    "task_success_1h/convergence_date/q0.5": "Median convergence, 1 h tasks",
    "validation_loss/convergence_date/q0.5": "Median convergence, loss",
}
"""What is drawn, and its title."""
NAMES = (*DESIGNS, NUMPY)
DPI = 200

Curve = dict[str, list[float]]
"""Error at each size by figure, and ``seconds``."""


def measure(sizes: Sequence[int], repetitions: int) -> dict[str, Any]:
    """Standard deviation over seeds, and median user CPU seconds, at each size.

    Args:
        sizes: Draws of a run, rising.
        repetitions: Seeds at each size.
    """
    curves: dict[str, Curve] = {name: {} for name in NAMES}
    for size in sizes:
        found, seconds = estimates(size, repetitions)
        for name, kept in curves.items():
            kept.setdefault("seconds", []).append(float(np.median(seconds[name])))
            for figure in FIGURES:
                if figure in found[name]:
                    error = float(found[name][figure].std(ddof=1))
                    kept.setdefault(figure, []).append(error)
    return {"sizes": list(sizes), "seeds": repetitions, "errors": curves}


def draw(found: dict[str, Any], file: Path) -> list[Path]:
    """Error against draws, above, and against seconds, below; a PNG.

    Args:
        found: From ``measure``.
        file: Where, without a suffix.
    """
    sizes, curves = found["sizes"], found["errors"]
    with print_style():
        figure = Figure(figsize=(WIDTHS[2], 4.2), layout="constrained")
        axes = figure.subplots(2, len(FIGURES), sharey="col")
        for column, (key, title) in enumerate(FIGURES.items()):
            upper, lower = axes[0, column], axes[1, column]
            for style, name in zip(LINES, NAMES, strict=False):
                curve = curves[name]
                if key in curve:
                    _line(upper, sizes, curve[key], name, style)
                    _line(lower, curve["seconds"], curve[key], name, style)
            upper.set_title(title)
            unit = "years" if key.split("/")[1].endswith("_date") else "share"
            _scaled(upper, "draws", unit)
            _scaled(lower, "user CPU seconds", unit)
            upper.set_xticks(sizes[::2])
        handles, labels = axes[0, 0].get_legend_handles_labels()
        figure.legend(handles, labels, loc="outside lower center", ncols=len(NAMES))
        picture = file.with_suffix(".png")
        figure.savefig(picture, dpi=DPI)
    return [picture]


def _line(
    axes: Axes, x: Sequence[float], errors: Sequence[float], name: str, style: tuple
) -> None:
    colour, dash, mark = style
    axes.plot(x, errors, color=colour, linestyle=dash, marker=mark, ms=3, label=name)


def _scaled(axes: Axes, x_label: str, unit: str) -> None:
    axes.set_xlabel(x_label)
    axes.set_ylabel(f"standard error, {unit}")
    axes.set_xscale("log")
    axes.set_yscale("log")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator(subs=(1.0, 3.0), numticks=8))
        axis.set_major_formatter(FuncFormatter(lambda value, _: number_words(value, 6)))
        axis.set_minor_formatter(NullFormatter())

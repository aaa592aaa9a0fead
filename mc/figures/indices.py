"""Shares of a variance, as dots with their errors: Sobol' indices, Shapley effects."""

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.captions import provenance
from mc.figures.page import Key, blank, compose
from mc.figures.style import FAINT, LINES, SHADE, print_style

_ROW = 0.24
Shown = Mapping[str, tuple[float, float]]
"""Numbers and standard errors by the name of the index."""


@print_style()
def indices(
    rows: Mapping[str, Shown], title: str, notes: str, results: Results
) -> Figure:
    """Draw the indices of each input, a row an input.

    Args:
        rows: By the name of the input; at least one.
        title: What is shared out.
        notes: What the indices are, in sentences.
        results: The run.
    """
    figure = blank(2, 0.45 + _ROW * max(len(rows), 3))
    axes = figure.subplots()
    names = list(next(iter(rows.values())))
    key: Key = {}
    highest = 1.0
    for number, name in enumerate(names):
        colour, _, mark = LINES[number + 1]
        shift = 0.26 * (number - (len(names) - 1) / 2)
        values = np.array([row[name][0] for row in rows.values()])
        errors = 2 * np.array([row[name][1] for row in rows.values()])
        places = np.arange(len(rows)) + shift
        axes.errorbar(
            values, places, xerr=errors, fmt=mark, color=colour, ms=3.4, lw=0.9
        )
        highest = max(highest, float((values + errors).max()))
        key[name] = Line2D([], [], ls="", marker=mark, color=colour, ms=3.4)
    for row in range(0, len(rows), 2):
        axes.axhspan(row - 0.5, row + 0.5, color=SHADE, lw=0, zorder=0)
    axes.axvline(0, color=FAINT, lw=0.6)
    axes.set_xlim(-0.03, highest * 1.02)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), list(rows))
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title("share of the variance", weight="normal")
    compose(figure, title=title, key=key, footer=[provenance(results), notes])
    return figure

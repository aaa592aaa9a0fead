"""What figures become as the weight of a source goes from 0 to 1: a line a label."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.captions import provenance
from mc.figures.page import Key, blank, compose, date_ticks
from mc.figures.style import LINES, QUIET, SMALL_SIZE, print_style

MOST = 6
"""Panels in one figure."""
_ACROSS = 2
Points = Float[np.ndarray, " shares"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Line:
    """One label.

    Attributes:
        label: The label.
        weight: Its weight on the card.
        shares: Weights that it is given.
        values: Days as matplotlib counts them, or per cent of draws; NaN where there
            is a word.
        errors: Monte Carlo standard errors of these.
    """

    label: str
    weight: float
    shares: Points
    values: Points
    errors: Points


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One figure of one metric by the labels of one component.

    Attributes:
        title: Metric and component.
        axis: What is drawn, with its unit.
        is_date: Whether values are days.
        lines: A label each.
    """

    title: str
    axis: str
    is_date: bool
    lines: tuple[Line, ...]


@print_style()
def sources(panels: Sequence[Panel], results: Results) -> Figure:
    """Draw what becomes of figures with the weight of each source.

    Args:
        panels: At least one; of more than ``MOST`` the first are drawn.
        results: The run.
    """
    shown = panels[:MOST]
    across = min(_ACROSS, len(shown))
    down = -(-len(shown) // across)
    figure = blank(2, 1.9 * down)
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for axes, panel in zip(grid, shown, strict=False):
        _draw(axes, panel)
    for axes in grid[len(shown) :]:
        axes.remove()
    left = len(panels) - len(shown)
    notes = (
        "Each line: one label's weight goes from 0 to 100 % while the others keep "
        "their proportions; bands of two Monte Carlo standard errors. Open marks: its "
        f"weight on the card.{f' {left} more are not drawn.' if left else ''}"
    )
    compose(
        figure,
        title="Which source is right",
        key=_key(),
        footer=[provenance(results), notes],
    )
    return figure


def _draw(axes: Axes, panel: Panel) -> None:
    ends = []
    for number, line in enumerate(panel.lines):
        colour, dash, mark = LINES[number % len(LINES)]
        across = 100 * line.shares
        low, high = line.values - 2 * line.errors, line.values + 2 * line.errors
        axes.fill_between(across, low, high, color=colour, alpha=0.25, lw=0)
        axes.plot(across, line.values, color=colour, ls=dash, lw=1.1)
        axes.plot(
            100 * line.weight,
            np.interp(line.weight, line.shares, line.values),
            marker=mark,
            ms=4,
            mfc="white",
            mec=colour,
        )
        ends.append((float(line.values[-1]), line.label, colour))
    axes.set_title(panel.title)
    axes.set_ylabel(panel.axis)
    axes.set_xlabel("weight of the label, %")
    axes.set_xlim(0, 100)
    axes.xaxis.set_major_locator(ticker.MultipleLocator(25))
    if panel.is_date:
        axes.set_yticks(*date_ticks(*axes.get_ylim(), 6))
    _name(axes, ends)


def _name(axes: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write the labels beside the ends of their lines, apart from each other."""
    low, high = axes.get_ylim()
    apart, place = 0.09 * (high - low), -np.inf
    for value, label, colour in sorted(end for end in ends if np.isfinite(end[0])):
        place = max(value, place + apart)
        axes.annotate(
            label,
            (100, place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=colour,
            annotation_clip=False,
        )


def _key() -> Key:
    return {
        "if the label had that weight": Line2D([], [], color=QUIET, lw=1.1),
        "as on the card": Line2D(
            [], [], ls="", marker="o", ms=4, mfc="white", mec=QUIET
        ),
    }

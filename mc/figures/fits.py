"""Laws fitted to quantiles: their densities, and what they miss."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.figures.densities import density, shared_ends, unit_axis
from mc.figures.page import Key, blank, compose
from mc.figures.style import INK, LINES, SMALL_SIZE, print_style
from priors.laws import Law
from priors.parameters import SCALES
from priors.units import Unit

MOST = len(LINES)
_HEIGHT = 2.1
_MARK = {"color": INK, "marker": "o", "ms": 4.0, "mfc": "white", "mew": 1.0, "lw": 0.0}


@print_style()
def fits(
    laws: Mapping[str, Law], asked: Mapping[float, float], unit: Unit, title: str
) -> Figure:
    """Draw the best ``MOST`` laws beside the quantiles that they were fitted to.

    Args:
        laws: Laws on the canonical scale by name, the best first.
        asked: Canonical values by their level there.
        unit: The unit of the axis.
        title: What is shown.
    """
    shown = dict(list(laws.items())[:MOST])
    ends = shared_ends(shown.values())
    figure = blank(2, _HEIGHT)
    left, right = figure.subplots(1, 2)
    for (_, law), (colour, dash, _) in zip(shown.items(), LINES, strict=False):
        found = density(law, ends)
        left.plot(found.middles, found.density, color=colour, ls=dash, lw=1.2)
        right.plot(found.middles, law.cdf(found.middles), color=colour, ls=dash, lw=1.2)
    _mark(left, right, asked)
    less = "probability of less growth" if unit.decreasing else "probability of less"
    for axes, name in ((left, "density"), (right, less)):
        unit_axis(axes, unit, ends, most_ticks=6)
        axes.set_title(name)
        axes.set_xlabel(unit.name)
    left.set_yticks([])
    left.set_ylim(bottom=0)
    left.spines["left"].set_visible(False)
    key: Key = {
        name: Line2D([], [], color=colour, ls=dash, lw=1.2)
        for name, (colour, dash, _) in zip(shown, LINES, strict=False)
    }
    key["asked for"] = Line2D([], [], **_MARK)
    compose(figure, title=title, key=key, footer=[_note(laws, shown, unit)])
    return figure


def _mark(left: Axes, right: Axes, asked: Mapping[float, float]) -> None:
    top = left.get_ylim()[1]
    for value in asked.values():
        left.plot([value, value], [0, 0.04 * top], color=INK, lw=1.6, zorder=5)
    values = np.array(list(asked.values()))
    right.plot(values, list(asked), zorder=5, **_MARK)
    right.set_ylim(-0.03, 1.03)
    for level, value in asked.items():
        right.annotate(
            f"{100 * level:.4g} %",
            (value, level),
            xytext=(-4, 3),
            textcoords="offset points",
            ha="right",
            va="bottom",
            size=SMALL_SIZE,
            color=INK,
        )


def _note(laws: Mapping[str, Law], shown: Mapping[str, Law], unit: Unit) -> str:
    rest = len(laws) - len(shown)
    more = f" Not drawn: {rest} more." if rest else ""
    scale = SCALES[unit.kind]
    even = f" The axis is even, and densities are, in {scale}." if " " in scale else ""
    return f"The law of the printed lines first, then the least misfit.{even}{more}"

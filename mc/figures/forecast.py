"""What the engine would have said on a day, with what then happened."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.figures.page import Key, blank, compose
from mc.figures.style import (
    BLUE,
    DARK_BLUE,
    LIGHT_BLUE,
    QUIET,
    VERMILION,
    print_style,
)

PANEL = 1.9
"""Inches of a panel's height."""
_LIMIT = 16.0
_LONE = 12.0
"""Days that the bands of a lone forecast are wide."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Said:
    """One forecast of a record to come.

    Attributes:
        day: When, and from what.
        released: When the record came.
        hours: 5, 25, 50, 75 and 95 % of the forecast.
        measured: Hours that were measured then.
        is_above: Whether it is above what can be measured.
    """

    day: str
    released: datetime.date
    hours: Float[np.ndarray, " levels"]
    measured: float
    is_above: bool


@print_style()
def forecast(found: Sequence[Said], title: str) -> Figure:
    """Draw the engine's forecasts, a panel a day, on one axis of hours.

    Args:
        found: Forecasts of one table.
        title: What is shown.
    """
    states = list(dict.fromkeys(one.day for one in found))
    rows = -(-len(states) // 2)
    figure = blank(2, PANEL * rows)
    grid = figure.subplots(rows, 2, sharex=True, sharey=True, squeeze=False)
    for axes, state in zip(grid.flat, states, strict=False):
        _draw(axes, [one for one in found if one.day == state])
        axes.set_title(state)
    for axes in grid.flat[len(states) :]:
        axes.set_visible(False)
    for axes in grid[:, 0]:
        axes.set_ylabel("hours")
    num = len({one.released for one in found})
    note = (
        f"{len(found)} forecasts of {num} records. Time horizons at 50 %; above "
        "16 hours, the dotted line, nobody can measure: a triangle is known only to "
        "be above it. Bands join forecasts of single models; they are not paths."
    )
    compose(figure, title=title, key=_key(), footer=[note])
    return figure


def _draw(axes: Axes, here: Sequence[Said]) -> None:
    here = sorted(here, key=lambda one: one.released)
    days = [mdates.date2num(one.released) for one in here]
    ends = np.array([one.hours for one in here])
    if len(here) == 1:
        days, ends = [days[0] - _LONE, days[0] + _LONE], np.repeat(ends, 2, axis=0)
    low, lower, middle, upper, high = ends.T
    axes.fill_between(days, low, high, color=LIGHT_BLUE, lw=0.0)
    axes.fill_between(days, lower, upper, color=BLUE, alpha=0.5, lw=0.0)
    axes.plot(days, middle, color=DARK_BLUE, lw=1.2)
    axes.axhline(_LIMIT, color=QUIET, ls=":", lw=0.7)
    for one in here:
        day, hours = mdates.date2num(one.released), min(one.measured, _LIMIT)
        mark = "^" if one.is_above else "o"
        axes.plot([day], [hours], color=VERMILION, marker=mark, ms=3.5, lw=0.0)
    axes.set_yscale("log")
    axes.set_yticks([0.1, 1.0, 10.0], ["0.1", "1", "10"])
    axes.xaxis.set_major_locator(mdates.MonthLocator(bymonth=(1, 4, 7, 10)))
    axes.xaxis.set_major_formatter(mdates.DateFormatter("%Y-%m"))
    axes.tick_params(axis="x", labelsize=5.0, labelbottom=True)


def _key() -> Key:
    mark = {"color": VERMILION, "lw": 0.0, "ms": 3.5}
    return {
        "median": Line2D([], [], color=DARK_BLUE, lw=1.2),
        "50 %": Patch(color=BLUE, alpha=0.5),
        "90 %": Patch(color=LIGHT_BLUE),
        "measured": Line2D([], [], marker="o", **mark),
        "above 16 hours": Line2D([], [], marker="^", **mark),
    }

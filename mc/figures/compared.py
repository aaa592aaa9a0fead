"""When a gap is closed in two worlds, and the difference, with what its error is.

Shared draws take most of the noise out of a difference: the wider band is the error
that two runs without common draws would have.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of
from mc.figures.captions import provenance
from mc.figures.labels import capital, metric_labels
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.scales import plain
from mc.figures.style import (
    BLUE,
    DASHED,
    FAINT,
    INK,
    LIGHT_BLUE,
    MIDDLE_BLUE,
    QUIET,
    print_style,
)
from priors.units import DAYS_PER_YEAR

MOST = 6
"""Panels in one figure."""
_EVENTS = {"convergence_date": "closed by", "peak_date": "peaked by"}


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """One event of one metric in two worlds, by date.

    Attributes:
        metric: Its label.
        world: The scenario; empty for the baseline.
        event: ``convergence_date`` or ``peak_date``.
        years: Dates, years from the epoch.
        before: Share of draws by then.
        after: The same in the second world.
        moved: The difference.
        reach: Half the width of its 95 % limits.
        apart: What it would be without common draws; None where there are none.
    """

    metric: str
    world: str
    event: str
    years: Float[np.ndarray, " points"]
    before: Float[np.ndarray, " points"]
    after: Float[np.ndarray, " points"]
    moved: Float[np.ndarray, " points"]
    reach: Float[np.ndarray, " points"]
    apart: Float[np.ndarray, " points"] | None


@print_style()
def compared(
    panels: Sequence[Panel],
    results: Results,
    epoch: datetime.date,
    notes: Sequence[str],
) -> Figure:
    """Draw both worlds and their difference, a row a metric.

    Args:
        panels: At least one; of more than ``MOST`` the first are drawn.
        results: The first run.
        epoch: Time zero of the panels.
        notes: Who is before and after, and what differs, in sentences.
    """
    shown = panels[:MOST]
    figure = blank(2, 1.5 * len(shown))
    grid = figure.subplots(len(shown), 2, squeeze=False)
    for (left, right), panel in zip(grid, shown, strict=True):
        days = day_number(epoch) + panel.years * DAYS_PER_YEAR
        _draw_shares(left, panel, days)
        _draw_difference(right, panel, days)
        title = capital(metric_labels(results, panel.metric).title)
        left.set_title(f"{title}, {panel.world}" if panel.world else title)
        right.set_title("after less before", weight="normal")
        for axes in (left, right):
            date_axis(axes, float(days[0]), float(days[-1]), most_ticks=5)
            draw_today(axes, today_of(results))
    left_out = len(panels) - len(shown)
    more = f" {left_out} more are not drawn." if left_out else ""
    compose(
        figure,
        title="What the change does, date by date",
        key=_key(shown),
        footer=[provenance(results), *notes, f"Shares are of all draws.{more}"],
    )
    return figure


def _draw_shares(axes: Axes, panel: Panel, days: np.ndarray) -> None:
    axes.plot(days, 100 * panel.before, color=INK, lw=1.3)
    axes.plot(days, 100 * panel.after, color=BLUE, lw=1.3, ls=DASHED)
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_locator(ticker.MultipleLocator(25))
    axes.set_ylabel(f"{_EVENTS[panel.event]}, % of draws")


def _draw_difference(axes: Axes, panel: Panel, days: np.ndarray) -> None:
    moved = 100 * panel.moved
    axes.axhline(0, color=FAINT, lw=0.6, zorder=1)
    bands = ((panel.apart, LIGHT_BLUE), (panel.reach, MIDDLE_BLUE))
    for number, (reach, colour) in enumerate(bands):
        if reach is not None:
            low, high = moved - 100 * reach, moved + 100 * reach
            axes.fill_between(days, low, high, color=colour, lw=0, zorder=2 + number)
    axes.plot(days, moved, color=INK, lw=0.8, zorder=5)
    axes.yaxis.set_major_locator(ticker.MaxNLocator(5, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(plain)
    axes.set_ylabel("points")


def _key(panels: Sequence[Panel]) -> Key:
    key: Key = {
        "before": Line2D([], [], color=INK, lw=1.3),
        "after": Line2D([], [], color=BLUE, lw=1.3, ls=DASHED),
        "95 % limits of the difference": Patch(color=MIDDLE_BLUE, lw=0),
    }
    if any(panel.apart is not None for panel in panels):
        key["without common draws"] = Patch(color=LIGHT_BLUE, lw=0)
    return key | {"today": Line2D([], [], color=QUIET, lw=0.6, ls="-.")}

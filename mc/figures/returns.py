"""What a lead has been worth by a date, and what of that each first budget bought."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Shaped
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.columns import COST, WORTH, WORTH_PER_COST
from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_labels, metric_names
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.scales import log_axis
from mc.figures.style import (
    DARK_BLUE,
    LIGHT_BLUE,
    QUIET,
    number_words,
    print_style,
)

ANSWER = "what a lead is worth by a date, and what that is for what it costs"
ROW = 1.15
"""Inches a metric."""
_LEVELS = ("q0.05", "q0.5", "q0.95")


@dataclass(frozen=True, kw_only=True)
class Accrued:
    """One quantity up to each reported date, over all draws.

    Attributes:
        dates: ``datetime64[D]``.
        quantiles: The 5, 50 and 95 %; NaN where they are no number.
        unit: In words.
    """

    dates: Shaped[np.ndarray, " dates"]
    quantiles: Float[np.ndarray, "dates 3"]
    unit: str


def returns_data(results: Results, metric: str, kind: str) -> Accrued:
    """One quantity of one metric up to each reported date.

    Args:
        results: The run.
        metric: Its label.
        kind: ``discounted_gap``, ``discounted_spending`` or ``gap_per_spending``.

    Raises:
        KeyError: If the run did not ask for returns.
    """
    found: dict[str, dict[str, float]] = {}
    unit = ""
    for row in results.summary(metric=metric).to_dict("records"):
        name, _, day = row["quantity"].partition("@")
        if name == kind:
            unit = row["unit"]
            number = row["number"] if row["status"] == "observed" else np.nan
            found.setdefault(day, {})[row["statistic"]] = number
    if not found:
        raise KeyError("the run has no returns: ask with --returns")
    return Accrued(
        dates=np.array(list(found), "datetime64[D]"),
        quantiles=np.array([[at[q] for q in _LEVELS] for at in found.values()]),
        unit=unit,
    )


@print_style()
def returns(results: Results) -> Figure:
    """Draw worth, and worth for the cost, of every metric up to each date."""
    names = metric_names(results)
    figure = blank(2, ROW * len(names))
    grid = figure.subplots(len(names), 2, squeeze=False, sharex=True)
    today, worth = today_of(results), returns_data(results, names[0], WORTH)
    ends = [day_number(day.item()) for day in worth.dates[[0, -1]]]
    for panels, name in zip(grid, names, strict=True):
        title = capital(metric_labels(results, name).title)
        worth = returns_data(results, name, WORTH)
        rate = returns_data(results, name, WORTH_PER_COST)
        _draw(panels[0], worth)
        panels[0].set_ylim(bottom=0)
        panels[0].set_ylabel(worth.unit)
        panels[0].set_title(f"{title}: worth so far")
        _draw(panels[1], rate)
        positive = rate.quantiles[rate.quantiles > 0]
        log_axis(panels[1], float(positive.min()), float(positive.max()))
        panels[1].set_ylabel("for each first budget")
        panels[1].set_title("worth for what it cost")
        for axes in panels:
            draw_today(axes, today)
    for axes in grid[-1]:
        date_axis(axes, ends[0], ends[1], most_ticks=6)
    compose(
        figure,
        title="What the frontier's lead is worth, and what it costs",
        key=_key(str(today)),
        footer=footer(results, names, _marks(results, names[0])),
    )
    return figure


def _draw(axes: Axes, accrued: Accrued) -> None:
    low, middle, high = accrued.quantiles.T
    axes.fill_between(accrued.dates, low, high, color=LIGHT_BLUE, lw=0, zorder=2)
    axes.plot(accrued.dates, middle, color=DARK_BLUE, lw=1.4, zorder=4)


def _key(today: str) -> Key:
    return {
        "median": Line2D([], [], color=DARK_BLUE, lw=1.4),
        "90 % of draws": Patch(color=LIGHT_BLUE, lw=0),
        f"today, {today}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
    }


def _marks(results: Results, metric: str) -> str:
    """What is drawn, and what the frontier has spent by the last date."""
    cost = returns_data(results, metric, COST)
    low, middle, high = (number_words(n, 2) for n in cost.quantiles[-1])
    return (
        "Worth: area under the gap, discounted to the reference date. Cost: what the "
        "frontier spends beyond the meek actor, discounted, in years of what it spent "
        f"at the start: {middle} [{low}–{high}] up to {cost.dates[-1]}. Equal-tailed."
    )

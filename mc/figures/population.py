"""A population of budgets: their scores, who keeps up, and how unequal they are."""

from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import Band, band_data, draw_today, today_of
from mc.figures.captions import footer
from mc.figures.labels import MetricLabels, capital, metric_labels, metric_names
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.scales import finite, log_axis
from mc.figures.style import (
    DARK_BLUE,
    DASHED,
    INK,
    LIGHT_BLUE,
    QUIET,
    VERMILION,
    print_style,
)
from mc.figures.worlds import dollars

ANSWER = "how many budgets keep up with the frontier, and how unequal they are"
ROW = 1.25
"""Inches a metric."""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """One metric of a population.

    Attributes:
        labels: Words and scale of the metric.
        frontier: Its value for the frontier, in the shown unit.
        lowest: Least value of an actor.
        mean: Mean value.
        highest: Greatest value.
        within: Share of the actors within the tolerance, per cent.
        concentration: Gini index.
    """

    labels: MetricLabels
    frontier: Band
    lowest: Band
    mean: Band
    highest: Band
    within: Band
    concentration: Band


def population_data(results: Results, metric: str) -> Scores:
    """The bands of one metric's population.

    Raises:
        KeyError: If the run has no population.
    """
    if not results.manifest["configuration"]["budgets"]:
        raise KeyError("the run has no population: give one with --budgets")
    labels = metric_labels(results, metric)
    scores = {
        name: band_data(results, metric, name, labels.factor)
        for name in ("frontier", "lowest", "mean", "highest")
    }
    return Scores(
        labels=labels,
        within=band_data(results, metric, "within_tolerance", 100.0),
        concentration=band_data(results, metric, "concentration"),
        **scores,
    )


@print_style()
def population(results: Results) -> Figure:
    """Draw scores, keeping up and concentration of every metric, a row each."""
    names = metric_names(results)
    rows = [population_data(results, name) for name in names]
    figure = blank(2, ROW * len(rows))
    grid = figure.subplots(len(rows), 3, squeeze=False, sharex=True)
    today = today_of(results)
    for panels, row in zip(grid, rows, strict=True):
        _draw_scores(panels[0], row)
        _draw_band(panels[1], row.within)
        panels[1].set(ylim=(-2, 102), ylabel="% of the actors")
        panels[1].set_title("keep up with the frontier")
        _draw_band(panels[2], row.concentration)
        panels[2].set(ylim=(0, 1), ylabel="Gini index")
        panels[2].set_title("how unequal the scores are")
        for axes in panels:
            draw_today(axes, today)
    first, last = (day_number(d.item()) for d in rows[0].mean.dates[[0, -1]])
    for axes in grid[-1]:
        date_axis(axes, first, last, most_ticks=4)
    budgets = results.manifest["configuration"]["budgets"]
    ends = f"{dollars(min(budgets))} to {dollars(max(budgets))}"
    compose(
        figure,
        title=f"{len(budgets)} constant budgets, {ends} a run, beside the frontier",
        key=_key(str(today)),
        footer=footer(results, names, _marks(rows)),
    )
    return figure


def _draw_scores(axes: Axes, row: Scores) -> None:
    """Medians of the lowest, mean and highest score, and the frontier's."""
    dates = row.mean.dates
    low, high = row.lowest.median, row.highest.median
    axes.fill_between(dates, low, high, color=LIGHT_BLUE, lw=0, zorder=2)
    axes.plot(dates, row.mean.median, color=DARK_BLUE, lw=1.4, zorder=4)
    axes.plot(dates, row.frontier.median, color=VERMILION, lw=1.3, ls=DASHED, zorder=5)
    shown = (low, high, row.frontier.median)
    if row.labels.log:
        positive = np.concatenate([part[part > 0] for part in shown])
        log_axis(axes, float(positive.min()), float(positive.max()))
    else:
        bottom, top = finite(*shown)
        room = 0.05 * (top - bottom)
        axes.set_ylim(bottom - room, top + room)
    axes.set_ylabel(row.labels.value_unit)
    axes.set_title(capital(row.labels.title))


def _draw_band(axes: Axes, band: Band) -> None:
    low, high = band.quantiles[:, 0], band.quantiles[:, -1]
    axes.fill_between(band.dates, low, high, color="#dcdcdc", lw=0, zorder=2)
    axes.plot(band.dates, band.median, color=INK, lw=1.3, zorder=4)


def _key(today: str) -> Key:
    return {
        "lowest to highest actor (medians)": Patch(color=LIGHT_BLUE, lw=0),
        "mean of the actors": Line2D([], [], color=DARK_BLUE, lw=1.4),
        "frontier": Line2D([], [], color=VERMILION, lw=1.3, ls=DASHED),
        "median": Line2D([], [], color=INK, lw=1.3),
        "90 % of draws": Patch(color="#dcdcdc", lw=0),
        f"today, {today}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
    }


def _marks(rows: list[Scores]) -> str:
    bars = dict.fromkeys(row.labels.tolerance_words for row in rows)
    return (
        f"An actor keeps up while its gap is at most {', '.join(bars)}. Gini index of "
        "the scores themselves, 0 where all are equal; it depends on where the scale "
        "has its zero. Pointwise over all draws."
    )

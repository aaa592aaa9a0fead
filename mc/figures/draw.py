"""One draw of a run: both actors and their gap, before the bands of all draws."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.bands import Band, band_data, draw_today, today_of, tolerance_key
from mc.figures.captions import provenance
from mc.figures.fan import number_axis
from mc.figures.labels import MetricLabels, capital, metric_labels
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.scales import finite, log_axis, plain, ratio_axis
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    DASHED,
    DOTTED,
    INK,
    LIGHT_BLUE,
    MIDDLE_BLUE,
    QUIET,
    VERMILION,
    print_style,
)

MOST = 6
"""Metrics and worlds in one figure."""


@dataclass(frozen=True, kw_only=True)
class Line:
    """What becomes of one metric in the draw.

    Attributes:
        scenario: In which world.
        metric: Its label.
        series: Frontier, meek, gap …, at the dates of the bands.
        peak: Date of the peak, or a word.
        closed: Date from which the gap is closed, or a word.
        why: The same in sentences.
    """

    scenario: str
    metric: str
    series: Mapping[str, Float[np.ndarray, " dates"]]
    peak: str
    closed: str
    why: str


@print_style()
def one_draw(results: Results, index: int, lines: Sequence[Line]) -> Figure:
    """Draw both actors and their gap in one draw, a row a metric and world.

    Args:
        results: The run.
        index: The draw.
        lines: At least one; of more than ``MOST`` the first are drawn.
    """
    shown = lines[:MOST]
    figure = blank(2, 1.55 * len(shown))
    grid = figure.subplots(len(shown), 2, squeeze=False, sharex=True)
    today = today_of(results)
    for (left, right), line in zip(grid, shown, strict=True):
        labels = metric_labels(results, line.metric)
        world = "" if line.scenario == BASELINE else f", {line.scenario}"
        left.set_title(capital(labels.title) + world)
        band = _draw_gap(right, results, line, labels)
        _draw_actors(left, line, labels, band)
        first, last = (day_number(day.item()) for day in band.dates[[0, -1]])
        for axes in (left, right):
            date_axis(axes, first, last, most_ticks=5)
            axes.xaxis.set_tick_params(labelbottom=True)
            draw_today(axes, today)
    whys = [f"{line.metric}: {line.why}" for line in shown]
    if len(lines) > MOST:
        whys.append(f"{len(lines) - MOST} more metrics and worlds are not drawn.")
    compose(
        figure,
        title=f"Draw {index:,} of the run, before the bands of all draws",
        key=_key(today),
        footer=[provenance(results), *whys],
    )
    return figure


def _draw_gap(axes: Axes, results: Results, line: Line, labels: MetricLabels) -> Band:
    name, factor = labels.gap_series, labels.factor
    band = band_data(results, line.metric, name, factor, line.scenario)
    half = len(band.levels) // 2
    for i, shade in zip(range(half), (LIGHT_BLUE, MIDDLE_BLUE), strict=False):
        low, high = band.quantiles[:, i], band.quantiles[:, -1 - i]
        axes.fill_between(band.dates, low, high, color=shade, lw=0, zorder=2 + i)
    gap = factor * line.series[name]
    axes.plot(band.dates, gap, color=VERMILION, lw=1.5, zorder=7)
    if labels.tolerance is not None:
        axes.axhline(labels.tolerance, color=INK, lw=0.7, ls=DOTTED, zorder=6)
    for word, mark in ((line.peak, "^"), (line.closed, "o")):
        day = _day(word)
        if day is not None and band.dates[0] <= np.datetime64(day) <= band.dates[-1]:
            height = np.interp(day_number(day), mdates.date2num(band.dates), gap)
            where = [day_number(day)], [height]
            axes.plot(*where, mark, color=INK, mfc="white", ms=4, zorder=8)
    axes.set_ylabel(f"gap, {labels.gap_unit}")
    low, high = finite(band.quantiles, gap)
    if labels.ratio:
        ratio_axis(axes, low, high)
    elif labels.log:
        later = len(gap) // 40  # a gap that starts at zero enters from below
        seen = np.concatenate([band.quantiles[later:].ravel(), gap[later:]])
        log_axis(axes, *finite(seen[seen > 0]))
    else:
        number_axis(axes, low, high, labels)
    return band


def _draw_actors(axes: Axes, line: Line, labels: MetricLabels, band: Band) -> None:
    factor = labels.factor
    frontier, meek = (factor * line.series[name] for name in ("frontier", "meek"))
    axes.plot(band.dates, frontier, color=DARK_BLUE, lw=1.3)
    axes.plot(band.dates, meek, color=DARK_ORANGE, lw=1.3, ls=DASHED)
    axes.set_ylabel(labels.value_unit)
    low, high = finite(frontier, meek)
    if labels.log and low > 0:
        log_axis(axes, low, high)
    elif labels.value_unit == "%":
        axes.set_ylim(0, 100)
    else:
        axes.yaxis.set_major_formatter(plain)


def _day(word: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(word)
    except ValueError:
        return None


def _key(today: datetime.date) -> Key:
    mark = {"ls": "", "color": INK, "mfc": "white", "ms": 4}
    return {
        "frontier": Line2D([], [], color=DARK_BLUE, lw=1.3),
        "meek": Line2D([], [], color=DARK_ORANGE, lw=1.3, ls=DASHED),
        "gap of this draw": Line2D([], [], color=VERMILION, lw=1.5),
        "50 % of draws": Patch(color=MIDDLE_BLUE, lw=0),
        "90 %": Patch(color=LIGHT_BLUE, lw=0),
        "peak": Line2D([], [], marker="^", **mark),
        "closed from here": Line2D([], [], marker="o", **mark),
        "tolerance": tolerance_key(),
        f"today, {today}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
    }

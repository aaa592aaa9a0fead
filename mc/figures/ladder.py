"""World under world: when each gap closes, or how wide it is where it never does."""

import datetime
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of
from mc.figures.captions import footer
from mc.figures.labels import MetricLabels, capital, metric_labels, metric_names
from mc.figures.lanes import Lane, draw_interval, draw_never, lane_of
from mc.figures.page import Key, blank, compose, date_ticks
from mc.figures.rows import Span, span_data
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    FAINT,
    LINES,
    QUIET,
    SMALL_SIZE,
    number_words,
    print_style,
)
from mc.figures.verdicts import NEARLY_ALL
from mc.figures.worlds import world_names

ANSWER = "world under world: when each gap closes, or how wide one is that never does"
ROW = 0.23
"""Inches a world."""
MOST_YEARS = 40.0
"""Longest lane of dates."""
MOST_LETTERS = 30
"""Longest line above a column."""
MOST_DAYS = 3
"""Dates at which a gap that never closes is drawn."""
_LEVELS = ("q0.05", "q0.5", "q0.95")


@dataclass(frozen=True, kw_only=True)
class Rung:
    """One metric in one world.

    Attributes:
        world: Its name.
        closed: When the gap is closed for good.
        widths: The 5, 50 and 95 % quantiles of the gap by date, as in the tables.
    """

    world: str
    closed: Span
    widths: dict[str, tuple[float, float, float]]


def ladder_data(results: Results, metric: str) -> tuple[Rung, ...]:
    """One metric in every world, in the run's order.

    Raises:
        KeyError: If the run has no such metric.
    """
    metric_labels(results, metric)
    return tuple(
        Rung(
            world=name,
            closed=span_data(results, metric, "convergence_date", name),
            widths={day: _width(results, metric, day, name) for day in _days(results)},
        )
        for name in world_names(results)
    )


def _days(results: Results) -> list[str]:
    """The dates of standings after today, few of them."""
    known = results.manifest["configuration"]
    later = [day for day in known["at"] if day > known["today"]]
    return later[:MOST_DAYS] or known["at"][-1:]


def _width(
    results: Results, metric: str, day: str, world: str
) -> tuple[float, float, float]:
    low, middle, high = (
        float(results.statistic(metric, f"gap@{day}", level, world).to_dict()["number"])
        for level in _LEVELS
    )
    return low, middle, high


@print_style()
def ladder(results: Results) -> Figure:
    """Draw every metric in every world: a lane of dates, or the gap at some dates."""
    names, worlds = metric_names(results), world_names(results)
    columns = {name: ladder_data(results, name) for name in names}
    figure = blank(2, ROW * (len(worlds) + 1) + 0.3)
    grid = figure.subplots(1, len(names), squeeze=False, sharey=True)[0]
    spans = [rung.closed for rungs in columns.values() for rung in rungs]
    lane, today = lane_of(results, spans, MOST_YEARS), today_of(results)
    for axes, (name, rungs) in zip(grid, columns.items(), strict=True):
        labels = metric_labels(results, name)
        if all(rung.closed.never >= NEARLY_ALL for rung in rungs):
            _draw_widths(axes, rungs, results.manifest["metrics"][name], labels)
        else:
            _draw_lane(axes, rungs, labels, lane)
            draw_today(axes, today)
        for place in range(len(worlds)):
            axes.axhline(place, color=FAINT, lw=0.35, zorder=0)
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    grid[0].set_ylim(len(worlds) - 0.5, -0.6)
    grid[0].set_yticks(range(len(worlds)), worlds)
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key(_days(results), today),
        footer=footer(results, names, _marks(results, names), compared=True),
    )
    return figure


def _draw_lane(
    axes: Axes, rungs: Sequence[Rung], labels: MetricLabels, lane: Lane
) -> None:
    """When the gap is closed for good; an arrow where it never is."""
    for place, rung in enumerate(rungs):
        if rung.closed.never < NEARLY_ALL:
            draw_interval(axes, float(place), rung.closed, lane, DARK_BLUE, "o")
        else:
            draw_never(axes, float(place), rung.closed, lane)
    places, words = date_ticks(lane.start + lane.slot, lane.end, 4)
    beside = {"already": lane.already, "never": lane.end + 1.5 * lane.slot}
    reached = {word for rung in rungs for word in rung.closed.words}
    told = [word for word in beside if word in reached]
    axes.set_xlim(lane.start - lane.slot, lane.end + 2.25 * lane.slot)
    axes.set_xticks([*places, *(beside[w] for w in told)], [*words, *told])
    _write_title(axes, labels, "closed for good")


def _draw_widths(
    axes: Axes, rungs: Sequence[Rung], entry: dict[str, object], labels: MetricLabels
) -> None:
    """The gap at each date, and its median there in numbers; the axis is a ratio's."""
    days = list(rungs[0].widths)
    is_ratio = entry["scale"] == "log"
    for place, rung in enumerate(rungs):
        for number, (colour, _, mark) in zip(range(len(days)), LINES, strict=False):
            low, middle, high = rung.widths[days[number]]
            height = place + 0.22 * (number - (len(days) - 1) / 2)
            axes.plot([low, high], [height] * 2, color=colour, lw=1.1, zorder=3)
            axes.plot(
                middle, height, marker=mark, ms=2.8, mfc="white", mec=colour, zorder=4
            )
        axes.annotate(
            number_words(rung.widths[days[-1]][1], 2),
            (1.0, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(3, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
        )
    if is_ratio:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(ticker.LogLocator(numticks=5))
        axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: _written(value, is_ratio=is_ratio))
    unit = "frontier / meek" if is_ratio else labels.gap_unit
    _write_title(axes, labels, unit)


def _write_title(axes: Axes, labels: MetricLabels, shown: str) -> None:
    words = f"{capital(labels.title)}: {shown}"
    axes.set_title(textwrap.fill(words, MOST_LETTERS))


def _written(value: float, *, is_ratio: bool) -> str:
    if not math.isfinite(value):
        return ""
    return ("×" if is_ratio else "") + number_words(value, 2)


def _key(days: Sequence[str], today: datetime.date) -> Key:
    key: Key = {
        "closed: median, 90 % of draws": Line2D(
            [], [], color=DARK_BLUE, lw=2.0, marker="o", ms=3.6, mfc="white"
        ),
        "never closed": Line2D([], [], color=DARK_ORANGE, lw=0.9, marker=">", ms=3),
    }
    for day, (colour, _, mark) in zip(days, LINES, strict=False):
        key[f"gap on {day}"] = Line2D(
            [], [], color=colour, lw=1.1, marker=mark, ms=2.8, mfc="white"
        )
    key[f"today, {today}"] = Line2D([], [], color=QUIET, lw=0.6, ls="-.")
    return key


def _marks(results: Results, names: Sequence[str]) -> str:
    bars = dict.fromkeys(metric_labels(results, n).tolerance_words for n in names)
    return (
        "All worlds share every draw. Equal-tailed over all draws, 5 %, 50 % and 95 %; "
        "those without a date in their places beside the axis. Numbers: the median on "
        f"the last date. Closed at {', '.join(bars)}."
    )

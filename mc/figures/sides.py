"""What each scenario does to either actor, and so to the gap: who is helped."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import Band, band_data, draw_today, today_of, tolerance_key
from mc.figures.captions import footer
from mc.figures.delays import Delay, delays_data
from mc.figures.labels import capital, metric_names
from mc.figures.lanes import Lane, lane_of
from mc.figures.page import Key, blank, compose, date_axis, date_ticks
from mc.figures.scales import finite, log_axis, plain
from mc.figures.scenarios import Compared, draw_dates, draw_gaps, scenarios_data
from mc.figures.style import INK, LINES, QUIET, SMALL_SIZE, print_style
from mc.figures.worlds import MOST_LINES, world_names

ANSWER = "what each scenario does to the frontier, to the meek actor and to the gap"
TALL = 1.5
"""Inches of a row."""
MOST_YEARS = 40.0
"""Longest lane of dates."""
MOSTLY = 0.5
"""Share of draws without a date in either world from which no delay is written."""
MOST_LETTERS = 20
"""Longest line beside a panel."""


@dataclass(frozen=True, kw_only=True)
class Sides:
    """One metric in every world, either actor by itself.

    Attributes:
        compared: The gaps, and when they are closed.
        frontier: The frontier's value by world, in the shown unit.
        meek: The meek actor's.
        later: How much later the gap closes in each scenario.
    """

    compared: Compared
    frontier: tuple[Band, ...]
    meek: tuple[Band, ...]
    later: tuple[Delay, ...]


def sides_data(results: Results, metric: str) -> Sides:
    """One metric of a run that follows scenarios.

    Raises:
        KeyError: If the run has no such metric, or follows no scenario.
    """
    compared = scenarios_data(results, metric)
    frontier, meek = (
        tuple(
            band_data(results, metric, who, compared.labels.factor, name)
            for name in compared.names
        )
        for who in ("frontier", "meek")
    )
    later = tuple(
        row
        for row in delays_data(results)
        if (row.metric, row.event) == (metric, "convergence")
    )
    return Sides(compared=compared, frontier=frontier, meek=meek, later=later)


@print_style()
def sides(results: Results) -> Figure:
    """Draw medians of both actors and of the gap, and when it closes, by world.

    Raises:
        LookupError: If there are more worlds than lines can be told apart.
    """
    names, worlds = metric_names(results), world_names(results)
    if len(worlds) > MOST_LINES:
        raise LookupError(f"{len(worlds)} worlds are more than {MOST_LINES} lines")
    rows = [sides_data(results, name) for name in names]
    figure = blank(2, TALL * len(rows))
    grid = figure.subplots(len(rows), 4, squeeze=False, width_ratios=[1, 1, 1, 1.3])
    spans = [span for row in rows for span in row.compared.closed]
    lane, today = lane_of(results, spans, MOST_YEARS), today_of(results)
    for panels, row in zip(grid, rows, strict=True):
        _draw_values(panels[0], panels[1], row)
        draw_gaps(panels[2], row.compared)
        panels[2].set_ylabel("")
        _draw_closing(panels[3], row, lane)
        for axes in panels:
            draw_today(axes, today)
        labels = row.compared.labels
        words = f"{capital(labels.title)}: frontier"
        panels[0].set_title(textwrap.fill(words, MOST_LETTERS))
        titles = ("meek actor", f"gap, {labels.gap_unit}", "closed; years later")
        for axes, title in zip(panels[1:], titles, strict=True):
            axes.set_title(title, weight="normal")
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key(rows, today.isoformat()),
        footer=footer(results, names, _marks(rows), compared=True),
    )
    return figure


def _draw_values(left: Axes, right: Axes, row: Sides) -> None:
    """Medians of frontier and meek actor on axes of one scale."""
    labels = row.compared.labels
    shown = [band.median for band in (*row.frontier, *row.meek)]
    low, high = finite(*shown)
    for axes, bands in ((left, row.frontier), (right, row.meek)):
        for band, (colour, dash, _) in zip(bands, LINES, strict=False):
            width = 1.8 if band is bands[0] else 1.2
            axes.plot(band.dates, band.median, color=colour, ls=dash, lw=width)
        if labels.log:
            log_axis(axes, max(low, 1e-300), high)
        elif labels.value_unit == "%":
            axes.set_ylim(0, 100)
        else:
            axes.set_ylim(low - 0.04 * (high - low), high + 0.04 * (high - low))
            axes.yaxis.set_major_formatter(plain)
        first, last = mdates.date2num(bands[0].dates[[0, -1]]).tolist()
        date_axis(axes, first, last, most_ticks=4)
    left.set_ylabel(textwrap.fill(labels.value_unit, MOST_LETTERS))
    right.tick_params(labelleft=False)


def _draw_closing(axes: Axes, row: Sides, lane: Lane) -> None:
    """The lane of closing, and behind it how much later than in the baseline."""
    draw_dates(axes, row.compared, lane)
    axes.set_yticks([])
    places, words = date_ticks(lane.start + lane.slot, lane.end, 3)
    beside = {"already": lane.already, "never": lane.end + 1.4 * lane.slot}
    reached = {word for span in row.compared.closed for word in span.words}
    told = [word for word in beside if word in reached]
    axes.set_xticks([*places, *(beside[w] for w in told)], [*words, *told], minor=False)
    for number, later in enumerate(row.later, start=1):
        if later.shares["undetermined"] > MOSTLY:
            continue
        axes.annotate(
            later.words,
            (1.0, number),
            xycoords=axes.get_yaxis_transform(),
            xytext=(2, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=LINES[number][0],
        )


def _key(rows: Sequence[Sides], today: str) -> Key:
    key: Key = {
        name: Line2D([], [], color=colour, ls=dash, lw=1.4, marker=mark, ms=3, mfc="w")
        for name, (colour, dash, mark) in zip(
            rows[0].compared.names, LINES, strict=False
        )
    }
    key["closed for good: median, 90 % of draws"] = Line2D(
        [], [], color=INK, lw=2.0, marker="o", ms=3.6, mfc="white"
    )
    key["gap called closed"] = tolerance_key()
    key[f"today, {today}"] = Line2D([], [], color=QUIET, lw=0.6, ls="-.")
    return key


def _marks(rows: Sequence[Sides]) -> str:
    bars = dict.fromkeys(row.compared.labels.tolerance_words for row in rows)
    return (
        "Lines: pointwise medians; shade: the middle half of the baseline's draws. "
        "Right: dates over all draws, and years later than in the baseline, draw by "
        f"draw: 50 % [5 %, 95 %]. Closed at {', '.join(bars)}."
    )

"""When each actor comes to each level, and how many budgets stand above it by date."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import Band, band_data, draw_today, today_of
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_labels
from mc.figures.lanes import Lane, draw_interval, frame_lane, lane_of
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.rows import Span, span_data
from mc.figures.style import (
    BLUE,
    INK,
    LINES,
    QUIET,
    SMALL_SIZE,
    VERMILION,
    number_words,
    print_style,
)

ANSWER = "when each actor comes to a level, and how many budgets stand above it"
MOST_YEARS = 30.0
"""Longest lane of dates; later ones are written beside it."""
ROW = 0.34
"""Inches a level."""
_ACTORS = (("frontier", BLUE, "s", -0.16), ("meek", VERMILION, "o", 0.16))


@dataclass(frozen=True, kw_only=True)
class Threshold:
    """One level of one metric.

    Attributes:
        metric: Label of the metric.
        name: The level as the tables have it.
        words: The level with its unit.
        frontier: When the frontier comes to it.
        meek: When the meek actor does.
        delay: How much later the meek actor is: ``4.2 [2.5–7.0] years``.
        above: Actors of the population at or past it; None without one.
    """

    metric: str
    name: str
    words: str
    frontier: Span
    meek: Span
    delay: str
    above: Band | None


def thresholds_data(results: Results) -> tuple[Threshold, ...]:
    """Every level of a run, in order.

    Raises:
        KeyError: If the run has none.
    """
    told = results.manifest["configuration"]["crossings"]
    if not told:
        raise KeyError("the run dates no level: give one with --level METRIC=LEVEL")
    return tuple(_threshold(results, *text.rsplit("=", 1)) for text in told)


@print_style()
def thresholds(results: Results) -> Figure:
    """Draw the dates of all levels, and the population above each beside them."""
    rows = thresholds_data(results)
    has_population = rows[0].above is not None
    figure = blank(2, max(ROW * len(rows) + 0.35, 1.6 if has_population else 0.0))
    across = 2 if has_population else 1
    grid = figure.subplots(1, across, squeeze=False, width_ratios=[1.25, 1][:across])
    spans = [span for row in rows for span in (row.frontier, row.meek)]
    lane, today = lane_of(results, spans, MOST_YEARS), today_of(results)
    _draw_dates(grid[0, 0], rows, lane)
    draw_today(grid[0, 0], today)
    if has_population:
        _draw_counts(grid[0, 1], rows)
        draw_today(grid[0, 1], today)
    compose(
        figure,
        title="How long after the frontier does a fixed budget come to a level?",
        key=_key(rows, today),
        footer=footer(results, list(dict.fromkeys(r.metric for r in rows)), _marks()),
    )
    return figure


def _threshold(results: Results, metric: str, name: str) -> Threshold:
    unit = results.manifest["metrics"][metric]["series"]["frontier"]
    number = f"{100 * float(name):g} %" if unit == "probability" else f"{name} {unit}"
    has_population = bool(results.manifest["configuration"]["budgets"])
    return Threshold(
        metric=metric,
        name=name,
        words=f"{capital(metric_labels(results, metric).title)}\n{number}",
        frontier=span_data(results, metric, f"frontier_crossing_{name}_date"),
        meek=span_data(results, metric, f"meek_crossing_{name}_date"),
        delay=_delay(results, metric, name),
        above=band_data(results, metric, f"above_{name}") if has_population else None,
    )


def _delay(results: Results, metric: str, name: str) -> str:
    """Median and 90 % of the delay, in words where it has no number."""
    cells = []
    for level in ("q0.05", "q0.5", "q0.95"):
        row = results.statistic(metric, f"crossing_delay_{name}", level).to_dict()
        is_number = row["status"] == "observed"
        cells.append(number_words(row["number"], 2) if is_number else str(row["text"]))
    low, middle, high = cells
    if low == middle == high:
        return middle
    return f"{middle} years\n[{low}–{high}]"


def _draw_dates(axes: Axes, rows: Sequence[Threshold], lane: Lane) -> None:
    """A row a level: the frontier's date above, the meek actor's below."""
    for place, row in enumerate(rows):
        for actor, colour, mark, shift in _ACTORS:
            span = getattr(row, actor)
            draw_interval(axes, place + shift, span, lane, colour, mark)
        axes.annotate(
            row.delay,
            (1.0, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=INK,
        )
    frame_lane(axes, lane)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [row.words for row in rows], size=SMALL_SIZE)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title("Date of the level; right, how much later the meek actor")


def _draw_counts(axes: Axes, rows: Sequence[Threshold]) -> None:
    """Median and 90 % of the number of actors above each level."""
    for row, (colour, dash, _) in zip(rows, LINES, strict=False):
        if row.above is None:
            continue
        low, high = row.above.quantiles[:, 0], row.above.quantiles[:, -1]
        axes.fill_between(row.above.dates, low, high, color=colour, alpha=0.12, lw=0)
        axes.plot(row.above.dates, row.above.median, color=colour, ls=dash, lw=1.3)
    first = rows[0].above
    if first is not None:
        ends = [day_number(day.item()) for day in first.dates[[0, -1]]]
        date_axis(axes, ends[0], ends[1], most_ticks=5)
    axes.set_ylim(bottom=0)
    axes.set_ylabel("budgets at or past the level")
    axes.set_title("How many budgets are that far")


def _key(rows: Sequence[Threshold], today: datetime.date) -> Key:
    key: Key = {
        f"{actor}: median, 90 % of draws": Line2D(
            [], [], color=colour, lw=2.0, marker=mark, ms=3.6, mfc="white"
        )
        for actor, colour, mark, _ in _ACTORS
    }
    if rows[0].above is not None:
        for row, (colour, dash, _) in zip(rows, LINES, strict=False):
            title, number = row.words.split("\n")
            among = f"{title}, " if len({r.metric for r in rows}) > 1 else "past "
            key[f"budgets {among.lower()}{number}"] = Line2D(
                [], [], color=colour, ls=dash, lw=1.3
            )
    key[f"today, {today}"] = Line2D([], [], color=QUIET, lw=0.6, ls="-.")
    return key


def _marks() -> str:
    return (
        "Dates and delays: equal-tailed over all draws; a level that the meek actor "
        "never comes to stands beside the dates. Budgets: pointwise median and 90 %."
    )

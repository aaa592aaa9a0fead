"""A lane of dates: when something happens, with places for what has no date."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.page import Key, date_ticks, day_number
from mc.figures.rows import Span
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    DASHED,
    FAINT,
    QUIET,
    SMALL_SIZE,
    VERMILION,
)
from priors.units import DAYS_PER_YEAR

Look = Mapping[str, Any]
"""How a line or a mark is drawn."""

_PEAK: Look = {"color": VERMILION, "ls": DASHED, "lw": 1.0}
_CLOSED: Look = {"color": DARK_BLUE, "ls": "-", "lw": 2.4}
_PEAK_MEDIAN: Look = {"marker": "D", "ms": 2.8, "mfc": "white", "mec": VERMILION}
_CLOSED_MEDIAN: Look = {"marker": "o", "ms": 3.6, "mfc": "white", "mec": DARK_BLUE}
_NEVER: Look = {"color": DARK_ORANGE, "lw": 0.9}


@dataclass(frozen=True)
class Lane:
    """Ends of the dates, and the places beside them for draws without one.

    Attributes:
        start: First day as matplotlib counts them.
        end: Last day.
    """

    start: float
    end: float

    @property
    def slot(self) -> float:
        """Width of a place beside the dates."""
        return 0.13 * (self.end - self.start)

    @property
    def already(self) -> float:
        """Place of what has happened before the dates begin."""
        return self.start - 0.5 * self.slot

    @property
    def later(self) -> float:
        """Place of dates after the last."""
        return self.end + 0.25 * self.slot

    @property
    def never(self) -> float:
        """Place of what never happens."""
        return self.end + 1.25 * self.slot

    def place(self, day: float, word: str) -> float:
        """Where a date, or the status of a draw without one, stands."""
        if word == "already":
            return self.already
        if day <= self.end:
            return max(day, self.start)
        return self.never if word == "never" else self.later


def frame_lane(axes: Axes, lane: Lane) -> None:
    """Dates along the axis, and the places beside them by name."""
    places, words = date_ticks(
        lane.start + 0.3 * lane.slot, lane.end - 0.3 * lane.slot, 6
    )
    beside = [lane.already, lane.end + 0.5 * lane.slot, lane.end + 1.6 * lane.slot]
    axes.set_xlim(lane.start - lane.slot, lane.end + 2.25 * lane.slot)
    axes.set_xticks([*places, *beside], [*words, "already", "later", "never"])
    for tick in axes.xaxis.get_major_ticks()[len(places) :]:
        tick.tick1line.set_visible(False)
        tick.label1.set_color(QUIET)
    for edge in (lane.start, lane.end, lane.end + lane.slot):
        axes.axvline(edge, color=FAINT, lw=0.5, zorder=1)


def draw_peak(axes: Axes, place: float, span: Span, lane: Lane) -> None:
    """The interval and median of the date of a peak."""
    _draw_span(axes, place, span, lane, _PEAK, _PEAK_MEDIAN)


def draw_closed(axes: Axes, place: float, span: Span, lane: Lane) -> None:
    """The interval and median of the date from which a gap is closed."""
    _draw_span(axes, place, span, lane, _CLOSED, _CLOSED_MEDIAN)


def draw_interval(
    axes: Axes, place: float, span: Span, lane: Lane, colour: str, mark: str
) -> None:
    """An interval and its median in a colour of their own."""
    median = {"marker": mark, "ms": 3.6, "mfc": "white", "mec": colour, "mew": 0.9}
    _draw_span(axes, place, span, lane, {"color": colour, "ls": "-", "lw": 2.0}, median)


def lane_of(results: Results, spans: Sequence[Span], most_years: float) -> Lane:
    """A lane from the epoch's year to the last date of some spans."""
    epoch = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    start = day_number(datetime.date(epoch.year, 1, 1))
    dated = [day for span in spans for day in span.days if math.isfinite(day)]
    last = max(dated, default=start)
    years = min(max((last - start) / DAYS_PER_YEAR + 0.5, 5.0), most_years)
    return Lane(start, start + years * DAYS_PER_YEAR)


def draw_never(axes: Axes, place: float, span: Span, lane: Lane) -> None:
    """An arrow past all dates to ``never``, and the share of draws if not all."""
    axes.annotate(
        "",
        (lane.end + 1.12 * lane.slot, place),
        xytext=(lane.start, place),
        arrowprops={"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, **_NEVER},
        zorder=4,
    )
    words = "never" if span.never == 1.0 else span.never_text
    _write(axes, lane.end + 1.17 * lane.slot, place, words, DARK_ORANGE, weight="bold")


def lane_key() -> Key:
    """The words for the marks of a lane."""
    return {
        "peak: median, 90 % of draws": Line2D([], [], **_PEAK, **_PEAK_MEDIAN),
        "closed for good: median, 90 %": Line2D([], [], **_CLOSED, **_CLOSED_MEDIAN),
        "never closed": Line2D([], [], **_NEVER, marker=">", ms=3),
    }


def _draw_span(
    axes: Axes, place: float, span: Span, lane: Lane, line: Look, median: Look
) -> None:
    low, middle, high = (
        lane.place(day, word) for day, word in zip(span.days, span.words, strict=True)
    )
    ends = [low, high]
    axes.plot(ends, [place, place], solid_capstyle="butt", zorder=4, **line)
    axes.plot(middle, place, zorder=5, **median)
    if high > lane.end:
        text = span.never_text if span.words[2] == "never" else span.words[2]
        _write(axes, high + 0.12 * lane.slot, place, text, str(line["color"]))


def _write(
    axes: Axes, x: float, place: float, text: str, colour: str, **style: Any
) -> None:
    axes.annotate(
        text,
        (x, place),
        ha="left",
        va="center",
        size=SMALL_SIZE - 0.4,
        color=colour,
        zorder=6,
        **style,
    )

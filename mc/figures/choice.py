"""Every metric on one page: its gap, when it peaks and closes, what becomes of it.

The metrics stand in groups by the limit of their gap: it closes, it depends on the
draw, or it never closes.
"""

import datetime
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.transforms import Transform

from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of, tolerance_key
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_names
from mc.figures.lanes import (
    Lane,
    draw_closed,
    draw_never,
    draw_peak,
    frame_lane,
    lane_key,
    lane_of,
)
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.rows import Row, row_data
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    DOTTED,
    INK,
    LIGHT_BLUE,
    LIGHT_ORANGE,
    PANEL_SIZE,
    QUIET,
    SHADE,
    print_style,
)
from mc.figures.verdicts import NEARLY_ALL
from mc.figures.worlds import assumes

ANSWER = "every metric on one page"
ROW = 0.25
"""Inches a row."""
MOST_YEARS = 27.0
"""Longest lane of dates; later years are written beside it."""
NAME_SIZE, ASIDE_SIZE = 6.3, 5.2
_GROUPS = {
    "closes": ("The gap closes", DARK_BLUE, LIGHT_BLUE, "#f2f7fc"),
    "depends": ("It depends on the draw", INK, "#d9d9d9", SHADE),
    "never": ("The gap never closes", DARK_ORANGE, LIGHT_ORANGE, "#fdf5ea"),
}
"""Words, line, fill and ground of each group, in the order of the page."""


def choice_data(results: Results) -> tuple[Row, ...]:
    """A row a metric, by group and in the run's order within each."""
    rows = [row_data(results, name) for name in metric_names(results)]
    order = list(_GROUPS)
    return tuple(sorted(rows, key=lambda row: order.index(row.verdict.group)))


@print_style()
def choice(results: Results) -> Figure:
    """Draw every metric of a run in a row, grouped by what becomes of its gap."""
    rows = choice_data(results)
    lines: list[str | Row] = []
    for group in _GROUPS:
        members = [row for row in rows if row.verdict.group == group]
        lines += [group, *members] if members else []
    spans = [span for row in rows for span in (row.peak, row.closed)]
    figure = blank(2, ROW * len(lines) + 0.45)
    trends, dates = figure.subplots(1, 2, width_ratios=[1, 2.5])
    today, lane = today_of(results), lane_of(results, spans, MOST_YEARS)
    for axes in (trends, dates):
        _draw_ground(axes, lines)
        draw_today(axes, today)
    for place, line in enumerate(lines):
        if isinstance(line, str):
            _write_heading(trends, place, line, rows)
        else:
            _draw_trend(trends, place, line)
            _draw_dates(dates, place, line, lane)
            _write_row(trends, dates, place, line)
    first, last = (day_number(day.item()) for day in rows[0].dates[[0, -1]])
    date_axis(trends, first, last, most_ticks=3)
    frame_lane(dates, lane)
    trends.set_title("Median gap")
    dates.set_title("When it peaks, and when it is closed for good")
    compose(
        figure,
        title=_title(rows),
        key=_key(today),
        footer=footer(results, metric_names(results), _marks(results)),
    )
    return figure


def _draw_ground(axes: Axes, lines: Sequence[str | Row]) -> None:
    """A pale ground and a rule for each group."""
    for place, line in enumerate(lines):
        group = line if isinstance(line, str) else line.verdict.group
        _, dark, _, ground = _GROUPS[group]
        axes.axhspan(place - 0.5, place + 0.5, color=ground, lw=0, zorder=0)
        if isinstance(line, str):
            axes.axhline(place - 0.5, color=dark, lw=0.9, zorder=1)
    axes.set_ylim(len(lines) - 0.5, -0.5)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)


def _write_heading(axes: Axes, place: int, group: str, rows: Sequence[Row]) -> None:
    words, colour, _, _ = _GROUPS[group]
    count = sum(row.verdict.group == group for row in rows)
    written = axes.annotate(
        f"{words}: {count} metric{'s' if count > 1 else ''}",
        (0, place),
        xycoords=("figure fraction", "data"),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        size=PANEL_SIZE,
        weight="bold",
        color=colour,
    )
    written.set_in_layout(False)


def _draw_trend(axes: Axes, place: int, row: Row) -> None:
    """The median gap, from its zero up to its largest in the window."""
    _, dark, pale, _ = _GROUPS[row.verdict.group]
    low, high = min(float(row.trend.min()), 0.0), max(float(row.trend.max()), 0.0)
    scale = 0.76 / ((high - low) or 1.0)
    zero = place + 0.38 + scale * low
    line = zero - scale * row.trend
    ends = row.dates[[0, -1]]
    axes.fill_between(row.dates, zero, line, color=pale, lw=0, zorder=2)
    axes.plot(row.dates, line, color=dark, lw=1.0, zorder=4)
    axes.plot(ends, [zero, zero], color=INK, lw=0.4, zorder=3)
    if row.bar <= high:
        level = zero - scale * row.bar
        axes.plot(ends, [level, level], color=INK, lw=0.7, ls=DOTTED, zorder=3.5)


def _draw_dates(axes: Axes, place: int, row: Row, lane: Lane) -> None:
    """The peak above, the closing below; an arrow where there is none to speak of."""
    has_peak = row.peak.never < NEARLY_ALL
    if has_peak:
        draw_peak(axes, place - 0.2, row.peak, lane)
    if row.closed.never < NEARLY_ALL:
        draw_closed(axes, place + 0.2, row.closed, lane)
    else:
        draw_never(axes, place + (0.2 if has_peak else 0.0), row.closed, lane)


def _write_row(trends: Axes, dates: Axes, place: int, row: Row) -> None:
    """Name and unit on the left, class and limit on the right."""
    first, _, rest = row.verdict.words.partition(", ")
    nothing = row.verdict.limit_words
    below = rest or {
        "meek": f"gap → {nothing}",
        "diverging": "without end",
        "reversed": f"ends at {nothing}",
        "constant gap": f"settles at {nothing}",
    }.get(first, "")
    left, right = trends.get_yaxis_transform(), dates.get_yaxis_transform()
    _write_pair(trends, left, (0.0, float(place)), (row.title, row.unit), "right")
    _write_pair(dates, right, (1.0, float(place)), (capital(first), below), "left")


def _write_pair(
    axes: Axes,
    transform: Transform,
    place: tuple[float, float],
    words: tuple[str, str],
    side: str,
) -> None:
    """Two lines beside a row, the second smaller and quiet."""
    looks = ((0.9, NAME_SIZE, INK, "bottom"), (-0.9, ASIDE_SIZE, QUIET, "top"))
    for text, (height, size, colour, anchor) in zip(words, looks, strict=True):
        axes.annotate(
            text,
            place,
            xycoords=transform,
            xytext=(-5 if side == "right" else 5, height),
            textcoords="offset points",
            ha=side,
            va=anchor,
            size=size,
            color=colour,
        )


def _title(rows: Sequence[Row]) -> str:
    """How many gaps close and how many never do."""
    groups = [row.verdict.group for row in rows]
    parts = [
        (groups.count("closes"), "close"),
        (groups.count("depends"), "may close"),
        (groups.count("never"), "never do"),
    ]
    found = [f"{count} {words}" for count, words in parts if count]
    return f"Gaps of the same two actors on {len(rows)} metrics: {', '.join(found)}"


def _key(today: datetime.date) -> Key:
    return {
        **lane_key(),
        "gap called closed": tolerance_key(),
        f"today, {today}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
    }


def _marks(results: Results) -> str:
    return (
        "Left: pointwise median of the gap over its largest in the window; of a ratio, "
        "its logarithm. Middle: equal-tailed over all draws. Right: the limit of the "
        f"gap by theorem, draw by draw, if {assumes(results)}; median [5 % – 95 %]."
    )

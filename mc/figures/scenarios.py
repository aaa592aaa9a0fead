"""Every world of a run beside the baseline: the gap, and when it is closed for good.

A row a metric. Of more than ``MOST_LINES`` worlds only the dates are drawn.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import Band, band_data, draw_today, today_of, tolerance_key
from mc.figures.captions import footer
from mc.figures.fan import number_axis
from mc.figures.labels import MetricLabels, capital, metric_labels, metric_names
from mc.figures.lanes import Lane, draw_interval, draw_never, frame_lane, lane_of
from mc.figures.page import Key, blank, compose, date_axis
from mc.figures.rows import Span, span_data
from mc.figures.scales import finite, log_axis, ratio_axis
from mc.figures.style import (
    DARK_ORANGE,
    DOTTED,
    INK,
    LINES,
    QUIET,
    SMALL_SIZE,
    Columns,
    print_style,
)
from mc.figures.verdicts import NEARLY_ALL
from mc.figures.worlds import MOST_LINES, world_names

SHADE = "#dcdcdc"
MOST_YEARS = 45.0
"""Longest lane of dates; later ones are written beside it."""
MOST_LETTERS = 22
"""Longest line beside a panel."""
DWARFED = 8.0
"""Ratio of the highest medians of two worlds from which an axis is logarithmic."""
ROW, LEAST = 0.21, 1.45
"""Inches of a world's row, and of the lowest panel of gaps."""


@dataclass(frozen=True, kw_only=True)
class Compared:
    """One metric in every world of a run.

    Attributes:
        labels: Words and scale of the metric.
        names: Worlds, the baseline first.
        gaps: Bands of the gap by world, in the shown unit.
        closed: When the gap is closed for good, by world.
    """

    labels: MetricLabels
    names: tuple[str, ...]
    gaps: tuple[Band, ...]
    closed: tuple[Span, ...]

    @property
    def middle(self) -> tuple[np.ndarray, np.ndarray]:
        """Ends of the middle half of the baseline's draws."""
        base, quartiles = self.gaps[0], (0.25, 0.75)
        low, high = (base.quantiles[:, base.levels.index(q)] for q in quartiles)
        return low, high


def scenarios_data(results: Results, metric: str) -> Compared:
    """One metric in every world.

    Raises:
        KeyError: If the run has no such metric.
    """
    labels, names = metric_labels(results, metric), world_names(results)
    return Compared(
        labels=labels,
        names=names,
        gaps=tuple(
            band_data(results, metric, labels.gap_series, labels.factor, name)
            for name in names
        ),
        closed=tuple(
            span_data(results, metric, "convergence_date", name) for name in names
        ),
    )


@print_style()
def scenarios(results: Results, columns: Columns = 2) -> Figure:
    """Draw the median gap and the date of closing of every metric in every world."""
    names = metric_names(results)
    rows = [scenarios_data(results, name) for name in names]
    num_worlds = len(rows[0].names)
    has_lines = num_worlds <= MOST_LINES
    tall = max(ROW * num_worlds + 0.35, LEAST if has_lines else 0.0)
    figure = blank(columns, tall * len(rows))
    across = 2 if has_lines else 1
    grid = figure.subplots(
        len(rows), across, squeeze=False, width_ratios=[1, 1.15][-across:]
    )
    spans = [span for row in rows for span in row.closed]
    lane, today = lane_of(results, spans, MOST_YEARS), today_of(results)
    for panels, row in zip(grid, rows, strict=True):
        title = capital(row.labels.title)
        if has_lines:
            draw_gaps(panels[0], row)
            draw_today(panels[0], today)
        panels[0].set_title(title)
        draw_dates(panels[-1], row, lane)
        draw_today(panels[-1], today)
        if has_lines:
            panels[-1].set_title("closed for good", weight="normal")
    compose(
        figure,
        title=f"What the scenarios change: {', '.join(rows[0].names[1:])}",
        key=_key(rows, has_lines=has_lines) | _today_key(results),
        footer=footer(results, names, _marks(rows), compared=True),
    )
    return figure


def draw_gaps(axes: Axes, row: Compared) -> None:
    """The medians of all worlds over the middle half of the baseline."""
    low, high = row.middle
    labels, dates = row.labels, row.gaps[0].dates
    axes.fill_between(dates, low, high, color=SHADE, lw=0, zorder=1)
    for band, (colour, dash, _) in zip(row.gaps, LINES, strict=False):
        width = 1.6 if band is row.gaps[0] else 1.2
        axes.plot(dates, band.median, color=colour, ls=dash, lw=width, zorder=4)
    if labels.tolerance is not None:
        axes.axhline(labels.tolerance, color=QUIET, lw=0.7, ls=DOTTED, zorder=2)
    axes.set_ylabel(textwrap.fill(f"median gap, {labels.gap_unit}", MOST_LETTERS))
    shown = (low, high, *(band.median for band in row.gaps))
    if labels.ratio:
        ratio_axis(axes, *finite(*shown))
    elif labels.log:
        log_axis(axes, *_positive(shown))
    elif labels.tolerance is not None and _is_dwarfed(row):
        log_axis(axes, labels.tolerance / 10, finite(*shown)[1])
    else:
        number_axis(axes, *finite(*shown), labels)
    first, last = mdates.date2num(dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=5)


def _is_dwarfed(row: Compared) -> bool:
    """Whether one world's gap hides the others' on a linear axis, and all are led."""
    bar, medians = row.labels.tolerance, [band.median for band in row.gaps]
    tops = [finite(median)[1] for median in medians]
    if bar is None or max(tops) < DWARFED * min(tops):
        return False
    return bar < max(tops) and all(finite(median)[0] >= 0 for median in medians)


def _positive(shown: Sequence[np.ndarray]) -> tuple[float, float]:
    """Ends of a logarithmic axis; a gap that starts at zero enters from below."""
    settled = np.stack(shown)[:, len(shown[0]) // 40 :]
    positive = settled[np.isfinite(settled) & (settled > 0)]
    if not positive.size:
        return 0.1, 10.0
    return float(positive.min()), float(positive.max())


def draw_dates(axes: Axes, row: Compared, lane: Lane) -> None:
    """A row a world: its interval, or an arrow to ``never``."""
    for number, span in enumerate(row.closed):
        place = float(number)
        colour, _, mark = LINES[number if len(row.names) <= MOST_LINES else 0]
        if span.never < NEARLY_ALL:
            draw_interval(axes, place, span, lane, colour, mark)
        else:
            draw_never(axes, place, span, lane)
    frame_lane(axes, lane)
    axes.set_ylim(len(row.names) - 0.4, -0.6)
    axes.set_yticks(range(len(row.names)), row.names, size=SMALL_SIZE)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    if len(row.names) <= MOST_LINES:
        for tick, (colour, _, _) in zip(axes.get_yticklabels(), LINES, strict=False):
            tick.set_color(colour)


def _key(rows: Sequence[Compared], *, has_lines: bool) -> Key:
    key: Key = {}
    if has_lines:
        for name, (colour, dash, _) in zip(rows[0].names, LINES, strict=False):
            key[name] = Line2D([], [], color=colour, ls=dash, lw=1.3)
        key["baseline, middle 50 % of draws"] = Patch(color=SHADE, lw=0)
    key["closed: median, 90 % of draws"] = Line2D(
        [], [], color=INK, lw=2.0, marker="o", ms=3.6, mfc="white"
    )
    if any(span.never >= NEARLY_ALL for row in rows for span in row.closed):
        key["never closed"] = Line2D(
            [], [], color=DARK_ORANGE, lw=0.9, marker=">", ms=3
        )
    if has_lines and any(row.labels.tolerance is not None for row in rows):
        key["gap called closed"] = tolerance_key()
    return key


def _today_key(results: Results) -> Key:
    words = f"today, {today_of(results)}"
    return {words: Line2D([], [], color=QUIET, lw=0.6, ls="-.")}


def _marks(rows: Sequence[Compared]) -> str:
    bars = dict.fromkeys(row.labels.tolerance_words for row in rows)
    return (
        "All worlds share every draw. Gaps: pointwise medians; dates: equal-tailed "
        "over all draws, those without a date in their places beside the axis. Closed "
        f"at {', '.join(bars)}."
    )

"""What scenarios move and what they leave: peaks, dates of closing, and limits.

A block a metric and a row a world: on the left the median gap, then when it peaks and
closes, and in words how high it peaks and what becomes of it for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of, tolerance_key
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_labels, metric_names
from mc.figures.lanes import (
    Lane,
    draw_closed,
    draw_never,
    draw_peak,
    frame_lane,
    lane_key,
    lane_of,
)
from mc.figures.page import Key, blank, compose
from mc.figures.rows import Span, span_data
from mc.figures.scenarios import Compared, draw_gaps, scenarios_data
from mc.figures.style import (
    LINES,
    PANEL_SIZE,
    QUIET,
    SMALL_SIZE,
    number_words,
    print_style,
)
from mc.figures.verdicts import NEARLY_ALL, Verdict, verdict
from mc.figures.worlds import MOST_LINES, world_names

ANSWER = "what scenarios move and what they leave: peaks, closing dates and limits"
ROW, LEAST = 0.4, 1.5
"""Inches of a world's row, and of the lowest block."""
MOST_YEARS = 25.0
"""Longest lane of dates; later ones are written beside it."""
TODAY = {"color": QUIET, "lw": 0.6, "ls": "-."}
_LEVELS = ("q0.05", "q0.5", "q0.95")


@dataclass(frozen=True, kw_only=True)
class Moved:
    """One metric in one world.

    Attributes:
        world: Its name.
        peak: When the gap peaks.
        closed: When it is closed for good.
        height: How high it peaks, in words; empty where it never does.
        verdict: What becomes of it for ever.
    """

    world: str
    peak: Span
    closed: Span
    height: str
    verdict: Verdict

    @property
    def fate(self) -> str:
        """The class of the limit, with what the gap tends to."""
        limit = self.verdict.limit_words
        if self.verdict.words == "diverging":
            return "grows without end"
        if self.verdict.words == "meek":
            return f"gap → {limit}"
        return f"{self.verdict.words}: {limit}"


def moves_data(results: Results, metric: str) -> tuple[Moved, ...]:
    """One metric in every world of a run, the baseline first.

    Raises:
        KeyError: If the run has no such metric.
    """
    return tuple(_moved(results, metric, name) for name in world_names(results))


@print_style()
def moves(results: Results) -> Figure:
    """Draw every metric of a run in every world.

    Raises:
        LookupError: If there are more worlds than lines can be told apart.
    """
    names, worlds = metric_names(results), world_names(results)
    if len(worlds) > MOST_LINES:
        raise LookupError(f"{len(worlds)} worlds are more than {MOST_LINES} lines")
    blocks = {name: moves_data(results, name) for name in names}
    gaps = [scenarios_data(results, name) for name in names]
    tall = max(ROW * len(worlds) + 0.3, LEAST)
    figure = blank(2, tall * len(names))
    grid = figure.subplots(len(names), 2, squeeze=False, width_ratios=[1, 1.5])
    spans = [
        s for rows in blocks.values() for row in rows for s in (row.peak, row.closed)
    ]
    lane, today = lane_of(results, spans, MOST_YEARS), today_of(results)
    for panels, rows, gap in zip(grid, blocks.values(), gaps, strict=True):
        draw_gaps(panels[0], gap)
        panels[0].set_title(capital(gap.labels.title))
        _draw_rows(panels[1], rows, lane)
        for axes in panels:
            draw_today(axes, today)
    grid[0, 1].set_title("when it peaks and closes", weight="normal")
    grid[0, 1].annotate(
        "peak; limit",
        (1, 1),
        xycoords="axes fraction",
        xytext=(4, 4),
        textcoords="offset points",
        size=PANEL_SIZE,
    )
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key(gaps) | {f"today, {today}": Line2D([], [], **TODAY)},
        footer=footer(results, names, _marks(gaps), compared=True),
    )
    return figure


def _moved(results: Results, metric: str, world: str) -> Moved:
    return Moved(
        world=world,
        peak=span_data(results, metric, "peak_date", world),
        closed=span_data(results, metric, "convergence_date", world),
        height=_height(results, metric, world),
        verdict=verdict(results, metric, world),
    )


def _height(results: Results, metric: str, world: str) -> str:
    rows = results.summary(metric=metric, quantity="peak_gap", scenario=world)
    rows = rows.set_index("statistic")
    if any(rows.at[level, "status"] != "observed" for level in _LEVELS):
        return ""
    labels = metric_labels(results, metric)
    low, middle, high = (
        number_words(labels.factor * float(rows.at[level, "number"]), 2)
        for level in _LEVELS
    )
    return f"{'×' if labels.ratio else ''}{middle} [{low} – {high}]"


def _draw_rows(axes: Axes, rows: Sequence[Moved], lane: Lane) -> None:
    """Peak above and closing below in every world; the words beside them."""
    for place, row in enumerate(rows):
        has_peak = row.peak.never < NEARLY_ALL
        if has_peak:
            draw_peak(axes, place - 0.16, row.peak, lane)
        if row.closed.never < NEARLY_ALL:
            draw_closed(axes, place + 0.16, row.closed, lane)
        else:
            draw_never(axes, place + (0.16 if has_peak else 0.0), row.closed, lane)
        lines = "\n".join(filter(None, (row.height, row.fate)))
        axes.annotate(
            lines,
            (1.0, place),
            xycoords=axes.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=LINES[place][0],
        )
    frame_lane(axes, lane)
    axes.set_ylim(len(rows) - 0.5, -0.5)
    axes.set_yticks(range(len(rows)), [row.world for row in rows], size=SMALL_SIZE)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for tick, (colour, _, _) in zip(axes.get_yticklabels(), LINES, strict=False):
        tick.set_color(colour)


def _key(gaps: Sequence[Compared]) -> Key:
    key: Key = {
        name: Line2D([], [], color=colour, ls=dash, lw=1.3)
        for name, (colour, dash, _) in zip(gaps[0].names, LINES, strict=False)
    }
    key |= lane_key()
    key["gap called closed"] = tolerance_key()
    return key


def _marks(gaps: Sequence[Compared]) -> str:
    bars = dict.fromkeys(gap.labels.tolerance_words for gap in gaps)
    return (
        "Left: pointwise medians; shade: the middle half of the baseline's draws. "
        "Middle: over all draws. Right: height of the peak, 50 % [5 % – 95 %], and the "
        f"limit of the gap by theorem. Closed at {', '.join(bars)}."
    )

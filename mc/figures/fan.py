"""Gap against date: one metric with its two actors, or all metrics of a run."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import (
    Band,
    band_data,
    band_key,
    draw_band,
    draw_extrapolated,
    draw_today,
    today_of,
    tolerance_key,
)
from mc.figures.captions import INTERVALS, footer
from mc.figures.labels import MetricLabels, capital, metric_labels, metric_names
from mc.figures.page import Key, blank, compose, date_axis
from mc.figures.scales import (
    MANY,
    finite,
    linear_axis,
    log_axis,
    plain,
    ratio_axis,
    signed_log_axis,
)
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    DASHED,
    DOTTED,
    INK,
    LIGHT_BLUE,
    LIGHT_ORANGE,
    Columns,
    print_style,
)


@dataclass(frozen=True, kw_only=True)
class FanData:
    """What a fan shows of one metric, in the units of its axes.

    Attributes:
        labels: Words and scale of the metric.
        gap: The gap.
        frontier: The frontier's value.
        meek: The meek actor's value.
        today: What "today" means in the run.
    """

    labels: MetricLabels
    gap: Band
    frontier: Band
    meek: Band
    today: datetime.date


def fan_data(results: Results, metric: str) -> FanData:
    """The arrays of one metric's fan.

    Raises:
        KeyError: If the run has no such metric.
    """
    labels = metric_labels(results, metric)
    factor = labels.factor
    return FanData(
        labels=labels,
        gap=band_data(results, metric, labels.gap_series, factor),
        frontier=band_data(results, metric, "frontier", factor),
        meek=band_data(results, metric, "meek", factor),
        today=today_of(results),
    )


@print_style()
def fan(results: Results, metric: str, columns: Columns = 2) -> Figure:
    """Draw one metric: its gap, and the values of frontier and meek.

    Raises:
        KeyError: If the run has no such metric.
    """
    data = fan_data(results, metric)
    if columns == 2:
        figure = blank(columns, 2.5)
        left, right = figure.subplots(1, 2, width_ratios=[1.25, 1])
    else:
        figure = blank(columns, 3.9)
        left, right = figure.subplots(2, 1, height_ratios=[1.25, 1])
    ticks = 6
    draw_gap(left, data, most_ticks=ticks)
    draw_actors(right, data, most_ticks=ticks)
    labels = data.labels
    left.set_title(f"Gap: {labels.difference}")
    right.set_title("Frontier and meek")
    compose(
        figure,
        title=f"Trend gap in {labels.title}",
        key=gap_key([data]) | actors_key(),
        footer=footer(
            results,
            [metric],
            gap_marks([data]),
            extrapolated=data.gap.extrapolated_from is not None,
        ),
    )
    return figure


@print_style()
def gaps(results: Results, columns: Columns = 2) -> Figure:
    """Draw the gaps of all metrics of the run as small multiples."""
    fans = [fan_data(results, metric) for metric in metric_names(results)]
    across = min(columns, len(fans))
    down = -(-len(fans) // across)
    figure = blank(columns, 1.75 * down if len(fans) > 1 else 1.4 + 0.6 * columns)
    grid = figure.subplots(down, across, squeeze=False, sharex=True).ravel()
    for axes, data in zip(grid, fans, strict=False):
        draw_gap(axes, data, most_ticks=6)
        axes.set_title(capital(data.labels.title))
        axes.xaxis.set_tick_params(labelbottom=True)
    for axes in grid[len(fans) :]:
        axes.set_axis_off()
    extrapolated = any(data.gap.extrapolated_from is not None for data in fans)
    differences = sorted({data.labels.difference for data in fans})
    compose(
        figure,
        title=f"Trend gap: {', '.join(differences)}",
        key=gap_key(fans),
        footer=footer(
            results,
            metric_names(results),
            gap_marks(fans),
            extrapolated=extrapolated,
        ),
    )
    return figure


def gap_marks(fans: Sequence[FanData]) -> str:
    """What the bands are, and which gap is called closed."""
    bars: dict[str, list[str]] = {}
    for labels in (data.labels for data in fans):
        family = labels.title.partition(",")[0]
        if labels.tolerance is None:
            family += f"; no line in {labels.gap_unit}"
        names = bars.setdefault(labels.tolerance_words, [])
        names += [family] if family not in names else []
    ends = [data.gap.quantiles[:, [0, -1]] for data in fans]
    agree = all(np.array_equal(end[:, 0], end[:, 1]) for end in ends)
    flat = " All draws agree, so the bands are lines." if agree else ""
    closed = ", ".join(f"{bar} ({', '.join(names)})" for bar, names in bars.items())
    return f"{INTERVALS}{flat} Gap called closed at {closed}."


def draw_gap(axes: Axes, data: FanData, *, most_ticks: int) -> None:
    """The gap of one metric with its tolerance and today."""
    band, labels = data.gap, data.labels
    draw_extrapolated(axes, band)
    draw_today(axes, data.today)
    draw_band(axes, band)
    if labels.tolerance is not None:
        axes.axhline(labels.tolerance, color=INK, lw=0.7, ls=DOTTED, zorder=6)
    axes.set_ylabel(f"gap, {labels.gap_unit}")
    if labels.ratio:
        ratio_axis(axes, *finite(band.quantiles))
    elif labels.log:
        log_axis(axes, *_log_range(band))
    else:
        low, high = finite(band.quantiles)[0], finite(band.quantiles, band.curves)[1]
        number_axis(axes, low, high, labels)
    _date_axis(axes, band, most_ticks)


def draw_actors(axes: Axes, data: FanData, *, most_ticks: int) -> None:
    """Medians and widest bands of frontier and meek."""
    labels = data.labels
    draw_extrapolated(axes, data.frontier)
    draw_today(axes, data.today)
    draw_two(axes, data.frontier, data.meek)
    axes.set_ylabel(f"{labels.title.partition(',')[0]}, {labels.value_unit}")
    if labels.log:
        ranges = [_log_range(data.frontier), _log_range(data.meek)]
        log_axis(axes, min(r[0] for r in ranges), max(r[1] for r in ranges))
    elif labels.value_unit == "%":
        axes.set_ylim(0, 100)
    else:
        low, high = finite(data.frontier.quantiles, data.meek.quantiles)
        if outgrows(max(-low, high), labels):
            number_axis(axes, low, high, labels)
        else:
            axes.yaxis.set_major_formatter(plain)
    _date_axis(axes, data.frontier, most_ticks)


def draw_two(axes: Axes, frontier: Band, meek: Band) -> None:
    """Medians and widest bands of one series of both actors."""
    looks = (
        (frontier, LIGHT_BLUE, DARK_BLUE, "-"),
        (meek, LIGHT_ORANGE, DARK_ORANGE, DASHED),
    )
    for band, pale, dark, dash in looks:
        low, high = band.quantiles[:, 0], band.quantiles[:, -1]
        axes.fill_between(band.dates, low, high, color=pale, alpha=0.75, lw=0, zorder=2)
        axes.plot(band.dates, band.median, color=dark, ls=dash, lw=1.3, zorder=4)
        for edge in (low, high):
            axes.plot(band.dates, edge, color=dark, ls=dash, lw=0.35, zorder=3)


def number_axis(axes: Axes, low: float, high: float, labels: MetricLabels) -> None:
    """A linear axis; one in decades where it outgrows the tolerance by far."""
    if labels.tolerance is not None and outgrows(max(-low, high), labels):
        signed_log_axis(axes, low, high, labels.tolerance)
    else:
        linear_axis(axes, low, high)


def outgrows(size: float, labels: MetricLabels) -> bool:
    """Whether a number is too many times the tolerance for a linear axis."""
    return labels.tolerance is not None and size > MANY * labels.tolerance


def gap_key(fans: Sequence[FanData]) -> Key:
    """The words for the marks of gap panels."""
    shown = next((f for f in fans if f.gap.extrapolated_from is not None), fans[0])
    key = dict(band_key(shown.gap, shown.today))
    if any(f.labels.tolerance is not None for f in fans):
        key["tolerance"] = tolerance_key()
    return key


def actors_key() -> Key:
    """The words for the marks of the panel of actors."""
    return {
        "frontier: median, 90 %": (
            Patch(color=LIGHT_BLUE, lw=0),
            Line2D([], [], color=DARK_BLUE, lw=1.3),
        ),
        "meek: median, 90 %": (
            Patch(color=LIGHT_ORANGE, lw=0),
            Line2D([], [], color=DARK_ORANGE, lw=1.3, ls=DASHED),
        ),
    }


def _date_axis(axes: Axes, band: Band, most_ticks: int) -> None:
    first, last = mdates.date2num(band.dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=most_ticks)


def _log_range(band: Band) -> tuple[float, float]:
    """Ends of a logarithmic axis; a gap that starts at zero enters from below."""
    from_zero = not np.all(band.quantiles[0] > 0)
    settled = band.quantiles[len(band.dates) // 40 if from_zero else 0 :]
    positive = settled[np.isfinite(settled) & (settled > 0)]
    if not positive.size:
        return 0.1, 10.0
    return float(positive.min()), float(positive.max())

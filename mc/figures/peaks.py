"""How high the gap peaks, and when: the joint density over draws."""

import datetime
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of
from mc.figures.captions import footer
from mc.figures.labels import (
    MANY,
    MetricLabels,
    capital,
    metric_labels,
    metric_names,
    titles,
)
from mc.figures.page import blank, compose, date_axis, day_number
from mc.figures.style import (
    BLUE,
    DARK_BLUE,
    INK,
    LIGHT_BLUE,
    QUIET,
    SMALL_SIZE,
    VERMILION,
    Columns,
    print_style,
)
from mc.figures.worlds import assumes
from priors.units import DAYS_PER_YEAR

TAIL = 0.001
"""Share of draws at each end left outside the panel."""
_SHADES = LinearSegmentedColormap.from_list("draws", [LIGHT_BLUE, BLUE, DARK_BLUE])


@dataclass(frozen=True, kw_only=True)
class PeakData:
    """Peaks of one metric.

    Attributes:
        labels: Words and scale of the metric.
        epoch: Year zero of ``years``.
        years: Dates of the observed peaks, years from the epoch.
        heights: Their heights, in the shown unit.
        shares: Share of the draws of each status by its word.
        central_years: The peak of the central run; NaN where it has none.
        central_height: Its height.
        assumes: What the path takes for granted for ever.
    """

    labels: MetricLabels
    epoch: datetime.date
    years: Float[np.ndarray, " draws"]
    heights: Float[np.ndarray, " draws"]
    shares: dict[str, float]
    central_years: float
    central_height: float
    assumes: str

    def interval(self, values: Float[np.ndarray, " draws"]) -> tuple[float, ...]:
        """The 5, 50 and 95 % quantiles of observed peaks."""
        levels = (0.05, 0.5, 0.95)
        return tuple(np.quantile(values, levels, method="inverted_cdf").tolist())


def peaks_data(results: Results, metric: str) -> PeakData:
    """Observed peaks of one metric."""
    labels = metric_labels(results, metric)
    place = {"scenario": "baseline", "metric": metric}
    events = results.events.sel(place)
    years = events["peak_years_if_observed"].to_numpy().ravel().astype(np.float64)
    heights = events["peak_gap"].to_numpy().ravel().astype(np.float64)
    seen = np.isfinite(years)
    central = results.tree["central_events"].to_dataset().sel(place)
    rows = results.summary(metric=metric, quantity="peak_date").set_index("statistic")
    return PeakData(
        labels=labels,
        epoch=datetime.date.fromisoformat(results.tree.attrs["epoch"]),
        years=years[seen],
        heights=labels.factor * heights[seen],
        shares={
            word: float(rows.at[f"p_{word}", "number"])
            for word in ("already", "observed", "beyond", "undetermined", "never")
        },
        central_years=float(central["peak_years_if_observed"].to_numpy().item()),
        central_height=labels.factor * float(central["peak_gap"].to_numpy().item()),
        assumes=assumes(results),
    )


@print_style()
def peaks(results: Results, columns: Columns = 2) -> Figure:
    """Draw peak height against peak date for every metric.

    Of more than ``MANY`` metrics, those without a peak are only named.
    """
    data = {name: peaks_data(results, name) for name in metric_names(results)}
    seen = [name for name, found in data.items() if len(found.years)]
    shown = seen if seen and len(data) > MANY else list(data)
    across = min(columns, len(shown))
    down = -(-len(shown) // across)
    figure = blank(columns, 1.9 * down)
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for axes, name in zip(grid, shown, strict=False):
        axes.set_title(capital(data[name].labels.title))
        if name in seen:
            _draw(axes, data[name])
            draw_today(axes, today_of(results))
        else:
            _say_none(axes, data[name])
    for axes in grid[len(shown) :]:
        axes.set_axis_off()
    left = [name for name in data if name not in shown]
    compose(
        figure,
        title="The peak of the trend gap: how high, and when",
        key={
            "draws, darker where there are more": Patch(color=BLUE, lw=0),
            "median and 90 % interval": Line2D(
                [], [], color=INK, lw=1.6, marker="o", ms=3, mfc="white", mew=0.8
            ),
            "central parameters": Line2D([], [], **_CENTRAL),
            f"today, {today_of(results)}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
        },
        footer=footer(
            results,
            shown,
            "Shown: draws with an observed peak, without the outermost 0.1 % on each "
            "side; intervals equal-tailed, of each axis alone."
            + (f" No draw has a peak: {titles(results, left)}." if left else ""),
        ),
    )
    return figure


_CENTRAL = {
    "color": VERMILION,
    "marker": "D",
    "ls": "none",
    "ms": 4,
    "mec": "white",
    "mew": 0.7,
}


def _draw(axes: Axes, data: PeakData) -> None:
    days, heights = day_number(data.epoch) + data.years * DAYS_PER_YEAR, data.heights
    x_range, y_range = _range(days, 45.0), _range(heights, 0.02 * heights.max())
    spread = min(np.ptp(days), np.ptp(heights)) > 0
    if spread:
        _draw_density(axes, days, heights, (*x_range, *y_range))
    date_axis(axes, *x_range, most_ticks=6)
    axes.set_ylim(*y_range)
    _draw_intervals(axes, data.interval(days), data.interval(heights))
    if np.isfinite(data.central_years):
        day = day_number(data.epoch) + data.central_years * DAYS_PER_YEAR
        axes.plot(day, data.central_height, zorder=6, **_CENTRAL)
    axes.set_ylabel(f"peak, {data.labels.gap_unit}")
    axes.yaxis.set_major_locator(MaxNLocator(5, steps=[1, 2, 5, 10]))
    remark = "" if spread else "all draws agree"
    if data.shares["observed"] < 1:
        remark = f"{data.shares['observed']:.1%} of draws".replace("%", " %")
    axes.annotate(
        remark,
        (1, 1),
        xycoords="axes fraction",
        ha="right",
        va="bottom",
        size=SMALL_SIZE,
        color=QUIET,
    )


def _draw_density(
    axes: Axes,
    days: Float[np.ndarray, " draws"],
    heights: Float[np.ndarray, " draws"],
    extent: tuple[float, float, float, float],
) -> None:
    """Six-sided cells, darker where there are more draws."""
    left, right, low, high = extent
    inside = (days >= left) & (days <= right) & (heights >= low) & (heights <= high)
    cells = int(np.clip(len(days) ** (1 / 3), 12, 36))
    axes.hexbin(
        days[inside],
        heights[inside],
        gridsize=(cells, max(cells // 2, 6)),
        extent=extent,
        mincnt=1,
        cmap=_SHADES,
        linewidths=0.2,
        edgecolors="face",
        zorder=2,
    )


def _range(values: Float[np.ndarray, " draws"], least: float) -> tuple[float, float]:
    low, high = np.quantile(values, [TAIL, 1 - TAIL])
    pad = max(0.08 * (high - low), least)
    return float(low - 1.6 * pad), float(high + pad)


def _draw_intervals(
    axes: Axes, dates: tuple[float, ...], heights: tuple[float, ...]
) -> None:
    """The 90 % interval and the median along each axis."""
    bar = {"color": INK, "lw": 1.6, "zorder": 5, "solid_capstyle": "butt"}
    dot = {
        "color": INK,
        "marker": "o",
        "ms": 3,
        "mfc": "white",
        "mew": 0.8,
        "zorder": 6,
    }
    foot, side = axes.get_xaxis_transform(), axes.get_yaxis_transform()
    axes.plot([dates[0], dates[2]], [0.04, 0.04], transform=foot, **bar)
    axes.plot([dates[1]], [0.04], transform=foot, **dot)
    axes.plot([0.022, 0.022], [heights[0], heights[2]], transform=side, **bar)
    axes.plot([0.022], [heights[1]], transform=side, **dot)


def _say_none(axes: Axes, data: PeakData) -> None:
    """Words instead of an empty panel."""
    axes.set_axis_off()
    if data.shares["never"] == 1.0:
        words = f"No draw has a peak:\nthe gap never falls,\nif {data.assumes}."
    else:
        found = [f"{word} {share:.1%}" for word, share in data.shares.items() if share]
        words = "No peak inside the window:\n" + ", ".join(found)
    axes.text(
        0.5, 0.5, words, transform=axes.transAxes, ha="center", va="center", color=QUIET
    )

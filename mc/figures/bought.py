"""Years that each scenario buys: how much later the meek actor comes to what it wants.

Left, how far behind it stands; right, by how much it is later to close a gap or to come
to a level than in the baseline, draw by draw.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import Band, band_data, draw_today, today_of
from mc.figures.captions import footer
from mc.figures.delays import Delay, delay_data
from mc.figures.labels import capital, metric_labels, metric_names, titles
from mc.figures.page import Key, blank, compose, date_axis
from mc.figures.scales import finite, linear_axis
from mc.figures.style import FAINT, INK, LINES, QUIET, SMALL_SIZE, print_style
from mc.figures.worlds import MOST_LINES, world_names, worlds
from priors.units import MONTHS_PER_YEAR

ANSWER = "years that scenarios buy: how much later the meek actor is, metric by metric"
ROW = 0.135
"""Inches a scenario of an event."""
LEAST = 2.3
"""Inches of the lowest panels."""
MOST = 25.0
"""Years after which a delay is drawn at the edge."""


@dataclass(frozen=True, kw_only=True)
class Goal:
    """Something that the meek actor comes to.

    Attributes:
        metric: Label of the metric.
        words: What it comes to, in two lines.
        delays: How much later in each scenario.
    """

    metric: str
    words: str
    delays: tuple[Delay, ...]


def bought_data(results: Results) -> tuple[Goal, ...]:
    """Closing of every gap that closes, and every level, in the run's order.

    Raises:
        KeyError: If the run follows no scenario, or there is no such goal.
    """
    scenarios = world_names(results)[1:]
    if not scenarios:
        raise KeyError("the run follows no scenario beside the baseline")
    found = []
    for metric in metric_names(results):
        events = {"convergence": "gap closed for good"}
        events |= {
            f"meek_crossing_{name}": f"comes to {words}"
            for name, words in _levels(results, metric)
        }
        for event, words in events.items():
            delays = tuple(delay_data(results, metric, s, event) for s in scenarios)
            if any(row.shares["undetermined"] < 0.5 for row in delays):
                title = capital(metric_labels(results, metric).title)
                goal = Goal(metric=metric, words=f"{title}:\n{words}", delays=delays)
                found.append(goal)
    if not found:
        raise KeyError("no gap of this run closes, and it dates no level")
    return tuple(found)


def _levels(results: Results, metric: str) -> list[tuple[str, str]]:
    """The levels of a metric: as the tables call them, and with their unit."""
    unit = results.manifest["metrics"][metric]["series"]["frontier"]
    told = (
        text.rsplit("=", 1) for text in results.manifest["configuration"]["crossings"]
    )
    return [
        (
            name,
            f"{100 * float(name):g} %" if unit == "probability" else f"{name} {unit}",
        )
        for label, name in told
        if label == metric
    ]


@print_style()
def bought(results: Results) -> Figure:
    """Draw the lag of every world, and the years bought, a row a goal.

    Raises:
        KeyError: If there is nothing to come to.
        LookupError: If there are more worlds than lines can be told apart.
    """
    names, goals = world_names(results), bought_data(results)
    if len(names) > MOST_LINES:
        raise LookupError(f"{len(names)} worlds are more than {MOST_LINES} lines")
    figure = blank(2, max(ROW * (len(names) + 0.5) * len(goals), LEAST))
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.45])
    _draw_lags(left, results, names)
    _draw_goals(right, goals)
    metrics = list(metric_names(results))
    shown = {goal.metric for goal in goals}
    left_out = [name for name in metrics if name not in shown]
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key(results, names),
        footer=footer(results, metrics, _marks(results, left_out), compared=True),
    )
    return figure


def lags(results: Results, name: str) -> Band:
    """The lag of one world, years."""
    return band_data(results, "compute", "lag_months", 1 / MONTHS_PER_YEAR, name)


def _draw_lags(axes: Axes, results: Results, names: Sequence[str]) -> None:
    """The median lag of every world over the middle half of each."""
    shown = []
    for name, (colour, dash, _) in zip(names, LINES, strict=False):
        band = lags(results, name)
        low, high = (band.quantiles[:, band.levels.index(q)] for q in (0.25, 0.75))
        known = np.isfinite(low) & np.isfinite(high)
        axes.fill_between(
            band.dates[known], low[known], high[known], color=colour, alpha=0.12, lw=0
        )
        axes.plot(band.dates, band.median, color=colour, ls=dash, lw=1.4, zorder=4)
        shown += [low, high]
    linear_axis(axes, *finite(*shown))
    draw_today(axes, today_of(results))
    first, last = mdates.date2num(lags(results, names[0]).dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=5)
    axes.set_title("How far behind the meek actor stands")
    axes.set_ylabel("years since the frontier had as much compute")


def _draw_goals(axes: Axes, goals: Sequence[Goal]) -> None:
    """A group of intervals a goal, one a scenario, and the same in words."""
    num = len(goals[0].delays)
    ends = [y for g in goals for row in g.delays for y in row.years if math.isfinite(y)]
    reach = min(max([*ends, 1.0]), MOST)
    least = max(min([*ends, 0.0]), -MOST)
    room = 0.05 * (reach - least)
    for place, goal in enumerate(goals):
        for number, row in enumerate(goal.delays):
            height = place + (number + 1) / (num + 1) - 0.5
            _draw_delay(axes, row, height, LINES[number + 1], (least, reach + room))
        if place:
            axes.axhline(place - 0.5, color=FAINT, lw=0.5, zorder=1)
    axes.axvline(0.0, color=INK, lw=0.6, zorder=2)
    axes.set_xlim(least - room, reach + room)
    axes.set_ylim(len(goals) - 0.5, -0.5)
    axes.set_yticks(range(len(goals)), [goal.words for goal in goals], size=6.2)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.set_title("How much later it is than in the baseline")
    axes.set_xlabel("years later")


def _draw_delay(
    axes: Axes,
    row: Delay,
    height: float,
    look: tuple[str, object, str],
    span: tuple[float, float],
) -> None:
    """The 90 % and 50 % intervals and the median; past the axis at its end."""
    colour, _, mark = look
    low, left, middle, right, high = (min(max(y, span[0]), span[1]) for y in row.years)
    if row.shares["undetermined"] < 1.0:
        axes.plot([low, high], [height] * 2, color=colour, lw=0.9, zorder=3)
        axes.plot([left, right], [height] * 2, color=colour, lw=2.6, zorder=4)
        axes.plot(
            middle, height, marker=mark, ms=3.2, mfc="white", mec=colour, zorder=5
        )
    axes.annotate(
        row.words,
        (1.0, height),
        xycoords=axes.get_yaxis_transform(),
        xytext=(4, 0),
        textcoords="offset points",
        va="center",
        size=SMALL_SIZE,
        color=colour,
    )


def _key(results: Results, names: Sequence[str]) -> Key:
    who = worlds(results)[0].actor.partition(",")[0]
    today = today_of(results).isoformat()
    words = [f"{names[0]}: {who}" if who else names[0], *names[1:]]
    key: Key = {
        name: Line2D([], [], color=colour, ls=dash, lw=1.4, marker=mark, ms=3, mfc="w")
        for name, (colour, dash, mark) in zip(words, LINES, strict=False)
    }
    key["bars: median, 50 % and 90 % of draws"] = Line2D(
        [], [], color=INK, lw=2.6, marker="o", ms=3.2, mfc="white"
    )
    key[f"today, {today}"] = Line2D([], [], color=QUIET, lw=0.6, ls="-.")
    return key


def _marks(results: Results, left_out: Sequence[str]) -> str:
    none = f" No date, nor a level, in any world: {titles(results, left_out)}."
    return (
        "Lags: pointwise medians and the middle half of draws, of compute and so of "
        "every metric. Years later: differences of one draw, 50 % [5 %, 95 %]; ∞ where "
        "only the scenario never comes to it, −∞ where only the baseline does not, ? "
        f"where neither does.{none if left_out else ''}"
    )

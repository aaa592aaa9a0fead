"""How much later each metric's peak and closing come in each scenario, draw by draw.

Both worlds share every draw. A difference that no number can hold stands beside the
axis: sooner without bound on the left, past the window or never on the right.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_labels, metric_names, titles
from mc.figures.page import Key, blank, compose
from mc.figures.style import (
    DARK_BLUE,
    FAINT,
    INK,
    QUIET,
    SHADE,
    SMALL_SIZE,
    VERMILION,
    print_style,
)
from mc.figures.worlds import world_names

ANSWER = "how much later each metric's peak and closing come in each scenario"
EVENTS = {"peak": "The peak", "convergence": "Closing for good"}
ROW = 0.19
"""Inches a row."""
LEVELS = ("q0.05", "q0.25", "q0.5", "q0.75", "q0.95")
MOST = 30.0
"""Years from which a delay is written beside the axis."""
_BEFORE, _LATE, _NEVER, _UNKNOWN = "already", "beyond", "never", "undetermined"
_LOOKS = {"peak": (VERMILION, "D"), "convergence": (DARK_BLUE, "o")}


@dataclass(frozen=True, kw_only=True)
class Delay:
    """How much later one event of one metric comes in one scenario.

    Attributes:
        scenario: Its name.
        metric: Label of the metric.
        event: What happens: ``peak``, ``convergence``, ``meek_crossing_40``.
        years: The 5, 25, 50, 75 and 95 % quantiles, years; infinite where censored.
        statuses: Status of each.
        shares: Probability of each status.
        texts: The same as written in ``summary.csv``.
    """

    scenario: str
    metric: str
    event: str
    years: tuple[float, ...]
    statuses: tuple[str, ...]
    shares: dict[str, float]
    texts: dict[str, str]

    @property
    def words(self) -> str:
        """``+2.4 [−1.0, ∞]``, with the share that has no date in either world."""
        if self.shares[_UNKNOWN] == 1.0:
            return "no date in either"
        low, _, middle, _, high = (
            _written(years, status)
            for years, status in zip(self.years, self.statuses, strict=True)
        )
        return middle if low == middle == high else f"{middle} [{low}, {high}]"


def delays_data(results: Results) -> tuple[Delay, ...]:
    """A record for each metric, scenario and event, in the run's order.

    Raises:
        KeyError: If the run follows no scenario.
    """
    scenarios = world_names(results)[1:]
    if not scenarios:
        raise KeyError("the run follows no scenario beside the baseline")
    return tuple(
        delay_data(results, metric, scenario, event)
        for metric in metric_names(results)
        for scenario in scenarios
        for event in EVENTS
    )


@print_style()
def delays(results: Results) -> Figure:
    """Draw the delays of both events, a row a metric and scenario."""
    data, scenarios = delays_data(results), world_names(results)[1:]
    dated = {row.metric for row in data if row.shares[_UNKNOWN] < 1.0}
    names = [name for name in metric_names(results) if name in dated]
    names = names or list(metric_names(results))
    left = [name for name in metric_names(results) if name not in names]
    data = [row for row in data if row.metric in names]
    places = _places(names, scenarios)
    figure = blank(2, ROW * (max(places.values()) + 1.6) + 0.35)
    grid = figure.subplots(1, 2, sharey=True)
    for axes, (event, title) in zip(grid, EVENTS.items(), strict=True):
        rows = [row for row in data if row.event == event]
        _draw(axes, rows, places)
        axes.set_title(title)
    _write_names(grid[0], results, names, scenarios, places)
    compose(
        figure,
        title="How much later than in the baseline, draw by draw",
        key=_key(),
        footer=footer(results, names, _marks(results, left), compared=True),
    )
    return figure


def delay_data(results: Results, metric: str, scenario: str, event: str) -> Delay:
    """How much later an event comes, whose quantity is ``<event>_delay``."""
    rows = results.summary(
        metric=metric, quantity=f"{event}_delay", scenario=scenario
    ).set_index("statistic")
    statuses = tuple(str(rows.at[level, "status"]) for level in LEVELS)
    infinite = {_BEFORE: -math.inf}
    years = (
        float(rows.at[level, "number"])
        if status == "observed"
        else infinite.get(status, math.inf)
        for level, status in zip(LEVELS, statuses, strict=True)
    )
    words = (_BEFORE, "observed", _LATE, _UNKNOWN, _NEVER)
    return Delay(
        scenario=scenario,
        metric=metric,
        event=event,
        years=tuple(years),
        statuses=statuses,
        shares={word: float(rows.at[f"p_{word}", "number"]) for word in words},
        texts={word: str(rows.at[f"p_{word}", "text"]) for word in words},
    )


def _written(years: float, status: str) -> str:
    if status != "observed":
        signs = {_BEFORE: "−∞", _LATE: "late", _NEVER: "∞", _UNKNOWN: "?"}
        return signs[status]
    places = 1 if abs(years) < 9.95 else 0
    return f"{years:+.{places}f}".replace("-", "−")


def _places(
    names: Sequence[str], scenarios: Sequence[str]
) -> dict[tuple[str, str], float]:
    """Heights of the rows: a metric's title, its scenarios, and half a row of air."""
    places, place = {}, 0.0
    for name in names:
        for number, scenario in enumerate(scenarios, start=1):
            places[name, scenario] = place + number
        place += len(scenarios) + 1.4
    return places


def _draw(
    axes: Axes, rows: Sequence[Delay], places: dict[tuple[str, str], float]
) -> None:
    """The intervals of one event; places beside the axis for what has no number."""
    known = [abs(y) for row in rows for y in row.years if math.isfinite(y)]
    reach = min(max([*known, 1.0]), MOST)
    least = min([y for row in rows for y in row.years if math.isfinite(y)] + [0.0])
    start, end = max(1.1 * least, -MOST) - 0.08 * reach, 1.08 * reach
    slot = 0.15 * (end - start)
    beside = {
        _BEFORE: start - 0.5 * slot,
        _LATE: end + 0.5 * slot,
        _NEVER: end + 1.5 * slot,
    }
    axes.axvline(0, color=INK, lw=0.6, zorder=2)
    for height in {places[key] for key in places if key[1] == rows[0].scenario}:
        if height > 1:
            axes.axhline(height - 1.7, color=FAINT, lw=0.5, zorder=1)
    for place in beside.values():
        axes.axvspan(place - 0.46 * slot, place + 0.46 * slot, color=SHADE, lw=0)
    for row in rows:
        height = places[row.metric, row.scenario]
        if row.shares[_UNKNOWN] < 1.0:
            _draw_row(axes, row, height, (start, end), beside)
        axes.annotate(
            row.words,
            (1.0, height),
            xycoords=axes.get_yaxis_transform(),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=SMALL_SIZE,
            color=QUIET if row.shares[_UNKNOWN] == 1.0 else INK,
        )
    axes.set_xlim(start - slot, end + 2 * slot)
    axes.set_ylim(max(places.values()) + 0.6, -0.4)
    inner = (start + 0.5 * slot, end - 0.5 * slot)
    ticks = [t for t in axes.get_xticks() if inner[0] <= t <= inner[1]]
    shown = [f"{t:+g}".replace("-", "−") if t else "0" for t in ticks]
    axes.set_xticks([*ticks, *beside.values()], [*shown, "sooner", "later", "never"])
    for tick in axes.xaxis.get_major_ticks()[len(ticks) :]:
        tick.tick1line.set_visible(False)
        tick.label1.set_color(QUIET)
    axes.set_xlabel("years later than in the baseline")
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _draw_row(
    axes: Axes,
    row: Delay,
    height: float,
    span: tuple[float, float],
    beside: dict[str, float],
) -> None:
    """The 90 % and 50 % intervals and the median; arrows where mass has no number."""
    start, end = span
    colour, mark = _LOOKS[row.event]

    def at(years: float, status: str) -> float:
        if status == "observed":
            return min(max(years, start), end)
        return beside[_LATE] if status == _UNKNOWN else beside[status]

    low, left, middle, right, high = map(at, row.years, row.statuses)
    axes.plot([low, high], [height] * 2, color=colour, lw=0.9, zorder=3)
    axes.plot(
        [left, right],
        [height] * 2,
        color=colour,
        lw=2.6,
        zorder=4,
        solid_capstyle="butt",
    )
    axes.plot(middle, height, marker=mark, ms=3.6, mfc="white", mec=colour, zorder=5)
    for status in beside:
        if row.shares[status]:
            axes.annotate(
                row.texts[status].replace("%", " %"),
                (beside[status], height),
                xytext=(0, 2.2),
                textcoords="offset points",
                ha="center",
                va="bottom",
                size=SMALL_SIZE - 1.0,
                color=colour,
                zorder=6,
            )


def _write_names(
    axes: Axes,
    results: Results,
    names: Sequence[str],
    scenarios: Sequence[str],
    places: dict[tuple[str, str], float],
) -> None:
    axes.set_yticks(
        list(places.values()), [scenario for _, scenario in places], size=6.0
    )
    for name in names:
        axes.annotate(
            capital(metric_labels(results, name).title),
            (0, places[name, scenarios[0]] - 1),
            xycoords=("figure fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=6.6,
            weight="bold",
        ).set_in_layout(False)


def _key() -> Key:
    key: Key = {}
    for event, words in (("peak", "the peak"), ("convergence", "closing")):
        colour, mark = _LOOKS[event]
        key[f"{words}: median, 50 % and 90 % of draws"] = Line2D(
            [], [], color=colour, lw=2.0, marker=mark, ms=3.6, mfc="white"
        )
    key["no change"] = Line2D([], [], color=INK, lw=0.6)
    return key


def _marks(results: Results, left: Sequence[str]) -> str:
    none = f" Without a date in any world: {titles(results, left)}." if left else ""
    return (
        "Equal-tailed intervals of differences over all draws, 50 % [5 %, 95 %]. "
        "Sooner: only the baseline never comes to it, or the scenario has it from the "
        "start; later: past the end of the event window in the scenario; never: only "
        f"the scenario never does; ?: no date in either.{none}"
    )

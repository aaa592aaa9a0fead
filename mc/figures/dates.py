"""When the gap peaks and when it is closed: cumulative probability over all draws.

Beside the dates stand the draws without one: ``already`` on the left, ``beyond`` and
``never`` on the right, so that the curves end at 100 % and nothing is left out.
"""

import datetime
import re
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import draw_today, today_of
from mc.figures.captions import footer
from mc.figures.labels import MANY, capital, metric_labels, metric_names, titles
from mc.figures.page import blank, compose, date_ticks, day_number
from mc.figures.style import (
    DARK_BLUE,
    DASHED,
    QUIET,
    SHADE,
    SMALL_SIZE,
    VERMILION,
    Columns,
    print_style,
)
from mc.figures.worlds import never_words
from priors.units import DAYS_PER_YEAR

MOST_POINTS = 1500
"""Steps of a curve; more cannot be told apart in print."""
MOST_LETTERS = 45
"""Longest words of an event under a panel."""
NEVER = "never, on this path"
_EVENTS = {"peak": "peak", "convergence": "closed"}
_LOOKS = {"peak": (VERMILION, DASHED), "convergence": (DARK_BLUE, "-")}
_SLOT = 0.17
"""Width of the place for a status, over that of the dates."""


@dataclass(frozen=True, kw_only=True)
class EventDates:
    """When one event of one metric happens.

    Attributes:
        event: ``peak`` or ``convergence``.
        years: Dates of observed draws, ascending, years from the epoch; thinned.
        probability: Share of all draws with the event by then.
        shares: Probability of each status by its word, over all draws.
        texts: The same, as written in ``summary.csv``.
        quantiles: The 5, 50 and 95 % quantiles over all draws as dates or words.
        never: The words where every draw is ``never``.
    """

    event: str
    years: Float[np.ndarray, " points"]
    probability: Float[np.ndarray, " points"]
    shares: dict[str, float]
    texts: dict[str, str]
    quantiles: tuple[str, str, str]
    never: str

    @property
    def words(self) -> str:
        """The quantiles in words; one where all draws agree."""
        low, middle, high = self.quantiles
        if self.shares["never"] == 1.0:
            return self.never
        if low == middle == high:
            return middle
        ends = (re.sub("^beyond .*", "beyond", end) for end in (low, high))
        return f"{middle} [{' – '.join(ends)}]"


def dates_data(results: Results, metric: str) -> tuple[EventDates, EventDates]:
    """The dates of the peak and of convergence of one metric."""
    peak, convergence = (_event(results, metric, event) for event in _EVENTS)
    return peak, convergence


def _event(results: Results, metric: str, event: str) -> EventDates:
    place = {"scenario": "baseline", "metric": metric}
    draws = results.events.sel(place)
    all_years = (
        draws[f"{event}_years_if_observed"].to_numpy().ravel().astype(np.float64)
    )
    years = np.sort(all_years[np.isfinite(all_years)])
    rows = results.summary(metric=metric, quantity=f"{event}_date").set_index(
        "statistic"
    )
    statuses = ("already", "observed", "beyond", "undetermined", "never")
    shares = {word: float(rows.at[f"p_{word}", "number"]) for word in statuses}
    rank = np.unique(
        np.linspace(0, len(years) - 1, min(len(years), MOST_POINTS)).round()
    )
    rank = rank.astype(int) if len(years) else np.zeros(0, int)
    return EventDates(
        event=event,
        years=years[rank],
        probability=shares["already"] + (rank + 1) / len(all_years),
        shares=shares,
        texts={word: str(rows.at[f"p_{word}", "text"]) for word in statuses},
        quantiles=(
            _month(str(rows.at["q0.05", "text"])),
            _month(str(rows.at["q0.5", "text"])),
            _month(str(rows.at["q0.95", "text"])),
        ),
        never=never_words(results),
    )


def _month(text: str) -> str:
    """A date as ``Mar 2029``; in words, the start of a year as that year."""
    words, _, last = text.rpartition(" ")
    if not re.fullmatch(r"\d{4}-\d\d-\d\d", last):
        return text
    day = datetime.date.fromisoformat(last)
    whole_year = words and (day.month, day.day) == (1, 1)
    return f"{words} {day:{'%Y' if whole_year else '%b %Y'}}".lstrip()


@print_style()
def dates(results: Results, columns: Columns = 2) -> Figure:
    """Draw the cumulative probability of peak and convergence of every metric.

    Of more than ``MANY`` metrics, those that never have either are only named.
    """
    data = {name: dates_data(results, name) for name in metric_names(results)}
    left = [name for name, events in data.items() if _are_never(events)]
    if len(data) <= MANY or len(left) == len(data):
        left = []
    names = [name for name in data if name not in left]
    span = _span(results, [event for pair in data.values() for event in pair])
    across = min(columns, len(names))
    down = -(-len(names) // across)
    figure = blank(columns, 1.9 * down)
    grid = figure.subplots(down, across, squeeze=False).ravel()
    for axes, name in zip(grid, names, strict=False):
        _draw(axes, data[name], span, results)
        axes.set_title(capital(metric_labels(results, name).title))
    for axes in grid[len(names) :]:
        axes.set_axis_off()
    compose(
        figure,
        title="When the trend gap peaks, and when it is closed",
        key={
            "peak by this date": Line2D([], [], color=VERMILION, lw=1.3, ls=DASHED),
            "closed by this date": Line2D([], [], color=DARK_BLUE, lw=1.3),
            f"today, {today_of(results)}": Line2D([], [], color=QUIET, lw=0.6, ls="-."),
        },
        footer=footer(results, names, _marks(results, names, left)),
    )
    return figure


def _marks(results: Results, names: list[str], left: list[str]) -> str:
    """What the marks are; what never happens, where it stands in no panel in full."""
    bars = {metric_labels(results, name).tolerance_words: name for name in names}
    told = [
        f"Closed: the first date from which the gap stays at or under "
        f"{', '.join(bars)}.",
        "Curves: pointwise share of all draws; numbers: 50 % [5 % – 95 %] of all "
        "draws.",
    ]
    never = never_words(results)
    if left:
        told.append(f"Neither, {never}: {titles(results, left)}.")
    elif len(never) > MOST_LETTERS:
        told.append(f"{capital(never)}.")
    return " ".join(told)


def _are_never(events: tuple[EventDates, ...]) -> bool:
    return all(event.shares["never"] == 1.0 for event in events)


def _span(results: Results, events: list[EventDates]) -> tuple[float, float]:
    """Ends of the dates, as matplotlib counts days: from the epoch to where mass is."""
    epoch = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    until = float(results.tree["constant_data"].to_dataset()["until_years"])
    last = [np.interp(0.998, _ranks(e), e.years) for e in events if len(e.years)]
    years = min(1.15 * float(max(last)) + 0.5 if last else 15.0, until)
    start = day_number(datetime.date(epoch.year, 1, 1))
    return start, day_number(epoch) + years * DAYS_PER_YEAR


def _ranks(event: EventDates) -> np.ndarray:
    return np.linspace(0.0, 1.0, len(event.years))


def _draw(
    axes: Axes,
    events: tuple[EventDates, EventDates],
    span: tuple[float, float],
    results: Results,
) -> None:
    start, end = span
    epoch = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    slot = _SLOT * (end - start)
    after = ["beyond", "never"]
    if any(event.shares["undetermined"] for event in events):
        after.insert(1, "undetermined")
    left = {"already": start - 0.5 * slot}
    right = {word: end + (i + 0.5) * slot for i, word in enumerate(after)}
    slots = left | right
    for place in slots.values():
        axes.axvspan(place - 0.47 * slot, place + 0.47 * slot, color=SHADE, lw=0)
    draw_today(axes, today_of(results))
    for event in events:
        _draw_curve(axes, event, day_number(epoch), span, slots, slot)
    axes.set_xlim(start - slot, end + len(after) * slot)
    axes.set_ylim(0, 103)
    axes.yaxis.set_major_locator(ticker.MultipleLocator(25))
    axes.set_ylabel("probability, %")
    axes.spines["bottom"].set_bounds(start, end)
    axes.set_xticks(*date_ticks(start + 0.45 * slot, end - 0.45 * slot, 5))
    _write_table(axes, events, slots, (start + end) / 2)


def _draw_curve(
    axes: Axes,
    event: EventDates,
    zero: float,
    span: tuple[float, float],
    slots: dict[str, float],
    slot: float,
) -> None:
    """The cumulative curve through the dates, and on through the statuses."""
    start, end = span
    colour, dash = _LOOKS[event.event]
    level = event.shares["already"]
    x, y = [start - slot, start - 0.5 * slot, start], [0.0, level, level]
    days = zero + event.years * DAYS_PER_YEAR
    inside = days <= end
    x += [*days[inside], end]
    y += [*event.probability[inside], level + event.shares["observed"]]
    level += event.shares["observed"]
    for word, place in slots.items():
        if word == "already":
            continue
        level += event.shares[word]
        x += [place, place + 0.5 * slot]
        y += [level, level]
    axes.step(
        x,
        100 * np.array(y),
        where="post",
        color=colour,
        ls=dash,
        lw=1.3,
        clip_on=False,
        zorder=6 if event.event == "peak" else 5,
    )


def _write_table(
    axes: Axes,
    events: tuple[EventDates, EventDates],
    slots: dict[str, float],
    middle: float,
) -> None:
    """Under the axis: the statuses' names, and for each event its numbers."""
    below = axes.get_xaxis_transform()

    def write(x: float, row: int, text: str, colour: str) -> None:
        axes.annotate(
            text,
            (x, 0),
            xycoords=below,
            xytext=(0, -4.5 - 8.5 * row),
            textcoords="offset points",
            ha="center",
            va="top",
            size=SMALL_SIZE,
            color=colour,
        )

    for word, place in slots.items():
        write(place, 0, word, QUIET)
    for row, event in enumerate(events, start=1):
        colour, _ = _LOOKS[event.event]
        words = event.words if len(event.words) <= MOST_LETTERS else NEVER
        write(middle, row, f"{_EVENTS[event.event]}: {words}", colour)
        for word, place in slots.items():
            write(place, row, event.texts[word].replace("%", " %"), colour)

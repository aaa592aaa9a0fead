"""Meek actors by budget: how far each stands behind, and when its gaps are closed."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.figures.bands import today_of
from mc.figures.captions import footer
from mc.figures.labels import capital, metric_labels, metric_names
from mc.figures.lanes import Lane, lane_of
from mc.figures.page import Key, blank, compose, date_ticks, day_number
from mc.figures.rows import Span, span_data
from mc.figures.style import (
    DARK_BLUE,
    FAINT,
    LINES,
    QUIET,
    SHADE,
    SMALL_SIZE,
    VERMILION,
    print_style,
)
from mc.figures.worlds import WorldLabels, dollars, worlds

ANSWER = "how far actors of each budget stand behind, and when their gaps are closed"
MOST_YEARS = 60.0
"""Longest axis of dates."""
MOST_DAYS = 4
"""Dates at which the lead is drawn."""
_LEVELS = ("q0.05", "q0.5", "q0.95")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """One meek actor of a run.

    Attributes:
        world: The world it stands in.
        budget: Dollars of a run at the epoch, central values.
        leads: The 5, 50 and 95 % quantiles of the frontier's lead, OOM, by date.
        closed: When the gap of each metric is closed for good, by its label.
    """

    world: WorldLabels
    budget: float
    leads: dict[str, tuple[float, float, float]]
    closed: dict[str, Span]


def actors_data(results: Results) -> tuple[Actor, ...]:
    """Actors with a budget on the baseline's path, the smallest first.

    A world in which more than the actor is changed is left out, and one whose actor
    has no budget of its own.
    """
    told = zip(worlds(results), results.manifest["scenarios"], strict=True)
    path = results.manifest["scenarios"][0]["path"]
    found = [
        _actor(results, world)
        for world, raw in told
        if world.dollars is not None and raw["path"] == path and not raw.get("changes")
    ]
    return tuple(sorted(found, key=lambda actor: actor.budget))


def _actor(results: Results, world: WorldLabels) -> Actor:
    days = _days(results)
    leads = {}
    for day in days:
        low, middle, high = (
            results.statistic(
                "compute", f"lead_oom@{day}", level, world.name
            ).to_dict()["number"]
            for level in _LEVELS
        )
        leads[day] = (low, middle, high)
    assert world.dollars is not None
    return Actor(
        world=world,
        budget=world.dollars,
        leads=leads,
        closed={
            name: span_data(results, name, "convergence_date", world.name)
            for name in metric_names(results)
        },
    )


def _days(results: Results) -> list[str]:
    """Today first, then the other dates of standings, few of them."""
    configuration = results.manifest["configuration"]
    today, known = configuration["today"], configuration["at"]
    later = [day for day in known if day > today]
    return ([today] if today in known else []) + later[: MOST_DAYS - 1]


@print_style()
def actors(results: Results) -> Figure:
    """Draw the lead and the date of closing of every metric against the budget."""
    data, names = actors_data(results), metric_names(results)
    down = -(-(1 + len(names)) // 2)
    figure = blank(2, 2.15 * down)
    grid = figure.subplots(down, 2, squeeze=False).ravel()
    if not data:
        raise LookupError("no actor of this run has a budget in dollars")
    _draw_leads(grid[0], data)
    spans = [span for actor in data for span in actor.closed.values()]
    lane, today = lane_of(results, spans, MOST_YEARS), today_of(results)
    for axes, name in zip(grid[1:], names, strict=False):
        _draw_closing(axes, data, name, lane)
        axes.axhline(day_number(today), color=QUIET, lw=0.6, ls="-.", zorder=1)
        axes.set_title(
            f"{capital(metric_labels(results, name).title)}: closed for good"
        )
    for axes in grid[1 + len(names) :]:
        axes.set_axis_off()
    compose(
        figure,
        title="What a fixed budget is worth: how far behind, and when it catches up",
        key=_key(data, today),
        footer=footer(results, names, _marks(results, data), compared=True),
    )
    return figure


def _draw_leads(axes: Axes, data: Sequence[Actor]) -> None:
    """The lead in OOM against the budget, a line a date."""
    budgets = [actor.budget for actor in data]
    for place, day in enumerate(data[0].leads):
        colour, dash, mark = LINES[place]
        low, middle, high = zip(*(actor.leads[day] for actor in data), strict=True)
        shifted = [budget * 10 ** (0.035 * place) for budget in budgets]
        axes.vlines(shifted, low, high, color=colour, lw=0.9, zorder=3)
        axes.plot(
            shifted,
            middle,
            color=colour,
            ls=dash,
            lw=1.1,
            marker=mark,
            ms=3.2,
            mfc="white",
            zorder=4,
        )
    axes.set_title("Lead of the frontier in effective compute")
    axes.set_ylabel("factors of ten (OOM)")
    least = min(lead[0] for actor in data for lead in actor.leads.values())
    axes.set_ylim(bottom=0.0 if least >= 0 else None)
    _budget_axis(axes, data)


def _draw_closing(axes: Axes, data: Sequence[Actor], metric: str, lane: Lane) -> None:
    """Intervals of dates against the budget; what has no date stands above them."""
    for actor in data:
        span = actor.closed[metric]
        low, middle, high = (
            lane.place(day, word)
            for day, word in zip(span.days, span.words, strict=True)
        )
        axes.plot([actor.budget] * 2, [low, high], color=DARK_BLUE, lw=1.8, zorder=3)
        axes.plot(
            actor.budget,
            middle,
            marker="o",
            ms=3.8,
            mfc="white",
            mec=DARK_BLUE,
            zorder=4,
        )
        if span.never > 0.0:
            axes.annotate(
                f"never {span.never_text}",
                (actor.budget, lane.never),
                xytext=(0, 3),
                textcoords="offset points",
                ha="center",
                va="bottom",
                size=SMALL_SIZE - 0.6,
                color=VERMILION,
            )
    places, words = date_ticks(lane.start + 0.3 * lane.slot, lane.end, 6)
    beside = {"already": lane.already, "later": lane.later, "never": lane.never}
    reached = [
        lane.place(day, word)
        for actor in data
        for day, word in zip(
            actor.closed[metric].days, actor.closed[metric].words, strict=True
        )
    ]
    shown = {w: place for w, place in beside.items() if place in reached}
    axes.set_yticks([*places, *shown.values()], [*words, *shown])
    for tick in axes.yaxis.get_major_ticks()[len(places) :]:
        tick.tick1line.set_visible(False)
        tick.label1.set_color(QUIET)
    bottom = lane.start - (lane.slot if "already" in shown else 0.0)
    top = lane.end + (2.25 * lane.slot if {"later", "never"} & set(shown) else 0.0)
    if top > lane.end:
        axes.axhspan(lane.end, top, color=SHADE, lw=0, zorder=0)
    if bottom < lane.start:
        axes.axhspan(bottom, lane.start, color=SHADE, lw=0, zorder=0)
    axes.set_ylim(bottom, top)
    _budget_axis(axes, data)


def _budget_axis(axes: Axes, data: Sequence[Actor]) -> None:
    """Dollars a run, a decade a tick, and every actor's name above its place."""
    low, high = (math.log10(data[end].budget) for end in (0, -1))
    axes.set_xscale("log")
    axes.set_xlim(10 ** (low - 0.45), 10 ** (high + 0.45))
    ticks = [10.0**e for e in range(math.ceil(low - 0.4), math.floor(high + 0.4) + 1)]
    step = -(-len(ticks) // 7)
    axes.xaxis.set_major_locator(ticker.FixedLocator(ticks[::step]))
    axes.xaxis.set_minor_locator(ticker.NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: dollars(value))
    axes.set_xlabel("budget of the meek actor, dollars a run")
    for actor in data:
        axes.axvline(actor.budget, color=FAINT, lw=0.4, zorder=0)


def _key(data: Sequence[Actor], today: datetime.date) -> Key:
    key: Key = {}
    for day, (colour, dash, mark) in zip(data[0].leads, LINES, strict=False):
        words = f"lead today, {day}" if day == today.isoformat() else f"lead on {day}"
        key[words] = Line2D(
            [], [], color=colour, ls=dash, lw=1.1, marker=mark, ms=3.2, mfc="white"
        )
    key["closed: median, 90 % of draws"] = Line2D(
        [], [], color=DARK_BLUE, lw=1.8, marker="o", ms=3.8, mfc="white"
    )
    key[f"today, {today}"] = Line2D([], [], color=QUIET, lw=0.6, ls="-.")
    return key


def _marks(results: Results, data: Sequence[Actor]) -> str:
    shown = {actor.world.name for actor in data}
    left = [world.name for world in worlds(results) if world.name not in shown]
    named = ", ".join(f"{a.world.name} {dollars(a.budget)}" for a in data)
    told = f" Not drawn: {', '.join(left)}." if left else ""
    return f"Budgets at central values: {named}. Bars: 5 % to 95 % of draws.{told}"

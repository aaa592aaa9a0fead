"""One date in many settings, as dots: a row a path, grouped by card."""

import datetime
import math
from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.figures.lanes import Lane, frame_lane
from mc.figures.page import Key, blank, compose, day_number
from mc.figures.style import FAINT, LINES, PANEL_SIZE, print_style
from priors.units import DAYS_PER_YEAR

ROW = 0.2
"""Inches a row."""
MOST_YEARS = 45.0
"""Longest lane of dates."""


@dataclass(frozen=True, kw_only=True)
class Dot:
    """A date in one setting.

    Attributes:
        group: The card.
        row: The path.
        actor: The meek actor.
        tolerance: The gap called closed.
        text: An ISO date, or a word.
        status: The status behind it.
    """

    group: str
    row: str
    actor: str
    tolerance: float
    text: str
    status: str

    @property
    def day(self) -> float:
        """As matplotlib counts days; infinite without a date."""
        if self.status != "observed":
            return -math.inf if self.status == "already" else math.inf
        return day_number(datetime.date.fromisoformat(self.text))


@print_style()
def robustness(dots: Sequence[Dot], title: str, notes: Sequence[str]) -> Figure:
    """Draw the dots, a colour an actor, joined over tolerances.

    Args:
        dots: At least one.
        title: What the date is.
        notes: What was drawn, and what holds, in sentences.
    """
    places = _places(dots)
    figure = blank(2, ROW * (max(places.values()) + 1.6) + 0.3)
    axes = figure.subplots()
    lane = _lane(dots)
    actors = list(dict.fromkeys(dot.actor for dot in dots))
    for number, actor in enumerate(actors):
        shift = 0.26 * (number - (len(actors) - 1) / 2)
        for key, place in places.items():
            joined = [d for d in dots if (d.group, d.row) == key and d.actor == actor]
            _draw(axes, joined, place + shift, lane, number)
    frame_lane(axes, lane)
    axes.set_ylim(max(places.values()) + 0.7, -0.3)
    axes.set_yticks(list(places.values()), [row for _, row in places])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    for place in places.values():
        axes.axhline(place, color=FAINT, lw=0.4, zorder=0)
    _write_groups(axes, places)
    compose(figure, title=title, key=_key(actors), footer=list(notes))
    return figure


def _places(dots: Sequence[Dot]) -> dict[tuple[str, str], float]:
    """Heights of the rows, with a row's room for the name of each group."""
    places: dict[tuple[str, str], float] = {}
    place = 0.0
    for group in dict.fromkeys(dot.group for dot in dots):
        for row in dict.fromkeys(dot.row for dot in dots if dot.group == group):
            place += 1.0
            places[group, row] = place
        place += 1.2
    return places


def _lane(dots: Sequence[Dot]) -> Lane:
    days = [dot.day for dot in dots if math.isfinite(dot.day)]
    first = min(days, default=day_number(datetime.date(2023, 1, 1)))
    last = max(days, default=first + 10 * DAYS_PER_YEAR)
    room = max(0.05 * (last - first), 0.5 * DAYS_PER_YEAR)
    start = first - room
    return Lane(start, min(last + room, start + MOST_YEARS * DAYS_PER_YEAR))


def _draw(
    axes: Axes, dots: Sequence[Dot], place: float, lane: Lane, number: int
) -> None:
    """The dots of one actor on one path, the strictest tolerance first."""
    colour, _, mark = LINES[number % len(LINES)]
    ordered = sorted(dots, key=lambda dot: dot.tolerance)
    across = [lane.place(dot.day, dot.status) for dot in ordered]
    axes.plot(across, [place] * len(across), color=colour, lw=0.8, zorder=3)
    for i, x in enumerate(across):
        is_middle = i == len(across) // 2
        axes.plot(
            x,
            place,
            marker=mark,
            ms=3.6 if is_middle else 2.6,
            mfc=colour if is_middle else "white",
            mec=colour,
            mew=0.8,
            zorder=4 + is_middle,
        )


def _write_groups(axes: Axes, places: dict[tuple[str, str], float]) -> None:
    firsts: dict[str, float] = {}
    for (group, _), place in places.items():
        firsts.setdefault(group, place)
    for group, place in firsts.items():
        axes.annotate(
            group,
            (0, place - 0.85),
            xycoords=("figure fraction", "data"),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            size=PANEL_SIZE,
            weight="bold",
        ).set_in_layout(False)


def _key(actors: Sequence[str]) -> Key:
    key: Key = {}
    for number, actor in enumerate(actors):
        colour, _, mark = LINES[number % len(LINES)]
        key[f"actor: {actor}"] = Line2D(
            [], [], color=colour, lw=0.8, marker=mark, ms=3.6, mfc=colour
        )
    return key

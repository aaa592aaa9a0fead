"""The frame of a figure: title and key above, panels between, footer below.

Heights are measured from the type itself, so that nothing collides and nothing is
cut at the size at which it is printed.
"""

import datetime
import functools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from matplotlib import dates as mdates
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.legend import Legend
from matplotlib.text import Text
from matplotlib.transforms import Bbox, BboxBase

from mc.figures.style import (
    INK,
    LEADING,
    QUIET,
    SMALL_SIZE,
    TITLE_SIZE,
    WIDTHS,
    Columns,
)

POINTS_PER_INCH = 72.0
MARGIN = 0.05
"""Inches of white around a figure."""
_MONTHS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)

Key = dict[str, Any]
"""What a figure's marks mean: handles by their words."""


def blank(columns: Columns, panels_height: float) -> Figure:
    """An empty figure; ``compose`` adds the height that title and footer need."""
    figure = Figure(figsize=(WIDTHS[columns], panels_height), dpi=200)
    FigureCanvasAgg(figure)
    return figure


def compose(figure: Figure, *, title: str, key: Key, footer: Sequence[str]) -> None:
    """Set title, key and footer around the panels, and fix the layout.

    Args:
        figure: A figure with its panels drawn.
        title: What is shown.
        key: Handles by their words; may be empty.
        footer: Paragraphs, wrapped to the width.
    """
    width = figure.get_figwidth()
    heading = _place(figure, [title], TITLE_SIZE, weight="bold", color=INK)
    notes = _place(figure, footer, SMALL_SIZE, color=QUIET)
    legend = _fitting_legend(figure, key, width - 2 * MARGIN)
    head = _height(figure, heading) + 0.08
    keyed = _height(figure, legend) + 0.07 if legend else 0.0
    foot, panels = _height(figure, notes) + 0.06, figure.get_figheight()
    height = panels + head + keyed + foot + 2 * MARGIN
    figure.set_size_inches(width, height)
    left, top = MARGIN / width, 1 - MARGIN / height
    heading.set(position=(left, top), va="top")
    notes.set(position=(left, MARGIN / height), va="bottom")
    if legend is not None:
        legend.set_bbox_to_anchor((left, top - head / height), figure.transFigure)
    rect = (left, (MARGIN + foot) / height, 1 - 2 * left, panels / height)
    figure.set_layout_engine(
        "constrained", rect=rect, w_pad=0.03, h_pad=0.035, hspace=0.04
    )
    figure.draw_without_rendering()
    figure.set_layout_engine("none")
    for axes in figure.axes:
        # The solver's last digits depend on the order of objects in memory.
        edges = np.round(axes.get_position().bounds, 6).tolist()
        axes.set_position(Bbox.from_bounds(*edges))


def _place(
    figure: Figure, paragraphs: Sequence[str], size: float, **style: Any
) -> Text:
    """Paragraphs as one text, wrapped to the figure's width."""
    font = FontProperties(size=size, weight=style.get("weight", "normal"))
    room = (figure.get_figwidth() - 2 * MARGIN) * POINTS_PER_INCH
    lines = "\n".join(_wrapped(paragraphs, room, font))
    return figure.text(0, 0, lines, size=size, linespacing=LEADING, **style)


def _wrapped(paragraphs: Iterable[str], room: float, font: FontProperties) -> list[str]:
    """Lines of at most ``room`` points, broken between words, never before a %."""
    lines = []
    for paragraph in paragraphs:
        line = ""
        for word in paragraph.replace(" %", "\u00a0%").split(" "):
            longer = f"{line} {word}" if line else word
            if line and text_width(longer, font) > room:
                lines.append(line)
                longer = word
            line = longer
        lines.append(line)
    return lines


def text_width(text: str, font: FontProperties) -> float:
    """Width of one line of type, points."""
    return _ruler().get_text_width_height_descent(text, font, ismath=False)[0]


@functools.cache
def _ruler() -> RendererAgg:
    """What measures type, a dot a point."""
    return FigureCanvasAgg(Figure(dpi=POINTS_PER_INCH)).get_renderer()


def _fitting_legend(figure: Figure, key: Key, room: float) -> Legend | None:
    """The key in as few rows as the width takes, its columns evenly filled."""
    for rows in range(1, len(key) + 1):
        columns = -(-len(key) // rows)
        legend = figure.legend(
            list(key.values()), list(key), loc="upper left", ncols=columns
        )
        if columns == 1 or _extent(figure, legend).width <= room * figure.dpi:
            return legend
        legend.remove()
    return None


def _height(figure: Figure, artist: Artist) -> float:
    """Height in inches, as drawn."""
    return _extent(figure, artist).height / figure.dpi


def _extent(figure: Figure, artist: Artist) -> BboxBase:
    canvas = figure.canvas
    assert isinstance(canvas, FigureCanvasAgg)
    return artist.get_window_extent(canvas.get_renderer())


def day_number(date: datetime.date) -> float:
    """A date as matplotlib counts days."""
    return float(mdates.date2num(date))


def date_ticks(first: float, last: float, most: int) -> tuple[list[float], list[str]]:
    """First days of years or months between two dates, and their words.

    Args:
        first: Days as matplotlib counts them.
        last: The same.
        most: How many ticks the room takes.
    """
    begin, end = (mdates.num2date(day) for day in (first, last))
    low, high = begin.year * 12 + begin.month - 1, end.year * 12 + end.month - 1
    step = next((s for s in _MONTHS if (high - low) / s <= most), _MONTHS[-1])
    form = "%Y" if step % 12 == 0 else "%b %Y"
    places, words = [], []
    for month in range(low - low % step, high + 1, step):
        day = datetime.date(month // 12, month % 12 + 1, 1)
        place = day_number(day)
        if first <= place <= last:
            places.append(place)
            words.append(f"{day:{form}}")
    return places, words


def date_axis(axes: Axes, first: float, last: float, *, most_ticks: int) -> None:
    """Dates along the x axis, from ``first`` to ``last`` in matplotlib's days."""
    places, words = date_ticks(first, last, most_ticks)
    axes.set_xticks(places, words)
    axes.set_xlim(first, last)

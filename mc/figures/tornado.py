"""What moves a figure: a bar an input from one end to the other, and indices."""

import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from mc.engine.results import Results
from mc.figures.captions import provenance
from mc.figures.page import Key, blank, compose
from mc.figures.scales import plain
from mc.figures.style import (
    DARK_BLUE,
    FAINT,
    INK,
    LIGHT_BLUE,
    LIGHT_ORANGE,
    LINES,
    QUIET,
    SMALL_SIZE,
    VERMILION,
    print_style,
)

_ROW, _ROOM = 0.24, 0.14
Index = tuple[float, float]
"""A number and its standard error; NaN where there is none."""


@dataclass(frozen=True, kw_only=True)
class Tip:
    """One end of a bar.

    Attributes:
        word: Which point of the input, or which label.
        near: The figure there; infinite for never, minus infinite for already.
        text: The figure in words.
        at: The figure with all else as it was; NaN where that is not known.
    """

    word: str
    near: float
    text: str
    at: float


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One input.

    Attributes:
        name: What it is called.
        tips: Its low and its high end.
        indices: What is drawn beside it, by name.
    """

    name: str
    tips: tuple[Tip, Tip]
    indices: Mapping[str, Index]


@dataclass(frozen=True, kw_only=True)
class Scale:
    """The figure that is moved.

    Attributes:
        title: Its name and its value over all draws.
        axis: What it is, with its unit.
        unit: ``date``, ``probability`` or another unit.
        base: Its value over all draws, as ``Tip.near``.
        ends: What the low and the high end of a bar are.
    """

    title: str
    axis: str
    unit: str
    base: float
    ends: tuple[str, str]


@print_style()
def tornado(
    bars: Sequence[Bar], scale: Scale, noise: float, notes: str, results: Results
) -> Figure:
    """Draw a tornado, beside the indices of its inputs where they have some.

    Args:
        bars: An input each, the widest first.
        scale: The figure that is moved.
        noise: The last index of an input without effect; NaN without indices.
        notes: What the marks are, in sentences.
        results: The run that it is a figure of.
    """
    figure = blank(2, 0.5 + _ROW * max(len(bars), 3))
    ratios = [1.7, 1.0] if bars[0].indices else [1.0]
    panels = figure.subplots(
        1, len(ratios), squeeze=False, sharey=True, width_ratios=ratios
    )[0]
    _draw_bars(panels[0], bars, scale)
    if bars[0].indices:
        _draw_indices(panels[1], bars, noise)
    panels[0].set_ylim(len(bars) - 0.4, -0.6)
    panels[0].set_yticks(range(len(bars)), [bar.name for bar in bars])
    for axes in panels:
        axes.tick_params(axis="y", length=0)
        axes.spines["left"].set_visible(False)
    compose(
        figure,
        title=scale.title,
        key=_key(bars, scale),
        footer=[provenance(results), notes],
    )
    return figure


def _draw_bars(axes: Axes, bars: Sequence[Bar], scale: Scale) -> None:
    known = [scale.base]
    known += [value for bar in bars for tip in bar.tips for value in (tip.near, tip.at)]
    finite = [value for value in known if math.isfinite(value)] or [0.0, 1.0]
    low, high = min(finite), max(finite)
    room = _ROOM * (high - low) or 0.1 * abs(high) or 1.0
    ends = low - room, high + room
    middle = _inside(scale.base, ends)
    axes.axvline(middle, color=INK, lw=0.7, zorder=3)
    for row, bar in enumerate(bars):
        moves = [abs(tip.near - scale.base) for tip in bar.tips]
        for tip, colour in zip(bar.tips, (LIGHT_BLUE, LIGHT_ORANGE), strict=True):
            _draw_tip(axes, row, tip, colour, middle, ends)
            # Two words on one side would overlap: the farther end keeps its own.
            farthest = max(moves) > 0 and tip is bar.tips[int(np.argmax(moves))]
            if farthest or _parts(bar, scale.base):
                _name_tip(axes, row, tip, middle, ends)
    axes.set_xlim(*ends)
    axes.set_title(scale.axis, weight="normal")
    whole = scale.unit == "date" and high - low > 3
    axes.xaxis.set_major_locator(MaxNLocator(6, integer=whole, steps=[1, 2, 5, 10]))
    form = {"date": _date, "probability": _per_cent}.get(scale.unit, plain)
    axes.xaxis.set_major_formatter(form)


def _draw_tip(
    axes: Axes,
    row: int,
    tip: Tip,
    colour: str,
    middle: float,
    ends: tuple[float, float],
) -> None:
    """From the figure over all draws to that at one end, and what stands there."""
    place = _inside(tip.near, ends)
    axes.barh(row, place - middle, left=middle, height=0.6, color=colour, zorder=2)
    if math.isfinite(tip.at):
        axes.plot([tip.at], [row], "|", color=DARK_BLUE, ms=7, mew=1.2, zorder=4)


def _parts(bar: Bar, base: float) -> bool:
    """Whether the ends lie on either side of the figure over all draws."""
    low, high = sorted(tip.near for tip in bar.tips)
    return low < base < high


def _name_tip(
    axes: Axes, row: int, tip: Tip, middle: float, ends: tuple[float, float]
) -> None:
    """The word of an end, beyond it and its mark."""
    place = _inside(tip.near, ends)
    word = tip.word if math.isfinite(tip.near) else f"{tip.word}: {tip.text}"
    before = place < middle
    if math.isfinite(tip.at):
        place = min(place, tip.at) if before else max(place, tip.at)
    axes.annotate(
        word,
        (place, row),
        xytext=(-3 if before else 3, 0),
        textcoords="offset points",
        ha="right" if before else "left",
        va="center",
        size=SMALL_SIZE,
        color=QUIET,
    )


def _draw_indices(axes: Axes, bars: Sequence[Bar], noise: float) -> None:
    axes.axvline(0, color=FAINT, lw=0.6)
    axes.axvline(noise, color=VERMILION, lw=0.7, ls=":")
    names = list(bars[0].indices)
    for number, name in enumerate(names):
        colour, _, mark = LINES[number + 1]
        shift = 0.28 * (number - (len(names) - 1) / 2)
        found = [(row + shift, *bar.indices[name]) for row, bar in enumerate(bars)]
        shown = [one for one in found if math.isfinite(one[1])]
        rows, numbers, errors = (list(part) for part in zip(*shown, strict=True))
        axes.errorbar(
            numbers,
            rows,
            xerr=2 * np.array(errors),
            fmt=mark,
            color=colour,
            ms=3.2,
            lw=0.9,
        )
    axes.set_title(", ".join(names), weight="normal")
    axes.set_xlim(-1.05, 1.05)


def _inside(value: float, ends: tuple[float, float]) -> float:
    return min(max(value, ends[0]), ends[1])


def _date(value: float, _: object = None) -> str:
    """A decimal year as it is read."""
    year = math.floor(value)
    if value == year:
        return str(year)
    start = datetime.date(year, 1, 1)
    return f"{start + datetime.timedelta(round((value - year) * 365)):%b %Y}"


def _per_cent(value: float, _: object = None) -> str:
    return f"{plain(100 * value)} %"


def _key(bars: Sequence[Bar], scale: Scale) -> Key:
    low, high = scale.ends
    key: Key = {
        low: Patch(color=LIGHT_BLUE, lw=0),
        high: Patch(color=LIGHT_ORANGE, lw=0),
        "over all draws": Line2D([], [], color=INK, lw=0.7),
    }
    if any(math.isfinite(tip.at) for bar in bars for tip in bar.tips):
        key["at the point, all else as it was"] = Line2D(
            [], [], ls="", marker="|", color=DARK_BLUE, ms=7, mew=1.2
        )
    for number, name in enumerate(bars[0].indices):
        colour, _, mark = LINES[number + 1]
        key[name] = Line2D([], [], ls="", marker=mark, color=colour, ms=3.2)
    if bars[0].indices:
        key["of no effect"] = Line2D([], [], ls=":", color=VERMILION, lw=0.7)
    return key

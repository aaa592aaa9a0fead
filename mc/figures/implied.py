"""What a card implies for things that people know, beside what was observed."""

import itertools
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.figures.densities import unit_axis
from mc.figures.page import Key, blank, compose
from mc.figures.style import (
    DARK_BLUE,
    LIGHT_BLUE,
    MIDDLE_BLUE,
    SMALL_SIZE,
    VERMILION,
    print_style,
)
from priors.observations import Observation
from priors.units import Unit

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
Pair = tuple[Observation, Float[np.ndarray, " draws"]]
_ROW, _FRAME = 0.19, 0.42
"""Inches of an observation, and of what stands around a panel."""


@print_style()
def implied(pairs: Sequence[Pair], unseen: Sequence[bool], card: str) -> Figure:
    """Draw observations beside the draws that a card implies, a panel a quantity.

    Args:
        pairs: Observations and draws on the canonical scale of their unit, those of
            one quantity side by side.
        unseen: Whether the observation is later than the card's sources.
        card: The card's name.
    """
    rows = list(zip(pairs, unseen, strict=True))
    panels = [
        list(group)
        for _, group in itertools.groupby(rows, lambda row: row[0][0].quantity)
    ]
    heights = [_FRAME + _ROW * len(panel) for panel in panels]
    figure = blank(2, sum(heights))
    grid = figure.subplots(len(panels), 1, squeeze=False, height_ratios=heights)
    for axes, panel in zip(grid[:, 0], panels, strict=True):
        _draw_panel(axes, [pair for pair, _ in panel], [new for _, new in panel])
    compose(
        figure,
        title=f"What the card {card} implies, and what was observed",
        key=_key(),
        footer=[
            "Trends of the card before any slowdown or break, without the scatter of "
            "single models about them. Whiskers: what is known of the observed value, "
            "as its source says. Names in bold: observed after the card's sources, so "
            "that agreement is a test."
        ],
    )
    return figure


def _draw_panel(axes: Axes, pairs: Sequence[Pair], unseen: Sequence[bool]) -> None:
    quantity = pairs[0][0].quantity
    unit = quantity.unit
    bands = [np.quantile(draws, LEVELS) for _, draws in pairs]
    for row, ((one, _), band) in enumerate(zip(pairs, bands, strict=True)):
        axes.barh(row, band[4] - band[0], left=band[0], height=0.62, color=LIGHT_BLUE)
        axes.barh(row, band[3] - band[1], left=band[1], height=0.62, color=MIDDLE_BLUE)
        axes.plot([band[2]] * 2, [row - 0.31, row + 0.31], color=DARK_BLUE, lw=1.4)
        _draw_observed(axes, row, one, unit)
    axes.set_ylim(len(pairs) - 0.4, -0.6)
    axes.set_yticks(range(len(pairs)), [_label(one) for one, _ in pairs])
    for text, is_new in zip(axes.get_yticklabels(), unseen, strict=True):
        text.set(size=SMALL_SIZE, weight="bold" if is_new else "normal")
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    known = [unit.to_canonical(np.array([one.low, one.high])) for one, _ in pairs]
    edges = np.concatenate([*bands, *known])
    room = 0.03 * float(np.ptp(edges))
    unit_axis(axes, unit, (float(edges.min()) - room, float(edges.max()) + room))
    axes.set_title(f"{quantity.title}, {unit.name}", loc="left")


def _draw_observed(axes: Axes, row: int, one: Observation, unit: Unit) -> None:
    ends = unit.to_canonical(np.array([one.low, one.high])).tolist()
    axes.plot(ends, [row, row], color=VERMILION, lw=0.9, zorder=4)
    if one.value is not None:
        place = unit.to_canonical(np.array([one.value]))
        axes.plot(place, [row], "o", color=VERMILION, ms=3.6, mec="white", mew=0.5)
        axes.lines[-1].set_zorder(5)
        return
    for end in ends:
        axes.plot([end] * 2, [row - 0.2, row + 0.2], color=VERMILION, lw=0.9, zorder=4)


def _label(one: Observation) -> str:
    return one.label if one.date is None else f"{one.label}, {one.date:%b %Y}"


def _key() -> Key:
    return {
        "implied, 5 to 95 %": Patch(color=LIGHT_BLUE, lw=0),
        "25 to 75 %": Patch(color=MIDDLE_BLUE, lw=0),
        "median": Line2D([], [], color=DARK_BLUE, lw=1.4),
        "observed": Line2D([], [], color=VERMILION, marker="o", ms=3.6, lw=0.9),
    }

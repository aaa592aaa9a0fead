"""Beliefs of one card, or of several overlaid: densities and quantiles by parameter."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.figures.densities import Density, density, shared_ends, unit_axis
from mc.figures.page import Key, blank, compose
from mc.figures.style import (
    DARK_BLUE,
    FAINT,
    LIGHT_BLUE,
    LINES,
    SMALL_SIZE,
    number_words,
    print_style,
)
from priors.laws import Law
from priors.units import GROWTH_UNITS, Unit

GROWTHS = ("x/yr", "OOM/yr", "doubling_months")
NEVER = "never"
_HEIGHT, _LANE = 1.15, 0.09
"""Inches of a panel, and of a card's quantiles in it."""
_TITLE = 26
"""Letters of a title that a panel has room for."""
_CUT = 20.0
"""Times the lowest density that the tallest may be before it is cut."""


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One parameter.

    Attributes:
        name: The parameter.
        unit: The unit of its axis; a growth is shown in three.
        laws: Laws on the canonical scale by card.
        pool: Their linear pool, if one is wanted.
    """

    name: str
    unit: Unit
    laws: Mapping[str, Law]
    pool: Law | None = None


@print_style()
def cards_drawn(
    panels: Sequence[Panel], cards: Sequence[str], weights: Sequence[float] = ()
) -> Figure:
    """Draw each parameter in a panel of its own, up to six cards overlaid.

    Args:
        panels: Parameters, in the order of reading.
        cards: All cards, in the order of their colours.
        weights: Of the cards in the pool; empty where there is none.

    Raises:
        ValueError: If there are more cards than kinds of line.
    """
    if len(cards) > len(LINES):
        raise ValueError(f"{len(cards)} cards; a figure shows {len(LINES)} at most")
    across = 4 if len(cards) == 1 and len(panels) > 3 else min(3, len(panels))
    rows = -(-len(panels) // across)
    lanes = (len(cards) + bool(weights)) * (len(cards) > 1)
    figure = blank(2, rows * (_HEIGHT + _LANE * lanes))
    grid = figure.subplots(rows, across, squeeze=False).ravel()
    for axes, panel in itertools.zip_longest(grid, panels):
        if panel is None:
            axes.set_axis_off()
        else:
            _draw_panel(axes, panel, cards)
    what = ", ".join(cards)
    compose(
        figure,
        title=f"Beliefs of {what}" if len(cards) > 1 else f"The beliefs of {what}",
        key=_key(cards, weights),
        footer=[
            "Densities and axes are on the scale on which a card's laws are defined: "
            "logarithms of growth and of sizes. Growth in x/yr, OOM/yr and months of "
            "doubling. Bars: 5 to 95 %, with the median. Spikes: values with a "
            "probability of their own."
        ],
    )
    return figure


def _draw_panel(axes: Axes, panel: Panel, cards: Sequence[str]) -> None:
    everything = [*panel.laws.values(), *([panel.pool] if panel.pool else [])]
    ends = shared_ends(everything)
    found = {called: density(law, ends) for called, law in panel.laws.items()}
    pooled = density(panel.pool, ends) if panel.pool else None
    tops_of = {called: _height(one) for called, one in found.items()}
    top = _top(list(tops_of.values()))
    alone = len(cards) == 1
    if pooled is not None:
        axes.fill_between(
            pooled.middles, pooled.density / top, color=FAINT, alpha=0.5, lw=0, zorder=1
        )
    for place, called in enumerate(cards):
        if called not in found:
            continue
        colour, dash, _ = LINES[place]
        if alone:
            _fill(axes, found[called], top)
        elif tops_of[called] > 0.0:
            one = found[called]
            axes.plot(one.middles, one.density / top, color=colour, ls=dash, lw=1.1)
        _spikes(axes, found[called], colour)
    if not alone:
        _bars(axes, found, pooled, cards)
    is_noted = any(mass < 1.0 for one in found.values() for mass in one.atoms.values())
    foot = -0.16 * (len(cards) + (pooled is not None)) * (not alone)
    axes.set_ylim(foot, 1.3 if is_noted else 1.12)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    _axis(axes, panel, ends)


def _height(one: Density) -> float:
    """The tallest density; none beside atoms that have all the mass."""
    return 0.0 if sum(one.atoms.values()) > 1.0 - 1e-9 else float(one.density.max())


def _top(tops: Sequence[float]) -> float:
    """The height of a panel: that of its tallest density, unless others vanish."""
    positive = sorted(top for top in tops if top > 0.0)
    if not positive:
        return 1.0
    return min(positive[-1], _CUT * positive[0])


def _fill(axes: Axes, one: Density, top: float) -> None:
    axes.fill_between(one.middles, one.density / top, color=LIGHT_BLUE, lw=0)
    axes.plot(one.middles, one.density / top, color=DARK_BLUE, lw=0.8)
    for place, height in zip(one.quantiles, (0.45, 0.9, 0.45), strict=True):
        axes.plot([place, place], [0, height], color=DARK_BLUE, lw=0.9)


def _spikes(axes: Axes, one: Density, colour: str) -> None:
    for value, mass in one.atoms.items():
        axes.plot([value, value], [0, 1.0], color=colour, lw=1.5)
        if mass < 1.0:
            axes.annotate(
                f"{100 * mass:.0f} %",
                (value, 1.0),
                xytext=(0, 1),
                textcoords="offset points",
                ha="center",
                va="bottom",
                size=SMALL_SIZE,
                color=colour,
            )


def _bars(
    axes: Axes,
    found: Mapping[str, Density],
    pooled: Density | None,
    cards: Sequence[str],
) -> None:
    """The 5 to 95 % of each card under the densities, the pool's last."""
    axes.axhline(0, color=FAINT, lw=0.5)
    lanes = [(found.get(called), LINES[i][0]) for i, called in enumerate(cards)]
    for lane, (one, colour) in enumerate([*lanes, (pooled, FAINT)]):
        if one is None:
            continue
        low, middle, high = one.quantiles
        height = -0.12 - 0.15 * lane
        axes.plot([low, high], [height, height], color=colour, lw=2.0)
        axes.plot([middle], [height], "|", color=colour, ms=5.0, mew=1.6)


def _axis(axes: Axes, panel: Panel, ends: tuple[float, float]) -> None:
    unit = GROWTH_UNITS[GROWTHS[0]] if panel.unit.kind == "growth" else panel.unit
    unit_axis(axes, unit, ends, most_ticks=2 if unit.kind == "growth" else 3)
    name, bracket, rest = panel.name.partition("[")
    is_long = len(panel.name) > _TITLE and bracket
    title = f"{name}\n[{rest}" if is_long else panel.name
    axes.set_title(title, fontsize=6.0, pad=2.5)
    shown = "" if unit.name in ("1", "date") else unit.name
    if unit.kind == "growth":
        places = np.asarray(axes.get_xticks())
        axes.set_xticks(places.tolist(), [_three(place) for place in places])
    else:
        axes.set_xlabel(shown, fontsize=SMALL_SIZE, labelpad=1)
    axes.tick_params(axis="x", labelsize=SMALL_SIZE)


def _three(place: float) -> str:
    """A growth in three units, a line each."""
    texts = []
    for name in GROWTHS:
        unit = GROWTH_UNITS[name]
        if unit.decreasing and place <= 0.0:
            texts.append(NEVER)
            continue
        value = float(unit.from_canonical(np.array([place]))[0])
        texts.append(number_words(value, 3 if name == GROWTHS[0] else 2))
    months = texts[2] if texts[2] == NEVER else f"{texts[2]} mo"
    return f"{texts[0]}\n{texts[1]} OOM\n{months}"


def _key(cards: Sequence[str], weights: Sequence[float]) -> Key:
    if len(cards) == 1:
        return {
            "density": Patch(color=LIGHT_BLUE, lw=0),
            "5, 50 and 95 %": Line2D([], [], color=DARK_BLUE, lw=0.9),
        }
    key: Key = {
        called: Line2D([], [], color=colour, ls=dash, lw=1.2)
        for called, (colour, dash, _) in zip(cards, LINES, strict=False)
    }
    if weights:
        shares = ", ".join(f"{weight:.3g}" for weight in weights)
        key[f"linear pool ({shares})"] = Patch(color=FAINT, alpha=0.5, lw=0)
    return key

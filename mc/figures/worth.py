"""What knowing each input is worth to a decision, as bars."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.captions import provenance
from mc.figures.page import Key, blank, compose
from mc.figures.scales import plain
from mc.figures.style import BLUE, INK, LIGHT_BLUE, VERMILION, print_style

_ROW, _HEIGHT = 0.22, 0.62
Number = tuple[float, float]
"""A number and its standard error."""


@dataclass(frozen=True, kw_only=True)
class Bar:
    """One input or group.

    Attributes:
        name: What it is called.
        low: What knowing it is worth at least.
        high: What it is worth at most.
    """

    name: str
    low: Number
    high: Number


@print_style()
def worths(
    bars: Sequence[Bar],
    everything: Number,
    title: str,
    unit: str,
    notes: str,
    results: Results,
) -> Figure:
    """Draw what each input is worth, and what everything is.

    Args:
        bars: In the order from the top.
        everything: Expected value of perfect information.
        title: Whose decision it is.
        unit: Of the payoffs.
        notes: What the bars are, in sentences.
        results: The run.
    """
    figure = blank(2, 0.45 + _ROW * max(len(bars), 3))
    axes = figure.subplots()
    places = range(len(bars))
    for ends, colour in (("high", LIGHT_BLUE), ("low", BLUE)):
        numbers = [getattr(bar, ends)[0] for bar in bars]
        axes.barh(places, numbers, height=_HEIGHT, color=colour, lw=0)
    for ends, shift in (("high", -0.16), ("low", 0.16)):
        numbers, errors = zip(*(getattr(bar, ends) for bar in bars), strict=True)
        axes.errorbar(
            numbers,
            [place + shift for place in places],
            xerr=[2 * error for error in errors],
            fmt="none",
            ecolor=INK,
            elinewidth=0.8,
        )
    axes.axvline(everything[0], color=VERMILION, lw=0.9, ls="--")
    axes.set_xlim(0, 1.05 * (everything[0] or 1.0))
    axes.set_ylim(len(bars) - 0.4, -0.6)
    axes.set_yticks(places, [bar.name for bar in bars])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_formatter(plain)
    axes.set_title(f"worth of knowing, {unit}", weight="normal")
    key: Key = {
        "at least": Patch(color=BLUE, lw=0),
        "at most": Patch(color=LIGHT_BLUE, lw=0),
        "everything": Line2D([], [], color=VERMILION, lw=0.9, ls="--"),
    }
    compose(figure, title=title, key=key, footer=[provenance(results), notes])
    return figure

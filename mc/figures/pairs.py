"""Twins side by side: metrics of a run in the order asked, two in a row.

Every metric has a panel of what both actors reach and one of the gap, with what
becomes of it in words.
"""

import textwrap
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mc.engine.results import Results
from mc.figures.captions import footer
from mc.figures.dates import dates_data
from mc.figures.fan import (
    FanData,
    actors_key,
    draw_actors,
    draw_gap,
    fan_data,
    gap_key,
    gap_marks,
)
from mc.figures.labels import capital, metric_names
from mc.figures.page import blank, compose
from mc.figures.style import DARK_BLUE, DARK_ORANGE, INK, SMALL_SIZE, print_style
from mc.figures.verdicts import Verdict, verdict

ANSWER = "metrics two in a row, with both actors and the gap"
MOST_LETTERS = 14
"""Longest line beside a low panel."""
GROUPS = {
    "closes": ("the gap closes", DARK_BLUE),
    "depends": ("it depends on the draw", INK),
    "never": ("the gap never closes", DARK_ORANGE),
}
"""What becomes of a gap, in words, and the colour they are written in."""


@dataclass(frozen=True, kw_only=True)
class Twin:
    """What is shown of one metric.

    Attributes:
        fan: The gap and both actors.
        verdict: What becomes of the gap for ever.
        words: When it peaks and when it is closed, or what it tends to.
    """

    fan: FanData
    verdict: Verdict
    words: str


def pairs_data(results: Results) -> tuple[Twin, ...]:
    """Every metric of the run, in its order."""
    return tuple(twin_data(results, name) for name in metric_names(results))


def twin_data(results: Results, metric: str) -> Twin:
    """One metric: its bands, and its fate in words.

    Raises:
        KeyError: If the run has no such metric, or no limits of gaps.
    """
    known = verdict(results, metric)
    return Twin(
        fan=fan_data(results, metric),
        verdict=known,
        words=_words(results, metric, known),
    )


@print_style()
def pairs(results: Results) -> Figure:
    """Draw both actors and the gap of every metric, two metrics in a row."""
    twins = pairs_data(results)
    across = min(2, len(twins))
    down = -(-len(twins) // across)
    figure = blank(2, 2.25 * down)
    grid = figure.subplots(
        2 * down, across, squeeze=False, height_ratios=[1, 1.3] * down
    )
    for place in range(down * across):
        row, column = divmod(place, across)
        above, below = grid[2 * row, column], grid[2 * row + 1, column]
        if place < len(twins):
            _draw(above, below, twins[place])
        else:
            above.set_axis_off()
            below.set_axis_off()
    fans = [twin.fan for twin in twins]
    extrapolated = any(fan.gap.extrapolated_from is not None for fan in fans)
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=actors_key() | gap_key(fans),
        footer=footer(
            results, metric_names(results), gap_marks(fans), extrapolated=extrapolated
        ),
    )
    return figure


def write_group(axes: Axes, known: Verdict) -> None:
    """What becomes of the gap, above a panel on the right."""
    words, colour = GROUPS[known.group]
    axes.set_title(words, loc="right", color=colour)


def _draw(above: Axes, below: Axes, twin: Twin) -> None:
    fan = twin.fan
    draw_actors(above, fan, most_ticks=6)
    above.set_ylabel(textwrap.fill(fan.labels.value_unit, MOST_LETTERS))
    above.set_title(capital(fan.labels.title))
    write_group(above, twin.verdict)
    above.xaxis.set_tick_params(labelbottom=False)
    draw_gap(below, fan, most_ticks=6)
    below.set_title(twin.words, size=SMALL_SIZE, weight="normal", pad=2.0)


def _words(results: Results, metric: str, known: Verdict) -> str:
    """The dates of the gap; where next to no draw has one, what it tends to."""
    peak, closed = dates_data(results, metric)
    if known.group != "never":
        return f"Peak {peak.quantiles[1]}; closed {closed.words}"
    share = known.texts["diverging"].replace("%", " %")
    if known.shares["diverging"] == 1.0:
        return "The gap grows without end"
    if known.shares["diverging"] > known.shares["constant_gap"]:
        return f"The gap grows without end in {share} of draws"
    return f"The gap tends to {known.limit_words}"

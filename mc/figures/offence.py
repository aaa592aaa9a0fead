"""Attacker and defender: each metric with the roles either way, and who is ahead.

A row a metric. On the left the attacker has the meek budget, in the middle the
frontier's; on the right stands the gap, which is the edge of the richer side.
"""

import textwrap
from typing import Any

from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import Band, draw_today
from mc.figures.captions import footer
from mc.figures.fan import FanData, draw_gap, gap_key, gap_marks
from mc.figures.labels import capital, metric_names
from mc.figures.page import Key, blank, compose, date_axis
from mc.figures.pairs import Twin, twin_data, write_group
from mc.figures.scales import finite, linear_axis, log_axis
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    DASHED,
    LIGHT_BLUE,
    LIGHT_ORANGE,
    SMALL_SIZE,
    number_words,
    print_style,
)

ANSWER = "attacker and defender with the budgets either way, and the richer side's edge"
HEADINGS = (
    "Meek attacker, frontier defender",
    "Frontier attacker, meek defender",
    "Edge of the richer side",
)
"""Above the columns."""
HEAD, ROW = 0.2, 1.6
"""Inches of the headings, and of a metric's row."""
PAD = 11.0
"""Points between a panel and its title, where a line of words stands between."""
MOST_LETTERS = 18
"""Longest line beside a panel."""
_LOOKS = {
    "meek": (LIGHT_ORANGE, DARK_ORANGE, DASHED),
    "frontier": (LIGHT_BLUE, DARK_BLUE, "-"),
}
"""Fill, line and dash of each actor, in the order of the columns."""
_OTHER = {"meek": "frontier", "frontier": "meek"}


def offence_data(results: Results) -> tuple[Twin, ...]:
    """Every metric of the run with both actors, in its order."""
    return tuple(twin_data(results, name) for name in metric_names(results))


def fate(fan: FanData, attacker: str) -> str:
    """What the median attacker reaches at both ends of the window.

    Args:
        fan: A metric with both actors.
        attacker: ``meek`` or ``frontier``.
    """
    band = _band(fan, attacker)
    first, last = (
        f"{band.dates[end].item():%Y}: {_shown(fan, float(band.median[end]))}"
        for end in (0, -1)
    )
    return f"median {first}; {last}"


@print_style()
def offence(results: Results) -> Figure:
    """Draw the attacker's success with the budgets either way, and the gap."""
    twins = offence_data(results)
    figure = blank(2, HEAD + ROW * len(twins))
    heights = [HEAD] + [ROW] * len(twins)
    grid = figure.subplots(
        len(heights), 3, width_ratios=[1, 1, 1.1], height_ratios=heights
    )
    for axes, heading in zip(grid[0], HEADINGS, strict=True):
        axes.set_axis_off()
        _write(axes, heading, -8.0, weight="bold")
    for panels, twin in zip(grid[1:], twins, strict=True):
        for axes, attacker in zip(panels, _LOOKS, strict=False):
            _draw_attack(axes, twin.fan, attacker)
        _draw_edge(panels[2], twin)
    fans = [twin.fan for twin in twins]
    extrapolated = any(fan.gap.extrapolated_from is not None for fan in fans)
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=_key() | gap_key(fans),
        footer=footer(
            results, metric_names(results), gap_marks(fans), extrapolated=extrapolated
        ),
    )
    return figure


def _band(fan: FanData, actor: str) -> Band:
    return fan.meek if actor == "meek" else fan.frontier


def _shown(fan: FanData, value: float) -> str:
    unit = fan.labels.value_unit
    return f"{value:.0f} %" if unit == "%" else f"{number_words(value, 2)} {unit}"


def _draw_attack(axes: Axes, fan: FanData, attacker: str) -> None:
    """The attacker's median and 90 % of draws, and the defender's median."""
    band, other = _band(fan, attacker), _band(fan, _OTHER[attacker])
    pale, dark, dash = _LOOKS[attacker]
    low, high = band.quantiles[:, 0], band.quantiles[:, -1]
    axes.fill_between(band.dates, low, high, color=pale, lw=0, zorder=2)
    axes.plot(band.dates, band.median, color=dark, ls=dash, lw=1.5, zorder=4)
    _, colour, dash = _LOOKS[_OTHER[attacker]]
    axes.plot(other.dates, other.median, color=colour, ls=dash, lw=0.6, zorder=3)
    draw_today(axes, fan.today)
    _value_axis(axes, fan)
    axes.set_title(capital(fan.labels.title), pad=PAD)
    _write(axes, fate(fan, attacker), 3.0, size=SMALL_SIZE)
    if attacker == "meek":
        axes.set_ylabel(textwrap.fill(_value_words(fan), MOST_LETTERS))
    first, last = mdates.date2num(band.dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=4)


def _draw_edge(axes: Axes, twin: Twin) -> None:
    """The gap, with what becomes of it in words."""
    draw_gap(axes, twin.fan, most_ticks=4)
    write_group(axes, twin.verdict)
    axes.set_title(axes.get_title("right"), loc="right", pad=PAD)
    axes.set_ylabel(textwrap.fill(axes.get_ylabel(), MOST_LETTERS))
    _write(axes, twin.words.partition(" [")[0], 3.0, size=SMALL_SIZE)


def _write(axes: Axes, words: str, height: float, **style: Any) -> None:
    """A line of words above a panel, ``height`` points up."""
    axes.annotate(
        words,
        (0, 1),
        xycoords="axes fraction",
        xytext=(0, height),
        textcoords="offset points",
        va="bottom",
        **style,
    ).set_in_layout(False)


def _value_words(fan: FanData) -> str:
    unit = fan.labels.value_unit
    return "attacks that succeed, %" if unit == "%" else f"attacker, {unit}"


def _value_axis(axes: Axes, fan: FanData) -> None:
    shown = [band.quantiles for band in (fan.frontier, fan.meek)]
    if fan.labels.value_unit == "%":
        axes.set_ylim(0, 100)
    elif fan.labels.log:
        log_axis(axes, *finite(*(values[values > 0] for values in shown)))
    else:
        linear_axis(axes, *finite(*shown))


def _key() -> Key:
    key: Key = {}
    for actor, words in (("meek", "meek attacker"), ("frontier", "frontier attacker")):
        pale, dark, dash = _LOOKS[actor]
        key[f"{words}: median, 90 %"] = (
            Patch(color=pale, lw=0),
            Line2D([], [], color=dark, lw=1.5, ls=dash),
        )
    key["thin: the defender's median"] = Line2D([], [], color=DARK_BLUE, lw=0.6)
    return key

"""Misalignment: propensity and stakes apart, and the gap in harm that they make."""

import textwrap
from dataclasses import dataclass

from matplotlib import dates as mdates
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from mc.engine.results import Results
from mc.figures.bands import Band, band_data, draw_today, today_of
from mc.figures.captions import footer
from mc.figures.fan import (
    FanData,
    actors_key,
    draw_gap,
    draw_two,
    fan_data,
    gap_key,
    gap_marks,
)
from mc.figures.labels import capital, metric_labels, metric_names
from mc.figures.page import blank, compose, date_axis
from mc.figures.scales import finite, ratio_axis
from mc.figures.style import INK, QUIET, SMALL_SIZE, print_style
from mc.figures.verdicts import Verdict, verdict

ANSWER = "propensity and stakes apart, and the gap in harm"
ACROSS = 3
"""Panels in a row."""
MOST_LETTERS = 36
"""Longest line above a panel."""
_ACTORS = ("frontier", "meek")
_FATES = {
    "reversed": "gap turns round",
    "meek": "gap closes",
    "constant_gap": "gap settles",
    "diverging": "gap diverges",
    "undetermined": "not known",
}


@dataclass(frozen=True, kw_only=True)
class Factor:
    """What harm is made of: a series of each actor, or one that both share.

    Attributes:
        title: What it is.
        unit: Unit of the axis.
        frontier: The frontier's, or that of both.
        meek: The meek actor's, or that of both.
    """

    title: str
    unit: str
    frontier: Band
    meek: Band


def harm_data(results: Results) -> tuple[Factor, ...]:
    """The propensity, and the stakes of every metric that has some."""
    factors: list[Factor] = []
    for name in metric_names(results):
        series = results.manifest["metrics"][name]["series"]
        title = metric_labels(results, name).title
        if "propensity_meek" in series and not factors:
            factors.append(_propensity(results, name))
        if "stakes" in series:
            shared = band_data(results, name, "stakes")
            factors.append(_stakes(title, shared, shared))
        if "stakes_meek" in series:
            bands = [band_data(results, name, f"stakes_{a}") for a in _ACTORS]
            factors.append(_stakes(title, *bands))
    return tuple(factors)


@print_style()
def harm(results: Results) -> Figure:
    """Draw propensity, stakes, and the gap of every metric of the run."""
    factors, names = harm_data(results), metric_names(results)
    fans = [fan_data(results, name) for name in names]
    above, below = (-(-len(some) // ACROSS) for some in (factors, fans))
    figure = blank(2, 1.5 * above + 1.9 * below)
    grid = figure.subplots(
        above + below,
        ACROSS,
        squeeze=False,
        height_ratios=[1.5] * above + [1.9] * below,
    ).ravel()
    for axes in grid:
        axes.set_axis_off()
    for axes, factor in zip(grid, factors, strict=False):
        axes.set_axis_on()
        _draw_factor(axes, factor)
        draw_today(axes, today_of(results))
    for axes, fan, name in zip(grid[ACROSS * above :], fans, names, strict=False):
        axes.set_axis_on()
        _draw_gap(axes, fan, verdict(results, name))
    compose(
        figure,
        title=results.manifest["experiment"]["question"],
        key=actors_key() | gap_key(fans),
        footer=footer(results, names, gap_marks(fans)),
    )
    return figure


def _propensity(results: Results, name: str) -> Factor:
    frontier, meek = (
        band_data(results, name, f"propensity_{actor}", 100.0) for actor in _ACTORS
    )
    title = "Propensity: how often a model errs"
    return Factor(title=title, unit="% of acts", frontier=frontier, meek=meek)


def _stakes(title: str, frontier: Band, meek: Band) -> Factor:
    shared = ", both alike" if frontier is meek else ""
    return Factor(
        title=f"Stakes, {title}{shared}",
        unit="harm an error, start = 1",
        frontier=frontier,
        meek=meek,
    )


def _draw_factor(axes: Axes, factor: Factor) -> None:
    draw_two(axes, factor.frontier, factor.meek)
    axes.set_title(textwrap.fill(factor.title, MOST_LETTERS))
    axes.set_ylabel(factor.unit)
    if not factor.unit.startswith("%"):
        ends = finite(factor.frontier.quantiles, factor.meek.quantiles)
        ratio_axis(axes, *ends)
    else:
        axes.set_ylim(bottom=0)
    first, last = mdates.date2num(factor.meek.dates[[0, -1]]).tolist()
    date_axis(axes, first, last, most_ticks=4)


def _draw_gap(axes: Axes, fan: FanData, known: Verdict) -> None:
    draw_gap(axes, fan, most_ticks=4)
    title = f"{capital(fan.labels.title)}: {fan.labels.difference}"
    axes.set_title(textwrap.fill(title, MOST_LETTERS))
    _write_shares(axes, known)
    if finite(fan.gap.quantiles)[0] < 0:
        first, second = fan.labels.difference.split(" − ")
        words = f"above 0: {first} does more; below: {second}"
        _write(axes, (0.98, 0.02), words, QUIET)


def _write_shares(axes: Axes, known: Verdict) -> None:
    """The probability of every class that has some, where the gap leaves room."""
    lines = [
        f"P({_FATES[name]}) = {known.texts[name].replace('%', ' %')}"
        for name, share in sorted(known.shares.items(), key=lambda pair: -pair[1])
        if share
    ]
    left = known.group != "closes"
    _write(axes, (0.03 if left else 0.98, 0.98), "\n".join(lines), INK)


def _write(axes: Axes, place: tuple[float, float], words: str, colour: str) -> None:
    """Words in a corner of a panel."""
    axes.annotate(
        words,
        place,
        xycoords="axes fraction",
        ha="left" if place[0] < 0.5 else "right",
        va="bottom" if place[1] < 0.5 else "top",
        size=SMALL_SIZE,
        color=colour,
        zorder=9,
        bbox={"fc": "white", "ec": "none", "alpha": 0.8, "pad": 0.8},
    )

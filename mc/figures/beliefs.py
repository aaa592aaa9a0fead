"""The beliefs a run used: the density of every parameter it needed."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from jaxtyping import Float
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.captions import footer
from mc.figures.labels import metric_names
from mc.figures.page import blank, compose
from mc.figures.style import (
    DARK_BLUE,
    INK,
    LIGHT_BLUE,
    MIDDLE_BLUE,
    SMALL_SIZE,
    VERMILION,
    Columns,
    number_words,
    print_style,
)
from mc.figures.worlds import dollars
from priors.units import GROWTH_UNITS, MONTHS_PER_YEAR, date_at

LEVELS = (0.05, 0.5, 0.95)
NUM_BINS = 48
_DATE = "years from the epoch"
_MONEY = ("dollars", "dollars/yr")
_DENSITY_HEIGHT, _POINT_HEIGHT = 1.1, 0.62
"""Inches of a row of panels."""
_ATOM = 0.02
"""Share of draws from which a number is drawn as a spike."""
_MANY_YEARS = 1.5
"""Doubling times from here on are said in years."""
_WIDE = 8.0
"""Ratio of the ends from which a positive parameter is shown in logarithms."""


@dataclass(frozen=True, kw_only=True)
class BeliefData:
    """The draws of one parameter, or of one component's labels.

    Attributes:
        name: The parameter.
        unit: Unit of the numbers: the card's; for a date, years from the epoch.
        edges: Edges of the bins; empty for a point.
        density: Share of the draws in each bin over its width on the drawn scale.
        atoms: Numbers that many draws share, with their share; not in the bins.
        log: Whether bins are even in the logarithm.
        quantiles: The 5, 50 and 95 % quantiles.
        words: The quantiles, or the point, in words.
        aside: A growth said the other way: its doubling time, or its yearly factor.
    """

    name: str
    unit: str
    edges: Float[np.ndarray, " edges"]
    density: Float[np.ndarray, " bins"]
    atoms: dict[float, float]
    log: bool
    quantiles: tuple[float, float, float]
    words: str
    aside: str

    @property
    def is_point(self) -> bool:
        """Whether all draws are one number."""
        return not self.density.size


def beliefs_data(results: Results) -> list[BeliefData]:
    """A record for each parameter the run needed, uncertain ones first."""
    prior = results.parameters
    epoch = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    records = [
        _belief(name, prior[name].attrs["unit"], prior[name].to_numpy(), epoch)
        for name in map(str, prior.data_vars)
        if not name.startswith("components.")
    ]
    return sorted(records, key=lambda record: record.is_point)


def components_data(results: Results) -> dict[str, dict[str, float]]:
    """The share of draws with each label, by component."""
    prior = results.parameters
    shares: dict[str, dict[str, float]] = {}
    for name in map(str, prior.data_vars):
        if name.startswith("components."):
            labels = prior[name].attrs["flag_meanings"].split(" ")
            counts = np.bincount(prior[name].to_numpy().ravel(), minlength=len(labels))
            values = (counts / counts.sum()).tolist()
            shares[name.removeprefix("components.")] = dict(
                zip(labels, values, strict=True)
            )
    return shares


def _belief(
    name: str, unit: str, draws: np.ndarray, epoch: datetime.date
) -> BeliefData:
    values = draws.ravel().astype(np.float64)
    low, middle, high = np.quantile(values, LEVELS, method="inverted_cdf").tolist()
    texts = [_written(value, unit, epoch) for value in (low, middle, high)]
    edges, density, log = np.zeros(0), np.zeros(0), False
    atoms = _atoms(values)
    if values.min() < values.max():
        edges, density, log = _histogram(values, atoms)
        words = f"{texts[1]} [{texts[0]} – {texts[2]}]"
    else:
        words = _written(middle, unit, epoch, digits=4)
    if unit not in ("1", "ratio", _DATE, *_MONEY):
        words = f"{words} {unit.removeprefix('doubling_')}"
    if unit.startswith("doubling_"):
        words = f"doubles in {words}"
    return BeliefData(
        name=name,
        unit=unit,
        edges=edges,
        density=density,
        atoms=atoms,
        log=log,
        quantiles=(low, middle, high),
        words=words,
        aside=_aside(unit, (low, middle, high)),
    )


def _written(value: float, unit: str, epoch: datetime.date, digits: int = 3) -> str:
    if unit == _DATE:
        return date_at(epoch, value).isoformat()
    if unit in _MONEY:
        return dollars(value) + unit.removeprefix("dollars")
    return number_words(value, digits)


def _atoms(values: np.ndarray) -> dict[float, float]:
    """Numbers with more than ``_ATOM`` of the draws each."""
    numbers, counts = np.unique(values, return_counts=True)
    shares = counts / len(values)
    often = (shares > _ATOM) & (counts > 1)
    return dict(zip(numbers[often].tolist(), shares[often].tolist(), strict=True))


def _histogram(
    values: np.ndarray, atoms: dict[float, float]
) -> tuple[np.ndarray, np.ndarray, bool]:
    """Edges and densities between the outermost 0.1 % of draws, without atoms."""
    low, high = np.quantile(values, [0.001, 0.999])
    log = bool(low > 0 and high / low > _WIDE)
    spread = values[~np.isin(values, list(atoms))]
    scaled = np.log(spread) if log else spread
    ends = np.log([low, high]) if log else np.array([low, high])
    bins = int(np.clip(len(values) ** 0.4, 16, NUM_BINS))
    counts, edges = np.histogram(scaled, bins=bins, range=tuple(ends.tolist()))
    density = counts / len(values) / np.diff(edges)
    return (np.exp(edges) if log else edges), density, log


def _aside(unit: str, quantiles: tuple[float, ...]) -> str:
    """A growth said the other way: as a doubling time, or as a factor a year."""
    if unit not in GROWTH_UNITS:
        return ""
    rates = GROWTH_UNITS[unit].to_canonical(np.array(quantiles))
    if unit.startswith("doubling"):
        factors = sorted(GROWTH_UNITS["x/yr"].from_canonical(rates).tolist())
        return f"×{_spread(factors)} a year"
    if np.any(rates <= 0):
        return ""
    times = sorted(GROWTH_UNITS["doubling_years"].from_canonical(rates).tolist())
    if times[0] < _MANY_YEARS:
        return f"doubles in {_spread([t * MONTHS_PER_YEAR for t in times])} months"
    return f"doubles in {_spread(times)} years"


def _spread(numbers: list[float]) -> str:
    low, middle, high = (number_words(number, 2) for number in numbers)
    return middle if low == high else f"{middle} [{low} – {high}]"


@print_style()
def priors_used(results: Results, columns: Columns = 2) -> Figure:
    """Draw the draws of every parameter that the run needed."""
    records, components = beliefs_data(results), components_data(results)
    panels: list[Callable[[Axes], None]] = [
        *(partial(_draw_density, record=r) for r in records if not r.is_point),
        *(partial(_draw_component, name=n, shares=s) for n, s in components.items()),
        *(partial(_draw_point, record=r) for r in records if r.is_point),
    ]
    num_wide = sum(not r.is_point for r in records) + len(components)
    across = 2 * columns
    heights = [
        _DENSITY_HEIGHT if first < num_wide else _POINT_HEIGHT
        for first in range(0, len(panels), across)
    ]
    figure = blank(columns, sum(heights))
    grid = figure.subplots(
        len(heights), across, squeeze=False, height_ratios=heights
    ).ravel()
    for axes, draw in zip(grid, panels, strict=False):
        draw(axes)
    for axes in grid[len(panels) :]:
        axes.set_axis_off()
    compose(
        figure,
        title="The beliefs this run drew from",
        key={
            "density of the draws": Patch(color=LIGHT_BLUE, lw=0),
            "5, 50 and 95 % of draws": Line2D([], [], color=DARK_BLUE, lw=1.2),
            "a point, or the share at one": Line2D([], [], color=VERMILION, lw=1.6),
        },
        footer=footer(
            results, metric_names(results), "Numbers: 50 % [5 % – 95 %] of draws."
        ),
    )
    return figure


def _label(axes: Axes, record: BeliefData) -> None:
    """The parameter's name above, its numbers below."""
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_title(record.name, fontsize=6.0, pad=2.5)
    axes.set_xlabel(
        f"{record.words}\n{record.aside}".rstrip(),
        fontsize=SMALL_SIZE,
        linespacing=1.3,
        labelpad=2,
    )


def _draw_point(axes: Axes, record: BeliefData) -> None:
    """A spike; its place has no scale, its number stands below."""
    axes.set_xlim(-1, 1)
    axes.set_ylim(0, 1)
    axes.plot([0, 0], [0, 0.9], color=VERMILION, lw=1.6)
    axes.set_xticks([])
    _label(axes, record)


def _draw_density(axes: Axes, record: BeliefData) -> None:
    """The histogram of the draws with their 5, 50 and 95 % quantiles."""
    top = float(record.density.max()) or 1.0
    axes.stairs(record.density, record.edges, fill=True, color=LIGHT_BLUE, zorder=2)
    axes.stairs(record.density, record.edges, color=MIDDLE_BLUE, lw=0.7, zorder=3)
    for value, height in zip(record.quantiles, (0.45, 0.9, 0.45), strict=True):
        axes.plot([value, value], [0, height * top], color=DARK_BLUE, lw=1.2, zorder=4)
    for value, share in record.atoms.items():
        axes.plot([value, value], [0, top], color=VERMILION, lw=1.6, zorder=5)
        axes.annotate(
            f"{share:.0%}".replace("%", " %"),
            (value, top),
            xytext=(3, 0),
            textcoords="offset points",
            va="top",
            size=SMALL_SIZE,
            color=VERMILION,
        )
    if record.log:
        axes.set_xscale("log")
    else:
        edge = 0.015 * float(record.edges[-1] - record.edges[0])
        axes.set_xlim(record.edges[0] - edge, record.edges[-1] + edge)
    axes.set_ylim(0, 1.08 * top)
    axes.minorticks_off()
    axes.set_xticks(list(record.quantiles), [""] * len(record.quantiles))
    _label(axes, record)


def _draw_component(axes: Axes, name: str, shares: dict[str, float]) -> None:
    """The weights of a component's labels as one bar."""
    axes.set_axis_off()
    axes.set_title(name, fontsize=6.0, pad=2.5)
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    shades = (DARK_BLUE, MIDDLE_BLUE, LIGHT_BLUE)
    left = 0.0
    for i, (label, share) in enumerate(shares.items()):
        shade = shades[i % len(shades)]
        axes.barh(0.8, share, left=left, height=0.25, color=shade, ec="white", lw=0.6)
        axes.text(
            0.0,
            0.5 - 0.24 * i,
            f"{label} {share:.0%}".replace("%", " %"),
            size=SMALL_SIZE,
            color=INK,
            va="center",
        )
        left += share

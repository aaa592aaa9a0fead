"""Laws as they are drawn: densities on the canonical scale, ticks in a card's unit."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from matplotlib import ticker
from matplotlib.axes import Axes

from mc.figures.style import number_words
from priors.compounds import Mixture
from priors.laws import Law, Point
from priors.units import Unit

LEVELS = (0.05, 0.5, 0.95)
NUM_BINS = 160
_TAIL = 0.002
"""Mass that is cut off either end of an axis."""
_PARTS = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0)
_SHORT, _MIDDLE, _LONG = 3.0, 8.0, 300.0
"""Ratios of ends from which ticks are of ``_PARTS``, of 1, 2, 5, and powers of ten."""


@dataclass(frozen=True, kw_only=True)
class Density:
    """One law as it is drawn.

    Attributes:
        middles: Middles of the bins, on the canonical scale.
        density: Mass of each bin over its width there, atoms left out.
        atoms: Values that have mass of their own, with it.
        quantiles: The 5, 50 and 95 % quantiles on the canonical scale.
    """

    middles: Float[np.ndarray, " bins"]
    density: Float[np.ndarray, " bins"]
    atoms: dict[float, float]
    quantiles: tuple[float, float, float]


def density(law: Law, ends: tuple[float, float]) -> Density:
    """Return a law between two canonical values, by differences of its CDF."""
    atoms = _atoms(law)
    edges = np.linspace(*ends, NUM_BINS + 1)
    below = law.cdf(edges)
    for value, mass in atoms.items():
        below = below - mass * (edges >= value)
    low, middle, high = law.quantile(np.array(LEVELS)).tolist()
    return Density(
        middles=0.5 * (edges[1:] + edges[:-1]),
        density=np.diff(below) / np.diff(edges),
        atoms=atoms,
        quantiles=(low, middle, high),
    )


def shared_ends(laws: Iterable[Law]) -> tuple[float, float]:
    """Return canonical ends that hold nearly all of every law; apart for points."""
    ends = [
        (law.quantile(np.array([_TAIL]))[0], law.upper_quantile(np.array([_TAIL]))[0])
        for law in laws
    ]
    low, high = min(e[0] for e in ends), max(e[1] for e in ends)
    room = 0.02 * (high - low) or max(0.05 * abs(low), 1e-3)
    return float(low - room), float(high + room)


def unit_axis(
    axes: Axes, unit: Unit, ends: tuple[float, float], most_ticks: int = 5
) -> None:
    """Ticks of an x axis on the canonical scale, at round numbers of a unit."""
    axes.set_xlim(*ends)
    room = (ends[1] - ends[0]) / (most_ticks + 1)
    if unit.decreasing:
        numbers = _times(unit, ends[1])
    else:
        low, high = unit.from_canonical(np.array(ends)).tolist()
        numbers = _round_numbers(unit, low, high, most_ticks)
    places = unit.to_canonical(np.array(numbers))
    inside = _apart(places, ends, room)
    ticks = np.array(numbers)
    if unit.kind == "date":
        words = [f"{tick:.0f}" for tick in ticks[inside]]
    else:
        words = [number_words(tick, 6).replace("-", "−") for tick in ticks[inside]]
    axes.xaxis.set_major_locator(ticker.FixedLocator(places[inside].tolist()))
    axes.xaxis.set_major_formatter(ticker.FixedFormatter(words))
    axes.xaxis.set_minor_locator(ticker.NullLocator())


def _times(unit: Unit, fastest: float) -> list[float]:
    """Round doubling times from that of the fastest growth up."""
    if fastest <= 0.0:
        return []
    low = float(unit.from_canonical(np.array([fastest]))[0])
    first = np.floor(np.log10(low))
    return [p * 10.0**e for e in np.arange(first, first + 5) for p in _PARTS]


def _round_numbers(unit: Unit, low: float, high: float, most: int) -> list[float]:
    if unit.form != "log" or high / low <= _SHORT:
        steps = [1, 2, 5, 10]
        more = most + 2 * (unit.form == "log")
        locator = ticker.MaxNLocator(more, steps=steps, integer=unit.kind == "date")
        return [float(tick) for tick in locator.tick_values(low, high)]
    first, last = np.floor(np.log10(low)), np.ceil(np.log10(high))
    step = 1.0 if high / low <= _LONG else max((last - first) // most, 1.0)
    parts = (1.0,) if high / low > _LONG else (1.0, 2.0, 5.0)
    parts = parts if high / low > _MIDDLE else _PARTS
    return [p * 10.0**e for e in np.arange(first, last + 1, step) for p in parts]


def _apart(
    places: Float[np.ndarray, " ticks"], ends: tuple[float, float], room: float
) -> Bool[np.ndarray, " ticks"]:
    """Which ticks lie inside an axis and far enough from the one kept before."""
    kept, last = np.zeros(places.size, bool), np.inf
    for index, place in enumerate(places):
        if ends[0] <= place <= ends[1] and abs(place - last) >= room:
            kept[index], last = True, place
    return kept


def _atoms(law: Law) -> dict[float, float]:
    if isinstance(law, Point):
        return {law.value: 1.0}
    if not isinstance(law, Mixture):
        return {}
    atoms: dict[float, float] = {}
    for weight, part in zip(law.weights, law.laws, strict=True):
        for value, mass in _atoms(part).items():
            atoms[value] = atoms.get(value, 0.0) + weight * mass
    return atoms

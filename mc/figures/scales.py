"""Value axes: linear, logarithmic, a ratio from ×1 up, and signed over many decades."""

import math
from typing import Any

import numpy as np
from jaxtyping import Float
from matplotlib import ticker
from matplotlib.axes import Axes

from mc.figures.style import FAINT, number_words, power

MANY = 1e4
"""A gap that passes its tolerance so many times needs decades on its axis."""
_STEPS = (1, 2, 3, 4, 5, 10, 20, 50, 100, 200)


def linear_axis(axes: Axes, low: float, high: float) -> None:
    """A linear y axis from ``low`` or zero to a little above ``high``, round ticks."""
    bottom, top = min(low, 0.0), max(high, 0.0)
    room = (top - bottom) or 1.0
    axes.set_ylim(bottom - (0.05 * room if bottom < 0 else 0.0), top + 0.05 * room)
    axes.yaxis.set_major_locator(ticker.MaxNLocator(6, steps=[1, 2, 5, 10]))
    axes.yaxis.set_major_formatter(plain)
    if bottom < 0:
        _base(axes, 0.0)


def log_axis(axes: Axes, low: float, high: float) -> None:
    """A logarithmic y axis over whole decades, labelled without typesetting."""
    bottom, top = math.floor(math.log10(low)), math.ceil(math.log10(high))
    axes.set_yscale("log")
    axes.set_ylim(10.0**bottom, 10.0**top)
    _decades(axes, bottom, top)


def ratio_axis(axes: Axes, low: float, high: float) -> None:
    """A logarithmic y axis of ratios, ×1 at its foot unless some lie below."""
    bottom, top = min(low, 1.0), max(high, 1.0)
    room = max(math.log10(top / bottom), 0.05)
    foot = bottom if bottom == 1.0 else bottom / 10 ** (0.05 * room)
    head = top * 10 ** (0.05 * room)
    axes.set_yscale("log")
    axes.set_ylim(foot, head)
    if math.log10(head / foot) > 2:
        _decades(axes, math.floor(math.log10(foot)), math.ceil(math.log10(head)), "×")
    else:
        ticks = [tick for tick in _round_ratios(foot, head) if foot <= tick <= head]
        axes.yaxis.set_major_locator(ticker.FixedLocator(ticks))
        axes.yaxis.set_minor_locator(ticker.NullLocator())
        axes.yaxis.set_major_formatter(lambda value, _: f"×{number_words(value)}")
    if bottom < 1:
        _base(axes, 1.0)


def signed_log_axis(axes: Axes, low: float, high: float, linear: float) -> None:
    """A y axis in decades to both sides of zero, linear within ``linear`` of it."""
    exponent = math.ceil(math.log10(linear))
    up, down = (_top(end, exponent) for end in (high, -low))
    reach = max(up, down) - exponent
    step = next(s for s in _STEPS if reach / s <= 4)
    axes.set_yscale("symlog", linthresh=10.0**exponent, linscale=max(0.15 * reach, 1))
    axes.set_ylim(-(10.0**down) if low < 0 else 0.0, 10.0**up)
    above = [10.0**e for e in range(exponent + step, up + 1, step)]
    below = [-(10.0**e) for e in range(exponent, down + 1, step)] if low < 0 else []
    axes.yaxis.set_major_locator(ticker.FixedLocator([*below, 0.0, *above]))
    axes.yaxis.set_minor_locator(ticker.NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: _signed(value))
    if low < 0:
        _base(axes, 0.0)


def plain(value: float, _: Any = None) -> str:
    """A number on an axis as it is read."""
    return number_words(float(value), 6).replace("-", "−")


def finite(*arrays: Float[np.ndarray, "..."]) -> tuple[float, float]:
    """The least and the largest finite value; zeros where there is none."""
    values = np.concatenate([array[np.isfinite(array)] for array in arrays])
    if not values.size:
        return 0.0, 0.0
    return float(values.min()), float(values.max())


def _round_ratios(foot: float, head: float) -> list[float]:
    """Ratios as people say them, closer together where the axis is short."""
    decades = range(math.floor(math.log10(foot)), math.ceil(math.log10(head)) + 1)
    for parts in ((1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7)):
        ticks = [part * 10.0**e for e in decades for part in parts]
        if sum(foot <= tick <= head for tick in ticks) >= 3:
            return ticks
    return [1 + 0.1 * n for n in range(10)]


def _decades(axes: Axes, bottom: int, top: int, sign: str = "") -> None:
    step = next(s for s in _STEPS if (top - bottom) / s <= 6)
    ticks = [10.0**e for e in range(bottom, top + 1) if e % step == 0]
    axes.yaxis.set_major_locator(ticker.FixedLocator(ticks))
    decades = [10.0**e for e in range(bottom, top + 1)]
    axes.yaxis.set_minor_locator(ticker.FixedLocator(decades))
    axes.yaxis.set_minor_formatter(ticker.NullFormatter())
    axes.yaxis.set_major_formatter(lambda value, _: sign + _decade(value))


def _decade(value: float) -> str:
    exponent = round(math.log10(value))
    if -3 <= exponent <= 3:
        return f"{value:,.{max(-exponent, 0)}f}"
    return power(exponent)


def _top(end: float, exponent: int) -> int:
    """The whole decade that holds one end of an axis, ``exponent`` at least."""
    return max(math.ceil(math.log10(end)) if end > 0 else exponent, exponent)


def _signed(value: float) -> str:
    if value == 0:
        return "0"
    return ("−" if value < 0 else "") + _decade(abs(value))


def _base(axes: Axes, level: float) -> None:
    """The line on which there is no gap."""
    axes.axhline(level, color=FAINT, lw=0.6, zorder=1)

"""A second opinion on limits: what ``dF/d ln ln C`` does on numbers, far out.

SymPy's limit is believed only if the numbers go its way. They alone decide nothing:
``ln ln C`` approaches its limit so slowly that no window proves one.
"""

import dataclasses
import itertools
import math
from collections.abc import Sequence
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from mc.model.evaluation import exact, fast
from mc.model.normality import Shape

EDGES = tuple(10.0 ** (k / 2) for k in range(2, 11))
"""Ends of the windows in ln ln C."""
NEAR_EDGES = tuple(np.linspace(3.1, 7.9, 9).tolist())
"""The same for a formula that overflows even mpmath in the windows above."""
NUM_POINTS, NUM_EXACT = 20_000, 12
FEWEST = 4
"""Windows below which the numbers have no opinion."""
SHRINKS = 0.7
"""Factor by which a distance to a limit must fall from first to last window."""
SETTLED = 1e-6
"""Relative distance that counts as none."""
STUCK = 0.01
"""Relative distance of Aitken's extrapolation at which a sequence stands still."""
RUNAWAY = 1e6
"""Growth from first to last window that needs no further look."""
MOST = float(np.finfo(float).max) / 4
"""Where numbers too large for a float are counted."""
NOISE = 1e-9
_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclasses.dataclass(frozen=True)
class Window:
    """The range of ``dF/d ln ln C`` in one window.

    Attributes:
        lowest: Its least value.
        highest: Its greatest value.
        turns: Whether it both rises and falls there.
    """

    lowest: float
    highest: float
    turns: bool


def windows(shape: Shape) -> list[Window]:
    """What ``dF/d ln ln C`` does in windows of growing ``ln ln C``, in order."""
    found = _windows(shape, EDGES)
    return found if len(found) >= FEWEST else _windows(shape, NEAR_EDGES)


def agrees(limit: sp.Expr, seen: Sequence[Window]) -> bool:
    """Whether ``dF/d ln ln C`` goes to ``limit`` (zero, positive or infinite)."""
    if len(seen) < FEWEST:
        return False
    if any(w.turns for w in seen[-2:]):
        return _envelope_agrees(limit, seen)
    middle = [(w.lowest + w.highest) / 2 for w in seen]
    runs_away = seen[-1].lowest > min(RUNAWAY * max(seen[0].highest, 1.0), MOST / 2)
    if limit == sp.oo and runs_away:
        return True
    if limit == sp.oo:
        rising = all(b > a for a, b in itertools.pairwise(middle[-4:]))
        return rising and not _stands_still(middle)
    if limit == 0:
        falling = all(b <= a for a, b in itertools.pairwise(middle[-4:]))
        return falling and not _stands_still(middle)
    return _approaches(float(limit), middle)


def bound_agrees(shape: Shape, bound: sp.Expr) -> bool:
    """Whether F stays at or under ``bound`` and comes ever nearer to it."""
    top = exact(bound, {})
    found = [top - shape.far(shape.expression, u) for u in (*NEAR_EDGES, *EDGES)]
    distances = [float(d) for d in found if not mpmath.isnan(d)]
    scale = abs(float(top)) + 1
    if len(distances) < FEWEST or min(distances) < -NOISE * scale:
        return False
    never_farther = all(
        b <= a + NOISE * scale for a, b in itertools.pairwise(distances)
    )
    near = distances[-1] <= max(SHRINKS * distances[0], NOISE * scale)
    return never_farther and near


def in_words(seen: Sequence[Window]) -> str:
    """What the numbers show."""
    if len(seen) < FEWEST:
        return "it overflows before it shows where it goes"
    last = seen[-1]
    if last.turns:
        return (
            f"it keeps rising and falling, between {last.lowest:.3g} and "
            f"{last.highest:.3g}, however far out: it is not eventually monotone"
        )
    return f"far out it stands at {last.highest:.3g}"


def _windows(shape: Shape, edges: Sequence[float]) -> list[Window]:
    found = []
    for low, high in itertools.pairwise(edges):
        places = np.sort(low + (high - low) * (_GOLDEN * np.arange(NUM_POINTS) % 1.0))
        values = fast(shape.rate, {shape.u: places})
        if not np.isfinite(values).all():
            few = [shape.far(shape.rate, float(u)) for u in places[::_STEP]]
            values = np.array([_as_float(v) for v in few])
        values = values[~np.isnan(values)]
        if len(values) >= NUM_EXACT // 2:
            found.append(_window(values))
    return found


_STEP = NUM_POINTS // NUM_EXACT


def _as_float(value: Any) -> float:
    """The value; those too large for a float become the largest."""
    if mpmath.isnan(value):
        return math.nan
    return float(max(min(value, mpmath.mpf(MOST)), -mpmath.mpf(MOST)))


def _window(values: np.ndarray) -> Window:
    steps = np.diff(values)
    clear = steps[np.abs(steps) > NOISE * np.abs(values).max()]
    turns = bool((clear > 0).any() and (clear < 0).any())
    return Window(float(values.min()), float(values.max()), turns)


def _envelope_agrees(limit: sp.Expr, seen: Sequence[Window]) -> bool:
    """The same where it oscillates: the whole range must go to the limit."""
    if limit == sp.oo:
        return seen[-1].lowest * SHRINKS > seen[0].lowest
    aim = float(limit)
    far = [max(abs(w.lowest - aim), abs(w.highest - aim)) for w in seen]
    return far[-1] <= SHRINKS * far[0] or far[-1] <= SETTLED * max(abs(aim), 1)


def _approaches(aim: float, values: Sequence[float]) -> bool:
    far = [abs(v - aim) for v in values]
    return far[-1] <= max(SHRINKS * far[0], SETTLED * aim)


def _stands_still(values: Sequence[float]) -> bool:
    """Whether the last values converge to a number other than zero (Aitken)."""
    first, second = values[-2] - values[-3], values[-1] - values[-2]
    if first == second:
        return first == 0 and values[-1] != 0
    limit = values[-1] - second / (second - first) * second
    return abs(limit - values[-1]) < STUCK * abs(values[-1])

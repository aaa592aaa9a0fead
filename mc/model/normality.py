"""Where a formula is no normal metric: it falls, has a pole, or is not real.

A fall is found by its sign on dense grids in ``x = ln C`` and in ``u = ln ln C``, and
confirmed in as many digits as it takes; the place is then found by bisection.
"""

import dataclasses
import functools
import math
from collections.abc import Callable, Iterator
from typing import Any

import mpmath
import numpy as np
import sympy as sp

from mc.model.evaluation import NotReal, Pole, exact, fast

DENSE_TO, SPARSE_TO = 300.0123, 1e12
"""Ends, in ln C, of the two float64 grids."""
FARTHEST = 1e4
"""End, in ln ln C, of the grid in many digits."""
NUM_DENSE, NUM_SPARSE, NUM_FAR = 1 << 15, 1 << 12, 40
CONFIRMED = 12
"""Suspect points looked at in many digits: as many of the worst and of all."""
HALVINGS = 50


@dataclasses.dataclass(frozen=True)
class Abnormal:
    """Why and where.

    Attributes:
        why: What is wrong, in words.
        x: The place, ln C.
    """

    why: str
    x: float


@dataclasses.dataclass(frozen=True)
class Shape:
    """A formula without parameters, and its derivatives.

    Attributes:
        expression: F.
        x: Its variable, ln C.
    """

    expression: sp.Expr
    x: sp.Symbol

    @functools.cached_property
    def slope(self) -> sp.Expr:
        """``dF/d ln C``."""
        return sp.diff(self.expression, self.x)

    @functools.cached_property
    def u(self) -> sp.Symbol:
        """``ln ln C``."""
        return sp.Symbol("u", real=True)

    @functools.cached_property
    def rate(self) -> sp.Expr:
        """``dF/d ln ln C`` in terms of ``u``."""
        return sp.diff(self.expression.xreplace({self.x: sp.exp(self.u)}), self.u)

    def at(self, expression: sp.Expr, x: float) -> Any:
        """A value at a number of ln C."""
        return exact(expression, {self.x: x})

    def far(self, expression: sp.Expr, u: float) -> Any:
        """A value at a number of ln ln C."""
        return exact(expression, {self.x: lambda: mpmath.exp(u), self.u: u})


def abnormal(shape: Shape, *, low: float) -> Abnormal | None:
    """The first fault found; None if there is none from ``low``, in ln C, on."""
    try:
        return next(_faults(shape, low), None)
    except NotReal:
        return Abnormal("it is not a real number", low)
    except Pole:
        return Abnormal("it has a pole", low)


def _faults(shape: Shape, low: float) -> Iterator[Abnormal]:
    xs = np.concatenate(
        [
            np.linspace(low, DENSE_TO, NUM_DENSE),
            np.geomspace(DENSE_TO, SPARSE_TO, NUM_SPARSE)[1:],
        ]
    )
    for node in sp.preorder_traversal(shape.expression):
        if (inner := _must_be_positive(node)) is not None:
            yield from _crossing(shape, inner, xs, "it is not a real number", side=-1)
        elif (inner := _must_not_vanish(node)) is not None:
            yield from _crossing(shape, inner, xs, "it has a pole", side=0)
    falls = "it falls as compute grows"
    yield from _crossing(shape, shape.slope, xs, falls, side=-1)
    for x in xs[: NUM_DENSE : NUM_DENSE // NUM_FAR]:
        if shape.at(shape.slope, float(x)) < 0:
            yield Abnormal(falls, float(x))
    us = np.geomspace(math.log(low), FARTHEST, NUM_SPARSE)
    with np.errstate(all="ignore"):
        suspects = us[fast(shape.rate, {shape.u: us}) < 0]
    far = np.geomspace(math.log(SPARSE_TO), FARTHEST, NUM_FAR)
    for u in (*suspects[:CONFIRMED], *far):
        if shape.far(shape.slope, float(u)) < 0:
            yield Abnormal(falls, _exp(float(u)))


def _must_be_positive(node: sp.Basic) -> Any:
    """What a logarithm, or a power that is not whole, is taken of; or None."""
    if isinstance(node, sp.log):
        return node.args[0]
    if isinstance(node, sp.Pow) and not node.exp.is_Integer:
        return None if node.base.is_positive else node.base
    return None


def _must_not_vanish(node: sp.Basic) -> Any:
    if isinstance(node, sp.Pow) and node.exp.is_Integer and node.exp.is_negative:
        return node.base
    return None


def _crossing(
    shape: Shape, inner: sp.Expr, xs: np.ndarray, why: str, *, side: int
) -> Iterator[Abnormal]:
    """Where ``inner`` is negative (side −1) or changes its sign (side 0)."""
    if not inner.has(shape.x):
        return
    values = fast(inner, {shape.x: xs})
    if side < 0:
        suspect = np.flatnonzero(~(values >= 0) & ~np.isposinf(values))
    else:
        signs = np.sign(values)
        suspect = np.flatnonzero(~(signs[1:] * signs[:-1] > 0)) + 1
    for i in _chosen(suspect, values):
        here = shape.at(inner, float(xs[i]))
        before = shape.at(inner, float(xs[i - 1])) if i else here
        if here < 0 and side < 0:
            yield Abnormal(why, _border(shape, inner, xs, i))
        if side == 0 and here * before < 0:
            yield Abnormal(why, _root(shape, inner, float(xs[i - 1]), float(xs[i])))


def _chosen(suspect: np.ndarray, values: np.ndarray) -> list[int]:
    """Some of the suspects, in order: the first, the worst, and some between."""
    if len(suspect) == 0:
        return []
    worst = suspect[np.argsort(values[suspect], kind="stable")[:CONFIRMED]]
    spread = suspect[np.linspace(0, len(suspect) - 1, CONFIRMED).astype(int)]
    return sorted({int(i) for i in (*worst, *spread)})


def _border(shape: Shape, inner: sp.Expr, xs: np.ndarray, i: int) -> float:
    """The end, on either side, of the stretch on which ``inner`` is negative."""
    values = fast(inner, {shape.x: xs})
    fine = np.flatnonzero(values > 0)
    near = fine[np.argsort(np.abs(fine - i), kind="stable")[:1]]
    if len(near) == 0 or shape.at(inner, float(xs[near[0]])) <= 0:
        return float(xs[i])
    step = -1 if near[0] < i else 1
    return _root(shape, inner, float(xs[near[0] - step]), float(xs[near[0]]))


def _root(shape: Shape, inner: sp.Expr, left: float, right: float) -> float:
    """Where ``inner`` changes its sign between two numbers of ln C."""
    is_positive: Callable[[float], bool] = lambda x: bool(shape.at(inner, x) > 0)  # noqa: E731
    at_left = is_positive(left)
    for _ in range(HALVINGS):
        middle = (left + right) / 2
        if is_positive(middle) == at_left:
            left = middle
        else:
            right = middle
    return right


def _exp(u: float) -> float:
    return math.exp(u) if u < math.log(1e300) else math.inf

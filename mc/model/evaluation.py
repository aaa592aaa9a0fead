"""A formula and its derivative on numbers: in many digits, or fast and in float64."""

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import numpy as np
import sympy as sp

DIGITS = 60
MOST_DIGITS = 480
SAME = 1e-12
"""Relative difference at which a value no longer depends on the digits carried."""
LARGEST = 512
"""Bits in the size of an exponent; the exponential of a larger one has no value."""

Numbers = Mapping[sp.Symbol, Any]


class NotReal(ArithmeticError):
    """The formula has no real value there."""


class Pole(ArithmeticError):
    """The formula grows beyond every bound there."""


class TooLarge(ArithmeticError):
    """A number on the way is too large to hold."""


def exact(expression: sp.Expr, at: Numbers, *, digits: int = DIGITS) -> Any:
    """A value in which every digit of float64 is right; NaN where that is too costly.

    Digits are doubled until the value no longer moves, so that a difference of large
    numbers is the difference, not its rounding.

    Raises:
        NotReal: Where a logarithm or a root has a negative argument.
        Pole: Where a divisor is zero.
    """
    try:
        before = Exact(digits).value(expression, at)
        while digits < MOST_DIGITS:
            digits *= 2
            now = Exact(digits).value(expression, at)
            if abs(now - before) <= SAME * abs(now):
                return now
            before = now
    except TooLarge:
        pass
    return mpmath.nan


def fast(expression: sp.Expr, at: Numbers) -> np.ndarray:
    """Values in float64; NaN or infinity where that overflows or is not real."""
    with np.errstate(all="ignore"):
        found = Fast().value(expression, at)
    shape = np.broadcast_shapes(*(np.shape(v) for v in at.values()))
    return np.broadcast_to(np.asarray(found, float), shape)


class Exact:
    """Arithmetic of mpmath at some digits, refusing what is not real."""

    def __init__(self, digits: int) -> None:
        self._digits = digits
        self._known: dict[sp.Basic, Any] = {}

    def value(self, expression: sp.Basic, at: Numbers) -> Any:
        """The value; an entry of ``at`` may be a function, called at these digits."""
        with mpmath.workdps(self._digits):
            return self._of(expression, at)

    def _of(self, node: sp.Basic, at: Numbers) -> Any:
        if node not in self._known:
            self._known[node] = self._new(node, at)
        return self._known[node]

    def _new(self, node: sp.Basic, at: Numbers) -> Any:
        if isinstance(node, sp.Symbol):
            given = at[node]
            return given() if callable(given) else mpmath.mpf(given)
        if isinstance(node, sp.Rational):
            return mpmath.mpf(int(node.p)) / int(node.q)
        if isinstance(node, sp.NumberSymbol):
            return mpmath.mpf(node.evalf(self._digits))
        inner = [self._of(arg, at) for arg in node.args]
        if any(mpmath.isnan(v) for v in inner):
            return mpmath.nan
        if isinstance(node, sp.Pow):
            return _power(*inner, constant=node.exp.is_number)
        return _EXACT[type(node)](*inner)


def _exp(z: Any) -> Any:
    return mpmath.exp(_small(z))


def _small(z: Any) -> Any:
    if mpmath.mag(z) > LARGEST:
        raise TooLarge
    return z


def _log(z: Any) -> Any:
    if z < 0:
        raise NotReal
    if z == 0:
        raise Pole
    return mpmath.nan if z == 1 else mpmath.log(z)


def _power(base: Any, exponent: Any, *, constant: bool) -> Any:
    if base == 0 and exponent < 0:
        raise Pole
    if base < 0 and not (constant and mpmath.isint(exponent)):
        raise NotReal
    if constant or base == 0:
        return mpmath.power(base, exponent)
    return _exp(exponent * mpmath.log(base))


def _sum(*terms: Any) -> Any:
    """A sum; NaN where its terms cancel to the last digit, which is no zero."""
    total = mpmath.fsum(terms)
    lost = abs(total) <= 16 * mpmath.eps * max(abs(term) for term in terms)
    return mpmath.nan if lost else total


_EXACT: dict[type, Callable[..., Any]] = {
    sp.Add: _sum,
    sp.Mul: lambda *factors: mpmath.fprod(factors),
    sp.exp: _exp,
    sp.log: _log,
    sp.tanh: mpmath.tanh,
    sp.erf: mpmath.erf,
    sp.atan: mpmath.atan,
    sp.sin: lambda z: mpmath.sin(_small(z)),
    sp.cos: lambda z: mpmath.cos(_small(z)),
}


class Fast:
    """Arithmetic of NumPy in float64."""

    def __init__(self) -> None:
        self._known: dict[sp.Basic, Any] = {}

    def value(self, node: sp.Basic, at: Numbers) -> Any:
        """The value, each shared part computed once."""
        if node not in self._known:
            self._known[node] = self._new(node, at)
        return self._known[node]

    def _new(self, node: sp.Basic, at: Numbers) -> Any:
        if isinstance(node, sp.Symbol):
            return np.asarray(at[node], float)
        if isinstance(node, sp.Rational | sp.NumberSymbol):
            return np.float64(float(sp.Float(node, 20)))
        inner = [self.value(arg, at) for arg in node.args]
        return _FAST[type(node)](*inner)


def _erf(z: Any) -> Any:
    from scipy.special import erf

    return erf(z)


def _folded(step: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def fold(first: Any, *rest: Any) -> Any:
        for term in rest:
            first = step(first, term)
        return first

    return fold


_FAST: dict[type, Callable[..., Any]] = {
    sp.Add: _folded(np.add),
    sp.Mul: _folded(np.multiply),
    sp.Pow: np.power,
    sp.exp: np.exp,
    sp.log: np.log,
    sp.tanh: np.tanh,
    sp.erf: _erf,
    sp.atan: np.arctan,
    sp.sin: np.sin,
    sp.cos: np.cos,
}

"""SymPy expressions on arrays, in sign and logarithm: nothing overflows.

Beside its logarithm each number carries its plain value, which is used while it lies
within the range of floats: there it is the more exact of the two.
"""

import dataclasses
import functools
import math
from collections.abc import Callable, Mapping

import jax
import jax.numpy as jnp
import sympy as sp

from mc.model.axes import Flags, Values
from mc.model.signed import Signed


def lower(
    expression: sp.Expr, names: tuple[str, ...]
) -> Callable[[Mapping[str, Values | Signed]], Signed]:
    """A function of arrays by name, for any shapes that broadcast.

    Args:
        expression: Of sums, products, powers, exp, log, tanh, erf, atan, sin, cos.
        names: The symbols that are handed over.

    Raises:
        ValueError: If the expression has other symbols.
    """
    other = {str(s) for s in expression.free_symbols} - set(names)
    if other:
        raise ValueError(f"no values for {', '.join(sorted(other))}")

    def evaluate(inputs: Mapping[str, Values | Signed]) -> Signed:
        given = {name: _given(inputs[name]) for name in names}
        plain = [number.log for number in given.values()]
        dtype = jnp.result_type(*plain) if plain else jnp.result_type(float)
        result = _Walk(given, dtype).of(expression)
        size = jnp.where(result.is_plain(), jnp.log(jnp.abs(result.value)), result.log)
        shape = jnp.broadcast_shapes(*map(jnp.shape, plain))
        sign, log = (jnp.broadcast_to(part, shape) for part in (result.sign, size))
        return Signed(sign, log)

    return evaluate


def slope(expression: sp.Expr, variable: sp.Symbol) -> sp.Expr:
    """The derivative, over one divisor, so that terms which cancel are gone."""
    found = sp.diff(expression, variable)
    top, divisor = sp.fraction(sp.together(found))
    short = sp.expand_mul(top) / divisor
    return short if short.count_ops() <= found.count_ops() else found


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Number:
    """A number with its plain value, which may have left the range of floats."""

    value: Values
    sign: Values
    log: Values

    def is_plain(self) -> Flags:
        """Whether ``value`` is exact: neither over- nor underflown."""
        size = jnp.abs(self.value)
        normal = (size >= jnp.finfo(size.dtype).tiny) | (self.sign == 0)
        return jnp.isfinite(self.value) & normal


class _Walk:
    """Evaluates each distinct part of an expression once."""

    def __init__(self, inputs: Mapping[str, _Number], dtype: jnp.dtype) -> None:
        self._inputs, self._dtype = inputs, dtype
        self._known: dict[sp.Basic, _Number] = {}

    def of(self, node: sp.Basic) -> _Number:
        if node not in self._known:
            self._known[node] = self._new(node)
        return self._known[node]

    def _new(self, node: sp.Basic) -> _Number:
        if isinstance(node, sp.Symbol):
            return self._inputs[node.name]
        if isinstance(node, sp.Expr) and node.is_number:
            return self._constant(node)
        if isinstance(node, sp.Add):
            if (found := _missing(node)) is not None:
                scale, inner = found
                missing = _sech if isinstance(inner, sp.tanh) else _one_minus_exp
                return _product(self.of(scale), missing(self.of(inner.args[0])))
            return functools.reduce(_sum, map(self.of, node.args))
        if isinstance(node, sp.log):
            whole = self.of(node.args[0])
            is_shifted = node.args[0].as_coeff_Add()[0] == 1
            return (
                _log1p(self.of(node.args[0] - 1), whole) if is_shifted else _log(whole)
            )
        if isinstance(node, sp.Mul):
            return functools.reduce(_product, map(self.of, node.args))
        if isinstance(node, sp.Pow):
            if node.exp.is_number:
                return _power(self.of(node.base), node.exp)
            return _varying_power(self.of(node.base), self.of(node.exp))
        return _FUNCTIONS[type(node)](self.of(node.args[0]))

    def _constant(self, node: sp.Expr) -> _Number:
        digits = node.evalf(30)
        log = -math.inf if digits == 0 else float(sp.log(abs(digits)).evalf(30))
        sign = float(sp.sign(digits))
        fits = log < math.log(float(jnp.finfo(self._dtype).max))
        return _Number(
            value=jnp.asarray(float(digits) if fits else sign * math.inf, self._dtype),
            sign=jnp.asarray(sign, self._dtype),
            log=jnp.asarray(log, self._dtype),
        )


def _given(number: Values | Signed) -> _Number:
    """A number as it is handed over."""
    if isinstance(number, Signed):
        return _Number(value=number.value(), sign=number.sign, log=number.log)
    return _plain(jnp.asarray(number))


def _plain(value: Values) -> _Number:
    return _Number(value=value, sign=jnp.sign(value), log=jnp.log(jnp.abs(value)))


def _kept(value: Values, was_plain: Flags, sign: Values, log: Values) -> _Number:
    """A result by both ways: the plain value where it is exact."""
    log = jnp.where(sign == 0, -jnp.inf, log)
    direct = _Number(value=value, sign=sign, log=log)
    scaled = jnp.where(sign == 0, 0.0, sign * jnp.exp(log))
    best = jnp.where(was_plain & direct.is_plain(), value, scaled)
    return _Number(value=best, sign=sign, log=log)


def _sum(a: _Number, b: _Number) -> _Number:
    """``big·(1 + small/big)``: ``log1p`` unless the two nearly cancel.

    Of two that cancel near 1, the logarithms keep digits that the values have lost.
    """
    near_one = jnp.maximum(jnp.abs(a.log), jnp.abs(b.log)) < 0.5
    plain = a.is_plain() & b.is_plain()
    swap = b.log > a.log
    big, small = (jnp.where(swap, x.log, y.log) for x, y in ((b, a), (a, b)))
    big_sign, small_sign = (
        jnp.where(swap, x.sign, y.sign) for x, y in ((b, a), (a, b))
    )
    apart = jnp.where(jnp.isneginf(small), -jnp.inf, small - big)
    ratio = big_sign * small_sign * jnp.exp(apart)
    near = ratio > -0.5
    plain = plain & (near | ~near_one)
    total = a.value + b.value
    cancelled = jnp.where(
        plain, jnp.log(jnp.abs(total)), big + jnp.log(-jnp.expm1(apart))
    )
    kept = big + jnp.log1p(jnp.where(near, ratio, 0.0))
    left = jnp.where(plain, jnp.sign(total), jnp.where(apart == 0, 0.0, big_sign))
    sign = jnp.where(near, big_sign, left)
    return _kept(total, plain, sign, jnp.where(near, kept, cancelled))


def _product(a: _Number, b: _Number) -> _Number:
    plain = a.is_plain() & b.is_plain()
    return _kept(a.value * b.value, plain, a.sign * b.sign, a.log + b.log)


def _power(base: _Number, exponent: sp.Expr) -> _Number:
    """A constant power; NaN at a pole, and where a root has a negative argument."""
    power = float(exponent)
    if exponent.is_Integer:
        odd = int(exponent) % 2 == 1
        sign = base.sign if odd else jnp.abs(base.sign)
        value = base.value ** int(exponent)
    else:
        sign = jnp.where(base.sign < 0, jnp.nan, base.sign)
        value = jnp.sqrt(base.value) if power == 0.5 else base.value**power
    if power < 0:
        sign = jnp.where(base.sign == 0, jnp.nan, sign)
    return _kept(value, base.is_plain(), sign, power * base.log)


def _varying_power(base: _Number, exponent: _Number) -> _Number:
    """A power of a positive base; zero to a positive power is zero."""
    at_zero = jnp.where(exponent.sign > 0, 0.0, jnp.nan)
    sign = jnp.where(base.sign > 0, 1.0, jnp.where(base.sign == 0, at_zero, jnp.nan))
    plain = base.is_plain() & exponent.is_plain()
    value = base.value**exponent.value
    return _kept(value, plain, sign.astype(value.dtype), exponent.value * base.log)


def _exp(z: _Number) -> _Number:
    return _Number(value=jnp.exp(z.value), sign=jnp.ones_like(z.value), log=z.value)


def _log(z: _Number) -> _Number:
    return _plain(jnp.where(z.sign < 0, jnp.nan, z.log))


def _log1p(rest: _Number, whole: _Number) -> _Number:
    """``ln(1 + rest)``: ``rest`` itself where it is lost beside 1."""
    lost = rest.log < jnp.log(jnp.finfo(rest.log.dtype).eps) - 1
    direct = _log(whole)
    return _Number(
        value=jnp.where(lost, rest.sign * jnp.exp(rest.log), direct.value),
        sign=jnp.where(lost, rest.sign, direct.sign),
        log=jnp.where(lost, rest.log, direct.log),
    )


def _missing(node: sp.Add) -> tuple[sp.Expr, sp.Expr] | None:
    """``c`` and the function of ``c − c·exp(z)`` or ``c − c·tanh(z)²``.

    Both cancel where the function is near 1.
    """
    if len(node.args) != 2:
        return None
    for first, second in (node.args, node.args[::-1]):
        factor, rest = second.as_coeff_Mul()
        if first != -factor:
            continue
        if isinstance(rest, sp.exp):
            return first, rest
        if isinstance(rest, sp.Pow) and isinstance(rest.base, sp.tanh):
            return (first, rest.base) if rest.exp == 2 else None
    return None


def _one_minus_exp(z: _Number) -> _Number:
    """``1 − e^z``, which is −z where z is tiny."""
    value = -jnp.expm1(z.value)
    above = z.value + jnp.log1p(-jnp.exp(-jnp.maximum(z.value, 1.0)))
    below = jnp.log1p(-jnp.exp(jnp.minimum(z.value, -0.5)))
    log = jnp.where(z.value < -0.5, below, jnp.log(jnp.abs(value)))
    log = jnp.where(z.value > 1, above, log)
    tiny = z.log < jnp.log(jnp.finfo(z.log.dtype).eps) - 1
    log = jnp.where(tiny, z.log, log)
    return _Number(value=value, sign=-z.sign, log=log)


def _sech(z: _Number) -> _Number:
    """``1 − tanh(z)²``."""
    size = jnp.abs(z.value)
    log = 2 * (math.log(2) - size - jnp.log1p(jnp.exp(-2 * size)))
    return _Number(value=jnp.exp(log), sign=jnp.ones_like(log), log=log)


def _of_value(function: Callable[[Values], Values]) -> Callable[[_Number], _Number]:
    return lambda z: _plain(function(z.value))


_FUNCTIONS: dict[type, Callable[[_Number], _Number]] = {
    sp.exp: _exp,
    sp.tanh: _of_value(jnp.tanh),
    sp.erf: _of_value(jax.scipy.special.erf),
    sp.atan: _of_value(jnp.arctan),
    sp.sin: _of_value(jnp.sin),
    sp.cos: _of_value(jnp.cos),
}

"""Expressions on arrays against mpmath, over the whole range of compute."""

from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
import sympy as sp
from tiers import tiered

from mc.model.evaluation import exact
from mc.model.formula import parse
from mc.model.lowering import lower, slope

FORMULAS = [
    "x",
    "log(x)",
    "log(log(x))",
    "sqrt(x)",
    "x**0.01",
    "C**0.1",
    "C**-0.155",
    "3*C**2",
    "-log(2 + 1070*C**-0.155)",
    "-log10(1 - exp(-100*C**-0.155))",
    "exp(-1000*C**-0.155)",
    "0.25 + 0.55/(1 + exp(-0.3*(x - 58)))",
    "sigmoid(0.3*x - 20)",
    "C/(1 + C)",
    "log(1 + C)",
    "log1p(exp(-x))",
    "tanh(0.05*(x - 60))",
    "2.5*tanh(x/7)",
    "erf(x/50)",
    "atan(x/30)",
    "x + sin(x)/2",
    "cos(1/x)",
    "2**x",
    "1 - exp(-exp(-40)*C)",
    "exp(10*log(1 - exp(-0.1*x)))",
    "x**(1/x)",
]


def points(dtype: np.dtype, num: int) -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.exp(rng.uniform(0.0, np.log(1e6), num)).astype(dtype)


def conditioning(expression: sp.Expr, x: sp.Symbol, at: float) -> float:
    """The largest exponent on the way, and the digits that sums cancel."""
    worst = 0.0
    nodes: list[Any] = list(sp.preorder_traversal(expression))
    for node in nodes:
        if isinstance(node, sp.exp | sp.sin | sp.cos | sp.tanh | sp.Pow):
            inner = node.args[-1] if isinstance(node, sp.Pow) else node.args[0]
            parts: list[Any] = list(sp.Add.make_args(inner))  # pyright: ignore
            terms = [abs(exact(t, {x: at})) for t in parts]
            worst = max(worst, *map(float, terms))
        if isinstance(node, sp.Add) and len(node.args) > 1:
            terms = [abs(exact(t, {x: at})) for t in node.args]
            total = abs(exact(node, {x: at}))
            worst = max(worst, float(max(terms) / total))
    return worst


@pytest.mark.parametrize("text", tiered(FORMULAS, quick=FORMULAS[::3]))
@pytest.mark.parametrize("order", [0, 1])
def test_values_and_slopes_agree_with_forty_digits(text: str, order: int, *, x64: bool):
    formula = parse(text)
    expression = formula.expression
    if order:
        expression = slope(expression, formula.variable)
    xs = points(np.dtype(np.float64 if x64 else np.float32), 60)
    found = jax.jit(lower(expression, ("x",)))({"x": jnp.asarray(xs)})
    eps = float(jnp.finfo(found.log.dtype).eps)
    compared = 0
    for x, sign, log in zip(xs, found.sign, found.log, strict=True):
        value = exact(expression, {formula.variable: float(x)})
        if mpmath.isnan(value) or value == 0:
            continue
        wanted = mpmath.log(abs(value))
        if abs(wanted) > float(jnp.finfo(found.log.dtype).max):
            continue
        bound = conditioning(expression, formula.variable, float(x))
        assert float(sign) == mpmath.sign(value)
        assert abs(float(log) - wanted) <= 16 * eps * (2 + bound + abs(wanted))
        compared += 1
    assert compared > 15


def test_a_logistic_slope_is_finite_in_both_far_tails(*, x64: bool):
    formula = parse("1/(1 + exp(-0.5*(x - 60)))")
    rise = lower(slope(formula.expression, formula.variable), ("x",))
    found = rise({"x": jnp.asarray([-1e6, 1e6])})
    wanted = np.array([-500030.0, -499970.0]) - np.log(2)
    eps = float(jnp.finfo(found.log.dtype).eps)
    np.testing.assert_allclose(found.log, wanted, rtol=4 * eps)
    assert found.log.dtype == (jnp.float64 if x64 else jnp.float32)


def test_terms_that_cancel_are_exactly_zero():
    x, y = sp.symbols("x y", real=True)
    find = lower(sp.exp(x) - sp.exp(y), ("x", "y"))
    found = find({"x": jnp.asarray([3.0, 3000.0]), "y": jnp.asarray([3.0, 3000.0])})
    np.testing.assert_array_equal(found.sign, 0.0)
    np.testing.assert_array_equal(found.log, -np.inf)
    np.testing.assert_array_equal(found.value(), 0.0)


def test_zero_and_infinity_have_their_logarithms():
    x = sp.Symbol("x", real=True)
    zero = {"x": jnp.asarray(0.0)}
    assert float(lower(x, ("x",))(zero).log) == -np.inf
    assert float(lower(sp.log(x), ("x",))(zero).value()) == -np.inf
    assert float(lower(sp.exp(sp.exp(x)), ("x",))({"x": jnp.asarray(6.0)}).log) > 400


def test_no_real_value_is_nan():
    x, p = sp.symbols("x p", real=True)
    below = {"x": jnp.asarray(-2.0), "p": jnp.asarray(0.5)}
    for expression in (sp.log(x), sp.sqrt(x), x**p, sp.Pow(x + 2, -1)):
        assert np.isnan(float(lower(expression, ("x", "p"))(below).value()))
    cube = lower(x**3, ("x",))(below).value()
    np.testing.assert_allclose(cube, -8.0, rtol=8 * float(jnp.finfo(cube.dtype).eps))


def test_shapes_broadcast_and_names_are_checked():
    formula = parse("k*log(x) + m")
    values = {
        "x": jnp.ones((3, 1)) * 2.0,
        "k": jnp.ones(4),
        "m": jnp.zeros(4),
    }
    found = lower(formula.expression, ("x", "k", "m"))(values).value()
    assert found.shape == (3, 4)
    with pytest.raises(ValueError, match="no values for m"):
        lower(formula.expression, ("x", "k"))


def test_a_part_that_occurs_twice_is_computed_once():
    formula = parse("exp(x)*sin(exp(x)) + exp(x)")
    find = lower(formula.expression, ("x",))
    text = str(jax.make_jaxpr(find)({"x": jnp.ones(2)}))
    alone = lower(sp.exp(formula.variable), ("x",))
    once = str(jax.make_jaxpr(alone)({"x": jnp.ones(2)})).count(" exp ")
    assert text.count(" sin ") == 1
    assert once >= 1

"""What a formula may hold, and that nothing typed is ever executed."""

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from mc.model.formula import FUNCTIONS, BadFormula, Formula, parse, variable_symbol

X = variable_symbol("x")

HOSTILE = [
    "__import__('os')",
    "().__class__",
    "x.__class__",
    "[].append",
    '"a"*9999',
    "f(x)",
    "lambda: x",
    "(y:=x)",
    "9**9**9",
    "(2**1000)**1000",
    "x**1000",
    "exp(exp(exp(1000)))",
    "(" * 100_000 + ")" * 100_000,
    "(" * 220 + "x" + ")" * 220,
    "-" * 400 + "x",
    "\uff58 + 1",
    "x\u202e+1",
    "x\0+1",
    "x\n+1",
    "x if x else x",
    "x, x",
    "log(*x)",
    "log(z=x)",
    "1j*x",
    "0x10",
    "x // 2",
    "x[0]",
    "{x}",
    "f'{x}'",
    "1e400",
    "1" * 60,
    "x for x in x",
    "await x",
    "",
    "   ",
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused(text: str):
    with pytest.raises(BadFormula) as refused:
        parse(text)
    assert 1 <= refused.value.position <= len(text) + 2
    assert len(str(refused.value)) < 250
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(
    ("text", "position", "word"),
    [
        ("x^2", 2, r"write \*\*"),
        ("2x", 2, "operator is missing"),
        ("(x)(3)", 4, "operator is missing"),
        ("2 + abs(x)", 5, "differentiable"),
        ("max(x, 1)", 1, "differentiable"),
        ("sqrt(x**2)", 1, "root of a square"),
        ("1 + foo(x)", 5, "unknown function foo"),
        ("log(x, 2)", 1, "one argument"),
        ("log", 1, "is a function"),
        ("1/0", 1, "not a real number"),
        ("x*log(0)", 3, "not a real number"),
        ("sqrt(-1)", 1, "not a real number"),
        ("x = 3", 3, "no ="),
    ],
)
def test_a_refusal_names_the_place_and_the_remedy(text, position, word):
    with pytest.raises(BadFormula, match=word) as refused:
        parse(text)
    assert refused.value.position == position


def test_every_function_is_what_its_name_says():
    wanted = {
        "log10": sp.log(X) / sp.log(10),
        "log1p": sp.log(1 + X),
        "expm1": sp.exp(X) - 1,
        "sigmoid": 1 / (1 + sp.exp(-X)),
        "ln": sp.log(X),
    }
    for name in FUNCTIONS:
        found = parse(f"{name}(x)").expression
        assert found == wanted.get(name, found)
        assert abs(float(found.subs(X, 0.7)) - _plain(name, 0.7)) < 1e-12


def _plain(name: str, z: float) -> float:
    import math

    logistic = 1 / (1 + math.exp(-z))
    own = {"ln": math.log(z), "sigmoid": logistic, "logistic": logistic}
    return own[name] if name in own else getattr(math, name)(z)


def test_compute_is_the_exponential_of_x():
    assert parse("log(C)").expression == X
    assert parse("log(log(C))").expression == sp.log(X)
    assert parse("C**2/C").expression == sp.exp(X)
    assert parse("log(log(C))").echo == "log(x), x = ln C"


def test_numbers_are_exact_and_echoed_as_typed():
    formula = parse("0.1*x + 1e25 + 1_000*m")
    assert formula.expression.coeff(X) == sp.Rational(1, 10)
    assert formula.echo == "1000*m + 0.1*x + 1e+25, x = ln C"


def test_other_names_are_parameters():
    formula = parse("-(E + A*C**-g)")
    assert formula.parameters == ("A", "E", "g")
    assert all(s.is_positive is None for s in formula.expression.free_symbols - {X})
    known = formula.assuming(positive={"A"}).expression.free_symbols
    assert {str(s) for s in known if s.is_positive} == {"A"}
    assert parse("e*pi").parameters == ("e",)


def test_a_utility_knows_neither_compute_nor_its_logarithm():
    assert parse("y**2 + k", variable="y").parameters == ("k",)
    for text in ("x + y", "C*y"):
        with pytest.raises(BadFormula, match="function of y"):
            parse(text, variable="y")


ATOMS = st.sampled_from(["x", "C", "k", "0.5", "3", "1e3", "pi"])


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, st.sampled_from("+-*/"), inner)
    calls = st.tuples(st.sampled_from(sorted(FUNCTIONS)), inner)
    return st.one_of(
        pairs.map(lambda p: f"({p[0]}){p[1]}({p[2]})"),
        calls.map(lambda c: f"{c[0]}({c[1]})"),
        inner.map(lambda base: f"({base})**2"),
    )


ARITHMETIC = st.recursive(ATOMS, _larger, max_leaves=8)
NOISE = st.text("x(C)*+-/.^eE19 ,_=", max_size=40)


@given(st.one_of(ARITHMETIC, NOISE, st.text(max_size=60)))
@settings(max_examples=300, deadline=None)
def test_any_text_is_a_formula_or_refused(text: str):
    try:
        formula = parse(text)
    except BadFormula:
        return
    assert isinstance(formula, Formula)
    assert formula.expression.free_symbols <= {X} | {
        sp.Symbol(name, real=True) for name in formula.parameters
    }

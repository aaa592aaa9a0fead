"""Formulas that people type, read node by node into SymPy; nothing typed is executed.

A metric is written in ``x = ln C`` (or in ``C``), a utility in ``y``; every other
name is a parameter.
"""

import ast
import dataclasses
import functools
from collections.abc import Callable, Collection

import sympy as sp
from sympy.printing.str import StrPrinter

from mc.model import tokens
from mc.model.evaluation import exact
from mc.model.tokens import BadFormula

__all__ = ["BadFormula", "Formula", "parse", "shown", "symbol", "variable_symbol"]

MAX_DEPTH = 64
MAX_POWER = 100
MAX_DIGITS = 15
MAX_LOG = 690
MAX_BITS = 1024
"""Largest size of a number's power: beyond it lie the numbers a float can hold."""

COMPUTE = "C"
CONSTANTS = {"pi": sp.pi}
FUNCTIONS: dict[str, Callable[..., sp.Expr]] = {
    "log": sp.log,
    "ln": sp.log,
    "log10": lambda z: sp.log(z) / sp.log(10),
    "log2": lambda z: sp.log(z) / sp.log(2),
    "log1p": lambda z: sp.log(1 + z),
    "expm1": lambda z: sp.exp(z) - 1,
    "exp": sp.exp,
    "sqrt": sp.sqrt,
    "tanh": sp.tanh,
    "erf": sp.erf,
    "atan": sp.atan,
    "sin": sp.sin,
    "cos": sp.cos,
    "sigmoid": lambda z: 1 / (1 + sp.exp(-z)),
    "logistic": lambda z: 1 / (1 + sp.exp(-z)),
}
NOT_SMOOTH = ("abs", "min", "max", "floor", "ceil", "round", "sign")
BUILT_OF = (sp.Add, sp.Mul, sp.Pow, sp.exp, sp.log, sp.tanh, sp.erf, sp.atan, sp.sin)
BUILT_OF += (sp.cos, sp.Symbol, sp.Rational, sp.NumberSymbol)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Formula:
    """A differentiable function of one variable and some parameters.

    Attributes:
        text: As it was typed.
        expression: In SymPy; every number is exact.
        variable: ``x``, the natural logarithm of effective compute, or ``y``.
        parameters: Names of the parameters, sorted.
        echo: How it was understood, on one line.
    """

    text: str
    expression: sp.Expr
    variable: sp.Symbol
    parameters: tuple[str, ...]
    echo: str

    def assuming(self, positive: Collection[str]) -> "Formula":
        """The formula with the parameters named taken as positive, others as real."""
        new = {
            old: symbol(old.name, positive=True if old.name in positive else None)
            for old in self.expression.free_symbols
            if isinstance(old, sp.Symbol) and old != self.variable
        }
        return dataclasses.replace(self, expression=self.expression.xreplace(new))


def symbol(name: str, *, positive: bool | None = None) -> sp.Symbol:
    """A real parameter; positive, negative or, with None, of either sign."""
    if positive is None:
        return sp.Symbol(name, real=True)
    return sp.Symbol(name, positive=positive, negative=not positive)


def variable_symbol(name: str) -> sp.Symbol:
    """The variable of a formula: real, of either sign."""
    return sp.Symbol(name, real=True)


def parse(text: str, *, variable: str = "x") -> Formula:
    """Read a formula in ``x`` (or ``C``), or in ``y``.

    Raises:
        BadFormula: If it is not arithmetic of known functions, is too large, has no
            real value anywhere, or is not differentiable.
    """
    tokens.check(text)
    reader = _Reader(text, variable)
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        place = tokens.margin(text) + (getattr(error, "offset", None) or 1)
        raise BadFormula(text, place, "this is no arithmetic") from None
    try:
        expression = reader.expression(tree.body, 1)
    except (ArithmeticError, RecursionError, TypeError, ValueError) as error:
        if isinstance(error, BadFormula):
            raise
        raise BadFormula(text, 1, "this has no value") from None
    found = {s.name for s in expression.free_symbols if isinstance(s, sp.Symbol)}
    return Formula(
        text=text,
        expression=expression,
        variable=reader.variable,
        parameters=tuple(sorted(found - {variable})),
        echo=_echo(expression, variable),
    )


class _Reader:
    """Builds an expression from the nodes of Python's own syntax tree."""

    def __init__(self, text: str, variable: str) -> None:
        self._text, self._margin = text, tokens.margin(text)
        self.variable = variable_symbol(variable)

    def expression(self, node: ast.AST, depth: int) -> sp.Expr:
        """What a node means.

        Raises:
            BadFormula: If it is not on the list of what a formula may hold.
        """
        if depth > MAX_DEPTH:
            raise self._bad(node, f"nested deeper than {MAX_DEPTH} levels")
        match node:
            case ast.Constant():
                value = self._number(node)
            case ast.Name(id=name):
                value = self._named(node, name)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                value = -self.expression(inner, depth + 1)
            case ast.UnaryOp(op=ast.UAdd(), operand=inner):
                value = self.expression(inner, depth + 1)
            case ast.BinOp(left=left, op=op, right=right):
                ends = (self.expression(e, depth + 1) for e in (left, right))
                value = self._combined(node, op, *ends)
            case ast.Call(func=ast.Name(id=name), args=[inner], keywords=[]):
                self._check_function(node, name)
                value = FUNCTIONS[name](self.expression(inner, depth + 1))
            case ast.Call(func=ast.Name(id=name)):
                self._check_function(node, name)
                raise self._bad(node, f"{name} takes one argument")
            case _:
                raise self._bad(node, "only + - * / **, numbers, names and functions")
        return self._checked(node, value)

    def _combined(
        self, node: ast.AST, op: ast.operator, left: sp.Expr, right: sp.Expr
    ) -> sp.Expr:
        match op:
            case ast.Add():
                return left + right
            case ast.Sub():
                return left - right
            case ast.Mult():
                return left * right
            case ast.Div():
                return left / right
            case ast.Pow():
                self._check_power(node, left, right)
                return left**right
        raise self._bad(node, "only + - * / and **")

    def _check_power(self, node: ast.AST, base: sp.Expr, exponent: sp.Expr) -> None:
        """Refuse a power before it is computed."""
        if not isinstance(exponent, sp.Rational):
            return
        if isinstance(base, sp.Rational):
            size = max(int(base.p).bit_length(), int(base.q).bit_length())
            too_large = size * abs(exponent) > MAX_BITS
        else:
            too_large = abs(exponent) > MAX_POWER
        if too_large:
            raise self._bad(node, f"a power beyond {MAX_POWER}, or a number too large")

    def _check_function(self, node: ast.AST, name: str) -> None:
        if name in NOT_SMOOTH:
            raise self._bad(
                node, f"{name} has corners or jumps: a metric must be differentiable"
            )
        if name not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise self._bad(node, f"unknown function {name}; known: {known}")

    def _number(self, node: ast.Constant) -> sp.Expr:
        """A number as written: 0.1 is one tenth, not the float beside it."""
        if type(node.value) not in (int, float) or node.end_col_offset is None:
            raise self._bad(node, "this is no number")
        start = node.col_offset + self._margin
        written = self._text[start : node.end_col_offset + self._margin]
        return sp.Rational(written.replace("_", ""))

    def _named(self, node: ast.AST, name: str) -> sp.Expr:
        if name == self.variable.name:
            return self.variable
        if name == COMPUTE and self.variable.name == "x":
            return sp.exp(self.variable)
        if name in CONSTANTS:
            return CONSTANTS[name]
        if name in (COMPUTE, "x"):
            wanted = f"this is a function of {self.variable.name}"
            raise self._bad(node, f"{name} is not known here: {wanted}")
        if name in FUNCTIONS or name in NOT_SMOOTH:
            raise self._bad(node, f"{name} is a function: write {name}(…)")
        return symbol(name)

    def _checked(self, node: ast.AST, value: sp.Expr) -> sp.Expr:
        if value.has(sp.nan, sp.zoo, sp.oo, -sp.oo, sp.I):
            raise self._bad(node, "this is not a real number")
        is_number = isinstance(value, sp.exp) and not value.free_symbols
        if is_number and not abs(exact(sp.log(value), {})) < MAX_LOG:
            raise self._bad(node, "a number too large or too small")
        if not isinstance(value, BUILT_OF):
            raise self._bad(
                node, "this is |…|, the root of a square: write it without a square"
            )
        return value

    def _bad(self, node: ast.AST, reason: str) -> BadFormula:
        column = getattr(node, "col_offset", 0) + self._margin + 1
        return BadFormula(self._text, column, reason)


class _Decimals(StrPrinter):
    """Prints 1e+25 where SymPy prints every digit."""

    def _print_Integer(self, expr: sp.Integer) -> str:
        return _short(expr) or super()._print_Integer(expr)


def _short(number: sp.Rational) -> str:
    """A number in at most twelve digits; empty where they are not enough."""
    try:
        short = f"{int(number.p) / int(number.q):.12g}"
    except OverflowError:
        return ""
    return short if sp.Rational(short) == number else ""


@functools.cache
def _printer() -> _Decimals:
    return _Decimals({"full_prec": False})


def shown(expression: sp.Expr) -> str:
    """An expression as people write it, short numbers as decimals."""
    short = {
        number: sp.Float(text, MAX_DIGITS)
        for number in expression.atoms(sp.Rational)
        if number.q > 2 and (text := _short(number))
    }
    return _printer().doprint(expression.xreplace(short))


def _echo(expression: sp.Expr, variable: str) -> str:
    understood = shown(expression)
    return f"{understood}, x = ln C" if variable == "x" else understood

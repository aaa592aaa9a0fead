"""Meek or mighty: what the theorems say of a metric, from its formula alone.

Theorems 2.4 and 2.5 of *Two AI Metrics Diverged* (arXiv 2607.00913). With a < b the
growth rates of meek and frontier log compute, the gap is the integral of
``dF/d ln ln C`` over an interval whose length tends to ``ln(b/a)``: where that rate
tends to L, the gap tends to ``L·ln(b/a)``.
"""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

import sympy as sp

from mc.model import patience, trend
from mc.model.formula import shown
from mc.model.limits import SECONDS, Limits, limit, limits, rate
from mc.model.normality import Abnormal, Shape, abnormal

__all__ = ["KINDS", "Limits", "Verdict", "classify", "limits"]

LOWEST_COMPUTE = 1e9
"""FLOP from which on a metric must be normal: no language model was trained on less."""

KINDS = {
    "meek": "meek: the gap closes",
    "mighty-constant": "mighty: the gap settles at a constant",
    "mighty-diverging": "mighty: the gap grows without bound",
    "undetermined": "undetermined",
    "not-normal": "not a normal metric: the theorems do not speak of it",
}
TRIED = (sp.Rational(1, 2), sp.Integer(1), sp.Integer(2))
"""Values at which the class of a formula with parameters is looked at."""
MOST_CASES = 4
"""Parameters beyond which cases are not looked for."""

World = Mapping[Any, Any]
"""Values of the parameters, by symbol."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verdict:
    """The class of a metric and the limit of its gap.

    Attributes:
        kind: One of ``KINDS``.
        bounded: Whether F is bounded above; None where that is not known.
        supremum: Limit of F; None where it is not known.
        rate: L, the limit of ``dF/d ln ln C``; None where it is not known.
        slope: Limit of ``dF/d ln C``; None where it is not known.
        limit_gap: ``0``, ``L*log(b/a)``, ``oo`` or ``?``.
        theorem: ``2.4``, ``2.5`` or empty.
        reason: One or two sentences.
        place: Where it is not normal, ln C.
    """

    kind: str
    reason: str
    bounded: bool | None = None
    supremum: sp.Expr | None = None
    rate: sp.Expr | None = None
    slope: sp.Expr | None = None
    limit_gap: str = "?"
    theorem: str = ""
    place: float | None = None


def classify(
    expression: sp.Expr,
    variable: sp.Symbol,
    *,
    low: float = LOWEST_COMPUTE,
    positive: bool = True,
) -> Verdict:
    """The class of a metric; ``undetermined`` after some seconds at the latest.

    Args:
        expression: F, more is better.
        variable: ``x = ln C``.
        low: Compute from which on F must be normal, FLOP.
        positive: Whether parameters of unknown sign are taken as positive.
    """
    signed = _positive(expression, variable) if positive else expression
    seconds = SECONDS + len(signed.free_symbols)
    found = patience.last(decide, signed, variable, math.log(low), seconds=seconds)
    return found or Verdict(kind="undetermined", reason=_LATE)


_LATE = "No answer was found in the time allowed."


def decide(expression: sp.Expr, variable: sp.Symbol, low: float) -> Iterator[Verdict]:
    """Verdicts, each better founded than the one before; the last one counts.

    Args:
        expression: F.
        variable: ``x = ln C``.
        low: ln C from which on F must be normal.
    """
    shapes, fault, note = _normal_shapes(expression, variable, low)
    if fault is not None:
        yield _not_normal(fault, note)
        return
    seen = trend.windows(shapes[0][1])
    words = f"dF/d ln ln C: {trend.in_words(seen)}.{note}"
    late = f"SymPy found no limit in the time allowed. Of {words}"
    yield Verdict(kind="undetermined", reason=late)
    supremum = limit(expression, variable)
    if supremum is not None and supremum.is_finite:
        yield _bounded(shapes, supremum, note)
        return
    found = rate(expression, variable)
    if found is not None and (found.is_zero or found.is_extended_positive):
        verdict = _unbounded(shapes, supremum, found, note)
        yield verdict
        if verdict.kind != "undetermined":
            slope = limit(sp.diff(expression, variable), variable)
            yield dataclasses.replace(verdict, slope=slope)
        return
    yield Verdict(kind="undetermined", reason=f"SymPy finds no limit of {words}")
    if names := sorted(expression.free_symbols - {variable}, key=str):
        yield _by_cases(expression, variable, low, names, note)


def _bounded(
    shapes: list[tuple[World, Shape]], supremum: sp.Expr, note: str
) -> Verdict:
    for world, shape in shapes:
        if not trend.bound_agrees(shape, _at(supremum, world)):
            return Verdict(
                kind="undetermined",
                reason=f"SymPy finds that F tends to {shown(supremum)}, its values do "
                f"not{_with(world)}.{note}",
            )
    return Verdict(
        kind="meek",
        reason=f"F is bounded above: both actors end at {shown(supremum)}.{note}",
        bounded=True,
        supremum=supremum,
        rate=sp.S.Zero,
        slope=sp.S.Zero,
        limit_gap="0",
        theorem="2.4",
    )


def _unbounded(
    shapes: list[tuple[World, Shape]],
    supremum: sp.Expr | None,
    found: sp.Expr,
    note: str,
) -> Verdict:
    for world, shape in shapes:
        seen = trend.windows(shape)
        if not trend.agrees(_at(found, world), seen):
            return Verdict(
                kind="undetermined",
                reason=f"SymPy finds that dF/d ln ln C tends to {shown(found)}; in "
                f"numbers {trend.in_words(seen)}{_with(world)}.{note}",
            )
    kind, gap, why = _of_rate(found)
    return Verdict(
        kind=kind,
        reason=f"dF/d ln ln C {why}{note}",
        bounded=None if supremum is None and found == 0 else False,
        supremum=supremum,
        rate=found,
        limit_gap=gap,
        theorem="2.5",
    )


def _of_rate(found: sp.Expr) -> tuple[str, str, str]:
    """Class, limit of the gap, and why, for a limit of ``dF/d ln ln C``."""
    if found.is_zero:
        return "meek", "0", "tends to 0: F grows more slowly than ln ln C."
    if found == sp.oo:
        why = "grows without bound: F outgrows ln ln C."
        return "mighty-diverging", "oo", why
    factor = "" if found == 1 else f"{shown(found)}·"
    why = f"tends to {shown(found)}: F grows as {factor}ln ln C, the boundary case."
    return "mighty-constant", f"{factor.replace('·', '*')}log(b/a)", why


def _by_cases(
    expression: sp.Expr,
    variable: sp.Symbol,
    low: float,
    names: list[Any],
    note: str,
) -> Verdict:
    """The class where one parameter at a time is given some values."""
    if len(names) > MOST_CASES:
        words = ", ".join(map(str, names))
        reason = f"SymPy finds no limit that holds for all values of {words}.{note}"
        return Verdict(kind="undetermined", reason=reason)
    said, seen = [], set()
    for name in names:
        cases = []
        for value in TRIED:
            world = {n: sp.Integer(1) for n in names} | {name: value}
            *_, verdict = decide(_at(expression, world), variable, low)
            cases.append((float(value), verdict.kind))
        seen |= {kind for _, kind in cases}
        if len({kind for _, kind in cases}) > 1:
            words = "; ".join(f"{name} = {v:g}: {kind}" for v, kind in cases)
            others = " (the others 1)" if len(names) > 1 else ""
            said.append(f"depends on {name}: {words}{others}")
    if said:
        reason = f"The class {'; it '.join(said)}.{note}"
    else:
        reason = (
            "SymPy finds no limit that holds for all values of the parameters; "
            f"at those tried the class is {', '.join(sorted(seen))}.{note}"
        )
    return Verdict(kind="undetermined", reason=reason)


def _normal_shapes(
    expression: sp.Expr, variable: sp.Symbol, low: float
) -> tuple[list[tuple[World, Shape]], Abnormal | None, str]:
    """Parameter values at which F is normal; if there are none, what is wrong."""
    shapes, faults = [], []
    for world in _worlds(expression, variable):
        shape = Shape(_at(expression, world), variable)
        fault = abnormal(shape, low=low)
        if fault is None:
            shapes.append((world, shape))
        else:
            faults.append((world, fault))
    if not shapes:
        world, fault = faults[0]
        return [], fault, _with(world)
    note = ""
    if faults:
        world, fault = faults[0]
        note = f" It is not normal for every parameter: {fault.why}{_with(world)}."
    return shapes, None, note


def _worlds(expression: sp.Expr, variable: sp.Symbol) -> list[World]:
    """A few values for the parameters, different from one another."""
    names = sorted(expression.free_symbols - {variable}, key=str)
    if not names:
        return [{}]
    return [
        {
            name: _of_sign(name, TRIED[(i + k) % 3], i + k)
            for i, name in enumerate(names)
        }
        for k in range(3)
    ]


def _at(expression: sp.Expr, world: World) -> Any:
    return expression.xreplace(dict(world))


def _of_sign(name: Any, value: Any, turn: int) -> Any:
    if name.is_negative:
        return -value
    return value if name.is_positive or turn % 2 else -value


def _positive(expression: sp.Expr, variable: sp.Symbol) -> Any:
    """Parameters of unknown sign as positive ones."""
    new = {
        name: sp.Symbol(str(name), positive=True)
        for name in expression.free_symbols - {variable}
        if name.is_positive is None
    }
    return _at(expression, new)


def _with(world: World) -> str:
    values = ", ".join(f"{name} = {float(v):g}" for name, v in world.items())
    return f", with {values}" if values else ""


def _not_normal(fault: Abnormal, with_values: str) -> Verdict:
    if fault.x < math.log(1e300):
        where = f"near C = {math.exp(fault.x):.3g} FLOP (ln C = {fault.x:.4g})"
    else:
        where = f"near ln C = {fault.x:.3g}"
    return Verdict(
        kind="not-normal",
        reason=f"{fault.why[0].upper()}{fault.why[1:]}, {where}{with_values}. "
        "A normal metric is a smooth function that never falls.",
        place=fault.x,
    )

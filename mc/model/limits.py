"""Limits of a formula as compute grows, by SymPy; None where it finds none."""

import dataclasses
from collections.abc import Iterator

import sympy as sp

from mc.model import patience

SECONDS = 10.0
"""Processor time after which a limit counts as not found."""

UNSETTLED = (sp.Limit, sp.AccumBounds, sp.sign, sp.nan, sp.zoo, sp.I, sp.Derivative)
UNSETTLED += (sp.Integral, sp.Abs)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Limits:
    """Limits of F in terms of its parameters; None where they are not known.

    Attributes:
        supremum: Limit of F as ``x = ln C`` grows for ever.
        slope: Limit of ``dF/dx``: the gap of a settled lead is slope·lead.
        rate: Limit of ``x·dF/dx``: the gap tends to rate·ln(b/a).
    """

    supremum: sp.Expr | None = None
    slope: sp.Expr | None = None
    rate: sp.Expr | None = None


def limits(expression: sp.Expr, variable: sp.Symbol) -> Limits:
    """All three limits of a weakly increasing F; needs a moment, never more than it.

    Args:
        expression: F.
        variable: Its variable ``x``.
    """
    found = patience.last(_found, expression, variable, seconds=SECONDS)
    return found or Limits()


def limit(expression: sp.Expr, variable: sp.Symbol) -> sp.Expr | None:
    """The limit as the variable grows for ever; None where SymPy is not sure of one."""
    try:
        found = sp.limit(expression, variable, sp.oo)
    except Exception:  # SymPy raises what it likes where it cannot tell
        return None
    if found.has(*UNSETTLED) or found.has(variable):
        return None
    if found in (sp.oo, -sp.oo):
        return found
    return None if found.has(sp.oo, -sp.oo) or not found.is_extended_real else found


def rate(expression: sp.Expr, variable: sp.Symbol) -> sp.Expr | None:
    """Limit of ``dF/d ln ln C = x·dF/dx``."""
    return limit(variable * sp.diff(expression, variable), variable)


def _found(expression: sp.Expr, variable: sp.Symbol) -> Iterator[Limits]:
    """Better and better known limits.

    Of an increasing and bounded F, slope and rate can have no limit but 0.
    """
    supremum = limit(expression, variable)
    known = Limits(supremum=supremum)
    yield known
    if supremum is not None and supremum.is_finite:
        yield dataclasses.replace(known, slope=sp.S.Zero, rate=sp.S.Zero)
        return
    known = dataclasses.replace(known, rate=rate(expression, variable))
    yield known
    slope = limit(sp.diff(expression, variable), variable)
    yield dataclasses.replace(known, slope=slope)

"""How far a fitted law is from the quantiles that were asked for."""

import math

import numpy as np

from priors.laws import Law
from priors.shapes import Float
from priors.statement import Statement

MISFIT = 0.01  # of the number; of the spread, where numbers may be negative


def meets(
    statement: Statement, law: Law, quantiles: dict[float, float], name: str | None
) -> bool:
    """Return whether a law is within 1 % of the quantiles asked for; refuse it if not.

    Args:
        statement: The table, which the fault is noted in.
        law: The fitted law, on the canonical scale.
        quantiles: The typed numbers by level.
        name: The family as the card names it, if it does.
    """
    if missed(statement, law, quantiles) <= MISFIT:
        return True
    asked = np.array(list(quantiles.values()))
    fitted = refitted(statement, law, quantiles)
    positive = math.isfinite(statement.unit.lowest)
    kind = name or "lognormal" if positive else name or "normal"
    levels = "/".join(f"{100.0 * level:.4g}" for level in quantiles)
    wanted = "/".join(statement.show(value) for value in asked)
    got = "/".join(statement.show(float(value)) for value in fitted)
    statement.refuse(
        f"no {kind} has {levels}% = {wanted} (best fit {got}); give two quantiles or "
        'choose law = "metalog"',
        "interval" if "interval" in statement.table else "quantiles",
    )
    return False


def missed(statement: Statement, law: Law, quantiles: dict[float, float]) -> float:
    """Return by how much a law misses the quantile it misses most.

    A share of the number asked for; where numbers may be negative, of the spread from
    the lowest to the highest.

    Args:
        statement: The table, whose unit holds.
        law: The fitted law, on the canonical scale.
        quantiles: The typed numbers by level.
    """
    asked = np.array(list(quantiles.values()))
    positive = math.isfinite(statement.unit.lowest)
    size = np.abs(asked) if positive else asked[-1] - asked[0]
    size = np.maximum(size, np.finfo(np.float64).tiny)
    return float(np.max(np.abs(refitted(statement, law, quantiles) - asked) / size))


def fit_in_words(statement: Statement, law: Law, quantiles: dict[float, float]) -> str:
    """Return the quantiles asked for beside those of the fitted law."""
    fitted = refitted(statement, law, quantiles)
    parts = (
        f"{100.0 * level:.4g}% {statement.show(asked)} → {statement.show(float(got))}"
        for (level, asked), got in zip(quantiles.items(), fitted, strict=True)
    )
    return f"fitted quantiles: {', '.join(parts)}"


def refitted(
    statement: Statement, law: Law, quantiles: dict[float, float]
) -> Float[np.ndarray, " k"]:
    """Return the quantiles of a canonical law at some levels, as they are typed."""
    levels = np.array(list(quantiles))
    if statement.unit.decreasing:
        canonical = law.upper_quantile(levels)
    else:
        canonical = law.quantile(levels)
    return statement.typed_unit.from_canonical(canonical)

"""The families of laws that a card can name: stated outright, or fitted to quantiles.

Each family is a law of the number as typed; the metalog alone is fitted on the
canonical scale, so that what is positive stays positive.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from priors import metalog, normal, special
from priors.bounded import Beta, Triangular, Uniform
from priors.compounds import carried_over
from priors.laws import Law, LogNormal, Normal, StudentT
from priors.shapes import Float
from priors.statement import Statement

Quantiles = dict[float, float]
Vector = Float[np.ndarray, " k"]


@dataclass(frozen=True, kw_only=True)
class Family:
    """A family of laws.

    Attributes:
        keys: Keys that state a member outright.
        fit_keys: Keys that stand beside an interval or quantiles.
        state: From a statement to a canonical law; None where it was refused.
        fit: From a statement and its quantiles to a canonical law.
    """

    keys: frozenset[str]
    fit_keys: frozenset[str] = frozenset()
    state: Callable[[Statement], Law | None]
    fit: Callable[[Statement, Quantiles], Law | None]


def canonical_normal(statement: Statement, quantiles: Quantiles) -> Normal:
    """Return the normal law on the canonical scale that comes nearest to quantiles.

    Two are met exactly; more by least squares against the normal scores.
    """
    levels = np.array(list(quantiles))
    values = statement.typed_unit.to_canonical(np.array(list(quantiles.values())))
    if statement.unit.decreasing:
        levels = 1.0 - levels
    mean, sd = _line(normal.quantile(levels), values)
    return Normal(mean=mean, sd=sd)


def _line(scores: Vector, values: Vector) -> tuple[float, float]:
    centre, middle = scores.mean(), values.mean()
    slope = (
        (scores - centre) @ (values - middle) / ((scores - centre) @ (scores - centre))
    )
    return float(middle - slope * centre), float(slope)


def _columns(quantiles: Quantiles) -> tuple[Vector, Vector]:
    return np.array(list(quantiles)), np.array(list(quantiles.values()))


def _carried(statement: Statement, law: Law) -> Law:
    return carried_over(law, statement.typed_unit)


def _state_normal(statement: Statement) -> Law | None:
    mean, sd = statement.place("mean"), statement.number("sd", above=0.0)
    if mean is None or sd is None:
        return None
    return _carried(statement, Normal(mean=mean, sd=sd))


def _fit_normal(statement: Statement, quantiles: Quantiles) -> Law | None:
    levels, values = _columns(quantiles)
    mean, sd = _line(normal.quantile(levels), values)
    return _carried(statement, Normal(mean=mean, sd=sd))


def _state_lognormal(statement: Statement) -> Law | None:
    sigma = statement.number("sigma", above=0.0)
    if ("median" in statement.table) == ("mu" in statement.table):
        statement.refuse("a lognormal has a median or a mu, one of them, and a sigma")
        return None
    if "mu" in statement.table:
        mu = statement.number("mu")
    else:
        median = statement.place("median")
        mu = _log(statement, median, "median")
    if mu is None or sigma is None:
        return None
    return _carried(statement, LogNormal(mu=mu, sigma=sigma))


def _log(statement: Statement, value: float | None, key: str) -> float | None:
    if value is not None and value <= 0.0:
        statement.refuse(f"{value:g} has no logarithm; a lognormal is positive", key)
        return None
    return None if value is None else math.log(value)


def _fit_lognormal(statement: Statement, quantiles: Quantiles) -> Law | None:
    levels, values = _columns(quantiles)
    if _log(statement, float(values.min()), "law") is None:
        return None
    mu, sigma = _line(normal.quantile(levels), np.log(values))
    return _carried(statement, LogNormal(mu=mu, sigma=sigma))


def _state_uniform(statement: Statement) -> Law | None:
    ends = _ends(statement)
    if ends is None:
        return None
    return _carried(statement, Uniform(low=ends[0], high=ends[1]))


def _fit_uniform(statement: Statement, quantiles: Quantiles) -> Law | None:
    low, width = _line(*_columns(quantiles))
    return _carried(statement, Uniform(low=low, high=low + width))


def _state_student(statement: Statement) -> Law | None:
    both = "mean" in statement.table and "location" in statement.table
    if both:
        statement.refuse("mean and location say one thing; keep one")
    mean = statement.place("location" if "location" in statement.table else "mean")
    scale = statement.number("scale", above=0.0)
    df = statement.number("df", above=0.0)
    if mean is None or scale is None or df is None:
        return None
    return _carried(statement, StudentT(df=df, mean=mean, scale=scale))


def _fit_student(statement: Statement, quantiles: Quantiles) -> Law | None:
    df = statement.number("df", above=0.0)
    if df is None:
        return None
    levels, values = _columns(quantiles)
    mean, scale = _line(special.stdtrit(df, levels), values)
    return _carried(statement, StudentT(df=df, mean=mean, scale=scale))


def _state_beta(statement: Statement) -> Law | None:
    a, b = statement.number("a", above=0.0), statement.number("b", above=0.0)
    ends = _beta_ends(statement)
    if a is None or b is None or ends is None:
        return None
    return _carried(statement, Beta(a=a, b=b, low=ends[0], high=ends[1]))


def _fit_beta(statement: Statement, quantiles: Quantiles) -> Law | None:
    from scipy.optimize import least_squares

    ends = _beta_ends(statement)
    if ends is None:
        return None
    low, high = ends
    levels, values = _columns(quantiles)
    shares = (values - low) / (high - low)
    if shares.min() <= 0.0 or shares.max() >= 1.0:
        statement.refuse(
            f"a beta law lies between {statement.show(low)} and "
            f"{statement.show(high)}, the quantiles do not; give low and high"
        )
        return None
    log_odds = special.logit(levels)

    def misfit(log_shapes: Float[np.ndarray, " shapes"]) -> Vector:
        a, b = np.exp(log_shapes)
        at = np.clip(special.betainc(a, b, shares), 1e-300, 1.0)
        above = np.clip(special.betaincc(a, b, shares), 1e-300, 1.0)
        return np.log(at) - np.log(above) - log_odds

    centre, sd = _line(normal.quantile(levels), shares)
    centre = min(max(centre, 0.05), 0.95)
    total = max(centre * (1.0 - centre) / sd**2 - 1.0, 0.5)
    start = np.log([centre * total, (1.0 - centre) * total])
    fit = least_squares(misfit, start, xtol=1e-15, ftol=1e-15, gtol=1e-15)
    a, b = np.exp(fit.x)
    return _carried(statement, Beta(a=float(a), b=float(b), low=low, high=high))


def _beta_ends(statement: Statement) -> tuple[float, float] | None:
    given = [key for key in ("low", "high") if key in statement.table]
    if not given and statement.unit.kind != "date":
        return 0.0, 1.0
    return _ends(statement)


def _ends(statement: Statement) -> tuple[float, float] | None:
    low, high = statement.place("low"), statement.place("high")
    if low is None or high is None:
        return None
    if low >= high:
        shown = f"low = {statement.show(low)}, high = {statement.show(high)}"
        statement.refuse(f"{shown}: low must be below high", "low")
        return None
    return low, high


def _state_triangular(statement: Statement) -> Law | None:
    ends, mode = _ends(statement), statement.place("mode")
    if ends is None or mode is None:
        return None
    if not ends[0] <= mode <= ends[1]:
        statement.refuse(
            f"mode = {statement.show(mode)} is not between the ends", "mode"
        )
        return None
    return _carried(statement, Triangular(low=ends[0], mode=mode, high=ends[1]))


def _fit_triangular(statement: Statement, quantiles: Quantiles) -> Law | None:
    from scipy.optimize import least_squares

    levels, values = _columns(quantiles)
    known = statement.place("mode") if "mode" in statement.table else None
    if known is None and levels.size < 3:
        statement.refuse("a triangular law through an interval needs its mode")
        return None
    span = float(values[-1] - values[0])

    def law(x: Vector) -> Triangular:
        mode = known if known is not None else float(values[0] + span * x[2])
        return Triangular(
            low=mode - span * math.exp(x[0]),
            mode=mode,
            high=mode + span * math.exp(x[1]),
        )

    start = np.array([-0.3, -0.3, 0.5])[: 2 if known is not None else 3]
    fit = least_squares(
        lambda x: (law(x).quantile(levels) - values) / span,
        start,
        xtol=1e-15,
        ftol=1e-15,
        gtol=1e-15,
    )
    return _carried(statement, law(fit.x))


def _state_metalog(statement: Statement) -> Law | None:
    statement.refuse('a metalog is stated by quantiles = {"0.05" = …, …}')
    return None


def _fit_metalog(statement: Statement, quantiles: Quantiles) -> Law | None:
    levels, values = _columns(quantiles)
    values = statement.typed_unit.to_canonical(values)
    if statement.unit.decreasing:
        levels, values = 1.0 - levels[::-1], values[::-1]
    if levels.size < 3:
        statement.refuse("a metalog needs three quantiles or more")
        return None
    try:
        return metalog.through(levels, values)
    except ValueError as error:
        statement.refuse(str(error))
        return None


FAMILIES = {
    "normal": Family(
        keys=frozenset({"mean", "sd"}), state=_state_normal, fit=_fit_normal
    ),
    "lognormal": Family(
        keys=frozenset({"median", "mu", "sigma"}),
        state=_state_lognormal,
        fit=_fit_lognormal,
    ),
    "uniform": Family(
        keys=frozenset({"low", "high"}), state=_state_uniform, fit=_fit_uniform
    ),
    "student_t": Family(
        keys=frozenset({"df", "mean", "location", "scale"}),
        fit_keys=frozenset({"df"}),
        state=_state_student,
        fit=_fit_student,
    ),
    "beta": Family(
        keys=frozenset({"a", "b", "low", "high"}),
        fit_keys=frozenset({"low", "high"}),
        state=_state_beta,
        fit=_fit_beta,
    ),
    "triangular": Family(
        keys=frozenset({"low", "mode", "high"}),
        fit_keys=frozenset({"mode"}),
        state=_state_triangular,
        fit=_fit_triangular,
    ),
    "metalog": Family(keys=frozenset(), state=_state_metalog, fit=_fit_metalog),
}

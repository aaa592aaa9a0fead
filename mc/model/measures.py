"""Records of metrics of the user's own, evaluated in float64 as sign and logarithm."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import sympy

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.integral import Integral
from mc.model.limits import Limits
from mc.model.lowering import lower
from mc.model.measure import Measure, Own
from mc.model.own import OwnFormula, OwnUtility
from mc.model.signed import Signed, exponential, multiply, negative, signed

LATE = 1e6
"""``ln C`` at which the slope of a utility is read as its limit."""


@dataclasses.dataclass(frozen=True)
class FormulaMetric:
    """Prepares a formula's constants; hashable, so part of what is compiled.

    Attributes:
        own: The formula.
    """

    own: OwnFormula

    @classmethod
    def of(cls, own: OwnFormula) -> "FormulaMetric":
        """The metric of a formula."""
        return cls(own)

    def prepare(
        self, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "FormulaCurve":
        """Per-draw constants, in the parameters' own units."""
        del path, arguments
        start = log_initial_compute(parameters)
        constants = natural(self.own, parameters)
        return FormulaCurve(start=start, constants=constants, law=Law(self.own))


@dataclasses.dataclass(frozen=True)
class Law:
    """A formula, its derivative and its limits, ready for arrays.

    Attributes:
        own: The formula.
    """

    own: OwnFormula

    @functools.cached_property
    def value(self) -> Callable[[Mapping[str, Any]], Signed]:
        """F from its variable and its parameters."""
        return lower(self.own.formula.expression, self._names)

    @functools.cached_property
    def slope(self) -> Callable[[Mapping[str, Any]], Signed]:
        """F', the derivative in the variable."""
        formula = self.own.formula
        return lower(sympy.diff(formula.expression, formula.variable), self._names)

    @property
    def limits(self) -> Limits:
        """Where the formula and its slopes go."""
        return self.own.limits

    @property
    def _names(self) -> tuple[str, ...]:
        return ("x", *self.own.needs)


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class FormulaCurve(Integral):
    """A formula in ``x = ln C``, C the effective compute in FLOP.

    Attributes:
        start: ``ln C0``.
        constants: Parameters by name, in their own units.
        law: The formula.
    """

    start: Values
    constants: Mapping[str, Values]
    law: Law = dataclasses.field(metadata={"static": True})

    def turned(self, x: Values) -> Signed:
        """F at ``x``."""
        return self.law.value({**self.constants, "x": self.start + x})

    def turned_slope(self, x: Values) -> Signed:
        """F' at ``x``."""
        return self.law.slope({**self.constants, "x": self.start + x})

    def limit_gap(self, limits: PathLimits) -> Values:
        """By Theorems 2.4 and 2.5 from the formula's own limits; NaN if unknown."""
        return limit_of(self, limits, self._limit)

    def invalid(self) -> Flags:
        """Where the formula is no number at the start."""
        return jnp.isnan(self.turned(jnp.zeros_like(self.start)).sign)

    def _limit(self, name: str) -> Values:
        """A limit of the law in every draw."""
        expression = getattr(self.law.limits, name)
        if expression is None:
            return jnp.full_like(self.start, jnp.nan)
        if expression.is_infinite:
            return jnp.full_like(self.start, jnp.inf if expression > 0 else -jnp.inf)
        constants = {**self.constants, "x": self.start}
        evaluate = lower(expression, ("x", *self.law.own.needs))
        return evaluate(constants).value() + 0 * self.start


@dataclasses.dataclass(frozen=True)
class UtilityMetric:
    """Prepares a utility over a metric; hashable, so part of what is compiled.

    Attributes:
        own: The utility.
    """

    own: OwnUtility

    @classmethod
    def of(cls, own: OwnUtility) -> "UtilityMetric":
        """The metric of a utility."""
        return cls(own)

    def prepare(
        self, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "UtilityCurve":
        """Per-draw constants of the metric and of the utility."""
        inner = self.own.choice.load().prepare(parameters, path, arguments)
        constants = natural(self.own, parameters)
        return UtilityCurve(inner=inner, constants=constants, law=UtilityLaw(self.own))


@dataclasses.dataclass(frozen=True)
class UtilityLaw:
    """A utility U(y) and its derivative, with ``1 − y`` as a number of its own.

    Attributes:
        own: The utility.
    """

    own: OwnUtility

    @functools.cached_property
    def value(self) -> Callable[[Mapping[str, Any]], Signed]:
        """U from y, ``1 − y`` and its parameters."""
        return lower(self._split(self.own.formula.expression), self._names)

    @functools.cached_property
    def slope(self) -> Callable[[Mapping[str, Any]], Signed]:
        """U'."""
        formula = self.own.formula
        derivative = sympy.diff(formula.expression, formula.variable)
        return lower(self._split(derivative), self._names)

    @property
    def is_log(self) -> bool:
        """Whether the metric's record carries the logarithm of y."""
        return self.own.choice.entry.scale == "log"

    @property
    def falls(self) -> bool:
        """Whether a larger y is worse."""
        return self.own.choice.entry.direction.startswith("lower")

    @property
    def _names(self) -> tuple[str, ...]:
        return ("y", "rest", *self.own.needs)

    def _split(self, expression: Any) -> Any:
        """``1 − y`` by its own symbol: a share near 1 keeps its digits there."""
        y, rest = self.own.formula.variable, sympy.Symbol("rest", positive=True)
        return expression.subs(1 - y, rest).subs(y - 1, -rest)


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class UtilityCurve(Integral):
    """``U(F(x))``: gap, slope and limit by the chain rule.

    Attributes:
        inner: The metric F.
        constants: Parameters of U by name, in their own units.
        law: The utility.
    """

    inner: Any
    constants: Mapping[str, Values]
    law: UtilityLaw = dataclasses.field(metadata={"static": True})

    def budget(self, path: Path) -> Trajectories:
        """What the metric sees."""
        return self.inner.budget(path)

    def value(self, x: Values) -> Values:
        """U at ``x``, as it is."""
        return self.law.value(self._arguments(x)).value()

    def turned(self, x: Values) -> Signed:
        """U at ``x``, turned so that more is better."""
        outer = self.law.value(self._arguments(x))
        return outer if self.law.own.turned > 0 else negative(outer)

    def turned_slope(self, x: Values) -> Signed:
        """``U'(y)·y'``, y' from the metric's own log slope."""
        outer = self.law.slope(self._arguments(x))
        rate = exponential(self.inner.log_slope(x))
        if self.law.is_log:
            rate = multiply(rate, exponential(self.inner.value(x)))
        inner = negative(rate) if self.law.falls else rate
        slope = multiply(outer, inner)
        return slope if self.law.own.turned > 0 else negative(slope)

    def limit_gap(self, limits: PathLimits) -> Values:
        """By the class of U(F(x)); a settled lead by the slope at very late x."""
        return limit_of(self, limits, self._limit)

    def invalid(self) -> Flags:
        """As the metric is."""
        return self.inner.invalid()

    def extrapolated(self, frontier: Values) -> Flags:
        """As the metric is."""
        return self.inner.extrapolated(frontier)

    def _arguments(self, x: Values) -> dict[str, Any]:
        value = self.inner.value(x)
        y = exponential(value) if self.law.is_log else signed(value)
        known = {**self.constants, "y": y}
        if hasattr(self.inner, "log_error") and not self.law.falls:
            return {**known, "rest": exponential(self.inner.log_error(x))}
        return {**known, "rest": signed(1 - y.value())}

    def _limit(self, name: str) -> Values:
        zero = jnp.zeros_like(self.inner.log_slope(jnp.zeros(())))
        if name == "slope":
            return self.turned_slope(zero + LATE).value()
        rates = {"meek": 0.0, "mighty-diverging": jnp.inf}
        if self.law.own.kind == "mighty-constant":
            return LATE * self.turned_slope(zero + LATE).value()
        return zero + rates.get(self.law.own.kind, jnp.nan)


@dataclasses.dataclass(frozen=True)
class FunctionMetric:
    """Prepares a Python function's constants; hashable, part of what is compiled.

    Attributes:
        own: The function and what is said of it.
    """

    own: Measure

    @classmethod
    def of(cls, own: Measure) -> "FunctionMetric":
        """The metric of a function."""
        return cls(own)

    def prepare(
        self, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "FunctionCurve":
        """Per-draw constants, in the parameters' own units."""
        del path, arguments
        constants = natural(self.own, parameters)
        start = log_initial_compute(parameters)
        return FunctionCurve(start=start, constants=constants, measure=self.own)


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class FunctionCurve(Integral):
    """A Python function of ``x = ln C``; its derivative by differentiation.

    Attributes:
        start: ``ln C0``.
        constants: Parameters by name, in their own units.
        measure: The function.
    """

    start: Values
    constants: Mapping[str, Values]
    measure: Measure = dataclasses.field(metadata={"static": True})

    def turned(self, x: Values) -> Signed:
        """F at ``x``."""
        return signed(self._call(x))

    def turned_slope(self, x: Values) -> Signed:
        """F' at ``x``, by forward differentiation."""
        x = x + 0 * self.start
        return signed(jax.jvp(self._call, (x,), (jnp.ones_like(x),))[1])

    def limit_gap(self, limits: PathLimits) -> Values:
        """0 for a bounded function (Theorem 2.4); else not known."""
        closes = self.measure.bounded & (limits.meek == jnp.inf)
        return jnp.where(closes, 0.0, jnp.nan) + 0 * self.start

    def invalid(self) -> Flags:
        """Where the function is no number at the start."""
        return jnp.isnan(self._call(jnp.zeros_like(self.start)))

    def _call(self, x: Values) -> Values:
        return self.measure.value(self.start + x, self.constants)


def limit_of(
    curve: Integral, limits: PathLimits, known: Callable[[str], Values]
) -> Values:
    """Limit of the gap from the limits of ``F'`` and of ``dF/d ln x``.

    Args:
        curve: The metric, for actors who both come to rest.
        limits: Where the actors go.
        known: Limit of the ``slope`` or the ``rate``, one a draw.
    """
    rate, slope = known("rate"), known("slope")
    growing = limits.meek == jnp.inf
    ratio = jnp.where(growing & (limits.ratio > 0), limits.ratio, 1.0)
    sign = jnp.sign(limits.lead)
    constant = jnp.where(ratio == 1, sign * 0.0, rate * jnp.log(ratio))
    for_ever = jnp.where(rate == jnp.inf, sign * jnp.inf, constant)
    lead = jnp.where(jnp.isfinite(limits.lead), limits.lead, 0.0)
    resting = jnp.where(slope == 0, 0.0, slope * lead)
    ends = jnp.where(jnp.isfinite(limits.lead), resting, for_ever)
    settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
    x = jnp.where(settled, limits.meek, 0.0)
    still = curve.gap(x, jnp.where(settled, limits.lead, 0.0))
    return jnp.where(settled, still, jnp.where(growing, ends, jnp.nan))


def natural(own: Own, parameters: Parameters) -> dict[str, Values]:
    """Parameters in their own units, from their canonical scales."""
    return {
        name: jnp.exp(parameters[name]) if name in own.logs else parameters[name]
        for name in own.needs
    }

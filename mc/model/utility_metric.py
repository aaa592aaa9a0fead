"""The record of a metric that is a function of another metric."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax.numpy as jnp
import sympy

from mc.model.axes import Flags, Parameters, Path, PathLimits, Trajectories, Values
from mc.model.curves.integral import Integral, limit_of, natural
from mc.model.lowering import lower, slope
from mc.model.own import OwnUtility
from mc.model.pytree import pytree
from mc.model.signed import Signed, exponential, multiply, negative, signed

LATE = 1e6
"""``ln C`` at which the slope of a utility is read as its limit."""


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
        constants = natural(self.own.needs, self.own.logs, parameters)
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
        derivative = slope(formula.expression, formula.variable)
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


@pytree
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

    def along(self, path: Path) -> "UtilityCurve":
        """The same utility of the metric along ``path``."""
        return dataclasses.replace(self, inner=self.inner.along(path))

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
        rise = multiply(outer, inner)
        return rise if self.law.own.turned > 0 else negative(rise)

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

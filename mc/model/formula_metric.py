"""The record of a metric that is a formula in ``x = ln C``."""

import dataclasses
import functools
from collections.abc import Callable, Mapping
from typing import Any

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.integral import Integral, limit_of, natural
from mc.model.limits import Limits
from mc.model.lowering import lower, slope
from mc.model.own import OwnFormula
from mc.model.pytree import pytree
from mc.model.signed import Signed


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
        constants = natural(self.own.needs, self.own.logs, parameters)
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
        return lower(slope(formula.expression, formula.variable), self._names)

    @property
    def limits(self) -> Limits:
        """Where the formula and its slopes go."""
        return self.own.limits

    @property
    def _names(self) -> tuple[str, ...]:
        return ("x", *self.own.needs)


@pytree
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

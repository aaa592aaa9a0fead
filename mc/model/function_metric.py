"""The record of a metric that is a Python function of ``x = ln C``."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.integral import Integral, natural
from mc.model.measure import Measure
from mc.model.pytree import pytree
from mc.model.signed import Signed, signed


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
        constants = natural(self.own.needs, self.own.logs, parameters)
        start = log_initial_compute(parameters)
        return FunctionCurve(start=start, constants=constants, measure=self.own)


@pytree
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

"""Success over many independent steps, and the number of steps a success allows."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.curves.curve import Curve
from mc.model.curves.log_ratio import FIRST_ORDER, LogRatio
from mc.model.differences import log_one_minus_exp, one_minus_exp
from mc.model.pytree import pytree

ENTRIES = {
    "n_step_success": {
        "record": "NStepSuccess",
        "summary": "probability that n independent steps all succeed",
        "capability": "steps",
        "formula": "exp(n*log(1 - e0*exp(-g*x)))",
        "halving": "loss_exponent",
        "unit": "probability",
        "undefined": "the error per step must lie between 0 and 1 at the start",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {"n": {"low": 1, "high": 1e9}},
        "needs": [[["step_error"]], [["loss_exponent"]]],
        "caveats": [
            [
                "steps-independent",
                "Assumed: steps fail independently and their error falls as the "
                "reducible loss does; no model has been shown to work so.",
            ],
        ],
    },
    "n_step_length": {
        "record": "NStepLength",
        "summary": "number of independent steps done with success q; gap as a ratio",
        "capability": "steps",
        "formula": "-L/log(1 - e0*exp(-g*x))",
        "halving": "loss_exponent",
        "unit": "ratio",
        "value_unit": "steps",
        "undefined": "the error per step must lie between 0 and 1 at the start",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "arguments": {"q": {"default": 0.5, "low": 1e-6, "high": 0.999999}},
        "needs": [[["step_error"]], [["loss_exponent"]]],
        "caveats": [
            [
                "steps-independent",
                "Assumed: steps fail independently and their error falls as the "
                "reducible loss does; no model has been shown to work so.",
            ],
        ],
    },
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class StepError:
    """``e = e0·e^(−γ·x)`` and ``a = −ln(1 − e)``, the hazard of a step.

    Attributes:
        log_start: ``ln e0``, the error per step at the meek actor's initial compute.
        exponent: ``γ``, that of the reducible loss.
    """

    log_start: Values
    exponent: Values

    @classmethod
    def prepare(cls, parameters: Parameters) -> "StepError":
        """Per-draw constants."""
        return cls(
            log_start=parameters["step_error"], exponent=parameters["loss_exponent"]
        )

    def log_error(self, x: Values) -> Values:
        """``ln e``, at most 0: with less compute than that every step fails."""
        return jnp.minimum(self.log_start - self.exponent * x, 0.0)

    def success(self, x: Values) -> Values:
        """``1 − e``, exact where e is nearly 1."""
        return one_minus_exp(-self.log_error(x))

    def hazard(self, x: Values) -> Values:
        """``a = −ln(1 − e)``."""
        return -jnp.log1p(-jnp.exp(self.log_error(x)))

    def log_hazard(self, x: Values) -> Values:
        """``ln a``, exact where e is tiny."""
        error = jnp.exp(self.log_error(x))
        small = error < 1e-9
        far = jnp.log(-jnp.log1p(-jnp.where(small, 0.5, error)))
        return jnp.where(small, self.log_error(x) + error / 2, far)

    def fall(self, x: Values, lead: Values) -> Values:
        """``a_m − a_f``, for a lead at or above zero."""
        ahead = self.success(x + lead)
        less = -jnp.log1p(-self._gained(x, lead) / jnp.where(ahead > 0, ahead, 1.0))
        return jnp.where(ahead > 0, less, 0.0)

    def log_fall(self, x: Values, lead: Values) -> Values:
        """``ln(a_m − a_f)``; to first order where it is tiny."""
        fall = self.fall(x, jnp.maximum(lead, 0.0))
        ahead = self.success(x + lead)
        first = self.log_error(x) + log_one_minus_exp(self.exponent * lead)
        first = first - jnp.log(jnp.where(ahead > 0, ahead, 1.0))
        first = jnp.where(self.fails(x), -jnp.inf, first)
        tiny = fall < 1e-30
        far = jnp.log(jnp.where(tiny, 1.0, fall))
        return jnp.where(lead > 0, jnp.where(tiny, first, far), -jnp.inf)

    def fails(self, x: Values) -> Flags:
        """Whether every step fails."""
        return self.log_start - self.exponent * x >= 0

    def invalid(self) -> Flags:
        """At the start a step must succeed at times, and fail at times."""
        return ~((self.exponent > 0) & (self.log_start < 0))

    def _gained(self, x: Values, lead: Values) -> Values:
        """``e_m − e_f``, for a lead at or above zero."""
        behind = jnp.exp(self.log_error(x))
        gained = behind * one_minus_exp(self.exponent * lead)
        return jnp.where(self.fails(x), self.success(x + lead), gained)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class NStepSuccess(Curve):
    """``(1 − e)^n = exp(−n·a)`` (science 2.2).

    Attributes:
        step: Error and hazard of one step.
        steps: ``n``.
    """

    step: StepError
    steps: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "NStepSuccess":
        """Per-draw constants."""
        del path
        return cls(step=StepError.prepare(parameters), steps=arguments["n"])

    def value(self, x: Values) -> Values:
        """``exp(−n·a)``."""
        return jnp.exp(-self.steps * self.step.hazard(x))

    def advantage(self, x: Values, lead: Values) -> Values:
        """``exp(−n·a_f)·(1 − exp(−n·(a_m − a_f)))``."""
        share = one_minus_exp(self.steps * self.step.fall(x, lead))
        return jnp.where(lead > 0, self.value(x + lead) * share, 0.0)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap."""
        log_fall = jnp.log(self.steps) + self.step.log_fall(x, lead)
        small = log_fall < FIRST_ORDER
        fall = self.steps * self.step.fall(x, jnp.maximum(lead, 0.0))
        share = jnp.where(
            small, log_fall, log_one_minus_exp(jnp.where(small, 1.0, fall))
        )
        ahead = -self.steps * self.step.hazard(x + lead)
        return jnp.where(lead > 0, ahead + share, -jnp.inf)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of n·γ·e·(1 − e)^(n − 1); minus infinity where every step fails."""
        constant = jnp.log(self.steps * self.step.exponent)
        left = self._of_others(self.step.hazard(x))
        inside = constant + self.step.log_error(x) - left
        return jnp.where(self.step.fails(x), -jnp.inf, inside)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``−γ·lead + (n − 1)·(a_m − a_f)``."""
        behind = x + jnp.minimum(lead, 0.0)
        size = self._of_others(self.step.fall(behind, jnp.abs(lead)))
        size = jnp.where(self.step.fails(behind), jnp.inf, size)
        fall = jnp.where(lead == 0, 0.0, jnp.sign(lead) * size)
        return fall - self.step.exponent * lead

    def invalid(self) -> Flags:
        """As the error of a step is."""
        return self.step.invalid()

    def _of_others(self, value: Values) -> Values:
        """``(n − 1)·value``; 0 for a single step, also of an infinity."""
        return jnp.where(self.steps > 1, (self.steps - 1) * value, 0.0)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class NStepLength(LogRatio):
    """``ln(ln(1/q)/a)``, value and gap as natural logarithms (science 2.2).

    Attributes:
        step: Error and hazard of one step.
        log_bar: ``ln ln(1/q)``.
    """

    step: StepError
    log_bar: Values

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "NStepLength":
        """Per-draw constants."""
        del path
        log_bar = jnp.log(-jnp.log(arguments["q"]))
        return cls(step=StepError.prepare(parameters), log_bar=log_bar)

    def value(self, x: Values) -> Values:
        """``ln`` of the number of steps."""
        return self.log_bar - self.step.log_hazard(x)

    def log_odds(self, x: Values, lead: Values) -> Values:
        """``ln((a_m − a_f)/a_f)``; late the gap is γ·lead."""
        return self.step.log_fall(x, lead) - self.step.log_hazard(x + lead)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of γ·e/((1 − e)·a)."""
        odds = self.step.log_error(x) + self.step.hazard(x)
        slope = jnp.log(self.step.exponent) + odds - self.step.log_hazard(x)
        return jnp.where(self.step.fails(x), jnp.inf, slope)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``ln`` of (e/((1 − e)a)) ahead over behind; infinite where all steps fail."""
        behind, size = x + jnp.minimum(lead, 0.0), jnp.abs(lead)
        fails = self.step.fails(behind)
        ratio = self.advantage(behind, size) - self.step.fall(behind, size)
        change = jnp.where(fails, -jnp.inf, ratio - self.step.exponent * size)
        return jnp.where(lead == 0, 0.0, jnp.sign(lead) * change)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``γ·lim lead``: late the hazard is a power of compute (Theorem 2.5)."""
        unlimited = limits.meek == jnp.inf
        nothing = (limits.meek == -jnp.inf) & (limits.frontier == -jnp.inf)
        other = jnp.where(nothing, 0.0, super().limit_gap(limits))
        return jnp.where(unlimited, self.step.exponent * limits.lead, other)

    def invalid(self) -> Flags:
        """As the error of a step is."""
        return self.step.invalid()

"""How often a model acts against intent: its propensity, apart from what it can do."""

import dataclasses

import jax
import jax.numpy as jnp

from mc.model.axes import Parameters, PathLimits, Values
from mc.model.budgets import log_initial_compute
from mc.model.curves.logistic import Logistic
from mc.model.differences import log_logistic
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Propensity(Logistic):
    """``p = p∞ + (p0 − p∞)·σ(−z)``, ``z = η(ln C − m)``; its tail is C^(−η).

    The floor is p∞ and the ceiling p0, the frequency with little compute.
    """

    @classmethod
    def of(cls, parameters: Parameters) -> "Propensity":
        """Per-draw constants."""
        exponent = parameters["misalignment_exponent"]
        above = log_initial_compute(parameters) - parameters["misalignment_midpoint"]
        return cls(
            start=exponent * above,
            slope=exponent,
            floor=parameters["misalignment_floor"],
            ceiling=parameters["misalignment_ceiling"],
        )

    def value(self, x: Values) -> Values:
        """Frequency at ``x``: it falls with compute."""
        return self.floor + self.height() * jax.nn.sigmoid(-self.logit(x))

    def log_value(self, x: Values) -> Values:
        """``ln`` of the frequency, exact where it is tiny."""
        tail = jnp.log(self.height()) + log_logistic(-self.logit(x))
        log_floor = jnp.log(jnp.where(self.floor > 0, self.floor, 1.0))
        return jnp.where(self.floor > 0, jnp.logaddexp(log_floor, tail), tail)

    def limit_gap(self, limits: PathLimits) -> Values:
        """0 if compute grows for ever (Theorem 2.4)."""
        settled, still = self.settled_gap(limits)
        apart = self.value(limits.meek) - self.value(limits.frontier)
        return jnp.where(settled, still, apart)

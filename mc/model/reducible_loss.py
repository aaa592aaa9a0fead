"""Reducible loss, a power of effective compute (Hoffmann et al., arXiv 2203.15556)."""

import dataclasses

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Values
from mc.model.budgets import log_initial_compute
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class ReducibleLoss:
    """``ln R = log_start − γ·x``.

    Attributes:
        exponent: ``γ``, positive, dimensionless.
        log_start: ``ln R0``, R0 the reducible loss at the initial compute, nats/token.
    """

    exponent: Values
    log_start: Values

    @classmethod
    def prepare(cls, parameters: Parameters) -> "ReducibleLoss":
        """Per-draw constants; the law is given by A or by its loss at a pivot."""
        exponent = parameters["loss_exponent"]
        start = log_initial_compute(parameters)
        if "loss_coefficient" in parameters:
            log_start = parameters["loss_coefficient"] - exponent * start
        else:
            from_pivot = start - parameters["pivot_compute"]
            log_start = parameters["reducible_loss_at_pivot"] - exponent * from_pivot
        return cls(exponent=exponent, log_start=log_start)

    def invalid(self) -> Flags:
        """An exponent must be positive: loss falls with compute."""
        return ~((self.exponent > 0) & jnp.isfinite(self.log_start))

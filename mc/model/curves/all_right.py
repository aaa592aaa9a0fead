"""The share of tries in which several items are all right."""

import dataclasses
from typing import Any

import jax.numpy as jnp

from mc.model.axes import Flags, Values
from mc.model.curves.curve import Curve
from mc.model.curves.log_ratio import FIRST_ORDER
from mc.model.differences import log_one_minus_exp, one_minus_exp
from mc.model.pytree import pytree


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class AllRight(Curve):
    """``a^p``, a the share of single items (science 2.2: p items all right).

    Attributes:
        single: The share of single items: a curve between a floor and a ceiling.
        items: ``p``, at least 1.
    """

    single: Any
    items: Values

    def value(self, x: Values) -> Values:
        """``a^p``."""
        return jnp.exp(self.items * jnp.log(self.single.value(x)))

    def advantage(self, x: Values, lead: Values) -> Values:
        """``a_f^p·(1 − e^(−p·D))`` with ``D = ln(a_f/a_m) = −ln(1 − g/a_f)``."""
        return self.value(x + lead) * one_minus_exp(self.items * self._log(x, lead))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap; to first order in g/a_f where that is tiny."""
        ahead = jnp.log(self.single.value(x + lead))
        log_share = self.single.log_gap(x, lead) - ahead
        small = log_share < FIRST_ORDER
        far = log_one_minus_exp(self.items * self._log(x, jnp.maximum(lead, 0.0)))
        return self.items * ahead + jnp.where(
            small, jnp.log(self.items) + log_share, far
        )

    def log_slope(self, x: Values) -> Values:
        """``ln`` of p·a^(p − 1)·a'."""
        others = self._of_others(jnp.log(self.single.value(x)))
        return jnp.log(self.items) + others + self.single.log_slope(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """That of one item, and (p − 1) times the change of ``ln a``."""
        size = self._log(x + jnp.minimum(lead, 0.0), jnp.abs(lead))
        change = jnp.where(lead == 0, 0.0, jnp.sign(lead) * size)
        return self.single.log_slope_change(x, lead) + self._of_others(change)

    def invalid(self) -> Flags:
        """As the share of single items is."""
        return self.single.invalid() | ~(self.items >= 1)

    def _log(self, x: Values, lead: Values) -> Values:
        """``ln(a_f/a_m)`` for a lead at or above zero: of the gap or of both."""
        ahead, behind = self.single.value(x + lead), self.single.value(x)
        safe = jnp.where(ahead > 0, ahead, 1.0)
        missing = self.single.gap(x, lead) / safe
        near = missing < 0.5
        close = -jnp.log1p(-jnp.where(near, missing, 0.0))
        return jnp.where(near, close, jnp.log(safe) - jnp.log(behind))

    def _of_others(self, value: Values) -> Values:
        """``(p − 1)·value``; 0 for a single item, also of an infinity."""
        return jnp.where(self.items > 1, (self.items - 1) * value, 0.0)

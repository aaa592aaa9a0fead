"""Metrics that are known by value and derivative alone: formulas of the user's own."""

import math
from collections.abc import Callable

import jax
import jax.numpy as jnp
import numpy as np

from mc.model.axes import Flags, Parameters, PathLimits, Values
from mc.model.curves.curve import Curve
from mc.model.signed import Signed, add, negative

NODES = 32
CHECK_NODES = 64
DIRECT = math.log(1e-2)
"""Gaps above this share of the values are subtracted; smaller ones integrated."""


class Integral(Curve):
    """The gap as ``∫ F'`` over the lead: the integral of the paper's own proof.

    It does not cancel where subtracting two values would. A record gives ``turned``
    (F, more is better) and ``turned_slope`` (F'), both as sign and logarithm.
    """

    def turned(self, x: Values) -> Signed:
        """F at ``x``, turned so that more is better."""
        raise NotImplementedError

    def turned_slope(self, x: Values) -> Signed:
        """F' at ``x``."""
        raise NotImplementedError

    def value(self, x: Values) -> Values:
        """F at ``x``."""
        return self.turned(x).value()

    def advantage(self, x: Values, lead: Values) -> Values:
        """``F(x + lead) − F(x)``, subtracted or integrated."""
        return jnp.exp(self.log_gap(x, lead))

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap; minus infinity at a lead of zero or less."""
        ahead = jnp.maximum(lead, 0.0)
        direct, is_direct = self._direct(x, ahead)
        inside = jnp.where(is_direct, 0.0, ahead)
        integral = self._integral(x, inside, NODES)
        return jnp.where(lead > 0, jnp.where(is_direct, direct, integral), -jnp.inf)

    def gaps(self, x: Values, lead: Values) -> tuple[Values, Values]:
        """Both from one integral."""
        log_size = self.log_gap(x + jnp.minimum(lead, 0.0), jnp.abs(lead))
        gap = jnp.where(lead == 0, 0.0, jnp.sign(lead) * jnp.exp(log_size))
        return gap, jnp.where(lead > 0, log_size, -jnp.inf)

    def log_slope(self, x: Values) -> Values:
        """``ln F'(x)``."""
        return self.turned_slope(x).log

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """The difference of two logarithms; formulas are evaluated in float64."""
        return self.log_slope(x + lead) - self.log_slope(x)

    def disagreement(self, x: Values, lead: Values) -> Values:
        """Relative difference of the integral by 32 and by 64 nodes, where it counts.

        Zero where the gap is subtracted, or has no lead.
        """
        ahead = jnp.maximum(lead, 0.0)
        _, is_direct = self._direct(x, ahead)
        fewer = self._integral(x, ahead, NODES)
        more = self._integral(x, ahead, CHECK_NODES)
        counts = (lead > 0) & ~is_direct & (more > -80.0)
        return jnp.where(counts, jnp.abs(jnp.expm1(fewer - more)), 0.0)

    def _direct(self, x: Values, lead: Values) -> tuple[Values, Flags]:
        """``ln`` of the difference of two values, and whether it can be trusted."""
        ahead, behind = self.turned(x + lead), self.turned(x)
        difference = add(ahead, negative(behind))
        largest = jnp.maximum(ahead.log, behind.log)
        trusted = (difference.sign > 0) & (difference.log > largest + DIRECT)
        return difference.log, trusted

    def _integral(self, x: Values, lead: Values, count: int) -> Values:
        """``ln`` of the Gauss–Legendre sum of F' over the lead."""
        roots, weights = np.polynomial.legendre.leggauss(count)
        dtype = jnp.result_type(x, lead)
        places = jnp.asarray((roots + 1) / 2, dtype)
        shares = jnp.asarray(np.log(weights / 2), dtype)

        def step(i: jax.Array, total: Values) -> Values:
            slope = self.turned_slope(x + lead * places[i])
            term = jnp.where(slope.sign > 0, slope.log, -jnp.inf)
            return jnp.logaddexp(total, shares[i] + term)

        start = jnp.full(
            jnp.broadcast_shapes(jnp.shape(x), jnp.shape(lead)), -jnp.inf, dtype
        )
        total = jax.lax.fori_loop(0, count, step, start)
        return total + jnp.log(jnp.where(lead > 0, lead, 1.0))


def limit_of(
    curve: Integral, limits: PathLimits, known: Callable[[str], Values]
) -> Values:
    """Limit of the gap from the limits of ``F'`` and of ``dF/d ln x``.

    Args:
        curve: The metric, for actors who both come to rest.
        limits: Where the actors go.
        known: Limit of the ``slope`` or the ``rate``, one a draw.
    """
    rate, steepness = known("rate"), known("slope")
    growing = limits.meek == jnp.inf
    ratio = jnp.where(growing & (limits.ratio > 0), limits.ratio, 1.0)
    sign = jnp.sign(limits.lead)
    constant = jnp.where(ratio == 1, sign * 0.0, rate * jnp.log(ratio))
    for_ever = jnp.where(rate == jnp.inf, sign * jnp.inf, constant)
    lead = jnp.where(jnp.isfinite(limits.lead), limits.lead, 0.0)
    resting = jnp.where(steepness == 0, 0.0, steepness * lead)
    ends = jnp.where(jnp.isfinite(limits.lead), resting, for_ever)
    settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
    x = jnp.where(settled, limits.meek, 0.0)
    still = curve.gap(x, jnp.where(settled, limits.lead, 0.0))
    return jnp.where(settled, still, jnp.where(growing, ends, jnp.nan))


def natural(
    names: tuple[str, ...], logs: frozenset[str], parameters: Parameters
) -> dict[str, Values]:
    """Parameters in their own units, from their canonical scales."""
    return {
        name: jnp.exp(parameters[name]) if name in logs else parameters[name]
        for name in names
    }

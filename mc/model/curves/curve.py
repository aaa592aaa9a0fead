"""What all shapes share: sign, direction of the gap, series and limits."""

import jax.numpy as jnp

from mc.model.axes import Flags, Path, PathLimits, Trajectories, Values


class Curve:
    """A metric from its value, its advantage and the change of its slope.

    A shape gives ``value``, ``advantage``, ``log_gap``, ``log_slope`` and
    ``log_slope_change``; the rest follows.
    """

    def budget(self, path: Path) -> Trajectories:
        """Training compute."""
        return path

    def along(self, path: Path) -> "Curve":
        """Itself: the metric depends on compute, however that comes about."""
        del path
        return self

    def on(self, years: Values) -> "Curve":
        """Itself: the metric does not depend on the date."""
        del years
        return self

    def value(self, x: Values) -> Values:
        """The metric at ``x``."""
        raise NotImplementedError

    def advantage(self, x: Values, lead: Values) -> Values:
        """The gap for a lead at or above zero, ``x`` the one behind."""
        raise NotImplementedError

    def gap(self, x: Values, lead: Values) -> Values:
        """The frontier's advantage, signed as the lead is."""
        behind = x + jnp.minimum(lead, 0.0)
        size = self.advantage(behind, jnp.abs(lead))
        return jnp.where(lead == 0, 0.0, jnp.sign(lead) * size)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap; minus infinity at a lead of zero or less."""
        raise NotImplementedError

    def gaps(self, x: Values, lead: Values) -> tuple[Values, Values]:
        """``gap`` and ``log_gap``."""
        return self.gap(x, lead), self.log_gap(x, lead)

    def log_slope(self, x: Values) -> Values:
        """``ln F'(x)``, F the metric turned so that more is better."""
        raise NotImplementedError

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``log_slope(x + lead) − log_slope(x)``, without cancellation."""
        raise NotImplementedError

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """``ln(y'F'(y)) − ln(x'F'(x))``, turned where both actors shrink.

        Where only one of them grows that alone decides, however flat F is there.
        """
        ratio = budget.log_rate_ratio(years)
        change = self.log_slope_change(budget.x(years), budget.lead(years))
        turned = jnp.where(jnp.isinf(ratio), ratio, ratio + change)
        direction = budget.direction(years)
        return jnp.where(direction == 0, 0.0, direction * turned)

    def limit_gap(self, limits: PathLimits) -> Values:
        """Limit of a bounded metric: 0 if compute grows for ever (Theorem 2.4)."""
        settled, still = self.settled_gap(limits)
        apart = self.value(limits.frontier) - self.value(limits.meek)
        return jnp.where(settled, still, apart)

    def settled_gap(self, limits: PathLimits) -> tuple[Flags, Values]:
        """Whether budget and lead both come to rest, and the gap there."""
        settled = jnp.isfinite(limits.meek) & jnp.isfinite(limits.lead)
        zero = jnp.zeros_like(limits.meek)
        meek = jnp.where(settled, limits.meek, zero)
        return settled, self.gap(meek, jnp.where(settled, limits.lead, zero))

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Gap and both actors' values."""
        return {
            "gap": self.gap(x, lead),
            "frontier": self.value(x + lead),
            "meek": self.value(x),
        }

    def invalid(self) -> Flags:
        """Draws at which the constants make no sense."""
        raise NotImplementedError

    def extrapolated(self, frontier: Values) -> Flags:
        """Never marked: no source states a compute beyond which it fails."""
        return jnp.zeros(jnp.shape(frontier), bool)

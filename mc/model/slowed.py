"""A path along which time passes ever more slowly."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import PathLimits, Values
from mc.model.growth.clock import Clock
from mc.model.ledger import Ledger
from mc.model.pytree import pytree
from mc.model.view import View, on_its_side


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Slowed(View):
    """``x(θ(t))`` and ``lead(θ(t))``: all that happens, happens later (science 3).

    Attributes:
        clock: θ.
        turns: Breaks of the path, and when they come on this clock.
    """

    clock: Clock
    turns: tuple[tuple[Values, Values], ...]

    @classmethod
    def of(cls, path: Ledger | View, clock: Clock) -> "Slowed":
        """The path on a clock."""
        turns = tuple((clock.shown(b), b) for b in path.breaks())
        return cls(path=path, clock=clock, turns=turns)

    def passed(self, years: Values) -> Values:
        """θ; a break is reached when it should be, not a rounding earlier."""
        return on_its_side(years, self.clock.passed(years), *self.turns)

    def x(self, years: Values) -> Values:
        """``x(θ)``."""
        return self.path.x(self.passed(years))

    def lead(self, years: Values) -> Values:
        """``lead(θ)``."""
        return self.path.lead(self.passed(years))

    def meek_growth(self, years: Values) -> Values:
        """``x'(θ)·θ'``."""
        return self.path.meek_growth(self.passed(years)) * self.clock.speed(years)

    def lead_growth(self, years: Values) -> Values:
        """``lead'(θ)·θ'``."""
        return self.path.lead_growth(self.passed(years)) * self.clock.speed(years)

    def log_rate_ratio(self, years: Values) -> Values:
        """That of θ: the clock cancels."""
        return self.path.log_rate_ratio(self.passed(years))

    def direction(self, years: Values) -> Values:
        """That of θ."""
        return self.path.direction(self.passed(years))

    def log_investment(self, years: Values) -> Values:
        """That of θ."""
        return self.path.log_investment(self.passed(years))

    def log_meek_investment(self, years: Values) -> Values:
        """That of θ."""
        return self.path.log_meek_investment(self.passed(years))

    def log_hardware(self, years: Values) -> Values:
        """That of θ."""
        return self.path.log_hardware(self.passed(years))

    def hardware_growth(self, years: Values) -> Values:
        """``H'(θ)·θ'``."""
        return self.path.hardware_growth(self.passed(years)) * self.clock.speed(years)

    def late_hardware(self) -> tuple[Values, Values]:
        """No rate in the end, though the level may go on for ever."""
        return _levelled(*self.path.late_hardware())

    def log_hardware_ahead(self, years: Values) -> Values:
        """That of θ."""
        return self.path.log_hardware_ahead(self.passed(years))

    def hardware_ahead_growth(self, years: Values) -> Values:
        """``K_H'(θ)·θ'``."""
        speed = self.clock.speed(years)
        return self.path.hardware_ahead_growth(self.passed(years)) * speed

    def late_hardware_ahead(self) -> tuple[Values, Values]:
        """No rate in the end, though the level may go on for ever."""
        return _levelled(*self.path.late_hardware_ahead())

    def breaks(self) -> tuple[Values, ...]:
        """Those of the path, when the clock shows them."""
        return tuple(outer for outer, _ in self.turns)

    def landmarks(self) -> Mapping[str, Values]:
        """Those of the path, when the clock shows them."""
        found = self.path.landmarks()
        return {name: self.clock.shown(years) for name, years in found.items()}

    def limits(self) -> PathLimits:
        """The path's, reached at rates that fall to zero."""
        limits = self.path.limits()
        return dataclasses.replace(
            limits,
            meek_growth=jnp.zeros_like(limits.meek_growth),
            lead_growth=jnp.zeros_like(limits.lead_growth),
            meek_offset=limits.meek,
            frontier_offset=limits.frontier,
        )

    def late_frontier(self) -> tuple[Values, Values]:
        """No rate in the end, though the level may go on for ever."""
        return _levelled(*self.path.late_frontier())

    def frontier_gained(self, years: Values, width: Values) -> Values:
        """What the frontier gains in the last ``width`` years."""
        gained = self.clock.gained(years, width)
        return self.path.frontier_gained(self.passed(years), gained)

    def lag_years(self, years: Values) -> Values:
        """The path's lag, in years of this clock."""
        now = self.passed(years)
        lag = self.path.lag_years(now)
        moved = jnp.isfinite(lag)
        return jnp.where(moved, years - self._shown(now, -lag), lag)

    def catch_up_years(self, years: Values) -> Values:
        """The path's delay, in years of this clock."""
        now = self.passed(years)
        delay = self.path.catch_up_years(now)
        moved = jnp.isfinite(delay)
        return jnp.where(moved, self._shown(now, delay) - years, delay)

    def overtaken_years(self) -> Values:
        """That of the path, when the clock shows it."""
        return self.clock.shown(self.path.overtaken_years())

    def _shown(self, now: Values, later: Values) -> Values:
        return self.clock.shown(now + jnp.where(jnp.isfinite(later), later, 0.0))


def _levelled(rate: Values, offset: Values) -> tuple[Values, Values]:
    """What a rate for ever comes to at a speed that falls to zero."""
    return jnp.zeros_like(rate), jnp.where(rate == 0, offset, jnp.sign(rate) * jnp.inf)

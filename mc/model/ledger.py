"""The accounts of two actors: hardware, algorithms, spending, and what is kept."""

import dataclasses
from collections.abc import Mapping
from typing import ClassVar

import jax.numpy as jnp

from mc.model.axes import PathLimits, Values
from mc.model.growth.growth import Growth, Steady, Total, after_epoch
from mc.model.pytree import pytree
from mc.model.trajectories import for_ever, late_ratio
from mc.model.waits import TwoActors, constant_wait


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class Ledger(TwoActors):
    """``x = start + H − K_H + I_m + A − K``, lead ``ln κ + I − I_m + K_H + K + J``.

    Logarithms of what each actor has (science 3). Hardware and algorithms that both
    have cancel from the lead. What money buys, H, ``K_H``, I and ``I_m``, counts
    ``counts`` times.

    Attributes:
        hardware: H, FLOP per dollar as the frontier buys it.
        algorithms: A, the algorithms that the frontier has.
        investment: I, the frontier's spending over its start.
        meek_investment: ``I_m``, the meek actor's spending over its start.
        kept_hardware: ``K_H``, what the frontier has of H and the meek actor has not.
        kept: K, the part of A that the frontier keeps for itself.
        extra: J, what else only the frontier has.
        log_ratio: ``ln κ``, the lead at the epoch.
        start: ``x`` at the epoch: zero, or the distance from another actor's.
        marked: Years of what happens on the way, by name.
    """

    counts: ClassVar[int] = 1

    hardware: Growth
    algorithms: Growth
    investment: Growth
    meek_investment: Growth
    kept_hardware: tuple[Growth, ...] = ()
    kept: tuple[Growth, ...] = ()
    extra: tuple[Growth, ...] = ()
    log_ratio: Values
    start: Values
    marked: Mapping[str, Values] = dataclasses.field(default_factory=dict)

    @property
    def meek(self) -> Total:
        """Growth of the meek actor's effective compute."""
        return Total.of(
            *self.counts * (self.hardware,),
            self.algorithms,
            *self.counts * (self.meek_investment,),
            less=(*self.counts * self.kept_hardware, *self.kept),
        )

    @property
    def ahead(self) -> Total:
        """Growth of the lead."""
        return Total.of(
            *self.counts * (self.investment,),
            *self.counts * self.kept_hardware,
            *self.kept,
            *self.extra,
            less=self.counts * (self.meek_investment,),
        )

    def with_landmark(self, name: str, years: Values) -> "Ledger":
        """The same with one more date to report."""
        return dataclasses.replace(self, marked={**self.marked, name: years})

    def x(self, years: Values) -> Values:
        """``start + H + A + I_m − K``."""
        return self.start + self.meek.level(years)

    def lead(self, years: Values) -> Values:
        """``ln κ + I − I_m + K + J``."""
        return self.log_ratio + self.ahead.level(years)

    def frontier_gained(self, years: Values, width: Values) -> Values:
        """What the frontier gained in the last ``width`` years, entry by entry."""
        return self._frontier.gained(years, width)

    def late_frontier(self) -> tuple[Values, Values]:
        """Late rate of ``y``, and the limit of ``y − rate·t``."""
        rate, offset = self._frontier.late()
        return rate, self.start + self.log_ratio + offset

    @property
    def _frontier(self) -> Total:
        return Total.of(
            *self.counts * (self.hardware,),
            self.algorithms,
            *self.counts * (self.investment,),
            *self.extra,
        )

    def log_investment(self, years: Values) -> Values:
        """I: the frontier's spending over its start."""
        return self.investment.level(years)

    def log_meek_investment(self, years: Values) -> Values:
        """``I_m``: the meek actor's spending over its start."""
        return self.meek_investment.level(years)

    def log_hardware(self, years: Values) -> Values:
        """H: FLOP per dollar over that at the epoch."""
        return self.hardware.level(years)

    def hardware_growth(self, years: Values) -> Values:
        """``H'``, per year."""
        return self.hardware.rate(years)

    def late_hardware(self) -> tuple[Values, Values]:
        """Late rate of H and the limit of ``H − rate·t``."""
        return self.hardware.late()

    def log_hardware_ahead(self, years: Values) -> Values:
        """``K_H``: the frontier's FLOP per dollar over the meek actor's."""
        return self._hardware_ahead.level(years)

    def hardware_ahead_growth(self, years: Values) -> Values:
        """``K_H'``, per year."""
        return self._hardware_ahead.rate(years)

    def late_hardware_ahead(self) -> tuple[Values, Values]:
        """Late rate of ``K_H`` and the limit of ``K_H − rate·t``."""
        return self._hardware_ahead.late()

    @property
    def _hardware_ahead(self) -> Total:
        none = Steady(per_year=jnp.zeros_like(self.log_ratio))
        return Total.of(none, *self.kept_hardware)

    def meek_growth(self, years: Values) -> Values:
        """``x'``, per year."""
        return self.meek.rate(years)

    def lead_growth(self, years: Values) -> Values:
        """``lead'``, per year."""
        return self.ahead.rate(years)

    def breaks(self) -> tuple[Values, ...]:
        """Where an entry breaks, each once."""
        entries = (
            self.hardware,
            self.algorithms,
            self.investment,
            self.meek_investment,
            *self.kept_hardware,
            *self.kept,
            *self.extra,
        )
        found = {id(b): b for entry in entries for b in entry.breaks()}
        return tuple(after_epoch(b) for b in found.values())

    def landmarks(self) -> Mapping[str, Values]:
        """Years of what happens on the way, by name."""
        return self.marked

    def limits(self) -> PathLimits:
        """Where the late rates lead."""
        rate, offset = self.meek.late()
        ahead, more = self.ahead.late()
        start, lead = self.start + offset, self.log_ratio + more
        return PathLimits(
            meek=for_ever(rate, start),
            frontier=for_ever(rate + ahead, start + lead),
            lead=for_ever(ahead, lead),
            ratio=late_ratio(rate, ahead),
            meek_growth=rate,
            lead_growth=ahead,
            meek_offset=start,
            frontier_offset=self.late_frontier()[1],
        )

    def lag_years(self, years: Values) -> Values:
        """``lead/f`` at steady rates; else by root finding."""
        if self.meek.is_steady and self.ahead.is_steady:
            return constant_wait(self.lead(years), self.frontier_growth(years))
        return super().lag_years(years)

    def catch_up_years(self, years: Values) -> Values:
        """``lead/s`` at steady rates; else by root finding."""
        if self.meek.is_steady:
            return constant_wait(self.lead(years), self.meek_growth(years))
        return super().catch_up_years(years)

    def overtaken_years(self) -> Values:
        """``−ln κ/v`` at a steady rate; else by root finding."""
        if self.ahead.is_steady:
            return _melted(self.log_ratio, self.ahead.steady)
        return super().overtaken_years()


def _melted(log_ratio: Values, growth: Steady) -> Values:
    """When a lead melts at a steady rate; −∞ where there is none to begin with."""
    rate = growth.per_year
    melting = rate < 0
    years = log_ratio / jnp.where(melting, -rate, 1.0)
    ahead = jnp.where(melting, years, jnp.inf)
    behind = (log_ratio < 0) | (melting & (log_ratio <= 0))
    return jnp.where(behind, -jnp.inf, ahead)

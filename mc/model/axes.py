"""What every path and every metric offers, whatever the shape of its arrays.

Time is an offset in years from the epoch, ``x`` is ``ln C − ln C0`` of the meek
actor and ``lead`` is ``ln C_frontier − ln C_meek``. The engine supplies times as
``[times, 1]`` and per-draw constants as ``[draws]``; nothing here indexes either.
"""

import dataclasses
from collections.abc import Mapping
from typing import Protocol, runtime_checkable

import jax
import numpy as np
from jaxtyping import Array, Bool, Float

from mc.model.pytree import pytree

AnyArray = jax.Array | np.ndarray
"""On a device, or fetched from it."""

Values = Float[Array, "..."]
Flags = Bool[Array, "..."]
Parameters = Mapping[str, Values]


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class PathLimits:
    """Where a pair of trajectories goes as time goes on for ever.

    Attributes:
        meek: Limit of ``x``: minus infinity, finite or plus infinity.
        frontier: Limit of ``x + lead``.
        lead: Limit of ``lead``.
        ratio: Limit of ``ln C_frontier / ln C_meek``, ``ρ``.
        meek_growth: Limit of ``x'``, per year.
        lead_growth: Limit of ``lead'``, per year.
        meek_offset: Limit of ``x − meek_growth·t``.
        frontier_offset: Limit of ``y − y'·t``, ``y = x + lead``.
    """

    meek: Values
    frontier: Values
    lead: Values
    ratio: Values
    meek_growth: Values
    lead_growth: Values
    meek_offset: Values
    frontier_offset: Values


@runtime_checkable
class Trajectories(Protocol):
    """What two actors have of one resource, one pair a draw."""

    def x(self, years: Values) -> Values:
        """``ln C_meek − ln C0`` at ``years``."""
        ...

    def lead(self, years: Values) -> Values:
        """``ln C_frontier − ln C_meek`` at ``years``, never formed by subtraction."""
        ...

    def meek_growth(self, years: Values) -> Values:
        """``x'``, per year."""
        ...

    def lead_growth(self, years: Values) -> Values:
        """``lead'``, per year, never formed by subtraction."""
        ...

    def frontier_growth(self, years: Values) -> Values:
        """``y' = x' + lead'``, per year."""
        ...

    def log_rate_ratio(self, years: Values) -> Values:
        """``ln |y'/x'|``; infinite where only one of the two actors grows."""
        ...

    def direction(self, years: Values) -> Values:
        """1, or −1 where both actors shrink, or 0 where neither moves."""
        ...

    def breaks(self) -> tuple[Values, ...]:
        """Years at which a rate or a level jumps, padded with plus infinity."""
        ...

    def limits(self) -> PathLimits:
        """Limits of the two trajectories and of their lead."""
        ...


@runtime_checkable
class Path(Trajectories, Protocol):
    """A pair of trajectories of effective training compute."""

    def log_investment(self, years: Values) -> Values:
        """``ln`` of the frontier's spending over its spending at the epoch."""
        ...

    def log_meek_investment(self, years: Values) -> Values:
        """``ln`` of the meek actor's spending over its spending at the epoch."""
        ...

    def log_hardware(self, years: Values) -> Values:
        """``ln`` of FLOP per dollar over that at the epoch, as the frontier buys it."""
        ...

    def late_hardware(self) -> tuple[Values, Values]:
        """Late rate of ``log_hardware``, and the limit of what it adds to that."""
        ...

    def log_hardware_ahead(self, years: Values) -> Values:
        """``ln`` of the frontier's FLOP per dollar over the meek actor's."""
        ...

    def hardware_ahead_growth(self, years: Values) -> Values:
        """Growth of ``log_hardware_ahead``, per year."""
        ...

    def late_hardware_ahead(self) -> tuple[Values, Values]:
        """Late rate of ``log_hardware_ahead``, and the limit of what it adds."""
        ...

    def landmarks(self) -> Mapping[str, Values]:
        """Years of what happens on the way, by name: a slowdown, a cap."""
        ...

    def hardware_growth(self, years: Values) -> Values:
        """Growth of FLOP per dollar, ln per year."""
        ...

    def overtaken_years(self) -> Values:
        """When the lead turns negative: −∞ from the start, +∞ never."""
        ...

    def lag_years(self, years: Values) -> Values:
        """How long ago the frontier stood where the meek actor stands."""
        ...

    def catch_up_years(self, years: Values) -> Values:
        """How long until the meek actor stands where the frontier stands."""
        ...


@runtime_checkable
class Metric(Protocol):
    """A metric's per-draw constants and its formulas.

    ``gap`` is the frontier's advantage: zero at zero lead, positive when ahead. On
    the scale ``log`` value and gap are natural logarithms. ``x`` and ``lead`` are
    those of the metric's own ``budget``; a metric of calendar time is looked at
    through ``on``.
    """

    def budget(self, path: Path) -> Trajectories:
        """The resource that the metric sees: training compute unless told."""
        ...

    def along(self, path: Path) -> "Metric":
        """The same dependence on compute in a world where ``path`` is followed."""
        ...

    def on(self, years: Values) -> "Metric":
        """The metric as it stands on a date; itself unless time enters."""
        ...

    def value(self, x: Values) -> Values:
        """The metric at ``x``."""
        ...

    def gap(self, x: Values, lead: Values) -> Values:
        """The frontier's advantage, without subtracting two values."""
        ...

    def log_gap(self, x: Values, lead: Values) -> Values:
        """Natural logarithm of ``gap``; minus infinity where it is not positive."""
        ...

    def gaps(self, x: Values, lead: Values) -> tuple[Values, Values]:
        """``gap`` and ``log_gap`` together, where one costs little beside the other."""
        ...

    def rise(self, budget: Trajectories, years: Values) -> Values:
        """At or above zero where the gap does not fall, else below it."""
        ...

    def limit_gap(self, limits: PathLimits) -> Values:
        """Limit of ``gap``: zero, finite, infinite, or NaN where it is not known."""
        ...

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """What is banded over dates: gap, frontier, meek, and the metric's own."""
        ...

    def invalid(self) -> Flags:
        """Draws at which the metric's constants make no sense."""
        ...

    def extrapolated(self, frontier: Values) -> Flags:
        """Whether the frontier stands beyond where data reach."""
        ...

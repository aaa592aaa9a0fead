"""A path looked at in another way: what stays as it is."""

import dataclasses
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import PathLimits, Values
from mc.model.ledger import Ledger
from mc.model.waits import TwoActors


@dataclasses.dataclass(frozen=True, kw_only=True)
class View(TwoActors):
    """A path whose trajectories differ from another's, at the same prices.

    Attributes:
        path: The other.
    """

    path: "Ledger | View"

    @property
    def start(self) -> Values:
        """``x`` at the epoch of the ledger underneath."""
        return self.path.start

    def limits(self) -> PathLimits:
        """Where the trajectories lead."""
        raise NotImplementedError

    def late_frontier(self) -> tuple[Values, Values]:
        """Late rate of ``y``, and the limit of ``y − rate·t``."""
        raise NotImplementedError

    def log_investment(self, years: Values) -> Values:
        """As on the path."""
        return self.path.log_investment(years)

    def log_meek_investment(self, years: Values) -> Values:
        """As on the path."""
        return self.path.log_meek_investment(years)

    def log_hardware(self, years: Values) -> Values:
        """As on the path."""
        return self.path.log_hardware(years)

    def hardware_growth(self, years: Values) -> Values:
        """As on the path."""
        return self.path.hardware_growth(years)

    def late_hardware(self) -> tuple[Values, Values]:
        """As on the path."""
        return self.path.late_hardware()

    def log_hardware_ahead(self, years: Values) -> Values:
        """As on the path."""
        return self.path.log_hardware_ahead(years)

    def hardware_ahead_growth(self, years: Values) -> Values:
        """As on the path."""
        return self.path.hardware_ahead_growth(years)

    def late_hardware_ahead(self) -> tuple[Values, Values]:
        """As on the path."""
        return self.path.late_hardware_ahead()

    def landmarks(self) -> Mapping[str, Values]:
        """Those of the path."""
        return self.path.landmarks()

    def breaks(self) -> tuple[Values, ...]:
        """Those of the path."""
        return self.path.breaks()


def on_its_side(
    years: Values, mapped: Values, *breaks: tuple[Values, Values]
) -> Values:
    """Mapped dates, on the same side of every break as the dates they come from.

    Rounding may carry a date across a jump that it lies at; here it does not.

    Args:
        years: Dates.
        mapped: The same in the time of another trajectory.
        *breaks: A break in ``years``, and the same in ``mapped``.
    """
    for outer, inner in breaks:
        before = jnp.nextafter(inner, jnp.full_like(inner, -jnp.inf))
        reached, short = jnp.maximum(mapped, inner), jnp.minimum(mapped, before)
        mapped = jnp.where(years >= outer, reached, short)
    return mapped

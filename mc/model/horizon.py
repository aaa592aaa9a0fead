"""The 50 % time horizon as a power of effective compute (Kwa et al., arXiv 2503.14499).

What is observed is the frontier's doubling time in calendar time and its horizon on
one date; the elasticity to effective compute follows, ``ε = ln 2 / (T_d·f)``, with
``f`` the frontier's growth on that date.
"""

import dataclasses
import math

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, Trajectories, Values
from mc.model.kinked_horizon import JOIN_YEARS, KinkedHorizon, LogHorizons
from mc.model.pytree import pytree

LOG_RELIABLE_MINUTES = math.log(16 * 60)
"""METR's own limit: horizons above 16 hours are unreliable and left out of its fit."""


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HorizonTrend:
    """``ln h50 = log_minutes + ε·x``.

    Attributes:
        log_minutes: ``ln h50`` at the meek actor's initial compute, h50 in minutes.
        elasticity: ``ε``, per unit of log effective compute.
        kinked: The curve where there is a kink; ``x`` is then ``ln h50`` itself.
    """

    log_minutes: Values
    elasticity: Values
    kinked: KinkedHorizon | None = None

    @classmethod
    def prepare(cls, parameters: Parameters, path: Path) -> "HorizonTrend":
        """Per-draw constants; the frontier passes through the anchor."""
        anchor = parameters["anchor_date"]
        if "horizon_doubling_time" in parameters:
            years = jnp.exp(parameters["horizon_doubling_time"])
            elasticity = math.log(2) / (years * path.frontier_growth(anchor))
        else:
            elasticity = parameters["horizon_elasticity"]
        reached = path.x(anchor) + path.lead(anchor)
        if "horizon_kink_date" in parameters:
            kinked = _kinked(parameters, path, elasticity, reached)
            nothing = jnp.zeros_like(kinked.log_minutes)
            return cls(log_minutes=nothing, elasticity=1 + nothing, kinked=kinked)
        return cls(
            log_minutes=parameters["horizon_at_anchor"] - elasticity * reached,
            elasticity=elasticity,
        )

    def log_horizon(self, x: Values) -> Values:
        """``ln h50``, minutes."""
        return self.log_minutes + self.elasticity * x

    def budget(self, path: Path) -> Trajectories:
        """What ``x`` is of: compute, or with a kink the log horizon it gives."""
        if self.kinked is None:
            return path
        return LogHorizons(path=path, curve=self.kinked)

    def log_start(self) -> Values:
        """``ln h50`` of the meek actor's initial compute, minutes."""
        if self.kinked is None:
            return self.log_minutes
        return self.kinked.log_horizon(jnp.zeros_like(self.log_minutes))

    def invalid(self) -> Flags:
        """A doubling time says nothing about a frontier that does not grow."""
        if self.kinked is None:
            return ~((self.elasticity > 0) & jnp.isfinite(self.log_minutes))
        rising = (self.kinked.early > 0) & (self.kinked.late > 0)
        return ~(rising & jnp.isfinite(self.kinked.log_minutes))

    def extrapolated(self, frontier: Values) -> Flags:
        """Whether the frontier's horizon lies above 16 hours."""
        return self.log_horizon(frontier) > LOG_RELIABLE_MINUTES


class OfHorizon:
    """What metrics share that depend on compute through the horizon alone.

    Attributes:
        trend: The horizon as a function of compute.
    """

    trend: HorizonTrend

    def budget(self, path: Path) -> Trajectories:
        """Compute, or the log horizon that it gives."""
        return self.trend.budget(path)

    def extrapolated(self, frontier: Values) -> Flags:
        """Above a horizon of 16 hours no task suite measures the trend."""
        return self.trend.extrapolated(frontier)


def _kinked(
    parameters: Parameters, path: Path, late: Values, reached: Values
) -> KinkedHorizon:
    """The curve through the anchor that turns where the frontier was on a date."""
    kink = parameters["horizon_kink_date"]
    growth = path.frontier_growth(kink)
    years = jnp.exp(parameters["early_horizon_doubling_time"])
    return KinkedHorizon.through(
        parameters["horizon_at_anchor"],
        reached,
        early=math.log(2) / (years * growth),
        late=late,
        place=path.x(kink) + path.lead(kink),
        width=JOIN_YEARS * growth,
    )

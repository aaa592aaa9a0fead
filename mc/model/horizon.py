"""The 50 % time horizon as a power of effective compute (Kwa et al., arXiv 2503.14499).

What is observed is the frontier's doubling time in calendar time and its horizon on
one date; the elasticity to effective compute follows, ``ε = ln 2 / (T_d·f)``, with
``f`` the frontier's growth on that date.
"""

import dataclasses
import math

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, Values

LOG_RELIABLE_MINUTES = math.log(16 * 60)
"""METR's own limit: horizons above 16 hours are unreliable and left out of its fit."""


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class HorizonTrend:
    """``ln h50 = log_minutes + ε·x``.

    Attributes:
        log_minutes: ``ln h50`` at the meek actor's initial compute, h50 in minutes.
        elasticity: ``ε``, per unit of log effective compute.
    """

    log_minutes: Values
    elasticity: Values

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
        return cls(
            log_minutes=parameters["horizon_at_anchor"] - elasticity * reached,
            elasticity=elasticity,
        )

    def log_horizon(self, x: Values) -> Values:
        """``ln h50``, minutes."""
        return self.log_minutes + self.elasticity * x

    def invalid(self) -> Flags:
        """A doubling time says nothing about a frontier that does not grow."""
        return ~((self.elasticity > 0) & jnp.isfinite(self.log_minutes))

    def extrapolated(self, frontier: Values) -> Flags:
        """Whether the frontier's horizon lies above 16 hours."""
        return self.log_horizon(frontier) > LOG_RELIABLE_MINUTES

"""The 50 % time horizon: how long a task a model completes half the time."""

import dataclasses
from collections.abc import Mapping

import jax
import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, PathLimits, Values
from mc.model.differences import log_expm1
from mc.model.horizon import HorizonTrend

ENTRIES = {
    "time_horizon": {
        "record": "TimeHorizon",
        "summary": "METR 50 % time horizon; gap = frontier over meek, as a ratio",
        "unit": "ratio",
        "undefined": "a doubling time needs a frontier whose compute grows",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "series": {
            "gap": {"unit": "ratio", "scale": "log"},
            "gap_difference": {
                "unit": "hours",
                "scale": "signed_log",
                "divisor": 60.0,
            },
            "frontier": {"unit": "hours", "scale": "log", "divisor": 60.0},
            "meek": {"unit": "hours", "scale": "log", "divisor": 60.0},
        },
        "needs": [
            [["horizon_doubling_time"], ["horizon_elasticity"]],
            [["horizon_at_anchor", "anchor_date"]],
        ],
        "caveats": [
            [
                "trend-gap",
                "The gap is between two points of one trend, not two models.",
            ],
            [
                "above-16-hours",
                "Above 16 hours horizons are extrapolated: no suite measures them.",
            ],
        ],
    }
}


@jax.tree_util.register_dataclass
@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeHorizon:
    """``h50 = h0·e^(ε·x)``; value and gap are natural logarithms (minutes; ratio).

    Attributes:
        trend: The horizon as a power of compute.
    """

    trend: HorizonTrend

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "TimeHorizon":
        """Per-draw constants."""
        del arguments
        return cls(trend=HorizonTrend.prepare(parameters, path))

    def value(self, x: Values) -> Values:
        """``ln h50``, minutes."""
        return self.trend.log_horizon(x)

    def gap(self, x: Values, lead: Values) -> Values:
        """``ln(h_frontier/h_meek) = ε·lead``."""
        return self.trend.elasticity * lead + jnp.zeros_like(x)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln(ε·lead)``: the logarithm of a log ratio, for the events."""
        gap = self.gap(x, lead)
        return jnp.log(jnp.maximum(gap, 0.0))

    def log_slope(self, x: Values) -> Values:
        """``ln ε``: the same everywhere, so the gap follows the lead."""
        return jnp.log(self.trend.elasticity) + jnp.zeros_like(x)

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """0."""
        return jnp.zeros_like(x + lead)

    def limit_gap(self, limits: PathLimits) -> Values:
        """``ε·lim lead`` (Theorem 2.5: linear in ln C, so mighty)."""
        return self.trend.elasticity * limits.lead

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Log ratio, signed log of the difference in minutes, both log horizons."""
        ratio = self.trend.elasticity * lead
        shorter = self.value(x + jnp.minimum(lead, 0.0))
        log_difference = shorter + log_expm1(jnp.abs(ratio))
        return {
            "gap": self.gap(x, lead),
            "gap_difference": jnp.sign(lead) * jax.nn.softplus(log_difference),
            "frontier": self.value(x + lead),
            "meek": self.value(x),
        }

    def invalid(self) -> Flags:
        """Where the frontier does not grow, a doubling time has no elasticity."""
        return self.trend.invalid()

    def extrapolated(self, frontier: Values) -> Flags:
        """Above 16 hours no task suite measures a horizon."""
        return self.trend.extrapolated(frontier)

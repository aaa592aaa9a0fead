"""The time horizon: how long a task a model completes half, or 80 %, of the time."""

import dataclasses
import math
from collections.abc import Mapping

import jax.numpy as jnp

from mc.model.axes import Flags, Parameters, Path, Values
from mc.model.curves.linear import Linear
from mc.model.curves.power import Power
from mc.model.differences import log1p_difference
from mc.model.horizon import HorizonTrend, OfHorizon
from mc.model.pytree import pytree

LN_2 = math.log(2)

ENTRIES = {
    "time_horizon": {
        "record": "TimeHorizon",
        "summary": "METR 50 % time horizon; gap = frontier over meek, as a ratio",
        "capability": "tasks",
        "formula": "h*exp(e*x)",
        "unit": "ratio",
        "undefined": "a doubling time needs a frontier whose compute grows",
        "direction": "higher is better",
        "bounds": [0.0, None],
        "scale": "log",
        "tolerance": 1.25,
        "arguments": {
            "reliability": {
                "default": "50",
                "choices": {
                    "50": {"fixed": {"ratios": 0.0}},
                    "80": {
                        "summary": "METR 80 % time horizon",
                        "fixed": {"ratios": 1.0},
                        "needs": [
                            [
                                [
                                    "horizon_doubling_time",
                                    "early_horizon_doubling_time",
                                    "horizon_kink_date",
                                ],
                                [
                                    "horizon_elasticity",
                                    "early_horizon_doubling_time",
                                    "horizon_kink_date",
                                ],
                                ["horizon_doubling_time"],
                                ["horizon_elasticity"],
                            ],
                            [["horizon_at_anchor", "anchor_date"]],
                            [["horizon_ratio_50_80"]],
                        ],
                    },
                },
            },
            "gap": {
                "default": "ratio",
                "choices": {
                    "ratio": {},
                    "difference": {
                        "record": "HorizonDifference",
                        "unit": "hours",
                        "value_unit": "hours",
                        "scale": "linear",
                        "tolerance": 1.0,
                    },
                    "doublings": {
                        "record": "HorizonDoublings",
                        "formula": "log(h) + e*x",
                        "unit": "doublings",
                        "value_unit": "doublings of one minute",
                        "scale": "linear",
                        "tolerance": 0.3219,
                    },
                },
            },
        },
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
            [
                [
                    "horizon_doubling_time",
                    "early_horizon_doubling_time",
                    "horizon_kink_date",
                ],
                [
                    "horizon_elasticity",
                    "early_horizon_doubling_time",
                    "horizon_kink_date",
                ],
                ["horizon_doubling_time"],
                ["horizon_elasticity"],
            ],
            [["horizon_at_anchor", "anchor_date"]],
        ],
        "caveats": [
            [
                "trend-gap",
                "The gap is between two points of one trend in compute, its kink "
                "included, not two models.",
            ],
            [
                "above-16-hours",
                "Above 16 hours horizons are extrapolated: no suite measures them.",
            ],
        ],
    }
}


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class TimeHorizon(OfHorizon, Linear):
    """``h = h0·e^(ε·x)``; value and gap are natural logarithms (minutes; ratio).

    Attributes:
        trend: The 50 % horizon as a function of compute.
    """

    trend: HorizonTrend

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "TimeHorizon":
        """Per-draw constants."""
        trend = HorizonTrend.prepare(parameters, path)
        start = _log_start(trend, parameters, arguments)
        return cls(start=start, slope=trend.elasticity, trend=trend)

    def series(self, x: Values, lead: Values) -> dict[str, Values]:
        """Log ratio, signed log of the difference in minutes, both log horizons."""
        shorter = self.value(x + jnp.minimum(lead, 0.0))
        size = log1p_difference(shorter, jnp.abs(self.slope * lead))
        signed = jnp.sign(lead) * size
        return super().series(x, lead) | {"gap_difference": signed}

    def invalid(self) -> Flags:
        """Where the frontier does not grow, a doubling time has no elasticity."""
        return self.trend.invalid()


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HorizonDifference(OfHorizon, Power):
    """The horizon itself, in hours: its gap grows even at a constant lead.

    Attributes:
        trend: The 50 % horizon as a function of compute.
    """

    trend: HorizonTrend

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HorizonDifference":
        """Per-draw constants."""
        trend = HorizonTrend.prepare(parameters, path)
        hours = _log_start(trend, parameters, arguments) - math.log(60)
        return cls(log_start=hours, rate=trend.elasticity, trend=trend)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class HorizonDoublings(OfHorizon, Linear):
    """``log2 h``, h in minutes: the gap is a number of doublings.

    Attributes:
        trend: The 50 % horizon as a function of compute.
    """

    trend: HorizonTrend

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "HorizonDoublings":
        """Per-draw constants."""
        trend = HorizonTrend.prepare(parameters, path)
        start = _log_start(trend, parameters, arguments) / LN_2
        return cls(start=start, slope=trend.elasticity / LN_2, trend=trend)


def _log_start(
    trend: HorizonTrend, parameters: Parameters, arguments: Mapping[str, Values]
) -> Values:
    """``ln`` minutes at the start: of the 50 % horizon, or a 50/80 ratio below it."""
    if "horizon_ratio_50_80" not in parameters:
        return trend.log_minutes
    shorter = arguments["ratios"] * parameters["horizon_ratio_50_80"]
    return trend.log_minutes - shorter

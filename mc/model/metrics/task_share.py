"""The share of a mixture of tasks that is solved: success over a law of lengths."""

import dataclasses
import math
from collections.abc import Mapping
from typing import ClassVar

import jax
import jax.numpy as jnp
import numpy as np

from mc.model.axes import Flags, Parameters, Path, Values
from mc.model.curves.curve import Curve
from mc.model.curves.logistic import Logistic
from mc.model.differences import (
    log_logistic,
    log_logistic_difference,
    log_logistic_slope_change,
    logistic_difference,
)
from mc.model.horizon import HorizonTrend, OfHorizon
from mc.model.pytree import pytree
from mc.model.success import SuccessCurve

WIDTH = 0.75
"""Distance of the nodes in ln length, where a part is so wide that they are many.

The error of the trapezoidal rule is ``e^(−2π²/(β·WIDTH))``, 1e-8 at β = 1.4.
"""
MOST_STEP = 0.8
"""The same in normal scores, for narrower parts."""
REACH = 7.0
"""Normal score at which a part ends; of what lies beyond a tail far from every length
lacks ``Φ(β·sd − REACH)``, 1e-5 at β·sd = 2.7."""
NARROW, FEW = 0.3, 4
"""An sd of ln length over which success hardly bends; its Gauss–Hermite nodes."""

MOST = 60.0
"""Largest exponent taken: far from where a ratio of slopes is read."""

ENTRIES = {
    "task_share": {
        "record": "MetrSuiteShare",
        "summary": "share solved of the tasks of METR's suite, by their lengths",
        "capability": "tasks",
        "formula": "1/(1 + exp(-b*(x - m)))",
        "unit": "probability",
        "undefined": "a doubling time needs a frontier whose compute grows, a success "
        "curve an 80 % horizon shorter than the 50 % one",
        "direction": "higher is better",
        "bounds": [0.0, 1.0],
        "tolerance": 0.05,
        "arguments": {
            "tasks": {
                "default": "metr",
                "choices": {
                    "metr": {},
                    "occupation": {
                        "record": "OccupationShare",
                        "summary": "share solved of an occupation's tasks (assumed "
                        "lengths: median 1 h, 90 % from 5 min to 12 h)",
                    },
                },
            }
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
            [["horizon_ratio_50_80"]],
        ],
        "caveats": [
            [
                "lengths-assumed",
                "The law of task lengths is an approximation (METR's suite) or "
                "assumed (an occupation).",
            ],
            [
                "above-16-hours",
                "Above 16 hours horizons are extrapolated: no suite measures them.",
            ],
        ],
    }
}


def nodes(parts: tuple[tuple[float, float, float], ...]) -> tuple[np.ndarray, ...]:
    """Log lengths and weights that integrate over a mixture of lognormals.

    Args:
        parts: Weight, median in minutes and sd of ln length, one a part.

    Returns:
        ``ln`` minutes and weights that add to 1, float64.
    """
    total = sum(weight for weight, _, _ in parts)
    lengths, shares = [], []
    for weight, minutes, sd in parts:
        scores, masses = _scores(sd)
        lengths.append(math.log(minutes) + sd * scores)
        shares.append(weight / total * masses / masses.sum())
    return np.concatenate(lengths), np.concatenate(shares)


def _scores(sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Normal scores and their masses, for a part of that width."""
    if sd < NARROW:
        roots, masses = np.polynomial.hermite.hermgauss(FEW)
        return math.sqrt(2) * roots, masses
    count = math.ceil(REACH / min(MOST_STEP, WIDTH / sd))
    scores = np.linspace(-REACH, REACH, 2 * count + 1)
    return scores, np.exp(-(scores**2) / 2)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class TaskShare(OfHorizon, Curve):
    """``∫ σ(β(ln h − ln τ)) dP(ln τ)`` over a law P of task lengths.

    Attributes:
        success: Success on tasks of one minute.
        logits: ``β``, logits per unit of log length.
        trend: The horizon as a function of compute.
    """

    PARTS: ClassVar[tuple[tuple[float, float, float], ...]]

    success: Logistic
    logits: Values
    trend: HorizonTrend

    @classmethod
    def prepare(
        cls, parameters: Parameters, path: Path, arguments: Mapping[str, Values]
    ) -> "TaskShare":
        """Per-draw constants."""
        del arguments
        trend = HorizonTrend.prepare(parameters, path)
        minute = jnp.zeros_like(trend.log_minutes)
        return cls(
            success=SuccessCurve.of(parameters, path, minute),
            logits=math.log(4) / parameters["horizon_ratio_50_80"],
            trend=trend,
        )

    def value(self, x: Values) -> Values:
        """Share solved."""
        z = self.success.logit(x)
        return self._mean(lambda shift: jax.nn.sigmoid(z - shift), z)

    def gap(self, x: Values, lead: Values) -> Values:
        """Frontier minus meek share: the mean of the gaps at each length."""
        z, d = self.success.logit(x), self.success.slope * lead
        return self._mean(lambda shift: logistic_difference(z - shift, d), z + d)

    def log_gap(self, x: Values, lead: Values) -> Values:
        """``ln`` of the gap, added up in logarithms."""
        z, d = self.success.logit(x), self.success.slope * lead
        return self._log_mean(lambda s: log_logistic_difference(z - s, d), z + d)

    def log_slope(self, x: Values) -> Values:
        """``ln`` of the mean slope over lengths."""
        z = self.success.logit(x)
        mean = self._log_mean(lambda s: log_logistic(z - s) + log_logistic(s - z), z)
        return jnp.log(self.success.slope) + mean

    def log_slope_change(self, x: Values, lead: Values) -> Values:
        """``ln(1 + mean of (e^change − 1))``, weighted by the slopes behind.

        Where that is far from 0 two logarithms are subtracted.
        """
        z, d = self.success.logit(x), self.success.slope * lead
        mean = self.log_slope(x) - jnp.log(self.success.slope)

        def moved(shift: Values) -> Values:
            behind = log_logistic(z - shift) + log_logistic(shift - z) - mean
            change = log_logistic_slope_change(z - shift, d)
            close = jnp.abs(change) < 1
            small = jnp.exp(behind) * jnp.expm1(jnp.where(close, change, 0.0))
            large = jnp.exp(jnp.minimum(behind + change, MOST)) - jnp.exp(behind)
            return jnp.where(close, small, large)

        total = self._mean(moved, z + d)
        near = jnp.abs(total) < 0.5
        far = self.log_slope(x + lead) - self.log_slope(x)
        return jnp.where(near, jnp.log1p(jnp.where(near, total, 0.0)), far)

    def invalid(self) -> Flags:
        """As success on tasks of one length is."""
        return self.success.invalid()

    def _mean(self, function, like: Values) -> Values:
        """Mean of a function of the shift in logits over the law of lengths."""
        lengths, weights = self._law(like)

        def step(i: jax.Array, total: Values) -> Values:
            return total + weights[i] * function(self.logits * lengths[i])

        start = jnp.zeros_like(like + self.logits)
        return jax.lax.fori_loop(0, lengths.size, step, start)

    def _log_mean(self, function, like: Values) -> Values:
        """The same of a function given by its logarithm."""
        lengths, weights = self._law(like)

        def step(i: jax.Array, total: Values) -> Values:
            term = jnp.log(weights[i]) + function(self.logits * lengths[i])
            return jnp.logaddexp(total, term)

        start = jnp.full_like(like + self.logits, -jnp.inf)
        return jax.lax.fori_loop(0, lengths.size, step, start)

    def _law(self, like: Values) -> tuple[Values, Values]:
        lengths, weights = nodes(self.PARTS)
        return jnp.asarray(lengths, like.dtype), jnp.asarray(weights, like.dtype)


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class MetrSuiteShare(TaskShare):
    """METR's Time Horizon 1.0 suite of 170 tasks (Kwa et al., arXiv 2503.14499).

    66 SWAA tasks of 1 to 30 seconds, 97 HCAST tasks of 1 minute to 30 hours and 7
    RE-Bench tasks of about 8 hours; each set as a lognormal over its printed range,
    the ends taken as 2.5 and 97.5 %: an approximation.
    """

    PARTS = (
        (66.0, math.sqrt(1 / 60 * 0.5), math.log(30) / 3.92),
        (97.0, math.sqrt(1 * 1800), math.log(1800) / 3.92),
        (7.0, 480.0, 0.1),
    )


@pytree
@dataclasses.dataclass(frozen=True, kw_only=True)
class OccupationShare(TaskShare):
    """An occupation whose tasks take a median of 1 hour, 90 % 5 minutes to 12 hours.

    Assumed, as an example: no source measures the lengths of an occupation's tasks.
    """

    PARTS = ((1.0, 60.0, math.log(12) / 1.645),)

"""Progress at one training compute: direct evidence on how fast algorithms improve.

A metric regressed on log compute and date gives its gain ``b`` for an e-fold of compute
and its gain ``d`` in a year at one compute; of a draw with algorithms growing at ``a``,
``d = b·a``. Errors in compute flatten the slope on compute to ``λ·b`` and lift the rate
by what compute grew in the meantime, ``(1 − λ)·b·k`` (Fuller, Measurement Error Models,
1987); a model that distils a larger one takes over what it did not train. The ratio of
both estimates is thus too high.
"""

import dataclasses
import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import ndtr, ndtri

from mc.analysis.conditioning.likelihood import (
    FRONTIER_COMPUTE,
    ByNode,
    Likelihood,
    Says,
    Wanted,
    midpoints,
)
from mc.analysis.conditioning.regressions import Regression
from mc.analysis.conditioning.trend import CAPABILITY_INDEX, TIME_HORIZON

ALGORITHMS, INDEX_SLOPE = "algorithmic_growth", "eci_per_oom"
ERROR_SIGMA = 0.5
_LN_10 = math.log(10.0)
Values = Float[np.ndarray, "nodes draws"]


@dataclass(frozen=True, kw_only=True, eq=False)
class FixedCompute(Likelihood):
    """Regressions of one or more metrics on compute and date.

    Attributes:
        regressions: By metric.
        days: Two days between which a draw's slope on compute is read.
        trends_used: Metrics whose trend is conditioned on elsewhere. Of these the slope
            on compute counts alone: in least squares it is independent of the trend,
            and the rate at fixed compute is the trend less the slope times the growth
            of compute.
        compute_error: Median of what the stated error variance of log compute is to
            be multiplied by; lognormal, sigma ``ERROR_SIGMA``.
        distilled: Scale of the half-normal prior of what distilling larger models
            adds to progress at fixed compute, as a share.
        nodes: How many values of either are summed over.
    """

    regressions: Mapping[str, Regression]
    days: tuple[datetime.date, datetime.date]
    trends_used: frozenset[str] = frozenset()
    compute_error: float = 1.0
    distilled: float = 0.2
    nodes: tuple[int, int] = (6, 4)

    @property
    def name(self) -> str:
        """Of the data."""
        return "progress at fixed compute"

    @property
    def wants(self) -> tuple[Wanted, ...]:
        """Growth of algorithms, and each metric's slope on log compute."""
        found = [Wanted(name=ALGORITHMS)]
        if CAPABILITY_INDEX in self.regressions:
            found.append(Wanted(name=INDEX_SLOPE))
        if TIME_HORIZON in self.regressions:
            found.append(Wanted(name=TIME_HORIZON, days=self.days))
            found.append(Wanted(name=FRONTIER_COMPUTE, days=self.days))
        return tuple(found)

    @property
    def labels(self) -> tuple[str, ...]:
        """Each metric by compute, and by year where its trend is not used."""
        return tuple(
            f"{metric} by {what}"
            for metric in self.regressions
            for what in ("compute", "year")[: self._num(metric)]
        )

    @property
    def is_known(self) -> Bool[np.ndarray, " data"]:
        """All."""
        return np.ones(len(self.labels), bool)

    @property
    def scales(self) -> Mapping[str, Float[np.ndarray, " nodes"]]:
        """What stated variances are multiplied by; what distilling adds."""
        return {"error variance, x": self._grid[0], "distilled, share": self._grid[1]}

    def log_likelihood(self, says: Says) -> ByNode:
        """Of the coefficients, which are normal about what a draw leads to expect."""
        total = np.zeros((self._grid.shape[1], says.shape[1]))
        for metric, slope in self._slopes(says).items():
            rest = self._rest(metric, says[0], slope)
            size = self._num(metric)
            spread = self.regressions[metric].covariance[:size, :size]
            whiten = np.linalg.inv(np.linalg.cholesky(spread))
            scores = np.einsum("ij,jnd->ind", whiten, rest)
            total += -0.5 * np.square(scores).sum(axis=0)
            total += np.log(np.diag(whiten)).sum() - 0.5 * size * math.log(2 * math.pi)
        return total

    def ranks(self, says: Says, weights: ByNode) -> Float[np.ndarray, " data"]:
        """Probability of a smaller coefficient."""
        found: list[float] = []
        for metric, slope in self._slopes(says).items():
            rest = self._rest(metric, says[0], slope)
            sd = np.sqrt(np.diag(self.regressions[metric].covariance))
            scores = rest / sd[: len(rest), None, None]
            found += [float((ndtr(one) * weights).sum()) for one in scores]
        return np.array(found)

    def scaled(self, by: float) -> "FixedCompute":
        """With another prior scale of the error variance of compute."""
        return dataclasses.replace(self, compute_error=by * self.compute_error)

    def expected(
        self, metric: str, algorithms: np.ndarray, slope: np.ndarray
    ) -> tuple[Values, Values]:
        """Coefficients that draws lead to expect, at every node.

        Args:
            metric: Which.
            algorithms: Growth of algorithms of each draw, ln a year.
            slope: Gain for an e-fold of compute of each draw.
        """
        own = self.regressions[metric]
        errors, distilled = self._grid[:, :, None]
        noise = np.minimum(own.noise_share * errors, 1.0)
        flat = (1.0 - noise) * slope
        rate = (1.0 + distilled) * slope * algorithms
        return flat, rate + noise * slope * own.compute_growth

    @property
    def num_rates(self) -> int:
        """How many rates at fixed compute count, beside the slopes."""
        return len(self.labels) - len(self.regressions)

    def _num(self, metric: str) -> int:
        return 1 if metric in self.trends_used else 2

    def _rest(
        self, metric: str, algorithms: np.ndarray, slope: np.ndarray
    ) -> Float[np.ndarray, "coefficients nodes draws"]:
        """How far each estimate lies above what is expected."""
        own = self.regressions[metric]
        flat, rate = self.expected(metric, algorithms, slope)
        rest = np.stack([own.per_log_compute - flat, own.per_year - rate])
        return rest[: self._num(metric)]

    def _slopes(self, says: Says) -> dict[str, Float[np.ndarray, " draws"]]:
        """Gain of each metric for an e-fold of compute."""
        found, place = {}, 1
        if CAPABILITY_INDEX in self.regressions:
            found[CAPABILITY_INDEX] = says[place] / _LN_10
            place += 1
        if TIME_HORIZON in self.regressions:
            early, late, less, more = says[place : place + 4]
            found[TIME_HORIZON] = (late - early) / (more - less)
        return {metric: found[metric] for metric in self.regressions}

    @cached_property
    def _grid(self) -> Float[np.ndarray, "2 nodes"]:
        middles = (np.arange(self.nodes[0]) + 0.5) / self.nodes[0]
        errors = self.compute_error * np.exp(ERROR_SIGMA * ndtri(middles))
        distilled = self.distilled * midpoints(self.nodes[1])
        axes = np.meshgrid(errors, distilled, indexing="ij")
        return np.stack([axis.ravel() for axis in axes])

"""Releases about the frontier's trend: how likely horizons and index scores are."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float

from mc.analysis.conditioning.likelihood import ByNode, Likelihood, Says, Wanted
from mc.analysis.conditioning.releases import Releases
from mc.analysis.conditioning.scatter import Scatter

TIME_HORIZON, CAPABILITY_INDEX = "time_horizon", "capability_index"


@dataclass(frozen=True, kw_only=True, eq=False)
class Trend(Likelihood):
    """Frontier releases that scatter about the best models' trend.

    Attributes:
        metric: Of which the trend is.
        data: What was measured.
        scatter: What is assumed of its scatter.
        unit: Of the scatter.
    """

    metric: str
    data: Releases
    scatter: Scatter
    unit: str

    @property
    def name(self) -> str:
        """Of the data."""
        return {
            TIME_HORIZON: "time horizons",
            CAPABILITY_INDEX: "index scores",
        }.get(self.metric, self.metric)

    @property
    def wants(self) -> tuple[Wanted, ...]:
        """The frontier's trend on the days of release."""
        return (Wanted(name=self.metric, days=self.data.days),)

    @property
    def labels(self) -> tuple[str, ...]:
        """The models."""
        return self.data.models

    @property
    def is_known(self) -> Bool[np.ndarray, " data"]:
        """Which are not only known to be above a limit."""
        return ~self.data.is_above

    @property
    def scales(self) -> Mapping[str, Float[np.ndarray, " nodes"]]:
        """Sd of the drift, scale of shortfalls, sd of errors that are not stated."""
        found = {
            f"drift, {self.unit}": self.scatter.drifts,
            f"shortfalls, {self.unit}": self.scatter.shortfalls,
        }
        if self.data.is_unstated.any():
            found[f"error, {self.unit}"] = self.scatter.errors
        return found

    def log_likelihood(self, says: Says) -> ByNode:
        """As ``Scatter`` has it."""
        return self.scatter.log_likelihood(self.data, says)

    def ranks(self, says: Says, weights: ByNode) -> Float[np.ndarray, " data"]:
        """As ``Scatter`` has it."""
        return self.scatter.ranks(self.data, says, weights)

    def scaled(self, by: float) -> "Trend":
        """With another prior scale of the drift."""
        scatter = dataclasses.replace(self.scatter, drift=by * self.scatter.drift)
        return dataclasses.replace(self, scatter=scatter)

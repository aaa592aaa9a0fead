"""How far an actor that follows is behind: the likelihood of measured lags.

    ln lag_i = ln Λ + definition_s + pair_p + error_i

Λ is the lag of the compute path ``fast_follower``: whoever is measured scales budgets
or distils, so that no lag speaks of a fixed budget. What a lag means differs between
sources, and between the models of one source. A pair that is not yet matched has a lag
of at least its age.
"""

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import NormalDist

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import ndtr

from mc.analysis.conditioning.likelihood import (
    ByNode,
    Likelihood,
    Says,
    Wanted,
    midpoints,
)
from mc.analysis.conditioning.scatter import Factored
from priors.evidence.arrays import CENSORING
from priors.evidence.rows import Row
from priors.faults import Fault, Refusal
from priors.units import MONTHS_PER_YEAR

PARAMETER = "follower_lag"


@dataclass(frozen=True, kw_only=True, eq=False)
class Lags(Likelihood):
    """Lags of one kind of follower.

    Attributes:
        labels_of: What was measured.
        log_years: ln of each lag in years, or of its lower limit.
        sd: Standard error of ``log_years``; 0 where it is not stated.
        sources: Who measured each: rows of one source share its definition.
        pairs: Which model each is about: rows of one model share what it is.
        is_above: Whether only a lower limit is known.
        definition: Scale of the half-normal prior of the sd between sources.
        pair: Scale of the half-normal prior of the sd between models or measures.
        nodes: How many values of either are summed over.
    """

    labels_of: tuple[str, ...]
    log_years: Float[np.ndarray, " lags"]
    sd: Float[np.ndarray, " lags"]
    sources: tuple[str, ...]
    pairs: tuple[str, ...]
    is_above: Bool[np.ndarray, " lags"]
    definition: float = 0.5
    pair: float = 0.5
    nodes: tuple[int, int] = (6, 6)

    @classmethod
    def of(cls, rows: Sequence[Row]) -> "Lags":
        """Rows of evidence, of which one kind of actor is the subject.

        Raises:
            Refusal: If a row has no value above 0.
        """
        faults = [
            Fault(f"{row.label} needs a lag above 0")
            for row in rows
            if row.value is None or row.value <= 0
        ]
        if faults:
            raise Refusal(faults)
        months = np.array([row.value for row in rows], float)
        return cls(
            labels_of=tuple(row.label for row in rows),
            log_years=np.log(months / MONTHS_PER_YEAR),
            sd=np.array([_error(row) for row in rows]),
            sources=tuple(row.source for row in rows),
            pairs=tuple(row.label.partition(",")[0] for row in rows),
            is_above=np.array([CENSORING[row.censored] > 0 for row in rows]),
        )

    @property
    def name(self) -> str:
        """Of the data."""
        return "lags"

    @property
    def wants(self) -> tuple[Wanted, ...]:
        """The lag of a fast follower, which no date changes."""
        return (Wanted(name=PARAMETER),)

    @property
    def labels(self) -> tuple[str, ...]:
        """What was measured."""
        return self.labels_of

    @property
    def is_known(self) -> Bool[np.ndarray, " data"]:
        """Which pairs are matched."""
        return ~self.is_above

    @property
    def scales(self) -> Mapping[str, Float[np.ndarray, " nodes"]]:
        """Sd between sources, and between what one source measured."""
        return {
            "between sources, ln": self._grid[0],
            "within one, ln": self._grid[1],
        }

    def log_likelihood(self, says: Says) -> ByNode:
        """Of the matched lags, and of the others' being longer than they are."""
        return self._factored.log_densities(self.log_years[:, None] - says[:1])

    def covariance(self, node: int) -> Float[np.ndarray, "lags lags"]:
        """Covariance of ``log_years`` about a draw's lag."""
        between, within = self._grid[:, node]
        own = within**2 * _together(self.pairs) * _together(self.sources)
        return between**2 * _together(self.sources) + own + np.diag(self._own(within))

    def ranks(self, says: Says, weights: ByNode) -> Float[np.ndarray, " data"]:
        """Probability of a shorter lag, before it is measured."""
        total = np.zeros(len(self.labels))
        for node in range(weights.shape[0]):
            sd = np.sqrt(np.diag(self.covariance(node)))[:, None]
            total += ndtr((self.log_years[:, None] - says[:1]) / sd) @ weights[node]
        return total

    def scaled(self, by: float) -> "Lags":
        """With another prior scale of what differs between sources."""
        return dataclasses.replace(self, definition=by * self.definition)

    def _own(self, within: float) -> Float[np.ndarray, " lags"]:
        """Variance that no two lags share: a quarter of what differs, and the error."""
        return np.square(self.sd) + 0.25 * within**2

    @cached_property
    def _grid(self) -> Float[np.ndarray, "2 nodes"]:
        axes = np.meshgrid(*map(midpoints, self.nodes), indexing="ij")
        scales = np.array([self.definition, self.pair])
        return np.stack([axis.ravel() for axis in axes]) * scales[:, None]

    @cached_property
    def _factored(self) -> Factored:
        nodes = range(self._grid.shape[1])
        spread = np.stack([self.covariance(node) for node in nodes])
        return Factored.of(spread, np.zeros(len(nodes)), ~self.is_above)


def _together(names: tuple[str, ...]) -> Float[np.ndarray, "names names"]:
    found = np.array(names)
    return (found[:, None] == found[None, :]).astype(float)


def _error(row: Row) -> float:
    """Of the logarithm, from an interval with its mass; 0 where it is not stated."""
    if row.low is None or row.high is None or row.mass is None or row.low <= 0:
        return 0.0
    ends = NormalDist().inv_cdf(0.5 + row.mass / 2.0)
    return math.log(row.high / row.low) / (2.0 * ends)

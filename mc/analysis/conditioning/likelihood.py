"""What a likelihood is: what it wants to know of every draw, and what it says of it.

Weights and chains condition on any number of these: their log likelihoods add up. Each
sums over scales of its own, which no other knows.
"""

import abc
import datetime
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from scipy.special import logsumexp, ndtri

Says = Float[np.ndarray, "rows draws"]
ByNode = Float[np.ndarray, "nodes draws"]
FRONTIER_COMPUTE = "frontier_compute"
"""Wanted on days: ln of the frontier's compute over the meek actor's at the epoch."""


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing to be known of every draw.

    Attributes:
        name: Of a metric, or ``FRONTIER_COMPUTE``, where there are days: that of the
            frontier, along the plan's path. Else of a mechanism or a parameter.
        days: When; a row each. Without any, one row: it is of no day.
    """

    name: str
    days: tuple[datetime.date, ...] = ()

    @property
    def num_rows(self) -> int:
        """How many numbers of every draw."""
        return len(self.days) or 1


class Likelihood(abc.ABC):
    """How likely each draw makes some data, at nodes of the data's own scales."""

    @property
    @abc.abstractmethod
    def name(self) -> str:
        """What the data are, in a word or three."""

    @property
    @abc.abstractmethod
    def wants(self) -> tuple[Wanted, ...]:
        """What it needs of every draw, in the order of the rows of ``says``."""

    @property
    @abc.abstractmethod
    def labels(self) -> tuple[str, ...]:
        """What each of the data is called."""

    @property
    @abc.abstractmethod
    def is_known(self) -> Bool[np.ndarray, " data"]:
        """Which data are numbers; of the others, only a limit is known."""

    @property
    @abc.abstractmethod
    def scales(self) -> Mapping[str, Float[np.ndarray, " nodes"]]:
        """The scales that are summed over, at every node, by name and unit."""

    @abc.abstractmethod
    def log_likelihood(self, says: Says) -> ByNode:
        """Log density of the data, at every node and for every draw.

        Args:
            says: What each draw says, in the order of ``wants``.
        """

    @abc.abstractmethod
    def ranks(self, says: Says, weights: ByNode) -> Float[np.ndarray, " data"]:
        """Probability below each of the data: uniform if all is well.

        Args:
            says: As in ``log_likelihood``.
            weights: Of every node and draw; they sum to one.
        """

    @abc.abstractmethod
    def scaled(self, by: float) -> "Likelihood":
        """The same with another prior scale of what the model may be wrong by."""


def num_rows(wants: Sequence[Wanted]) -> int:
    """Rows of all that is wanted."""
    return sum(want.num_rows for want in wants)


def marginal(by_node: ByNode) -> Float[np.ndarray, " draws"]:
    """Log likelihood of each draw, summed over equally likely nodes."""
    return np.asarray(logsumexp(by_node, axis=0)) - math.log(by_node.shape[0])


def midpoints(number: int) -> Float[np.ndarray, " nodes"]:
    """Quantiles of a half-normal at the middles of so many equal parts."""
    return np.asarray(ndtri(0.5 + 0.5 * (np.arange(number) + 0.5) / number))

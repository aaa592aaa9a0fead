"""Order statistics of many numbers, of which few are asked: exact, without sorting all.

A sample brackets the asked rank, numbers below the bracket are counted, and only those
inside are sorted.
"""

import dataclasses

import numpy as np
from jaxtyping import Shaped

SAMPLE = 2**16
SPREAD = 8.0
"""Standard errors of the sample's rank on either side of the asked one."""
WIDER = 4.0

Numbers = Shaped[np.ndarray, " numbers"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Stretch:
    """Consecutive order statistics.

    Attributes:
        first: Rank of the first, from 0.
        values: Sorted.
    """

    first: int
    values: Numbers

    def holds(self, rank: int) -> bool:
        return self.first <= rank < self.first + len(self.values)


class OrderStatistics:
    """The numbers in increasing order, sorted where they are asked for.

    Args:
        values: Any numbers and infinities; the first of them are taken for a sample of
            all, which decides how fast a rank is found and never what.
    """

    def __init__(self, values: Numbers) -> None:
        self._values = values
        self._stretches: list[_Stretch] = []
        if len(values) <= 4 * SAMPLE:
            self._stretches.append(_Stretch(first=0, values=np.sort(values)))
        else:
            self._sample = np.sort(values[:SAMPLE])

    def value(self, rank: int) -> float:
        """The number with ``rank`` numbers before it, from 0.

        Raises:
            IndexError: If there is none.
        """
        if not 0 <= rank < len(self._values):
            raise IndexError(rank)
        for stretch in self._stretches:
            if stretch.holds(rank):
                return float(stretch.values[rank - stretch.first])
        spread = SPREAD
        while not (stretch := self._around(rank, spread)).holds(rank):
            spread *= WIDER
        self._stretches.append(stretch)
        return float(stretch.values[rank - stretch.first])

    def _around(self, rank: int, spread: float) -> _Stretch:
        """What lies within so many standard errors of a rank, by the sample."""
        prob = (rank + 0.5) / len(self._values)
        half = spread * np.sqrt(prob * (1 - prob) * SAMPLE) + spread
        low, high = int(prob * SAMPLE - half), int(np.ceil(prob * SAMPLE + half))
        within = np.ones(len(self._values), bool)
        first = 0
        if low > 0:
            within = self._values >= self._sample[low]
            first = len(within) - int(np.count_nonzero(within))
        if high < SAMPLE:
            within &= self._values <= self._sample[high]
        return _Stretch(first=first, values=np.sort(self._values[within]))

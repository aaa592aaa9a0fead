"""Importance weights, smoothed where they are largest, and whether they can be trusted.

Vehtari, Simpson, Gelman, Yao and Gabry (2024), Pareto smoothed importance sampling,
JMLR 25(72), with ArviZ's fit of the tail.
"""

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from mc.analysis.stored import Values
from mc.outcomes.weighted import effective

GOOD_K = 0.7
_TAIL = 3.0
"""The tail has three times the root of the number of draws."""
_AROUND = 5
"""How many tails the fit is shown: it takes a fifth of what it sees."""
_SMALLEST = 225
"""Draws below which ArviZ takes a fifth for the tail."""


@dataclass(frozen=True, kw_only=True, eq=False)
class Weights:
    """One weight a draw.

    Attributes:
        values: Not normalised; the largest is near 1.
        khat: Shape k̂ of the tail; −∞ where the weights are bounded.
        num_effective: Effective sample size, ``(Σw)² / Σw²``.
    """

    values: Values
    khat: float
    num_effective: float

    @property
    def is_reliable(self) -> bool:
        """Whether k̂ is small enough for so many draws."""
        return self.khat <= good_k(self.values.size)


def good_k(num_draws: int) -> float:
    """Largest k̂ that can be trusted: ``min(1 − 1/log₁₀ S, 0.7)``."""
    return min(1.0 - 1.0 / math.log10(num_draws), GOOD_K)


def smoothed(log_ratio: Values) -> Weights:
    """Pareto smoothed importance weights.

    Args:
        log_ratio: New over old density of each draw; −∞ where the new has none.
    """
    flat = log_ratio.ravel()
    kept = np.flatnonzero(np.isfinite(flat))
    if kept.size < _SMALLEST:
        return Weights(
            values=np.where(np.isfinite(log_ratio), 1.0, 0.0),
            khat=math.inf,
            num_effective=float(kept.size),
        )
    shown = min(_AROUND * int(_TAIL * math.sqrt(kept.size)), kept.size)
    top = kept[np.argpartition(flat[kept], kept.size - shown)[kept.size - shown :]]
    tail, khat = _smooth(flat[top])
    values = np.exp(flat - flat[top].max())
    values[top] = np.exp(tail)
    values = values.reshape(log_ratio.shape)
    return Weights(values=values, khat=khat, num_effective=effective(values))


def _smooth(log_ratio: np.ndarray) -> tuple[np.ndarray, float]:
    """Smooth the upper fifth; weights that are tied there have no tail."""
    from arviz_stats.base import array as arviz

    stats: Any = arviz.array_stats

    highest = log_ratio - log_ratio.max()
    size = len(highest) // _AROUND
    tail = np.sort(highest)[-size - 1 :]
    if tail[0] == tail[size // 4 + 1]:
        return highest, -math.inf
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        found, khat = stats.psislw(-log_ratio, r_eff=(_SMALLEST - 1) / len(highest))
    if not math.isfinite(khat):
        return highest, math.inf
    below = int(np.argmin(highest))  # outside the tail, so moved by the norm alone
    return found - found[below] + highest[below], float(khat)

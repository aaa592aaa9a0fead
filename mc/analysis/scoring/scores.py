"""Scores of a forecast that is a sample: CRPS, log score and rank.

Numbers above a limit that nobody can measure are scored as "above": sample and
outcome are cut there, which is the threshold-weighted CRPS of Gneiting and Ranjan
(J. Bus. Econ. Statist. 29, 2011), and stays proper.
"""

from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Float
from scipy.stats import norm

Sample = Float[np.ndarray, " members"]


def crps(sample: Sample, outcome: float, limit: float = np.inf) -> float:
    """Continuous ranked probability score, fair for a finite sample; less is better.

    ``E|X - y| - E|X - X'|/2`` with pairs of different members (Ferro, Q. J. R.
    Meteorol. Soc. 140, 2014); of one member, its distance.

    Args:
        sample: Equally likely members.
        outcome: What happened, in the same unit.
        limit: Where both are cut.
    """
    members, seen = np.sort(np.minimum(sample, limit)), min(outcome, limit)
    size = members.size
    near = float(np.abs(members - seen).mean())
    if size == 1:
        return near
    ranks = 2.0 * np.arange(size) - size + 1.0
    apart = float(2.0 * (ranks * members).sum() / (size * (size - 1.0)))
    return near - 0.5 * apart


def log_score(sample: Sample, outcome: float, limit: float = np.inf) -> float:
    """Minus ln of the density at the outcome; less is better.

    The density is a normal kernel's, as wide as Silverman's rule has it (Density
    Estimation, 1986, eq. 3.31). An outcome at or above the limit scores minus ln of
    the mass of that density there.

    Args:
        sample: Equally likely members that differ.
        outcome: What happened, in the same unit.
        limit: Above which nobody can measure.
    """
    quarters = np.quantile(sample, [0.25, 0.75])
    spread = min(float(sample.std(ddof=1)), float(np.ptp(quarters)) / 1.34)
    width = 0.9 * spread * sample.size**-0.2
    above = outcome >= limit
    away = (min(outcome, limit) - sample) / width
    logs = norm.logsf(away) if above else norm.logpdf(away) - np.log(width)
    return float(np.log(sample.size) - np.logaddexp.reduce(logs))


def rank(sample: Sample, outcome: float) -> float:
    """Share of the sample below the outcome, ties half: its PIT."""
    below, tied = (sample < outcome).mean(), (sample == outcome).mean()
    return float(below + 0.5 * tied)


def block_interval(
    values: Sequence[float],
    blocks: Sequence[object],
    statistic: Callable[[np.ndarray], float] = np.mean,
    *,
    mass: float = 0.9,
    rounds: int = 2000,
) -> tuple[float, float]:
    """Bootstrap interval of a statistic, blocks of dependent values drawn whole.

    Args:
        values: One a forecast.
        blocks: Which forecasts hang together, here those of one outcome.
        statistic: Of values.
        mass: Between the ends.
        rounds: How often blocks are drawn.
    """
    keys = sorted({str(block) for block in blocks})
    groups = [
        np.array([v for v, b in zip(values, blocks, strict=True) if str(b) == key])
        for key in keys
    ]
    rng = np.random.default_rng(0)
    picks = rng.integers(len(groups), size=(rounds, len(groups))).tolist()
    found = [statistic(np.concatenate([groups[i] for i in pick])) for pick in picks]
    low, high = np.quantile(found, [0.5 - mass / 2.0, 0.5 + mass / 2.0])
    return float(low), float(high)

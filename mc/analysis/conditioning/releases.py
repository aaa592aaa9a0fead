"""Measured frontier models, each with its day: what scatters about a trend."""

import datetime
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float


@dataclass(frozen=True, kw_only=True, eq=False)
class Releases:
    """Frontier models and what was measured of each, on the scale of the trend.

    Attributes:
        models: What was measured.
        days: When each was released.
        years: The same, since the first day of the card.
        values: What was measured, or the limit where it is above.
        sd: Standard error of ``values``; 0 where it is not stated.
        suites: What they were measured on; models of one suite share errors.
        is_above: Whether only a lower limit is known.
        is_unstated: Whether the error is not stated, and is to be learnt.
        num_earlier: Rows left out because they are of before the first day.
        num_open: Rows left out because their weights are open: whoever publishes them
            follows the frontier, and speaks of another actor.
        num_others: Rows left out because they are not of the frontier's releases.
    """

    models: tuple[str, ...]
    days: tuple[datetime.date, ...]
    years: Float[np.ndarray, " models"]
    values: Float[np.ndarray, " models"]
    sd: Float[np.ndarray, " models"]
    suites: tuple[str, ...]
    is_above: Bool[np.ndarray, " models"]
    is_unstated: Bool[np.ndarray, " models"]
    num_earlier: int
    num_open: int
    num_others: int = 0

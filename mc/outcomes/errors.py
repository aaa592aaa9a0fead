"""Monte Carlo errors: the spread over replicates, and Student's limits."""

import math

import numpy as np
from scipy.special import stdtrit

CONFIDENCE = 0.95


def replicate_error(values: np.ndarray, shared: float = 0.0) -> tuple[float, float]:
    """Standard error over replicates, and Student's factor for 95 % limits.

    Args:
        values: One a replicate.
        shared: An error that all of them have alike.
    """
    error = float(np.std(values, ddof=1) / np.sqrt(len(values)))
    return math.hypot(error, shared), student(len(values) - 1)


def student(df: int) -> float:
    """Student's factor for 95 % limits."""
    return float(stdtrit(df, 0.5 + CONFIDENCE / 2))

"""Where a monotone condition starts to hold, for many brackets at once."""

from collections.abc import Callable

import numpy as np

from priors.shapes import Bool
from priors.units import Values

HALVINGS = 100  # a bracket shrinks to 1e-30 of itself


def first_reached(
    reached: Callable[[Values], Bool[np.ndarray, "..."]], low: Values, high: Values
) -> Values:
    """Return the smallest number in [low, high] from which ``reached`` holds.

    Args:
        reached: False up to some number and true from it on, elementwise.
        low: Lower ends of the brackets.
        high: Upper ends, where ``reached`` holds; an infinite bracket gives ``low``.
    """
    finite = np.isfinite(low) & np.isfinite(high)
    left, right = np.where(finite, low, 0.0), np.where(finite, high, 0.0)
    right = np.where(reached(left), left, right)
    for _ in range(HALVINGS):
        middle = left + 0.5 * (right - left)
        if np.all((middle <= left) | (middle >= right)):
            break
        hit = reached(middle)
        left, right = np.where(hit, left, middle), np.where(hit, middle, right)
    return np.where(finite, right, low)

"""What becomes of a gap for ever, draw by draw: the classes of its limit."""

import numpy as np

from mc.outcomes.distributions import Distribution, PerReplicate
from mc.outcomes.status import Status

LIMIT = "limit_gap"
CLASSES = ("reversed", "meek", "constant_gap", "diverging", "undetermined")
"""It ends below zero, at zero, at a number above it, without end, or who knows."""
MARKS = {"reversed": 0.0, "meek": float(np.finfo(np.float32).tiny)}
"""What a limit of the class, or of one before it, lies below."""


def limit_column(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Limits as values and statuses: below all numbers, a number, without end, unknown.

    Args:
        values: One a draw, on the metric's device scale; NaN where it is not known.
    """
    status = np.select(
        [np.isnan(values), np.isposinf(values), np.isneginf(values)],
        [Status.UNDETERMINED, Status.NEVER, Status.ALREADY],
        Status.OBSERVED,
    )
    return np.where(np.isnan(values), np.inf, values), status.astype(np.int8)


def class_flags(values: np.ndarray, status: np.ndarray) -> dict[str, np.ndarray]:
    """Whether each draw is in each class, in the order of ``CLASSES``.

    Args:
        values: From ``limit_column``.
        status: The same.
    """
    is_number = status == Status.OBSERVED
    below, tiny = MARKS.values()
    reversed_ = (status == Status.ALREADY) | (is_number & (values < below))
    closed = is_number & ~reversed_ & (values < tiny)
    flags = (
        reversed_,
        closed,
        is_number & ~reversed_ & ~closed,
        status == Status.NEVER,
        status == Status.UNDETERMINED,
    )
    return dict(zip(CLASSES, flags, strict=True))


def class_shares(limits: Distribution) -> dict[str, PerReplicate]:
    """Share of each replicate's draws in each class, in the order of ``CLASSES``."""
    counts = limits.status_counts
    total = counts.sum(axis=1)
    below, closed = (limits.shares_before(mark) for mark in MARKS.values())
    finite = counts[:, : Status.OBSERVED + 1].sum(axis=1) / total
    shares = (
        below,
        closed - below,
        finite - closed,
        counts[:, Status.NEVER] / total,
        counts[:, Status.UNDETERMINED] / total,
    )
    return dict(zip(CLASSES, shares, strict=True))

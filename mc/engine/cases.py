"""Labels that are summed over, and the gradient of a date under each."""

import dataclasses
import itertools
import math
from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Bool, Float

from mc.draws.coordinates import shares
from mc.engine.columns import Column
from mc.outcomes.status import Status
from priors.joint import Component

ROWS_PER_NAME = 8
"""Dated draws that a gradient needs for each of its entries."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Case:
    """One label of every component that matters.

    Attributes:
        weight: Its probability.
        labels: Component to the label's position.
        words: Coordinate to a word in the middle of the label.
    """

    weight: float
    labels: Mapping[str, int]
    words: Mapping[str, int]


def coordinate(component: Component) -> str:
    """Name of the coordinate that chooses its label."""
    return f"components.{component.name}"


def all_cases(components: Sequence[Component]) -> list[Case]:
    """Every combination of labels; one without any if there are no components."""
    ranges = [range(len(part.labels)) for part in components]
    return [_case(components, labels) for labels in itertools.product(*ranges)]


def _case(components: Sequence[Component], labels: tuple[int, ...]) -> Case:
    words = {}
    for part, label in zip(components, labels, strict=True):
        ends = [0, *(int(word) for word in shares(part.weights)), 2**32]
        words[coordinate(part)] = (ends[label] + ends[label + 1]) // 2
    pairs = list(zip(components, labels, strict=True))
    return Case(
        weight=math.prod((part.weights[label] for part, label in pairs), start=1.0),
        labels={part.name: label for part, label in pairs},
        words=words,
    )


def gradient(
    scores: Float[np.ndarray, "draws names"],
    column: Column,
    rows: Bool[np.ndarray, " draws"],
) -> Float[np.ndarray, " names"] | None:
    """Unit vector along which a date rises fastest in the mean, by least squares.

    Args:
        scores: Independent normal scores.
        column: Years and statuses.
        rows: Draws to look at.

    Returns:
        The direction; None where too few draws have a date, or nothing moves it.
    """
    years, status = column
    dated = rows & (status == Status.OBSERVED)
    if dated.sum() < ROWS_PER_NAME * (scores.shape[1] + 1):
        return None
    inputs, dates = scores[dated], years[dated]
    inputs, dates = inputs - inputs.mean(axis=0), dates - dates.mean()
    # Sums in the order of draws, whatever the number of threads: no matrix product.
    square = np.einsum("di,dj->ij", inputs, inputs)
    slopes = np.linalg.solve(square, np.einsum("di,d->i", inputs, dates))
    length = float(np.sqrt((slopes**2).sum()))
    return slopes / length if length > 0 else None

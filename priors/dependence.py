"""Rank correlations between parameters, as a Gaussian copula."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from priors.faults import Fault, Refusal
from priors.shapes import Float

REPAIRABLE = -1e-10
SMALLEST_PIVOT = 1e-12


@dataclass(frozen=True, kw_only=True)
class RankCorrelation:
    """Spearman's rank correlation of two parameters.

    Attributes:
        first: One parameter.
        second: The other.
        value: ρ, from −1 to 1.
    """

    first: str
    second: str
    value: float

    @property
    def pearson(self) -> float:
        """Correlation of the normal scores: 2 sin(πρ/6)."""
        return 2.0 * math.sin(math.pi * self.value / 6.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Cluster:
    """Parameters connected by rank correlations; z = cholesky · w, w independent.

    Attributes:
        names: The parameters, in the order of the factor.
        cholesky: Lower triangular factor of the correlations of the normal scores.
    """

    names: tuple[str, ...]
    cholesky: Float[np.ndarray, "k k"]


def clusters(
    pairs: Sequence[RankCorrelation], order: Iterable[str]
) -> tuple[tuple[Cluster, ...], tuple[str, ...]]:
    """Split rank correlations into connected clusters and factor each alone.

    Args:
        pairs: The stated correlations; what is not stated is 0.
        order: All names, in the order the factors follow.

    Returns:
        The clusters, and one sentence for each matrix that had to be repaired.

    Raises:
        Refusal: If the correlations of a cluster cannot hold together.
    """
    place = {name: index for index, name in enumerate(order)}
    faults, found, notices = [], [], []
    for names in _connected(pairs, place):
        matrix = _matrix(pairs, names)
        eigenvalues, vectors = np.linalg.eigh(matrix)
        smallest = float(eigenvalues[0])
        if smallest < REPAIRABLE:
            faults.append(Fault(_clash(pairs, names, smallest)))
            continue
        if smallest < SMALLEST_PIVOT:
            matrix = _repaired(eigenvalues, vectors)
        if smallest < 0.0:
            notices.append(
                f"the rank correlations of {', '.join(names)} had the smallest "
                f"eigenvalue {smallest:.2g} and were repaired to the nearest that hold"
            )
        found.append(Cluster(names=names, cholesky=np.linalg.cholesky(matrix)))
    if faults:
        raise Refusal(faults)
    return tuple(found), tuple(notices)


def _connected(
    pairs: Sequence[RankCorrelation], place: dict[str, int]
) -> list[tuple[str, ...]]:
    root = {name: name for pair in pairs for name in (pair.first, pair.second)}

    def top(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for pair in pairs:
        root[top(pair.first)] = top(pair.second)
    members: dict[str, list[str]] = {}
    for name in sorted(root, key=place.__getitem__):
        members.setdefault(top(name), []).append(name)
    return [tuple(names) for names in members.values()]


def _matrix(
    pairs: Sequence[RankCorrelation], names: tuple[str, ...]
) -> Float[np.ndarray, "k k"]:
    matrix = np.eye(len(names))
    for pair in pairs:
        if pair.first in names:
            i, j = names.index(pair.first), names.index(pair.second)
            matrix[i, j] = matrix[j, i] = pair.pearson
    return matrix


def _repaired(
    eigenvalues: Float[np.ndarray, " k"], vectors: Float[np.ndarray, "k k"]
) -> Float[np.ndarray, "k k"]:
    """Lift the smallest eigenvalues just above zero and keep a unit diagonal."""
    lifted = (vectors * np.maximum(eigenvalues, SMALLEST_PIVOT)) @ vectors.T
    scale = 1.0 / np.sqrt(np.diag(lifted))
    return lifted * scale[:, None] * scale


def _clash(
    pairs: Sequence[RankCorrelation], names: tuple[str, ...], smallest: float
) -> str:
    said = ", ".join(
        f"{pair.first}–{pair.second} {pair.value:g}"
        for pair in pairs
        if pair.first in names
    )
    return (
        "the rank correlations are not those of any joint law: as correlations of "
        f"normal scores their smallest eigenvalue is {smallest:.6g}; {said} cannot "
        "hold together"
    )

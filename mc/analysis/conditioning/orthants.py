"""Probability that a normal vector lies above zero in every coordinate."""

import math

import numpy as np
from jaxtyping import Float
from scipy.linalg import cholesky
from scipy.special import log_ndtr, logsumexp, ndtr, ndtri
from scipy.stats import qmc

_LOG_POINTS = 8
_AT_ONCE = 4096
_LEAST = 1e-300


def log_above(
    limits: Float[np.ndarray, "coordinates draws"],
    covariance: Float[np.ndarray, "coordinates coordinates"],
) -> Float[np.ndarray, " draws"]:
    """``ln P(v > limit)`` of a centred normal vector, for each column of limits.

    One coordinate has a closed form. More are integrated one after another over fixed
    points (Genz, J. Comput. Graph. Statist. 1, 1992), the same for every draw.

    Args:
        limits: What each coordinate must exceed.
        covariance: Of the vector.
    """
    if len(limits) == 1:
        return log_ndtr(-limits[0] / math.sqrt(covariance[0, 0]))
    root = cholesky(covariance, lower=True)
    sobol = qmc.Sobol(len(limits) - 1, scramble=True, rng=0)
    points = sobol.random_base2(_LOG_POINTS).T[:, :, None]
    starts = range(0, limits.shape[1], _AT_ONCE)
    parts = [_log_genz(limits[:, s : s + _AT_ONCE], root, points) for s in starts]
    return np.concatenate(parts)


def _log_genz(
    limits: Float[np.ndarray, "coordinates draws"],
    root: Float[np.ndarray, "coordinates coordinates"],
    points: Float[np.ndarray, "others points 1"],
) -> Float[np.ndarray, " draws"]:
    """The same, over points in the unit cube."""
    scores: list[np.ndarray] = []
    total = np.zeros((points.shape[1], limits.shape[1]))
    for i, limit in enumerate(limits):
        before = sum((root[i, j] * score for j, score in enumerate(scores)), 0.0)
        least = (limit[None, :] - before) / root[i, i]
        total = total + log_ndtr(-least)
        if i < len(points):
            share = points[i] * ndtr(-least)
            scores.append(-ndtri(np.maximum(share, _LEAST)))
    return np.asarray(logsumexp(total, axis=0)) - math.log(points.shape[1])

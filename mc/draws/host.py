"""Draws on the host in float64, without JAX, for a quick look at a few parameters.

The points are Sobol's, shifted digit by digit in each replicate; they are not the
draws of a run, whose error they share only in size.
"""

import hashlib
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from mc.draws.dimensions import dimension, direction_numbers
from priors.joint import Belief, JointPrior
from priors.laws import Empirical

REPLICATES = 16
NUM_POINTS = 1024
Draws = Float[np.ndarray, " draws"]


@dataclass(frozen=True, kw_only=True)
class HostDraws:
    """Values of a joint prior, replicate after replicate.

    Attributes:
        values: Name to values on the canonical scale.
        labels: Component to the label of each draw, as its position in the card.
    """

    values: dict[str, Draws]
    labels: dict[str, np.ndarray]


def draw(joint: JointPrior) -> HostDraws:
    """Draw every name of a joint prior, ``REPLICATES * NUM_POINTS`` times."""
    labels = {
        part.name: np.searchsorted(
            np.cumsum(part.weights)[:-1], _uniforms(f"components.{part.name}"), "right"
        )
        for part in joint.components
    }
    values: dict[str, Draws] = {}
    for group in joint.groups:
        row = (_uniforms(f"groups.{group.name}") * group.rows).astype(np.int64)
        values |= {name: column[row] for name, column in group.columns.items()}
    scores = _correlated(joint)
    for belief in joint.in_order():
        label = labels.get(belief.by or "")
        score = scores.get(belief.name)
        if score is None:
            score = special.ndtri(_uniforms(belief.name))
        values[belief.name] = _drawn(joint, belief, label, score, values)
    named = {name: values[joint.target(name)] for name in joint.names()}
    return HostDraws(values=named, labels=labels)


def scores(name: str) -> Draws:
    """Return standard normal draws of a name that no prior has: errors and the like."""
    return special.ndtri(_uniforms(name))


def by_replicate(draws: Draws) -> Float[np.ndarray, "replicates points"]:
    """Return draws with an axis of replicates."""
    return draws.reshape(REPLICATES, NUM_POINTS)


def _drawn(
    joint: JointPrior,
    belief: Belief,
    label: np.ndarray | None,
    score: Draws,
    values: dict[str, Draws],
) -> Draws:
    """Values of one belief; those of its parent are there already."""
    found = np.empty_like(score)
    for index, marginal in enumerate(belief.marginals):
        chosen = slice(None) if label is None else label == index
        if isinstance(marginal.law, Empirical):
            part = marginal.law.quantile(special.ndtr(score[chosen]))
        else:
            part = marginal.law.at_score(score[chosen])
        if belief.parent is not None:
            parent = values[joint.target(belief.parent)]
            part = part + marginal.slope * parent[chosen]
        found[chosen] = part
    return found


def _correlated(joint: JointPrior) -> dict[str, Draws]:
    found = {}
    for cluster in joint.clusters:
        own = np.stack([special.ndtri(_uniforms(name)) for name in cluster.names])
        mixed = cluster.cholesky @ own
        found |= dict(zip(cluster.names, mixed, strict=True))
    return found


def _uniforms(name: str) -> Draws:
    """Coordinate of a name, inside (0, 1)."""
    number = dimension(name)
    if number is None:
        return np.concatenate([_shuffled(name, r) for r in range(REPLICATES)])
    points = _net(direction_numbers()[number - 1].astype(np.uint64))
    shifts = [_seed(name, r) >> 32 for r in range(REPLICATES)]
    words = np.array(shifts, np.uint64)[:, None] ^ points
    return ((words + 0.5) * 2.0**-32).ravel()


def _net(directions: np.ndarray) -> np.ndarray:
    """First words of one dimension of Sobol's sequence, in order of the index."""
    index = np.arange(NUM_POINTS, dtype=np.uint64)
    words = np.zeros_like(index)
    for bit in range(NUM_POINTS.bit_length() - 1):
        words ^= ((index >> np.uint64(bit)) & np.uint64(1)) * directions[bit]
    return words


def _shuffled(name: str, replicate: int) -> Draws:
    """One point in each of ``NUM_POINTS`` cells, in an order of the name's own."""
    rng = np.random.default_rng(_seed(name, replicate))
    cells = rng.permutation(NUM_POINTS)
    return (cells + rng.random(NUM_POINTS)) / NUM_POINTS


def _seed(name: str, replicate: int) -> int:
    message = f"host/{replicate}/{name}".encode()
    return int.from_bytes(hashlib.sha256(message).digest()[:8], "big")

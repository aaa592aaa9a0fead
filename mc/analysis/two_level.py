"""What knowing one input is worth, by simulation on two levels.

The outer level goes through values of the input, the inner one through all draws of the
others: slow, and with no fit or parts in it.
"""

from collections.abc import Iterator

import numpy as np

from mc.analysis.inputs import LABEL
from mc.analysis.payoffs import Terms
from mc.analysis.ranks import Estimate
from mc.analysis.tornado import fixed, is_free
from mc.engine.columns import Column
from mc.engine.replay import Replay
from priors.joint import JointPrior

POINTS = 32
"""Values of the input, the middles of equal probabilities."""


def two_level(
    replay: Replay, terms: Terms, name: str, num_draws: int, points: int = POINTS
) -> Estimate:
    """EVPPI of an input that is drawn on its own.

    Args:
        replay: The run.
        terms: The decision, bound to it.
        name: A component, or a parameter with one law that nothing else decides.
        num_draws: Draws of the inner level: replicates times a power of two.
        points: Values of a parameter on the outer level; a component has its labels.

    Raises:
        ValueError: If the input depends on others.
    """
    places = list(_places(replay.plan.card.joint, name, points))
    coordinate = places[0][0]
    means = np.stack(
        [
            terms.payoffs(
                _columns(replay, terms, coordinate, place, num_draws)
            ).values.mean(axis=0)
            for _, place, _ in places
        ]
    )
    weights = np.array([weight for *_, weight in places])
    number = means.shape[1]
    left = [
        _value(np.delete(means, out, axis=1).mean(axis=1), weights)
        for out in range(number)
    ]
    error = np.sqrt((number - 1) * np.mean((np.array(left) - np.mean(left)) ** 2))
    whole = _value(means.mean(axis=1), weights)
    return Estimate(number=whole, mc_error=float(error))


def _value(means: np.ndarray, weights: np.ndarray) -> float:
    """Best in each place less best on average; rows are places, columns actions."""
    return float(weights @ means.max(axis=1) - (weights @ means).max())


def _places(
    joint: JointPrior, name: str, points: int
) -> Iterator[tuple[str, float, float]]:
    """Coordinate, probability at which it is held, and weight of each place."""
    for component in joint.components:
        if component.name == name:
            before = 0.0
            for weight in component.weights:
                yield f"{LABEL}{name}", before + 0.5 * weight, weight
                before += weight
            return
    if not is_free(name, joint):
        raise ValueError(f"{name} depends on other inputs")
    for place in range(points):
        yield name, (place + 0.5) / points, 1.0 / points


def _columns(
    replay: Replay, terms: Terms, coordinate: str, place: float, num_draws: int
) -> dict[str, Column]:
    """The decision's quantities where one coordinate has one value in every draw."""
    parts: dict[str, list[Column]] = {name: [] for name in terms.targets}
    for first, where in replay.chunks(num_draws):
        held = fixed(where, coordinate, place)
        for name, target in terms.targets.items():
            parts[name].append(replay.at(target.key, first, held))
    joined = {}
    for name, columns in parts.items():
        values, status = zip(*columns, strict=True)
        joined[name] = np.concatenate(values), np.concatenate(status)
    return joined

"""Tornado: a figure over the draws near two points of each input, and at the points."""

import dataclasses
from collections.abc import Iterator

import jax.numpy as jnp
import numpy as np
from scipy.special import ndtri

from mc.analysis.inputs import Input
from mc.analysis.output import Output
from mc.analysis.ranks import ranks
from mc.engine.replay import Replay
from mc.engine.sampler import Coordinates
from mc.outcomes.summaries import Row
from priors.joint import Component, JointPrior

POINTS = (0.1, 0.9)
WIDTH = 0.05
"""How far from a point, in probability, a draw is near it."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class End:
    """A figure at one point of one input.

    Attributes:
        point: ``10 %`` or ``90 %``, or a component's label.
        value: The input there, in the card's unit; NaN of a label.
        near: The figure over the draws near it, or with that label.
        at: The figure where every draw is at it and all else stays; None where what
            else would follow is not told by the input alone.
    """

    point: str
    value: float
    near: Row
    at: Row | None


def ends(one: Input, output: Output, replay: Replay) -> tuple[End, ...]:
    """The figure at the 10 and 90 % points of an input, or under each label."""
    if one.labels:
        return tuple(_with_label(one, code, output, replay) for code in _seen(one))
    return tuple(_with_value(one, prob, output, replay) for prob in POINTS)


def is_free(name: str, joint: JointPrior) -> bool:
    """Whether a parameter is drawn from one law that nothing else decides."""
    belief = joint.belief_of.get(name)
    if belief is None or belief.parent is not None or belief.by is not None:
        return False
    return all(name not in cluster.names for cluster in joint.clusters)


def _law_of(name: str, replay: Replay) -> JointPrior:
    """What an input is drawn by: the card, a path, or the scenario before its name."""
    prefix, slash, own = name.rpartition("/")
    for start, transport in replay.sampler.others:
        if start == prefix + slash and own in transport.maps:
            return transport.joint
    return replay.plan.card.joint


def _seen(one: Input) -> list[int]:
    """Labels that several replicates have drawn, so that there is an error."""
    codes = range(len(one.labels))
    return [code for code in codes if (one.values == code).any(axis=0).sum() > 1]


def _with_label(one: Input, code: int, output: Output, replay: Replay) -> End:
    component = replay.plan.card.joint.component(one.name)
    word = _middle(component, code)
    return End(
        point=one.labels[code],
        value=np.nan,
        near=output.row(one.values == code),
        at=_at(one.coordinate, word, output, replay),
    )


def _with_value(one: Input, prob: float, output: Output, replay: Replay) -> End:
    places = (ranks(one.values) + 0.5) / len(one.values)
    value = np.quantile(one.values.astype(np.float64), prob, method="inverted_cdf")
    if one.unit is not None and one.unit.kind != "date":
        value = one.unit.from_canonical(np.array([value]))[0]
    free = is_free(one.coordinate, _law_of(one.name, replay))
    return End(
        point=f"{100 * prob:g} %",
        value=float(value),
        near=output.row(np.abs(places - prob) < WIDTH),
        at=_at(one.coordinate, prob, output, replay) if free else None,
    )


def _at(name: str, prob: float, output: Output, replay: Replay) -> Row:
    """The figure where one coordinate has one value in every draw."""
    parts = [
        replay.at(output.target.key, first, fixed(where, name, prob))
        for first, where in _chunks(replay, output)
    ]
    values, status = (np.concatenate(column) for column in zip(*parts, strict=True))
    return dataclasses.replace(output, values=values, status=status).row()


def _chunks(replay: Replay, output: Output) -> Iterator[tuple[int, Coordinates]]:
    return replay.chunks(output.values.size)


def fixed(where: Coordinates, name: str, prob: float) -> Coordinates:
    """Coordinates of which one has the same probability in every draw."""
    word = np.uint32(min(round(prob * 2.0**32), 2**32 - 1))
    words = {**where.words, name: jnp.full_like(where.words[name], word)}
    scores = dict(where.scores)
    if name in scores:
        scores[name] = jnp.full_like(scores[name], float(ndtri(prob)))
    return Coordinates(words=words, scores=scores)


def _middle(component: Component, code: int) -> float:
    """A coordinate that means one label."""
    before = float(np.sum(component.weights[:code]))
    return before + 0.5 * component.weights[code]

"""Metrics of the user's own under a card: beliefs, and whether they are normal."""

import dataclasses
import math

import numpy as np

from mc.model.measure import Beliefs, Measure, NotNormal
from mc.model.registry import BadArgument, MetricChoice, UnknownName, metric_choice
from priors.cards import Card
from priors.faults import Fault

LOG_KINDS = ("growth", "scale")
LOWEST_SCORE = -6.5
"""Normal score of the lowest value that a draw can take."""


def read_metric(asked: str | Measure) -> MetricChoice:
    """A metric as an experiment or ``--metric`` names it.

    Raises:
        UnknownName: If there is no such metric.
        BadArgument: If a label, an argument or a formula is not allowed.
    """
    return asked.choice() if isinstance(asked, Measure) else metric_choice(asked)


def bound_metrics(
    choices: tuple[MetricChoice, ...], card: Card, faults: list[Fault]
) -> tuple[MetricChoice, ...]:
    """The metrics with those of the user's own bound to the card's beliefs."""
    bound = []
    for choice in choices:
        own, stated = choice.own, set(card.joint.names())
        if own is None or not stated.issuperset(own.needs):
            bound.append(choice)
            continue
        try:
            known = own.bound(_beliefs(choice, card))
        except (NotNormal, BadArgument, UnknownName) as error:
            faults.append(Fault(_told(choice.label, error), key="--metric"))
            continue
        turned = getattr(known, "turned", 1)
        direction = "lower is better" if turned < 0 else choice.entry.direction
        entry = dataclasses.replace(choice.entry, direction=direction)
        bound.append(dataclasses.replace(choice, own=known, entry=entry))
    return tuple(bound)


def _told(label: str, error: Exception) -> str:
    if not isinstance(error, NotNormal):
        return f"{label}: {error}"
    return f"{label} is no normal metric at the card's central values: {error}"


def _beliefs(choice: MetricChoice, card: Card) -> Beliefs:
    """What a card says of the parameters that a metric reads itself.

    Raises:
        BadArgument: If one of them is a date or a duration.
    """
    joint, names = card.joint, choice.own.needs
    kinds = {name: joint.units[name].kind for name in names}
    for name, kind in kinds.items():
        if kind in ("date", "duration"):
            raise BadArgument(f"{name} is a {kind}: no number for a formula")
    logs = frozenset(name for name in names if kinds[name] in LOG_KINDS)
    values = joint.restricted(set(names)).central()
    central = {
        name: math.exp(values[name]) if name in logs else values[name] for name in names
    }
    beliefs = {belief.name: belief for belief in joint.beliefs}
    points = {n: central[n] for n in names if n in beliefs and beliefs[n].is_point}
    lowest = {
        name: min(
            float(marginal.law.at_score(np.array([LOWEST_SCORE]))[0])
            for marginal in beliefs[name].marginals
        )
        for name in names
        if name in beliefs and beliefs[name].parent is None
    }
    positive = logs | {name for name in lowest if lowest[name] > 0}
    return Beliefs(
        central=central, points=points, positive=frozenset(positive), logs=logs
    )

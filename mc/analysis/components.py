"""Which source is right: a run's figures as the weight of each label goes from 0 to 1.

Exact on the stored draws: a label's weight is one where the others are left out, and
in between the two parts are mixed; the other labels keep their proportions.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mc.analysis.headline import weighted_table
from mc.analysis.stored import Stored

SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, kw_only=True, eq=False)
class Source:
    """One label of a component, and what becomes of the figures with its weight.

    Attributes:
        component: As in ``[components.NAME]``.
        label: The label.
        weight: Its weight as the card has it.
        tables: Rows as ``summary.csv`` has them, one table for each of ``SHARES``.
    """

    component: str
    label: str
    weight: float
    tables: tuple[pd.DataFrame, ...]


def sources(draws: Stored) -> tuple[Source, ...]:
    """Return every label of every component that the run drew."""
    told = [
        (component, place)
        for component in draws.joint.components
        for place in range(len(component.labels))
        if len(component.labels) > 1
    ]
    weights = []
    for component, place in told:
        chosen = draws.labels(component.name) == place
        weight = component.weights[place]
        weights += [
            np.where(chosen, share / weight, (1.0 - share) / (1.0 - weight))
            for share in SHARES
        ]
    tables = weighted_table(draws, weights) if weights else []
    size = len(SHARES)
    return tuple(
        Source(
            component=component.name,
            label=component.labels[place],
            weight=component.weights[place],
            tables=tuple(tables[size * i : size * (i + 1)]),
        )
        for i, (component, place) in enumerate(told)
    )

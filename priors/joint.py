"""The joint prior: laws, components, groups and dependence, on canonical scales.

Pure data: what it says is drawn elsewhere. A value is the draw of its label's law,
plus ``slope`` times the value of its parent where it is given one.
"""

import datetime
import math
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from priors.dependence import Cluster
from priors.faults import Fault, Refusal
from priors.laws import Law, Point
from priors.shapes import Float
from priors.units import Unit

MAX_GROUP_ROWS = 65_536


@dataclass(frozen=True, kw_only=True)
class Marginal:
    """The law of a parameter under one label.

    Attributes:
        law: A law on the canonical scale.
        slope: Factor of the parent's canonical value, added to the draw; 0 without
            a parent.
    """

    law: Law
    slope: float = 0.0


@dataclass(frozen=True, kw_only=True)
class Belief:
    """What a card says about one parameter.

    Attributes:
        name: The parameter.
        unit: The card's unit, for echoing and for storing draws.
        marginals: One, or one for each label of the component ``by``.
        by: The component whose label chooses the marginal.
        parent: The parameter it is given.
        source: Author, publication, identifier.
        date: When the source was published.
        evidence: Data sets it was read from.
        note: What is derived or assumed.
        file: The file that says it.
        line: The line of its table in that file.
    """

    name: str
    unit: Unit
    marginals: tuple[Marginal, ...]
    by: str | None = None
    parent: str | None = None
    source: str = ""
    date: datetime.date | None = None
    evidence: tuple[str, ...] = ()
    note: str = ""
    file: str | None = None
    line: int | None = None

    @property
    def is_point(self) -> bool:
        """Whether every draw has the same value."""
        only = self.marginals[0]
        alone = len(self.marginals) == 1 and self.parent is None
        return alone and isinstance(only.law, Point)


@dataclass(frozen=True, kw_only=True)
class Component:
    """A label that each draw has, shared by all the parameters that name it.

    Attributes:
        name: As in ``[components.NAME]``.
        labels: The labels, in the card's order.
        weights: Their probabilities, adding to 1.

    Raises:
        Refusal: If a weight is not positive or they do not add to 1.
    """

    name: str
    labels: tuple[str, ...]
    weights: tuple[float, ...]

    def __post_init__(self):
        total = math.fsum(self.weights)
        if not all(weight > 0.0 for weight in self.weights):
            message = f"weights {self._echo()} must all be above 0"
            raise Refusal(Fault(message, key=f"components.{self.name}.weights"))
        if abs(total - 1.0) > 1e-9:
            message = f"weights {self._echo()} add to {total:.12g}, not to 1"
            raise Refusal(Fault(message, key=f"components.{self.name}.weights"))

    @property
    def heaviest(self) -> int:
        """Index of the label with the largest weight; of equal ones, the first."""
        return int(np.argmax(self.weights))

    def _echo(self) -> str:
        pairs = zip(self.labels, self.weights, strict=True)
        return ", ".join(f"{label} {weight:g}" for label, weight in pairs)


@dataclass(frozen=True, kw_only=True, eq=False)
class Group:
    """Parameters drawn jointly, as a row of a table; one coordinate picks the row.

    Attributes:
        name: The table's file, without its folder and ending.
        columns: Parameter name to canonical values, all of one length.
    """

    name: str
    columns: dict[str, Float[np.ndarray, " rows"]]

    @property
    def rows(self) -> int:
        """The number of rows, at most 65,536."""
        return next(iter(self.columns.values())).size


@dataclass(frozen=True, kw_only=True)
class JointPrior:
    """Everything that can be drawn from one card.

    Attributes:
        reference_date: Time zero: when the initial ratio of the actors holds.
        beliefs: One for each parameter that has a law of its own, sorted by name.
        components: Labels, in the card's order.
        groups: Tables drawn by rows.
        clusters: Parameters that depend on each other by rank correlation.
        aliases: Parameter to the one whose value it shares (``same_as``).
        units: The card's unit of every name.
    """

    reference_date: datetime.date
    beliefs: tuple[Belief, ...]
    components: tuple[Component, ...] = ()
    groups: tuple[Group, ...] = ()
    clusters: tuple[Cluster, ...] = ()
    aliases: dict[str, str] = field(default_factory=dict)
    units: dict[str, Unit] = field(default_factory=dict)

    @cached_property
    def belief_of(self) -> dict[str, Belief]:
        """The beliefs by name."""
        return {belief.name: belief for belief in self.beliefs}

    def names(self) -> tuple[str, ...]:
        """Return all that can be drawn, aliases and group members too, sorted."""
        grouped = [name for group in self.groups for name in group.columns]
        return tuple(sorted([*self.belief_of, *self.aliases, *grouped]))

    def component(self, name: str) -> Component:
        """Return the component called ``name``."""
        return next(part for part in self.components if part.name == name)

    def in_order(self) -> tuple[Belief, ...]:
        """Return the beliefs, every parent before the parameters given it."""
        done: dict[str, Belief] = {}

        def visit(belief: Belief) -> None:
            parent = self.belief_of.get(self.target(belief.parent or ""))
            if parent is not None and parent.name not in done:
                visit(parent)
            done.setdefault(belief.name, belief)

        for belief in self.beliefs:
            visit(belief)
        return tuple(done.values())

    def target(self, name: str) -> str:
        """Return the parameter whose value ``name`` has: itself, unless an alias."""
        return self.aliases.get(name, name)

    def central(self) -> dict[str, float]:
        """Return one central value a name, on the canonical scale.

        The median under the heaviest label; what is given a parent, at the parent's
        central value; the median of each column of a group.
        """
        values = {
            name: float(np.median(column))
            for group in self.groups
            for name, column in group.columns.items()
        }
        for belief in self.in_order():
            label = self.component(belief.by).heaviest if belief.by else 0
            marginal = belief.marginals[label]
            value = float(marginal.law.at_score(np.zeros(1))[0])
            if belief.parent is not None and marginal.slope != 0.0:
                value += marginal.slope * values[self.target(belief.parent)]
            values[belief.name] = value
        values |= {name: values[self.target(name)] for name in self.aliases}
        return dict(sorted(values.items()))

    def restricted(self, needed: set[str]) -> "JointPrior":
        """Return what is needed to draw some names, and nothing else.

        Parents, the targets of aliases and every member of a cluster that is touched
        come along, so that a draw keeps its bits.

        Args:
            needed: Names to keep; names that the card does not have are left out.
        """
        keep = self._closed(needed)
        beliefs = tuple(belief for belief in self.beliefs if belief.name in keep)
        used = {belief.by for belief in beliefs}
        groups = (
            (group, {n: c for n, c in group.columns.items() if n in keep})
            for group in self.groups
        )
        return replace(
            self,
            beliefs=beliefs,
            components=tuple(part for part in self.components if part.name in used),
            groups=tuple(replace(g, columns=kept) for g, kept in groups if kept),
            clusters=tuple(part for part in self.clusters if part.names[0] in keep),
            aliases={n: self.aliases[n] for n in self.aliases if n in keep},
            units={n: self.units[n] for n in self.units if n in keep},
        )

    def _closed(self, needed: set[str]) -> set[str]:
        keep: set[str] = set()
        waiting = sorted(needed & set(self.names()))
        while waiting:
            name = waiting.pop()
            if name in keep:
                continue
            keep.add(name)
            belief = self.belief_of.get(name)
            if belief is not None and belief.parent is not None:
                waiting.append(belief.parent)
            waiting.append(self.target(name))
            for cluster in self.clusters:
                if name in cluster.names:
                    waiting.extend(cluster.names)
        return keep

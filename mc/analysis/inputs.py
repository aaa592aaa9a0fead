"""What differs from draw to draw: parameters and labels, and what depends on what."""

import dataclasses
from collections.abc import Iterable

import numpy as np
from jaxtyping import Shaped

from mc.engine.plan import Plan
from mc.engine.replay import Replay, Sample
from priors.faults import Fault, Refusal
from priors.joint import JointPrior
from priors.units import Unit

LABEL = "components."
GROUP = "groups."


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Input:
    """One parameter, or one component's label: which source is right.

    Attributes:
        name: The parameter or the component.
        values: Of every draw, canonical; of a component, the label's position.
        labels: Labels of a component; empty for a parameter.
        unit: Of a parameter; None where a path makes it up.
    """

    name: str
    values: Shaped[np.ndarray, "points replicates"]
    labels: tuple[str, ...] = ()
    unit: Unit | None = None

    @property
    def coordinate(self) -> str:
        """What it is drawn from: one for a card's parameter and a scenario's."""
        return f"{LABEL}{self.name}" if self.labels else self.name.rpartition("/")[2]


def inputs_of(plan: Plan, sample: Sample, scenario: str) -> tuple[Input, ...]:
    """Every input that varies, sorted by name; a scenario's own among them.

    Args:
        plan: What was drawn.
        sample: The draws.
        scenario: Whose own laws count.

    Raises:
        Refusal: If nothing varies.
    """
    joint, prefix = plan.card.joint, f"{scenario}/"
    found = []
    for name, values in sample.parameters.items():
        own = name.removeprefix(prefix)
        if "/" in own or name in joint.aliases or np.ptp(values) == 0:
            continue
        unit = joint.units.get(name)
        found.append(Input(name=name, values=values, unit=unit))
    for name, codes in sample.labels.items():
        labels = joint.component(name).labels
        if np.ptp(codes) > 0:
            found.append(Input(name=name, values=codes, labels=labels))
    if not found:
        line = f"every belief of card {plan.card.name} that counts here is a point"
        raise Refusal(Fault(f"{line}: nothing can move the figure"))
    return tuple(sorted(found, key=lambda one: one.name))


def together(joint: JointPrior, names: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Those of some inputs that depend on each other, whatever the way.

    By rank correlation, a label that chooses a law, a parent, or rows of one table.
    """
    links = [set(cluster.names) for cluster in joint.clusters]
    links += [set(group.columns) for group in joint.groups]
    for belief in joint.beliefs:
        links += [{belief.name, belief.by}] if belief.by else []
        links += [{belief.name, joint.target(belief.parent)}] if belief.parent else []
    sets: list[set[str]] = []
    for link in links:
        joined = link.union(*(known for known in sets if known & link))
        sets = [known for known in sets if not known & link] + [joined]
    asked = set(names)
    found = (tuple(sorted(one & asked)) for one in sets)
    return tuple(sorted(one for one in found if len(one) > 1))


def blocks(replay: Replay) -> tuple[tuple[str, ...], ...]:
    """Coordinates that are drawn independently; those of a cluster as one.

    A parameter that is given another, or whose law a label chooses, has a coordinate of
    its own: what remains of it when the other is known.
    """
    sampler = replay.sampler
    transports = (sampler.card, *(transport for _, transport in sampler.others))
    names = sorted({name for t in transports for name in t.sequences})
    together = _clusters(t.joint for t in transports)
    found: list[tuple[str, ...]] = []
    for name in names:
        block = together.get(name, (name,))
        if block not in found:
            found.append(block)
    return tuple(found)


def _clusters(joints: Iterable[JointPrior]) -> dict[str, tuple[str, ...]]:
    return {
        name: tuple(cluster.names)
        for joint in joints
        for cluster in joint.clusters
        for name in cluster.names
    }

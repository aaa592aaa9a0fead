"""Worlds of one run: the card's own, other actors, interventions.

A scenario keeps every draw's mechanisms and changes some of them; every metric
depends on compute as it does in the card's own world. Nothing here imports JAX.
"""

import dataclasses
from collections.abc import Sequence
from typing import Any

from mc.model.arguments import LABEL, BadArgument
from mc.model.change import (
    GIVES_WAY,
    MECHANISMS,
    PLUS,
    SET,
    TIMES,
    Change,
    knows_compute,
)
from mc.model.path_choice import PathChoice, path_choice
from mc.model.registry import UnknownName
from priors.actors import Actor, load_actor
from priors.cards import Card
from priors.faults import Fault, Refusal, nearest
from priors.interventions import Interventions, read_interventions
from priors.joint import JointPrior
from priors.units import Unit

BASELINE = "baseline"
ON_TOP = "+"
"""Before the path of a scenario: parts that are put on that of the baseline."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Scenario:
    """What is done, and to whom: an intervention on the world of a card.

    Attributes:
        name: What results call it.
        summary: One line.
        changes: ``NAME=SPEC`` or ``NAME*=FACTOR`` each; a factor on a growth acts on
            its logarithm, so 0.5 is half as fast.
        path: Another compute path, or ``+PART`` to go on top of the baseline's; the
            baseline's if None.
        actor: Another meek actor; the baseline's if None.
    """

    name: str
    summary: str = ""
    changes: tuple[str, ...] = ()
    path: str | None = None
    actor: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Followed:
    """A scenario, resolved.

    Attributes:
        name: ``baseline``, or the scenario's.
        summary: One line.
        path: The path that is followed.
        actor: The meek actor; None for the card's own.
        interventions: What is changed beside the actor; None for nothing.
    """

    name: str
    summary: str
    path: PathChoice
    actor: Actor | None = None
    interventions: Interventions | None = None

    @property
    def is_believed(self) -> bool:
        """Whether nothing is changed in the card's own world."""
        return not self.changes

    @property
    def laws(self) -> tuple[JointPrior, ...]:
        """Laws of what is set, the actor's first."""
        actor = (self.actor.joint,) if self.actor else ()
        given = (self.interventions.joint,) if self.interventions else ()
        return tuple(joint for joint in (*actor, *given) if joint.names())

    @property
    def constants(self) -> dict[str, float]:
        """Factors and shifts by key, on canonical scales."""
        if self.interventions is None:
            return {}
        told = {**self.interventions.factors, **self.interventions.shifts}
        return {self.key(name): value for name, value in told.items()}

    @property
    def changes(self) -> tuple[Change, ...]:
        """What differs from the card's own world; a later change counts."""
        how = {name: SET for joint in self.laws for name in joint.names()}
        if self.interventions is not None:
            how |= dict.fromkeys(self.interventions.factors, TIMES)
            how |= dict.fromkeys(self.interventions.shifts, PLUS)
        return tuple(Change(name=name, how=kind) for name, kind in how.items())

    def key(self, name: str) -> str:
        """Under which the draws of a changed parameter are kept."""
        return f"{self.name}/{name}"

    def label(self, metric: str) -> str:
        """How a metric in this scenario is labelled."""
        return metric if self.name == BASELINE else f"{self.name}/{metric}"

    def units(self) -> dict[str, Unit]:
        """Units of what is set, by key."""
        return {
            self.key(name): unit
            for joint in self.laws
            for name, unit in joint.units.items()
        }

    def description(self) -> dict[str, Any]:
        """What decides the numbers, for the run's configuration."""
        told: dict[str, Any] = {"name": self.name, "path": self.path.name}
        if self.actor is not None:
            told["actor"] = {"name": self.actor.name, "sha256": self.actor.sha256}
        if self.interventions is not None:
            told["changes"] = list(self.interventions.texts)
        return told


def split_label(label: str) -> tuple[str, str]:
    """Scenario and metric of a label."""
    scenario, slash, metric = label.rpartition("/")
    return (scenario, metric) if slash else (BASELINE, label)


def resolved(
    scenarios: Sequence[Scenario], actors: Sequence[str], path: str, card: Card
) -> tuple[tuple[Followed, ...], PathChoice | None, list[Fault]]:
    """The worlds of a run, the baseline first; the card's own path; every fault.

    Args:
        scenarios: Interventions.
        actors: Names of meek actors: the first is the baseline's, the others are
            scenarios of their own name. None for the card's own.
        path: The path under which the card is read.
        card: The beliefs.
    """
    faults: list[Fault] = []
    believed = _read_path(path, "--path", faults)
    who = [_actor(name, card, faults) for name in actors] or [card.actor]
    if believed is None or faults:
        return (), believed, faults
    worlds = [_baseline(who[0], believed, faults)]
    worlds += [
        _followed(
            Scenario(name=actor.name, summary=actor.description),
            actor,
            path,
            card,
            faults,
        )
        for actor in who[1:]
        if actor is not None
    ]
    for scenario in scenarios:
        actor = _actor(scenario.actor, card, faults) if scenario.actor else who[0]
        worlds.append(_followed(scenario, actor, path, card, faults))
    faults += _name_faults([world.name for world in worlds if world])
    if any(world and world.actor for world in worlds) and not knows_compute(
        card.joint.names()
    ):
        message = "names no compute in FLOP, so it cannot say what another actor has"
        faults.append(Fault(message, file=f"card {card.name}", key="--actor"))
    return tuple(world for world in worlds if world), believed, faults


def _baseline(
    actor: Actor | None, believed: PathChoice, faults: list[Fault]
) -> Followed | None:
    path = _of_actor(believed, actor, faults)
    if path is None:
        return None
    summary = actor.description if actor else "the card's own world"
    return Followed(name=BASELINE, summary=summary, path=path, actor=actor)


def _followed(
    scenario: Scenario,
    actor: Actor | None,
    path: str,
    card: Card,
    faults: list[Fault],
) -> Followed | None:
    told = scenario.path or path
    told = f"{path}{told}" if told.startswith(ON_TOP) else told
    chosen = _read_path(told, f"scenario {scenario.name}", faults)
    chosen = chosen and _of_actor(chosen, actor, faults)
    given = None
    if scenario.changes:
        try:
            given = read_interventions(
                scenario.changes, card, where=f"scenario {scenario.name}"
            )
        except Refusal as refusal:
            faults += refusal.faults
            return None
    faults += _factor_faults(scenario, actor, given)
    if chosen is None:
        return None
    return Followed(
        name=scenario.name,
        summary=scenario.summary,
        path=chosen,
        actor=actor,
        interventions=given,
    )


def _factor_faults(
    scenario: Scenario, actor: Actor | None, given: Interventions | None
) -> list[Fault]:
    """Factors on what the actor states, which would act on the card's number."""
    if actor is None or given is None:
        return []
    twice = {*given.factors, *given.shifts} & {*actor.joint.names()}
    return [
        Fault(
            f"is what actor {actor.name} states: write {name}=SPEC, not a factor",
            file=f"scenario {scenario.name}",
            key=name,
        )
        for name in sorted(twice)
    ]


def _of_actor(
    path: PathChoice, actor: Actor | None, faults: list[Fault]
) -> PathChoice | None:
    """The path with the part that belongs to an actor."""
    if actor is None or actor.path is None:
        return path
    return _read_path(f"{path.name}+{actor.path}", f"actor {actor.name}", faults)


def _read_path(text: str, where: str, faults: list[Fault]) -> PathChoice | None:
    try:
        return path_choice(text)
    except (UnknownName, BadArgument) as error:
        hint = nearest(error.name, error.known)
        faults.append(Fault(f"{error}{hint}", key=where))
        return None


def _actor(name: str, card: Card, faults: list[Fault]) -> Actor | None:
    try:
        return load_actor(name, card)
    except Refusal as refusal:
        faults += refusal.faults
        return None


def _name_faults(names: list[str]) -> list[Fault]:
    faults = []
    for i, name in enumerate(names):
        if not LABEL.fullmatch(name) or (name == BASELINE and i > 0):
            message = f"{name!r} is no name: letters, digits, '_', '.' and '-' only"
            faults.append(Fault(message, key="--scenario"))
        if name in names[:i]:
            faults.append(Fault(f"{name} is given twice", key="--scenario"))
    return faults


def needs_of(
    world: Followed, card: Card, wanted: set[str], faults: list[Fault]
) -> set[str]:
    """Parameters of the card that a world needs; faults of unmet and unneeded ones.

    Args:
        world: The scenario.
        card: The beliefs.
        wanted: What the metrics and the card's own path need.
        faults: Added to.
    """
    stated = set(card.joint.names())
    changed = {change.name for change in world.changes}
    chosen, missing = world.path.requirements(
        frozenset(stated | changed | set(MECHANISMS))
    )
    about = f"scenario {world.name}" if world.name != BASELINE else "--actor"
    faults += [
        Fault(f"{need} is missing (needed by path {world.path.name})", file=about)
        for need in missing
    ]
    known = wanted | chosen | set(GIVES_WAY) | set(MECHANISMS)
    faults += [
        Fault(f"{name} changes nothing in this run", file=about, key=name)
        for name in sorted(changed - known)
    ]
    return chosen & stated

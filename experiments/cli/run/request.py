"""What is asked of a run: every option read, every fault told together."""

import dataclasses
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from experiments import registry
from experiments.cli import typed
from experiments.cli.run import scenario_options
from experiments.cli.typed import Typed
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.engine.experiment import Experiment
    from mc.engine.plan import Plan
    from mc.engine.precision import Target
    from priors.cards import Card

T = TypeVar("T")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Asked:
    """The options of ``meekmc run`` as text; None where one was not given."""

    experiment: str
    card: str | None
    overrides: Sequence[str]
    path: str | None
    actors: Sequence[str]
    scenarios: Sequence[str]
    metrics: Sequence[str]
    levels: Sequence[str]
    budgets: str | None
    fade: str | None
    returns: bool
    preintegrate: bool
    draws: str | None
    precision: Sequence[str]
    replicates: str | None
    seed: str | None
    design: str | None
    start: str | None
    end: str | None
    events_until: str | None
    today: str | None
    tolerances: Sequence[str]
    device: str | None
    cluster: str | None
    out: str | None
    resume: bool = False


@dataclasses.dataclass(frozen=True, kw_only=True)
class Request:
    """A run that can be made.

    Attributes:
        plan: What is drawn, evaluated and reported.
        targets: Figures that say when it is enough; the plan has the most draws.
        device: ``auto``, ``cpu`` or ``gpu``.
        cluster: Address of the workers; None for this process alone.
        out: The folder asked for; None for a new one in ``runs/``.
        resume: Whether to go on with what is there.
    """

    plan: "Plan"
    targets: "tuple[Target, ...]"
    device: str
    out: Path | None
    resume: bool = False
    cluster: str | None = None


def resolve(asked: Asked, own: "Experiment | None" = None) -> Request:
    """Read the options and make the plan; this costs no JAX.

    Args:
        asked: The options.
        own: The experiment of the script that was called, if one was.

    Raises:
        Refusal: With every fault of the options, the card and the experiment.
    """
    from priors.cards import load

    reader = Typed()
    device = reader.read("--device", typed.device, asked.device)
    cluster = reader.read("--cluster", typed.cluster, asked.cluster)
    out = reader.read("--out", typed.folder, asked.out)
    if asked.resume:
        asked = _going_on(asked, out, reader.faults)
    dates = _dates(reader, asked)
    numbers = _numbers(reader, asked)
    targets = _targets(asked, numbers, reader.faults)
    amounts = _amounts(reader, asked)
    faults = reader.faults
    question = own or _kept(faults, lambda: registry.find(asked.experiment))
    name = question.card if question and asked.card is None else asked.card
    read = partial(load, name, asked.overrides) if name is not None else None
    card = _kept(faults, read) if read else None
    declared = question.scenarios if question else ()
    worlds = _kept(faults, lambda: scenario_options.chosen(asked.scenarios, declared))
    plan = None
    if question and card:
        given = dates | amounts | {"scenarios": worlds or ()}
        changed = _changed(question, card, asked, given)
        today = dates.get("today")
        plan = _kept(faults, lambda: _plan(changed, card, today, asked, numbers))
    if faults or plan is None:
        raise Refusal(faults)
    return Request(
        plan=plan,
        targets=targets,
        device=device or "auto",
        out=out,
        resume=asked.resume,
        cluster=cluster,
    )


def _going_on(asked: Asked, out: Path | None, faults: list[Fault]) -> Asked:
    """The options of a run that goes on: "today" is the day on which it was begun."""
    from mc.engine.unfinished import day_of

    if out is None:
        faults.append(Fault("--resume needs the run's folder: --out DIR"))
    elif asked.today is None:
        return dataclasses.replace(asked, today=day_of(out))
    return asked


def _targets(
    asked: Asked, numbers: dict[str, Any], faults: list[Fault]
) -> "tuple[Target, ...]":
    """What must be precise; the most draws are then many unless they are told."""
    if not asked.precision:
        return ()
    from mc.engine.precision import MOST_DRAWS, read_targets

    numbers.setdefault("draws", MOST_DRAWS)
    return _kept(faults, lambda: read_targets(asked.precision)) or ()


def _dates(reader: Typed, asked: Asked) -> dict[str, Any]:
    """The dates that were given; none if one of them is refused."""
    before = len(reader.faults)
    found = {
        field: reader.read(f"--{field.replace('_', '-')}", typed.date, text)
        for field in ("start", "end", "events_until", "today")
        if (text := getattr(asked, field)) is not None
    }
    return {} if len(reader.faults) > before else found


def _amounts(reader: Typed, asked: Asked) -> dict[str, Any]:
    """The budgets and the share of the peak that were given."""
    found = {
        "budgets": reader.read("--budgets", typed.budgets, asked.budgets),
        "fade": reader.read("--fade", typed.share, asked.fade),
    }
    return {key: value for key, value in found.items() if value is not None}


def _numbers(reader: Typed, asked: Asked) -> dict[str, Any]:
    """The numbers that were given, as ``make_plan`` takes them."""
    found = {
        "draws": reader.read("--draws", typed.count, asked.draws),
        "replicates": reader.read("--replicates", typed.count, asked.replicates),
        "seed": reader.read("--seed", typed.seed, asked.seed),
        "tolerances": reader.pairs("--tolerance", asked.tolerances),
    }
    return {key: value for key, value in found.items() if value is not None}


def _changed(
    question: "Experiment", card: "Card", asked: Asked, given: dict[str, Any]
) -> "Experiment":
    """The experiment with what the command line puts in the place of its own."""
    given = {key: value for key, value in given.items() if key != "today"}
    if asked.path is not None:
        given["path"] = asked.path
    if asked.actors:
        given["actors"] = tuple(asked.actors)
    if asked.metrics:
        given["metrics"] = tuple(asked.metrics)
    if asked.levels:
        given["levels"] = tuple(asked.levels)
    if asked.returns:
        given["returns"] = True
    if asked.preintegrate:
        given["preintegrate"] = True
    return dataclasses.replace(question, card=card.name, **given)


def _plan(
    question: "Experiment",
    card: "Card",
    today: Any,
    asked: Asked,
    numbers: dict[str, Any],
) -> "Plan":
    from mc.engine.plan import make_plan

    design = "sobol" if asked.design is None else asked.design
    return make_plan(question, card, design=design, today=today, **numbers)


def _kept(faults: list[Fault], make: Callable[[], T]) -> T | None:
    """What ``make`` returns; None where it refuses, and its faults are kept."""
    try:
        return make()
    except Refusal as refusal:
        faults += refusal.faults
        return None

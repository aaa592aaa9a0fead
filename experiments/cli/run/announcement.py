"""What a run is about to do."""

from collections.abc import Mapping
from pathlib import Path

from experiments.cli.run import scenario_effects
from experiments.cli.run.request import Request
from mc.engine.plan import Plan
from priors.parameters import parameter

MOST_NAMED = 8
"""Unused parameters that are named; of more only the number is told."""


def labelled(
    request: Request, device: Mapping[str, str | int], folder: Path
) -> list[tuple[str, str]]:
    """Labels and texts, in the order in which they are told."""
    plan = request.plan
    asked = plan.experiment
    beliefs = f"card {plan.card.name}, reference date {plan.epoch}"
    if plan.card.overridden:
        beliefs += f"; replaced: {', '.join(plan.card.overridden)}"
    base = plan.scenarios[0]
    pairs = [("beliefs", beliefs)]
    if base.actor is not None:
        pairs.append(("actor", f"{base.actor.name}: {base.actor.description}"))
    pairs += [
        ("path", f"{base.path.name}: {base.path.summary}"),
        *(("scenario", line) for line in scenario_effects.worlds(plan)[1:]),
        ("metrics", ", ".join(choice.label for choice in plan.metrics)),
        ("draws", _draws(plan)),
        *(
            ("until", f"{target.figure} is good to {target.error:g}; draws at most")
            for target in request.targets
        ),
        ("device", _device(device)),
        (
            "dates",
            f"{plan.dates[0]} to {asked.end}; events until {asked.events_until}",
        ),
        ("output", str(folder)),
    ]
    if plan.unused:
        pairs.append(("unused", _unused(plan)))
    return pairs + [("notice", notice) for notice in plan.card.notices]


def _unused(plan: Plan) -> str:
    """Parameters that this run does not need: few by name, the user's own always."""
    own = [name for name in plan.unused if parameter(name) is None]
    named = plan.unused if len(plan.unused) <= MOST_NAMED else own
    stated = len(plan.card.tables["parameters"])
    count = f"{len(plan.unused)} of the card's {stated} parameters"
    listed = f": {', '.join(named)}" if named else " (listed in manifest.json)"
    return count + listed


def _draws(plan: Plan) -> str:
    points = plan.num_draws // plan.replicates
    text = f"{plan.num_draws:,} in {plan.replicates} replicates of {points:,}"
    if plan.num_draws != plan.asked_draws:
        text += f" (rounded up from {plan.asked_draws:,})"
    return f"{text}; {plan.design}, seed {plan.seed}"


def _device(device: Mapping[str, str | int]) -> str:
    what = "cores" if device["kind"] == "cpu" else f"× {device['name']}"
    return f"{device['kind']}, {device['count']} {what}"

"""How to get a run again: what was asked, believed, used and counted."""

import datetime
import importlib.metadata
import platform
from collections.abc import Mapping
from typing import Any

import numpy as np

from mc.engine.blocks import BLOCK_DRAWS
from mc.engine.columns import COMPUTE, PLAUSIBILITY
from mc.engine.devices import Devices
from mc.engine.execution import Computation, make_design
from mc.engine.plan import FORMAT, Plan
from mc.engine.scenario import Followed, split_label
from mc.engine.tables import series_of
from mc.outcomes.status import Status

PACKAGES = ("jax", "jaxlib", "numpy", "scipy", "pandas", "xarray")


def make_manifest(
    plan: Plan,
    computation: Computation,
    devices: Devices,
    *,
    precision: str,
    command: str,
    started: datetime.datetime,
    seconds: float,
) -> dict[str, Any]:
    """All that ``manifest.json`` holds, except the checksums of files."""
    return {
        "format": FORMAT,
        "run_id": plan.run_id(precision),
        "command": command,
        "configuration": plan.configuration(precision),
        "experiment": {
            "name": plan.experiment.name,
            "question": plan.experiment.question,
            "figure": plan.experiment.figure,
            "assumptions": list(plan.experiment.assumptions),
        },
        "card": _card(plan),
        "metrics": {
            choice.label: _metric(plan, choice.label) for choice in plan.metrics
        },
        "path": {"name": plan.path.name, "summary": plan.path.summary},
        "scenarios": [_scenario(world) for world in plan.scenarios],
        "caveats": caveats(plan),
        "shows": shows(plan),
        "draws": {
            "total": plan.num_draws,
            "asked": plan.asked_draws,
            "stored": computation.stored.num_draws,
        },
        "streams": _streams(plan),
        "blocks": _blocks(plan, devices),
        "bands": {"bin_mass": computation.bin_mass, "recounts": computation.recounts},
        "status_counts": _status_counts(computation),
        "device": devices.describe(),
        "versions": _versions(),
        "started": started.isoformat(timespec="seconds"),
        "seconds": round(seconds, 3),
    }


def caveats(plan: Plan) -> list[dict[str, str]]:
    """The caveats that apply to this run, each once: id, line and what it is about."""
    found: dict[str, dict[str, str]] = {}
    for world in plan.scenarios:
        for key, line in world.path.caveats:
            told = {"id": key, "line": line, "about": world.path.name}
            found.setdefault(key, told)
    for choice in plan.metrics:
        for key, line in choice.entry.caveats:
            found.setdefault(key, {"id": key, "line": line, "about": choice.label})
    return list(found.values())


def shows(plan: Plan) -> str:
    """Whether a run shows beliefs, or what is done to the world of these beliefs."""
    believed = "beliefs: observed quantities keep their priors"
    if len(plan.scenarios) == 1:
        return believed
    others = "scenarios keep each draw's mechanisms, and observed quantities follow"
    return f"{believed}; {others}"


def _scenario(world: Followed) -> dict[str, Any]:
    told: dict[str, Any] = world.description() | {"summary": world.summary}
    told["assumes"] = world.path.assumes
    if world.actor is not None:
        told["actor"] = {
            "name": world.actor.name,
            "sha256": world.actor.sha256,
            "description": world.actor.description,
            "tables": strict(world.actor.tables),
        }
    return told


def _card(plan: Plan) -> dict[str, Any]:
    return {
        "name": plan.card.name,
        "description": plan.card.description,
        "sha256": plan.card.sha256,
        "reference_date": plan.card.reference_date.isoformat(),
        "overridden": list(plan.card.overridden),
        "tables": strict(plan.card.tables),
        "unused": list(plan.unused),
        "notices": list(plan.card.notices),
    }


def strict(value: Any) -> Any:
    """Tables of a card as strict JSON: dates as ISO text."""
    if isinstance(value, Mapping):
        return {str(key): strict(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [strict(inner) for inner in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def _metric(plan: Plan, label: str) -> dict[str, Any]:
    choice = next(c for c in plan.metrics if c.label == label)
    entry = choice.entry
    return {
        "name": entry.name,
        "arguments": {**choice.arguments, **choice.words},
        "summary": entry.summary,
        "unit": entry.unit,
        "direction": entry.direction,
        "scale": entry.scale,
        "tolerance": plan.tolerances[label],
        "series": {name: s.unit for name, s in series_of(plan, label).items()},
    }


def _streams(plan: Plan) -> dict[str, str]:
    design = make_design(plan)
    joint = plan.card.joint.restricted(set(plan.needed))
    names = [*joint.names(), *(f"components.{part.name}" for part in joint.components)]
    return {name: design.describe(name) for name in names}


def _blocks(plan: Plan, devices: Devices) -> list[dict[str, Any]]:
    return [
        {
            "first_draw": first,
            "draws": min(BLOCK_DRAWS, plan.num_draws - first),
            "device": devices.kind,
        }
        for first in range(0, plan.num_draws, BLOCK_DRAWS)
    ]


def _status_counts(computation: Computation) -> dict[str, dict[str, dict[str, int]]]:
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for label, name in computation.distributions:
        _, metric = split_label(label)
        if metric in (COMPUTE, PLAUSIBILITY) or not name.endswith("_years"):
            continue
        draws = computation.distributions[label, name]
        totals = np.asarray(draws.status_counts).sum(axis=0)
        event = name.removesuffix("_years")
        counts.setdefault(label, {})[event] = {
            status.word: int(totals[status]) for status in Status
        }
    return counts


def _versions() -> dict[str, str]:
    found = {"python": platform.python_version()}
    for package in ("meekmc", *PACKAGES):
        try:
            found[package] = importlib.metadata.version(package)
        except importlib.metadata.PackageNotFoundError:
            found[package] = "not installed"
    return found

"""A finished run as one strict JSON object, for programs."""

import json
import math
from pathlib import Path
from typing import Any

from experiments.cli.run import budgets, scenario_effects
from mc.engine.plan import Plan
from mc.engine.results import Results

EVENTS = ("peak_gap", "peak_date", "convergence_date")
CHANGES = ("peak_gap_change", "peak_delay", "convergence_delay")
PATH_METRICS = ("compute", "plausibility")


def as_json(plan: Plan, results: Results, folder: Path) -> str:
    """The run's id, its folder and every number of the headline with its error."""
    manifest = results.manifest
    return json.dumps(
        {
            "run_id": results.run_id,
            "folder": str(folder),
            "experiment": manifest["experiment"],
            "card": plan.card.name,
            "shows": manifest["shows"],
            "actor": budgets.in_words(plan),
            "scenarios": _scenarios(plan),
            "draws": plan.num_draws,
            "tolerances": dict(plan.tolerances),
            "headline": _rows(results),
            "caveats": manifest["caveats"],
            "seconds": manifest["seconds"],
        },
        ensure_ascii=False,
        allow_nan=False,
        indent=1,
    )


def _scenarios(plan: Plan) -> list[dict[str, str]]:
    """Every world of the run, the baseline first."""
    lines = scenario_effects.worlds(plan, with_start=True)
    return [
        {"name": world.name, "kind": scenario_effects.kind(plan, world), "words": line}
        for world, line in zip(plan.scenarios, lines, strict=True)
    ]


def _rows(results: Results) -> list[dict[str, Any]]:
    """The statistics of events, of dated quantities and of the path."""
    rows = results.summary(scenario=None).to_dict("records")
    return [
        {str(key): _strict(value) for key, value in row.items()}
        for row in rows
        if row["metric"] in PATH_METRICS
        or row["quantity"] in (*EVENTS, *CHANGES)
        or "@" in row["quantity"]
    ]


def _strict(value: Any) -> Any:
    """JSON has no infinity and no NaN: they are null, and the text says the rest."""
    return None if isinstance(value, float) and not math.isfinite(value) else value

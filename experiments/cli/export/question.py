"""The words of a forecasting question: title, resolution, condition, and where from."""

from typing import TYPE_CHECKING, Any

from experiments.cli import wording

if TYPE_CHECKING:
    from mc.analysis.exported import Exported

_TITLES = {
    "convergence_date": "When is the gap in {metric} between the AI frontier and a "
    "developer with a constant training budget closed for good?",
    "peak_date": "When does the gap in {metric} between the AI frontier and a "
    "developer with a constant training budget peak?",
    "peak_gap": "How large does the gap in {metric} between the AI frontier and a "
    "developer with a constant training budget become?",
}
_RESOLUTIONS = {
    "convergence_date": "The first date after the gap's peak from which frontier minus "
    "meek stays at or under {tolerance}. If the gap never exceeds that, the date is "
    "before the range; if it stays above it for ever, beyond the range.",
    "peak_date": "The date on which frontier minus meek is largest. If the gap already "
    "falls at the reference date, the date is before the range; if it rises for ever, "
    "beyond the range.",
    "peak_gap": "The largest value of frontier minus meek at any date. Without end, if "
    "the gap grows for ever.",
}


def in_words(one: "Exported") -> dict[str, str]:
    """Title, resolution criteria and the condition of a question."""
    manifest = one.results.manifest
    metric = manifest["metrics"][one.metric]
    world = next(w for w in manifest["scenarios"] if w["name"] == one.scenario)
    tolerance = wording.tolerance(metric["tolerance"], metric["unit"])
    caveats = [told["line"] for told in manifest["caveats"]]
    resolution = _RESOLUTIONS[one.quantity].format(tolerance=tolerance)
    return {
        "title": _TITLES[one.quantity].format(metric=one.metric),
        "resolution_criteria": f"{one.metric}: {metric['summary']}. {resolution}",
        "condition": _condition(one, world),
        "fine_print": " ".join(caveats),
    }


def origin(one: "Exported") -> dict[str, Any]:
    """How the same draws are made again."""
    manifest = one.results.manifest
    return {
        "command": manifest["command"],
        "run_id": one.results.run_id,
        "card": manifest["card"]["name"],
        "scenario": one.scenario,
        "figure": f"{one.metric}/{one.quantity}",
        "draws": one.draws.num_draws,
        "of_draws": manifest["draws"]["total"],
    }


def _condition(one: "Exported", world: dict[str, Any]) -> str:
    """What the answer takes for granted: budgets, path, card and actor."""
    manifest = one.results.manifest
    actor = world.get("actor", {}).get("name")
    who = f" The meek actor is {actor}." if actor else ""
    return (
        f"If {world['assumes']}: compute path {world['path']}, scenario "
        f"{world['name']}, beliefs of the card {manifest['card']['name']}.{who} "
        f"Both developers stand on one trend, so the gap is between two points of it, "
        f"not between two models. Shown are {manifest['shows']}."
    )

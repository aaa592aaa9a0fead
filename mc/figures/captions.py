"""The footer of a figure: which beliefs, which run, which actor, and the caveats."""

from collections.abc import Sequence

from mc.engine.results import Results
from mc.figures.worlds import in_words, world, world_names, worlds

INTERVALS = (
    "Bands: pointwise 50 % and 90 % equal-tailed intervals of draws; "
    "bands are not paths."
)
TREND_GAP = "trend-gap"
EXTRAPOLATED = "above-16-hours"
MOST_CAVEATS = 8
"""Caveats under a figure; the others are counted and stand in the manifest."""


def footer(
    results: Results,
    drawn: Sequence[str],
    marks: str,
    *,
    extrapolated: bool = False,
    compared: bool = False,
) -> list[str]:
    """Paragraphs under a figure.

    Args:
        results: The run.
        drawn: Labels of the metrics in the figure.
        marks: What its marks are, in a sentence.
        extrapolated: Whether it shows dates beyond where data reach.
        compared: Whether it shows every world of the run, not the baseline alone.
    """
    told = scenarios(results) if compared else others(results)
    return [
        provenance(results),
        " ".join(filter(None, (marks, in_words(results), told))),
        caveats(results, drawn, extrapolated=extrapolated),
    ]


def provenance(results: Results) -> str:
    """Card, experiment, draws and run id in one line."""
    draws, stored = (results.manifest["draws"][key] for key in ("total", "stored"))
    card = results.manifest["card"]
    changed = f" with {', '.join(card['overridden'])} set" if card["overridden"] else ""
    part = "" if stored == draws else f", {stored:,} stored"
    return (
        f"Card {card['name']}{changed} · experiment "
        f"{results.manifest['experiment']['name']} · path "
        f"{world(results).path} · {draws:,} draws{part} · run {results.run_id}"
    )


def others(results: Results) -> str:
    """That a figure shows the baseline, where the run follows scenarios too."""
    names = world_names(results)[1:]
    if not names:
        return ""
    return f"Baseline; scenarios of this run: {', '.join(names)}."


def scenarios(results: Results) -> str:
    """What is done in each world of the run, in a sentence each."""
    lines = [f"{told.name}: {told.words}." for told in worlds(results)]
    return " ".join(lines)


def caveats(results: Results, drawn: Sequence[str], *, extrapolated: bool) -> str:
    """The run's caveats that bear on the metrics drawn, and what the run shows."""
    metrics = results.manifest["metrics"]
    names = {metrics[label]["name"] for label in drawn}
    lines = [f"Shows {results.manifest['shows']}."]
    for caveat in results.manifest["caveats"]:
        key, about = caveat["id"], caveat["about"]
        bears = about not in metrics or metrics[about]["name"] in names
        if key == TREND_GAP:
            lines.insert(1, f"Trend gap: {_lower(caveat['line'])}")
        elif key == EXTRAPOLATED:
            lines += [caveat["line"]] if extrapolated else []
        elif bears:
            lines.append(caveat["line"])
    if len(lines) > MOST_CAVEATS:
        more = len(lines) - MOST_CAVEATS
        lines[MOST_CAVEATS:] = [f"{more} more caveats in manifest.json."]
    return " ".join(lines)


def _lower(line: str) -> str:
    return line[:1].lower() + line[1:]

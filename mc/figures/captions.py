"""The footer of a figure: which beliefs, which run, which actor, and the caveats."""

import datetime
from collections.abc import Sequence

from mc.engine.results import Results
from mc.figures.style import number_words

INTERVALS = (
    "Bands: pointwise 50 % and 90 % equal-tailed intervals of draws; "
    "bands are not paths."
)
TREND_GAP = "trend-gap"
EXTRAPOLATED = "above-16-hours"
MOST_CAVEATS = 8
"""Caveats under a figure; the others are counted and stand in the manifest."""


def footer(
    results: Results, drawn: Sequence[str], marks: str, *, extrapolated: bool = False
) -> list[str]:
    """Paragraphs under a figure.

    Args:
        results: The run.
        drawn: Labels of the metrics in the figure.
        marks: What its marks are, in a sentence.
        extrapolated: Whether it shows dates beyond where data reach.
    """
    return [
        provenance(results),
        f"{marks} {actor(results)}",
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
        f"{results.manifest['experiment']['name']} · {draws:,} draws{part} · "
        f"run {results.run_id}"
    )


def actor(results: Results) -> str:
    """The meek actor in FLOP and, where the card has them, dollars."""
    central = results.tree["central"].to_dataset()
    known = {
        name.removeprefix("parameters."): float(central[name])
        for name in map(str, central.data_vars)
        if name.startswith("parameters.")
    }
    budget, rate = known.get("meek_budget"), known.get("compute_per_dollar")
    flop = known.get("initial_compute")
    if flop is None and budget is not None and rate is not None:
        flop = budget * rate
    if budget is None and flop is not None and rate is not None:
        budget = flop / rate
    parts = []
    if flop is not None:
        parts.append(f"{number_words(flop, 2)} FLOP")
    if budget is not None:
        parts.append(f"{dollars(budget)} a run")
    if not parts:
        return "Meek actor: a constant budget for ever."
    ratio = known.get("initial_compute_ratio", 1.0)
    ahead = "equal" if ratio == 1.0 else f"×{number_words(ratio)} ahead"
    start = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    return (
        f"Meek actor: {', '.join(parts)} on {start}, the same spending for ever; "
        f"the frontier starts {ahead}."
    )


def dollars(amount: float) -> str:
    """An amount of money as people say it: ``$41M``."""
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "k")):
        if amount >= size:
            scale = 1e3 if letter == "k" else size
            return f"${number_words(amount / scale)}{letter}"
    return f"${number_words(amount)}"


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

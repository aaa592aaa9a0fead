"""What a reweighted run shows: figures before and after, with their errors."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import cell, is_settled, label_of, records, write
from experiments.cli.terminal import Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.reweighting import Reweighted, unneeded
from mc.analysis.stored import Stored
from mc.analysis.weights import Weights, good_k
from mc.engine.scenario import BASELINE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mc.analysis.reweighting import Reach
    from priors.cards import Card

BEFORE, AFTER = "before", "after"
_KEYS = ["scenario", "metric", "quantity", "statistic"]
_ERRORS = (
    "±: Monte Carlo error, from the spread over replicates, each weighted alone; of "
    "dates in months, of probabilities in points. Every other figure is in --json and "
    "--out."
)


def show(
    run: str,
    draws: Stored,
    card: "Card",
    found: Reweighted,
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write a run's figures under its own beliefs and under a card's."""
    tables = {BEFORE: found.before, AFTER: found.after}
    long = pd.concat(tables, names=["beliefs"])
    long = long.reset_index(level=0)
    write(long, file)
    if as_json:
        print_json(
            about(run, draws)
            | {
                "beliefs": _names(draws, card),
                "khat": _khat(found.weights),
                "effective_draws": found.weights.num_effective,
                "differs": [_reach(reach) for reach in found.reaches],
                "figures": records(long),
            }
        )
        return
    screen = Screen()
    screen.title(f"{draws.results.manifest['experiment']['name']}: what if")
    screen.labelled(
        [*told(run, draws), *_weighed(draws, card, found), *_notices(draws, card)]
    )
    for key, rows in figures(found.before, found.after).items():
        screen.lines("")
        screen.title(key)
        header = ("", BEFORE, "±", AFTER, "±")
        screen.lines(*grid(header, rows, screen.width))
    screen.block(Block(title="Errors", paragraph=_ERRORS))


def picture(draws: Stored, card: "Card", found: Reweighted) -> "Figure":
    """The figures before and after as dots and whiskers."""
    from mc.figures.reweighted import reweighted

    told = [*_weighed(draws, card, found), *_notices(draws, card)]
    notes = " ".join(f"{name.capitalize()}: {text}." for name, text in told)
    return reweighted(found.before, found.after, draws.results, [notes])


def told(run: str, draws: Stored) -> list[tuple[str, str]]:
    """Which run, and which of its draws."""
    total = draws.results.manifest["draws"]["total"]
    size = f"{draws.num_draws:,} draws"
    if draws.is_part:
        size = f"the {draws.num_draws:,} stored of {total:,} draws; before counted anew"
    return [("run", f"{run} ({draws.results.run_id}), {size}")]


def about(run: str, draws: Stored) -> dict[str, Any]:
    """The run and its draws, for JSON."""
    return {
        "run": run,
        "run_id": draws.results.run_id,
        "experiment": draws.results.manifest["experiment"]["name"],
        "draws": {
            "total": draws.results.manifest["draws"]["total"],
            "stored": draws.num_draws,
            "baseline": "stored draws" if draws.is_part else "all draws",
        },
    }


def figures(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, list[tuple[str, ...]]]:
    """Lines of the table of each scenario and metric, before and after."""
    before = {_key(row): row for row in old.to_dict("records")}
    tables: dict[str, list[tuple[str, ...]]] = {}
    for row in new.to_dict("records"):
        label = label_of(row)
        if label is None or is_settled(before[_key(row)], row):
            continue
        title = row["metric"]
        if row["scenario"] != BASELINE:
            title = f"{row['scenario']}: {title}"
        cells = (*cell(before[_key(row)]), *cell(row))
        tables.setdefault(title, []).append((f"  {label}", *cells))
    return tables


def _key(row: dict[Any, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEYS)


def _names(draws: Stored, card: "Card") -> dict[str, Any]:
    told = draws.results.manifest["card"]
    new = {"card": card.name, "sha256": card.sha256, "set": list(card.overridden)}
    return {BEFORE: {"card": told["name"], "sha256": told["sha256"]}, AFTER: new}


def _weighed(draws: Stored, card: "Card", found: Reweighted) -> list[tuple[str, str]]:
    changed = f" with --set {', '.join(card.overridden)}" if card.overridden else ""
    lines = [("beliefs", f"{draws.card.name}, then {card.name}{changed}")]
    if not found.reaches:
        text = "nothing that the run drew is believed differently: no figure moves"
        return [*lines, ("differ", text)]
    parts = [f"{r.name} ({_words(r.khat)})" for r in found.reaches]
    limit = good_k(draws.num_draws)
    size = f"{found.weights.num_effective:,.0f} of {draws.num_draws:,}"
    text = f"{_words(found.weights.khat)} (trusted up to {limit:.2f}); effective draws"
    return [*lines, ("differ", ", ".join(parts)), ("weights", f"{text} {size}")]


def _notices(draws: Stored, card: "Card") -> list[tuple[str, str]]:
    lines = []
    if names := unneeded(draws, card):
        text = f"{', '.join(names[:6])}{' and more' if len(names) > 6 else ''}"
        lines.append(("not drawn", f"different too, but no figure here needs {text}"))
    path = draws.results.manifest["configuration"]["path"]
    if card.path is not None and card.path != path:
        text = f"stays {path}, the run's; the card itself asks for {card.path}"
        lines.append(("path", text))
    return lines


def _words(khat: float) -> str:
    return "bounded" if khat == -math.inf else f"k̂ {khat:.2f}".replace("-", "−")


def _khat(weights: Weights) -> float | str:
    return "bounded" if weights.khat == -math.inf else weights.khat


def _reach(reach: "Reach") -> dict[str, Any]:
    return {
        "name": reach.name,
        "khat": "bounded" if reach.khat == -math.inf else reach.khat,
        "effective_draws": reach.num_effective,
    }

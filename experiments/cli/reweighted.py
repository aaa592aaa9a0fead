"""What a reweighted run shows: figures before and after, with their errors."""

import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.cli import wording
from experiments.cli.grid import grid
from experiments.cli.strict_json import print_json
from experiments.cli.terminal import Block, Screen
from mc.analysis.headline import DATES, HEIGHT
from mc.analysis.reweighting import Reweighted, unneeded
from mc.analysis.stored import Stored
from mc.analysis.weights import Weights, good_k
from mc.engine.scenario import BASELINE
from priors.units import MONTHS_PER_YEAR

if TYPE_CHECKING:
    from mc.analysis.reweighting import Reach
    from priors.cards import Card

BEFORE, AFTER = "before", "after"
_KEYS = ["scenario", "metric", "quantity", "statistic"]
_DATED = {"peak_date": "peak", "convergence_date": "closed"}
_LEVELS = {"q0.05": "5 %", "q0.5": "50 %", "q0.95": "95 %"}
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
    for key, rows in figures(found).items():
        screen.lines("")
        screen.title(key)
        header = ("", BEFORE, "±", AFTER, "±")
        screen.lines(*grid(header, rows, screen.width))
    screen.block(Block(title="Errors", paragraph=_ERRORS))


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


def figures(found: Reweighted) -> dict[str, list[tuple[str, ...]]]:
    """Lines of the table of each scenario and metric."""
    before = {_key(row): row for row in found.before.to_dict("records")}
    tables: dict[str, list[tuple[str, ...]]] = {}
    for row in found.after.to_dict("records"):
        label = _label(row)
        if label is None or _is_settled(before[_key(row)], row):
            continue
        title = row["metric"]
        if row["scenario"] != BASELINE:
            title = f"{row['scenario']}: {title}"
        cells = (*cell(before[_key(row)]), *cell(row))
        tables.setdefault(title, []).append((f"  {label}", *cells))
    return tables


def cell(row: dict[Any, Any]) -> tuple[str, str]:
    """A figure and its error, as they are read."""
    error = float("nan") if row["mc_error"] is None else float(row["mc_error"])
    factor, text = 1.0, row["text"]
    if row["unit"] == "date":
        factor, text = MONTHS_PER_YEAR, wording.month(text)
    elif row["unit"] == "probability":
        factor = 100.0
    return text, wording.short(factor * error) if math.isfinite(error) else ""


def write(table: pd.DataFrame, file: Path | None) -> None:
    """Write a CSV file, if one is asked for."""
    if file is not None:
        table.to_csv(file, index=False, lineterminator="\n")


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON; what is no number is null."""
    plain = table.astype(object).where(table.notna(), None)
    return [{str(k): v for k, v in row.items()} for row in plain.to_dict("records")]


def _key(row: dict[Any, Any]) -> tuple[str, ...]:
    return tuple(row[name] for name in _KEYS)


def _label(row: dict[Any, Any]) -> str | None:
    """What a figure is called; None where it is not among those shown."""
    statistic = row["statistic"]
    if row["quantity"] == HEIGHT:
        return "peak gap, 50 %" if statistic == "q0.5" else None
    words = _DATED[row["quantity"]]
    if statistic in _LEVELS:
        return f"{words}, {_LEVELS[statistic]}"
    if row["quantity"] == DATES[0]:
        return None
    if statistic.startswith("p_by_"):
        return (
            f"{words} before {statistic.removeprefix('p_by_').removesuffix('-01-01')}"
        )
    return f"never {words}" if statistic == "p_never" else None


def _is_settled(before: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Whether a figure says nothing that the median does not say on both sides."""
    same = before["text"] == after["text"]
    if after["statistic"].startswith("p_"):
        return same and after["number"] in (0, 1)
    is_word = "observed" not in (before["status"], after["status"])
    return same and is_word and after["statistic"] != "q0.5"


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
    return "bounded" if khat == -math.inf else f"k̂ {khat:.2f}"


def _khat(weights: Weights) -> float | str:
    return "bounded" if weights.khat == -math.inf else weights.khat


def _reach(reach: "Reach") -> dict[str, Any]:
    return {
        "name": reach.name,
        "khat": "bounded" if reach.khat == -math.inf else reach.khat,
        "effective_draws": reach.num_effective,
    }

"""What a run's dates become with the weight of each source, or the width of a prior."""

import math
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.cli import wording
from experiments.cli.reweight.display import about, told
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import cell, records, write
from experiments.cli.terminal import Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.components import SHARES, Source, sources
from mc.analysis.headline import weighted_table
from mc.analysis.scaling import (
    NARROWER,
    SENSITIVE,
    WIDER,
    Scaled,
    ranks_of,
    scaled,
    sensitivity,
)
from mc.analysis.stored import EVENTS, Stored
from mc.analysis.weights import good_k
from mc.engine.scenario import BASELINE
from priors.units import MONTHS_PER_YEAR

DATE, MEDIAN = "convergence_date", "q0.5"
_KEYS = ["scenario", "metric", "quantity", "statistic"]
_COMPONENTS = (
    "Date closed, 50 %, if the label had that weight and the others kept their "
    "proportions; in brackets its weight on the card. 0 % and 100 % are the draws "
    "without it and with it alone. ±: the largest Monte Carlo error, months."
)
_POWER = (
    f"Index: ArviZ's psense of the date closed, on ranks; from {SENSITIVE} on it is "
    f"sensitive. Wider, narrower: the prior's density to the power {WIDER:g} or "
    f"{NARROWER:g} on its registered scale, dependence held: by how many months the "
    "date closed, 50 %, moves, and in brackets the years from its 5 to its 95 %."
)


def show_components(
    run: str, draws: Stored, file: Path | None, *, as_json: bool
) -> None:
    """Write one line a label: the date as the label's weight goes from 0 to 1."""
    found = sources(draws)
    parts = {
        (one.component, one.label, one.weight, share): table
        for one in found
        for share, table in zip(SHARES, one.tables, strict=True)
    }
    keys = ["component", "label", "believed_weight", "weight"]
    long = _long(parts, keys)
    write(long, file)
    if as_json:
        print_json(about(run, draws) | {"figures": records(long)})
        return
    screen = _screen(run, draws, "which source is right")
    if not found:
        screen.lines("The run drew no component with two labels or more.")
        return
    header = ("", *(f"{share:.0%}" for share in SHARES), "±")
    for name, metric, title in _places(draws):
        components = dict.fromkeys(one.component for one in found)
        for component in components:
            rows = [
                _source_line(one, name, metric)
                for one in found
                if one.component == component
            ]
            screen.lines("")
            screen.title(f"{title}, by {component}")
            screen.lines(*_settled(header, rows, screen.width))
    screen.block(Block(title="How to read it", paragraph=_COMPONENTS))


def show_power(run: str, draws: Stored, file: Path | None, *, as_json: bool) -> None:
    """Write one line a parameter: how much the date depends on its prior's width."""
    found, reasons = scaled(draws)
    limit = good_k(draws.num_draws)
    trusted = [one for one in found if one.khat <= limit]
    reasons |= {
        one.name: f"k̂ {one.khat:.2f} is above {limit:.2f}"
        for one in found
        if one.khat > limit
    }
    weights = [w.values for one in trusted for w in (one.wider, one.narrower)]
    tables = weighted_table(draws, weights) if weights else []
    pairs = {
        one.name: (tables[2 * i], tables[2 * i + 1]) for i, one in enumerate(trusted)
    }
    indices = _indices(draws, trusted)
    parts = {
        (name, power): table
        for name, both in pairs.items()
        for power, table in zip((WIDER, NARROWER), both, strict=True)
    }
    long = _long(parts, ["parameter", "power"])
    write(long, file)
    if as_json:
        told = {"indices": indices, "not_assessed": reasons, "figures": records(long)}
        print_json(about(run, draws) | told)
        return
    screen = _screen(run, draws, "how much the priors matter")
    (believed,) = weighted_table(draws, [draws.ones])
    header = ("", "index", "±", "wider", "narrower")
    for name, metric, title in _places(draws):
        here = {
            row["parameter"]: row
            for row in indices
            if (row["scenario"], row["metric"]) == (name, metric)
        }
        rows = [
            _power_line(here[one], believed, pairs[one])
            for one in sorted(here, key=lambda one: -here[one]["index"])
        ]
        screen.lines("")
        screen.title(title)
        lines = grid(header, rows, screen.width) if rows else [_unmoved(draws, metric)]
        screen.lines(*lines)
    screen.block(Block(title="How to read it", paragraph=_POWER))
    screen.block(Block(title="Not assessed", paragraph=_reasons(reasons)))


def _screen(run: str, draws: Stored, what: str) -> Screen:
    screen = Screen()
    screen.title(f"{draws.results.manifest['experiment']['name']}: {what}")
    screen.labelled(told(run, draws))
    return screen


def _places(draws: Stored) -> list[tuple[str, str, str]]:
    """Scenario, metric, and what the two are called."""
    events = draws.results.tree[EVENTS]
    return [
        (name, metric, metric if name == BASELINE else f"{name}: {metric}")
        for name in map(str, events["scenario"].to_numpy())
        for metric in map(str, events["metric"].to_numpy())
    ]


def _long(parts: dict[Any, pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    if not parts:
        return pd.DataFrame(columns=[*keys, *_KEYS])
    return pd.concat(parts, names=keys).reset_index(level=keys)


def _figure(
    table: pd.DataFrame, name: str, metric: str, statistic: str = MEDIAN
) -> dict[Any, Any]:
    wanted = (name, metric, DATE, statistic)
    keep = (table[_KEYS] == list(wanted)).all(axis=1)
    return table.loc[keep].iloc[0].to_dict()


def _source_line(one: Source, name: str, metric: str) -> tuple[str, ...]:
    rows = [_figure(table, name, metric) for table in one.tables]
    errors = [row["mc_error"] for row in rows if row["mc_error"] >= 0.0]
    worst = wording.short(MONTHS_PER_YEAR * max(errors)) if errors else ""
    dates = (cell(row)[0] for row in rows)
    return (f"  {one.label} ({one.weight:.0%})", *dates, worst)


def _settled(
    header: tuple[str, ...], rows: list[tuple[str, ...]], width: int
) -> list[str]:
    """The table; one line where no weight changes a word."""
    cells = {text for row in rows for text in row[1:-1]}
    if len(cells) == 1 and not rows[0][-1]:
        return [f"  {cells.pop()}, whatever the weights"]
    return grid(header, rows, width)


def _indices(draws: Stored, found: list[Scaled]) -> list[dict[str, Any]]:
    """A record for each date that varies and each parameter that can be scaled."""
    records = []
    for name, metric, _ in _places(draws):
        ranks = ranks_of(draws, name, metric, "convergence")
        if ranks.min() == ranks.max():
            continue
        for one in found:
            index, error = sensitivity(ranks, one)
            records.append(
                {
                    "scenario": name,
                    "metric": metric,
                    "parameter": one.name,
                    "index": index,
                    "mc_error": error,
                    "khat": one.khat,
                }
            )
    return records


def _power_line(
    row: dict[str, Any], believed: pd.DataFrame, pair: tuple[pd.DataFrame, ...]
) -> tuple[str, ...]:
    place = row["scenario"], row["metric"]
    middle = _figure(believed, *place)["number"]
    return (
        f"  {row['parameter']}",
        f"{row['index']:.3f}",
        f"{row['mc_error']:.3f}",
        *(
            f"{_months(table, *place, middle)} ({_width(table, *place)})"
            for table in pair
        ),
    )


def _months(table: pd.DataFrame, name: str, metric: str, other: float) -> str:
    """Months from a date to a table's median; a dash where one is a word."""
    months = MONTHS_PER_YEAR * (_figure(table, name, metric)["number"] - other)
    return f"{months:+.2f}" if math.isfinite(months) else "–"


def _width(table: pd.DataFrame, name: str, metric: str) -> str:
    low, high = (_figure(table, name, metric, q)["number"] for q in ("q0.05", "q0.95"))
    return f"{high - low:.2f}" if math.isfinite(high - low) else "–"


def _unmoved(draws: Stored, metric: str) -> str:
    row = draws.results.statistic(metric, DATE, MEDIAN)
    return f"  {row['text']} in every draw, whatever the priors"


def _reasons(reasons: dict[str, str]) -> str:
    groups: dict[str, list[str]] = {}
    for name, reason in reasons.items():
        groups.setdefault(reason, []).append(name)
    lines = [f"- {reason}: {', '.join(names)}" for reason, names in groups.items()]
    return "\n".join(lines) or "Every prior that the run drew was."

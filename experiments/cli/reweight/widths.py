"""What a run's dates become with the width of each prior."""

import math
from pathlib import Path
from typing import Any

import pandas as pd

from experiments.cli.reweight.display import about
from experiments.cli.reweight.rows import (
    DATE,
    MEDIAN,
    figure_of,
    long_table,
    places,
    screen_of,
)
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import records, write
from experiments.cli.terminal import Block
from experiments.cli.text_table import grid
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
from mc.analysis.stored import Stored
from mc.analysis.weights import good_k
from priors.units import MONTHS_PER_YEAR

_POWER = (
    f"Index: ArviZ's psense of the date closed, on ranks; from {SENSITIVE} on it is "
    f"sensitive. Wider, narrower: the prior's density to the power {WIDER:g} or "
    f"{NARROWER:g} on its registered scale, dependence held: by how many months the "
    "date closed, 50 %, moves, and in brackets the years from its 5 to its 95 %."
)


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
    long = long_table(parts, ["parameter", "power"])
    write(long, file)
    if as_json:
        told = {"indices": indices, "not_assessed": reasons, "figures": records(long)}
        print_json(about(run, draws) | told)
        return
    screen = screen_of(run, draws, "how much the priors matter")
    (believed,) = weighted_table(draws, [draws.ones])
    header = ("", "index", "±", "wider", "narrower")
    for name, metric, title in places(draws):
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


def _indices(draws: Stored, found: list[Scaled]) -> list[dict[str, Any]]:
    """A record for each date that varies and each parameter that can be scaled."""
    records = []
    for name, metric, _ in places(draws):
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
    middle = figure_of(believed, *place)["number"]
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
    months = MONTHS_PER_YEAR * (figure_of(table, name, metric)["number"] - other)
    return f"{months:+.2f}" if math.isfinite(months) else "–"


def _width(table: pd.DataFrame, name: str, metric: str) -> str:
    low, high = (
        figure_of(table, name, metric, q)["number"] for q in ("q0.05", "q0.95")
    )
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

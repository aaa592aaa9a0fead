"""What ``meekmc update`` shows: the news, and headlines before and after it."""

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.cli import wording
from experiments.cli.condition.display import spread
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import cell
from experiments.cli.terminal import Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.conditioning.conditioned import Conditioned
from mc.analysis.conditioning.shifts import Shift, shifts
from mc.analysis.conditioning.trend import Trend
from mc.engine.scenario import BASELINE
from priors.units import MINUTES

if TYPE_CHECKING:
    import pandas as pd

    from priors.evidence.rows import Row

_LABELS = {"peak_gap": "peak gap", "peak_date": "peak", "convergence_date": "closed"}
_MOVED = 0.02
"""Prior standard deviations below which a belief is not told."""
_STILL = f"No belief moves by {_MOVED:g} of its standard deviations."
_ABOUT = (
    "Shift: where the new median stands among the draws of before, in standard "
    "deviations of a normal law. A model may lie off the trend by drift, by falling "
    "short of the best and by error of measurement, so that one alone moves beliefs by "
    "less than its distance. Of a fixed budget nothing was measured."
)


def show(
    found: Conditioned,
    rows: "Sequence[Row]",
    used: Sequence[str],
    file: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write what the rows did."""
    moved = shifts(found.draws, found.posterior.weights.values)
    if as_json:
        print_json(record(found, rows, used, moved))
        return
    screen = Screen()
    screen.title(f"{found.draws.card.name}, updated")
    screen.labelled([*_news(found, rows), *_told(found, used)])
    screen.lines("")
    screen.title("Beliefs")
    beliefs = _beliefs(found)
    if beliefs:
        screen.lines(*grid(_header(""), beliefs, screen.width))
    else:
        screen.lines(_STILL)
    for metric, lines in _headlines(found, moved).items():
        screen.lines("")
        screen.lines(*grid((*_header(metric), "±"), lines, screen.width))
    screen.block(Block(title="About these figures", paragraph=_ABOUT))
    if file is not None:
        screen.lines("", f"{file}", f"meekmc run metr-gaps --card {file}")


def record(
    found: Conditioned,
    rows: "Sequence[Row]",
    used: Sequence[str],
    moved: Sequence[Shift],
) -> dict[str, Any]:
    """The same for programs."""
    weights = found.posterior.weights
    return {
        "card": found.draws.card.name,
        "models": [
            {
                "model": row.label,
                "released": row.date,
                "minutes": row.value,
                "rank": rank,
            }
            for row, rank in _ranked(found, rows)
        ],
        "used_before": list(used),
        "khat": weights.khat if math.isfinite(weights.khat) else "bounded",
        "effective_draws": weights.num_effective,
        "beliefs": {name: found.shift(name) for name in found.columns},
        "headlines": [
            {
                "metric": shift.metric,
                "quantity": shift.quantity,
                "before": _median(found.before, shift)["text"],
                "after": _median(found.after, shift)["text"],
                "shift": shift.sd,
                "mc_error": shift.mc_error,
            }
            for shift in moved
        ],
    }


def _news(found: Conditioned, rows: "Sequence[Row]") -> list[tuple[str, str]]:
    """Each new model, and where the card expected it."""
    lines = []
    data = _trend(found).data
    above = dict(zip(data.models, data.is_above, strict=True))
    for row, rank in _ranked(found, rows):
        size = f"{_hours(row.value)} h"
        if above[row.label]:
            size = f"above {_hours(row.bound)} h"
        elif row.low is not None and row.high is not None and row.mass is not None:
            size += f" [{_hours(row.low)}–{_hours(row.high)} at {row.mass:.0%}]"
        text = f"{size}, released {row.date}; the card expected less with {rank:.0%}"
        lines.append((row.label, text))
    early = data.num_earlier
    if early:
        lines.append(("left out", f"{early} of before the card's first day"))
    return lines


def _ranked(found: Conditioned, rows: "Sequence[Row]") -> "list[tuple[Row, float]]":
    """The rows that count, in order, each with its probability of less."""
    own = {row.label: row for row in rows}
    part = found.posterior.parts[0]
    pairs = zip(part.likelihood.labels, part.prior_ranks, strict=True)
    return [(own[model], float(rank)) for model, rank in pairs]


def _told(found: Conditioned, used: Sequence[str]) -> list[tuple[str, str]]:
    weights, scatter = found.posterior.weights, _trend(found).scatter
    khat = "bounded" if math.isinf(weights.khat) else f"k̂ {weights.khat:.2f}"
    size = f"{weights.num_effective:,.0f} of {weights.values.size:,} draws count"
    lines = [("used before", ", ".join(used))] if used else []
    assumed = (
        f"the trend drifts by an sd of about {scatter.drift:g} in ln, forgotten in "
        f"{scatter.drift_years:g} year; a release falls short of the best by about "
        f"{scatter.shortfall:g}; both sizes have half-normal priors"
    )
    return [*lines, ("weights", f"{khat}; {size}"), ("assumed", assumed)]


def _trend(found: Conditioned) -> Trend:
    """The only kind of data of an update: horizons about their trend."""
    (part,) = found.posterior.parts
    if not isinstance(part.likelihood, Trend):
        raise TypeError(f"horizons, not {part.likelihood.name}")
    return part.likelihood


def _header(title: str) -> tuple[str, ...]:
    return title, "before", "after", "shift"


def _beliefs(found: Conditioned) -> list[tuple[str, ...]]:
    """The parameters that moved farthest, in the units of the card."""
    moved = [name for name in found.columns if abs(found.shift(name)) >= _MOVED]
    names = sorted(moved, key=lambda name: -abs(found.shift(name)))
    units = found.draws.card.joint.units
    return [
        (
            f"  {name}, {units[name].name}",
            spread(found, name, found.before_of(name)),
            spread(found, name, found.after_of(name)),
            f"{found.shift(name):+.2f} sd",
        )
        for name in names
    ]


def _headlines(
    found: Conditioned, moved: Sequence[Shift]
) -> dict[str, list[tuple[str, ...]]]:
    """Medians by metric; what is a word on both sides says nothing."""
    tables: dict[str, list[tuple[str, ...]]] = {}
    for shift in moved:
        rows = [_median(table, shift) for table in (found.before, found.after)]
        if all(row["status"] != "observed" for row in rows):
            continue
        told = "" if shift.sd is None else f"{shift.sd:+.2f} sd"
        error = "" if shift.mc_error is None else f"{shift.mc_error:.3f}"
        line = (_LABELS[shift.quantity], *(cell(row)[0] for row in rows), told, error)
        tables.setdefault(shift.metric, []).append((f"  {line[0]}", *line[1:]))
    return tables


def _median(table: "pd.DataFrame", shift: Shift) -> dict[Any, Any]:
    """The row of a median of the baseline."""
    found = table.loc[
        (table["scenario"] == BASELINE)
        & (table["metric"] == shift.metric)
        & (table["quantity"] == shift.quantity)
        & (table["statistic"] == "q0.5")
    ]
    return found.to_dict("records")[0]


def _hours(minutes: float | None) -> str:
    return "?" if minutes is None else wording.number(minutes / MINUTES["h"])

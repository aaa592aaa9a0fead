"""What ``meekmc condition`` shows: data, weights, and figures before and after."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.cli import wording
from experiments.cli.reweight.display import AFTER, BEFORE, figures
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import records
from experiments.cli.terminal import Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.conditioning.conditioned import WIDER, Conditioned
from mc.analysis.conditioning.posterior import Posterior

_FARTHEST = 3
_MOVED = 0.05
"""Prior standard deviations below which a belief is told as not moved."""
_ABOUT = (
    "These models were trained on budgets that grow. Of a fixed budget nothing was "
    "measured: what the data say of the meek actor, they say through one curve for "
    "both."
)


def show(
    found: Conditioned, ids: tuple[str, ...], file: Path | None, *, as_json: bool
) -> None:
    """Write what the data did."""
    if as_json:
        print_json(record(found, ids))
        return
    screen = Screen()
    card = found.draws.card
    screen.title(f"{card.name}, conditioned on {', '.join(ids)}")
    screen.labelled([*_data(found.posterior), *_weighed(found.posterior)])
    moved, still = _beliefs(found)
    lines = tuple(grid(_HEADER, moved, screen.width))
    screen.block(Block(title="Beliefs", lines=lines, paragraph=still))
    screen.lines("")
    screen.title("Scatter about the trend, by the prior scale of its drift")
    header = ("", "drift, ln", "shortfalls, ln", _label(found, _movers(found)[0]))
    screen.lines(*grid(header, _scatter(found), screen.width))
    screen.block(Block(title="Fit", paragraph=_fit(found.posterior)))
    for title, rows in figures(found.before, found.after).items():
        screen.lines("")
        screen.title(title)
        screen.lines(*grid(("", BEFORE, "±", AFTER, "±"), rows, screen.width))
    screen.block(Block(title="About these data", paragraph=_ABOUT))
    if file is not None:
        screen.lines("", f"{file}", f"meekmc run metr-gaps --card {file}")


def record(found: Conditioned, ids: tuple[str, ...]) -> dict[str, Any]:
    """The same for programs."""
    posterior = found.posterior
    data, scatter = posterior.data, posterior.scatter
    khat = posterior.weights.khat
    tables = pd.concat({BEFORE: found.before, AFTER: found.after}, names=["beliefs"])
    return {
        "card": found.draws.card.name,
        "evidence": list(ids),
        "models": [
            {
                "model": model,
                "released": day.isoformat(),
                "is_above_limit": bool(above),
                "rank_before": float(before),
                "rank_after": float(after),
            }
            for model, day, above, before, after in zip(
                data.models,
                data.days,
                data.is_above,
                posterior.prior_ranks,
                posterior.ranks,
                strict=True,
            )
        ],
        "assumed": {
            "drift": scatter.drift,
            "drift_years": scatter.drift_years,
            "shortfall": scatter.shortfall,
            "shared": scatter.shared,
        },
        "khat": khat if math.isfinite(khat) else "bounded",
        "effective_draws": posterior.weights.num_effective,
        "drift": posterior.drift.tolist(),
        "shortfall": posterior.shortfall.tolist(),
        "beliefs": [
            {
                "name": name,
                "unit": found.draws.card.joint.units[name].name,
                BEFORE: found.spread(name, found.draws.ones).tolist(),
                AFTER: found.spread(name, posterior.weights.values).tolist(),
                "shift": found.shift(name),
            }
            for name in found.columns
        ],
        "figures": records(tables.reset_index(level=0)),
    }


_HEADER = ("", BEFORE, AFTER, "shift")


def _data(posterior: Posterior) -> list[tuple[str, str]]:
    data = posterior.data
    lines = [("data", f"{len(data.models)} models, {data.days[0]} to {data.days[-1]}")]
    left_out = [
        (data.num_earlier, "of before the card's first day"),
        (data.num_open, "of open weights, which follow the frontier"),
    ]
    if any(number for number, _ in left_out):
        said = (f"{number} {why}" for number, why in left_out if number)
        lines.append(("left out", ", ".join(said)))
    if data.is_above.any():
        names = [m for m, a in zip(data.models, data.is_above, strict=True) if a]
        lines.append(("above 16 h", f"{', '.join(names)}: only that, not by how much"))
    return lines


def _weighed(posterior: Posterior) -> list[tuple[str, str]]:
    weights, scatter = posterior.weights, posterior.scatter
    size = f"{weights.num_effective:,.0f} of {weights.values.size:,} draws"
    assumed = (
        f"the trend drifts, forgetting itself in {scatter.drift_years:g} year; a "
        "release falls short of the best, half-normally; models of one task suite "
        f"share {scatter.shared:.0%} of their error variance"
    )
    return [("weights", f"k̂ {weights.khat:.2f}; {size} count"), ("assumed", assumed)]


def _beliefs(found: Conditioned) -> tuple[list[tuple[str, ...]], str]:
    """Parameters by how far they moved, and a sentence on those that did not."""
    weights = found.draws.ones, found.posterior.weights.values
    rows, still = [], []
    for name in _movers(found):
        shift = found.shift(name)
        if abs(shift) < _MOVED:
            still.append(name)
            continue
        cells = (spread(found, name, own) for own in weights)
        rows.append((f"  {_label(found, name)}", *cells, f"{shift:+.2f} sd"))
    return rows, f"Not moved: {', '.join(sorted(still))}." if still else ""


def _movers(found: Conditioned) -> list[str]:
    return sorted(found.columns, key=lambda name: -abs(found.shift(name)))


def _label(found: Conditioned, name: str) -> str:
    return f"{name}, {found.draws.card.joint.units[name].name}"


def spread(found: Conditioned, name: str, weights: np.ndarray) -> str:
    """``50 % [5–95 %]`` of a parameter under weights, in the unit of the card."""
    ends = found.spread(name, weights)
    if found.draws.card.joint.units[name].kind == "date":
        low, middle, high = (f"{end:.1f}" for end in ends)
    else:
        low, middle, high = (wording.number(end) for end in ends)
    return f"{middle} [{low}–{high}]"


def _scatter(found: Conditioned) -> list[tuple[str, ...]]:
    """What is learnt of the scatter, under other priors of the drift too."""
    mover = _movers(found)[0]
    posteriors = (found.others[0], found.posterior, found.others[1])
    scales = (WIDER[0], 1.0, WIDER[1])
    return [
        (
            f"  x{by:g}",
            *(_interval(ends) for ends in (one.drift, one.shortfall)),
            spread(found, mover, one.weights.values),
        )
        for by, one in zip(scales, posteriors, strict=True)
    ]


def _interval(ends: np.ndarray) -> str:
    low, middle, high = (f"{end:.2f}" for end in ends)
    return f"{middle} [{low}–{high}]"


def _fit(posterior: Posterior) -> str:
    data = posterior.data
    before, after = posterior.num_inside
    known = int((~data.is_above).sum())
    order = np.argsort(-np.abs(posterior.ranks - 0.5))
    order = [i for i in order if not data.is_above[i]][:_FARTHEST]
    worst = ", ".join(f"{data.models[i]} ({posterior.ranks[i]:.0%})" for i in order)
    return (
        f"Inside the central 90 % of what the model expects lie {before} of {known} "
        f"horizons before, {after} after. Farthest out after, with the share expected "
        f"below: {worst}."
    )

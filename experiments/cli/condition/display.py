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
from mc.analysis.conditioning.chains import Chains
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
    screen.labelled([*_data(found.posterior), *_weighed(found)])
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
    khat = found.weights.khat
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
        "chains": None if found.chains is None else _diagnoses(found.chains),
        "drift": posterior.drift.tolist(),
        "shortfall": posterior.shortfall.tolist(),
        "beliefs": [
            {
                "name": name,
                "unit": found.draws.card.joint.units[name].name,
                BEFORE: found.before_of(name).tolist(),
                AFTER: found.after_of(name).tolist(),
                "shift": found.shift(name),
            }
            for name in found.columns
        ],
        "figures": records(tables.reset_index(level=0)),
    }


def _diagnoses(chains: Chains) -> dict[str, Any]:
    return {
        "sampler": "nuts",
        "shape": list(chains.labels.shape),
        "rhat": dict(zip(chains.names, chains.rhat.tolist(), strict=True)),
        "ess": dict(zip(chains.names, chains.ess.tolist(), strict=True)),
        "divergences": chains.divergences,
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


def _weighed(found: Conditioned) -> list[tuple[str, str]]:
    """What stands for the posterior, and what is assumed of the data."""
    weights, scatter = found.weights, found.posterior.scatter
    size = f"{weights.num_effective:,.0f} of {weights.values.size:,} draws count"
    assumed = (
        f"the trend drifts, forgetting itself in {scatter.drift_years:g} year; a "
        "release falls short of the best, half-normally; models of one task suite "
        f"share {scatter.shared:.0%} of their error variance"
    )
    lines = [("weights", f"k̂ {weights.khat:.2f}; {size}"), ("assumed", assumed)]
    if found.chains is None:
        return lines
    return [*_followed(found.chains), *lines]


def _followed(chains: Chains) -> list[tuple[str, str]]:
    number, length = chains.labels.shape
    text = (
        f"{number} of {length:,} draws by NumPyro's NUTS stand for the posterior, not "
        f"the weights: R̂ up to {chains.rhat.max():.4f}, at least "
        f"{chains.ess.min():,.0f} effective draws of a parameter, "
        f"{chains.divergences} diverged"
    )
    return [("chains", text)]


def _beliefs(found: Conditioned) -> tuple[list[tuple[str, ...]], str]:
    """Parameters by how far they moved, and a sentence on those that did not."""
    rows, still = [], []
    for name in _movers(found):
        shift = found.shift(name)
        if abs(shift) < _MOVED:
            still.append(name)
            continue
        ends = found.before_of(name), found.after_of(name)
        cells = (spread(found, name, one) for one in ends)
        rows.append((f"  {_label(found, name)}", *cells, f"{shift:+.2f} sd"))
    return rows, f"Not moved: {', '.join(sorted(still))}." if still else ""


def _movers(found: Conditioned) -> list[str]:
    return sorted(found.columns, key=lambda name: -abs(found.shift(name)))


def _label(found: Conditioned, name: str) -> str:
    return f"{name}, {found.draws.card.joint.units[name].name}"


def spread(found: Conditioned, name: str, ends: np.ndarray) -> str:
    """``50 % [5–95 %]`` of a parameter, in the unit of the card."""
    if found.draws.card.joint.units[name].kind == "date":
        low, middle, high = (f"{end:.1f}" for end in ends)
    else:
        low, middle, high = (wording.number(end) for end in ends)
    return f"{middle} [{low}–{high}]"


def _scatter(found: Conditioned) -> list[tuple[str, ...]]:
    """What is learnt of the scatter, under other priors of the drift too."""
    mover = _movers(found)[0]
    scales = dict(zip(WIDER, found.others, strict=False)) | {1.0: found.posterior}
    return [
        (
            f"  x{by:g}",
            *(_interval(ends) for ends in (one.drift, one.shortfall)),
            spread(found, mover, found.after_of(mover, one)),
        )
        for by, one in sorted(scales.items())
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

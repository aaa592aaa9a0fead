"""What ``meekmc condition`` shows: data, weights, and figures before and after."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from experiments.cli import wording
from experiments.cli.condition import kinds
from experiments.cli.reweight.display import AFTER, BEFORE, figures
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import records
from experiments.cli.terminal import Block, Screen
from experiments.cli.text_table import grid
from mc.analysis.conditioning.chains import Chains
from mc.analysis.conditioning.conditioned import WIDER, Conditioned
from mc.analysis.conditioning.posterior import Posterior, Taught

_FARTHEST = 3
_MOVED = 0.05
"""Prior standard deviations below which a belief is told as not moved."""
_ABOUT = (
    "These models were trained on budgets that grow. Of a fixed budget nothing was "
    "measured: what the data say of the meek actor, they say through one curve for "
    "both."
)
_CHAINS = (
    "Figures after are of a run of the posterior's card; their ± does not hold the "
    "error of the chains, which the effective draws tell."
)


def show(
    found: Conditioned,
    ids: tuple[str, ...],
    file: Path | None,
    folder: Path | None,
    *,
    as_json: bool,
) -> None:
    """Write what the data did."""
    if as_json:
        print_json(record(found, ids))
        return
    screen = Screen()
    card = found.draws.card
    screen.title(f"{card.name}, conditioned on {', '.join(ids)}")
    screen.labelled(_weighed(found))
    for part in found.posterior.parts:
        screen.lines("")
        screen.title(kinds.title(part.likelihood))
        screen.labelled(kinds.told(part.likelihood))
    moved, still = _beliefs(found)
    lines = tuple(grid(_HEADER, moved, screen.width))
    screen.block(Block(title="Beliefs", lines=lines, paragraph=still))
    for i, part in enumerate(found.posterior.parts):
        screen.lines("")
        screen.title(kinds.doubt(part.likelihood))
        screen.lines(*grid(("", *part.scales), _scales(found, i), screen.width))
    screen.lines("")
    mover = _movers(found)[0]
    screen.title("The belief that moved most, with half and double of all of these")
    screen.lines(*grid(("", _label(found, mover)), _doubted(found), screen.width))
    screen.block(Block(title="Fit", paragraph=_fit(found.posterior)))
    for title, rows in figures(found.before, found.after).items():
        screen.lines("")
        screen.title(title)
        screen.lines(*grid(("", BEFORE, "±", AFTER, "±"), rows, screen.width))
    about = _ABOUT if found.chains is None else f"{_ABOUT}\n{_CHAINS}"
    screen.block(Block(title="About these data", paragraph=about))
    if file is not None:
        screen.lines("", f"{file}", f"meekmc run metr-gaps --card {file}")
    if folder is not None:
        screen.lines("", f"{folder}/", f"meekmc sensitivity {folder}")


def record(found: Conditioned, ids: tuple[str, ...]) -> dict[str, Any]:
    """The same for programs."""
    posterior = found.posterior
    khat = found.weights.khat
    tables = pd.concat({BEFORE: found.before, AFTER: found.after}, names=["beliefs"])
    return {
        "card": found.draws.card.name,
        "evidence": list(ids),
        "data": [_record(part) for part in posterior.parts],
        "khat": khat if math.isfinite(khat) else "bounded",
        "effective_draws": posterior.weights.num_effective,
        "chains": None if found.chains is None else _diagnoses(found.chains),
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


def _record(part: Taught) -> dict[str, Any]:
    """One kind of data."""
    one = part.likelihood
    return {
        "name": one.name,
        "assumed": dict(kinds.told(one)),
        "scales": {name: ends.tolist() for name, ends in part.scales.items()},
        "rows": [
            {
                "label": label,
                "is_known": bool(known),
                "rank_before": float(before),
                "rank_after": float(after),
            }
            for label, known, before, after in zip(
                one.labels, one.is_known, part.prior_ranks, part.ranks, strict=True
            )
        ],
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


def _weighed(found: Conditioned) -> list[tuple[str, str]]:
    """What stands for the posterior."""
    weights = found.weights
    size = f"{weights.num_effective:,.0f} of {weights.values.size:,} draws count"
    khat = "bounded" if math.isinf(weights.khat) else f"k̂ {weights.khat:.2f}"
    lines = [("weights", f"{khat}; {size}")]
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


def _by_scale(found: Conditioned) -> list[tuple[str, Posterior]]:
    """Posteriors under half, all and double of what data may be off."""
    scales = dict(zip(WIDER, found.others, strict=False)) | {1.0: found.posterior}
    return [(f"  x{by:g}", one) for by, one in sorted(scales.items())]


def _scales(found: Conditioned, place: int) -> list[tuple[str, ...]]:
    """What is learnt of the scales of one kind of data."""
    return [
        (name, *map(_interval, one.parts[place].scales.values()))
        for name, one in _by_scale(found)
    ]


def _doubted(found: Conditioned) -> list[tuple[str, ...]]:
    mover = _movers(found)[0]
    return [
        (name, spread(found, mover, found.after_of(mover, one)))
        for name, one in _by_scale(found)
    ]


def _interval(ends: np.ndarray) -> str:
    low, middle, high = (f"{end:.2f}" for end in ends)
    return f"{middle} [{low}–{high}]"


def _fit(posterior: Posterior) -> str:
    """How many data lie where they were expected, and which lie farthest out."""
    told = []
    for part in posterior.parts:
        before, after = part.num_inside
        number = int(part.likelihood.is_known.sum())
        told.append(
            f"{before} of {number} {part.likelihood.name} before, {after} after"
        )
    known = np.concatenate([one.is_known for one in posterior.likelihoods])
    ranks = np.concatenate([part.ranks for part in posterior.parts])
    labels = [label for one in posterior.likelihoods for label in one.labels]
    order = [i for i in np.argsort(-np.abs(ranks - 0.5)) if known[i]][:_FARTHEST]
    worst = ", ".join(f"{labels[i]} ({ranks[i]:.0%})" for i in order)
    return (
        f"Inside the central 90 % of what the model expects lie {'; '.join(told)}. "
        f"Farthest out after, with the share expected below: {worst}."
    )

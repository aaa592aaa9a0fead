"""A run whose event is linear in normal parameters, so that every figure is known."""

import datetime
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr
from scipy import special

from mc.analysis.headline import weighted_table
from mc.analysis.stored import Stored, stored
from mc.engine.manifest import strict
from mc.engine.results import Results
from mc.outcomes.status import Status
from priors.cards import Card, load

EPOCH = datetime.date(2023, 3, 14)
INTERCEPT, SLOPES = 20.0, (2.0, 3.0)
REPLICATES, POINTS = 16, 2048


def normal(mean: float, sd: float) -> str:
    """The keys of a normal law."""
    return f'law = "normal"\nmean = {mean}\nsd = {sd}'


LAWS = {"first": normal(0.0, 1.0), "second": normal(1.0, 0.5)}


def card(folder: Path, name: str = "known", more: str = "", **laws: str) -> Card:
    """A card of the parameters of one's own ``first`` and ``second``.

    Args:
        folder: Where its file is written.
        name: Its name.
        more: Further tables.
        laws: The keys of other laws than ``LAWS``.
    """
    said = {**LAWS, **laws}
    tables = "\n".join(
        f'[parameters.{key}]\nunit = "1"\nmeaning = "one of several"\n{law}'
        for key, law in said.items()
    )
    file = folder / f"{name}.toml"
    file.write_text(
        f'schema = 1\nname = "{name}"\nreference_date = {EPOCH}\n{tables}\n{more}\n',
        encoding="utf-8",
    )
    return load(file)


def run(
    believed: Card,
    *,
    correlation: float = 0.0,
    total: int | None = None,
    more: dict[str, float] | None = None,
) -> Stored:
    """A run under a card with ``LAWS``, and perhaps a correlation of normal scores.

    Args:
        believed: The card.
        correlation: Of the normal scores of the two parameters.
        total: Draws the run had; as many as are stored unless told.
        more: Further parameters, the same in every draw.
    """
    rng = np.random.default_rng(11)
    cells = rng.permuted(np.tile(np.arange(POINTS), (2 * REPLICATES, 1)), axis=1)
    u = (cells + rng.random(cells.shape)) / POINTS
    z = special.ndtri(u).reshape(2, REPLICATES, POINTS)
    other = correlation * z[0] + np.sqrt(1.0 - correlation**2) * z[1]
    values = {"first": z[0], "second": 1.0 + 0.5 * other}
    values |= {name: np.full_like(other, value) for name, value in (more or {}).items()}
    labels = {
        f"components.{part.name}": np.searchsorted(
            np.cumsum(part.weights)[:-1], rng.random((REPLICATES, POINTS))
        ).astype(np.int8)
        for part in believed.joint.components
    }
    if labels:
        values["first"] = values["first"] + next(iter(labels.values()))
    return as_stored(believed, values, labels, total)


def as_stored(believed, values, labels, total) -> Stored:
    """Stored draws of which the event is linear in the parameters."""
    years = INTERCEPT + SLOPES[0] * values["first"] + SLOPES[1] * values["second"]
    status = np.where(years > 30.0, Status.BEYOND, Status.OBSERVED).astype(np.int8)
    line = np.where(years > 30.0, np.inf, years).astype(np.float32)
    dims = ("chain", "draw")
    prior = {n: (dims, v.astype(np.float32)) for n, v in values.items()}
    prior |= {n: (dims, v) for n, v in labels.items()}
    four = ("scenario", "metric", *dims)
    events = {
        name: (four, column[None, None])
        for name, column in (
            ("peak_gap", np.exp(0.1 * years).astype(np.float32)),
            ("peak_years", line),
            ("peak_status", status),
            ("convergence_years", line),
            ("convergence_status", status),
        )
    }
    coords = {"scenario": ["baseline"], "metric": ["linear"]}
    tree = xr.DataTree.from_dict(
        {
            "prior": xr.Dataset(prior),
            "prior_predictive": xr.Dataset(events, coords=coords),
        }
    )
    size = values["first"].size
    manifest = {
        "card": {
            "name": believed.name,
            "sha256": believed.sha256,
            "tables": strict(believed.tables),
        },
        "draws": {"total": total or size, "stored": size},
        "experiment": {"name": "linear"},
        "configuration": {
            "epoch": EPOCH.isoformat(),
            "events_until": "2053-03-13",
            "by": ["2043-03-14"],
            "path": "power_law",
        },
    }
    unit = pd.DataFrame(
        [{"scenario": "baseline", "metric": "linear", "quantity": "peak_gap"}]
    ).assign(statistic="q0.5", unit="ratio")
    bare = _results(unit, tree, manifest)
    (table,) = weighted_table(stored(bare), [np.ones(values["first"].shape)])
    return stored(_results(table, tree, manifest))


def _results(table: pd.DataFrame, tree: xr.DataTree, manifest: dict) -> Results:
    return Results(
        run_id="0" * 12,
        summary_table=table,
        bands=pd.DataFrame(),
        tree=tree,
        manifest=manifest,
    )

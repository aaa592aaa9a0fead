"""A posterior as a card: what the data moved is drawn jointly, a row of a table."""

import csv
import datetime
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int

from priors.blocks import blocks
from priors.cards import Card
from priors.toml_text import card_text

ROWS = 2**12
_SAID_ONCE = ("own", "meaning")
_DIGITS = 9
Columns = Mapping[str, Float[np.ndarray, " draws"]]
Table = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class PosteriorCard:
    """A card and the table beside it.

    Attributes:
        text: The card as TOML.
        table: The rows as CSV, each as likely as the others.
        names: The parameters that are read from it, sorted.
    """

    text: str
    table: str
    names: tuple[str, ...]


def bound_names(card: Card, needed: Sequence[str]) -> tuple[str, ...]:
    """Uncertain parameters that data on the needed ones may move, sorted.

    Args:
        card: The prior.
        needed: Parameters that the data speak of.
    """
    stated = {n: t for n, t in card.tables["parameters"].items() if "point" not in t}
    parts = blocks([card.tables], [stated])
    return tuple(
        sorted(n for part in parts if set(part.names) & set(needed) for n in part.names)
    )


def resampled(
    weights: Float[np.ndarray, " draws"], order: Float[np.ndarray, " draws"], rows: int
) -> Int[np.ndarray, " rows"]:
    """Draws in proportion to their weights, at even steps of them.

    Args:
        weights: Of each draw, not normalised.
        order: What the draws are sorted by, so that neighbouring rows are alike.
        rows: How many.
    """
    sorting = np.argsort(order, kind="stable")
    upto = np.cumsum(weights[sorting])
    places = (np.arange(rows) + 0.5) / rows * upto[-1]
    return sorting[np.searchsorted(upto, places)]


def posterior_card(
    card: Card, name: str, columns: Columns, ids: Sequence[str], known: datetime.date
) -> PosteriorCard:
    """Write the posterior down.

    Args:
        card: The prior.
        name: What the posterior is called; its table is ``NAME.csv``.
        columns: Equally likely rows of what moved, on canonical scales.
        ids: The data sets.
        known: When the last of them was published.
    """
    tables = card.tables
    parameters: Table = {}
    for own, table in tables["parameters"].items():
        is_moved = own in columns
        parameters[own] = _moved(card, own, name, ids, known) if is_moved else table
    used = {table["by"] for table in parameters.values() if "by" in table}
    pairs = tables["dependence"]["spearman"]
    head = {
        "schema": 1,
        "name": name,
        "description": f"{card.name}, conditioned on {', '.join(ids)}.",
        "reference_date": card.reference_date,
    }
    if card.path is not None:
        head["path"] = card.path
    kept = {
        "components": {n: t for n, t in tables["components"].items() if n in used},
        "parameters": parameters,
        "dependence": {"spearman": [row for row in pairs if row[0] not in columns]},
    }
    return PosteriorCard(
        text=card_text(head, kept),
        table=_csv(card, columns),
        names=tuple(sorted(columns)),
    )


def _moved(
    card: Card, own: str, name: str, ids: Sequence[str], known: datetime.date
) -> Table:
    """One parameter, read from the table; its data are those of the prior and more."""
    old = card.tables["parameters"][own]
    dates = [known] + ([old["date"]] if "date" in old else [])
    table: Table = {key: old[key] for key in ("unit", *_SAID_ONCE) if key in old}
    said = f"{old['source']}; " if "source" in old else ""
    return table | {
        "group": f"{name}.csv",
        "source": f"{said}conditioned on {', '.join(ids)}",
        "date": max(dates),
        "evidence": sorted({*old.get("evidence", ()), *ids}),
        "note": f"Posterior of {card.name}: its prior there, weighed by the data.",
    }


def _csv(card: Card, columns: Columns) -> str:
    """Rows in the units of the card."""
    names = sorted(columns)
    shown = [card.joint.units[own].from_canonical(columns[own]) for own in names]
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow(names)
    writer.writerows(
        [f"{value:.{_DIGITS}g}" for value in row] for row in zip(*shown, strict=True)
    )
    return lines.getvalue()

"""Who the meek actor is, where it is another than the card's."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from priors.annex import annex
from priors.belief import Stated
from priors.digest import digest
from priors.head import SCHEMA
from priors.joint import JointPrior
from priors.parameters import PARAMETERS, PRODUCT

OWN = "own"
_OF_ACTORS = tuple(p.name for p in PARAMETERS.values() if p.role == "actor")
ACTOR_PARAMETERS = (*PRODUCT, "initial_compute_ratio", *_OF_ACTORS)
"""What an actor may state, beside the parameters of its path."""
PATH_PARAMETERS = tuple(p.name for p in PARAMETERS.values() if p.role == "path")


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A meek actor: what it states in the place of the card's.

    Attributes:
        name: As its file says; ``own`` where the command line changed it.
        description: In dollars and words.
        path: The compute path that it asks for, as text.
        joint: The joint prior of what it states, and of nothing else.
        tables: What it states, as TOML would give it.
        sha256: Hash of ``tables`` and of every CSV file they name.
        notices: What was fitted, one sentence each.
        file: The file that was read, if one was.
    """

    name: str
    description: str
    path: str | None
    joint: JointPrior
    tables: Mapping[str, Any]
    sha256: str
    notices: tuple[str, ...] = ()
    file: str | None = None

    def changed(self, other: "Actor") -> "Actor":
        """Return this actor with what another states in the place of its own.

        A budget also takes the place of the compute that it would buy.
        """
        said = set(other.joint.names())
        gone = said | ({"initial_compute"} if "meek_budget" in said else set())
        kept = self.joint.restricted(set(self.joint.names()) - gone)
        beliefs = {b.name: b for b in (*kept.beliefs, *other.joint.beliefs)}
        mine = self.tables["parameters"]
        tables = {
            "schema": SCHEMA,
            "parameters": {name: mine[name] for name in kept.names()}
            | other.tables["parameters"],
        }
        return Actor(
            name=OWN,
            description=f"{self.name}: {self.description}; {other.description}",
            path=other.path or self.path,
            joint=replace(
                kept,
                beliefs=tuple(beliefs[name] for name in sorted(beliefs)),
                units=kept.units | other.joint.units,
            ),
            tables=tables,
            sha256=digest({**tables, "of": [self.sha256, other.sha256]}, ()),
            notices=(*self.notices, *other.notices),
            file=self.file,
        )


def actor_of(
    stated: Mapping[str, Stated],
    reference_date: datetime.date,
    *,
    name: str,
    description: str,
    path: str | None = None,
    file: str | None = None,
) -> Actor:
    """Return the actor that states some parameters.

    Args:
        stated: Tables by parameter.
        reference_date: Time zero of the card.
        name: Its name.
        description: In dollars and words.
        path: The compute path that it asks for.
        file: The file that says so.

    Raises:
        Refusal: With every fault of every table.
    """
    joint, notices = annex(stated, reference_date)
    parameters = {key: dict(stated[key].table) for key in sorted(stated)}
    tables = {"schema": SCHEMA, "parameters": parameters}
    return Actor(
        name=name,
        description=description,
        path=path,
        joint=joint,
        tables=tables,
        sha256=digest(tables, stated.values()),
        notices=notices,
        file=file,
    )


def routed(said: Mapping[str, Stated], card: Mapping[str, Stated]) -> tuple[str, ...]:
    """Return which overrides of a card speak of another actor than the card's.

    They do where the card says both what its actor spends and what that buys, and
    the overrides leave that price of a FLOP alone. Elsewhere a budget is part of the
    card's own starting point.

    Args:
        said: What the command line states.
        card: What the card states.
    """
    is_price_kept = set(PRODUCT) & set(said) <= {"meek_budget"}
    if not is_price_kept or not {"meek_budget", "initial_compute"} <= set(card):
        return ()
    return tuple(name for name in said if name in ("meek_budget", *_OF_ACTORS))


def in_words(stated: Mapping[str, Stated]) -> str:
    """Return what points and intervals typed on the command line say."""
    parts = []
    for name in sorted(stated):
        table = stated[name].table
        ends = table.get("interval") or [table["point"]]
        shown = " to ".join(f"{e:g}" if isinstance(e, float) else f"{e}" for e in ends)
        unit = "" if table["unit"] in ("1", "share", "date") else f" {table['unit']}"
        parts.append(f"{name.replace('_', ' ')} {shown}{unit}")
    return "; ".join(parts)

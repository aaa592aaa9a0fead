"""Meek actors by name: shipped with the program, a budget, or the user's own file."""

import datetime
import re
from pathlib import Path

from priors.actor import ACTOR_PARAMETERS, PATH_PARAMETERS, Actor, actor_of
from priors.belief import Stated
from priors.cards import Card
from priors.document import read_document
from priors.faults import Fault, Refusal, nearest
from priors.head import Head
from priors.overrides import option_document
from priors.parameters import parameter

__all__ = ["ACTOR_PARAMETERS", "Actor", "load_actor", "shipped_actors"]

SHIPPED = Path(__file__).parent / "actors"
OPTION = "--actor"
KEYS = ("schema", "name", "description", "path", "parameters")
_BUDGET = re.compile(r"((?:\d+)(?:\.\d+)?(?:e\d{1,2})?)([kmb]?)-usd")
_SUFFIXES = {"": 1.0, "k": 1e3, "m": 1e6, "b": 1e9}


def shipped_actors() -> tuple[str, ...]:
    """Return the names of the actors that come with the program."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load_actor(actor: str | Path, card: Card) -> Actor:
    """Return a meek actor to stand in the place of a card's.

    What ``--set`` says of the actor holds here too, above what its file says.

    Args:
        actor: The name of a shipped actor, a budget such as ``250m-usd`` or
            ``5e4-usd``, or the path of a TOML file.
        card: The card; dates are read against its reference date.

    Raises:
        Refusal: With every fault of the file.
    """
    budget = _BUDGET.fullmatch(actor.lower()) if isinstance(actor, str) else None
    if isinstance(actor, str) and actor in shipped_actors():
        found = _read(SHIPPED / f"{actor}.toml", card.reference_date)
    elif budget is not None:
        found = _spender(budget, card.reference_date)
    elif isinstance(actor, Path) or actor.endswith(".toml") or "/" in actor:
        found = _read(Path(actor), card.reference_date)
    else:
        known = shipped_actors()
        message = f'unknown actor "{actor}"{nearest(actor, known)}'
        raise Refusal(
            Fault(
                f"{message} (shipped: {', '.join(known)}; a budget is written 250m-usd "
                "or 5e4-usd; an actor of your own is named by its path)"
            )
        )
    return found if card.actor is None else found.changed(card.actor)


def _spender(budget: re.Match[str], reference_date: datetime.date) -> Actor:
    dollars = float(budget[1]) * _SUFFIXES[budget[2]]
    table = {"unit": "dollars", "point": dollars}
    place = option_document(OPTION)
    stated = Stated(name="meek_budget", table=table, document=place)
    return actor_of(
        {"meek_budget": stated},
        reference_date,
        name=budget[0],
        description=f"{dollars:,.12g} dollars a run",
    )


def _read(path: Path, reference_date: datetime.date) -> Actor:
    document = read_document(path)
    head = Head(document, KEYS)
    head.check_schema()
    name, description, asked = head.name(), head.text("description"), head.path()
    if document.tables.get("description", "") == "":
        message = 'description is missing; write "one thousand dollars a run"'
        head.refuse(message, "description")
    stated: dict[str, Stated] = {}
    for key, table in head.tables("parameters").items():
        said = Stated(name=key, table=table, document=document)
        if why := _not_of_an_actor(key, has_path=asked is not None):
            head.faults.append(said.fault(why))
        else:
            stated[key] = said
    try:
        actor = actor_of(
            stated,
            reference_date,
            name=name,
            description=description,
            path=asked,
            file=document.file,
        )
    except Refusal as refusal:
        raise Refusal(_in_order([*head.faults, *refusal.faults])) from refusal
    if head.faults:
        raise Refusal(_in_order(head.faults))
    return actor


def _not_of_an_actor(name: str, *, has_path: bool) -> str:
    """Return why an actor may not state a parameter; empty if it may."""
    if name in ACTOR_PARAMETERS or (has_path and name in PATH_PARAMETERS):
        return ""
    allowed = ", ".join(ACTOR_PARAMETERS)
    if name in PATH_PARAMETERS:
        why = "belongs to a compute path, and the actor names none: path = …"
    elif parameter(name) is not None:
        why = "is a belief of the card, and no actor's own"
    else:
        known = (*ACTOR_PARAMETERS, *(PATH_PARAMETERS if has_path else ()))
        why = f"is not of an actor{nearest(name, known)}"
    beside = "; beside them those of its path" if has_path else ""
    return f"{name} {why} (allowed: {allowed}{beside})"


def _in_order(faults: list[Fault]) -> list[Fault]:
    return sorted(faults, key=lambda fault: fault.line or 0)

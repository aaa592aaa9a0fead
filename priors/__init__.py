"""Beliefs: cards, laws, elicitation and dependence. Knows no simulation.

``priors.load("literature-2026")`` returns a card; its ``joint`` is what is drawn.
Names are imported when they are first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priors.actor import Actor
    from priors.actors import load_actor, shipped_actors
    from priors.cards import Card, check, load, shipped
    from priors.echo import names, rows
    from priors.faults import Fault, Refusal
    from priors.joint import JointPrior

_HOMES = {
    "Actor": "actor",
    "Card": "cards",
    "check": "cards",
    "load": "cards",
    "load_actor": "actors",
    "shipped": "cards",
    "shipped_actors": "actors",
    "names": "echo",
    "rows": "echo",
    "Fault": "faults",
    "Refusal": "faults",
    "JointPrior": "joint",
}
__all__ = [
    "Actor",
    "Card",
    "Fault",
    "JointPrior",
    "Refusal",
    "check",
    "load",
    "load_actor",
    "names",
    "rows",
    "shipped",
    "shipped_actors",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'priors' has no attribute {name!r}")
    return getattr(importlib.import_module(f"priors.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__

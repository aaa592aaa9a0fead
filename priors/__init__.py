"""Beliefs: cards, laws, elicitation and dependence. Knows no simulation.

``priors.load("literature-2026")`` returns a card; its ``joint`` is what is drawn.
Names are imported when they are first used.
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from priors.cards import Card, check, load, shipped
    from priors.echo import names, rows
    from priors.faults import Fault, Refusal
    from priors.joint import JointPrior

_HOMES = {
    "Card": "cards",
    "check": "cards",
    "load": "cards",
    "shipped": "cards",
    "names": "echo",
    "rows": "echo",
    "Fault": "faults",
    "Refusal": "faults",
    "JointPrior": "joint",
}
__all__ = [
    "Card",
    "Fault",
    "JointPrior",
    "Refusal",
    "check",
    "load",
    "names",
    "rows",
    "shipped",
]


def __getattr__(name: str) -> Any:
    """Import a public name from its module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module 'priors' has no attribute {name!r}")
    return getattr(importlib.import_module(f"priors.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__

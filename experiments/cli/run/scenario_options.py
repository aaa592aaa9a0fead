"""Scenarios as they are typed: the name of a declared one, or ``NAME: CHANGE; …``."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from mc.engine.scenario import Scenario

OPTION = "--scenario"
NONE = "none"
FORM = '"NAME: CHANGE; CHANGE; path=PATH; actor=ACTOR"'
OWN = ("path", "actor")
"""What a scenario may say beside its changes, once each."""


def chosen(
    texts: Sequence[str], declared: Sequence["Scenario"]
) -> tuple["Scenario", ...]:
    """The scenarios that are asked for; all that are declared where nothing is typed.

    Args:
        texts: ``none``, names of declared scenarios, or scenarios in full.
        declared: Those of the experiment.

    Raises:
        Refusal: With every text that cannot be read.
    """
    if not texts:
        return tuple(declared)
    if list(texts) == [NONE]:
        return ()
    known = {scenario.name: scenario for scenario in declared}
    found: list[Scenario] = []
    faults: list[Fault] = []
    for text in texts:
        try:
            found.append(
                typed(text) if ":" in text or "=" in text else _named(text, known)
            )
        except Refusal as refusal:
            faults += refusal.faults
    if faults:
        raise Refusal(faults)
    return tuple(found)


def typed(text: str) -> "Scenario":
    """Read one scenario in full.

    Raises:
        Refusal: If it has no name, changes nothing or says a thing twice.
    """
    from mc.engine.scenario import Scenario
    from mc.model.arguments import LABEL

    name, colon, rest = text.partition(":")
    name = name.strip()
    if not colon or not LABEL.fullmatch(name):
        raise _fault(f'"{text}" must be {FORM}')
    changes: list[str] = []
    own: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in rest.split(";"))):
        key, equals, value = (piece.strip() for piece in part.partition("="))
        if key not in OWN:
            changes.append(part)
        elif not equals or not value:
            raise _fault(f'scenario {name}: "{part}" must be {key}={key.upper()}')
        elif key in own:
            raise _fault(f"scenario {name}: {key} is given twice; keep one")
        else:
            own[key] = value
    if not changes and not own:
        raise _fault(f"scenario {name} changes nothing; write {FORM}")
    return Scenario(
        name=name,
        changes=tuple(changes),
        path=own.get("path"),
        actor=own.get("actor"),
    )


def _named(text: str, known: dict[str, "Scenario"]) -> "Scenario":
    name = text.strip()
    if name in known:
        return known[name]
    if name == NONE:
        raise _fault(f"{NONE} stands alone: it runs no scenario")
    hint = nearest(name, [*known, NONE])
    there = f"there is: {', '.join(known)}" if known else "the experiment declares none"
    raise _fault(f"unknown scenario {name!r}{hint} ({there}; one in full is {FORM})")


def _fault(message: str) -> Refusal:
    return Refusal(Fault(message, key=OPTION))

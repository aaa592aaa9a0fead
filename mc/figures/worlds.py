"""The worlds of a run: what each is called, who is in it, and how it is drawn."""

import datetime
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.style import number_words
from mc.model.path_choice import path_choice
from priors.actor import PATH_PARAMETERS

MOST_LINES = 6
"""Worlds that can be told apart as lines in one panel."""
_MOVED = ("frontier_compute", "compute_per_dollar")
"""What a scenario may change so that the card's dollars and FLOP no longer hold."""


@dataclass(frozen=True, kw_only=True)
class WorldLabels:
    """One world in words.

    Attributes:
        name: As in every table.
        path: The compute path.
        actor: Name and description of the meek actor; empty for the card's own.
        flop: FLOP of a run of the meek actor at the epoch, central values; None where
            the run does not say it.
        dollars: Dollars of that run.
        lead: Effective compute of the frontier over the meek actor's at the epoch.
        goes_on: What becomes of the actor's budget.
        words: What is done, in one line.
    """

    name: str
    path: str
    actor: str
    flop: float | None
    dollars: float | None
    lead: float
    goes_on: str
    words: str


def world_names(results: Results) -> tuple[str, ...]:
    """Names of the run's worlds, the baseline first."""
    return tuple(told["name"] for told in results.manifest["scenarios"])


def worlds(results: Results) -> tuple[WorldLabels, ...]:
    """The run's worlds, the baseline first."""
    return tuple(_labels(results, told) for told in results.manifest["scenarios"])


def world(results: Results, name: str = BASELINE) -> WorldLabels:
    """One world of the run.

    Raises:
        KeyError: If the run has no such world.
    """
    for told in results.manifest["scenarios"]:
        if told["name"] == name:
            return _labels(results, told)
    known = ", ".join(world_names(results))
    raise KeyError(f"no scenario {name!r} in this run; there is: {known}")


def assumes(results: Results) -> str:
    """What the baseline's path takes for granted for ever, behind an "if"."""
    return results.manifest["scenarios"][0]["assumes"]


def never_words(results: Results) -> str:
    """The words for what no draw comes to."""
    return f"never, if {assumes(results)}"


def dollars(amount: float) -> str:
    """An amount of money as people say it: ``$41M``."""
    amount = float(f"{amount:.2e}")
    for size, letter in ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e4, "k")):
        if amount >= size:
            scale = 1e3 if letter == "k" else size
            return f"${number_words(amount / scale)}{letter}"
    return f"${number_words(amount)}"


def _labels(results: Results, told: Mapping[str, Any]) -> WorldLabels:
    who: Mapping[str, Any] = told.get("actor", {})
    lead = _lead(results, told["name"])
    flop, money = _amounts(results, told, lead)
    described = f"{who['name']}, {who['description']}" if who else ""
    return WorldLabels(
        name=told["name"],
        path=told["path"],
        actor=described,
        flop=flop,
        dollars=money,
        lead=lead,
        goes_on=_goes_on(results, told),
        words=_words(results, told, _written(flop, money)),
    )


def _written(flop: float | None, money: float | None) -> str:
    """FLOP and dollars, as far as they are known."""
    parts = [f"{number_words(flop, 2)} FLOP"] if flop is not None else []
    parts += [f"{dollars(money)} a run"] if money is not None else []
    return ", ".join(parts)


def _words(results: Results, told: Mapping[str, Any], amounts: str) -> str:
    """What is done: the actor in FLOP and dollars, the path and the changes."""
    first = results.manifest["scenarios"][0]
    is_first = told["name"] == BASELINE
    parts = []
    if is_first or told.get("actor") != first.get("actor"):
        who = told["actor"]["name"] if "actor" in told else "the card's own"
        parts.append(f"actor {who}, {amounts}" if amounts else f"actor {who}")
    if is_first or told["path"] != first["path"]:
        parts.append(f"path {told['path']}")
    parts += told.get("changes", [])
    words = "; ".join(parts) or "nothing is changed"
    is_actors = told["summary"] == told.get("actor", {}).get("description")
    if is_first or is_actors or not told["summary"]:
        return words
    return f"{str(told['summary']).rstrip('.')} ({words})"


def _known(results: Results) -> dict[str, float]:
    """Central values of the card, in its units."""
    central = results.tree["central"].to_dataset()
    return {
        name.removeprefix("parameters."): float(central[name])
        for name in map(str, central.data_vars)
        if name.startswith("parameters.")
    }


def _lead(results: Results, name: str) -> float:
    """The lead at the epoch as a ratio."""
    ooms = results.tree["central"].to_dataset()["lead_at_epoch"]
    return 10.0 ** float(ooms.sel(scenario=name))


def _amounts(
    results: Results, told: Mapping[str, Any], lead: float
) -> tuple[float | None, float | None]:
    """FLOP and dollars of the meek actor's run: the card's, moved by the lead."""
    known = _known(results)
    flop, budget = known.get("initial_compute"), known.get("meek_budget")
    price = known.get("compute_per_dollar")
    if price is None and flop is not None and budget is not None:
        price = flop / budget
    if flop is None and budget is not None and price is not None:
        flop = budget * price
    changed = [text.partition("=")[0].strip(" *") for text in told.get("changes", [])]
    if set(changed) & set(_MOVED):
        return None, None
    if "actor" in told or changed:
        ratio = known.get("initial_compute_ratio", 1.0)
        frontier = known.get("frontier_compute", flop * ratio if flop else None)
        flop = None if frontier is None else frontier / lead
        budget = None if flop is None or price is None else flop / price
    elif budget is None and flop is not None and price is not None:
        budget = flop / price
    return flop, None if _follows(told) else budget


def _follows(told: Mapping[str, Any]) -> bool:
    """Whether the actor's path, not a budget, says what it has."""
    stated = told.get("actor", {}).get("tables", {}).get("parameters", {})
    return bool(set(PATH_PARAMETERS) & set(stated))


def _goes_on(results: Results, told: Mapping[str, Any]) -> str:
    """What becomes of the actor's budget: constant unless something says more."""
    if _follows(told):
        return "following the frontier"
    if path_choice(told["path"]).keeps_step:
        return "a budget that grows as the frontier's does"
    stated = told.get("actor", {}).get("tables", {}).get("parameters", {})
    if "meek_investment_growth" in {**stated, **_known(results)}:
        return "a budget that grows every year"
    return "the same spending for ever"


def in_words(results: Results, name: str = BASELINE) -> str:
    """The meek actor of a world in FLOP and, where the run has them, dollars."""
    found = world(results, name)
    amounts = _written(found.flop, found.dollars)
    who = f"Meek actor {found.actor}" if found.actor else "Meek actor"
    if not amounts:
        return f"{who}: {found.goes_on}."
    start = datetime.date.fromisoformat(results.tree.attrs["epoch"])
    side = "ahead" if found.lead >= 1 else "behind"
    times = number_words(math.exp(abs(math.log(found.lead))), 2)
    ahead = "equal" if abs(found.lead - 1) < 1e-3 else f"×{times} {side}"
    return f"{who}: {amounts} on {start}, {found.goes_on}; the frontier starts {ahead}."

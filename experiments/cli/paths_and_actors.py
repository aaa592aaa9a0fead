"""``meekmc paths`` and ``meekmc actors``: what ``--path`` and ``--actor`` take."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mc.model.entries import shelf

if TYPE_CHECKING:
    from mc.model.entries import Entry
    from priors.actors import Actor
    from priors.cards import Card

AsJson = Annotated[bool, typer.Option("--json", metavar="", help="Print JSON only.")]
CardName = Annotated[
    str | None,
    typer.Option(
        "--card", metavar="CARD", help="Whose price of a FLOP; a card's name or path."
    ),
]


def paths(*, as_json: AsJson = False) -> None:
    """List the compute paths: their words, and what each puts in the base's place."""
    entries = shelf("compute").values()
    if as_json:
        _print_json([_path_record(entry) for entry in entries])
        return
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.lines("Parts go together with a plus: --path a:form=x+b.")
    for entry in entries:
        screen.lines("")
        screen.title(entry.name)
        told = [("", entry.summary)]
        told += [("words", _typed(entry))] if entry.arguments else []
        told += [("replaces", ", ".join(_replaced(entry)))]
        told += [("needs", "; ".join(_needs(entry)))] if _needs(entry) else []
        screen.labelled(told)


def actors(card: CardName = None, *, as_json: AsJson = False) -> None:
    """List the meek actors that come with the program, and what a budget buys."""
    from priors.actors import load_actor, shipped_actors
    from priors.cards import DEFAULT_CARD, load

    read = load(card or DEFAULT_CARD)
    found = [load_actor(name, read) for name in shipped_actors()]
    if as_json:
        _print_json([_actor_record(actor, read) for actor in found])
        return
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.lines(f"Budgets of one run on {read.reference_date}, card {read.name}.")
    screen.lines("A budget of your own is written 250m-usd, an actor is a TOML file.")
    for actor in found:
        screen.lines("")
        screen.title(actor.name)
        screen.labelled([("", actor.description), ("budget", _budget(actor, read))])


def _typed(entry: "Entry") -> str:
    """The words of a path as they are typed, the usual one first."""
    parts = []
    for key, rule in entry.arguments.items():
        usual = rule.get("default")
        words = sorted(rule.get("choices", ()), key=lambda word: word != usual)
        parts.append(f"{key}={'|'.join(words)}")
    return ", ".join(parts)


def _replaced(entry: "Entry") -> list[str]:
    """Entries of the ledger, or what else a part does."""
    if entry.replaces:
        return list(entry.replaces)
    return ["the whole path"] if entry.wraps else ["nothing: every path starts as this"]


def _needs(entry: "Entry") -> list[str]:
    """Parameters that a path cannot do without, alternatives in a row."""
    return [
        " or ".join(" + ".join(option) for option in need)
        for need in entry.needs
        if () not in need
    ]


def _budget(actor: "Actor", card: "Card") -> str:
    from experiments.cli import wording

    budget, compute = _start(actor, card)
    parts = []
    if budget is not None:
        parts.append(f"{wording.dollars(budget)} a run")
    if compute is not None:
        parts.append(f"{wording.short(compute)} FLOP")
    return ", ".join(parts) or "none of its own"


def _start(actor: "Actor", card: "Card") -> tuple[float | None, float | None]:
    """Dollars and FLOP of a run at central values; nothing of one that follows."""
    import math

    from priors.actor import PATH_PARAMETERS

    told = actor.joint.central()
    if told.keys() & set(PATH_PARAMETERS):
        return None, None
    believed = card.joint.central()
    budget, compute = believed.get("meek_budget"), believed.get("initial_compute")
    price = believed.get("compute_per_dollar")
    if price is None and budget is not None and compute is not None:
        price = compute - budget
    if "meek_budget" in told:
        budget, compute = told["meek_budget"], None
    elif "initial_compute" in told:
        budget, compute = None, told["initial_compute"]
    if price is not None and compute is None and budget is not None:
        compute = budget + price
    if price is not None and budget is None and compute is not None:
        budget = compute - price
    found = [None if value is None else math.exp(value) for value in (budget, compute)]
    return found[0], found[1]


def _path_record(entry: "Entry") -> dict[str, Any]:
    return {
        "name": entry.name,
        "words": {
            key: list(rule.get("choices", ())) for key, rule in entry.arguments.items()
        },
        "summary": entry.summary,
        "replaces": list(entry.replaces),
        "wraps": entry.wraps,
        "needs": _needs(entry),
    }


def _actor_record(actor: "Actor", card: "Card") -> dict[str, Any]:
    budget, compute = _start(actor, card)
    return {
        "name": actor.name,
        "description": actor.description,
        "path": actor.path,
        "dollars": budget,
        "flop": compute,
        "sha256": actor.sha256,
    }


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1))

"""``meekmc twins``: the other metrics of a capability, and the class of each."""

import dataclasses
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import completion
from experiments.cli.classify import (
    AsJson,
    Classified,
    limit_in_words,
    named,
    of_entry,
)
from experiments.cli.waiting import waiting
from mc.model.registry import metric_names, shelf
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from mc.model.entries import Entry

AT_ONCE = 2
GROUPS = (
    (True, "Bounded"),
    (False, "Unbounded"),
    (None, "Neither: no normal metric, or not known"),
)

Metric = Annotated[
    str,
    typer.Argument(
        metavar="METRIC",
        autocompletion=completion.metrics,
        help="A metric of the registry.",
    ),
]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Twin:
    """One way to measure the capability.

    Attributes:
        name: As ``--metric`` takes it.
        entry: Its registry entry.
        found: Its class.
    """

    name: str
    entry: "Entry"
    found: Classified


def twins(metric: Metric, *, as_json: AsJson = False) -> None:
    """List bounded and unbounded measures of the same capability, with their class."""
    choice = named(metric)
    if choice is None:
        hint = nearest(metric, metric_names())
        raise Refusal(Fault(f'"{metric}" is no metric{hint}', key="METRIC"))
    capability = choice.entry.capability
    with waiting(f"classifying the metrics of {capability}"):
        found = _twins(capability)
    if as_json:
        told = [_record(twin) for twin in found]
        typer.echo(json.dumps(told, ensure_ascii=False, allow_nan=False, indent=1))
        return
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.title(f"Measures of the same capability: {capability}")
    for bounded, title in GROUPS:
        group = [twin for twin in found if twin.found.verdict.bounded is bounded]
        if group:
            screen.lines("")
            screen.title(title)
        for twin in group:
            screen.lines(twin.name)
            screen.labelled([("", _line(twin))])


def _twins(capability: str) -> list[Twin]:
    variants = dict(_variants(capability))
    asked = {_question(entry): entry for entry in variants.values()}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = dict(zip(asked, pool.map(of_entry, asked.values()), strict=True))
    return [
        Twin(name=name, entry=entry, found=answers[_question(entry)])
        for name, entry in variants.items()
    ]


def _question(entry: "Entry") -> tuple[str, str, str]:
    """What decides an entry's class: the same formula is looked at once."""
    return entry.formula, entry.not_normal, entry.limit


def _variants(capability: str) -> Iterator[tuple[str, "Entry"]]:
    """The metrics of a capability; choices of words that change their class too."""
    for name, entry in shelf("metrics").items():
        if entry.capability != capability:
            continue
        yield name, entry
        seen = {_question(entry)}
        for key, rule in entry.arguments.items():
            for word, fields in rule.get("choices", {}).items():
                changed = entry.changed(fields)
                if _question(changed) not in seen:
                    seen.add(_question(changed))
                    yield f"{name}:{key}={word}", changed


def _line(twin: Twin) -> str:
    verdict = twin.found.verdict
    limit = limit_in_words(twin.found)
    return f"{twin.entry.unit}; {verdict.kind}; gap → {limit}; {verdict.reason}"


def _record(twin: Twin) -> dict[str, str]:
    return {
        "metric": twin.name,
        "unit": twin.entry.unit,
        "class": twin.found.verdict.kind,
        "limit": limit_in_words(twin.found),
        "why": twin.found.verdict.reason,
    }

"""Finds paths and metrics by the names that people type, without importing any.

A metric is written ``NAME``, ``NAME:key=value,…``, ``LABEL=NAME:…``,
``LABEL=formula: …`` or ``LABEL=of NAME: …``.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from mc.model.arguments import LABEL, BadArgument, read_arguments, split_arguments
from mc.model.entries import Entry, Series, shelf

__all__ = ["BadArgument", "Entry", "Series", "shelf"]

_OWN = re.compile(r"(?:([^=:\s]*)\s*=\s*)?(formula\s*:|of\s+)(.*)", re.DOTALL)


class UnknownName(LookupError):
    """A name that no file of a shelf declares.

    Attributes:
        kind: What was looked for, ``metric`` or ``path``.
        name: What was found instead.
        known: The names there are.
    """

    def __init__(self, kind: str, name: str, known: tuple[str, ...]) -> None:
        super().__init__(f"unknown {kind} {name!r}; known: {', '.join(known)}")
        self.kind, self.name, self.known = kind, name, known


def path_entry(name: str) -> Entry:
    """The compute path called ``name``.

    Raises:
        UnknownName: If no file of the shelf declares it.
    """
    known = shelf("compute")
    if name not in known:
        raise UnknownName("path", name, tuple(known))
    return known[name]


@dataclasses.dataclass(frozen=True, kw_only=True)
class MetricChoice:
    """One metric of a run: an entry, its arguments and the label of its results.

    Attributes:
        label: Name in every table and figure.
        entry: The metric's registry entry, as its words choose.
        arguments: Numbers as typed, by name.
        words: Choices and instance, by name.
        own: A metric of the user's own: what it is made of; None for a name.
    """

    label: str
    entry: Entry
    arguments: Mapping[str, float] = dataclasses.field(default_factory=dict)
    words: Mapping[str, str] = dataclasses.field(default_factory=dict)
    own: Any = None

    @property
    def instanced(self) -> tuple[tuple[str, str], ...]:
        """Pairs of a parameter of the chosen instance and the name it goes by."""
        names = {n for need in self.entry.needs for option in need for n in option}
        return tuple((n, n.partition("[")[0]) for n in sorted(names) if "[" in n)

    def load(self) -> Any:
        """The metric's record, which prepares constants; this imports JAX."""
        record = self.entry.load()
        return record if self.own is None else record.of(self.own)

    def description(self) -> dict[str, Any]:
        """What decides the metric's numbers, for the run's configuration."""
        told: dict[str, Any] = {
            "label": self.label,
            "name": self.entry.name,
            "arguments": {**self.arguments, **self.words},
        }
        return told if self.own is None else told | {"own": self.own.description()}


def metric_choice(text: str) -> MetricChoice:
    """Read what ``--metric`` takes.

    Raises:
        UnknownName: If there is no such metric.
        BadArgument: If a label, an argument or a formula is not allowed.
    """
    if own := _OWN.fullmatch(text.strip()):
        from mc.model.own import own_choice

        return own_choice(own[1], own[2].rstrip(": "), own[3].strip())
    label, name, typed = split_arguments(text)
    aliases = {a: e for e in shelf("metrics").values() for a in e.aliases}
    if name in aliases:
        if typed:
            raise BadArgument(f"{name} takes no arguments: they are in its name")
        entry = aliases[name]
        typed = {k: f"{v:g}" for k, v in entry.aliases[name].items()}
    else:
        if name not in shelf("metrics"):
            raise UnknownName("metric", name, metric_names())
        entry = shelf("metrics")[name]
    arguments, words = read_arguments(entry, typed)
    label = label or _label(entry, arguments, words)
    if not LABEL.fullmatch(label):
        raise BadArgument(f"label {label!r}: letters, digits, '_', '.' and '-' only")
    for key, word in words.items():
        entry = entry.changed(entry.arguments[key].get("choices", {}).get(word, {}))
    entry = entry.of_instance(words.get("instance", ""))
    return MetricChoice(label=label, entry=entry, arguments=arguments, words=words)


def metric_names() -> tuple[str, ...]:
    """Every name that ``--metric`` takes, aliases included."""
    entries = shelf("metrics").values()
    return tuple(sorted(n for e in entries for n in (e.name, *e.aliases)))


def _label(
    entry: Entry, arguments: Mapping[str, float], words: Mapping[str, str]
) -> str:
    for alias, values in entry.aliases.items():
        if dict(values) == dict(arguments):
            return alias
    parts = [entry.name]
    for key, rule in entry.arguments.items():
        value = words.get(key, arguments.get(key))
        if value != rule.get("default"):
            parts.append(f"{key}{value:g}" if key in arguments else str(value))
    return "_".join(parts)

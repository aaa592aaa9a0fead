"""Finds paths and metrics by the names that people type, without importing any.

A metric is written ``NAME``, ``NAME:key=value,…``, ``LABEL=NAME:…``,
``LABEL=formula: …`` or ``LABEL=of NAME: …``.
"""

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from mc.model.entries import Entry, Series, shelf

__all__ = ["Entry", "Series", "shelf"]

LABEL = re.compile(r"[A-Za-z0-9_.-]+")
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


class BadArgument(ValueError):
    """An argument of a metric that its entry does not allow."""


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
    label, name, typed = _split(text)
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
    arguments, words = _arguments(entry, typed)
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


def _split(text: str) -> tuple[str | None, str, dict[str, str]]:
    head, _, tail = text.partition(":")
    label, equals, name = head.rpartition("=")
    typed: dict[str, str] = {}
    for part in filter(None, tail.split(",")):
        key, sign, value = part.partition("=")
        if not sign or key in typed:
            raise BadArgument(f"{text!r}: arguments are written key=value, once each")
        typed[key.strip()] = value.strip()
    return (label if equals else None), name.strip(), typed


def _arguments(
    entry: Entry, typed: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, str]]:
    """Numbers and words of a metric, its defaults filled in."""
    allowed = entry.arguments
    needed = {key for key, rule in allowed.items() if "default" not in rule}
    if not needed <= set(typed) <= set(allowed):
        takes = ", ".join(allowed) or "none"
        found = ", ".join(typed) or "none"
        raise BadArgument(f"{entry.name} takes the arguments: {takes}; found: {found}")
    numbers: dict[str, float] = {}
    words: dict[str, str] = {}
    for key, rule in allowed.items():
        value = typed.get(key, rule.get("default"))
        if "choices" in rule or "names" in rule:
            words[key] = _word(entry, key, str(value))
        else:
            numbers[key] = _number(entry, key, str(value))
    return numbers, words


def _word(entry: Entry, key: str, text: str) -> str:
    rule = entry.arguments[key]
    if "choices" in rule and text not in rule["choices"]:
        known = ", ".join(rule["choices"])
        raise BadArgument(f"{entry.name}: {key} = {text!r} is none of: {known}")
    if text and not LABEL.fullmatch(text):
        raise BadArgument(f"{entry.name}: {key} = {text!r} is no name")
    return text


def _number(entry: Entry, key: str, text: str) -> float:
    low, high = entry.arguments[key]["low"], entry.arguments[key]["high"]
    try:
        value = float(text)
    except ValueError:
        raise BadArgument(f"{entry.name}: {key} = {text!r} is no number") from None
    if not low <= value <= high:
        raise BadArgument(f"{entry.name}: {key} = {text} is outside {low:g}…{high:g}")
    return value


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

"""Finds the paths and metrics on their shelves, without importing any of them.

Each file on a shelf begins with a literal ``ENTRIES``; it is read as text, so that a
list of names, a refusal or a help page costs no JAX. The formulas behind an entry
are imported when a run needs them.
"""

import ast
import dataclasses
import functools
import importlib
import re
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

Needs = tuple[tuple[tuple[str, ...], ...], ...]

LABEL = re.compile(r"[A-Za-z0-9_.-]+")


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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Series:
    """How a banded series goes from the device's scale to the one people read.

    Attributes:
        unit: Unit of the number a reader sees.
        scale: What the device carries: the number (``linear``), its logarithm
            (``log``), or ``sign(y)·ln(1 + |y|)`` (``signed_log``).
        divisor: What the number is divided by on the host.
    """

    unit: str
    scale: str = "linear"
    divisor: float = 1.0


@dataclasses.dataclass(frozen=True, kw_only=True)
class Entry:
    """What is known of a path or a metric before anything is computed.

    Attributes:
        name: Canonical name.
        module: Module that holds the record.
        record: Name of the record in it.
        summary: One line.
        undefined: Why a draw's inputs may make no sense for a metric.
        needs: For each need, the alternative sets of parameters that meet it.
        caveats: Pairs of an id and a line that goes with every figure.
        unit: Unit of the gap.
        direction: Which way is better.
        bounds: Lower and upper bound of the value; None where there is none.
        scale: ``linear``, or ``log`` where the device carries logarithms.
        tolerance: Gap called "no longer apart", in ``unit``.
        arguments: Allowed arguments, each with its bounds.
        aliases: Short names for a choice of arguments.
        series: What is banded over dates.
    """

    name: str
    module: str
    record: str
    summary: str
    needs: Needs
    undefined: str = ""
    caveats: tuple[tuple[str, str], ...] = ()
    unit: str = ""
    direction: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
    scale: str = "linear"
    tolerance: float = 0.0
    arguments: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, float]] = dataclasses.field(default_factory=dict)
    series: Mapping[str, Series] = dataclasses.field(default_factory=dict)

    def load(self) -> Any:
        """The record's class; this imports JAX."""
        return getattr(importlib.import_module(self.module), self.record)

    def requirements(self, available: frozenset[str]) -> tuple[set[str], list[str]]:
        """The parameters to draw, and in words every need that nothing meets.

        Where several alternatives are available the first one counts.
        """
        chosen: set[str] = set()
        missing = []
        for need in self.needs:
            met = [option for option in need if available.issuperset(option)]
            if met:
                chosen.update(met[0])
            else:
                missing.append(" or ".join(" + ".join(option) for option in need))
        return chosen, missing


@functools.cache
def shelf(kind: str) -> dict[str, Entry]:
    """Every entry of ``metrics`` or ``compute`` by name, sorted."""
    folder = FilePath(__file__).parent / kind
    found: dict[str, Entry] = {}
    for file in sorted(folder.glob("*.py")):
        for name, fields in _literal_entries(file).items():
            module = f"mc.model.{kind}.{file.stem}"
            found[name] = _entry(name, module, fields)
    return dict(sorted(found.items()))


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
        entry: The metric's registry entry.
        arguments: Argument values as typed, by name.
    """

    label: str
    entry: Entry
    arguments: Mapping[str, float]


def metric_choice(text: str) -> MetricChoice:
    """Read ``NAME``, ``NAME:key=value,…`` or ``LABEL=NAME:…``.

    Raises:
        UnknownName: If there is no such metric.
        BadArgument: If a label or an argument is not allowed.
    """
    label, name, typed = _split(text)
    aliases = {a: e for e in shelf("metrics").values() for a in e.aliases}
    if name in aliases:
        if typed:
            raise BadArgument(f"{name} takes no arguments: its length is in its name")
        entry = aliases[name]
        arguments = dict(entry.aliases[name])
    else:
        if name not in shelf("metrics"):
            raise UnknownName("metric", name, metric_names())
        entry = shelf("metrics")[name]
        arguments = _arguments(entry, typed)
    label = label or _label(entry, arguments)
    if not LABEL.fullmatch(label):
        raise BadArgument(f"label {label!r}: letters, digits, '_', '.' and '-' only")
    return MetricChoice(label=label, entry=entry, arguments=arguments)


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


def _arguments(entry: Entry, typed: Mapping[str, str]) -> dict[str, float]:
    if set(typed) != set(entry.arguments):
        takes = ", ".join(entry.arguments) or "none"
        found = ", ".join(typed) or "none"
        raise BadArgument(f"{entry.name} takes the arguments: {takes}; found: {found}")
    values = {}
    for key, text in typed.items():
        low, high = entry.arguments[key]["low"], entry.arguments[key]["high"]
        try:
            value = float(text)
        except ValueError:
            raise BadArgument(f"{entry.name}: {key} = {text!r} is no number") from None
        if not low <= value <= high:
            raise BadArgument(
                f"{entry.name}: {key} = {text} is outside {low:g}…{high:g}"
            )
        values[key] = value
    return values


def _label(entry: Entry, arguments: Mapping[str, float]) -> str:
    for alias, values in entry.aliases.items():
        if dict(values) == dict(arguments):
            return alias
    return "_".join([entry.name, *(f"{k}{v:g}" for k, v in arguments.items())])


def _literal_entries(file: FilePath) -> dict[str, dict[str, Any]]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ENTRIES":
            return ast.literal_eval(node.value)
    return {}


def _entry(name: str, module: str, fields: dict[str, Any]) -> Entry:
    needs = tuple(tuple(tuple(o) for o in need) for need in fields.pop("needs"))
    caveats = tuple((key, line) for key, line in fields.pop("caveats", ()))
    series = {key: Series(**value) for key, value in fields.pop("series", {}).items()}
    bounds = tuple(fields.pop("bounds", (None, None)))
    return Entry(
        name=name,
        module=module,
        needs=needs,
        caveats=caveats,
        series=series,
        bounds=bounds,
        **fields,
    )

"""What is known of a path or a metric before anything is computed.

Each file on a shelf begins with a literal ``ENTRIES``; it is read as text, so that a
list of names, a refusal or a help page costs no JAX.
"""

import ast
import dataclasses
import functools
import importlib
from collections.abc import Mapping
from pathlib import Path as FilePath
from typing import Any

Needs = tuple[tuple[tuple[str, ...], ...], ...]

INNOVATION_YEARS = 40
"""Years of innovations that a drifting path draws, from the second year on."""

INSTANCE = "[]"
"""Behind a name in ``needs``: the parameter of the instance that is asked for."""


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
    """A path or a metric of a shelf.

    Attributes:
        name: Canonical name.
        module: Module that holds the record.
        record: Name of the record in it.
        summary: One line.
        undefined: Why a draw's inputs may make no sense for a metric.
        needs: For each need, the alternative sets of parameters that meet it.
        caveats: Pairs of an id and a line that goes with every figure.
        capability: What is measured; metrics of one capability are twins.
        formula: F, more is better, in ``x = ln C`` and positive constants; empty
            where the metric is no function of one actor's compute.
        not_normal: Why it is not a metric in the sense of the theorems.
        limit: Limit of the gap in words, where ``formula`` does not give it.
        halving: Parameter γ such that halving the error takes 2^(1/γ) the compute.
        unit: Unit of the gap.
        direction: Which way is better.
        bounds: Lower and upper bound of the value; None where there is none.
        scale: ``linear``, or ``log`` where the device carries logarithms.
        tolerance: Gap called "no longer apart", in ``unit``.
        arguments: Allowed arguments: numbers with ``low``, ``high``, ``log``; words
            with ``choices``, each the fields it changes; ``names``, any instance. An
            argument with a ``default`` may be left out.
        fixed: Numbers that a choice of words hands to the record.
        aliases: Short names for a choice of arguments.
        series: What is banded over dates.
        replaces: Entries of the ledger that a path puts its own in the place of.
        wraps: Whether a path looks at a finished ledger in another way.
        innovations: Growths that a path lets drift by yearly innovations.
        assumes: What a path takes for granted for ever, behind an "if"; empty where a
            part says no more than the base.
    """

    name: str
    module: str
    record: str
    summary: str
    needs: Needs
    undefined: str = ""
    caveats: tuple[tuple[str, str], ...] = ()
    capability: str = ""
    formula: str = ""
    not_normal: str = ""
    limit: str = ""
    halving: str = ""
    unit: str = ""
    direction: str = ""
    bounds: tuple[float | None, float | None] = (None, None)
    scale: str = "linear"
    tolerance: float = 0.0
    arguments: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    aliases: Mapping[str, Mapping[str, Any]] = dataclasses.field(default_factory=dict)
    fixed: Mapping[str, float] = dataclasses.field(default_factory=dict)
    series: Mapping[str, Series] = dataclasses.field(default_factory=dict)
    replaces: tuple[str, ...] = ()
    wraps: bool = False
    innovations: tuple[str, ...] = ()
    assumes: str = ""

    def load(self) -> Any:
        """The record's class; this imports JAX."""
        return getattr(importlib.import_module(self.module), self.record)

    def changed(self, fields: Mapping[str, Any]) -> "Entry":
        """The entry with literal fields of a choice in place of its own."""
        return dataclasses.replace(self, **read_fields(fields))

    def of_instance(self, instance: str) -> "Entry":
        """The entry whose parameters are those of ``instance``; none if empty."""
        suffix = f"[{instance}]" if instance else ""
        needs = tuple(
            tuple(tuple(n.replace(INSTANCE, suffix) for n in option) for option in need)
            for need in self.needs
        )
        return dataclasses.replace(self, needs=needs)

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
            found[name] = Entry(name=name, module=module, **read_fields(fields))
    return dict(sorted(found.items()))


def read_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of an entry from their literals.

    Without ``series`` the gap is in ``unit`` and both values in ``value_unit``.
    """
    read = dict(fields)
    value_unit = read.pop("value_unit", read.get("unit"))
    if "unit" in read and "series" not in read:
        scale = read.get("scale", "linear")
        units = {"gap": read["unit"], "frontier": value_unit, "meek": value_unit}
        read["series"] = {k: {"unit": u, "scale": scale} for k, u in units.items()}
    if "needs" in read:
        read["needs"] = tuple(tuple(tuple(o) for o in need) for need in read["needs"])
    if "caveats" in read:
        read["caveats"] = tuple((key, line) for key, line in read["caveats"])
    if "series" in read:
        read["series"] = {k: Series(**value) for k, value in read["series"].items()}
    for key in ("replaces", "innovations"):
        if key in read:
            read[key] = tuple(read[key])
    if "bounds" in read:
        read["bounds"] = tuple(read["bounds"])
    return read


def _literal_entries(file: FilePath) -> dict[str, dict[str, Any]]:
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "ENTRIES":
            return ast.literal_eval(node.value)
    return {}

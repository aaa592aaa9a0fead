"""A compute path as people type it: parts of the shelf put together, ``a:form=x+b``.

Every path starts as ``exponential``; each part replaces an entry of its ledger or adds
to it. Nothing here imports JAX.
"""

import dataclasses
from collections.abc import Sequence
from typing import TYPE_CHECKING

from mc.model.arguments import BadArgument, read_arguments, split_arguments
from mc.model.entries import INNOVATION_YEARS, Entry, shelf
from mc.model.registry import UnknownName

if TYPE_CHECKING:
    from mc.model.path_record import PathRecord

BASE = "exponential"
ADDS = "extra"
"""What several parts may replace at once: they add up."""
IN_STEP = "meek_investment"
"""What a part replaces that ties the meek actor's spending to the frontier's."""
_FOR_EVER = {"growth-for-ever": ("investment", "hardware", "algorithms", "clock")}
"""Caveats of the base that a part takes back by replacing one of these."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class PathChoice:
    """A compute path: the base and the parts that are put on it.

    Attributes:
        name: Canonical text, parts in the order typed.
        parts: Entries without the base, as their words choose.
    """

    name: str
    parts: tuple[Entry, ...] = ()

    @property
    def summary(self) -> str:
        """One line."""
        return "; ".join(part.summary for part in self.parts) or _base().summary

    @property
    def caveats(self) -> tuple[tuple[str, str], ...]:
        """Those of the base that still hold, and those of the parts."""
        replaced = {entry for part in self.parts for entry in part.replaces}
        held = [
            caveat
            for caveat in _base().caveats
            if not replaced.intersection(_FOR_EVER.get(caveat[0], ()))
        ]
        return (*held, *(caveat for part in self.parts for caveat in part.caveats))

    @property
    def assumes(self) -> str:
        """What is taken for granted for ever, behind an "if"."""
        return _assumed(self.parts)

    @property
    def frontier_assumes(self) -> str:
        """The same of the frontier alone."""
        return _assumed([part for part in self.parts if "meek" not in part.replaces])

    @property
    def keeps_step(self) -> bool:
        """Whether the meek actor's spending follows the frontier's."""
        return any(IN_STEP in part.replaces for part in self.parts)

    @property
    def innovations(self) -> tuple[str, ...]:
        """Parameters that are standard normal by construction, one a year."""
        return tuple(
            f"innovation[{growth}.{year}]"
            for part in self.parts
            for growth in part.innovations
            for year in range(1, INNOVATION_YEARS + 1)
        )

    def requirements(self, available: frozenset[str]) -> tuple[set[str], list[str]]:
        """The parameters to draw, and in words every need that nothing meets."""
        chosen: set[str] = set()
        missing: list[str] = []
        for entry in (_base(), *self.parts):
            found, lacking = entry.requirements(available)
            chosen |= found
            missing += [need for need in lacking if need not in missing]
        return chosen, missing

    def load(self) -> "PathRecord":
        """What is compiled; this imports JAX."""
        from mc.model.path_record import PathRecord

        ordered = sorted(self.parts, key=_turn)
        return PathRecord(
            entries=tuple(part.load() for part in ordered if not part.wraps),
            wrappers=tuple(part.load() for part in self.parts if part.wraps),
        )


def _turn(part: Entry) -> int:
    """Hardware first, which others read; what reads the others, and adds, last."""
    rest = set(part.replaces)
    if rest == {"hardware"}:
        return 0
    return 3 if rest == {"kept"} else 2 if rest <= {ADDS, IN_STEP} else 1


def path_choice(text: str) -> PathChoice:
    """Read what ``--path`` takes.

    Raises:
        UnknownName: If no file of the shelf declares a part.
        BadArgument: If words are not allowed, or two parts replace one entry.
    """
    parts, names = [], []
    for typed in text.split("+"):
        entry, name = _part(typed)
        if entry.name == BASE:
            continue
        parts.append(entry)
        names.append(name)
    _check_together(parts)
    name = "+".join(names) or BASE
    return PathChoice(name=name, parts=tuple(parts))


def _assumed(parts: Sequence[Entry]) -> str:
    told = dict.fromkeys(part.assumes for part in parts if part.assumes)
    return " and ".join(told) or _base().assumes


def _base() -> Entry:
    return shelf("compute")[BASE]


def _part(text: str) -> tuple[Entry, str]:
    label, name, typed = split_arguments(text.strip())
    known = shelf("compute")
    if label is not None:
        raise BadArgument(f"{text!r}: a path takes no label")
    if name not in known:
        raise UnknownName("path", name, tuple(known))
    entry = known[name]
    _, words = read_arguments(entry, typed)
    told = []
    for key, word in words.items():
        rule = entry.arguments[key]
        entry = entry.changed(rule["choices"][word])
        if word != rule.get("default"):
            told.append(f"{key}={word}")
    return entry, f"{name}:{','.join(told)}" if told else name


def _check_together(parts: list[Entry]) -> None:
    taken: dict[str, str] = {}
    names = [part.name for part in parts]
    for part in parts:
        if names.count(part.name) > 1:
            raise BadArgument(f"{part.name} is put on twice; keep one")
        for entry in part.replaces:
            if entry in taken and entry != ADDS:
                raise BadArgument(
                    f"{taken[entry]} and {part.name} both replace the ledger's "
                    f"{entry}; keep one"
                )
            taken[entry] = part.name

"""Arguments of a path or a metric as people type them, ``NAME:key=value,…``."""

import re
from collections.abc import Iterable, Mapping

from mc.model.entries import Entry

LABEL = re.compile(r"[A-Za-z0-9_.-]+")


class BadArgument(ValueError):
    """An argument that the entry does not allow.

    Attributes:
        name: The word that was found; empty where it is no word that is wrong.
        known: The words there are.
    """

    def __init__(self, message: str, name: str = "", known: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.name, self.known = name, tuple(known)


def split_arguments(text: str) -> tuple[str | None, str, dict[str, str]]:
    """Label, name and arguments of ``LABEL=NAME:key=value,…``.

    Raises:
        BadArgument: If an argument is not written so, or twice.
    """
    head, _, tail = text.partition(":")
    label, equals, name = head.rpartition("=")
    typed: dict[str, str] = {}
    for part in filter(None, tail.split(",")):
        key, sign, value = part.partition("=")
        if not sign or key in typed:
            raise BadArgument(f"{text!r}: arguments are written key=value, once each")
        typed[key.strip()] = value.strip()
    return (label if equals else None), name.strip(), typed


def read_arguments(
    entry: Entry, typed: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, str]]:
    """Numbers and words that an entry is typed with, its defaults filled in.

    Raises:
        BadArgument: If the entry does not allow one of them, or needs another.
    """
    allowed = entry.arguments
    needed = {key for key, rule in allowed.items() if "default" not in rule}
    if not needed <= set(typed) <= set(allowed):
        takes = ", ".join(allowed) or "none"
        found = ", ".join(typed) or "none"
        message = f"{entry.name} takes the arguments: {takes}; found: {found}"
        strange = next((key for key in typed if key not in allowed), "")
        raise BadArgument(message, strange, allowed)
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
        message = f"{entry.name}: {key} = {text!r} is none of: {known}"
        raise BadArgument(message, text, rule["choices"])
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

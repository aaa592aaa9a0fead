"""Tables of a card as TOML text, as a person would write them."""

import datetime
import math
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def card_text(head: Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    """Return a card.

    Args:
        head: What stands at the top: schema, name, description, …
        tables: ``components``, ``parameters`` and ``dependence``, as a card has them;
            empty ones are left out.
    """
    blocks = ["\n".join(f"{key} = {_value(value)}" for key, value in head.items())]
    for section in ("components", "parameters"):
        for name, table in tables.get(section, {}).items():
            blocks.append(table_text(f"{section}.{_key(name)}", table))
    pairs = tables.get("dependence", {}).get("spearman", [])
    if pairs:
        rows = "".join(f"\n    {_value(row)}," for row in pairs)
        blocks.append(f"[dependence]\nspearman = [{rows}\n]")
    return "\n\n".join(blocks) + "\n"


def table_text(name: str, table: Mapping[str, Any]) -> str:
    """Return a table with its name in brackets; tables in it stand on one line."""
    lines = [f"{_key(key)} = {_value(value)}" for key, value in table.items()]
    return "\n".join([f"[{name}]", *lines])


def parameter_text(name: str, table: Mapping[str, Any]) -> str:
    """Return the table of one parameter."""
    return table_text(f"parameters.{_key(name)}", table)


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _value(value: Any) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case float() if not math.isfinite(value):
            raise ValueError(f"{value} is not a number that a card can hold")
        case int() | float():
            return repr(value)
        case datetime.date():
            return value.isoformat()
        case Mapping():
            pairs = ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items())
            return f"{{ {pairs} }}" if pairs else "{}"
        case list() | tuple():
            return f"[{', '.join(_value(item) for item in value)}]"
    raise TypeError(f"{value!r} has no place in a card")


def _text(text: str) -> str:
    escaped = (
        _ESCAPES.get(c) or (c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}")
        for c in text
    )
    return f'"{"".join(escaped)}"'

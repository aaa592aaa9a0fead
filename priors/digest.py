"""One hash for what a card or an actor says, whatever its file looks like."""

import datetime
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from priors.belief import Stated
from priors.columns import locate


def digest(tables: Mapping[str, Any], stated: Iterable[Stated]) -> str:
    """Hash tables, dates as ISO, whole numbers as floats, CSV files by their bytes.

    Args:
        tables: What is hashed, as TOML gives it.
        stated: The tables in it that may name CSV files beside their own file.
    """
    files = {}
    for part in stated:
        for name in _files(part.table):
            path = locate(part.document.folder, name)
            files[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    content = json.dumps(
        {"tables": _plain(tables), "files": files},
        sort_keys=True,
        ensure_ascii=False,
        separators=(",", ":"),
        allow_nan=False,
    )
    return hashlib.sha256(content.encode()).hexdigest()


def _files(value: Any) -> list[str]:
    if isinstance(value, list):
        return [name for item in value for name in _files(item)]
    if not isinstance(value, dict):
        return []
    here = [
        value[key] for key in ("group", "empirical") if isinstance(value.get(key), str)
    ]
    return here + [name for item in value.values() for name in _files(item)]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    return value

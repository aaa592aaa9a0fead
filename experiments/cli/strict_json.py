"""Records as JSON that every reader takes: no NaN, no infinity, dates as text."""

import datetime
import json
from typing import Any

import typer


def print_json(value: Any) -> None:
    """Print a value; what is no finite number is null."""
    typer.echo(json.dumps(strict(value), ensure_ascii=False, allow_nan=False, indent=1))


def strict(value: Any) -> Any:
    """Dates as ISO text; what is no finite number is null."""
    if isinstance(value, dict):
        return {key: strict(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [strict(inner) for inner in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    return value

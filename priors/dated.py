"""What a card could have said on a day: beliefs whose source was published by then."""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from priors.evidence.data_sets import data_set, first_published
from priors.faults import Fault, Refusal
from priors.parameters import replaced
from priors.sheet import Sheet


def known_by(
    sheets: Sequence[Sheet], date: datetime.date, given: Collection[str] = ()
) -> list[Sheet]:
    """Return the sheets of a card without what was published after a day.

    A belief that is dropped gives way to what a card that it rests on says, if that
    is early enough. One without a date counts as late.

    Args:
        sheets: The card's, the one it rests on first.
        date: The day.
        given: Parameters that are stated otherwise, so need no source.

    Raises:
        Refusal: With every parameter that is left without a source, or that cites an
            unknown data set.
    """
    late: dict[str, Fault] = {}
    kept: list[Sheet] = []
    for sheet in sheets:
        known = {}
        for name, table in sheet.parameters.items():
            why = _late(table, date)
            if why:
                key = f"parameters.{name}"
                message = (
                    f"{why}, and no earlier source is stated; state it from what was "
                    f"known on {date}, in a card that extends this one"
                )
                late[name] = sheet.document.fault(message, key)
            else:
                known[name] = table
        kept.append(replace(sheet, parameters=known))
    stated = [*given, *(name for sheet in kept for name in sheet.parameters)]
    lost = [
        fault
        for name, fault in late.items()
        if name not in stated and not replaced([name], stated)
    ]
    if lost:
        raise Refusal(lost)
    return kept


def _late(table: Mapping[str, Any], date: datetime.date) -> str:
    """Why a belief cannot have been held on a day; empty if it can."""
    published = table.get("date")
    if not isinstance(published, datetime.date):
        return "has no date of its source"
    if published > date:
        return f"its source was published on {published}, after {date}"
    for name in table.get("evidence", ()):
        first = first_published(data_set(name))
        if first > date:
            return f"its data, {name}, were published from {first} on, after {date}"
    return ""

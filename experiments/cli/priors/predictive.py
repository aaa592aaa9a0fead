"""What a card implies for things that people know: the second half of a check."""

from typing import TYPE_CHECKING, Any

from experiments.cli.text_table import grid

if TYPE_CHECKING:
    from experiments.cli.terminal import Screen
    from mc.analysis.predictive import Check
    from mc.figures.implied import Pair
    from priors.observations import Observation

SEEN = "*"
_MANY = 1e5


def show(
    screen: "Screen", found: "tuple[Check, ...]", missing: tuple[str, ...]
) -> None:
    """Write the table of one card."""
    screen.lines("")
    screen.title("What it implies, and what was observed")
    last = None
    header = ("", "observed", "5 %", "50 %", "95 %", "percentile")
    rows: list[tuple[str, ...]] = []
    for check in found:
        quantity = check.observation.quantity
        if quantity != last:
            rows.append((f"{quantity.title}, {quantity.unit.name}", *[""] * 5))
            last = quantity
        rows.append(_row(check))
    if rows:
        screen.lines(*_table(header, rows, screen.width))
    told = [("not checked", line) for line in missing]
    if found:
        told.insert(0, ("percentile", _explained(found)))
        told.insert(1, ("implied", _TREND))
        told[2:2] = _measured(found)
    screen.labelled(told)


def records(found: "tuple[Check, ...]") -> list[dict[str, Any]]:
    """One record an observation, for JSON."""
    return [_record(check) for check in found]


def pairs(found: "tuple[Check, ...]") -> "tuple[list[Pair], list[bool]]":
    """What the figure shows: observations with draws, and which are tests."""
    shown = [(check.observation, check.draws) for check in found]
    return shown, [not check.seen for check in found]


_TREND = (
    "trends of the card before any slowdown or break, without the scatter of single "
    "models about them"
)


def _table(header: tuple[str, ...], rows: list[Any], width: int) -> list[str]:
    """The table, its quantities on lines of their own."""
    body = [row for row in rows if row[1]]
    lines = iter(grid(header, body, width))
    shown = [next(lines)]
    per_row = 1 if len(grid(header, body, width)) == len(body) + 1 else 2
    for row in rows:
        if row[1]:
            shown += [next(lines) for _ in range(per_row)]
        else:
            shown.append(row[0])
    return shown


def _row(check: "Check") -> tuple[str, ...]:
    one = check.observation
    return (
        f"  {_label(one)}",
        _observed(one),
        *(_number(value) for value in check.quantiles),
        _percentile(check),
    )


def _label(one: "Observation") -> str:
    return one.label if one.date is None else f"{one.label}, {one.date:%Y}"


def _observed(one: "Observation") -> str:
    if one.value is None:
        return f"{_number(one.low)} to {_number(one.high)}"
    return _number(one.value)


def _number(value: float) -> str:
    from experiments.cli.wording import number

    return number(value, 2 if value >= _MANY else 3)


def _percentile(check: "Check") -> str:
    """Share of draws below the value, and below either end of what is known of it."""
    one = check.observation
    low, high = (_percent(check, end) for end in (one.low, one.high))
    mark = SEEN if check.seen else " "
    ends = f"{low}–{high}"
    shown = ends if one.value is None else f"{_percent(check, one.value)} [{ends}]"
    return shown + mark


def _percent(check: "Check", value: float) -> str:
    share = 100.0 * check.share_below(value)[0]
    if share < 0.5:
        return "<1"
    return ">99" if share > 99.5 else f"{share:.0f}"


def _explained(found: "tuple[Check, ...]") -> str:
    tests = [check for check in found if not check.seen]
    outside = sum(not check.is_inside for check in tests)
    text = "share of draws below the observed value, and below the ends known of it."
    if len(tests) < len(found):
        text += f" {SEEN} A source of the card is later, so agreement is no test."
    if tests:
        text += f" Later than the sources: {len(tests)}, of which {outside} wholly"
        text += " outside the 5 to 95 % implied."
    return text


def _measured(found: "tuple[Check, ...]") -> list[tuple[str, str]]:
    """Which values lie outside what would be measured, of those with an error."""
    known = [(check.observation, ends) for check in found if (ends := check.measured)]
    if not known:
        return []
    outside = [
        f"{one.label} ({_number(low)} to {_number(high)})"
        for one, (low, _, high) in known
        if one.value is None or not low <= one.value <= high
    ]
    text = f"with the error of measurement, {len(known) - len(outside)} of {len(known)}"
    text += " values lie within 5 to 95 %"
    return [("measured", f"{text}; outside: {', '.join(outside)}" if outside else text)]


def _record(check: "Check") -> dict[str, Any]:
    one = check.observation
    ends = {"low": one.low, "high": one.high}
    wanted = ends if one.value is None else {"value": one.value, **ends}
    shares = {key: check.share_below(value) for key, value in wanted.items()}
    return {
        "quantity": one.quantity.name,
        "unit": one.quantity.unit.name,
        "label": one.label,
        "date": one.date,
        "known": one.known,
        "observed": {"value": one.value, **ends, "mass": one.mass},
        "source": one.source,
        "seen": check.seen,
        "implied": _levels(check.quantiles),
        "measured": _levels(check.measured),
        "share_below": {key: share for key, (share, _) in shares.items()},
        "mc_error": {key: error for key, (_, error) in shares.items()},
    }


def _levels(quantiles: tuple[float, float, float] | None) -> dict[str, float] | None:
    if quantiles is None:
        return None
    return dict(zip(("q0.05", "q0.5", "q0.95"), quantiles, strict=True))

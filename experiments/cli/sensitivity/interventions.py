"""What moves a figure when it is done to the world, as a table, JSON and a picture."""

import math
from typing import TYPE_CHECKING, Any

from experiments.cli.sensitivity.tornado import (
    MOST_LINES,
    draws_text,
    figure_text,
    told,
    unit_text,
    worst_error,
)
from experiments.cli.text_table import grid
from experiments.cli.wording import number

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from experiments.cli.terminal import Screen
    from mc.analysis.intervening import Doing, Done
    from mc.engine.plan import Plan
    from mc.engine.results import Results

ENDS = ("set to its 10 % point", "set to its 90 % point")


def show(screen: "Screen", found: "Doing", plan: "Plan") -> None:
    """Write the table and what its columns are."""
    base = found.base
    screen.title(
        f"What moves {found.target.name}, if it is done: {figure_text(base)}"
        f"{unit_text(base)}"
    )
    header = ("", "10 %", "90 %", "then", "then")
    shown = found.done[:MOST_LINES]
    screen.lines(*grid(header, [_row(one) for one in shown], screen.width))
    screen.lines("")
    rows = [row for one in found.done for row in one.rows]
    words = [
        ("10 %, 90 %", "points of what is believed of the input, in the card's unit"),
        ("then", "the figure where the input is set to the one or the other in every "
         "draw; mechanisms keep each draw's value, and what is observed follows"),
        ("errors", f"at most: {worst_error(rows, base)}"),
        ("draws", draws_text(found.num_draws, plan)),
        ("shows", "interventions: what the figure would be if one thing were made so"),
    ]  # fmt: skip
    if found.left:
        words.append(("cannot be set", ", ".join(found.left)))
    more = len(found.done) - len(shown)
    if more:
        words.append(("not shown", f"{more} inputs that move it less; all with --json"))
    screen.labelled(words)


def record(found: "Doing", run_id: str) -> dict[str, Any]:
    """The same for JSON."""
    return {
        "run_id": run_id,
        "figure": found.target.name,
        "as": "intervention",
        "base": told(found.base),
        "draws": found.num_draws,
        "inputs": [
            {
                "name": one.name,
                "unit": one.unit,
                "ends": [
                    {"point": point, "value": text, "figure": told(row)}
                    for point, text, row in zip(
                        ("10 %", "90 %"), one.texts, one.rows, strict=True
                    )
                ],
            }
            for one in found.done
        ],
        "cannot_be_set": list(found.left),
    }


def picture(found: "Doing", results: "Results") -> "Figure":
    """The tornado of the inputs that the table shows."""
    from mc.analysis.sensitivity import place
    from mc.figures.tornado import Bar, Scale, Tip, tornado

    def bar(one: "Done") -> Bar:
        low, high = (
            Tip(word=word, near=place(row), text=figure_text(row), at=math.nan)
            for word, row in zip(("10 %", "90 %"), one.rows, strict=True)
        )
        return Bar(name=one.name, tips=(low, high), indices={})

    base = found.base
    quantity = base.quantity.replace("_", " ")
    unit = f",{unit_text(base)}" if unit_text(base) else ""
    name = found.target.name
    scale = Scale(
        title=f"What moves {name}, if it is done: {figure_text(base)}{unit_text(base)}",
        axis=f"{base.metric} {quantity}, {base.statistic}{unit}",
        unit=base.unit,
        base=place(base),
        ends=ENDS,
    )
    notes = (
        f"Over the first {found.num_draws:,} draws. Bars: the figure where the input "
        "is set to its 10 % or 90 % point in every draw; mechanisms keep each draw's "
        "value, and what is observed follows."
    )
    shown = [bar(one) for one in found.done[:MOST_LINES]]
    return tornado(shown, scale, math.nan, notes, results)


def _row(one: "Done") -> tuple[str, ...]:
    low, high = (_value(text) for text in one.texts)
    return (one.name, low, high, *(figure_text(row) for row in one.rows))


def _value(text: str) -> str:
    """A number to three digits; a date as it is."""
    try:
        return number(float(text))
    except ValueError:
        return text

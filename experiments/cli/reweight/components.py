"""What a run's figures become with the weight of each source."""

import datetime
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.cli import wording
from experiments.cli.reweight.display import about
from experiments.cli.reweight.rows import (
    DATE,
    MEDIAN,
    figure_of,
    long_table,
    places,
    screen_of,
)
from experiments.cli.strict_json import print_json
from experiments.cli.summary_figures import cell, records, write
from experiments.cli.terminal import Block
from experiments.cli.text_table import grid
from mc.analysis.components import SHARES, Source, sources
from mc.analysis.stored import Stored
from priors.faults import Fault, Refusal
from priors.units import DAYS_PER_YEAR, MONTHS_PER_YEAR

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from mc.figures.sources import Line

FIGURES = {
    "peak, 50 %": ("peak_date", MEDIAN),
    "closed, 50 %": (DATE, MEDIAN),
    "never closed": (DATE, "p_never"),
}
"""Quantities and statistics that are shown, by what they are called."""
_HOW = (
    "Each figure if the label had that weight and the others kept their proportions; "
    "in brackets its weight on the card. 0 % and 100 % are the draws without it and "
    "with it alone. ±: the largest Monte Carlo error, of dates in months, of "
    "probabilities in points. Heights and probabilities by a date are in --json and "
    "--out."
)


def show_components(
    run: str, draws: Stored, file: Path | None, *, as_json: bool
) -> tuple[Source, ...]:
    """Write one line a label: figures as the label's weight goes from 0 to 1."""
    found = sources(draws)
    parts = {
        (one.component, one.label, one.weight, share): table
        for one in found
        for share, table in zip(SHARES, one.tables, strict=True)
    }
    long = long_table(parts, ["component", "label", "believed_weight", "weight"])
    write(long, file)
    if as_json:
        print_json(about(run, draws) | {"figures": records(long)})
        return found
    screen = screen_of(run, draws, "which source is right")
    if not found:
        screen.lines("The run drew no component with two labels or more.")
        return found
    for name, metric, title in places(draws):
        for component, here in _by_component(found):
            screen.lines("")
            screen.title(f"{title}, by {component}")
            for words, place in FIGURES.items():
                rows = [_line(one, name, metric, place) for one in here]
                screen.lines(*_settled(words, rows, screen.width))
    screen.block(Block(title="How to read it", paragraph=_HOW))
    return found


def picture(found: tuple[Source, ...], draws: Stored) -> "Figure":
    """Closing and never as lines over the weights, a panel a metric and component.

    Raises:
        Refusal: If no weight changes anything.
    """
    from mc.figures.labels import capital, metric_labels
    from mc.figures.sources import Panel
    from mc.figures.sources import sources as drawn

    called = {
        title: title.replace(
            metric, capital(metric_labels(draws.results, metric).title)
        )
        for _, metric, title in places(draws)
    }
    panels = [
        Panel(
            title=f"{called[title]}, by {component}",
            axis="closed, 50 %" if statistic == MEDIAN else "never closed, % of draws",
            is_date=statistic == MEDIAN,
            lines=lines,
        )
        for name, metric, title in places(draws)
        for component, here in _by_component(found)
        for statistic in (MEDIAN, "p_never")
        if _moves(lines := tuple(_curve(o, name, metric, statistic) for o in here))
    ]
    if not panels:
        why = "no weight of a label changes a figure of this run: there is no picture"
        raise Refusal(Fault(why, key="--plot"))
    return drawn(panels, draws.results)


def _by_component(found: tuple[Source, ...]) -> Iterator[tuple[str, list[Source]]]:
    for component in dict.fromkeys(one.component for one in found):
        yield component, [one for one in found if one.component == component]


def _line(
    one: Source, name: str, metric: str, place: tuple[str, str]
) -> tuple[str, ...]:
    quantity, statistic = place
    rows = [figure_of(table, name, metric, statistic, quantity) for table in one.tables]
    errors = [row["mc_error"] for row in rows if row["mc_error"] >= 0.0]
    factor = 100.0 if rows[0]["unit"] == "probability" else MONTHS_PER_YEAR
    worst = wording.short(factor * max(errors)) if errors else ""
    cells = (cell(row)[0] for row in rows)
    return (f"  {one.label} ({one.weight:.0%})", *cells, worst)


def _settled(words: str, rows: list[tuple[str, ...]], width: int) -> list[str]:
    """The table; one line where no weight changes what is read."""
    cells = {text for row in rows for text in row[1:-1]}
    if len(cells) == 1:
        return [f"{words}: {cells.pop()}, whatever the weights"]
    return grid((words, *(f"{share:.0%}" for share in SHARES), "±"), rows, width)


def _curve(one: Source, name: str, metric: str, statistic: str) -> "Line":
    from mc.figures.sources import Line

    rows = [figure_of(table, name, metric, statistic) for table in one.tables]
    errors = np.array([row["mc_error"] for row in rows], dtype=float)
    is_date = statistic == MEDIAN
    return Line(
        label=one.label,
        weight=one.weight,
        shares=np.array(SHARES),
        values=np.array(
            [_day(row) if is_date else 100 * row["number"] for row in rows]
        ),
        errors=np.nan_to_num(errors) * (DAYS_PER_YEAR if is_date else 100),
    )


def _day(row: dict[Any, Any]) -> float:
    """A date as matplotlib counts days; NaN of a word."""
    from mc.figures.page import day_number

    if row["status"] != "observed":
        return math.nan
    return day_number(datetime.date.fromisoformat(row["text"]))


def _moves(lines: "tuple[Line, ...]") -> bool:
    """Whether a weight moves anything by more than four standard errors."""
    seen = np.concatenate([line.values for line in lines])
    error = max(float(line.errors.max()) for line in lines)
    seen = seen[np.isfinite(seen)]
    return bool(seen.size and np.ptp(seen) > 4 * error)

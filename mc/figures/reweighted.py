"""A run's figures under its own beliefs and under others: dots with whiskers."""

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib import ticker
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.captions import provenance
from mc.figures.labels import capital, metric_labels
from mc.figures.page import Key, blank, compose
from mc.figures.scales import plain
from mc.figures.style import BLUE, INK, SHADE, SMALL_SIZE, print_style

MOST = 6
"""Metrics in one figure."""
EVENTS = {"peak_date": "peak", "convergence_date": "closed"}
Side = tuple[str, str, str, float]
_LEVELS = ("q0.05", "q0.5", "q0.95")
_SIDES: tuple[Side, Side] = (("before", INK, "o", -0.16), ("after", BLUE, "s", 0.16))
_ROW = 0.19
_HEIGHT = "peak_gap"


@print_style()
def reweighted(
    before: pd.DataFrame, after: pd.DataFrame, results: Results, notes: Sequence[str]
) -> Figure:
    """Draw dates, probabilities and heights, a row of panels a metric.

    Args:
        before: Rows as ``summary.csv`` has them.
        after: The same rows under the other beliefs.
        results: The run.
        notes: What differs, in sentences.
    """
    tables = before, after
    places = [place for place in _places(before) if _has_dates(tables, place)]
    if not places:
        places = _places(before)[:1]
    shown = places[:MOST]
    rows = max(len(_probabilities(before, place)) for place in shown)
    figure = blank(2, len(shown) * (0.55 + _ROW * max(2, rows)))
    grid = figure.subplots(len(shown), 3, squeeze=False, width_ratios=(2.0, 1.4, 1.0))
    for (dates, chances, heights), place in zip(grid, shown, strict=True):
        title = capital(metric_labels(results, place[1]).title)
        dates.set_title(title if place[0] == BASELINE else f"{title}, {place[0]}")
        _draw_dates(dates, tables, place)
        _draw_probabilities(chances, tables, place)
        _draw_height(heights, tables, place)
    left = len(_places(before)) - len(shown)
    more = (
        f" Not drawn: {left} more, without dates or for want of room." if left else ""
    )
    whiskers = (
        "Dates and heights: the median, whiskers from 5 to 95 % of all draws; "
        "probabilities: whiskers of two Monte Carlo standard errors."
    )
    compose(
        figure,
        title="What other beliefs make of the run",
        key=_key(),
        footer=[provenance(results), *notes, f"{whiskers}{more}"],
    )
    return figure


def _places(table: pd.DataFrame) -> list[tuple[str, str]]:
    """Scenarios and metrics, in order."""
    pairs = zip(table["scenario"].astype(str), table["metric"].astype(str), strict=True)
    return list(dict.fromkeys(pairs))


def _rows(table: pd.DataFrame, place: tuple[str, str], quantity: str) -> pd.DataFrame:
    """A quantity's rows, by statistic."""
    keep = table["scenario"].eq(place[0]) & table["metric"].eq(place[1])
    return table[keep & table["quantity"].eq(quantity)].set_index("statistic")


def _has_dates(tables: Sequence[pd.DataFrame], place: tuple[str, str]) -> bool:
    return any(
        (_rows(table, place, event)["status"] == "observed").any()
        for table in tables
        for event in EVENTS
    )


def _number(rows: pd.DataFrame, statistic: str) -> float:
    """A number; infinite for a word, to the side where it stands."""
    row = rows.loc[statistic]
    if not pd.isna(row["number"]):
        return float(row["number"])
    return -math.inf if row["status"] == "already" else math.inf


def _probabilities(table: pd.DataFrame, place: tuple[str, str]) -> dict[str, str]:
    """What is drawn of probabilities of closing, and its words."""
    found = {}
    for statistic in _rows(table, place, "convergence_date").index:
        if statistic.startswith("p_by_"):
            day = statistic.removeprefix("p_by_").removesuffix("-01-01")
            found[statistic] = f"closed before {day}"
    return found | {"p_never": "never closed"}


def _draw_dates(
    axes: Axes, tables: Sequence[pd.DataFrame], place: tuple[str, str]
) -> None:
    for row, quantity in enumerate(EVENTS):
        for table, side in zip(tables, _SIDES, strict=True):
            _interval(axes, _rows(table, place, quantity), row, side)
    _frame(axes, list(EVENTS.values()))
    axes.xaxis.set_major_locator(ticker.MaxNLocator(6, integer=True))
    axes.xaxis.set_major_formatter(ticker.FormatStrFormatter("%d"))


def _draw_probabilities(
    axes: Axes, tables: Sequence[pd.DataFrame], place: tuple[str, str]
) -> None:
    names = _probabilities(tables[0], place)
    for row, statistic in enumerate(names):
        for table, side in zip(tables, _SIDES, strict=True):
            rows = _rows(table, place, "convergence_date")
            error = rows.loc[statistic, "mc_error"]
            reach = 0.0 if pd.isna(error) else 200 * float(error)
            _dot(axes, 100 * _number(rows, statistic), row, side, (reach, reach))
    _frame(axes, list(names.values()))
    axes.set_xlim(-4, 104)
    axes.xaxis.set_major_locator(ticker.MultipleLocator(25))
    axes.set_title("% of draws", weight="normal")


def _draw_height(
    axes: Axes, tables: Sequence[pd.DataFrame], place: tuple[str, str]
) -> None:
    unit = str(_rows(tables[0], place, _HEIGHT).loc["q0.5", "unit"])
    factor = 100.0 if unit == "probability" else 1.0
    for table, side in zip(tables, _SIDES, strict=True):
        _interval(axes, _rows(table, place, _HEIGHT), 0, side, factor)
    _frame(axes, [""])
    axes.xaxis.set_major_locator(ticker.MaxNLocator(4))
    axes.xaxis.set_major_formatter(plain)
    words = {"probability": "points"}
    axes.set_title(f"peak gap, {words.get(unit, unit)}", weight="normal")


def _interval(
    axes: Axes, rows: pd.DataFrame, row: int, side: Side, factor: float = 1.0
) -> None:
    """Median and whiskers; words for what has no number."""
    low, middle, high = (factor * _number(rows, level) for level in _LEVELS)
    words = []
    if math.isfinite(middle):
        ends = [abs(end - middle) for end in (low, high)]
        _dot(axes, middle, row, side, [e if math.isfinite(e) else 0.0 for e in ends])
    else:
        words.append(f"50 %: {rows.loc['q0.5', 'text']}")
    words += [
        f"{level} %: {rows.loc[name, 'text']}"
        for level, name, end in ((5, "q0.05", low), (95, "q0.95", high))
        if math.isfinite(middle) and not math.isfinite(end)
    ]
    _, colour, _, shift = side
    axes.annotate(
        "; ".join(words),
        (0.99, row + shift),
        xycoords=("axes fraction", "data"),
        xytext=(0, math.copysign(5.0, -shift) if math.isfinite(middle) else 0.0),
        textcoords="offset points",
        ha="right",
        va="center",
        size=SMALL_SIZE,
        color=colour,
    )


def _dot(axes: Axes, value: float, row: int, side: Side, ends: Sequence[float]) -> None:
    _, colour, mark, shift = side
    axes.errorbar(
        value,
        row + shift,
        xerr=[[ends[0]], [ends[1]]],
        fmt=mark,
        color=colour,
        ms=3.2,
        lw=0.9,
    )


def _frame(axes: Axes, names: Sequence[str]) -> None:
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.margins(x=0.08)
    for row in range(0, len(names), 2):
        axes.axhspan(row - 0.5, row + 0.5, color=SHADE, lw=0, zorder=0)


def _key() -> Key:
    return {
        word: Line2D([], [], color=colour, marker=mark, ms=3.2, lw=0.9)
        for word, colour, mark, _ in _SIDES
    }

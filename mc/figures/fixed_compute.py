"""Chess on one machine, the index on one training budget, and the meek curve."""

import datetime
from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from mc.engine.results import Results
from mc.figures.bands import band_data
from mc.figures.captions import provenance
from mc.figures.histories import History
from mc.figures.page import Key, blank, compose, date_axis, day_number
from mc.figures.style import (
    DARK_BLUE,
    DARK_ORANGE,
    DASHED,
    DOTTED,
    INK,
    LIGHT_BLUE,
    QUIET,
    SMALL_SIZE,
    VERMILION,
    Columns,
    print_style,
)

METRIC = "capability_index"
_COLOURS = (QUIET, VERMILION, DARK_ORANGE, DARK_BLUE)


@print_style()
def fixed_compute(
    results: Results,
    chess: Sequence[History],
    budgets: Sequence[History],
    *,
    as_of: datetime.date,
    columns: Columns = 2,
) -> Figure:
    """Draw chess on fixed machines, and the capability index on fixed budgets.

    Args:
        results: A run of ``capability_index`` with the FLOP of the meek actor fixed.
        chess: A history a machine.
        budgets: A history a budget, the meek actor's last.
        as_of: State of the index: the last date drawn.
        columns: Columns of a page.
    """
    figure = blank(columns, 2.6 if columns == 2 else 4.8)
    shape = (1, 2) if columns == 2 else (2, 1)
    left, right = figure.subplots(*shape)
    for history in chess:
        _draw_machine(left, history)
    left.set(title="Chess on one machine: best program", ylabel="SSDF rating, Elo")
    first, last = chess[0].days[0].item(), chess[-1].days[-1].item()
    date_axis(left, day_number(first) - 150, day_number(last) + 150, most_ticks=6)
    _draw_meek(right, results)
    for history, colour in zip(budgets, _COLOURS[-len(budgets) :], strict=True):
        _draw_budget(right, history, as_of, colour, above=history is budgets[-1])
    right.set(title="Capability index: best model within a budget")
    right.set_ylabel("ECI, points")
    start = min(history.days[0] for history in budgets).item()
    end = day_number(as_of)
    date_axis(right, day_number(start) - 20, end + 330, most_ticks=5)
    compose(
        figure,
        title="Fixed compute: what the meek curve says, and what happened",
        key=_key(),
        footer=_footer(results, as_of),
    )
    return figure


def _draw_machine(axes: Axes, history: History) -> None:
    """Ratings at each year's end and the straight line through them."""
    fit = np.polynomial.Polynomial.fit(history.years, history.values, 1)
    axes.plot(history.days, fit(history.years), color=INK, lw=0.9, ls=DASHED)
    axes.plot(history.days, history.values, "o", color=DARK_BLUE, ms=3.2)
    middle = len(history.days) // 2
    axes.annotate(
        f"{history.label}\n{history.slope():+.0f} Elo a year",
        (day_number(history.days[middle].item()), fit(history.years[middle])),
        xytext=(9, -9),
        textcoords="offset points",
        va="top",
        size=SMALL_SIZE,
    )


def _draw_meek(axes: Axes, results: Results) -> None:
    """The meek actor's index: 90 % of draws and the median."""
    band = band_data(results, METRIC, "meek")
    low, high = band.quantiles[:, 0], band.quantiles[:, -1]
    axes.fill_between(band.dates, low, high, color=LIGHT_BLUE, lw=0, zorder=1)
    axes.plot(band.dates, band.median, color=DARK_BLUE, lw=1.0, ls=DASHED, zorder=2)


def _draw_budget(
    axes: Axes, history: History, as_of: datetime.date, colour: str, *, above: bool
) -> None:
    """The records as steps to the last model; dotted where there is none since."""
    top = history.records()
    last, end = history.days[-1], np.datetime64(as_of)
    days, values = np.append(top.days, last), np.append(top.values, top.values[-1])
    axes.step(days, values, where="post", color=colour, lw=1.2, zorder=4)
    axes.plot([last, end], values[-2:], color=colour, lw=1.0, ls=DOTTED, zorder=4)
    axes.plot(top.days, top.values, "o", color=colour, ms=2.2, zorder=5)
    axes.annotate(
        history.label,
        (day_number(as_of), values[-1]),
        xytext=(4, 1 if above else -1),
        textcoords="offset points",
        va="bottom" if above else "top",
        size=SMALL_SIZE,
        color=colour,
    )


def _key() -> Key:
    return {
        "SSDF's best at the end of a year": Line2D(
            [], [], color=DARK_BLUE, marker="o", ms=3.2, ls=""
        ),
        "straight line, least squares": Line2D([], [], color=INK, lw=0.9, ls=DASHED),
        "best model so far": Line2D([], [], color=DARK_BLUE, lw=1.2),
        "no further model of known compute": Line2D(
            [], [], color=DARK_BLUE, lw=1.0, ls=DOTTED
        ),
        "meek curve from GPT-4: median, 90 % of draws": (
            Patch(color=LIGHT_BLUE, lw=0),
            Line2D([], [], color=DARK_BLUE, lw=1.0, ls=DASHED),
        ),
    }


def _footer(results: Results, as_of: datetime.date) -> list[str]:
    return [
        provenance(results),
        "Meek curve: training compute of GPT-4 for ever, in FLOP, so that only "
        "algorithms improve it; it climbs as fast from any other budget. The chess "
        "panel has no meek curve: the card's algorithmic growth is that of language "
        "models.",
        "Models without a published training compute are missing, so the steps are "
        "lower bounds; distilled and post-trained models count. Data: SSDF; Epoch "
        f"Capabilities Index, Epoch AI, CC-BY, state of {as_of}.",
    ]

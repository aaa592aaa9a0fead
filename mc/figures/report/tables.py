"""Tables of the page: gaps beside months behind, beliefs with their sources."""

from dataclasses import dataclass
from typing import Any

from mc.engine.results import Results
from mc.figures.beliefs import beliefs_data
from mc.figures.labels import capital, metric_labels, metric_names
from mc.figures.report.sentences import days, figure, when
from mc.figures.style import number_words
from priors.parameters import parameter

LEVELS = ("q0.05", "q0.5", "q0.95")
COMPUTE = "compute"


@dataclass(frozen=True, kw_only=True)
class Table:
    """A table of words.

    Attributes:
        caption: What it shows.
        header: Of the columns.
        rows: One cell a column; the first is the row's header.
    """

    caption: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def gaps(results: Results) -> Table:
    """When each gap peaks, how high, and when it is closed."""
    by = days(results)
    header = ("Gap in", "Peak, height", "Peak, date", "Closed: 5 %", "50 %", "95 %")
    header += tuple(f"before {day.removesuffix('-01-01')}" for day in by)
    rows = []
    for name in metric_names(results):
        shares = [f"p_by_{day}" for day in by] + ["p_never"]
        rows.append(
            (
                capital(metric_labels(results, name).title),
                figure(results, name, "q0.5", quantity="peak_gap")["text"],
                when(figure(results, name, "q0.5", quantity="peak_date")),
                *(when(figure(results, name, level)) for level in LEVELS),
                *(figure(results, name, one)["text"] for one in shares),
            )
        )
    return Table(
        caption="Trend gap closed for good: date, and share of draws before a day. "
        "Heights and dates of peaks are medians.",
        header=(*header, "never"),
        rows=tuple(rows),
    )


def behind(results: Results) -> Table:
    """Months behind, and until the meek actor stands where the frontier does."""
    rows = []
    words = {
        "lag_months": "Months behind: how long ago the frontier stood there",
        "catch_up_months": "Months until the meek actor stands where the frontier does",
        "lead_oom": "Lead in effective compute, orders of magnitude",
    }
    at = results.manifest["configuration"]["at"]
    for stem, told in words.items():
        cells = [_spread(results, f"{stem}@{day}") for day in at]
        rows += [(told, *cells)] if any(cells) else []
    return Table(
        caption="How far apart the actors stand: median and 90 % interval of draws.",
        header=("", *at),
        rows=tuple(rows),
    )


def beliefs(results: Results) -> Table:
    """Every belief that the run drew, with its interval and its source."""
    said: dict[str, Any] = results.manifest["card"]["tables"]["parameters"]
    rows = []
    for record in sorted(beliefs_data(results), key=lambda one: one.name):
        known, told = parameter(record.name), said.get(record.name, {})
        meaning = "" if known is None else known.meaning
        rows.append(
            (
                record.name,
                meaning,
                " · ".join(filter(None, (record.words, record.aside))),
                _source(record.name, told, results),
            )
        )
    return Table(
        caption="Every belief: median and 90 % interval of the draws, and its source.",
        header=("Parameter", "Meaning", "50 % [5–95 %]", "Source"),
        rows=tuple(rows),
    )


def _source(name: str, told: dict[str, Any], results: Results) -> str:
    """Where a belief was read; what was set by hand, or is a default, says so."""
    if name in results.manifest["card"]["overridden"]:
        return "set on the command line"
    if not told:
        return "default of the program"
    date = f" ({told['date']})" if "date" in told else ""
    return f"{told.get('source', 'no source given')}{date}"


def _spread(results: Results, quantity: str) -> str:
    """A median with its 90 % interval; empty where the run does not say it."""
    try:
        rows = [figure(results, COMPUTE, level, quantity=quantity) for level in LEVELS]
    except KeyError:
        return ""
    low, middle, high = (
        number_words(row["number"]) if row["status"] == "observed" else row["text"]
        for row in rows
    )
    return f"{middle} [{low}–{high}]"

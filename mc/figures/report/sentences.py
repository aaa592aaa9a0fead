"""What a run says, in sentences that name the card, the path and the share of draws.

No sentence says that something will happen: each says in how many draws, under which
beliefs and on which path.
"""

import datetime
from typing import Any

from mc.engine.results import Results
from mc.engine.scenario import BASELINE
from mc.figures.labels import metric_labels, metric_names
from mc.figures.worlds import assumes

CLOSED = "convergence_date"


def under(results: Results, scenario: str = BASELINE) -> str:
    """The beliefs, the path and a named actor, to begin a sentence with."""
    card = results.manifest["card"]
    changed = f" with {', '.join(card['overridden'])} set" if card["overridden"] else ""
    told = next(w for w in results.manifest["scenarios"] if w["name"] == scenario)
    who = f", for the meek actor {told['actor']['name']}" if "actor" in told else ""
    return f"Under card {card['name']}{changed} and path {told['path']}{who}"


def headline(results: Results) -> str:
    """The metric with a median date of which a day says least: nearest to even odds.

    The first metric where none has such a date, or the run counts no day.
    """
    names = metric_names(results)
    dated = [n for n in names if figure(results, n, "q0.5")["status"] == "observed"]
    day = next(iter(days(results)), None)
    if not dated or day is None:
        return (dated or list(names))[0]
    return min(
        dated, key=lambda n: abs(_share(results, n, f"p_by_{day}", BASELINE) - 0.5)
    )


def days(results: Results) -> list[str]:
    """Days by which the run counts closed gaps, after its today where there are."""
    told = results.manifest["configuration"]
    later = [day for day in told["by"] if day > told["today"]]
    return later or list(told["by"])


def probability(
    results: Results, metric: str, day: str | None, scenario: str = BASELINE
) -> str:
    """In how many draws the gap is closed before a day, and the error of that.

    Args:
        results: The run.
        metric: Its label.
        day: One of the days of ``p_by_DATE``; None where the run has none.
        scenario: One of the run's worlds.
    """
    what = f"the gap in {metric_labels(results, metric).title} is closed"
    begun = f"{under(results, scenario)}, in"
    if _share(results, metric, "p_never", scenario) == 1.0:
        return f"{begun} no draw {what}: never, if {assumes(results)}."
    if day is None:
        reached = figure(results, metric, "p_observed", scenario)
        return f"{begun} {share(reached)} of draws {what} in the event window."
    found = figure(results, metric, f"p_by_{day}", scenario)
    return f"{begun} {share(found)} of draws{_error(found)} {what} before {_day(day)}."


def interval(results: Results, metric: str, scenario: str = BASELINE) -> str:
    """The median date and the 90 % interval, words where draws have no date."""
    never = figure(results, metric, "p_never", scenario)
    if never["number"] == 1.0:
        return f"No draw has a date: never, if {assumes(results)}."
    rows = [
        figure(results, metric, level, scenario) for level in ("q0.05", "q0.5", "q0.95")
    ]
    low, middle, high = map(when, rows)
    if all(row["status"] == "observed" for row in rows):
        held = f"In the median draw it closes in {middle}, in 90 % of draws between "
        held += f"{low} and {high}"
        if low == high:
            held = f"In the median draw it closes in {middle}, as in 90 % of draws"
    else:
        held = f"From the 5 % to the 50 % and 95 % draw: {low}, {middle}, {high}"
    parts = [f"{held}; never in {share(never)}"]
    beyond = figure(results, metric, "p_beyond", scenario)
    if beyond["number"]:
        until = results.manifest["configuration"]["events_until"]
        parts.append(f"in {share(beyond)} only after {until}")
    return f"{', '.join(parts)}."


def answer(results: Results) -> tuple[str, str]:
    """The answer in two sentences: a probability, then the interval and its never."""
    metric = headline(results)
    day = next(iter(days(results)), None)
    first = probability(results, metric, day)
    second = interval(results, metric).removesuffix(".")
    others = [name for name in metric_names(results) if name != metric]
    never = [n for n in others if _share(results, n, "p_never", BASELINE) == 1.0]
    if never and len(never) < len(metric_names(results)):
        named = ", ".join(metric_labels(results, name).title for name in never)
        second += f"; the gap in {named} is closed in no draw, if {assumes(results)}"
    return first, f"{second}."


def share(found: dict[str, Any]) -> str:
    """A share of draws as sentences write it."""
    return str(found["text"]).replace("%", " %")


def when(found: dict[str, Any]) -> str:
    """A date as a month, or the word for a quantile that has none."""
    text = str(found["text"])
    try:
        return f"{datetime.date.fromisoformat(text):%b %Y}"
    except ValueError:
        return text


def figure(
    results: Results,
    metric: str,
    statistic: str,
    scenario: str = BASELINE,
    quantity: str = CLOSED,
) -> dict[str, Any]:
    """One row of ``summary.csv``, by column.

    Raises:
        KeyError: If there is none.
    """
    found = results.statistic(metric, quantity, statistic, scenario)
    return {str(name): value for name, value in found.items()}


def _share(results: Results, metric: str, statistic: str, scenario: str) -> float:
    return float(figure(results, metric, statistic, scenario)["number"])


def _error(found: dict[str, Any]) -> str:
    error = float(found["mc_error"])
    return f" (Monte Carlo error {100 * error:.2g} points)" if error > 0 else ""


def _day(day: str) -> str:
    return day.removesuffix("-01-01")

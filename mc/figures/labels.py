"""What a metric is called in a figure, and the unit its numbers are shown in."""

from dataclasses import dataclass
from typing import Any

from mc.engine.results import Results
from mc.figures.style import number_words


@dataclass(frozen=True, kw_only=True)
class MetricLabels:
    """Words and scale of one metric.

    Attributes:
        label: Name in every table.
        title: Name for a reader: ``task success, 1 h tasks``.
        difference: Which value is subtracted from which.
        gap_series: The series that stands for the gap.
        gap_unit: Unit in which the gap is shown.
        value_unit: Unit in which frontier and meek are shown.
        factor: Shown numbers over those of ``bands.csv``.
        log: Whether the axis is logarithmic.
        tolerance: The gap called closed, in the shown unit; None where the tolerance
            is of another quantity than the gap that is drawn.
        tolerance_words: The same in words.
    """

    label: str
    title: str
    difference: str
    gap_series: str
    gap_unit: str
    value_unit: str
    factor: float
    log: bool
    tolerance: float | None
    tolerance_words: str


def metric_labels(results: Results, label: str) -> MetricLabels:
    """Words and scale of the metric ``label``.

    Raises:
        KeyError: If the run has no such metric.
    """
    if label not in results.manifest["metrics"]:
        known = ", ".join(results.manifest["metrics"])
        raise KeyError(f"no metric {label!r} in this run; there is: {known}")
    entry: dict[str, Any] = results.manifest["metrics"][label]
    series: dict[str, str] = entry["series"]
    name = "gap_difference" if "gap_difference" in series else "gap"
    shares = series[name] == "probability"
    factor = 100.0 if shares else 1.0
    same = name == "gap"
    bar = entry["tolerance"] * factor
    unit = "percentage points" if shares else series[name]
    lower = entry["direction"].startswith("lower")
    return MetricLabels(
        label=label,
        title=_title(entry),
        difference="meek − frontier" if lower else "frontier − meek",
        gap_series=name,
        gap_unit=unit,
        value_unit="%" if shares else series["frontier"],
        factor=factor,
        log=entry["scale"] == "log",
        tolerance=bar if same else None,
        tolerance_words=f"{number_words(bar)} {unit}"
        if same
        else f"a {series['gap']} of {number_words(bar)}",
    )


def metric_names(results: Results) -> tuple[str, ...]:
    """Labels of the run's metrics, in its order."""
    return tuple(results.manifest["metrics"])


def _title(entry: dict[str, Any]) -> str:
    words = entry["name"].replace("_", " ")
    for key, value in entry["arguments"].items():
        if key == "minutes":
            words += f", {_duration(value)} tasks"
        else:
            words += f", {key} = {number_words(value)}"
    return words


def _duration(minutes: float) -> str:
    if minutes >= 60:
        return f"{number_words(minutes / 60)} h"
    return f"{number_words(minutes)} min"


def capital(words: str) -> str:
    """Words with a capital at the beginning; the rest stays."""
    return words[:1].upper() + words[1:]

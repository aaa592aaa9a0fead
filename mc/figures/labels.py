"""What a metric is called in a figure, and the unit its numbers are shown in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from mc.engine.results import Results
from mc.figures.style import number_words

MANY = 6
"""Metrics of a run from which on panels that would show nothing are left out."""


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
        ratio: Whether the gap is a ratio, which is 1 where there is none.
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
    ratio: bool
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
    ratio = series[name] == "ratio"
    return MetricLabels(
        label=label,
        title=_title(label, entry),
        difference=_difference(results, label, ratio=ratio),
        gap_series=name,
        gap_unit=unit,
        value_unit="%" if shares else series["frontier"],
        factor=factor,
        log=entry["scale"] == "log",
        ratio=ratio,
        tolerance=bar if same else None,
        tolerance_words=_tolerance(bar, unit, ratio=ratio)
        if same
        else f"a {series['gap']} of {number_words(bar)}",
    )


def metric_names(results: Results) -> tuple[str, ...]:
    """Labels of the run's metrics, in its order."""
    return tuple(results.manifest["metrics"])


def titles(results: Results, names: Sequence[str]) -> str:
    """Names for a reader, in a row."""
    return ", ".join(metric_labels(results, name).title for name in names)


def _title(label: str, entry: Mapping[str, Any]) -> str:
    """A label that was given is the title; else the name and what is not usual."""
    name = entry["name"]
    if label != name and not label.startswith(f"{name}_"):
        return label.replace("_", " ")
    words = name.replace("_", " ")
    for key, value in entry["arguments"].items():
        words += _argument(label, key, value)
    return words


def _argument(label: str, key: str, value: float | str) -> str:
    """An argument in words; nothing where it is the usual one."""
    if isinstance(value, str):
        shown = f"{value} %" if key == "reliability" else value.replace("_", " ")
        return f", {shown}" if value and value in label else ""
    if key == "minutes":
        return f", {_duration(value)} tasks"
    return f", {key} = {number_words(value)}" if f"{key}{value:g}" in label else ""


def _difference(results: Results, label: str, *, ratio: bool) -> str:
    """Which value comes first in the gap: of the central run, or by direction."""
    if ratio:
        return "frontier / meek"
    central = results.tree["central"].to_dataset()["value"]
    gap, frontier, meek = (
        central.sel(scenario="baseline", metric=label, series=name).to_numpy()
        for name in ("gap", "frontier", "meek")
    )
    with np.errstate(invalid="ignore", over="ignore"):
        same = np.nansum(np.sign(gap) * np.sign(frontier - meek))
    lower = results.manifest["metrics"][label]["direction"].startswith("lower")
    is_reversed = same < 0 if same else lower
    return "meek − frontier" if is_reversed else "frontier − meek"


def _tolerance(bar: float, unit: str, *, ratio: bool) -> str:
    return f"×{number_words(bar)}" if ratio else f"{number_words(bar)} {unit}"


def _duration(minutes: float) -> str:
    if minutes >= 60:
        return f"{number_words(minutes / 60)} h"
    return f"{number_words(minutes)} min"


def capital(words: str) -> str:
    """Words with a capital at the beginning; the rest stays."""
    return words[:1].upper() + words[1:]

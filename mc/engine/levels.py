"""Levels of a metric whose crossing a run dates, as ``METRIC=LEVEL`` says them."""

import dataclasses
import math
from collections.abc import Sequence

from mc.model.registry import MetricChoice, Series
from priors.faults import Fault, nearest
from priors.units import parse_number


@dataclasses.dataclass(frozen=True, kw_only=True)
class Level:
    """A value that an actor comes to, or comes past.

    Attributes:
        metric: Label of the metric.
        number: In the unit of the metric's values.
        unit: That unit.
        value: On the device's scale.
        direction: 1 where it is reached from below, −1 from above.
    """

    metric: str
    number: float
    unit: str
    value: float
    direction: int

    @property
    def name(self) -> str:
        """How quantities are called: the number."""
        return f"{self.number:g}"


def read_levels(
    texts: Sequence[str], metrics: tuple[MetricChoice, ...], faults: list[Fault]
) -> tuple[Level, ...]:
    """The levels of a run; faults of those that cannot be.

    Args:
        texts: ``METRIC=LEVEL``, in the unit of the metric's values.
        metrics: Of the run.
        faults: Added to.
    """
    found: dict[tuple[str, str], Level] = {}
    for text in texts:
        try:
            level = _read(text, metrics)
        except ValueError as error:
            faults.append(Fault(str(error), key="--level"))
            continue
        if (level.metric, level.name) in found:
            faults.append(Fault(f"{text} is given twice", key="--level"))
        found[level.metric, level.name] = level
    return tuple(found.values())


def _read(text: str, metrics: tuple[MetricChoice, ...]) -> Level:
    label, equals, typed = (part.strip() for part in text.rpartition("="))
    choices = {choice.label: choice for choice in metrics}
    if not equals or not label:
        raise ValueError(f'"{text}" must be METRIC=LEVEL, e.g. time_horizon=40')
    if label not in choices:
        known = ", ".join(choices)
        hint = nearest(label, choices)
        raise ValueError(f"no metric {label!r} in this run; there is: {known}{hint}")
    entry = choices[label].entry
    number = parse_number(typed)
    series = entry.series["frontier"]
    low, high = entry.bounds
    if entry.scale == "log" and low is None:
        low = 0.0
    if not math.isfinite(number) or _is_outside(number, series, low, high):
        allowed = _allowed(series, low, high)
        raise ValueError(
            f"{label} = {typed} is no level: {allowed}, in {series.unit or 'its unit'}"
        )
    return Level(
        metric=label,
        number=number,
        unit=series.unit,
        value=_on_device(series, number),
        direction=direction_of(choices[label]),
    )


def direction_of(choice: MetricChoice) -> int:
    """1 where more of a metric is better, −1 where less is."""
    return -1 if choice.entry.direction.startswith("lower") else 1


def _is_outside(
    number: float, series: Series, low: float | None, high: float | None
) -> bool:
    """Whether values never pass a level: it lies at or beyond one of their bounds."""
    scaled = number * series.divisor
    return (low is not None and scaled <= low) or (high is not None and scaled >= high)


def _allowed(series: Series, low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"between {low / series.divisor:g} and {high / series.divisor:g}"
    if low is not None:
        return f"above {low / series.divisor:g}"
    return f"below {high / series.divisor:g}" if high is not None else "a number"


def _on_device(series: Series, number: float) -> float:
    """From the number people read to the scale of the device."""
    scaled = number * series.divisor
    if series.scale == "log":
        return math.log(scaled)
    if series.scale == "signed_log":
        return math.copysign(math.log1p(abs(scaled)), scaled)
    return scaled

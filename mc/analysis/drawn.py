"""One quantity of one metric in one world, and the difference of two of them."""

import dataclasses
import functools
import math

import numpy as np
from jaxtyping import Float, Int

from mc.analysis.events import HEIGHT, column, marks, written
from mc.analysis.sides import Side
from mc.engine.columns import DELAY, HEIGHT_CHANGE, Column
from mc.engine.contrasts import change, delay
from mc.engine.quantities import delay_quantity, with_unit
from mc.outcomes.distributions import PerReplicate, Sorted
from mc.outcomes.errors import replicate_error
from mc.outcomes.status import Status
from mc.outcomes.summaries import Quantity

BY = "p_by_"


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Drawn:
    """One quantity of one metric in one world.

    Attributes:
        quantity: How it is written.
        values: Of the stored draws; ratios as logarithms, dates in years from the
            first world's epoch.
        status: A ``Status``.
        marks: Days of ``p_by_DATE``, on the scale of the values.
    """

    quantity: Quantity
    values: Float[np.ndarray, "replicates points"]
    status: Int[np.ndarray, "replicates points"]
    marks: dict[str, float]

    @classmethod
    def of(cls, side: Side, metric: str, name: str, shift: float = 0.0) -> "Drawn":
        """A quantity; ``shift`` is added to dates, years."""
        values, status = column(side.results, side.scenario, metric, name)
        quantity = written(side.results, metric, name)
        wide = values.astype(np.float64)
        if name != HEIGHT:
            days = {day: at + shift for day, at in marks(side.results).items()}
            moved = _moved(quantity, shift)
            return cls(quantity=moved, values=wide + shift, status=status, marks=days)
        if quantity.unit != "ratio":
            return cls(quantity=quantity, values=wide, status=status, marks={})
        with np.errstate(divide="ignore"):
            logs = np.log(wide)
        quantity = dataclasses.replace(
            quantity,
            number=math.exp,
            text=lambda value: with_unit(math.exp(value), "ratio"),
        )
        return cls(quantity=quantity, values=logs, status=status, marks={})

    @functools.cached_property
    def draws(self) -> Sorted:
        """The draws in the order of the statuses."""
        return Sorted(self.values.T, self.status.T)

    @property
    def column(self) -> Column:
        """Values and statuses, a draw each."""
        return self.values, self.status

    def off(self, level: float) -> PerReplicate | None:
        """How far each replicate lies off a quantile; None where that is a word."""
        outcome = self.draws.outcome(level, level)
        shares = self.draws.shares(outcome, level)
        error, factor = replicate_error(shares)
        ends = [
            self.draws.outcome(level + side * factor * error, level)
            for side in (-1.0, 1.0)
        ]
        if {end.status for end in (outcome, *ends)} != {Status.OBSERVED}:
            return None
        if error == 0.0:
            return np.zeros_like(shares)
        per_rank = (ends[1].value - ends[0].value) / (2 * factor * error)
        return -per_rank * (shares - shares.mean())

    def shares(self, statistic: str) -> PerReplicate:
        """Share of each replicate that a probability counts."""
        if statistic.startswith(BY):
            return self.draws.shares_before(self.marks[statistic.removeprefix(BY)])
        counts = self.draws.status_counts
        status = Status[statistic.removeprefix("p_").upper()]
        return counts[:, status] / counts.sum(axis=1)


def apart(quantity: Quantity, before: Column, after: Column) -> Column:
    """What is later, or higher, draw by draw."""
    rule = change if quantity.name == HEIGHT_CHANGE else delay
    return rule(before, after)


def difference(side: Side, quantity: Quantity) -> Quantity:
    """How a difference of a quantity is written."""
    if quantity.unit == "date":
        name = quantity.name.removesuffix("_date") + DELAY
        return delay_quantity(name, side.configuration["events_until"])
    words = {
        Status.ALREADY: "lower without bound",
        Status.OBSERVED: "observed",
        Status.BEYOND: "beyond",
        Status.UNDETERMINED: "undetermined",
        Status.NEVER: "higher without bound",
    }
    return Quantity(
        name=HEIGHT_CHANGE,
        unit=quantity.unit,
        number=math.exp if quantity.unit == "ratio" else float,
        text=lambda value: _signed(value, quantity.unit),
        words=words,
    )


def _moved(quantity: Quantity, shift: float) -> Quantity:
    """The same dates, counted from another epoch."""
    return dataclasses.replace(
        quantity,
        number=lambda years: quantity.number(years - shift),
        text=lambda years: quantity.text(years - shift),
    )


def _signed(value: float, unit: str) -> str:
    if unit == "ratio":
        return with_unit(math.exp(value), unit)
    if unit == "probability":
        return f"{100 * value:+.1f} points"
    return f"{value:+.4g} {unit}"

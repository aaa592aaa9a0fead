"""What is analysed of a figure: every draw of its quantity, censored ones too."""

import dataclasses
import functools

import numpy as np
from jaxtyping import Bool, Float, Int

from mc.analysis.target import AMONG_OBSERVED, DATE, Target
from mc.engine.classes import LIMIT, class_flags, class_shares
from mc.engine.columns import Column, marks
from mc.engine.plan import Plan
from mc.engine.quantities import date_quantity, quantity
from mc.outcomes.distributions import Sorted, on_line
from mc.outcomes.status import Status
from mc.outcomes.subset import Subset
from mc.outcomes.summaries import (
    Quantity,
    Row,
    class_rows,
    no_row,
    probability_rows,
    quantile_rows,
)

BY = "p_by_"
Grid = Float[np.ndarray, "points replicates"]
Mask = Bool[np.ndarray, "points replicates"]
_LATE = {Status.BEYOND: 0.25, Status.UNDETERMINED: 0.5, Status.NEVER: 1.0}
_FAR = np.finfo(np.float64).max


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Output:
    """One figure and the draws behind it.

    Attributes:
        target: The figure.
        quantity: How it is written.
        values: Of every draw, on the engine's scale.
        status: A ``Status``.
        by: Marks of ``p_by_DATE``.
        until_years: End of the event window, years from the epoch.
    """

    target: Target
    quantity: Quantity
    values: Grid
    status: Int[np.ndarray, "points replicates"]
    by: dict[str, float]
    until_years: float

    @classmethod
    def of(cls, plan: Plan, target: Target, column: Column) -> "Output":
        """The output of a column, by point and replicate."""
        label, name = target.key
        is_date = target.quantity.endswith(DATE)
        written = date_quantity(plan, name) if is_date else quantity(plan, label, name)
        values, status = column
        return cls(
            target=target,
            quantity=written,
            values=values,
            status=status,
            by=marks(plan, name),
            until_years=plan.until_years,
        )

    def row(self, mask: Mask | None = None) -> Row:
        """The figure over all draws, or over some, with its error."""
        label, name = self.target.label, self.target.statistic
        if self.is_conditional:
            return self._row_of_observed(mask)
        draws = Sorted(self.values, self.status)
        if mask is not None:
            draws = Subset(self.values, self.status, mask)
        if self.target.quantity == LIMIT and name.startswith("p_"):
            shares = class_shares(draws)
            rows = class_rows(label, self.quantity, draws, shares)
            return next(row for row in rows if row.statistic == name)
        if name.startswith("q"):
            level = float(name[1:])
            return quantile_rows(label, self.quantity, draws, [level])[0]
        by = {k: v for k, v in self.by.items() if name == f"{BY}{k}"}
        rows = probability_rows(label, self.quantity, draws, by=by)
        return next(row for row in rows if row.statistic == name)

    def _row_of_observed(self, mask: Mask | None) -> Row:
        """A quantile among the draws with a number, which differ from part to part."""
        seen = self.status == Status.OBSERVED
        among = seen if mask is None else seen & mask
        label, name = self.target.label, self.target.statistic
        if np.count_nonzero(among.any(axis=0)) < 2:
            return no_row(label, self.quantity, name)
        draws = Subset(self.values, self.status, among)
        level = float(name.removeprefix("q").removesuffix(AMONG_OBSERVED))
        (row,) = quantile_rows(label, self.quantity, draws, [level])
        return dataclasses.replace(row, statistic=name)

    @property
    def is_conditional(self) -> bool:
        """Whether the figure is of the draws alone that have a number."""
        return self.target.is_conditional

    @property
    def is_probability(self) -> bool:
        """Whether the figure counts draws."""
        return not self.target.statistic.startswith("q")

    @functools.cached_property
    def line(self) -> Grid:
        """Every draw on one line: already < numbers < beyond < undetermined < never.

        Of a probability, 1 where the draw counts and 0 where it does not.
        """
        if self.is_probability:
            return self.counted.astype(np.float64)
        found = on_line(self.values, self.status).astype(np.float64)
        for status, place in _LATE.items():
            found[self.status == status] = place * _FAR
        return found

    @property
    def counted(self) -> Mask:
        """Which draws a probability counts."""
        name = self.target.statistic
        if self.target.quantity == LIMIT:
            return class_flags(self.values, self.status)[name.removeprefix("p_")]
        if not name.startswith(BY):
            return self.status == Status[name.removeprefix("p_").upper()]
        return on_line(self.values, self.status) < self.by[name.removeprefix(BY)]

    @property
    def numbers(self) -> Grid:
        """One finite number a draw, for variances.

        Raises:
            ValueError: If a draw has none.
        """
        if self.is_probability:
            return self.line
        seen = self.status == Status.OBSERVED
        numbers = self.values.astype(np.float64)
        if seen.all():
            return numbers
        if not self.target.key[1].endswith("_years"):
            raise ValueError(
                f"{self.target.quantity} has no number in some draws, and so no "
                "variance: ask about a date or a probability"
            )
        early = self.status == Status.ALREADY
        return np.where(early, 0.0, np.where(seen, numbers, self.until_years))

    @property
    def analysed(self) -> str:
        """What is ranked."""
        if self.is_probability:
            return "in each draw whether it counts, 1 or 0"
        if (self.status == Status.OBSERVED).all():
            return "its number in each draw"
        return "all draws in the order already < a date < beyond < undetermined < never"

    @property
    def parted(self) -> str:
        """What has its variance parted."""
        if self.is_probability or (self.status == Status.OBSERVED).all():
            return self.analysed
        return (
            "restricted time: the date where there is one, the end of the event window "
            "where not yet or never, the reference date where already"
        )

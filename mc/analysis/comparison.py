"""How figures differ between two worlds, with errors of the differences themselves.

Paired worlds share every draw: what their replicates have in common cancels. The error
of a quantile is that of its rank, as in ``summary.csv``, divided by the density there;
both are known for each replicate, and so is their difference.
"""

import dataclasses
import math
from collections.abc import Sequence

import numpy as np

from mc.analysis.drawn import Drawn, apart, difference
from mc.analysis.events import HEIGHT, QUANTITIES
from mc.analysis.sides import Pair
from mc.engine.columns import Column
from mc.outcomes.bands import LEVELS
from mc.outcomes.distributions import Outcome, PerReplicate, Sorted
from mc.outcomes.errors import replicate_error, student
from mc.outcomes.status import Status
from mc.outcomes.summaries import Row, probability_rows, quantile_rows

BOUND = 3.0
"""Over the number of draws: the error where no draw tells two worlds apart."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Change:
    """One figure in two worlds.

    Attributes:
        before: The figure in the first.
        after: The figure in the second.
        moved: Its difference; of a ratio, how many times higher. Dates in years.
        gain: How many times smaller the variance of the difference is than that of
            two runs without common draws; None where that is not known.
    """

    before: Row
    after: Row
    moved: Row
    gain: float | None


def compare(pair: Pair) -> tuple[Change, ...]:
    """Every figure of heights and dates, of each metric, in both worlds."""
    return tuple(
        found
        for metric in pair.metrics
        for name in QUANTITIES
        for found in _changes(pair, metric, name)
    )


def by_draw(pair: Pair) -> tuple[Row, ...]:
    """Differences of one draw: their quantiles, statuses, and which way they go.

    Raises:
        ValueError: If the worlds do not share their draws.
    """
    if not pair.is_paired:
        raise ValueError("the worlds do not share their draws")
    return tuple(
        row
        for metric in pair.metrics
        for name in QUANTITIES
        for row in _draw_rows(pair, metric, name)
    )


def _sides(pair: Pair, metric: str, name: str) -> tuple[Drawn, Drawn]:
    before = Drawn.of(pair.before, metric, name)
    return before, Drawn.of(pair.after, metric, name, pair.shift)


def _changes(pair: Pair, metric: str, name: str) -> list[Change]:
    before, after = _sides(pair, metric, name)
    found = [_of_quantile(pair, metric, (before, after), level) for level in LEVELS]
    if name == HEIGHT:
        return found
    days = [day for day in before.marks if day in after.marks]
    rows = [
        probability_rows(
            metric, one.quantity, one.draws, by={day: one.marks[day] for day in days}
        )
        for one in (before, after)
    ]
    return found + [
        _of_probability(pair, metric, (before, after), two)
        for two in zip(*rows, strict=True)
    ]


def _of_quantile(
    pair: Pair, metric: str, drawn: tuple[Drawn, Drawn], level: float
) -> Change:
    old, new = (
        quantile_rows(metric, one.quantity, one.draws, [level])[0] for one in drawn
    )
    outcomes = [one.draws.outcome(level, level) for one in drawn]
    quantity = difference(pair.before, drawn[0].quantity)
    values, statuses = apart(quantity, *(_as_column(one) for one in outcomes))
    status, moved = Status(int(statuses[0])), float(values[0])
    is_number = status is Status.OBSERVED
    row = Row(
        scenario=pair.after.scenario,
        metric=metric,
        quantity=quantity.name,
        unit=quantity.unit,
        statistic=old.statistic,
        number=quantity.number(moved) if is_number else None,
        text=quantity.text(moved) if is_number else quantity.words[status],
        status=status.word,
        mc_error=None,
        mc_lower=None,
        mc_upper=None,
        mc_df=None,
    )
    offs = [one.off(level) for one in drawn]
    if not is_number or offs[0] is None or offs[1] is None:
        return Change(before=old, after=new, moved=row, gain=None)
    error, df, gain = _error(pair, offs[0], offs[1])
    reach = student(df) * error
    lower, upper = (quantity.number(moved + side * reach) for side in (-1.0, 1.0))
    row = dataclasses.replace(
        row,
        mc_error=abs(upper - lower) / (2 * student(df)),
        mc_lower=lower,
        mc_upper=upper,
        mc_df=df,
    )
    return Change(before=old, after=new, moved=row, gain=gain)


def _of_probability(
    pair: Pair, metric: str, drawn: tuple[Drawn, Drawn], rows: tuple[Row, ...]
) -> Change:
    old, new = rows
    assert old.number is not None
    assert new.number is not None
    moved = new.number - old.number
    row = dataclasses.replace(
        old,
        scenario=pair.after.scenario,
        quantity=difference(pair.before, drawn[0].quantity).name,
        number=moved,
        text=f"{100 * moved:+.1f} points".replace("-0.0", "+0.0"),
    )
    if old.mc_error is None and new.mc_error is None:
        return Change(before=old, after=new, moved=row, gain=None)
    shares = [one.shares(old.statistic) for one in drawn]
    error, df, gain = _error(pair, *shares)
    if error == 0.0 or not pair.is_paired:
        # A count of none or of all has a bound for its error, which is not zero.
        alone = [row.mc_error or 0.0 for row in rows]
        known = BOUND / min(one.values.size for one in drawn)
        error = known if pair.is_paired else math.hypot(*alone)
    reach = student(df) * error
    row = dataclasses.replace(
        row,
        mc_error=error,
        mc_lower=max(moved - reach, -1.0),
        mc_upper=min(moved + reach, 1.0),
        mc_df=df,
    )
    return Change(before=old, after=new, moved=row, gain=gain)


def _error(
    pair: Pair, old: PerReplicate, new: PerReplicate
) -> tuple[float, int, float | None]:
    """Error of a difference, its degrees of freedom, and what common draws gain."""
    alone = [replicate_error(one)[0] for one in (old, new)]
    total = math.hypot(*alone)
    if not pair.is_paired:
        return total, _welch(alone, [len(old) - 1, len(new) - 1]), None
    error = replicate_error(new - old)[0]
    known = error > 0.0 and min(alone) > 0.0
    return error, len(old) - 1, (total / error) ** 2 if known else None


def _welch(errors: Sequence[float], df: Sequence[int]) -> int:
    """Degrees of freedom of a sum of independent errors (Welch and Satterthwaite)."""
    total = sum(error**2 for error in errors)
    parts = sum(error**4 / n for error, n in zip(errors, df, strict=True))
    return math.floor(total**2 / parts) if parts > 0.0 else min(df)


def _as_column(outcome: Outcome) -> Column:
    value = outcome.value if outcome.status is Status.OBSERVED else np.inf
    return np.array([value]), np.array([outcome.status], np.int8)


def _draw_rows(pair: Pair, metric: str, name: str) -> list[Row]:
    before, after = _sides(pair, metric, name)
    quantity = difference(pair.before, before.quantity)
    forth = apart(quantity, before.column, after.column)
    back = apart(quantity, after.column, before.column)
    draws, turned = (Sorted(values.T, status.T) for values, status in (forth, back))
    rows = quantile_rows(metric, quantity, draws, LEVELS)
    rows += probability_rows(metric, quantity, draws, by={})
    words = ("lower", "higher") if name == HEIGHT else ("sooner", "later")
    for one, word in zip((draws, turned), words, strict=True):
        # What is later one way round is sooner the other way round.
        row = probability_rows(metric, quantity, one, by={"": 0.0})[-1]
        rows.append(dataclasses.replace(row, statistic=f"p_{word}"))
    return [dataclasses.replace(row, scenario=pair.after.scenario) for row in rows]

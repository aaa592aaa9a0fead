"""Rows of ``summary.csv``: every statistic with its Monte Carlo error and limits.

The error of a quantile is the spread over replicates of the rank at the pooled
value, inverted; limits come from Student's t. A count of none or of all gets a
one-sided 95 % bound, 3/N, instead of zero.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mc.outcomes.distributions import (
    Distribution,
    Outcome,
    PerReplicate,
    Sorted,
)
from mc.outcomes.errors import replicate_error
from mc.outcomes.status import Status


@dataclasses.dataclass(frozen=True, kw_only=True)
class Quantity:
    """How an outcome of a quantity is written.

    Attributes:
        name: ``peak_gap``, ``convergence_date``, ``lag_months@2030-01-01``, …
        unit: Unit of the number.
        number: From the engine's scale to the number people read.
        text: From the engine's scale to a date or a formatted number.
        words: What a censored outcome is called.
    """

    name: str
    unit: str
    number: Callable[[float], float]
    text: Callable[[float], str]
    words: Mapping[Status, str]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Row:
    """One statistic; field names are the columns of ``summary.csv``.

    Until it is placed, ``metric`` is a label that may begin with a scenario.
    ``number`` is None unless the statistic is a number; ``mc_lower`` and ``mc_upper``
    may be words. The unit of ``mc_error`` is that of ``number``.
    """

    scenario: str
    metric: str
    quantity: str
    unit: str
    statistic: str
    number: float | None
    text: str
    status: str
    mc_error: float | None
    mc_lower: float | str | None
    mc_upper: float | str | None
    mc_df: int | None

    def under(self, condition: str) -> "Row":
        """The same statistic, of the draws alone in which a condition holds."""
        return dataclasses.replace(self, statistic=f"{self.statistic}|{condition}")


def quantile_rows(
    metric: str, quantity: Quantity, draws: Distribution, levels: Sequence[float]
) -> list[Row]:
    """A row a level, over all draws in the order of the statuses."""
    return [_quantile_row(metric, quantity, draws, level) for level in levels]


def conditional_rows(
    metric: str, quantity: Quantity, draws: Sorted, levels: Sequence[float]
) -> list[Row]:
    """Quantiles among the observed draws only; a separate statistic that says so."""
    if not draws.num_observed:
        return []
    return [_conditional_row(metric, quantity, draws, level) for level in levels]


def probability_rows(
    metric: str, quantity: Quantity, draws: Distribution, *, by: Mapping[str, float]
) -> list[Row]:
    """P(status) for every status and P(before date) for every date in ``by``."""
    counts = draws.status_counts
    rows = []
    for status in Status:
        shares = counts[:, status] / counts.sum(axis=1)
        certain = status is Status.NEVER and _is_constant(shares)
        rows.append(
            _probability_row(
                metric,
                quantity,
                f"p_{status.word}",
                shares,
                draws,
                certain=certain,
            )
        )
    for day, value in by.items():
        shares = draws.shares_before(value)
        rows.append(
            _probability_row(
                metric,
                quantity,
                f"p_by_{day}",
                shares,
                draws,
                certain=False,
            )
        )
    return rows


def no_row(metric: str, quantity: Quantity, statistic: str) -> Row:
    """A statistic of draws of which there are too few for an error."""
    return _row(
        metric,
        quantity,
        statistic=statistic,
        number=None,
        text="no draws",
        status=Status.UNDETERMINED.word,
    )


def class_rows(
    metric: str,
    quantity: Quantity,
    draws: Distribution,
    classes: Mapping[str, PerReplicate],
) -> list[Row]:
    """P(class) of classes decided draw by draw, from the shares of each replicate.

    A class that all draws share follows from a theorem, not from counting: no error.
    """
    return [
        _probability_row(
            metric,
            quantity,
            f"p_{name}",
            shares,
            draws,
            certain=_is_constant(shares),
        )
        for name, shares in classes.items()
    ]


def _quantile_row(
    metric: str, quantity: Quantity, draws: Distribution, level: float
) -> Row:
    outcome = draws.outcome(level, level)
    shares = draws.shares(outcome, level)
    error, factor = replicate_error(shares, draws.share_error)
    low = draws.outcome(level - factor * error, level)
    high = draws.outcome(level + factor * error, level)
    if error == 0:
        low = high = outcome
    number, text = _written(quantity, outcome)
    lower, upper = _limit(quantity, low), _limit(quantity, high)
    spread = None
    if isinstance(lower, float) and isinstance(upper, float):
        spread = abs(upper - lower) / (2 * factor)
    return _row(
        metric,
        quantity,
        statistic=f"q{level:g}",
        number=number,
        text=text,
        status=outcome.status.word,
        mc_error=spread,
        mc_lower=lower,
        mc_upper=upper,
        mc_df=len(shares) - 1,
    )


def _conditional_row(
    metric: str, quantity: Quantity, draws: Sorted, level: float
) -> Row:
    value = draws.conditional(level)
    shares = draws.conditional_shares(value)
    row = _row(
        metric,
        quantity,
        statistic=f"q{level:g}|observed",
        number=quantity.number(value),
        text=quantity.text(value),
        status=Status.OBSERVED.word,
    )
    if shares is None:
        return row
    error, factor = replicate_error(shares)
    ends = (level - factor * error, level + factor * error)
    lower, upper = (
        quantity.number(draws.conditional(float(np.clip(p, 0, 1)))) for p in ends
    )
    return dataclasses.replace(
        row,
        mc_error=abs(upper - lower) / (2 * factor),
        mc_lower=lower,
        mc_upper=upper,
        mc_df=len(shares) - 1,
    )


def _probability_row(
    metric: str,
    quantity: Quantity,
    statistic: str,
    shares: np.ndarray,
    draws: Distribution,
    *,
    certain: bool,
) -> Row:
    share = float(shares.mean())
    error, factor = replicate_error(shares, draws.share_error)
    lower, upper = max(share - factor * error, 0.0), min(share + factor * error, 1.0)
    if share in (0.0, 1.0) and not certain:
        error = 3 / int(draws.status_counts.sum())
        lower, upper = (0.0, error) if share == 0 else (1 - error, 1.0)
    return _row(
        metric,
        quantity,
        unit="probability",
        statistic=statistic,
        number=share,
        text=percent(share),
        status="",
        mc_error=None if certain else float(error),
        mc_lower=None if certain else float(lower),
        mc_upper=None if certain else float(upper),
        mc_df=None if certain else len(shares) - 1,
    )


def percent(share: float) -> str:
    """A probability for a reader; never rounded to none or to all."""
    if share in (0.0, 1.0):
        return f"{share:.0%}"
    if share < 0.001:
        return "<0.1%"
    if share > 0.999:
        return ">99.9%"
    return f"{share:.1%}"


def _is_constant(shares: np.ndarray) -> bool:
    return bool(np.all(shares == 0) or np.all(shares == 1))


def _written(quantity: Quantity, outcome: Outcome) -> tuple[float | None, str]:
    if outcome.status is not Status.OBSERVED:
        return None, quantity.words[outcome.status]
    return quantity.number(outcome.value), quantity.text(outcome.value)


def _limit(quantity: Quantity, outcome: Outcome) -> float | str:
    number, text = _written(quantity, outcome)
    return text if number is None else number


def _row(
    metric: str,
    quantity: Quantity,
    *,
    statistic: str,
    number: float | None,
    text: str,
    status: str,
    unit: str | None = None,
    mc_error: float | None = None,
    mc_lower: float | str | None = None,
    mc_upper: float | str | None = None,
    mc_df: int | None = None,
) -> Row:
    return Row(
        scenario="",
        metric=metric,
        quantity=quantity.name,
        unit=unit or quantity.unit,
        statistic=statistic,
        number=number,
        text=text,
        status=status,
        mc_error=mc_error,
        mc_lower=mc_lower,
        mc_upper=mc_upper,
        mc_df=mc_df,
    )

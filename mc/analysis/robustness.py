"""The headline under other structures: every path, card, actor and tolerance in turn.

All settings share their draws: a parameter that two cards state alike has the same
value in both, draw by draw.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from mc.analysis.target import DATE, YEARS
from mc.engine.columns import Column, marks, points
from mc.engine.plan import Plan
from mc.engine.quantities import date_quantity
from mc.engine.replay import Replay
from mc.outcomes.distributions import Sorted
from mc.outcomes.status import Status
from mc.outcomes.summaries import Row, probability_rows, quantile_rows

FACTORS = ("path", "card", "actor", "tolerance")
PEAK, CLOSED = "peak", "convergence"
LEVELS = (0.05, 0.5, 0.95)
EVEN, SELDOM = 0.5, 0.05
_STATUS_OF = {status.word: status for status in Status}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Setting:
    """One structure.

    Attributes:
        path: The compute path.
        card: The beliefs.
        actor: The meek actor.
        tolerance: The gap called closed, in the metric's unit.
    """

    path: str
    card: str
    actor: str
    tolerance: float


@dataclasses.dataclass(frozen=True, kw_only=True)
class Finding:
    """The headline in one setting.

    Attributes:
        setting: The structure.
        rows: Statistics of ``peak_date`` and ``convergence_date`` by quantity and name.
    """

    setting: Setting
    rows: Mapping[tuple[str, str], Row]

    @property
    def closed(self) -> Row:
        """The median date from which the gap is closed."""
        return self.rows[CLOSED + DATE, "q0.5"]

    @property
    def place(self) -> float:
        """That date on the line already < a date < beyond < undetermined < never."""
        return _place(self.closed)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Claim:
    """One conclusion, and where it holds.

    Attributes:
        words: What is said.
        holds: Whether it does, a setting each.
        close: Settings in which the errors leave it open, two standard errors.
    """

    words: str
    holds: tuple[bool, ...]
    close: int


@dataclasses.dataclass(frozen=True, kw_only=True)
class Pull:
    """How far one factor moves the median date, all others held.

    Attributes:
        factor: ``path``, ``card``, ``actor`` or ``tolerance``.
        groups: Sets of settings that differ in it alone.
        median: Years from the earliest to the latest, the median group; infinite
            where that has a date in one setting and none in another.
        most: The same of the group that it moves most.
    """

    factor: str
    groups: int
    median: float
    most: float


def findings(
    plan: Plan, tolerances: Mapping[str, float], *, card: str, actor: str
) -> tuple[Finding, ...]:
    """The headline of one plan at each tolerance, from the same draws.

    Args:
        plan: Its metrics are one and the same under several labels.
        tolerances: By label.
        card: What the beliefs are called.
        actor: What the meek actor is called.

    Raises:
        InvalidDraw: If the metric makes no sense at a draw's inputs.
    """
    replay = Replay(plan)
    found = []
    for label, tolerance in tolerances.items():
        rows: dict[tuple[str, str], Row] = {}
        for event in (PEAK, CLOSED):
            column = _column(replay, label, event + YEARS)
            rows |= {
                (event + DATE, row.statistic): row for row in _rows(plan, event, column)
            }
        setting = Setting(
            path=plan.path.name, card=card, actor=actor, tolerance=tolerance
        )
        found.append(Finding(setting=setting, rows=rows))
    return tuple(found)


def claims(
    found: Sequence[Finding], by: Sequence[str], today: str
) -> tuple[Claim, ...]:
    """What may be concluded, and in which settings it holds.

    Args:
        found: At least one.
        by: Days before which the gap may be closed.
        today: The day that is today.
    """
    told = [
        _claim(
            found,
            "the gap closes for good, more likely than not",
            lambda one: _never(one, EVEN),
        ),
        _claim(
            found,
            f"that it never closes has under {SELDOM:.0%} probability",
            lambda one: _never(one, SELDOM),
        ),
    ]
    told += [
        _claim(
            found,
            f"it is closed before {day}, more likely than not",
            lambda one, day=day: _above(one.rows[CLOSED + DATE, f"p_by_{day}"], EVEN),
        )
        for day in by
    ]
    still = f"p_by_{today}"
    if (PEAK + DATE, still) in found[0].rows:
        told.append(
            _claim(
                found,
                f"it still widens today ({today}), more likely than not",
                lambda one: _negative(_above(one.rows[PEAK + DATE, still], EVEN)),
            )
        )
    return tuple(told)


def pulls(found: Sequence[Finding]) -> tuple[Pull, ...]:
    """How far each factor moves the median date, the furthest first."""
    told = []
    for factor in FACTORS:
        groups: dict[Setting, list[float]] = {}
        for one in found:
            key = dataclasses.replace(one.setting, **{factor: _NOTHING[factor]})
            groups.setdefault(key, []).append(one.place)
        spans = [_span(places) for places in groups.values() if len(places) > 1]
        if spans:
            told.append(
                Pull(
                    factor=factor,
                    groups=len(spans),
                    median=float(np.median(spans)),
                    most=max(spans),
                )
            )
    return tuple(sorted(told, key=lambda pull: (-pull.median, -pull.most)))


_NOTHING = {"path": "", "card": "", "actor": "", "tolerance": 0.0}
Margin = tuple[float, float]
"""By how much a claim holds, and the error of that."""


def _column(replay: Replay, label: str, name: str) -> Column:
    """One column of all draws, by point and replicate."""
    plan = replay.plan
    parts = []
    for first, count in replay.cut.chunks(plan.num_draws):
        parameters, _ = replay.sampler.draw(first, count)
        parts.append(replay.column((label, name), parameters, first * plan.replicates))
    values, status = (np.concatenate(part) for part in zip(*parts, strict=True))
    return points((values, status), plan.replicates)


def _rows(plan: Plan, event: str, column: Column) -> list[Row]:
    name = event + YEARS
    draws, quantity = Sorted(*column), date_quantity(plan, name)
    rows = quantile_rows("", quantity, draws, LEVELS)
    return rows + probability_rows("", quantity, draws, by=marks(plan, name))


def _claim(
    found: Sequence[Finding], words: str, margin: Callable[[Finding], Margin]
) -> Claim:
    margins = [margin(one) for one in found]
    return Claim(
        words=words,
        holds=tuple(by > 0.0 for by, _ in margins),
        close=sum(abs(by) < 2.0 * error for by, error in margins),
    )


def _never(one: Finding, share: float) -> Margin:
    """How far the probability that there is no date at all lies below a share."""
    rows = [one.rows[CLOSED + DATE, f"p_{word}"] for word in ("never", "undetermined")]
    total = sum(row.number or 0.0 for row in rows)
    return share - total, max(row.mc_error or 0.0 for row in rows)


def _above(row: Row, share: float) -> Margin:
    return (row.number or 0.0) - share, row.mc_error or 0.0


def _negative(margin: Margin) -> Margin:
    return -margin[0], margin[1]


def _place(row: Row) -> float:
    if row.number is not None:
        return row.number
    return -math.inf if _STATUS_OF[row.status] is Status.ALREADY else math.inf


def _span(places: Sequence[float]) -> float:
    """From the first to the last; nothing between settings that agree in a word."""
    low, high = min(places), max(places)
    return 0.0 if low == high else high - low

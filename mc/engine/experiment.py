"""A question and the world it is asked in; the beliefs come from a card."""

import dataclasses
import datetime

from mc.engine.scenario import Scenario
from mc.model.measure import Measure


@dataclasses.dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question and the world it is asked in; beliefs come from a card.

    Attributes:
        name: What the command line calls it.
        question: One line.
        assumptions: What is taken for granted, a line each.
        metrics: Names as ``--metric`` takes them, or functions as ``Measure``.
        card: The default card.
        path: The default compute path; the card's, if None.
        actors: Meek actors, the first the baseline's; the card's own if none.
        scenarios: Interventions, each beside the baseline.
        levels: ``METRIC=LEVEL``, in the unit of the metric's values: when each actor
            comes to it.
        budgets: Dollars a run of many meek actors: how they stand to the frontier.
        fade: Share of its own peak to which a gap fades, between 0 and 1; None where
            no such date is wanted.
        returns: Whether the discounted worth and cost of the lead are wanted.
        preintegrate: Whether quantiles and probabilities of dates come from draws
            that are integrated along lines.
        end: Last date of figures and bands.
        start: First date drawn; the card's reference date if None.
        events_until: End of the event window.
        at: Dates at which standings are reported, beside today.
        by: Dates of ``p_by_DATE``, beside today.
        draws: The default number of draws.
        figure: The figure family that answers the question; none if empty.
    """

    name: str
    question: str
    assumptions: tuple[str, ...] = ()
    metrics: tuple[str | Measure, ...]
    card: str = "literature-2026"
    path: str | None = None
    actors: tuple[str, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    levels: tuple[str, ...] = ()
    budgets: tuple[float, ...] = ()
    fade: float | None = None
    returns: bool = False
    preintegrate: bool = False
    end: datetime.date = datetime.date(2040, 1, 1)
    start: datetime.date | None = None
    events_until: datetime.date = datetime.date(2100, 1, 1)
    at: tuple[datetime.date, ...] = (datetime.date(2030, 1, 1),)
    by: tuple[datetime.date, ...] = (
        datetime.date(2030, 1, 1),
        datetime.date(2035, 1, 1),
        datetime.date(2040, 1, 1),
    )
    draws: int = 2**16
    figure: str = ""

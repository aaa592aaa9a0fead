"""Many meek actors whose budgets differ: what is asked of them, and in what units."""

import dataclasses
import math
from collections.abc import Sequence

from mc.engine.checks import BUDGET_NEEDS
from mc.engine.levels import Level
from mc.engine.scenario import Followed
from mc.model.registry import MetricChoice, Series
from priors.cards import Card
from priors.faults import Fault

BUDGET = "meek_budget"
WITHIN = "within_tolerance"
ABOVE = "above_"
SCORES = ("lowest", "mean", "highest")
INDICES = {
    "concentration": Series(unit="Gini index"),
    "herfindahl": Series(unit="Herfindahl index"),
}
MOST = 10_000
"""Actors of a population: each costs as much as a metric."""
_FOLLOWER = "fast_follower"


@dataclasses.dataclass(frozen=True, kw_only=True)
class Population:
    """Budgets of meek actors, each constant like the meek actor's own.

    Attributes:
        dollars: Dollars a run, ascending.
        levels: Levels at or past which actors are counted.
    """

    dollars: tuple[float, ...]
    levels: tuple[Level, ...]

    @property
    def log_dollars(self) -> list[float]:
        """Logarithms of the budgets."""
        return [math.log(amount) for amount in self.dollars]

    def levels_of(self, choice: MetricChoice) -> tuple[Level, ...]:
        """The levels of one metric."""
        return tuple(lv for lv in self.levels if lv.metric == choice.label)

    def series(self, choice: MetricChoice) -> dict[str, Series]:
        """What is banded of a metric, with units."""
        names = [ABOVE + level.name for level in self.levels_of(choice)]
        return {
            WITHIN: Series(unit="share of the actors"),
            **dict.fromkeys(names, Series(unit="actors")),
            **dict.fromkeys(SCORES, choice.entry.series["meek"]),
            **INDICES,
        }


def is_population(name: str) -> bool:
    """Whether a banded series is one of a population."""
    return name in {WITHIN, *SCORES, *INDICES} or name.startswith(ABOVE)


def read_population(
    budgets: Sequence[float],
    card: Card,
    worlds: Sequence[Followed],
    levels: tuple[Level, ...],
    faults: list[Fault],
) -> Population | None:
    """The population of a run; None where no budgets are asked for.

    Args:
        budgets: Dollars a run.
        card: The beliefs; they must say what the meek actor spends.
        worlds: Of the run.
        levels: Of the run.
        faults: Added to.
    """
    if not budgets:
        return None
    faults += [
        Fault(f"{amount:g} is no budget: dollars a run, above 0", key="--budgets")
        for amount in budgets
        if not (math.isfinite(amount) and amount > 0)
    ]
    if len(budgets) > MOST:
        message = f"{len(budgets):,} budgets, at most {MOST:,}"
        faults.append(Fault(message, key="--budgets"))
    if len(set(budgets)) < len(budgets):
        faults.append(Fault("a budget is given twice", key="--budgets"))
    stated = set(card.joint.names())
    if not any(stated.issuperset(way) for way in BUDGET_NEEDS):
        message = "says no dollars of the meek actor, so none of others"
        faults.append(Fault(message, file=f"card {card.name}", key="--budgets"))
    faults += [
        Fault(f"{world.name} follows the frontier and has no budget", key="--budgets")
        for world in worlds
        if _FOLLOWER in world.path.name
    ]
    return Population(dollars=tuple(sorted(budgets)), levels=levels)


def budget_parameters(card: Card) -> set[str]:
    """What a card says of the meek actor's dollars."""
    stated = set(card.joint.names())
    return set(next((way for way in BUDGET_NEEDS if stated.issuperset(way)), ()))

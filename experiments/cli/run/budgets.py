"""Who is compared with whom, in dollars and FLOP, at the central values of a card."""

import dataclasses
import math
from collections.abc import Mapping

import numpy as np

from experiments.cli import wording
from mc.engine.plan import LEDGER_DATES, Plan
from mc.engine.scenario import Followed
from priors.actor import PATH_PARAMETERS
from priors.units import MONTHS_PER_YEAR, date_at, years_since

YEARS = np.arange(80 * int(MONTHS_PER_YEAR) + 1) / MONTHS_PER_YEAR
"""Dates at which the frontier's growth is looked at."""
SAME = 0.005
"""Growths that differ by less, ln/yr, are one."""
SUDDEN = 1.0
"""Longest change of a growth that is told by its date, years."""
STEPS = (0.1, 0.5, 0.9)
"""Parts of a change at its beginning, its middle and its end."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Start:
    """Where the two actors of a world stand at the epoch, and how they go on.

    Attributes:
        name: The meek actor's; empty for the card's own.
        description: In words.
        flop: Natural logarithm of the meek actor's FLOP; None where nothing says it.
        dollars: The same of its dollars a run.
        lead: Natural logarithm of the frontier's effective compute over its own.
        own: What the actor is told of beside its budget, in words.
        frontier: How the frontier's spending grows, in words.
        path: Name of the compute path.
    """

    name: str
    description: str
    flop: float | None
    dollars: float | None
    lead: float
    own: tuple[str, ...]
    frontier: str
    path: str

    @property
    def amounts(self) -> str:
        """FLOP and dollars."""
        parts = []
        if self.flop is not None:
            parts.append(f"{wording.short(math.exp(self.flop))} FLOP")
        if self.dollars is not None:
            parts.append(f"{wording.dollars(math.exp(self.dollars))} a run")
        return ", ".join(parts) or "a fixed budget"

    @property
    def ahead(self) -> str:
        """Where the frontier starts."""
        if abs(self.lead) < 1e-3:
            return "equal"
        side = "ahead" if self.lead > 0 else "behind"
        return f"{wording.ratio(math.exp(abs(self.lead)))} {side} in effective compute"


def in_words(plan: Plan) -> str:
    """Who is compared with whom; what a card does not say is left out."""
    start = start_of(plan, plan.scenarios[0])
    named = f" {start.name} ({start.description})" if start.name else ""
    goes_on = "; ".join(start.own) or "the same for ever"
    return (
        f"Meek actor{named}, at central values: {start.amounts} in "
        f"{plan.epoch:%Y-%m}, {goes_on}. The frontier starts {start.ahead} and "
        f"{start.frontier}, on path {start.path}."
    )


def start_of(plan: Plan, world: Followed) -> Start:
    """Both actors of one world at the central values of the card."""
    from mc.engine.devices import working_dtype
    from mc.engine.outset import outset
    from mc.engine.world import World

    followed = World(
        believed=plan.path.load(), path=world.path.load(), changes=world.changes
    )
    central = central_values(plan, world)
    known, lead, levels = outset(followed, central, YEARS, working_dtype())
    flop = known.get("frontier_compute")
    flop = None if flop is None else flop - lead
    price = known.get("compute_per_dollar")
    follows = bool(set(PATH_PARAMETERS) & _stated(world))
    dollars = None if price is None or flop is None or follows else flop - price
    if dollars is None and not follows:
        dollars = known.get("meek_budget")
    return Start(
        name=world.actor.name if world.actor else "",
        description=world.actor.description if world.actor else "",
        flop=flop,
        dollars=dollars,
        lead=lead,
        own=_own(known, follows=follows, in_step=world.path.keeps_step),
        frontier=_frontier(plan, levels, known),
        path=world.path.name,
    )


def central_values(plan: Plan, world: Followed) -> dict[str, float]:
    """Central values of the card's parameters, and of what a world changes."""
    found = dict(plan.card.joint.restricted(set(plan.needed)).central())
    found |= dict.fromkeys(plan.innovations, 0.0)
    told = {n: value for joint in world.laws for n, value in joint.central().items()}
    if world.interventions is not None:
        told |= {**world.interventions.factors, **world.interventions.shifts}
    return found | {change.key: told[change.name] for change in world.changes}


def _stated(world: Followed) -> set[str]:
    return set(world.actor.joint.names()) if world.actor else set()


def _own(known: dict[str, float], *, follows: bool, in_step: bool) -> tuple[str, ...]:
    """What becomes of the actor's budget, hardware and algorithms."""
    told = ["it follows the frontier"] if follows else []
    told += ["its budget grows as the frontier's does"] if in_step else []
    if growth := known.get("meek_investment_growth"):
        told.append(f"its budget grows {wording.ratio(math.exp(growth))} a year")
    if growth := known.get("inflation"):
        told.append(f"prices rise {wording.ratio(math.exp(growth))} a year")
    if "meek_hardware_growth" in known:
        growth = wording.ratio(math.exp(known["meek_hardware_growth"]))
        told.append(f"its FLOP per dollar grow {growth} a year")
    if "meek_algorithmic_share" in known:
        share = wording.share(known["meek_algorithmic_share"])
        told.append(f"{share} of algorithmic progress reaches it")
    return tuple(told)


def _frontier(plan: Plan, level: np.ndarray, known: Mapping[str, float]) -> str:
    growths = _growths(plan, level)
    verb = "grows" if growths[0][1] > 0 else "changes"
    parts = [
        f"{when} {wording.ratio(math.exp(growth))}".strip() for when, growth in growths
    ]
    words = f"{verb} its spending {', '.join([f'{parts[0]} a year', *parts[1:]])}"
    if "inference_investment_growth" in known:
        inference = math.exp(known["inference_investment_growth"])
        words += f", on inference {wording.ratio(inference)}"
    return words


def _growths(plan: Plan, level: np.ndarray) -> list[tuple[str, float]]:
    """Growth of spending at the epoch, ln/yr, and what it comes to later, and when.

    A change with a date is told by it; a gradual one by the growth at some dates.
    """
    growth = MONTHS_PER_YEAR * np.diff(level)
    first, last = float(growth[0]), float(growth[-1])
    changed = np.abs(growth - first)
    most = float(changed.max())
    if most < SAME:
        return [("", first)]
    begin, turn, end = (int((changed >= part * most).argmax()) for part in STEPS)
    if YEARS[end] - YEARS[begin] <= SUDDEN and changed[-1] > STEPS[-1] * most:
        year = date_at(plan.epoch, float(YEARS[turn])).year
        return [("", first), (f"from about {year}", last)]
    days = dict.fromkeys((*LEDGER_DATES, plan.experiment.end))
    when = {day: years_since(plan.epoch, day) for day in days}
    return [("", first)] + [
        (f"in {day.year}", float(growth[round(MONTHS_PER_YEAR * year)]))
        for day, year in when.items()
        if 0 < year < YEARS[-1]
    ]

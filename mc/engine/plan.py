"""One run of a question, resolved: everything is refused here, or nowhere.

Nothing in this file imports JAX, so that a refusal costs no start-up.
"""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mc.draws.sizes import round_up
from mc.engine.checks import (
    anchors,
    chosen_metrics,
    chosen_tolerances,
    date_faults,
    fade_faults,
    needed_parameters,
    number_faults,
    return_parameters,
)
from mc.engine.experiment import Experiment
from mc.engine.levels import Level, read_levels
from mc.engine.own_metrics import bound_metrics
from mc.engine.population import (
    Population,
    budget_parameters,
    read_population,
)
from mc.engine.scenario import Followed, needs_of, resolved
from mc.model.path_choice import BASE, PathChoice
from mc.model.registry import MetricChoice
from mc.outcomes.bands import LEVELS, PILOT_DRAWS
from priors.cards import Card
from priors.faults import Fault, Refusal
from priors.units import years_since

__all__ = ["FORMAT", "Experiment", "Plan", "make_plan"]

FORMAT = 2
LEDGER_DATES = (datetime.date(2030, 1, 1), datetime.date(2035, 1, 1))
"""Dates of the plausibility ledger, beside the end of the figures."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """One run, resolved: what is drawn, evaluated and reported.

    Attributes:
        experiment: The question, with the run's own metrics, path and dates.
        card: The beliefs.
        path: The compute path under which the card is read.
        scenarios: The worlds that are followed, the baseline first.
        metrics: The metrics, in order.
        tolerances: Tolerance of each metric by label, in its unit.
        levels: Levels whose crossing is dated.
        population: Budgets of many meek actors; None where none are asked for.
        needed: Parameters to draw.
        unused: Parameters of the card that this run does not need.
        num_draws: A multiple of ``replicates``, rounded up to a power of two each.
        asked_draws: What was asked for.
        replicates: Independent randomisations.
        seed: The seed.
        design: ``sobol``, ``lattice`` or ``independent``.
        today: The date that "today" means in this run.
    """

    experiment: Experiment
    card: Card
    path: PathChoice
    scenarios: tuple[Followed, ...]
    metrics: tuple[MetricChoice, ...]
    tolerances: Mapping[str, float]
    levels: tuple[Level, ...]
    population: Population | None
    needed: frozenset[str]
    unused: tuple[str, ...]
    num_draws: int
    asked_draws: int
    replicates: int
    seed: int
    design: str
    today: datetime.date

    @property
    def epoch(self) -> datetime.date:
        """Time zero: the card's reference date."""
        return self.card.reference_date

    @property
    def until_years(self) -> float:
        """End of the event window, years from the epoch."""
        return years_since(self.epoch, self.experiment.events_until)

    @property
    def dates(self) -> tuple[datetime.date, ...]:
        """Dates of the bands: the first drawn, then the first of each month."""
        first = self.experiment.start or self.epoch
        months = range(first.year * 12 + first.month, _months(self.experiment.end) + 1)
        firsts = (datetime.date(m // 12, m % 12 + 1, 1) for m in months)
        return (first, *(d for d in firsts if d <= self.experiment.end))

    @property
    def at(self) -> tuple[datetime.date, ...]:
        """Dates of standings and ledger: the experiment's, the ledger's and today."""
        asked = self.experiment
        known = (*asked.at, *LEDGER_DATES, asked.end, self.today)
        return tuple(sorted({d for d in known if d >= self.epoch}))

    @property
    def by(self) -> tuple[datetime.date, ...]:
        """Dates of ``p_by_DATE``, today among them."""
        known = (*self.experiment.by, self.today)
        last = self.experiment.events_until
        return tuple(sorted({d for d in known if self.epoch < d <= last}))

    def configuration(self, precision: str) -> dict[str, Any]:
        """All that decides the numbers, except the number of draws.

        Args:
            precision: ``float32`` or ``float64``.
        """
        return {
            "format": FORMAT,
            "experiment": self.experiment.name,
            "card": {"name": self.card.name, "sha256": self.card.sha256},
            "path": self.path.name,
            "scenarios": [world.description() for world in self.scenarios],
            "metrics": [
                choice.description() | {"tolerance": self.tolerances[choice.label]}
                for choice in self.metrics
            ],
            "epoch": self.epoch.isoformat(),
            "start": self.dates[0].isoformat(),
            "end": self.experiment.end.isoformat(),
            "events_until": self.experiment.events_until.isoformat(),
            "at": [d.isoformat() for d in self.at],
            "by": [d.isoformat() for d in self.by],
            "today": self.today.isoformat(),
            "crossings": [f"{level.metric}={level.name}" for level in self.levels],
            "budgets": list(self.experiment.budgets),
            "fade": self.experiment.fade,
            "returns": self.experiment.returns,
            **({"preintegrate": True} if self.experiment.preintegrate else {}),
            "seed": self.seed,
            "design": self.design,
            "replicates": self.replicates,
            "levels": list(LEVELS),
            "pilot_draws": PILOT_DRAWS,
            "precision": precision,
        }

    @property
    def innovations(self) -> tuple[str, ...]:
        """Standard normal parameters that a drifting path of any world draws."""
        paths = (self.path, *(world.path for world in self.scenarios))
        return tuple(dict.fromkeys(n for path in paths for n in path.innovations))

    def run_id(self, precision: str) -> str:
        """Twelve hexadecimal digits that two runs share if their numbers do."""
        text = json.dumps(
            self.configuration(precision), sort_keys=True, separators=(",", ":")
        )
        return hashlib.sha256(text.encode()).hexdigest()[:12]


def make_plan(
    experiment: Experiment,
    card: Card,
    *,
    draws: int | None = None,
    replicates: int = 16,
    seed: int = 0,
    design: str = "sobol",
    tolerances: Mapping[str, float] | None = None,
    today: datetime.date | None = None,
) -> Plan:
    """Resolve an experiment and a card, or refuse them with every fault at once.

    Raises:
        Refusal: If a name is unknown, a parameter is missing, a number or a date is
            out of range, or an override is not needed.
    """
    faults: list[Fault] = []
    asked = experiment.draws if draws is None else draws
    faults += number_faults(asked, replicates, seed, design)
    faults += date_faults(experiment, card)
    faults += fade_faults(experiment)
    metrics = chosen_metrics(experiment, faults)
    worlds, path, wrong = resolved(
        experiment.scenarios,
        experiment.actors,
        card.path or BASE if experiment.path is None else experiment.path,
        card,
    )
    faults += wrong
    bars = chosen_tolerances(metrics, tolerances or {}, faults)
    levels = read_levels(experiment.levels, metrics, faults)
    population = read_population(experiment.budgets, card, worlds, levels, faults)
    if faults or path is None:
        raise Refusal(faults)
    needed = set(needed_parameters(path, metrics, card, faults))
    needed |= return_parameters(experiment, card, faults)
    needed |= budget_parameters(card) if population else set()
    for world in worlds:
        needed |= needs_of(world, card, needed, faults)
    if any(world.changes for world in worlds):
        needed |= anchors(card)
    faults += [
        Fault(
            f"{name} is not needed by experiment {experiment.name}; "
            f"needed: {', '.join(sorted(needed))}",
            file="--set",
            key=name,
        )
        for name in card.overridden
        if name not in needed and not _is_actors(name, card)
    ]
    metrics = bound_metrics(metrics, card, faults)
    if faults:
        raise Refusal(faults)
    return Plan(
        experiment=experiment,
        card=card,
        path=path,
        scenarios=worlds,
        metrics=metrics,
        tolerances=bars,
        levels=levels,
        population=population,
        needed=frozenset(needed),
        unused=tuple(sorted(set(card.tables["parameters"]) - needed)),
        num_draws=round_up(asked, replicates),
        asked_draws=asked,
        replicates=replicates,
        seed=seed,
        design=design,
        today=today or datetime.datetime.now(datetime.UTC).date(),
    )


def _is_actors(name: str, card: Card) -> bool:
    """Whether an override says who the meek actor is."""
    return card.actor is not None and name in card.actor.joint.names()


def _months(date: datetime.date) -> int:
    return date.year * 12 + date.month - 1

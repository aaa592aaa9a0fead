"""A question, and what one run of it will do: everything is refused here, or nowhere.

Nothing in this file imports JAX, so that a refusal costs no start-up.
"""

import dataclasses
import datetime
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from mc.draws.sizes import round_up
from mc.model.registry import (
    BadArgument,
    Entry,
    MetricChoice,
    UnknownName,
    metric_choice,
    path_entry,
)
from mc.outcomes.bands import LEVELS, PILOT_DRAWS
from priors.cards import Card
from priors.faults import Fault, Refusal, nearest
from priors.units import years_since

FORMAT = 1
DESIGNS = ("sobol", "lattice", "independent")
MAX_SEED = 2**64 - 1
MAX_LATTICE_POINTS = 2**20
MAX_POINTS = 2**32
MAX_YEARS = 100
"""Longest window of figures and bands: a row a month is kept in memory."""
WORLD_NEEDS = ("world_product", "world_product_growth")
"""What the plausibility ledger reads beside the actors' budgets."""
COMPUTE_NEEDS = (("initial_compute",), ("meek_budget", "compute_per_dollar"))
BUDGET_NEEDS = (("meek_budget",), ("initial_compute", "compute_per_dollar"))
"""The ways of naming the meek actor in FLOP and in dollars, where a card has one."""
LEDGER_DATES = (datetime.date(2030, 1, 1), datetime.date(2035, 1, 1))
"""Dates of the plausibility ledger, beside the end of the figures."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Experiment:
    """A question and the world it is asked in; beliefs come from a card.

    Attributes:
        name: What the command line calls it.
        question: One line.
        assumptions: What is taken for granted, a line each.
        metrics: Names as ``--metric`` takes them.
        card: The default card.
        path: The default compute path.
        end: Last date of figures and bands.
        start: First date drawn; the card's reference date if None.
        events_until: End of the event window.
        at: Dates at which standings are reported, beside today.
        by: Dates of ``p_by_DATE``, beside today.
        draws: The default number of draws.
    """

    name: str
    question: str
    assumptions: tuple[str, ...] = ()
    metrics: tuple[str, ...]
    card: str = "literature-2026"
    path: str = "exponential"
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


@dataclasses.dataclass(frozen=True, kw_only=True)
class Plan:
    """One run, resolved: what is drawn, evaluated and reported.

    Attributes:
        experiment: The question, with the run's own metrics, path and dates.
        card: The beliefs.
        path: Registry entry of the compute path.
        metrics: The metrics, in order.
        tolerances: Tolerance of each metric by label, in its unit.
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
    path: Entry
    metrics: tuple[MetricChoice, ...]
    tolerances: Mapping[str, float]
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
            "metrics": [
                {
                    "label": choice.label,
                    "name": choice.entry.name,
                    "arguments": dict(choice.arguments),
                    "tolerance": self.tolerances[choice.label],
                }
                for choice in self.metrics
            ],
            "epoch": self.epoch.isoformat(),
            "start": self.dates[0].isoformat(),
            "end": self.experiment.end.isoformat(),
            "events_until": self.experiment.events_until.isoformat(),
            "at": [d.isoformat() for d in self.at],
            "by": [d.isoformat() for d in self.by],
            "today": self.today.isoformat(),
            "seed": self.seed,
            "design": self.design,
            "replicates": self.replicates,
            "levels": list(LEVELS),
            "pilot_draws": PILOT_DRAWS,
            "precision": precision,
        }

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
    faults += _number_faults(asked, replicates, seed, design)
    faults += _date_faults(experiment, card)
    metrics = _metrics(experiment, faults)
    path = _path(experiment.path, faults)
    bars = _tolerances(metrics, tolerances or {}, faults)
    if faults or path is None:
        raise Refusal(faults)
    needed = _needed(path, metrics, card, faults)
    faults += [
        Fault(
            f"{name} is not needed by experiment {experiment.name}; "
            f"needed: {', '.join(sorted(needed))}",
            file="--set",
            key=name,
        )
        for name in card.overridden
        if name not in needed
    ]
    if faults:
        raise Refusal(faults)
    return Plan(
        experiment=experiment,
        card=card,
        path=path,
        metrics=metrics,
        tolerances=bars,
        needed=needed,
        unused=tuple(sorted(set(card.joint.names()) - needed)),
        num_draws=round_up(asked, replicates),
        asked_draws=asked,
        replicates=replicates,
        seed=seed,
        design=design,
        today=today or datetime.datetime.now(datetime.UTC).date(),
    )


def _months(date: datetime.date) -> int:
    return date.year * 12 + date.month - 1


def _number_faults(draws: int, replicates: int, seed: int, design: str) -> list[Fault]:
    faults = []
    if design not in DESIGNS:
        hint = nearest(design, DESIGNS)
        faults.append(
            Fault(
                f"unknown design {design!r}; known: {', '.join(DESIGNS)}{hint}",
                key="--design",
            )
        )
    if replicates < 8 or replicates & (replicates - 1) or replicates > 1024:
        faults.append(
            Fault(
                f"{replicates} is not allowed: a power of two from 8 to 1024, so that "
                "blocks hold whole points and errors have degrees of freedom",
                key="--replicates",
            )
        )
        return faults
    most = replicates * (MAX_LATTICE_POINTS if design == "lattice" else MAX_POINTS)
    if not 1 <= draws <= most:
        faults.append(
            Fault(
                f"{draws:,} is outside 1…{most:,} ({design}, {replicates} replicates)",
                key="--draws",
            )
        )
    if not 0 <= seed <= MAX_SEED:
        faults.append(Fault(f"{seed} is outside 0…{MAX_SEED}", key="--seed"))
    return faults


def _date_faults(experiment: Experiment, card: Card) -> list[Fault]:
    epoch = card.reference_date
    start = experiment.start or epoch
    faults = []
    if start < epoch:
        faults.append(
            Fault(
                f"{start} is before the reference date {epoch} of card {card.name}",
                key="--start",
            )
        )
    if experiment.end <= start:
        faults.append(
            Fault(f"{experiment.end} is not after the start {start}", key="--end")
        )
    if years_since(start, experiment.end) > MAX_YEARS:
        faults.append(
            Fault(
                f"{experiment.end} is more than {MAX_YEARS} years after the start "
                f"{start}; events are sought further with --events-until",
                key="--end",
            )
        )
    if experiment.events_until <= epoch:
        faults.append(
            Fault(
                f"{experiment.events_until} is not after the reference date {epoch}",
                key="--events-until",
            )
        )
    return faults


def _metrics(experiment: Experiment, faults: list[Fault]) -> tuple[MetricChoice, ...]:
    choices: dict[str, MetricChoice] = {}
    for text in experiment.metrics:
        try:
            choice = metric_choice(text)
        except (UnknownName, BadArgument) as error:
            hint = ""
            if isinstance(error, UnknownName):
                hint = nearest(error.name, error.known)
            faults.append(Fault(f"{error}{hint}", key="--metric"))
            continue
        if choice.label in choices:
            faults.append(Fault(f"{choice.label} is given twice", key="--metric"))
        choices[choice.label] = choice
    return tuple(choices.values())


def _path(name: str, faults: list[Fault]) -> Entry | None:
    try:
        return path_entry(name)
    except UnknownName as error:
        hint = nearest(error.name, error.known)
        faults.append(Fault(f"{error}{hint}", key="--path"))
        return None


def _tolerances(
    metrics: tuple[MetricChoice, ...],
    typed: Mapping[str, float],
    faults: list[Fault],
) -> dict[str, float]:
    bars = {choice.label: choice.entry.tolerance for choice in metrics}
    scales = {choice.label: choice.entry.scale for choice in metrics}
    for label, value in typed.items():
        if label not in bars:
            hint = nearest(label, bars)
            message = f"no metric {label!r} in this run; there is: {', '.join(bars)}"
            faults.append(Fault(message + hint, key="--tolerance"))
            continue
        least = 1.0 if scales[label] == "log" else 0.0
        if not least < value < float("inf"):
            faults.append(
                Fault(
                    f"{label} = {value:g} must be above {least:g}: the gap only "
                    "approaches it, so no draw would converge",
                    key="--tolerance",
                )
            )
        bars[label] = value
    return bars


def _needed(
    path: Entry,
    metrics: tuple[MetricChoice, ...],
    card: Card,
    faults: list[Fault],
) -> frozenset[str]:
    available = frozenset(card.joint.names())
    needed: set[str] = set()
    missing: dict[str, list[str]] = {}
    users = [(f"path {path.name}", path)]
    users += [(f"metric {choice.label}", choice.entry) for choice in metrics]
    for user, entry in users:
        chosen, lacking = entry.requirements(available)
        needed |= chosen
        for need in lacking:
            missing.setdefault(need, []).append(user)
    faults += [
        Fault(
            f"{need} is missing (needed by {', '.join(needing)})",
            file=f"card {card.name}",
        )
        for need, needing in missing.items()
    ]
    wanted = [
        next(filter(available.issuperset, options), ())
        for options in (COMPUTE_NEEDS, BUDGET_NEEDS)
    ]
    if all(wanted):
        needed.update(*wanted)
        needed |= available & set(WORLD_NEEDS)
    return frozenset(needed)

"""What an experiment, a card and options may not be: faults, all found at once."""

from collections.abc import Mapping

from mc.engine.experiment import Experiment
from mc.engine.own_metrics import read_metric
from mc.model.path_choice import PathChoice
from mc.model.registry import BadArgument, MetricChoice, UnknownName
from priors.cards import Card
from priors.faults import Fault, nearest
from priors.units import years_since

DESIGNS = ("sobol", "lattice", "independent")
MAX_SEED = 2**64 - 1
MAX_LATTICE_POINTS = 2**20
MAX_POINTS = 2**32
MAX_YEARS = 100
"""Longest window of figures and bands: a row a month is kept in memory."""
WORLD_NEEDS = ("world_product", "world_product_growth")
"""What the plausibility ledger reads beside the actors' budgets."""
DISCOUNT = "discount_rate"
COMPUTE_NEEDS = (("initial_compute",), ("meek_budget", "compute_per_dollar"))
BUDGET_NEEDS = (("meek_budget",), ("initial_compute", "compute_per_dollar"))
"""The ways of naming the meek actor in FLOP and in dollars, where a card has one."""


def number_faults(draws: int, replicates: int, seed: int, design: str) -> list[Fault]:
    """Faults of draws, replicates, seed and design."""
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


def fade_faults(experiment: Experiment) -> list[Fault]:
    """A fault of a share of the peak that is none."""
    share = experiment.fade
    if share is None or 0 < share < 1:
        return []
    message = f"{share:g} is no share of a peak: between 0 and 1, e.g. 10%"
    return [Fault(message, key="--fade")]


def date_faults(experiment: Experiment, card: Card) -> list[Fault]:
    """Faults of the windows of figures and events against the card's reference date."""
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


def chosen_metrics(
    experiment: Experiment, faults: list[Fault]
) -> tuple[MetricChoice, ...]:
    """The experiment's metrics, labels once each; faults of those that cannot be."""
    choices: dict[str, MetricChoice] = {}
    for text in experiment.metrics:
        try:
            choice = read_metric(text)
        except (UnknownName, BadArgument) as error:
            hint = nearest(error.name, error.known)
            faults.append(Fault(f"{error}{hint}", key="--metric"))
            continue
        if choice.label in choices:
            faults.append(Fault(f"{choice.label} is given twice", key="--metric"))
        choices[choice.label] = choice
    return tuple(choices.values())


def chosen_tolerances(
    metrics: tuple[MetricChoice, ...],
    typed: Mapping[str, float],
    faults: list[Fault],
) -> dict[str, float]:
    """Each metric's tolerance, its own or as typed; faults of what was typed."""
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


def needed_parameters(
    path: PathChoice,
    metrics: tuple[MetricChoice, ...],
    card: Card,
    faults: list[Fault],
) -> frozenset[str]:
    """What the path, the metrics and the ledger draw; a fault for each need unmet."""
    available = frozenset(card.joint.names())
    needed: set[str] = set()
    missing: dict[str, list[str]] = {}
    users = [(f"path {path.name}", path.requirements(available))]
    users += [
        (f"metric {choice.label}", choice.entry.requirements(available))
        for choice in metrics
    ]
    for user, (chosen, lacking) in users:
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


def return_parameters(
    experiment: Experiment, card: Card, faults: list[Fault]
) -> set[str]:
    """What returns draw beside the metrics; a fault where the card does not say it."""
    if not experiment.returns:
        return set()
    if DISCOUNT not in card.joint.names():
        message = f"{DISCOUNT} is missing (needed by --returns)"
        faults.append(Fault(message, file=f"card {card.name}"))
    return {DISCOUNT}


def anchors(card: Card) -> set[str]:
    """What a card says of the actors' FLOP and dollars: interventions build on it."""
    ways = (*COMPUTE_NEEDS, *BUDGET_NEEDS, ("frontier_compute",))
    stated = set(card.joint.names())
    return {name for way in ways if stated.issuperset(way) for name in way}

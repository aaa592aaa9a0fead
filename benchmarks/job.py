"""The standard job: the model that every contender computes, and its inputs.

The four METR metrics along exponential compute under the card of the paper: bands of
gap, frontier and meek at 202 months and five levels, peak and closing of every draw.
"""

import dataclasses
import datetime
import math

import numpy as np
from jaxtyping import Float

from mc.engine.experiment import Experiment
from mc.engine.plan import Plan, make_plan
from priors.cards import load
from priors.units import years_since

CARD = "paper-2026"
METRICS = ("time_horizon", "task_success_4min", "task_success_1h", "task_success_4h")
LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)
TASKS = (4.0, 60.0, 240.0)
"""Lengths of the tasks, minutes."""
TOLERANCE = 0.05
"""Gap of a success share called closed."""
TODAY = datetime.date(2026, 11, 30)
NAMES = (
    "hardware_growth",
    "algorithmic_growth",
    "training_compute_growth",
    "horizon_doubling_time",
    "horizon_at_anchor",
    "horizon_ratio_50_80",
)
"""What is uncertain."""
ONE_SIGMA = 0.8413447460685429
"""Probability below one standard deviation of a normal law."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Inputs:
    """Per-draw constants of the model, natural logarithms and years.

    Attributes:
        shared: Growth s of what both have, ln per year.
        lead: Growth v of the frontier's lead.
        elasticity: ε: the horizon grows as compute to ε.
        log_start: ln of the horizon at the reference date, minutes.
        slope: Slope of the logit of success in ln of the horizon.
    """

    shared: Float[np.ndarray, " draws"]
    lead: Float[np.ndarray, " draws"]
    elasticity: Float[np.ndarray, " draws"]
    log_start: Float[np.ndarray, " draws"]
    slope: Float[np.ndarray, " draws"]

    def part(self, first: int, last: int) -> "Inputs":
        """The draws of a range."""
        fields = {name: values[first:last] for name, values in vars(self).items()}
        return Inputs(**fields)


def plan(num_draws: int) -> Plan:
    """The same job as meekmc runs it."""
    question = Experiment(
        name="standard-job",
        question="How far does a fixed training budget fall behind on METR's tasks?",
        metrics=METRICS,
        card=CARD,
    )
    return make_plan(question, load(CARD), draws=num_draws, today=TODAY)


def months() -> Float[np.ndarray, " months"]:
    """Dates of the bands but the first, where no gap is, years from the epoch."""
    asked = plan(1)
    return np.array([years_since(asked.epoch, day) for day in asked.dates[1:]])


def until_years() -> float:
    """End of the event window."""
    return plan(1).until_years


def laws() -> dict[str, tuple[float, float]]:
    """Mean and standard deviation of each parameter, of growths in logarithm."""
    joint = load(CARD).joint
    found = {}
    for name in NAMES:
        quantile = joint.belief_of[name].marginals[0].law.quantile
        ends = quantile(np.array([0.5, ONE_SIGMA]))
        middle, upper = np.log(ends) if name.endswith("growth") else ends
        found[name] = float(middle), float(upper - middle)
    return found


def drawn(num_draws: int, rng: np.random.Generator) -> Inputs:
    """Independent draws of the card."""
    values = {}
    for name, (middle, spread) in laws().items():
        normal = middle + spread * rng.standard_normal(num_draws)
        values[name] = np.exp(normal) if name.endswith("growth") else normal
    return of_values(values)


def anchor_years() -> float:
    """Years from the reference date to the horizon's anchor."""
    return load(CARD).joint.central()["anchor_date"]


def of_values(values: dict[str, np.ndarray]) -> Inputs:
    """Per-draw constants from parameters on their canonical scales."""
    hardware, algorithms, training = (values[name] for name in NAMES[:3])
    ahead = training + algorithms
    doubling = np.exp(values["horizon_doubling_time"])
    rate = math.log(2) / doubling
    return Inputs(
        shared=hardware + algorithms,
        lead=training - hardware,
        elasticity=rate / ahead,
        log_start=values["horizon_at_anchor"] - rate * anchor_years(),
        slope=math.log(4) / values["horizon_ratio_50_80"],
    )

"""What a run of one seed estimates: means, quantiles and shares, figure by figure.

By the engine under each of its designs, and by NumPy on independent draws of the same
model. A figure is named ``METRIC/QUANTITY/STATISTIC``, as everywhere.
"""

import datetime
import functools
from collections.abc import Iterator, Mapping

import numpy as np
from jaxtyping import Float

from benchmarks.job import CARD, TASKS, TODAY, drawn
from benchmarks.numpy_job import CHUNK, closing, success_gap
from mc.engine.blocks import Cut
from mc.engine.devices import find_devices, working_dtype
from mc.engine.evaluator import Evaluator
from mc.engine.execution import make_design
from mc.engine.experiment import Experiment
from mc.engine.plan import Plan, make_plan
from mc.engine.raw import Kept, Raw, SortedColumns
from mc.engine.sampler import Sampler
from mc.outcomes.bands import rank
from mc.outcomes.status import Status
from priors.cards import Card, load
from priors.units import years_since

PROBS = (0.05, 0.5, 0.95)
SUCCESS = ("task_success_4min", "task_success_1h", "task_success_4h")
"""Labels of the success metrics, in the order of ``TASKS``."""
DAYS = (datetime.date(2030, 1, 1), datetime.date(2035, 1, 1))
EXPERIMENT = Experiment(
    name="accuracy",
    question="How far off is each figure under each design?",
    metrics=("validation_loss", "time_horizon", *SUCCESS),
    at=DAYS,
    by=DAYS,
)
GAPS = tuple(f"gap@{day}" for day in DAYS)
EVENTS = ("peak_years", "convergence_years")
QUANTITIES = (*GAPS, "peak_gap", *EVENTS)

Estimates = dict[str, float]
"""Value by figure; NaN where a quantile is a word."""


def of_engine(design: str, seed: int, points: int) -> Estimates:
    """Every figure of a run.

    Args:
        design: ``sobol``, ``lattice`` or ``independent``.
        seed: Of the run.
        points: Draws of all replicates together.
    """
    asked = make_plan(
        EXPERIMENT, card(), draws=points, seed=seed, design=design, today=TODAY
    )
    raw = _evaluated(asked)
    ordered = SortedColumns(raw, asked.replicates)
    found: Estimates = {}
    for label, name in raw.columns:
        if name not in QUANTITIES:
            continue
        distribution = ordered[label, name]
        figure = _figure(label, name)
        for prob in PROBS:
            found[f"{figure}/q{prob:g}"] = distribution.outcome(prob, prob).value
        if name in EVENTS:
            for day, years in days(asked).items():
                shares = distribution.shares_before(years)
                found[f"{figure}/p_by_{day}"] = float(shares.mean())
        else:
            values, status = raw.columns[label, name]
            bounded = bool(np.all(status == Status.OBSERVED))
            mean = float(values.mean(dtype=np.float64)) if bounded else np.nan
            found[f"{figure}/mean"] = mean
    return found


def of_numpy(seed: int, points: int) -> Estimates:
    """The success metrics' figures, from independent draws in float64."""
    inputs = drawn(points, np.random.default_rng(seed))
    offsets = days(plan())
    years = np.array([*offsets.values()])[:, None]
    found: Estimates = {}
    for minutes, label in zip(TASKS, SUCCESS, strict=True):
        parts = [inputs.part(i, i + CHUNK) for i in range(0, points, CHUNK)]
        rows = [
            np.concatenate([success_gap(part, years, minutes), closing(part, minutes)])
            for part in parts
        ]
        for name, values in zip(QUANTITIES, np.concatenate(rows, axis=1), strict=True):
            found |= dict(_of_values(_figure(label, name), name, values, offsets))
    return found


@functools.cache
def card() -> Card:
    """The standard job's beliefs."""
    return load(CARD)


@functools.cache
def plan() -> Plan:
    """The smallest plan of the experiment: for its epoch and dates."""
    return make_plan(EXPERIMENT, card(), draws=1, today=TODAY)


def days(asked: Plan) -> dict[datetime.date, float]:
    """Years from the epoch to each reported date."""
    return {day: years_since(asked.epoch, day) for day in DAYS}


def _evaluated(asked: Plan) -> Raw:
    """Every draw's events and gaps, without the bands."""
    cut = Cut(num_draws=asked.num_draws, replicates=asked.replicates)
    sampler = Sampler.of(asked, make_design(asked), working_dtype())
    worker = Evaluator(asked, sampler, find_devices("cpu").devices[0], cut)
    kept = Kept(asked.num_draws)
    for first, size in cut.chunks(asked.num_draws):
        parameters, labels = worker.draw(first, size)
        num_draws = size * cut.replicates
        first_draw = first * cut.replicates
        kept.add(worker.raw(parameters, labels, num_draws, first_draw))
    return kept.raw()


def _of_values(
    figure: str,
    name: str,
    values: Float[np.ndarray, " draws"],
    offsets: Mapping[datetime.date, float],
) -> Iterator[tuple[str, float]]:
    ordered = np.sort(values)
    for prob in PROBS:
        value = ordered[int(rank(np.array(prob), len(ordered))) - 1]
        yield f"{figure}/q{prob:g}", float(value) if np.isfinite(value) else np.nan
    if name in EVENTS:
        for day, years in offsets.items():
            yield f"{figure}/p_by_{day}", float(np.mean(values < years))
    else:
        yield f"{figure}/mean", float(values.mean())


def _figure(label: str, name: str) -> str:
    return f"{label}/{name.replace('_years', '_date')}"

"""One draw of a run, made again from its index: inputs, trajectories, events."""

import dataclasses
from typing import Any

import numpy as np
from jaxtyping import Float

from mc.engine.columns import COMPUTE
from mc.engine.plan import Plan
from mc.engine.quantities import host_values
from mc.engine.replay import Replay
from mc.engine.results import Results
from mc.engine.sampler import Parameters
from mc.engine.tables import series_of
from mc.outcomes.status import Reason, Status
from priors.units import Unit, date_at

_HALF = 0.5
Series = Float[np.ndarray, " dates"]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Drawn:
    """One input of the draw.

    Attributes:
        name: The parameter or component.
        text: Its value with its unit, a date, or the label.
        percentile: Share of the run's draws below it, ties half; None of a label.
    """

    name: str
    text: str
    percentile: float | None


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Course:
    """What becomes of one metric in the draw.

    Attributes:
        scenario: In which world.
        metric: Its label.
        unit: Of gaps.
        series: Frontier, meek, gap …, at the dates of the bands, in shown units.
        tolerance: The gap called closed.
        peak_gap: Height of the peak; infinite where there is none.
        peak_date: Its date, or its status in a word.
        convergence_date: The same of the closing.
        peak_status: What the peak is.
        convergence_status: What the closing is.
        convergence_reason: The finer reason.
        num_peaks: Local peaks.
        limit_gap: What the gap tends to; NaN where that is not known.
        gap_at_end: The gap at the last date of the series.
        stored: Whether it equals what the run stored; None where nothing is.
    """

    scenario: str
    metric: str
    unit: str
    series: dict[str, Series]
    tolerance: float
    peak_gap: float
    peak_date: str
    convergence_date: str
    peak_status: Status
    convergence_status: Status
    convergence_reason: Reason
    num_peaks: int
    limit_gap: float
    gap_at_end: float
    stored: bool | None


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Explained:
    """One draw of a run.

    Attributes:
        index: Its global index.
        replicate: The index's rest by the number of replicates.
        point: The index over the number of replicates.
        inputs: What varies in the run, sorted by name.
        constant: Names that are the same in every draw.
        courses: A world and metric each.
        lag_months: Of the baseline, at the dates of the bands.
    """

    index: int
    replicate: int
    point: int
    inputs: tuple[Drawn, ...]
    constant: tuple[str, ...]
    courses: tuple[Course, ...]
    lag_months: Series


def explain(replay: Replay, results: Results, index: int) -> Explained:
    """Make a draw again and say what becomes of it.

    Args:
        replay: The run's plan.
        results: The run.
        index: Global index of the draw.

    Raises:
        InvalidDraw: If a metric makes no sense at its inputs.
    """
    plan = replay.plan
    tile = _tile(replay, index)
    inputs, constant = _inputs(plan, results, tile)
    lag = tile.curves(replay, COMPUTE)["lag_months"]
    return Explained(
        index=index,
        replicate=index % plan.replicates,
        point=index // plan.replicates,
        inputs=inputs,
        constant=constant,
        courses=tuple(
            _course(replay, results, tile, world.name, choice.label)
            for world in plan.scenarios
            for choice in plan.metrics
        ),
        lag_months=lag,
    )


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Tile:
    """The launch that holds the draw: the same kernels as in the run.

    Attributes:
        parameters: Of its draws.
        labels: Of its draws.
        first: Global index of its first draw.
        place: Where in it the draw is.
    """

    parameters: Parameters
    labels: Parameters
    first: int
    place: int

    @property
    def num_draws(self) -> int:
        """How many draws it has."""
        return len(next(iter(self.parameters.values())))

    @property
    def index(self) -> int:
        """Global index of the draw."""
        return self.first + self.place

    def curves(self, replay: Replay, label: str) -> dict[str, Series]:
        """The draw's series at the dates of the bands, in shown units."""
        years, plan = replay.evaluator.frame.band_years, replay.plan
        found = replay.look(label).curves(self.parameters, self.num_draws, years)
        shown = series_of(plan, label)
        return {
            name: host_values(shown[name], rows[:, self.place])
            for name, rows in found.items()
        }


def _tile(replay: Replay, index: int) -> _Tile:
    cut, replicates = replay.cut, replay.plan.replicates
    size = cut.tile_draws
    first = index // size * size
    parameters, labels = replay.sampler.draw(first // replicates, size // replicates)
    return _Tile(parameters=parameters, labels=labels, first=first, place=index - first)


def _inputs(
    plan: Plan, results: Results, tile: _Tile
) -> tuple[tuple[Drawn, ...], tuple[str, ...]]:
    """What varies in the run, with its values here; and the names of what does not."""
    prior = results.parameters
    done = results.tree["interventions"].to_dataset()
    units = dict(plan.card.joint.units)
    units |= {k: unit for world in plan.scenarios for k, unit in world.units().items()}
    found, constant = [], []
    for name in sorted(tile.parameters.keys() & units.keys()):
        stored = done[name.replace("/", ".")] if "/" in name else prior[name]
        everyone = stored.to_numpy()
        if np.ptp(everyone) == 0:
            constant.append(name)
            continue
        value = float(np.asarray(tile.parameters[name])[tile.place])
        found.append(_drawn(plan, name, units[name], value, everyone))
    for name, codes in sorted(tile.labels.items()):
        label = plan.card.joint.component(name).labels[int(codes[tile.place])]
        found.append(Drawn(name=name, text=label, percentile=None))
    return tuple(found), tuple(constant)


def _drawn(
    plan: Plan, name: str, unit: Unit, value: float, everyone: np.ndarray
) -> Drawn:
    number, text = value, ""
    if unit.kind == "date":
        text = date_at(plan.epoch, value).isoformat()
    else:
        number = float(unit.from_canonical(np.array([value], np.float64))[0])
        text = f"{number:.4g} {unit.name}".removesuffix(" 1")
    here = np.float32(number)
    share = np.mean(everyone < here) + _HALF * np.mean(everyone == here)
    return Drawn(name=name, text=text, percentile=float(share))


def _course(
    replay: Replay, results: Results, tile: _Tile, scenario: str, metric: str
) -> Course:
    plan = replay.plan
    world = next(w for w in plan.scenarios if w.name == scenario)
    label = world.label(metric)
    look = replay.look(label)
    events = look.events(tile.parameters, tile.num_draws, tile.first)
    one = {n: np.asarray(v)[tile.place].item() for n, v in vars(events).items()}
    series = tile.curves(replay, label)
    gap = series_of(plan, label)["gap"]
    heights = host_values(gap, np.array([one["peak_gap"], one["limit_gap"]]))
    peak, limit = heights.tolist()
    closing = one["convergence_status"]
    entry = results.manifest["metrics"][metric]
    return Course(
        scenario=scenario,
        metric=metric,
        unit=gap.unit,
        series=series,
        tolerance=entry["tolerance"],
        peak_gap=peak,
        peak_date=_date(plan, one["peak_years"], one["peak_status"]),
        convergence_date=_date(
            plan, one["convergence_years"], one["convergence_status"]
        ),
        peak_status=Status(one["peak_status"]),
        convergence_status=Status(closing),
        convergence_reason=Reason(one["convergence_reason"]),
        num_peaks=one["num_peaks"],
        limit_gap=limit,
        gap_at_end=float(series["gap"][-1]),
        stored=_is_as_stored(results, tile.index, scenario, metric, one, peak),
    )


def _date(plan: Plan, years: float, code: int) -> str:
    status = Status(code)
    if status == Status.OBSERVED:
        return date_at(plan.epoch, years).isoformat()
    if status == Status.BEYOND:
        return f"beyond {plan.experiment.events_until}"
    return status.word


def _is_as_stored(
    results: Results,
    index: int,
    scenario: str,
    metric: str,
    one: dict[str, Any],
    peak: float,
) -> bool | None:
    """Whether the events equal those in ``results.nc``, bit by bit."""
    if index >= results.manifest["draws"]["stored"]:
        return None
    events = results.events
    replicates = events.sizes["chain"]
    place = {"chain": index % replicates, "draw": index // replicates}
    row = events.sel(scenario=scenario, metric=metric).isel(place)
    names = ("peak_years", "convergence_years", "peak_status", "convergence_status")
    here = {name: one[name] for name in names} | {"peak_gap": peak}
    return all(
        np.array_equal(row[name].to_numpy(), np.asarray(value, row[name].dtype))
        for name, value in here.items()
    )

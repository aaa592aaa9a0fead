"""Dates integrated along lines: conditional Monte Carlo over one normal direction.

Each draw is moved along the mean gradient of its date in independent normal scores,
and the share of the line up to a date takes the place of the draw's yes or no. What is
left to average is smooth, so that quantiles converge nearly as means do. Labels of
components are summed over, each with lines of its own.
"""

import dataclasses
import math
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from mc.engine.blocks import TILE_DRAWS, Cut
from mc.engine.cases import (
    ROWS_PER_NAME,
    Case,
    all_cases,
    coordinate,
    gradient,
)
from mc.engine.columns import Column, ColumnKey, marks
from mc.engine.devices import Devices
from mc.engine.evaluator import Evaluator
from mc.engine.execution import make_design
from mc.engine.invalid import InvalidDraw
from mc.engine.plan import Plan
from mc.engine.raw import Raw
from mc.engine.rays import Places, Probe, Rays
from mc.engine.sampler import Sampler
from mc.engine.scenario import split_label
from mc.engine.traces import NODES, Trace, doubled, traced
from mc.outcomes.bands import LEVELS
from mc.outcomes.distributions import Outcome
from mc.outcomes.preintegrated import Preintegrated
from mc.outcomes.status import Status
from priors.faults import Fault, Refusal
from priors.joint import Component

EVENTS = ("peak", "convergence")
MOST_LINES = 2**16
"""Lines of a label; their error is then below that of the nodes."""
LEAST_LINES = 2**10
"""Lines of a label in a short run; fewer would save nothing."""
MOST_CASES = 16
CHECKED_LINES = 2**8
INTERPOLATION_ERROR = 1e-4
"""By how much a share of draws may move where nodes are doubled."""
MOST_UNEVEN = 0.02


class Unsuitable(Exception):
    """A date that lines do not help; the reason is a sentence."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Preintegration:
    """What was integrated along lines.

    Attributes:
        distributions: Dates by label and name of the column.
        told: How each date was treated, for the manifest.
    """

    distributions: Mapping[ColumnKey, Preintegrated]
    told: list[dict[str, Any]]


def preintegrate(
    plan: Plan, devices: Devices, dtype: np.dtype, cut: Cut, stored: Raw
) -> Preintegration:
    """Integrate the peak and closing dates of every metric in every world.

    Args:
        plan: What is run.
        devices: The first of them is used.
        dtype: Working precision.
        cut: How work is cut; changes no digit.
        stored: The first draws as they were found.

    Raises:
        Refusal: If no date of the run can be integrated.
    """
    worker, sampler = _worker(plan, devices, dtype, cut)
    pilot = Places.first(sampler, cut.pilot_draws, cut.chunk_draws)
    jobs = [
        _Job(plan, Probe(worker, sampler, look, event), pilot, stored)
        for look in worker.looks.values()
        if look.world.metric is not None
        for event in EVENTS
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        found = list(pool.map(lambda job: job.tried(), jobs))
    distributions = {
        job.key: dates
        for job, (dates, _) in zip(jobs, found, strict=True)
        if dates is not None
    }
    told = [told for _, told in found]
    if not distributions:
        lines = {f"{one['metric']}: {one['left']}" for one in told}
        raise Refusal([Fault(line, key="--preintegrate") for line in sorted(lines)])
    return Preintegration(distributions=distributions, told=told)


def _worker(
    plan: Plan, devices: Devices, dtype: np.dtype, cut: Cut
) -> tuple[Evaluator, Sampler]:
    device = devices.devices[0]
    sampler = Sampler.of(plan, make_design(plan), dtype)
    return Evaluator(plan, sampler, device, cut), sampler.on(device)


class _Job:
    """One event of one metric in one world."""

    def __init__(self, plan: Plan, probe: Probe, pilot: Places, stored: Raw) -> None:
        self._plan, self._probe, self._pilot = plan, probe, pilot
        self.key = (probe.look.label, f"{probe.event}_years")
        size = len(pilot.scores)
        values, status = stored.columns[self.key]
        self._column: Column = values[:size].astype(np.float64), status[:size]
        self._labels = {n: column[:size] for n, column in stored.labels.items()}

    def tried(self) -> tuple[Preintegrated | None, dict[str, Any]]:
        """The integrated date, or none, and what is told of it."""
        scenario, metric = split_label(self.key[0])
        about = {
            "scenario": scenario,
            "metric": metric,
            "quantity": self.key[1].replace("_years", "_date"),
        }
        try:
            dates, told = self._integrated()
        except Unsuitable as reason:
            return None, about | {"left": str(reason)}
        except InvalidDraw:
            return None, about | {"left": "the metric is undefined far out on a line"}
        return dates, about | told

    def _integrated(self) -> tuple[Preintegrated, dict[str, Any]]:
        cases = self._cases()
        size = _num_lines(self._plan, len(cases))
        known = size <= len(self._pilot.scores)
        places = self._pilot.part(size) if known else self._probe.places(size)
        rays = [self._rays(places, case) for case in cases]
        weights = [case.weight for case in cases]
        traces = [traced(self._probe, ray) for ray in rays]
        error = self._interpolation_error(weights, rays, traces)
        if error > INTERPOLATION_ERROR:
            pairs = zip(rays, traces, strict=True)
            traces = [doubled(self._probe, ray, trace) for ray, trace in pairs]
            error = self._interpolation_error(weights, rays, traces)
        dates = self._averaged(weights, traces, error)
        _check(error, dates.uneven)
        return dates, {
            "lines": size * len(cases),
            "events": sum(t.num_events for t in traces),
            "interpolation_error": error,
            "uneven": dates.uneven,
            "directions": [
                {"labels": dict(case.labels), "weights": ray.told()}
                for case, ray in zip(cases, rays, strict=True)
            ],
        }

    def _averaged(
        self, weights: Sequence[float], traces: Sequence[Trace], error: float = 0.0
    ) -> Preintegrated:
        lines = [trace.lines() for trace in traces]
        parts = list(zip(weights, lines, strict=True))
        return Preintegrated(parts, self._plan.replicates, error)

    def _cases(self) -> list[Case]:
        """Every combination of the labels that move the date."""
        parts = [p for p in self._probe.components if self._matters(p)]
        count = math.prod(len(part.labels) for part in parts)
        if count > MOST_CASES:
            raise Unsuitable(
                f"its components have {count} combinations of labels; {MOST_CASES} "
                "can be summed over"
            )
        return all_cases(parts)

    def _matters(self, component: Component) -> bool:
        """Whether other labels move the date of any draw of a tile."""
        size = min(TILE_DRAWS, len(self._pilot.scores))
        name = coordinate(component)
        places = self._pilot.part(size)
        rolled = {**places.words, name: np.roll(places.words[name], 1)}
        moved = dataclasses.replace(places, words=rolled)
        years, status = self._column
        other = self._probe.at(moved)
        return not (
            np.array_equal(other[0], years[:size])
            and np.array_equal(other[1], status[:size])
        )

    def _rays(self, places: Places, case: Case) -> Rays:
        """Lines along the mean gradient under some labels, or under all."""
        mine = np.ones(len(self._pilot.scores), bool)
        for name, label in case.labels.items():
            mine &= self._labels[name] == label
        for rows in (mine, np.ones_like(mine)):
            direction = gradient(self._pilot.scores, self._column, rows)
            if direction is not None:
                return Rays(places=places.labelled(case.words), direction=direction)
        raise Unsuitable(self._no_gradient())

    def _no_gradient(self) -> str:
        dated = int((self._column[1] == Status.OBSERVED).sum())
        few = f"only {dated} of {len(self._pilot.scores):,} draws have a date"
        if dated >= ROWS_PER_NAME * (len(self._pilot.names) + 1):
            return "no parameter moves it smoothly"
        return few if dated else "no draw has a date"

    def _interpolation_error(
        self,
        weights: Sequence[float],
        rays: Sequence[Rays],
        traces: Sequence[Trace],
    ) -> float:
        """Largest shift of a share at a reported date where nodes are doubled."""
        size = max(CHECKED_LINES, self._plan.replicates)
        some = [trace.part(size) for trace in traces]
        pairs = zip(rays, some, strict=True)
        fine = [doubled(self._probe, ray, trace) for ray, trace in pairs]
        before, after = (self._averaged(weights, part) for part in (some, fine))
        outcomes = [before.outcome(level, level) for level in LEVELS]
        outcomes += [
            Outcome(status=Status.OBSERVED, value=value)
            for value in marks(self._plan, self.key[1]).values()
        ]
        return max(
            abs(float((before.shares(o, 0.5) - after.shares(o, 0.5)).mean()))
            for o in outcomes
        )


def _check(error: float, uneven: float) -> None:
    if uneven > MOST_UNEVEN:
        raise Unsuitable(
            f"along {uneven:.1%} of lines the date does not rise; {MOST_UNEVEN:.0%} "
            "are allowed"
        )
    if error > INTERPOLATION_ERROR:
        raise Unsuitable(
            f"further nodes on its lines move a share by {error:.1g}; "
            f"{INTERPOLATION_ERROR:g} is allowed"
        )


def _num_lines(plan: Plan, num_cases: int) -> int:
    """Lines of a case: about as many points in all as the run has draws."""
    points = plan.num_draws / (len(NODES) * num_cases * plan.replicates)
    power = max(round(math.log2(max(points, 1.0))), 0)
    return min(max(plan.replicates * 2**power, LEAST_LINES), MOST_LINES)

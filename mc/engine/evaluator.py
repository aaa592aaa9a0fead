"""One device at work: draws, and every metric in every world over them."""

import dataclasses
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import numpy as np

from mc.engine.arguments import canonical_arguments, log_tolerance
from mc.engine.blocks import Cut
from mc.engine.checks import WORLD_NEEDS
from mc.engine.columns import (
    COMPUTE,
    PLAUSIBILITY,
    Column,
    ColumnKey,
    crossing_columns,
    fade_columns,
    metric_columns,
    plausibility_columns,
    return_columns,
    standing_columns,
)
from mc.engine.contrasts import contrast_columns
from mc.engine.crowd import LEVELS, LOG_BUDGETS, LOG_TOLERANCE, Crowd
from mc.engine.levels import direction_of
from mc.engine.look import Frame, Look, Place
from mc.engine.plan import Plan
from mc.engine.raw import Raw
from mc.engine.sampler import Parameters, Sampler
from mc.engine.scenario import BASELINE, Followed, split_label
from mc.engine.tile import Tile
from mc.engine.world import World
from mc.model.registry import MetricChoice
from mc.outcomes.events import Events
from mc.outcomes.trace import event_knots
from priors.units import years_since


class Evaluator:
    """A plan's looks bound to one device.

    Args:
        plan: What is evaluated.
        sampler: Where draws come from.
        device: Where it runs.
        cut: Sizes.
    """

    def __init__(self, plan: Plan, sampler: Sampler, device: Any, cut: Cut) -> None:
        self.plan, self.cut = plan, cut
        self._sampler = sampler.on(device)
        frame = self._frame(device, sampler.dtype)
        self.frame = frame
        self.looks = {
            look.label: look
            for scenario in plan.scenarios
            for look in _looks(plan, scenario, frame)
        }
        self._has_ledger = set(WORLD_NEEDS) <= plan.needed

    def draw(self, first_point: int, num_points: int) -> tuple[Parameters, Parameters]:
        """Parameters and labels of a range of points, all replicates."""
        return self._sampler.draw(first_point, num_points)

    def central(self) -> Parameters:
        """A tile of a pilot whose every draw has the central parameters."""
        tile = self.cut.pilot_tile_draws
        return {
            name: self.frame.place.put(np.full(tile, value))
            for name, value in self._sampler.central().items()
        }

    def warm(self, parameters: Parameters) -> None:
        """Compile the kernels of all looks side by side.

        Compiling is most of a short run; it uses a core a thread. Looks that differ in
        numbers alone share what is compiled, so one of them is enough.
        """
        different = {
            (look.world, *sorted(look.world.changes, key=str)): look
            for look in self.looks.values()
        }
        jobs: list[Callable[[], object]] = []
        for look in different.values():
            jobs.append(partial(look.warm, parameters))
            if look.world.metric is not None:
                jobs.append(partial(self._asked_columns, look, parameters, 1))
                continue
            jobs.append(partial(look.standing, parameters, 1))
            if self._has_ledger:
                jobs.append(partial(look.plausibility, parameters, 1))
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda job: job(), jobs))

    def raw(
        self,
        parameters: Parameters,
        labels: Parameters,
        num_draws: int,
        first_draw: int,
    ) -> Raw:
        """Events, standings and ledger of draws, on the host.

        Raises:
            InvalidDraw: If a metric makes no sense at a draw's inputs.
        """
        columns: dict[ColumnKey, Column] = {}
        events: dict[str, Events] = {}
        for scenario in self.plan.scenarios:
            for choice in self.plan.metrics:
                label = scenario.label(choice.label)
                look = self.looks[label]
                events[label] = look.events(parameters, num_draws, first_draw)
                series = look.curves(parameters, num_draws, self.frame.at_years)
                at = {
                    day: {name: rows[i] for name, rows in series.items()}
                    for i, day in enumerate(self.plan.at)
                }
                found = metric_columns(choice, events[label], at, parameters)
                found |= self._asked_columns(look, parameters, num_draws)
                columns |= {(label, name): column for name, column in found.items()}
            columns |= self._path_columns(scenario, parameters, num_draws)
            if scenario.name != BASELINE:
                columns |= contrast_columns(scenario, columns)
        return Raw(
            parameters={n: np.asarray(v) for n, v in parameters.items()},
            labels={n: np.asarray(v) for n, v in labels.items()},
            columns=columns,
            events=events,
        )

    def _asked_columns(
        self, look: Look, parameters: Parameters, num_draws: int
    ) -> dict[str, Column]:
        """Columns that only some runs ask for: crossings, fades and returns."""
        _, metric = split_label(look.label)
        columns: dict[str, Column] = {}
        for level in self.plan.levels:
            if level.metric == metric:
                found = look.crossings(parameters, num_draws, level)
                columns |= crossing_columns(level, found)
        share = self.plan.experiment.fade
        if share is not None:
            columns |= fade_columns(look.fades(parameters, num_draws, share))
        if self.plan.experiment.returns:
            for day, years in zip(self.plan.at, self.frame.at_years, strict=True):
                if day > self.plan.epoch:
                    worth = look.returns(parameters, num_draws, years)
                    columns |= return_columns(day, worth)
        return columns

    def _path_columns(
        self, scenario: Followed, parameters: Parameters, num_draws: int
    ) -> dict[ColumnKey, Column]:
        label = scenario.label(COMPUTE)
        look = self.looks[label]
        found = standing_columns(self.plan, look.standing(parameters, num_draws))
        columns = {(label, name): column for name, column in found.items()}
        if self._has_ledger:
            ledger = look.plausibility(parameters, num_draws)
            found = plausibility_columns(self.plan.at, ledger)
            label = scenario.label(PLAUSIBILITY)
            columns |= {(label, name): column for name, column in found.items()}
        return columns

    def _frame(self, device: Any, dtype: np.dtype) -> Frame:
        plan = self.plan
        epoch = plan.epoch
        place = Place(device=device, dtype=dtype)
        return Frame(
            tile=Tile(self.cut.tile_draws),
            place=place,
            band_years=place.put(np.array([years_since(epoch, d) for d in plan.dates])),
            at_years=place.put(np.array([years_since(epoch, d) for d in plan.at])),
            knots=place.put(event_knots(plan.until_years)),
            until=place.put(plan.until_years),
        )


def _looks(plan: Plan, scenario: Followed, frame: Frame) -> list[Look]:
    """Every metric of a world, and its path."""
    compute = World(
        believed=plan.path.load(), path=scenario.path.load(), changes=scenario.changes
    )
    looks = [
        Look(
            scenario.label(choice.label),
            dataclasses.replace(
                compute,
                metric=choice.load(),
                instanced=choice.instanced,
                wide=choice.own is not None,
            ),
            scenario.name,
            frame,
            arguments=canonical_arguments(choice),
            log_tolerance=log_tolerance(choice, plan.tolerances[choice.label]),
            crowd=_crowd(plan, choice, compute),
        )
        for choice in plan.metrics
    ]
    label = scenario.label(COMPUTE)
    path = Look(label, compute, scenario.name, frame, arguments={}, log_tolerance=0.0)
    return [*looks, path]


def _crowd(
    plan: Plan, choice: MetricChoice, compute: World
) -> tuple[Crowd, dict[str, Any]] | None:
    """A metric's world as a population stands in it, and its arguments."""
    if plan.population is None:
        return None
    levels = plan.population.levels_of(choice)
    crowd = Crowd(
        believed=compute.believed,
        path=compute.path,
        changes=compute.changes,
        metric=choice.load(),
        instanced=choice.instanced,
        wide=choice.own is not None,
        scale=choice.entry.scale,
        direction=direction_of(choice),
        levels=tuple(level.name for level in levels),
    )
    own = {
        LOG_BUDGETS: np.array(plan.population.log_dollars),
        LOG_TOLERANCE: log_tolerance(choice, plan.tolerances[choice.label]),
        LEVELS: np.array([level.value for level in levels]),
    }
    return crowd, canonical_arguments(choice) | own

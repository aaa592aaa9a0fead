"""One device at work: draws, and every metric in every world over them."""

import dataclasses
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import jax
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

Result = TypeVar("Result")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Found:
    """What a look finds of a range of draws, on the host.

    Attributes:
        columns: Values and statuses by label and name.
        events: All that is known of a metric's events; None of a path.
    """

    columns: dict[ColumnKey, Column]
    events: Events | None = None


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

    def pilot(self) -> tuple[Parameters, Parameters]:
        """Parameters and labels of the first draws: a chunk's, so compiled once."""
        cut = self.cut
        num_draws = max(cut.pilot_draws, cut.chunk_draws)
        drawn = self.draw(0, num_draws // cut.replicates)
        if num_draws == cut.pilot_draws:
            return drawn
        device = self.frame.place.device
        values, labels = (
            {n: np.asarray(v)[: cut.pilot_draws] for n, v in found.items()}
            for found in drawn
        )
        return jax.device_put((values, labels), device)

    def side_by_side(self, work: Callable[[Look], Result]) -> dict[str, Result]:
        """What ``work`` makes of every look, by label, on all cores.

        Compiling is most of a short run, and uses one core. Looks that differ in
        numbers alone share what is compiled, so that they come in turn.
        """
        alike: dict[Any, list[Look]] = {}
        for look in self.looks.values():
            key = (look.world, *sorted(look.world.changes, key=str))
            alike.setdefault(key, []).append(look)

        def in_turn(looks: list[Look]) -> dict[str, Result]:
            return {look.label: work(look) for look in looks}

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            parts = list(pool.map(in_turn, alike.values()))
        found = {label: result for part in parts for label, result in part.items()}
        return {label: found[label] for label in self.looks}

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
        found = {
            label: self.found(look, parameters, num_draws, first_draw)
            for label, look in self.looks.items()
        }
        return self.collected(parameters, labels, found)

    def found(
        self, look: Look, parameters: Parameters, num_draws: int, first_draw: int
    ) -> Found:
        """What one look finds of draws, on the host.

        Raises:
            InvalidDraw: If its metric makes no sense at a draw's inputs.
        """
        if look.world.metric is None:
            return Found(columns=self._path_columns(look, parameters, num_draws))
        events = look.events(parameters, num_draws, first_draw)
        series = look.curves(parameters, num_draws, self.frame.at_years)
        at = {
            day: {name: rows[i] for name, rows in series.items()}
            for i, day in enumerate(self.plan.at)
        }
        _, metric = split_label(look.label)
        choice = next(c for c in self.plan.metrics if c.label == metric)
        columns = metric_columns(choice, events, at, parameters)
        columns |= self._asked_columns(look, parameters, num_draws)
        return Found(
            columns={(look.label, name): column for name, column in columns.items()},
            events=events,
        )

    def collected(
        self, parameters: Parameters, labels: Parameters, found: Mapping[str, Found]
    ) -> Raw:
        """What every look found, in the order of scenarios and metrics."""
        columns: dict[ColumnKey, Column] = {}
        for scenario in self.plan.scenarios:
            names = [choice.label for choice in self.plan.metrics]
            for name in (*names, COMPUTE):
                columns |= found[scenario.label(name)].columns
            if scenario.name != BASELINE:
                columns |= contrast_columns(scenario, columns)
        return Raw(
            parameters={n: np.asarray(v) for n, v in parameters.items()},
            labels={n: np.asarray(v) for n, v in labels.items()},
            columns=columns,
            events={k: f.events for k, f in found.items() if f.events is not None},
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
        self, look: Look, parameters: Parameters, num_draws: int
    ) -> dict[ColumnKey, Column]:
        standing = look.standing(parameters, num_draws)
        found = standing_columns(self.plan, standing)
        columns = {(look.label, name): column for name, column in found.items()}
        if self._has_ledger:
            ledger = look.plausibility(parameters, num_draws)
            found = plausibility_columns(self.plan.at, ledger)
            label = look.label.removesuffix(COMPUTE) + PLAUSIBILITY
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

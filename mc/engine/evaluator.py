"""One device at work: draws, curves, counts and columns of ranges of draws."""

import contextlib
import datetime
import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np

from mc.draws.transport import Transport
from mc.engine import kernels
from mc.engine.arguments import canonical_arguments, log_tolerance
from mc.engine.blocks import Cut
from mc.engine.checks import WORLD_NEEDS
from mc.engine.columns import (
    COMPUTE,
    PLAUSIBILITY,
    Column,
    metric_columns,
    plausibility_columns,
    standing_columns,
)
from mc.engine.invalid import CoarseIntegral, InvalidDraw
from mc.engine.kernels import World
from mc.engine.plan import Plan
from mc.engine.raw import ColumnKey, Raw, joined
from mc.outcomes.events import Events
from mc.outcomes.trace import event_knots
from priors.units import years_since

Parameters = dict[str, jax.Array]

INTEGRAL_ERROR = 1e-5
"""Relative difference of 32 and 64 nodes above which a formula is refused."""


class Evaluator:
    """A plan's kernels bound to one device.

    Args:
        plan: What is evaluated.
        transport: Where parameters come from.
        device: Where it runs.
        cut: Sizes.
    """

    def __init__(self, plan: Plan, transport: Transport, device: Any, cut: Cut) -> None:
        self.plan, self.cut, self.device = plan, cut, device
        self._transport = transport.on(device)
        path = plan.path.load()
        self.worlds = {
            c.label: World(path, c.load(), c.instanced, wide=c.own is not None)
            for c in plan.metrics
        }
        self.labels = (*self.worlds, COMPUTE)
        self._compute = World(path)
        self.arguments = {
            c.label: self._put(canonical_arguments(c)) for c in plan.metrics
        }
        self._log_tolerances = {
            c.label: self._put(log_tolerance(c, plan.tolerances[c.label]))
            for c in plan.metrics
        }
        self._knots = self._put(event_knots(plan.until_years))
        self._until = self._put(plan.until_years)
        self.band_years = self.years(plan.dates)
        self.at_years = self.years(plan.at)
        self.has_ledger = set(WORLD_NEEDS) <= plan.needed

    def years(self, dates: tuple[datetime.date, ...]) -> jax.Array:
        """Offsets of ``dates`` from the epoch, on the device."""
        return self._put(np.array([years_since(self.plan.epoch, d) for d in dates]))

    def draw(self, first_point: int, num_points: int) -> tuple[Parameters, Parameters]:
        """Parameters and labels of a range of points, all replicates."""
        draws = self._transport.draw(first_point, num_points)
        return draws.values, draws.labels

    def central(self) -> Parameters:
        """A tile whose every draw has the central parameters."""
        tile = self.cut.tile_draws
        return {
            name: self._put(np.full(tile, value))
            for name, value in self._transport.central().items()
        }

    def warm(self, parameters: Parameters) -> None:
        """Compile the kernels of all metrics side by side, on a tile of draws.

        Compiling is most of a short run; it uses a core a thread.
        """
        tile = next(self._tiles(parameters, self.cut.tile_draws))

        def compiled(label: str) -> None:
            world, arguments = self.worlds[label], self.arguments[label]
            with _precision(world):
                for years in (self.band_years, self.at_years):
                    kernels.curve_tile(tile, arguments, years, world=world)
                kernels.event_tile(
                    tile,
                    arguments,
                    self._knots,
                    self._until,
                    self._log_tolerances[label],
                    world=world,
                )

        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(compiled, self.worlds))

    def curves(
        self, label: str, parameters: Parameters, num_draws: int, years: jax.Array
    ) -> dict[str, np.ndarray]:
        """Every series of ``label`` at ``years``, ``[dates, draws]``, on the host."""
        world = self.worlds.get(label, self._compute)
        with _precision(world):
            tiles = [
                kernels.curve_tile(
                    tile,
                    self.arguments.get(label, {}),
                    years,
                    world=world,
                )
                for tile in self._tiles(parameters, num_draws)
            ]
        return {
            name: np.concatenate([np.asarray(tile[name]) for tile in tiles], axis=1)
            for name in tiles[0]
        }

    def count(
        self,
        label: str,
        parameters: Parameters,
        num_draws: int,
        edges: Mapping[str, jax.Array],
    ) -> dict[str, jax.Array]:
        """Draws of ``label``'s series below ``edges``; returns before it is done."""
        counts = {
            name: jax.device_put(np.zeros(rows.shape, np.int32), self.device)
            for name, rows in edges.items()
        }
        world = self.worlds.get(label, self._compute)
        with _precision(world):
            for tile in self._tiles(parameters, num_draws):
                counts = kernels.count_tile(
                    counts,
                    tile,
                    self.arguments.get(label, {}),
                    self.band_years,
                    edges,
                    world=world,
                )
        return counts

    def check_integrals(
        self, label: str, parameters: Parameters, num_draws: int
    ) -> None:
        """Compare a metric's integrals at twice the nodes, on the dates of the bands.

        Raises:
            CoarseIntegral: If they differ by more than ``INTEGRAL_ERROR``.
        """
        world = self.worlds.get(label, self._compute)
        if not world.wide:
            return
        with _precision(world):
            tiles = [
                kernels.disagreement_tile(
                    tile, self.arguments[label], self.band_years, world=world
                )
                for tile in self._tiles(parameters, num_draws)
            ]
        errors = np.concatenate([np.asarray(tile) for tile in tiles])
        if errors.max() > INTEGRAL_ERROR:
            index = int(np.argmax(errors))
            inputs = {n: float(np.asarray(v)[index]) for n, v in parameters.items()}
            raise CoarseIntegral(index, label, inputs)

    def extrapolated(self, label: str) -> np.ndarray:
        """Dates at which the central frontier stands beyond where data reach."""
        world, centre = self.worlds[label], self.central()
        with _precision(world):
            flags = kernels.extrapolated_tile(
                centre, self.arguments[label], self.band_years, world=world
            )
        return np.asarray(flags)[:, 0]

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
        for choice in self.plan.metrics:
            label = choice.label
            events[label] = self._events(label, parameters, num_draws, first_draw)
            series = self.curves(label, parameters, num_draws, self.at_years)
            at = {
                day: {name: rows[i] for name, rows in series.items()}
                for i, day in enumerate(self.plan.at)
            }
            found = metric_columns(choice, events[label], at, parameters)
            columns |= {(label, name): column for name, column in found.items()}
        columns |= self._path_columns(parameters, num_draws)
        return Raw(
            parameters={n: np.asarray(v) for n, v in parameters.items()},
            labels={n: np.asarray(v) for n, v in labels.items()},
            columns=columns,
            events=events,
        )

    def _events(
        self, label: str, parameters: Parameters, num_draws: int, first_draw: int
    ) -> Events:
        with _precision(self.worlds[label]):
            tiles = [
                kernels.event_tile(
                    tile,
                    self.arguments[label],
                    self._knots,
                    self._until,
                    self._log_tolerances[label],
                    world=self.worlds[label],
                )
                for tile in self._tiles(parameters, num_draws)
            ]
        invalid = np.concatenate([np.asarray(flags) for _, flags in tiles])
        if invalid.any():
            index = int(np.argmax(invalid))
            inputs = {n: float(np.asarray(v)[index]) for n, v in parameters.items()}
            raise InvalidDraw(first_draw + index, label, inputs)
        return joined([events for events, _ in tiles])

    def _path_columns(
        self, parameters: Parameters, num_draws: int
    ) -> dict[ColumnKey, Column]:
        world, tiles = self._compute, list(self._tiles(parameters, num_draws))
        now = joined(
            [kernels.standing_tile(t, self.at_years, world=world) for t in tiles]
        )
        found = standing_columns(self.plan, now)
        columns = {(COMPUTE, name): column for name, column in found.items()}
        if self.has_ledger:
            ledger = joined(
                [
                    kernels.plausibility_tile(
                        tile, self.at_years, self._until, world=world
                    )
                    for tile in tiles
                ]
            )
            found = plausibility_columns(self.plan.at, ledger)
            columns |= {(PLAUSIBILITY, n): column for n, column in found.items()}
        return columns

    def _tiles(self, parameters: Parameters, num_draws: int) -> Iterator[Parameters]:
        """The draws a tile at a time."""
        size = self.cut.tile_draws
        for offset in range(0, num_draws, size):
            yield kernels.tile_of(parameters, np.int32(offset), size=size)

    def _put(self, values: Any) -> Any:
        dtype = self._transport.dtype
        return jax.tree.map(
            lambda v: jax.device_put(jnp.asarray(v, dtype), self.device), values
        )


def _precision(world: World) -> Any:
    """float64 for formulas, in this thread; else what JAX is told."""
    return jax.enable_x64(new_val=True) if world.wide else contextlib.nullcontext()

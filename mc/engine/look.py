"""One metric, or the path alone, in one world: its kernels bound to one device."""

import contextlib
import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any

import jax
import numpy as np

from mc.engine import kernels
from mc.engine.crowd import Crowd
from mc.engine.invalid import CoarseIntegral, InvalidDraw
from mc.engine.levels import Level
from mc.engine.raw import joined
from mc.engine.sampler import Parameters
from mc.engine.tile import Tile
from mc.engine.world import World
from mc.outcomes.crossings import Crossings
from mc.outcomes.events import Events
from mc.outcomes.fades import Fades
from mc.outcomes.plausibility import Plausibility
from mc.outcomes.returns import Returns
from mc.outcomes.standing import Standing

INTEGRAL_ERROR = 1e-5
"""Relative difference of 32 and 64 nodes above which a formula is refused."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Place:
    """Where numbers are kept.

    Attributes:
        device: The device.
        dtype: Working precision.
    """

    device: Any
    dtype: np.dtype

    def put(self, values: Any) -> Any:
        """Numbers on the device, in the working precision."""
        return jax.tree.map(
            lambda v: jax.device_put(np.asarray(v, self.dtype), self.device), values
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Frame:
    """What every look of a run shares, on one device.

    Attributes:
        tile: Draws of one launch.
        place: Where it runs.
        band_years: Dates of the bands.
        at_years: Reported dates.
        knots: Knots of the events.
        until: End of the event window.
    """

    tile: Tile
    place: Place
    band_years: jax.Array
    at_years: jax.Array
    knots: jax.Array
    until: jax.Array


class Look:
    """A world's kernels for one metric, or for the path.

    Args:
        label: Of its results.
        world: What is compiled.
        scenario: Whose changes are seen.
        frame: What all looks share.
        arguments: Of the metric, canonical.
        log_tolerance: Of the metric, on the device's scale.
        crowd: The same world seen by a population, and its arguments; None without.
    """

    def __init__(
        self,
        label: str,
        world: World,
        scenario: str,
        frame: Frame,
        *,
        arguments: Mapping[str, float],
        log_tolerance: float,
        crowd: tuple[Crowd, Mapping[str, Any]] | None = None,
    ) -> None:
        self.label, self.world, self._frame = label, world, frame
        self._prefix = f"{scenario}/"
        self._arguments = frame.place.put(dict(arguments))
        self._banded: list[tuple[World, Any]] = [(world, self._arguments)]
        if crowd is not None:
            self._banded.append((crowd[0], frame.place.put(dict(crowd[1]))))
        self._log_tolerance = frame.place.put(log_tolerance)

    def curves(
        self, parameters: Parameters, num_draws: int, years: jax.Array
    ) -> dict[str, np.ndarray]:
        """Every series at ``years``, ``[dates, draws]``, on the host."""
        with self._precision():
            tiles = [
                self._curve_tile(tile, years)
                for tile in self._tiles(parameters, num_draws)
            ]
        return {
            name: np.concatenate([np.asarray(tile[name]) for tile in tiles], axis=1)
            for name in tiles[0]
        }

    def series(self, parameters: Parameters, years: jax.Array) -> dict[str, jax.Array]:
        """Every series of one tile on the device; JAX can trace and derive it."""
        return self._curve_tile(self._seen(parameters), years)

    def count(
        self, parameters: Parameters, num_draws: int, edges: Mapping[str, jax.Array]
    ) -> dict[str, jax.Array]:
        """Draws of the series below ``edges``; returns before it is done."""
        device, years = self._frame.place.device, self._frame.band_years
        counts = {
            name: jax.device_put(np.zeros(rows.shape, np.int32), device)
            for name, rows in edges.items()
        }
        parts = [
            (world, arguments, rows)
            for world, arguments in self._banded
            if (rows := {n: r for n, r in edges.items() if world.bands(n)})
        ]
        with self._precision():
            for tile in self._tiles(parameters, num_draws):
                for world, arguments, rows in parts:
                    own = {name: counts[name] for name in rows}
                    counts |= kernels.count_tile(
                        own, tile, arguments, years, rows, world=world
                    )
        return counts

    def events(self, parameters: Parameters, num_draws: int, first_draw: int) -> Events:
        """Events of every draw, on the host.

        Raises:
            InvalidDraw: If the metric makes no sense at a draw's inputs.
        """
        with self._precision():
            tiles = [self._event_tile(t) for t in self._tiles(parameters, num_draws)]
        invalid = np.concatenate([np.asarray(flags) for _, flags in tiles])
        if invalid.any():
            index = int(np.argmax(invalid))
            inputs = self._inputs(parameters, index)
            raise InvalidDraw(first_draw + index, self.label, inputs)
        return joined([events for events, _ in tiles])

    def crossings(
        self, parameters: Parameters, num_draws: int, level: Level
    ) -> Crossings:
        """When the actors come to a level, on the host."""
        frame = self._frame
        value, direction = frame.place.put((level.value, float(level.direction)))
        inputs = (frame.knots, frame.until, value, direction)
        return self._over(kernels.crossing_tile, parameters, num_draws, *inputs)

    def fades(self, parameters: Parameters, num_draws: int, share: float) -> Fades:
        """When the gap is back to a share of its peak, on the host."""
        frame = self._frame
        inputs = (frame.knots, frame.until, frame.place.put(math.log(share)))
        return self._over(kernels.fade_tile, parameters, num_draws, *inputs)

    def returns(
        self, parameters: Parameters, num_draws: int, years: jax.Array
    ) -> Returns:
        """What the lead is worth and costs from the epoch to ``years``, on the host."""
        return self._over(kernels.returns_tile, parameters, num_draws, years)

    def _over(
        self, kernel: Any, parameters: Parameters, num_draws: int, *inputs: jax.Array
    ) -> Any:
        """What a kernel of the metric finds of every draw, on the host."""
        with self._precision():
            tiles = [
                kernel(tile, self._arguments, *inputs, world=self.world)
                for tile in self._tiles(parameters, num_draws)
            ]
        return joined(tiles)

    def standing(self, parameters: Parameters, num_draws: int) -> Standing:
        """Where the actors stand at the reported dates, on the host."""
        years = self._frame.at_years
        return joined(
            [
                kernels.standing_tile(tile, years, world=self.world)
                for tile in self._tiles(parameters, num_draws)
            ]
        )

    def plausibility(self, parameters: Parameters, num_draws: int) -> Plausibility:
        """What growth for ever implies for the frontier, on the host."""
        frame = self._frame
        return joined(
            [
                kernels.plausibility_tile(
                    tile, frame.at_years, frame.until, world=self.world
                )
                for tile in self._tiles(parameters, num_draws)
            ]
        )

    def mechanisms(self, parameters: Parameters) -> dict[str, np.ndarray]:
        """What is so in each draw's world, on canonical scales, on the host."""
        found = kernels.mechanism_tile(self._seen(parameters), world=self.world)
        return {name: np.asarray(column) for name, column in found.items()}

    def extrapolated(self, parameters: Parameters) -> np.ndarray:
        """Dates at which the first draw's frontier is beyond where data reach."""
        tile = next(self._tiles(parameters, 1))
        with self._precision():
            flags = kernels.extrapolated_tile(
                tile, self._arguments, self._frame.band_years, world=self.world
            )
        return np.asarray(flags)[:, 0]

    def check_integrals(self, parameters: Parameters, num_draws: int) -> None:
        """Compare integrals at twice the nodes, on the dates of the bands.

        Raises:
            CoarseIntegral: If they differ by more than ``INTEGRAL_ERROR``.
        """
        if not self.world.wide:
            return
        years = self._frame.band_years
        with self._precision():
            tiles = [
                kernels.disagreement_tile(
                    tile, self._arguments, years, world=self.world
                )
                for tile in self._tiles(parameters, num_draws)
            ]
        errors = np.concatenate([np.asarray(tile) for tile in tiles])
        if errors.max() > INTEGRAL_ERROR:
            index = int(np.argmax(errors))
            raise CoarseIntegral(index, self.label, self._inputs(parameters, index))

    def _curve_tile(self, tile: Parameters, years: jax.Array) -> dict[str, jax.Array]:
        """Every series of a tile: of the metric, and of the population."""
        found: dict[str, jax.Array] = {}
        for world, arguments in self._banded:
            found |= kernels.curve_tile(tile, arguments, years, world=world)
        return found

    def _event_tile(self, tile: Parameters) -> tuple[Events, jax.Array]:
        frame = self._frame
        return kernels.event_tile(
            tile,
            self._arguments,
            frame.knots,
            frame.until,
            self._log_tolerance,
            world=self.world,
        )

    def _tiles(self, parameters: Parameters, num_draws: int) -> Iterator[Parameters]:
        """The draws a tile at a time, as this world sees them."""
        seen = self._seen(parameters)
        length = len(next(iter(seen.values())))
        size = min(self._frame.tile.draws, length)
        if size == length:
            yield seen
            return
        for offset in range(0, num_draws, size):
            yield kernels.tile_of(seen, np.int32(offset), size=size)

    def _seen(self, parameters: Parameters) -> Parameters:
        """The card's parameters, and this world's changes under one prefix for all.

        Worlds that change the same parameters thus share what is compiled.
        """
        own = {change.name: change.key for change in self.world.changes}
        seen = {n: v for n, v in parameters.items() if "/" not in n}
        for name, key in own.items():
            seen[key] = parameters[self._prefix + name]
        return seen

    def _inputs(self, parameters: Parameters, index: int) -> dict[str, float]:
        return {
            name: float(np.asarray(column)[index])
            for name, column in self._seen(parameters).items()
        }

    def _precision(self) -> Any:
        """float64 for formulas, in this thread; else what JAX is told."""
        wide = self.world.wide
        return jax.enable_x64(new_val=True) if wide else contextlib.nullcontext()

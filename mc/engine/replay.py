"""Draws of a plan again, from seed and index alone, one figure at a time."""

import dataclasses
from collections.abc import Iterator

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import UInt32

from mc.draws import streams
from mc.engine.blocks import Cut
from mc.engine.classes import LIMIT
from mc.engine.columns import (
    COMPUTE,
    DELAY,
    HEIGHT_CHANGE,
    PLAUSIBILITY,
    Column,
    ColumnKey,
    metric_columns,
    points,
)
from mc.engine.compilations import keep_compilations
from mc.engine.contrasts import EVENT, HEIGHT, contrast_columns
from mc.engine.devices import find_devices, working_dtype
from mc.engine.evaluator import Evaluator
from mc.engine.execution import make_design
from mc.engine.look import Look
from mc.engine.plan import Plan
from mc.engine.sampler import Coordinates, Parameters, Sampler
from mc.engine.scenario import split_label
from mc.model.registry import MetricChoice

TWIN = 1
"""Copy of the coordinates that the pick-freeze design takes blocks from."""
SHUFFLE = "pick-freeze"
"""Name of the streams that shuffle the twins' points."""
EVENTS = ("peak_gap", "peak_years", "convergence_years", LIMIT)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Sample:
    """The first draws of a plan and one column of what came of them, on the host.

    Attributes:
        parameters: Values on their canonical scales, by point and replicate.
        labels: Component labels.
        column: Values and statuses.
    """

    parameters: dict[str, np.ndarray]
    labels: dict[str, np.ndarray]
    column: Column


class Replay:
    """A plan's draws, and what becomes of them, on one device.

    Through the kernels and in the precision of a run, so that a draw has the same
    bits on the same machine.

    Args:
        plan: What was run, or may be.
        device: ``auto``, ``cpu`` or ``gpu``.
    """

    def __init__(self, plan: Plan, *, device: str = "auto") -> None:
        keep_compilations()
        devices = find_devices(device)
        place = devices.devices[0]
        self.plan = plan
        self.cut = Cut.on(
            devices.kind, num_draws=plan.num_draws, replicates=plan.replicates
        )
        sampler = Sampler.of(plan, make_design(plan), working_dtype())
        self.sampler = sampler.on(place)
        self.evaluator = Evaluator(plan, sampler, place, self.cut)
        self._twin = _copied(sampler, TWIN).on(place)

    def sample(self, key: ColumnKey, num_draws: int) -> Sample:
        """The first draws and one column.

        Args:
            key: Label and name of the column.
            num_draws: Replicates times a power of two, at most the plan's.

        Raises:
            KeyError: If the plan has no such column.
            InvalidDraw: If the metric makes no sense at a draw's inputs.
        """
        parts = []
        for first, count in self.cut.chunks(num_draws):
            drawn = self.sampler.draw(first, count)
            first_draw = first * self.plan.replicates
            parts.append((*drawn, self.column(key, drawn[0], first_draw)))
        parameters, labels, columns = zip(*parts, strict=True)
        values, status = zip(*columns, strict=True)
        column = np.concatenate(values), np.concatenate(status)
        replicates = self.plan.replicates
        return Sample(
            parameters=_joined(parameters, replicates),
            labels=_joined(labels, replicates),
            column=points(column, replicates),
        )

    def chunks(self, num_draws: int) -> Iterator[tuple[int, Coordinates]]:
        """First point and coordinates of each chunk of the first draws."""
        for first, count in self.cut.chunks(num_draws):
            yield first, self.sampler.coordinates(first, count)

    def twinned(self, num_draws: int) -> Iterator[tuple[int, Coordinates, Coordinates]]:
        """First point and coordinates of each chunk, and those of its draws' twins.

        The twins' points are shuffled among themselves: a dimension and that of its
        copy may be uneven together.
        """
        parts = self.cut.chunks(num_draws)
        found = [self._twin.coordinates(first, count) for first, count in parts]
        replicates = self.plan.replicates
        order = twin_order(self.plan.seed, replicates, num_draws // replicates)

        def shuffled(columns: list[jax.Array]) -> np.ndarray:
            joined = np.concatenate([np.asarray(c) for c in columns])
            return np.take_along_axis(joined.reshape(order.shape), order, axis=0)

        words = {n: shuffled([c.words[n] for c in found]) for n in found[0].words}
        scores = {n: shuffled([c.scores[n] for c in found]) for n in found[0].scores}
        for first, where in self.chunks(num_draws):
            rows = slice(first, first + self._size(where))
            twin = Coordinates(
                words={n: jnp.asarray(v[rows].ravel()) for n, v in words.items()},
                scores={n: jnp.asarray(v[rows].ravel()) for n, v in scores.items()},
            )
            yield first, where, twin

    def at(self, key: ColumnKey, first_point: int, where: Coordinates) -> Column:
        """A column at coordinates, which may have been moved, by point and replicate.

        Raises:
            KeyError: If the plan has no such column.
            InvalidDraw: If the metric makes no sense at a draw's inputs.
        """
        replicates = self.plan.replicates
        parameters, _ = self.sampler.at(where, self._size(where) * replicates)
        column = self.column(key, parameters, first_point * replicates)
        return points(column, replicates)

    def column(self, key: ColumnKey, parameters: Parameters, first_draw: int) -> Column:
        """One column of some draws, on the host.

        Raises:
            KeyError: If the plan has no such column.
            InvalidDraw: If the metric makes no sense at a draw's inputs.
        """
        label, name = key
        if name.endswith(DELAY) or name == HEIGHT_CHANGE:
            return self._contrast(key, parameters, first_draw)
        num_draws = len(next(iter(parameters.values())))
        look = self.look(label)
        if look.world.metric is not None and name in EVENTS:
            events = look.events(parameters, num_draws, first_draw)
            columns = metric_columns(self._choice(label), events, {}, parameters)
            return columns[name]
        found = self.evaluator.found(look, parameters, num_draws, first_draw)
        return found.columns[key]

    def look(self, label: str) -> Look:
        """The kernels of a metric, or of the path, in a world.

        Raises:
            KeyError: If the plan has no such label.
        """
        stem = label.removesuffix(PLAUSIBILITY)
        return self.evaluator.looks[label if stem == label else stem + COMPUTE]

    def _contrast(
        self, key: ColumnKey, parameters: Parameters, first_draw: int
    ) -> Column:
        label, name = key
        scenario, metric = split_label(label)
        stem = HEIGHT if name == HEIGHT_CHANGE else name.removesuffix(DELAY) + EVENT
        columns = {
            (where, stem): self.column((where, stem), parameters, first_draw)
            for where in (metric, label)
        }
        world = next(w for w in self.plan.scenarios if w.name == scenario)
        return contrast_columns(world, columns)[key]

    def _choice(self, label: str) -> MetricChoice:
        _, metric = split_label(label)
        return next(c for c in self.plan.metrics if c.label == metric)

    def _size(self, where: Coordinates) -> int:
        """Points of each replicate."""
        return len(next(iter(where.words.values()))) // self.plan.replicates


def twin_order(
    seed: int, replicates: int, num_points: int
) -> UInt32[np.ndarray, "points replicates"]:
    """Point of the copy that is each point's twin: any order, each as likely.

    A hash of the index that mixes upwards alone would keep the parity of a point, and
    so the halves of a net together.

    Args:
        seed: The plan's.
        replicates: How many.
        num_points: A power of two; these are shuffled among themselves.
    """
    keys = streams.keys(seed, TWIN, replicates, SHUFFLE)
    index = np.arange(num_points, dtype=np.uint32)[:, None]
    high, low = keys[None, :, 0], keys[None, :, 1]
    lots = streams.word((high, low), np.zeros_like(index), index)
    return np.argsort(np.asarray(lots), axis=0, kind="stable").astype(np.uint32)


def _copied(sampler: Sampler, copy: int) -> Sampler:
    """The same sampler on another copy of every coordinate."""

    def of(transport):
        design = transport.design
        sequences = {n: design.sequence(n, copy) for n in transport.sequences}
        return dataclasses.replace(transport, sequences=jax.device_put(sequences))

    others = tuple((prefix, of(transport)) for prefix, transport in sampler.others)
    return dataclasses.replace(sampler, card=of(sampler.card), others=others)


def _joined(parts: tuple[Parameters, ...], replicates: int) -> dict[str, np.ndarray]:
    """Columns of chunks as one, by point and replicate."""
    return {
        name: np.concatenate([np.asarray(p[name]) for p in parts]).reshape(
            -1, replicates
        )
        for name in parts[0]
    }

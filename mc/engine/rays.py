"""Draws moved along a direction of their normal scores, and what becomes of them."""

import dataclasses
from collections.abc import Mapping

import jax
import numpy as np
from jaxtyping import Float, Int, UInt32

from mc.engine.columns import Column
from mc.engine.evaluator import Evaluator
from mc.engine.look import Look
from mc.engine.sampler import Coordinates, Sampler
from priors.joint import Component

LEAST_WEIGHT = 0.005
"""Below this an entry of a direction is not told."""
Scores = Float[np.ndarray, "draws names"]
Host = dict[str, np.ndarray]


@dataclasses.dataclass(frozen=True, kw_only=True)
class Places:
    """Coordinates of the first draws, on the host.

    Attributes:
        names: Parameters whose scores can be moved.
        scores: Their independent normal scores.
        words: Word of every coordinate.
        others: Scores of the other parameters.
    """

    names: tuple[str, ...]
    scores: Scores
    words: Mapping[str, UInt32[np.ndarray, " draws"]]
    others: Mapping[str, Float[np.ndarray, " draws"]]

    @classmethod
    def first(cls, sampler: Sampler, num_draws: int, chunk_draws: int) -> "Places":
        """Coordinates of the first draws, drawn a chunk at a time."""
        replicates = sampler.card.design.replicates
        points = chunk_draws // replicates
        chunks = [
            sampler.coordinates(first // replicates, points)
            for first in range(0, num_draws, chunk_draws)
        ]

        def joined(parts: list[jax.Array]) -> np.ndarray:
            return np.concatenate([np.asarray(p) for p in parts])[:num_draws]

        words = {n: joined([c.words[n] for c in chunks]) for n in chunks[0].words}
        scores = {n: joined([c.scores[n] for c in chunks]) for n in chunks[0].scores}
        names = sampler.movable()
        columns = [scores[name].astype(np.float64) for name in names]
        return cls(
            names=names,
            scores=np.stack(columns, axis=1) if names else np.empty((num_draws, 0)),
            words=words,
            others={n: column for n, column in scores.items() if n not in names},
        )

    def labelled(self, words: Mapping[str, int]) -> "Places":
        """The same draws with one word for all, in some of the coordinates."""
        fixed = {n: np.full_like(self.words[n], word) for n, word in words.items()}
        return dataclasses.replace(self, words={**self.words, **fixed})

    def part(self, num_draws: int) -> "Places":
        """The first so many of them."""
        return Places(
            names=self.names,
            scores=self.scores[:num_draws],
            words={n: column[:num_draws] for n, column in self.words.items()},
            others={n: column[:num_draws] for n, column in self.others.items()},
        )


@dataclasses.dataclass(frozen=True, kw_only=True)
class Rays:
    """A line through each draw.

    Attributes:
        places: The draws.
        direction: Unit vector; the part of the scores along it is what varies.
    """

    places: Places
    direction: Float[np.ndarray, " names"]

    def told(self) -> dict[str, float]:
        """Weights of the direction that are not next to nothing."""
        pairs = zip(self.places.names, self.direction, strict=True)
        return {n: round(float(w), 4) for n, w in pairs if abs(w) >= LEAST_WEIGHT}

    def at(
        self, lines: Int[np.ndarray, " points"], scores: Float[np.ndarray, " points"]
    ) -> tuple[Host, Host]:
        """Words and scores of points on lines, on the host."""
        places = self.places
        here = places.scores[lines]
        along = scores - (here * self.direction).sum(axis=1)
        moved = here + along[:, None] * self.direction
        columns = {name: moved[:, i] for i, name in enumerate(places.names)}
        columns |= {name: column[lines] for name, column in places.others.items()}
        words = {name: column[lines] for name, column in places.words.items()}
        return words, columns


class Probe:
    """One look, asked for an event at any points.

    Args:
        worker: Whose look it is.
        sampler: On the same device.
        look: A metric in one world.
        event: ``peak`` or ``convergence``.
    """

    def __init__(
        self, worker: Evaluator, sampler: Sampler, look: Look, event: str
    ) -> None:
        self._worker, self._sampler = worker, sampler
        self.look, self.event = look, event

    @property
    def components(self) -> tuple[Component, ...]:
        """Components of the card; scenarios have none of their own."""
        return self._sampler.card.joint.components

    def places(self, num_draws: int) -> Places:
        """Coordinates of the first draws."""
        return Places.first(self._sampler, num_draws, self._worker.cut.chunk_draws)

    def at(self, places: Places) -> Column:
        """Years and statuses where draws stand."""
        still = np.zeros(places.scores.shape[1])
        rays = Rays(places=places, direction=still)
        lines = np.arange(len(places.scores))
        return self.outcomes(rays, lines, np.zeros(len(lines)))

    def outcomes(
        self,
        rays: Rays,
        lines: Int[np.ndarray, " points"],
        scores: Float[np.ndarray, " points"],
    ) -> Column:
        """Years and statuses at points of lines, as many as there are.

        Raises:
            InvalidDraw: If the metric makes no sense at one of them.
        """
        cut, parts = self._worker.cut, []
        # Two lengths of batches, so that little compiles anew.
        size = cut.tile_draws if len(lines) <= cut.tile_draws else cut.chunk_draws
        for first in range(0, len(lines), size):
            num_points = min(size, len(lines) - first)
            taken = first + np.minimum(np.arange(size), num_points - 1)
            where = rays.at(lines[taken], scores[taken])
            parts.append(self._batch(where, size, num_points))
        years, status = zip(*parts, strict=True)
        return np.concatenate(years), np.concatenate(status)

    def _batch(self, where: tuple[Host, Host], size: int, num_points: int) -> Column:
        place = self._worker.frame.place
        words, scores = where
        placed = Coordinates(
            words=jax.device_put(words, place.device), scores=place.put(scores)
        )
        parameters, _ = self._sampler.at(placed, size)
        events = self._worker.frame.tile.fitted(
            lambda: self.look.events(parameters, num_points, 0)
        )
        years = getattr(events, f"{self.event}_years")
        status = getattr(events, f"{self.event}_status")
        return years[:num_points].astype(np.float64), status[:num_points]

"""The posterior's log density, as a function of independent normal scores.

The same likelihood that weights draws, at parameters made by the same transport: under
the prior every score is standard normal, whatever the card's laws and correlations.
Labels of components are summed over.
"""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jaxtyping import Array, Float, Int, UInt32
from scipy.special import log_softmax

from mc.engine.sampler import Coordinates, Parameters, Sampler
from priors.faults import Fault, Refusal

STEP = 1e-3
"""Of a score, over which the likelihood's slope is taken, in float64."""
_COMPONENT, _GROUP = "components.", "groups."
Says = Float[Array, "rows draws"]


@dataclass(frozen=True, kw_only=True, eq=False)
class LogDensity:
    """Log density of scores, given data. ``of`` makes one.

    Attributes:
        sampler: Makes parameters of scores.
        names: The parameters, in the order of the scores.
        words: Of each component, a word for every combination of labels.
        log_weights: Prior of every combination.
        says: What parameters say of the data; JAX traces it.
        log_likelihood: Of what draws say, in float64 on the host.
    """

    sampler: Sampler
    names: tuple[str, ...]
    words: Mapping[str, UInt32[np.ndarray, " labels"]]
    log_weights: Float[np.ndarray, " labels"]
    says: Callable[[Parameters], Says]
    log_likelihood: Callable[
        [Float[np.ndarray, "rows draws"]], Float[np.ndarray, " draws"]
    ]

    @classmethod
    def of(
        cls,
        sampler: Sampler,
        says: Callable[[Parameters], Says],
        log_likelihood: Callable[[np.ndarray], np.ndarray],
    ) -> "LogDensity":
        """The density over all that a sampler draws.

        Args:
            sampler: Makes parameters of scores.
            says: What parameters say of the data; JAX traces it.
            log_likelihood: Of what draws say, rows by draws.

        Raises:
            Refusal: If a parameter is a row of a table: it has no density.
        """
        names, drawn = sampler.movable(), set(sampler.card.sequences)
        stepped = sorted(n for n in drawn - set(names) if not n.startswith(_COMPONENT))
        if stepped:
            told = ", ".join(name.removeprefix(_GROUP) for name in stepped)
            message = (
                f"{told} is drawn as rows of a table, which have no density to follow; "
                "only weights can condition it"
            )
            raise Refusal(Fault(message, key="--sampler"))
        words, log_weights = _labelled(sampler)
        return cls(
            sampler=sampler,
            names=names,
            words=words,
            log_weights=log_weights,
            says=says,
            log_likelihood=log_likelihood,
        )

    @cached_property
    def potential(self) -> Callable[[Float[Array, " scores"]], Float[Array, ""]]:
        """Minus the log density up to a constant, with its slope, for a sampler."""

        @jax.custom_vjp
        def potential(scores):
            return self._with_slope(scores)[0]

        def backward(slope, outer):
            return (outer * slope,)

        potential.defvjp(self._with_slope, backward)
        return potential

    def parameters(
        self, scores: Float[Array, "draws scores"], labels: Int[Array, " draws"]
    ) -> Parameters:
        """Parameters on canonical scales, at scores and combinations of labels."""
        scores = jnp.asarray(scores, self.sampler.dtype)
        where = Coordinates(
            words={n: jnp.asarray(w)[labels] for n, w in self.words.items()},
            scores={n: scores[:, i] for i, n in enumerate(self.names)},
        )
        return self.sampler.at(where, scores.shape[0])[0]

    def said(
        self, scores: Float[Array, "draws scores"], labels: Int[Array, " draws"]
    ) -> Float[np.ndarray, "rows draws"]:
        """What draws say of the data, on the host."""
        found = jax.jit(lambda *where: self.says(self.parameters(*where)))
        return np.asarray(found(scores, labels), np.float64)

    def labelled(
        self, scores: Float[Array, "draws scores"]
    ) -> Float[np.ndarray, "draws labels"]:
        """Log probability of each combination of labels, given scores and data."""
        columns = [
            self.log_likelihood(self.said(scores, jnp.full(len(scores), label)))
            for label in range(self.log_weights.size)
        ]
        return log_softmax(np.stack(columns, axis=1) + self.log_weights, axis=1)

    def _with_slope(self, scores: Array) -> tuple[Array, Array]:
        """Minus the log density, and its slope by the scores."""
        every = jnp.arange(self.log_weights.size)

        def said(one: Array) -> Says:
            alike = jnp.broadcast_to(one, (every.size, one.size))
            return self.says(self.parameters(alike, every))

        found = jax.pure_callback(
            self._host,
            jax.ShapeDtypeStruct((1 + scores.size,), self.sampler.dtype),
            said(scores),
            jax.jacfwd(said)(scores),
            vmap_method="broadcast_all",
        ).astype(scores.dtype)
        return 0.5 * scores @ scores - found[0], scores - found[1:]

    def _host(self, rows: Any, tangents: Any) -> np.ndarray:
        """Log likelihood and its slopes, labels summed over; any leading axes.

        Args:
            rows: What scores say under each combination, ``[…, rows, labels]``.
            tangents: How it moves with each, ``[…, rows, labels, scores]``.
        """
        rows, tangents = (np.asarray(x) for x in (rows, tangents))
        steps = STEP * tangents.astype(np.float64)
        columns = rows.astype(np.float64)[..., None] + np.concatenate(
            [np.zeros_like(steps[..., :1]), steps, -steps], axis=-1
        )
        by_row = np.moveaxis(columns, -3, 0)
        flat = self.log_likelihood(by_row.reshape(len(by_row), -1))
        values = flat.reshape(by_row.shape[1:]) + self.log_weights[:, None]
        values = np.where(np.isfinite(values), values, -np.inf)
        total = np.logaddexp.reduce(values, axis=-2)
        size = steps.shape[-1]
        with np.errstate(invalid="ignore"):
            slopes = (total[..., 1 : size + 1] - total[..., size + 1 :]) / (2.0 * STEP)
        found = np.concatenate([total[..., :1], np.nan_to_num(slopes)], axis=-1)
        return found.astype(self.sampler.dtype)


def _labelled(sampler: Sampler) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """A word of each component for every combination of labels, and its prior."""
    parts = [p for p in sampler.card.joint.components if p.name in sampler.card.firsts]
    combinations = list(itertools.product(*(range(len(p.labels)) for p in parts)))
    words, log_weights = {}, np.zeros(len(combinations))
    for i, part in enumerate(parts):
        chosen = np.array([labels[i] for labels in combinations])
        middles = np.cumsum(part.weights) - 0.5 * np.array(part.weights)
        words[_COMPONENT + part.name] = (middles[chosen] * 2.0**32).astype(np.uint32)
        log_weights += np.log(part.weights)[chosen]
    return words, log_weights

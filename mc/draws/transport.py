"""From coordinates to parameters: a monotone map a parameter, all of it data.

Every step is a kernel of its own, the same whatever other parameters there are: a
parameter keeps its bits when others are added, dropped or put in another order, and
a changed law, interval, truncation or weight compiles nothing.
"""

from dataclasses import dataclass, replace

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int32, UInt32
from numpy.typing import ArrayLike

from mc.draws import coordinates, tables
from mc.draws.designs import Design
from mc.draws.sequences import Sequence
from mc.model.pytree import pytree
from priors.joint import Belief, JointPrior, Marginal
from priors.laws import Empirical, Point

Words = UInt32[Array, " draws"]
Labels = Int32[Array, " draws"]
Values = Float[Array, " draws"]


@dataclass(frozen=True, kw_only=True)
class Draws:
    """Parameters of consecutive draws, in point-major order.

    Attributes:
        values: Name to values on the canonical scale, for every name of the prior.
        labels: Component to the label of each draw, as its position in the card.
    """

    values: dict[str, Values]
    labels: dict[str, Labels]


@pytree
@dataclass(frozen=True, kw_only=True)
class Map:
    """From label, coordinate and parent to the values of one parameter.

    Attributes:
        cubics: Quantile tables of the labels, one after the other.
        slopes: Factor of the parent's value under each label.
        columns: Sorted values of each label whose law is empirical.
    """

    cubics: Float[Array, "4 cells"]
    slopes: Float[Array, " labels"]
    columns: dict[int, Float[Array, " rows"]]

    @classmethod
    def of(cls, belief: Belief, dtype: np.dtype) -> "Map":
        """Map of a belief in the working precision."""
        laws = [marginal.law for marginal in belief.marginals]
        return cls(
            cubics=_placed(
                np.concatenate([_cubics(part) for part in belief.marginals], axis=1),
                dtype,
            ),
            slopes=_placed([part.slope for part in belief.marginals], dtype),
            columns={
                label: _placed(law.values, dtype)
                for label, law in enumerate(laws)
                if isinstance(law, Empirical)
            },
        )


@dataclass(frozen=True, kw_only=True)
class Transport:
    """A joint prior and a design, ready to draw. ``compile`` makes one.

    Attributes:
        joint: The joint prior.
        design: What fills the coordinates.
        dtype: Working precision of the values.
        sequences: Sequence of each coordinate that is needed.
        firsts: First word of every label but the first, of each component.
        maps: Map of each belief.
        factors: Row of its cluster's Cholesky factor, of each correlated parameter.
        groups: Columns of each group.
    """

    joint: JointPrior
    design: Design
    dtype: np.dtype
    sequences: dict[str, Sequence]
    firsts: dict[str, UInt32[Array, " inner"]]
    maps: dict[str, Map]
    factors: dict[str, Float[Array, " parts"]]
    groups: dict[str, dict[str, Float[Array, " rows"]]]

    @classmethod
    def compile(
        cls, joint: JointPrior, design: Design, dtype: np.dtype | type | str
    ) -> "Transport":
        """Make the tables, on the host in float64, and put them on the device.

        Args:
            joint: What to draw; everything in it is drawn.
            design: What fills the coordinates.
            dtype: float32, or float64 where JAX has it enabled.

        Raises:
            ValueError: float64 is asked of a JAX that has it disabled, or a law has
                infinite quantiles.
        """
        dtype = np.dtype(dtype)
        if jax.dtypes.canonicalize_dtype(dtype) != dtype:
            raise ValueError(f"{dtype} needs JAX with jax_enable_x64 set")
        names = _coordinate_names(joint)
        return cls(
            joint=joint,
            design=design,
            dtype=dtype,
            sequences=jax.device_put({name: design.sequence(name) for name in names}),
            firsts={
                part.name: _placed(coordinates.shares(part.weights), np.uint32)
                for part in joint.components
            },
            maps={belief.name: Map.of(belief, dtype) for belief in joint.beliefs},
            factors={
                name: _placed(cluster.cholesky[row, : row + 1], dtype)
                for cluster in joint.clusters
                for row, name in enumerate(cluster.names)
            },
            groups={
                group.name: {
                    name: _placed(column, dtype)
                    for name, column in group.columns.items()
                }
                for group in joint.groups
            },
        )

    def on(
        self,
        device: jax.Device,  # pyright: ignore[reportInvalidTypeForm]
    ) -> "Transport":
        """The same transport with its arrays, and so its draws, on one device."""
        return replace(
            self,
            sequences=jax.device_put(self.sequences, device),
            firsts=jax.device_put(self.firsts, device),
            maps=jax.device_put(self.maps, device),
            factors=jax.device_put(self.factors, device),
            groups=jax.device_put(self.groups, device),
        )

    def draw(self, first_point: int, num_points: int) -> Draws:
        """Draw the points from ``first_point`` on, in every replicate.

        Args:
            first_point: First point of every replicate.
            num_points: Number of points; a new number compiles anew.

        Returns:
            ``num_points * replicates`` draws.

        Raises:
            ValueError: The design has no such points.
        """
        words = self.words(first_point, num_points)
        return self.at(words, self.scores(words), num_points * self.design.replicates)

    def words(self, first_point: int, num_points: int) -> dict[str, Words]:
        """Word of every coordinate at points that the design has, else ValueError."""
        self.design.check_range(first_point, num_points)
        return {
            name: sequence.words(first_point, num_points)
            for name, sequence in self.sequences.items()
        }

    def scores(self, words: dict[str, Words]) -> dict[str, Values]:
        """Independent normal score of every parameter that has a coordinate."""
        return {
            name: coordinates.normal_scores(words[name], dtype=self.dtype)
            for name in self.maps
            if name in words
        }

    def at(
        self, words: dict[str, Words], scores: dict[str, Values], num_draws: int
    ) -> Draws:
        """Parameters at independent scores, which may have been moved.

        Labels, rows and uncorrelated columns are read from the ``words``.
        """
        labels = {
            name: coordinates.labels(words[f"components.{name}"], firsts)
            for name, firsts in self.firsts.items()
        }
        values = self._grouped(words)
        scores = self._mixed(scores)
        zeros = np.zeros(num_draws)
        one_label, no_score = _placed(zeros, np.int32), _placed(zeros, self.dtype)
        for belief in self.joint.in_order():
            label = one_label if belief.by is None else labels[belief.by]
            score = scores.get(belief.name, no_score)
            values[belief.name] = self._drawn(belief, label, score, words, values)
        target = self.joint.target
        return Draws(
            values={name: values[target(name)] for name in self.joint.names()},
            labels=labels,
        )

    def _grouped(self, words: dict[str, Words]) -> dict[str, Values]:
        values = {}
        for group, columns in self.groups.items():
            for name, column in columns.items():
                values[name] = _picked(column, words[f"groups.{group}"])
        return values

    def _mixed(self, own: dict[str, Values]) -> dict[str, Values]:
        """Scores as the dependence makes them of the independent ones."""
        mixed = {}
        for cluster in self.joint.clusters:
            for row, name in enumerate(cluster.names):
                parts = tuple(own[part] for part in cluster.names[: row + 1])
                mixed[name] = coordinates.combined_scores(self.factors[name], parts)
        return own | mixed

    def _drawn(
        self,
        belief: Belief,
        label: Labels,
        score: Values,
        words: dict[str, Words],
        values: dict[str, Values],
    ) -> Values:
        """Values of one belief; those of its parent are there already."""
        how = self.maps[belief.name]
        drawn = tables.read(how.cubics, label, score)
        for chosen, column in how.columns.items():
            correlated = belief.name in self.factors
            word = (
                coordinates.words_of_scores(score) if correlated else words[belief.name]
            )
            drawn = _replaced(drawn, label, np.int32(chosen), column, word)
        if belief.parent is not None:
            parent = values[self.joint.target(belief.parent)]
            drawn = _given(drawn, label, how.slopes, parent)
        return drawn


def _placed(values: ArrayLike, dtype: np.dtype | type) -> Array:
    """Numbers on the device; converted on the host, where nothing is compiled."""
    return jax.device_put(np.asarray(values, dtype))


def _coordinate_names(joint: JointPrior) -> list[str]:
    varying = {
        belief.name
        for belief in joint.beliefs
        if not all(isinstance(part.law, Point) for part in belief.marginals)
    }
    correlated = {name for cluster in joint.clusters for name in cluster.names}
    components = {f"components.{part.name}" for part in joint.components}
    groups = {f"groups.{group.name}" for group in joint.groups}
    return sorted(varying | correlated | components | groups)


def _cubics(marginal: Marginal) -> tables.Coefficients:
    """Quantile table of a smooth law; a blank one where a column takes its place."""
    if isinstance(marginal.law, Empirical):
        return np.zeros((4, tables.NUM_CELLS))
    return tables.quantile_table(marginal.law)


@jax.jit
def _picked(column: Float[Array, " rows"], words: Words) -> Values:
    row = coordinates.rows(words, num_rows=column.shape[0])
    return column.at[row].get(mode="promise_in_bounds")


@jax.jit
def _replaced(
    values: Values,
    labels: Labels,
    chosen: Int32[Array, ""],
    column: Float[Array, " rows"],
    words: Words,
) -> Values:
    return jnp.where(labels == chosen, _picked(column, words), values)


@jax.jit
def _given(
    values: Values, labels: Labels, slopes: Float[Array, " labels"], parent: Values
) -> Values:
    return values + slopes.at[labels].get(mode="promise_in_bounds") * parent

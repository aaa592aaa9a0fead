"""How the cube of coordinates is filled: Sobol', lattice, independent.

A design gives every name its own coordinate, whatever other names there are. Global
index ``g`` is point ``g div R`` of replicate ``g mod R``, so the first draws of a long
run are those of a short one, and every replicate is a randomisation of its own.
"""

import functools
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from jax import Array
from jaxtyping import UInt32

from mc.draws import dimensions, sequences, streams
from mc.draws.sequences import Net, Rank1, Sequence, Shuffled, Stream
from mc.draws.sizes import check_replicates


@dataclass(frozen=True, kw_only=True)
class _Design:
    """What the designs share.

    Attributes:
        seed: Integer that the user chose, in [0, 2**64).
        replicates: Number of independent randomisations, R: a power of two, at least 8.
    """

    seed: int
    replicates: int
    max_points: ClassVar[int]

    def __post_init__(self) -> None:
        check_replicates(self.replicates)

    def sequence(self, name: str, copy: int = 0) -> Sequence:
        """Sequence of a name's coordinate, with its arrays on the host."""
        raise NotImplementedError

    def describe(self, name: str, copy: int = 0) -> str:
        """What fills a name's coordinate, in words."""
        raise NotImplementedError

    def check_range(self, first_point: int, num_points: int) -> None:
        """Refuse points that the design does not have.

        Raises:
            ValueError: A point lies before 0 or past ``max_points``.
        """
        stop = first_point + num_points
        if first_point < 0 or num_points < 1 or stop > self.max_points:
            raise ValueError(
                f"points {first_point} to {stop} are asked; a {type(self).__name__} "
                f"design has points 0 to {self.max_points} in each replicate"
            )

    def words(
        self, name: str, first_point: int, num_points: int, copy: int = 0
    ) -> UInt32[Array, " draws"]:
        """Coordinate of a name as words, ``u = (word + ½) / 2**32``.

        Args:
            name: Name of the parameter, component or group.
            first_point: First point of every replicate.
            num_points: Number of points; a new number compiles anew.
            copy: 0 for ordinary draws, 1 for the pick-freeze twin, 2 and up for
                predictive noise.

        Returns:
            ``num_points * replicates`` words: all replicates of a point, then the next.

        Raises:
            ValueError: The design has no such points.
        """
        self.check_range(first_point, num_points)
        return self.sequence(name, copy).words(first_point, num_points)


@dataclass(frozen=True, kw_only=True)
class Sobol(_Design):
    """Sobol's sequence, linearly scrambled and digitally shifted in each replicate."""

    max_points: ClassVar[int] = 2**32

    def sequence(self, name: str, copy: int = 0) -> Sequence:
        """Scrambled dimension of a tabled name; shuffled van der Corput of another."""
        return _sobol(self.seed, self.replicates, name, copy)

    def describe(self, name: str, copy: int = 0) -> str:
        """Dimension of a tabled name, or what takes its place."""
        return _dimension_in_words("Sobol' dimension", name, copy)


@dataclass(frozen=True, kw_only=True)
class Lattice(_Design):
    """Rank-1 lattice, shifted at random in each replicate.

    Points come in van der Corput order, in which the first N = 2**m are the lattice
    of N points, for every m.
    """

    max_points: ClassVar[int] = 2**20

    def sequence(self, name: str, copy: int = 0) -> Sequence:
        """Shifted coordinate of a tabled name; shuffled van der Corput of another."""
        return _lattice(self.seed, self.replicates, name, copy)

    def describe(self, name: str, copy: int = 0) -> str:
        """Dimension of a tabled name, or what takes its place."""
        return _dimension_in_words("lattice dimension", name, copy)


@dataclass(frozen=True, kw_only=True)
class Independent(_Design):
    """Independent draws: one named stream a coordinate and replicate."""

    max_points: ClassVar[int] = 2**64

    def sequence(self, name: str, copy: int = 0) -> Sequence:
        """Threefry streams of a name."""
        return _independent(self.seed, self.replicates, name, copy)

    def describe(self, name: str, copy: int = 0) -> str:
        """Stream of a name."""
        return f"stream {name!r}, copy {copy}"


Design = Sobol | Lattice | Independent
DESIGNS: dict[str, type[Design]] = {
    "sobol": Sobol,
    "lattice": Lattice,
    "independent": Independent,
}


@functools.cache
def _sobol(seed: int, replicates: int, name: str, copy: int) -> Net | Shuffled:
    dimension = dimensions.dimension(name, copy)
    if dimension is None:
        return Shuffled(seeds=_host_words(seed, replicates, name, copy, 2))
    words = _host_words(seed, replicates, name, copy, 33)
    directions = dimensions.direction_numbers()[dimension - 1]
    scrambled = sequences.linearly_scrambled(directions, words[:, 1:])
    return Net(byte_sums=sequences.summed_by_byte(scrambled), shifts=words[:, 0])


@functools.cache
def _lattice(seed: int, replicates: int, name: str, copy: int) -> Rank1 | Shuffled:
    dimension = dimensions.dimension(name, copy)
    if dimension is None:
        return Shuffled(seeds=_host_words(seed, replicates, name, copy, 2))
    return Rank1(
        multiplier=dimensions.lattice_vector()[dimension - 1],
        shifts=_host_words(seed, replicates, name, copy, 1)[:, 0],
    )


@functools.cache
def _independent(seed: int, replicates: int, name: str, copy: int) -> Stream:
    return Stream(keys=streams.keys(seed, copy, replicates, name))


def _host_words(
    seed: int, replicates: int, name: str, copy: int, num_words: int
) -> UInt32[np.ndarray, "replicates words"]:
    """First words of a name's streams, of which its scrambles and shifts are made."""
    keys = streams.keys(seed, copy, replicates, name)
    index = np.arange(num_words, dtype=np.uint32)
    return np.asarray(
        streams.word((keys[:, :1], keys[:, 1:]), np.zeros_like(index), index)
    )


def _dimension_in_words(kind: str, name: str, copy: int) -> str:
    dimension = dimensions.dimension(name, copy)
    return "shuffled van der Corput" if dimension is None else f"{kind} {dimension}"

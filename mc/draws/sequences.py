"""Randomised point sequences on one coordinate, evaluated at consecutive indices.

A sequence holds the arrays of one name in every replicate. ``words(first, num)``
gives 32-bit coordinates in point-major order: all replicates of a point, then the
next point. Where it starts and what the arrays hold are data: nothing recompiles.
"""

import functools
from dataclasses import dataclass

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array, lax
from jaxtyping import UInt32

from mc.draws import streams
from mc.draws.streams import Words
from mc.model.pytree import pytree

_jit = functools.partial(jax.jit, static_argnames="num_points")


@pytree
@dataclass(frozen=True, kw_only=True)
class Net:
    """One dimension of a digital net in base 2, with a digital shift.

    Attributes:
        byte_sums: Sum over GF(2) of the direction numbers that each value of each
            byte of the index chooses.
        shifts: Words that are added digit by digit.
    """

    byte_sums: (
        UInt32[Array, "4 256 replicates"] | UInt32[np.ndarray, "4 256 replicates"]
    )
    shifts: UInt32[Array, " replicates"] | UInt32[np.ndarray, " replicates"]

    def words(self, first_point: int, num_points: int) -> UInt32[Array, " draws"]:
        """Words of the points from ``first_point`` on, in Gray-code order."""
        first = np.uint32(first_point)
        words = _net(self.byte_sums, self.shifts, first, num_points=num_points)
        return _flat(words)


@pytree
@dataclass(frozen=True, kw_only=True)
class Rank1:
    """One coordinate of an extensible rank-1 lattice, shifted modulo 1.

    Attributes:
        multiplier: Component of the generating vector.
        shifts: Words that are added modulo 2**32.
    """

    multiplier: UInt32[Array, ""] | np.uint32
    shifts: UInt32[Array, " replicates"] | UInt32[np.ndarray, " replicates"]

    def words(self, first_point: int, num_points: int) -> UInt32[Array, " draws"]:
        """Words of the points from ``first_point`` on, in van der Corput order."""
        first = np.uint32(first_point)
        return _flat(_rank1(self.multiplier, self.shifts, first, num_points=num_points))


@pytree
@dataclass(frozen=True, kw_only=True)
class Shuffled:
    """Van der Corput points at a nested-shuffled index, nested-scrambled.

    Independent of every other coordinate, and as even as Sobol's in its own.

    Attributes:
        seeds: Seeds of the shuffle and of the scramble.
    """

    seeds: UInt32[Array, "replicates 2"] | UInt32[np.ndarray, "replicates 2"]

    def words(self, first_point: int, num_points: int) -> UInt32[Array, " draws"]:
        """Words of the points from ``first_point`` on."""
        first = np.uint32(first_point)
        return _flat(_shuffled(self.seeds, first, num_points=num_points))


@pytree
@dataclass(frozen=True, kw_only=True)
class Stream:
    """Independent words.

    Attributes:
        keys: Keys of the streams.
    """

    keys: UInt32[Array, "replicates 2"] | UInt32[np.ndarray, "replicates 2"]

    def words(self, first_point: int, num_points: int) -> UInt32[Array, " draws"]:
        """Words of the streams from index ``first_point`` on, below 2**64."""
        high, low = (np.uint32(half) for half in divmod(first_point, 2**32))
        return _flat(_stream(self.keys, high, low, num_points=num_points))


Sequence = Net | Rank1 | Shuffled | Stream


def linearly_scrambled(
    directions: UInt32[np.ndarray, "32"], rows: UInt32[np.ndarray, "replicates 32"]
) -> UInt32[np.ndarray, "replicates 32"]:
    """Direction numbers times a random unit lower triangular matrix over GF(2).

    Matoušek's linear matrix scramble, J. Complexity 14 (1998).

    Args:
        directions: One dimension's direction numbers; the highest bit is the first
            digit.
        rows: Random words, one for each row of the matrix, of which the bits left of
            the diagonal are used.
    """
    diagonal = np.uint32(1) << np.arange(31, -1, -1, dtype=np.uint32)
    left = ~((diagonal << np.uint32(1)) - np.uint32(1))
    matrix = (rows & left) | diagonal
    digits = np.bitwise_count(matrix[:, None, :] & directions[:, None]) & np.uint8(1)
    return np.bitwise_or.reduce(digits.astype(np.uint32) * diagonal, axis=-1)


def summed_by_byte(
    directions: UInt32[np.ndarray, "replicates 32"],
) -> UInt32[np.ndarray, "4 256 replicates"]:
    """Sum of the direction numbers chosen by each value of each byte of an index."""
    byte = np.arange(256, dtype=np.uint32)[:, None]
    sums = np.zeros((4, 256, len(directions)), np.uint32)
    for bit in range(8):
        chosen = (byte >> np.uint32(bit)) & np.uint32(1)
        sums ^= chosen * directions[:, bit::8].T[:, None, :]
    return sums


def reverse_bits(x: Words) -> Words:
    """Words with their 32 bits in the opposite order."""
    for distance, mask in (
        (1, 0x55555555),
        (2, 0x33333333),
        (4, 0x0F0F0F0F),
        (8, 0x00FF00FF),
        (16, 0x0000FFFF),
    ):
        shift, low = np.uint32(distance), np.uint32(mask)
        x = ((x >> shift) & low) | ((x & low) << shift)
    return x


def laine_karras(x: Words, seed: Words) -> Words:
    """Hash whose low k bits depend on the low k bits of ``x`` only, and bijectively.

    On bit-reversed words it is a nested uniform scramble (Laine and Karras 2011;
    Burley, JCGT 2020), here with Vegdahl's constants (Building a Better LK Hash, May
    2021). The seed should itself be random.
    """
    x = x ^ (x * np.uint32(0x3D20ADEA))
    x = x + seed
    x = x * ((seed >> np.uint32(16)) | np.uint32(1))
    x = x ^ (x * np.uint32(0x05526C56))
    return x ^ (x * np.uint32(0x53A22864))


@_jit
def _net(
    byte_sums: UInt32[Array, "4 256 replicates"],
    shifts: UInt32[Array, " replicates"],
    first_point: UInt32[Array, ""],
    *,
    num_points: int,
) -> UInt32[Array, "points replicates"]:
    index = _indices(first_point, num_points)[:, 0]
    gray = index ^ (index >> np.uint32(1))
    words = shifts
    for place in range(4):
        byte = (gray >> np.uint32(8 * place)) & np.uint32(255)
        words = words ^ byte_sums[place].at[byte].get(mode="promise_in_bounds")
    return words


@_jit
def _rank1(
    multiplier: UInt32[Array, ""],
    shifts: UInt32[Array, " replicates"],
    first_point: UInt32[Array, ""],
    *,
    num_points: int,
) -> UInt32[Array, "points replicates"]:
    index = _indices(first_point, num_points)
    return reverse_bits(index) * multiplier + shifts


@_jit
def _shuffled(
    seeds: UInt32[Array, "replicates 2"],
    first_point: UInt32[Array, ""],
    *,
    num_points: int,
) -> UInt32[Array, "points replicates"]:
    index = _indices(first_point, num_points)
    # The point at shuffled index i is i reversed, which undoes the shuffle's own.
    point = laine_karras(reverse_bits(index), seeds[:, 0])
    return reverse_bits(laine_karras(reverse_bits(point), seeds[:, 1]))


@_jit
def _stream(
    keys: UInt32[Array, "replicates 2"],
    first_high: UInt32[Array, ""],
    first_low: UInt32[Array, ""],
    *,
    num_points: int,
) -> UInt32[Array, "points replicates"]:
    low = _indices(first_low, num_points)
    high = first_high + (low < first_low).astype(jnp.uint32)
    return streams.word((keys[:, 0], keys[:, 1]), high, low)


@jax.jit
def _flat(
    words: UInt32[Array, "points replicates"],
) -> UInt32[Array, " draws"]:
    """Words in one axis: a kernel of its own, or the words cost ten times as much."""
    return words.ravel()


def _indices(first: UInt32[Array, ""], num_points: int) -> UInt32[Array, "points 1"]:
    return first + lax.iota(jnp.uint32, num_points)[:, None]

"""Named random streams: a word is a function of seed, copy, replicate, name, index.

A key is hashed from the name, an index is enciphered under the key by Threefry-2x32
with 20 rounds (Salmon, Moraes, Dror and Shaw, SC11), and the two words of the result
are folded by XOR. This is what ``jax.random.bits`` returns for a one-dimensional
array, so every stream can be audited with stock JAX.
"""

import hashlib
from typing import TypeVar

import numpy as np
from jax import Array
from jaxtyping import UInt32

Words = TypeVar("Words", UInt32[Array, "..."], UInt32[np.ndarray, "..."])

FORMAT = b"meekmc/1\0"
PARITY = np.uint32(0x1BD11BDA)
ROTATIONS = ((13, 15, 26, 6), (17, 29, 16, 24))


def key(seed: int, copy: int, replicate: int, name: str) -> UInt32[np.ndarray, "2"]:
    """Key of one stream: the first 64 bits of a SHA-256 over all that names it.

    Args:
        seed: Integer that the user chose, in [0, 2**64).
        copy: 0 for ordinary draws, 1 for the pick-freeze twin, 2 and up for
            predictive noise, below 2**32.
        replicate: Number of the independent randomisation, below 2**32.
        name: Name of the parameter, component or group.

    Returns:
        High and low word.

    Raises:
        ValueError: A number is negative or too large.
    """
    message = (
        FORMAT
        + _big_endian("seed", seed, 8)
        + _big_endian("copy", copy, 4)
        + _big_endian("replicate", replicate, 4)
        + name.encode()
    )
    return np.frombuffer(hashlib.sha256(message).digest()[:8], ">u4").astype(np.uint32)


def keys(
    seed: int, copy: int, replicates: int, name: str
) -> UInt32[np.ndarray, "replicates 2"]:
    """Keys of the same name in every replicate."""
    return np.stack([key(seed, copy, r, name) for r in range(replicates)])


def threefry2x32(
    key: tuple[Words, Words], counter: tuple[Words, Words]
) -> tuple[Words, Words]:
    """Threefry-2x32 with 20 rounds, on NumPy and JAX words alike.

    Args:
        key: Two words, broadcast against the counter. On the host these are arrays,
            not scalars: NumPy warns when a scalar wraps around.
        counter: Two words.

    Returns:
        The enciphered counter.
    """
    schedule = (*key, key[0] ^ key[1] ^ PARITY)
    x, y = counter[0] + schedule[0], counter[1] + schedule[1]
    for group in range(5):
        for rotation in ROTATIONS[group % 2]:
            x = x + y
            y = _rotated(y, rotation) ^ x
        x = x + schedule[(group + 1) % 3]
        y = y + schedule[(group + 2) % 3] + np.uint32(group + 1)
    return x, y


def word(key: tuple[Words, Words], high: Words, low: Words) -> Words:
    """Word of a stream at index ``2**32 * high + low``."""
    x, y = threefry2x32(key, (high, low))
    return x ^ y


def _rotated(x: Words, distance: int) -> Words:
    return (x << np.uint32(distance)) | (x >> np.uint32(32 - distance))


def _big_endian(what: str, number: int, num_bytes: int) -> bytes:
    limit = 2 ** (8 * num_bytes)
    if not 0 <= number < limit:
        raise ValueError(f"{what} is {number}; it must be at least 0 and below {limit}")
    return number.to_bytes(num_bytes, "big")

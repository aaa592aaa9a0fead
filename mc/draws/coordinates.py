"""What a word of a coordinate means: a normal score, a label, a row of a table."""

import functools

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jax.scipy.special import ndtr, ndtri
from jaxtyping import Float, Int32, UInt32


@functools.partial(jax.jit, static_argnames="dtype")
def normal_scores(
    words: UInt32[Array, " draws"], *, dtype: np.dtype
) -> Float[Array, " draws"]:
    """Normal scores ``Φ⁻¹((word + ½) / 2**32)``.

    The probability is formed in the nearer tail, where a float keeps its relative
    precision, so both tails reach 6.33 standard deviations in either precision.
    """
    upper = words >= np.uint32(2**31)
    nearer = jnp.where(upper, ~words, words).astype(dtype)
    size = jnp.abs(ndtri((nearer + 0.5) * 2.0**-32))
    return jnp.where(upper, size, -size)


@jax.jit
def words_of_scores(scores: Float[Array, " draws"]) -> UInt32[Array, " draws"]:
    """Words ``⌊Φ(score) · 2**32⌋``: what the scores came from, up to rounding."""
    nearer = (ndtr(-jnp.abs(scores)) * 2.0**32).astype(jnp.uint32)
    return jnp.where(scores > 0.0, ~nearer, nearer)


@jax.jit
def combined_scores(
    factors: Float[Array, " parts"], scores: tuple[Float[Array, " draws"], ...]
) -> Float[Array, " draws"]:
    """Weighted sum of scores in the order given: one row of a Cholesky factor."""
    total = factors[0] * scores[0]
    for part in range(1, len(scores)):
        total = total + factors[part] * scores[part]
    return total


def shares(weights: tuple[float, ...]) -> UInt32[np.ndarray, " inner"]:
    """First word of every label but the first, for labels of the given weights."""
    ends = np.round(np.cumsum(weights)[:-1] * 2.0**32)
    return np.minimum(ends, 2**32 - 1).astype(np.uint32)


@jax.jit
def labels(
    words: UInt32[Array, " draws"], firsts: UInt32[Array, " inner"]
) -> Int32[Array, " draws"]:
    """Label of each draw: how many of the ``firsts`` its word has reached."""
    reached = jnp.zeros(words.shape, jnp.int32)
    for inner in range(firsts.shape[0]):
        reached = reached + (words >= firsts[inner]).astype(jnp.int32)
    return reached


@functools.partial(jax.jit, static_argnames="num_rows")
def rows(words: UInt32[Array, " draws"], *, num_rows: int) -> Int32[Array, " draws"]:
    """Row ``⌊word · num_rows / 2**32⌋``, exact, from products of 16-bit halves."""
    half, mask = np.uint32(16), np.uint32(0xFFFF)
    high, low = words >> half, words & mask
    rows_high, rows_low = (np.uint32(part) for part in divmod(num_rows, 2**16))
    middle = high * rows_low + ((low * rows_low) >> half)
    carry = (low * rows_high + (middle & mask)) >> half
    return (high * rows_high + (middle >> half) + carry).astype(jnp.int32)

"""Tables of quantile functions over the normal score: cubics in cells of equal width.

Made on the host in float64 and read on the device in the working precision. Whatever
the law, a table has the same shape, so that a changed law compiles nothing.
"""

import jax
import jax.numpy as jnp
import numpy as np
from jax import Array
from jaxtyping import Float, Int32

from priors.laws import Law

REACH = 6.5
NUM_CELLS = 4096
# 13 / 4096 has few binary digits: knots and offsets from them are exact. Fewer cells
# smear the gap of a mixture over a visible share of the draws (0.8 % with 512).
CELL = 2.0 * REACH / NUM_CELLS
KNOTS = np.arange(-NUM_CELLS // 2, NUM_CELLS // 2 + 1) * CELL

Knots = Float[np.ndarray, " knots"]
Cells = Float[np.ndarray, " cells"]
Coefficients = Float[np.ndarray, "4 cells"]


def quantile_table(law: Law) -> Coefficients:
    """Coefficients of the quantile function of a law, in the offset from each knot.

    Cubic Hermite interpolation. The slope is ``φ(z) / density`` where that is finite
    and positive, else the harmonic mean of the neighbouring secants; the limiter of
    Fritsch and Carlson (SIAM J. Numer. Anal. 17, 1980) keeps it monotone. What is
    linear in the score stays so.

    Args:
        law: A law on the canonical scale of its parameter.

    Returns:
        Coefficients of the powers 0 to 3, a column a cell.

    Raises:
        ValueError: The law has an infinite quantile.
    """
    values = law.at_score(KNOTS)
    if not np.isfinite(values).all():
        raise ValueError(f"{law} has quantiles that are not finite numbers")
    secants = np.diff(values) / CELL
    if _is_linear(values):
        slope = (values[-1] - values[0]) / (2.0 * REACH)
        flat = np.zeros_like(secants)
        return np.stack([values[:-1], flat + slope, flat, flat])
    slopes = _limited(_slopes(law, values, secants), secants)
    left, right = slopes[:-1], slopes[1:]
    square = (3.0 * secants - 2.0 * left - right) / CELL
    cube = (left + right - 2.0 * secants) / CELL**2
    return np.stack([values[:-1], left, square, cube])


@jax.jit
def read(
    coefficients: Float[Array, "4 cells"],
    labels: Int32[Array, " draws"],
    scores: Float[Array, " draws"],
) -> Float[Array, " draws"]:
    """Values at normal scores, from the table of each draw's label.

    Args:
        coefficients: Tables of the labels, one after the other.
        labels: Which table; 0 where there is one.
        scores: Normal scores; beyond ±6.5 the table's ends hold.
    """
    scores = jnp.clip(scores, -REACH, REACH)
    place = jnp.clip(
        jnp.floor(scores * (1.0 / CELL)), -NUM_CELLS // 2, NUM_CELLS // 2 - 1
    )
    offset = scores - place * CELL
    cell = labels * NUM_CELLS + (place.astype(jnp.int32) + NUM_CELLS // 2)
    level, slope, square, cube = (
        coefficients[power].at[cell].get(mode="promise_in_bounds") for power in range(4)
    )
    return level + offset * (slope + offset * (square + offset * cube))


def _is_linear(values: Knots) -> bool:
    line = np.linspace(values[0], values[-1], values.size)
    noise = 16.0 * np.finfo(np.float64).eps * np.abs(values).max()
    return bool((np.abs(values - line) <= noise).all())


def _slopes(law: Law, values: Knots, secants: Cells) -> Knots:
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        log_normal_density = -0.5 * KNOTS**2 - 0.5 * np.log(2.0 * np.pi)
        slopes = np.exp(log_normal_density - law.log_density(values))
    usable = np.isfinite(slopes) & (slopes > 0.0)
    return np.where(usable, slopes, _harmonic(secants))


def _harmonic(secants: Cells) -> Knots:
    before = np.concatenate([secants[:1], secants])
    after = np.concatenate([secants, secants[-1:]])
    rising = np.minimum(before, after) > 0.0
    total = np.where(rising, before + after, 1.0)
    return np.where(rising, 2.0 * before * after / total, 0.0)


def _limited(slopes: Knots, secants: Cells) -> Knots:
    """Slopes cut back until the cubic of no cell turns round."""
    slopes = slopes.copy()
    for cell, secant in enumerate(secants):
        ends = slopes[cell : cell + 2]
        length = np.hypot(*ends)
        if length > 3.0 * secant:
            ends *= 3.0 * max(secant, 0.0) / length
    return slopes

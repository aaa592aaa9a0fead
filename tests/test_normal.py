"""The normal law for a few numbers: SciPy's digits, and mpmath's in the tails."""

import mpmath
import numpy as np
import pytest
from scipy import special

from priors import normal

SCORES = np.concatenate(
    (
        np.linspace(-38.0, 38.0, 1521),
        np.linspace(-2.0, 2.0, 801),
        [-np.inf, -0.0, 0.0, np.inf, np.nan],
    )
)
SHARES = np.concatenate(
    (
        np.linspace(0.0, 1.0, 1001),
        np.logspace(-307.0, 0.0, 922),
        1.0 - np.logspace(-15.0, 0.0, 301),
        [normal.MIDDLE, 1.0 - normal.MIDDLE, -1e-9, 1.0 + 1e-9, np.nan],
    )
)


def by_few(function, numbers):
    pieces = np.array_split(numbers, -(-numbers.size // normal.FEW))
    assert max(piece.size for piece in pieces) <= normal.FEW
    return np.concatenate([function(piece) for piece in pieces])


@pytest.mark.parametrize(
    ("ours", "scipys", "numbers"),
    [
        (normal.cdf, special.ndtr, SCORES),
        (normal.quantile, special.ndtri, SHARES),
    ],
)
def test_few_numbers_have_the_digits_that_many_have(ours, scipys, numbers):
    many = ours(numbers)
    assert np.array_equal(many, scipys(numbers), equal_nan=True)
    # A compiler may fuse a product and a sum: four units in the last place.
    bound = 4 * np.finfo(np.float64).eps
    np.testing.assert_allclose(by_few(ours, numbers), many, rtol=bound, atol=0)


@pytest.mark.parametrize("score", [-37.0, -9.0, -1.4, -0.3, 0.0, 0.9, 1.5, 8.0])
def test_shares_and_scores_are_those_of_exact_arithmetic(score):
    with mpmath.workdps(40):
        share = mpmath.ncdf(score)
    found = normal.cdf(np.array([score]))
    # The exponent −z²/2 is rounded: z² units in the last place.
    bound = (4 + score**2) * np.finfo(np.float64).eps
    np.testing.assert_allclose(found, [float(share)], rtol=bound, atol=0)
    if score < 8.0:
        back = normal.quantile(np.array([float(share)]))
        np.testing.assert_allclose(back, [score], rtol=1e-14, atol=1e-16)


def test_the_shape_is_kept():
    z = np.array([[-1.0, 0.0], [0.5, 2.0]])
    assert normal.cdf(z).shape == z.shape
    np.testing.assert_allclose(normal.quantile(normal.cdf(z)), z, rtol=1e-14)

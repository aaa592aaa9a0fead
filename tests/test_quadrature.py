"""Means over a normal score: the rule is Gauss's, the weights are the normal law's."""

import math

import mpmath
import numpy as np
import pytest
from scipy import special

from priors.quadrature import LEGENDRE, normal_nodes


def test_the_rule_is_that_of_gauss_and_legendre():
    nodes, weights = special.roots_legendre(32)
    np.testing.assert_allclose(LEGENDRE[:, 0], nodes[16:], rtol=1e-15)
    np.testing.assert_allclose(LEGENDRE[:, 1], weights[16:], rtol=1e-12)
    for node, weight in LEGENDRE:
        with mpmath.workdps(30):
            root = mpmath.findroot(lambda x: mpmath.legendre(32, x), node)
            exact = 2 * (1 - root**2) / (32 * mpmath.legendre(31, root)) ** 2
        assert node == pytest.approx(float(root), rel=1e-15)
        assert weight == pytest.approx(float(exact), rel=1e-12)


@pytest.mark.parametrize("power", range(0, 13, 2))
def test_moments_of_a_normal_score_are_exact(power):
    z, weights = normal_nodes()
    moment = math.prod(range(1, power, 2))
    assert weights @ z**power == pytest.approx(moment, rel=1e-13)
    assert weights @ z ** (power + 1) == pytest.approx(0.0, abs=1e-13 * moment * 12)

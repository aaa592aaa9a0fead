"""Roots of many falling functions, with infinities and jumps."""

import jax
import jax.numpy as jnp
import numpy as np
from worlds import dtype

from mc.model.roots import falling_root


def solve(function, left, right):
    left, right = jnp.asarray(left, dtype()), jnp.asarray(right, dtype())
    return np.asarray(jax.jit(lambda a, b: falling_root(function, a, b))(left, right))


def test_smooth_roots_are_found_to_rounding(x64):
    targets = np.linspace(0.01, 1.59, 50)
    roots = solve(
        lambda t: jnp.asarray(targets, dtype()) ** 3 - t**3,
        np.zeros(50),
        np.full(50, 1.6),
    )
    np.testing.assert_allclose(roots, targets, rtol=1e-9 if x64 else 2e-5)


def test_an_infinite_end_does_not_matter():
    roots = solve(lambda t: jnp.log(jnp.maximum(2.0 - t, 0.0)), [0.0], [5.0])
    np.testing.assert_allclose(roots, 1.0, atol=1e-4)


def test_a_jump_is_found_at_its_date():
    roots = solve(lambda t: jnp.where(t < 0.7, 3.0, -5.0), [0.0], [1.6])
    np.testing.assert_allclose(roots, 0.7, atol=1e-3)


def test_an_empty_bracket_is_its_end():
    roots = solve(lambda t: 1.0 - t, [2.0], [2.0])
    np.testing.assert_allclose(roots, 2.0)

"""Differences of exponentials and logistics against 60 digits, as they are compiled.

XLA rewrites what it compiles, so only jitted functions tell how accurate they are.
"""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
import mpmath
import numpy as np
import pytest
from worlds import dtype

from mc.model import differences

SIZE = 400
ROUNDINGS = 24
"""Roundings of one number that a formula of some ten steps may add up to."""


def numbers(seed: int, low: float, high: float, *, signs: bool = False) -> np.ndarray:
    """Sizes spread evenly in their logarithm."""
    rng = np.random.default_rng(seed)
    sizes = 10 ** rng.uniform(low, high, SIZE)
    turned = np.where(rng.random(SIZE) < 0.5, -1, 1) if signs else 1
    return np.asarray(turned * sizes, dtype())


def logits(seed: int) -> np.ndarray:
    return np.asarray(12 * np.random.default_rng(seed).standard_normal(SIZE), dtype())


def assert_exact(
    function: Callable[..., jax.Array],
    exact: Callable[..., Any],
    inputs: Sequence[np.ndarray],
) -> None:
    found = np.asarray(jax.jit(function)(*map(jnp.asarray, inputs)), float)
    with mpmath.workdps(60):
        rows = zip(*(map(float, column) for column in inputs), strict=True)
        expected = [exact(*map(mpmath.mpf, row)) for row in rows]
        errors = [
            abs(mpmath.mpf(value) / truth - 1)
            for value, truth in zip(found, expected, strict=True)
            if abs(truth) > float(np.finfo(dtype()).tiny)
        ]
    assert max(errors) <= ROUNDINGS * float(np.finfo(dtype()).eps)


def test_log1p_of_anything_above_minus_one() -> None:
    above = numbers(1, -9, 4)
    below = np.asarray(-0.999 * numbers(2, -9, 0), dtype())
    assert_exact(differences.log1p, mpmath.log1p, [above])
    assert_exact(differences.log1p, mpmath.log1p, [below])
    assert_exact(
        lambda q: differences.log1p(jnp.exp(-q)),
        lambda q: mpmath.log1p(mpmath.exp(-q)),
        [numbers(3, -6, 1)],
    )


def test_log_one_minus_exp_near_and_far() -> None:
    assert_exact(
        differences.log_one_minus_exp,
        lambda q: mpmath.log(-mpmath.expm1(-q)),
        [numbers(4, -8, 1.7)],
    )


@pytest.mark.parametrize("height", [-10.0, 5.0, 60.0])
def test_log1p_of_a_difference_small_and_past_every_power(
    height: float,
) -> None:
    low = np.asarray(height + logits(5) / 4, dtype())
    assert_exact(
        differences.log1p_difference,
        lambda low, d: mpmath.log1p(mpmath.exp(low) * mpmath.expm1(d)),
        [low, numbers(6, -7, 2.5)],
    )


def test_log_logistic_in_both_tails() -> None:
    assert_exact(
        differences.log_logistic, lambda z: -mpmath.log1p(mpmath.exp(-z)), [logits(7)]
    )


def test_a_change_of_slope_however_small_the_step() -> None:

    def exact(z: Any, d: Any) -> Any:
        return -2 * mpmath.log(mpmath.cosh((z + d) / 2) / mpmath.cosh(z / 2))

    steps = numbers(9, -7, 1.9, signs=True)
    away = np.abs(2 * logits(8) + steps) > 1e-2 * np.abs(steps)
    assert_exact(
        differences.log_logistic_slope_change, exact, [logits(8)[away], steps[away]]
    )

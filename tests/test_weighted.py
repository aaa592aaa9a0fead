"""Weighted draws: equal weights change nothing, counts as weights repeat draws."""

import numpy as np
import pytest

from mc.outcomes.distributions import Sorted
from mc.outcomes.status import Status
from mc.outcomes.weighted import Weighted, effective

LEVELS = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@pytest.fixture
def draws() -> tuple[np.ndarray, np.ndarray]:
    """Values of 16 × 256 draws, a twentieth of them with each censored status."""
    rng = np.random.default_rng(3)
    values = rng.normal(size=(16, 256)).astype(np.float32).round(1)
    status = np.full(values.shape, int(Status.OBSERVED))
    for code in Status:
        if code is not Status.OBSERVED:
            status[rng.random(values.shape) < 0.05] = code
    return values, status


def test_equal_weights_give_what_unweighted_draws_give(draws):
    values, status = draws
    plain = Sorted(values.T, status.T)
    same = Weighted(values, status, np.full(values.shape, 0.3))
    assert same.num_effective == pytest.approx(values.size)
    np.testing.assert_allclose(same.status_counts, plain.status_counts)
    for level in LEVELS:
        found, expected = same.outcome(level, level), plain.outcome(level, level)
        assert found.status is expected.status
        np.testing.assert_equal(found.value, expected.value)
        np.testing.assert_allclose(
            same.shares(found, level), plain.shares(expected, level)
        )
    for edge in (-1.0, -0.3, 0.0, 0.3):
        np.testing.assert_allclose(same.shares_before(edge), plain.shares_before(edge))


def test_integer_weights_are_repeated_draws(draws):
    values, status = draws
    rng = np.random.default_rng(4)
    counts = np.stack([rng.permutation(np.arange(256) % 4) for _ in range(16)])
    repeated = Sorted(
        np.stack([np.repeat(v, c) for v, c in zip(values, counts, strict=True)]).T,
        np.stack([np.repeat(s, c) for s, c in zip(status, counts, strict=True)]).T,
    )
    weighted = Weighted(values, status, counts.astype(float))
    for level in LEVELS[1:-1]:
        found, expected = weighted.outcome(level, level), repeated.outcome(level, level)
        assert found.status is expected.status
        np.testing.assert_equal(found.value, expected.value)
        np.testing.assert_allclose(
            weighted.shares(found, level), repeated.shares(expected, level), atol=1e-12
        )


def test_draws_without_weight_are_nowhere():
    values = np.array([[1.0, 2.0, 3.0], [3.0, 1.0, 2.0]])
    status = np.full(values.shape, int(Status.OBSERVED))
    weights = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 5.0]])
    only = Weighted(values, status, weights)
    assert {only.outcome(p, p).value for p in LEVELS} == {2.0}
    assert only.num_effective == pytest.approx(2.0)


def test_effective_size_is_the_number_of_equal_weights():
    weights = np.array([[2.0, 2.0, 0.0], [0.0, 0.0, 2.0]])
    assert effective(weights) == pytest.approx(3.0)

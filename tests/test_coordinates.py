import jax.numpy as jnp
import numpy as np
import pytest
from scipy import special

from mc.draws import coordinates

EDGES = [0, 1, 2, 2**31 - 1, 2**31, 2**31 + 1, 2**32 - 2, 2**32 - 1]


@pytest.fixture
def dtype(x64) -> np.dtype:
    return np.dtype(np.float64 if x64 else np.float32)


@pytest.fixture
def words() -> np.ndarray:
    rng = np.random.default_rng(0)
    near_zero = np.exp2(rng.uniform(0, 31, 50_000)).astype(np.uint32)
    anywhere = rng.integers(0, 2**32, 50_000, np.uint32)
    edges = np.array(EDGES, np.uint32)
    return np.concatenate([near_zero, ~near_zero, anywhere, edges])


def test_scores_are_the_inverse_normal_cdf_in_both_tails(words, dtype):
    nearer = np.minimum(words, ~words).astype(float)
    sign = np.where(words >= 2**31, -1.0, 1.0)
    exact = sign * special.ndtri((nearer + 0.5) / 2.0**32)
    scores = np.asarray(coordinates.normal_scores(words, dtype=dtype))
    assert scores.dtype == dtype
    # Four units in the last place of numbers up to 6.34.
    assert np.abs(scores - exact).max() < 4 * np.finfo(dtype).eps * 8


def test_both_tails_reach_beyond_six_standard_deviations(dtype):
    ends = np.array([0, 2**32 - 1], np.uint32)
    low, high = np.asarray(coordinates.normal_scores(ends, dtype=dtype))
    assert low == -high
    assert high == pytest.approx(6.3379577545537895, rel=1e-6)


def test_opposite_words_have_opposite_scores(words, dtype):
    scores = coordinates.normal_scores(words, dtype=dtype)
    assert np.array_equal(scores, -coordinates.normal_scores(~words, dtype=dtype))


def test_words_come_back_from_their_scores(words, dtype):
    scores = coordinates.normal_scores(words, dtype=dtype)
    back = np.asarray(coordinates.words_of_scores(scores)).astype(float)
    nearer = np.minimum(words, ~words).astype(float)
    assert (np.abs(back - words) <= 1.0 + 60 * np.finfo(dtype).eps * nearer).all()


@pytest.mark.parametrize("num_rows", [1, 2, 3, 10, 4001, 65_535, 65_536, 10**7])
def test_rows_are_exact_to_the_last_word(num_rows):
    firsts = [-(-row * 2**32 // num_rows) for row in range(1, min(num_rows, 5000))]
    numbers = [*EDGES, *firsts, *(first - 1 for first in firsts)]
    rows = coordinates.rows(np.array(numbers, np.uint32), num_rows=num_rows)
    assert rows.tolist() == [number * num_rows >> 32 for number in numbers]


def test_labels_change_at_their_integer_shares():
    firsts = coordinates.shares((0.25, 0.5, 0.25))
    assert firsts.tolist() == [2**30, 3 * 2**30]
    words = np.array([0, 2**30 - 1, 2**30, 3 * 2**30 - 1, 3 * 2**30, 2**32 - 1])
    labels = coordinates.labels(words.astype(np.uint32), firsts)
    assert labels.dtype == jnp.int32
    assert labels.tolist() == [0, 0, 1, 1, 2, 2]


def test_shares_are_right_to_a_word_and_the_last_label_has_the_rest():
    weights = (0.7, 0.3 - 1e-12, 1e-12)
    assert coordinates.shares(weights).tolist() == [3006477107, 2**32 - 1]
    assert coordinates.shares((1.0,)).size == 0


def test_one_label_is_always_chosen():
    labels = coordinates.labels(np.array(EDGES, np.uint32), coordinates.shares((1.0,)))
    assert labels.tolist() == [0] * len(EDGES)


def test_scores_are_combined_in_the_order_given(dtype):
    rng = np.random.default_rng(0)
    parts = tuple(jnp.asarray(rng.normal(size=1000), dtype) for _ in range(3))
    factors = jnp.asarray([0.5, -0.25, 0.125], dtype)
    total = coordinates.combined_scores(factors, parts)
    # Powers of two: every product is exact, so only the order of the sum can matter.
    ordered = (parts[0] * 0.5 - parts[1] * 0.25) + parts[2] * 0.125
    assert np.array_equal(total, ordered)

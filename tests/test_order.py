"""Order statistics without sorting all: those of a full sort, whatever the numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mc.outcomes.order import SAMPLE, OrderStatistics

SIZE = 6 * SAMPLE


def kinds() -> dict[str, np.ndarray]:
    rng = np.random.default_rng(1)
    normal = rng.standard_normal(SIZE).astype(np.float32)
    censored = np.where(normal > 0.5, np.inf, np.where(normal < -2, -np.inf, normal))
    return {
        "normal": normal,
        "censored": censored,
        "atom": np.where(normal < 0.3, np.float32(0.3), normal),
        "constant": np.full(SIZE, 2.5),
        "sorted: its first numbers are no sample": np.sort(normal),
        "falling": -np.sort(normal),
    }


@pytest.mark.parametrize("kind", kinds())
def test_any_rank_is_that_of_a_full_sort(kind: str) -> None:
    values = kinds()[kind]
    found, ordered = OrderStatistics(values), np.sort(values)
    ranks = [0, 1, SIZE // 20, SIZE // 2, SIZE // 2 + 1, SIZE - 2, SIZE - 1]
    ranks += list(np.random.default_rng(2).integers(SIZE, size=40))
    assert [found.value(int(k)) for k in ranks] == [float(ordered[k]) for k in ranks]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(allow_nan=False, width=32), min_size=1, max_size=40))
def test_few_numbers(numbers: list[float]) -> None:
    found = OrderStatistics(np.array(numbers, np.float32))
    assert [found.value(k) for k in range(len(numbers))] == sorted(numbers)


@pytest.mark.parametrize("rank", [-1, SIZE])
def test_a_rank_outside_is_refused(rank: int) -> None:
    with pytest.raises(IndexError):
        OrderStatistics(np.zeros(SIZE)).value(rank)

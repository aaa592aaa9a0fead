import pytest

from mc.draws.sizes import check_replicates, round_up


@pytest.mark.parametrize(
    ("num_draws", "replicates", "total"),
    [
        (1, 8, 8),
        (8, 8, 8),
        (9, 8, 16),
        (10**6, 16, 2**20),
        (2**20, 16, 2**20),
        (2**20 + 1, 16, 2**21),
        (10**10, 64, 2**34),
    ],
)
def test_draws_round_up_to_replicates_times_a_power_of_two(
    num_draws, replicates, total
):
    assert round_up(num_draws, replicates) == total


@pytest.mark.parametrize("replicates", [-8, 0, 1, 4, 12, 24])
def test_replicates_that_cannot_give_an_error_are_refused(replicates):
    for check in (check_replicates, lambda number: round_up(100, number)):
        with pytest.raises(ValueError, match=f"= {replicates} must be a power of two"):
            check(replicates)


def test_no_draw_at_all_is_refused():
    with pytest.raises(ValueError, match="number of draws is 0; it must be at least 1"):
        round_up(0, 8)

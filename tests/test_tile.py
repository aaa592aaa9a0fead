"""Tiles: sizes that suit a device, and fewer draws a launch when memory runs out."""

import jax
import numpy as np
import pytest
from jax.errors import JaxRuntimeError

from experiments.loss_gap import EXPERIMENT
from mc.engine import kernels
from mc.engine.blocks import Cut
from mc.engine.devices import Devices, working_dtype
from mc.engine.execution import compute
from mc.engine.plan import make_plan
from mc.engine.tile import LEAST_DRAWS, OUT_OF_MEMORY, Tile
from priors.cards import load

DRAWS = 2**16
CHUNK = 2**15


def full(*_args, **_kwargs):
    raise JaxRuntimeError(
        f"{OUT_OF_MEMORY}: Out of memory allocating 12884901888 bytes"
    )


@pytest.fixture(scope="module")
def plan():
    return make_plan(EXPERIMENT, load("paper-2026"), draws=DRAWS)


def computed(plan, tile, chunk=CHUNK, jobs=1):
    one = Devices(kind="cpu", devices=tuple(jax.devices("cpu")[:1]))
    cut = Cut(
        num_draws=DRAWS,
        replicates=plan.replicates,
        chunk=chunk,
        tile=tile,
        stored=CHUNK,
        jobs=jobs,
    )
    return compute(plan, one, working_dtype(), cut, lambda _: None)


@pytest.fixture(scope="module")
def whole(plan):
    """Bands and draws with the tile of a CPU."""
    return computed(plan, 2**12)


def same(one, other):
    for key, rows in one.bands.items():
        np.testing.assert_array_equal(rows, other.bands[key])
    for key, column in one.stored.columns.items():
        for values, others in zip(column, other.stored.columns[key], strict=True):
            np.testing.assert_array_equal(values, others)
    for key, found in one.distributions.items():
        counts = other.distributions[key].status_counts
        np.testing.assert_array_equal(found.status_counts, counts)


def test_a_gpu_launches_more_draws_at_once_and_two_chunks():
    few, many = (Cut.on(k, num_draws=2**30, replicates=16) for k in ("cpu", "gpu"))
    assert (few.tile_draws, few.chunk_draws, few.jobs) == (2**13, 2**15, 1)
    assert (many.tile_draws, many.chunk_draws, many.jobs) == (2**20, 2**20, 2)
    assert many.stored_draws % many.chunk_draws == 0
    assert many.pilot_tile_draws == many.pilot_draws == few.pilot_draws


@pytest.mark.parametrize("chunk", [2**8, 2**11, 2**15])
def test_chunks_hold_every_point_once_and_in_order(chunk: int):
    cut = Cut(num_draws=2**13, replicates=16, chunk=chunk, tile=2**8)
    parts = [range(first, first + count) for first, count in cut.chunks(2**13)]
    assert [point for part in parts for point in part] == list(range(2**13 // 16))


def test_a_tile_larger_than_the_pilot_changes_no_bit(plan, whole):
    same(whole, computed(plan, CHUNK))


def test_two_chunks_at_once_change_no_bit(plan, whole):
    same(whole, computed(plan, 2**12, chunk=2**13, jobs=2))


@pytest.mark.parametrize("kernel", ["count_tile", "event_tile"])
def test_out_of_memory_halves_the_tile_and_changes_no_bit(
    plan, whole, kernel, monkeypatch
):
    own, sizes = getattr(kernels, kernel), []

    def limited(*args, **kwargs):
        parameters = args[1] if kernel == "count_tile" else args[0]
        sizes.append(len(next(iter(parameters.values()))))
        return full() if sizes[-1] > 2**14 else own(*args, **kwargs)

    monkeypatch.setattr(kernels, kernel, limited)
    same(whole, computed(plan, CHUNK, jobs=2))
    assert max(sizes) == CHUNK
    assert sizes[-1] == CHUNK // 2


def test_the_smallest_tile_that_does_not_fit_is_an_error():
    tile = Tile(4 * LEAST_DRAWS)
    with pytest.raises(JaxRuntimeError, match="Out of memory"):
        tile.fitted(full)
    assert tile.draws == LEAST_DRAWS


def test_another_fault_of_the_device_is_not_tried_again():
    tile, calls = Tile(2**12), []

    def broken():
        calls.append(1)
        raise JaxRuntimeError("INTERNAL: unspecified launch failure")

    with pytest.raises(JaxRuntimeError, match="INTERNAL"):
        tile.fitted(broken)
    assert (tile.draws, len(calls)) == (2**12, 1)

"""Counted quantiles against sorted ones: smooth, atomic, infinite and missed."""

import numpy as np
import pytest
from scipy.special import ndtri

from mc.outcomes.bands import (
    LEVELS,
    PILOT_DRAWS,
    Bracketed,
    bracket_edges,
    counted_quantiles,
    rank,
    sorted_quantiles,
)


def count(values, edges):
    """Draws strictly below each edge, the slow way."""
    return np.array(
        [
            [[np.sum(row < edge) for edge in level] for level in levels]
            for row, levels in zip(values, edges, strict=True)
        ]
    )


def settle(values, pilot_draws=PILOT_DRAWS):
    bracket = Bracketed(np.sort(values[:, :pilot_draws], axis=1), LEVELS)
    rounds = 0
    while bracket.open.any():
        bracket.settle(count(values, bracket.edges), values.shape[1])
        rounds += 1
    return bracket, rounds


@pytest.mark.parametrize(
    "transform", [lambda z: z, np.exp, lambda z: 1 / (1 + np.exp(-3 * z)), np.sinh]
)
def test_counted_quantiles_are_the_sorted_ones_to_7e_5_of_rank(transform):
    draws = 2**18
    u = (np.random.default_rng(1).permutation(draws) + 0.5) / draws
    values = transform(ndtri(u)).astype(np.float32)[None, :]
    bracket, rounds = settle(values)
    ordered = np.sort(values[0].astype(float))
    got = np.searchsorted(ordered, bracket.quantiles[0]) / draws
    assert rounds == 1
    assert np.max(np.abs(got - LEVELS)) < 7e-5


def test_an_atom_is_its_own_quantile():
    values = np.full((1, 2**15), 0.25, np.float32)
    bracket, rounds = settle(values)
    assert rounds == 1
    assert np.all(bracket.quantiles == 0.25)
    assert bracket.bin_mass == 1.0


def test_zero_is_an_atom_although_devices_flush_subnormals():
    values = np.zeros((1, 2**15), np.float32)
    edges = bracket_edges(values[:, :PILOT_DRAWS], LEVELS)
    assert np.all((edges == 0) | (np.abs(edges) >= np.finfo(np.float32).tiny))
    bracket, _ = settle(values)
    assert np.all(bracket.quantiles == 0)


def test_an_atom_beside_a_spread_is_found_on_both_sides():
    rng = np.random.default_rng(2)
    values = np.where(rng.uniform(size=2**15) < 0.4, 1.0, rng.uniform(1, 2, 2**15))
    values = values.astype(np.float32)[None, :]
    bracket, _ = settle(values)
    exact = sorted_quantiles(np.sort(values, axis=1), LEVELS)
    np.testing.assert_allclose(bracket.quantiles, exact, atol=5e-4)
    assert np.all(bracket.quantiles[0, :2] == 1.0)


def test_infinities_are_atoms_at_the_ends():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(1, 2**15)).astype(np.float32)
    values[0, rng.uniform(size=2**15) < 0.15] = np.inf
    values[0, rng.uniform(size=2**15) < 0.10] = -np.inf
    bracket, _ = settle(values)
    assert np.isneginf(bracket.quantiles[0, 0])
    assert np.isposinf(bracket.quantiles[0, -1])
    assert np.all(np.isfinite(bracket.quantiles[0, 1:-1]))


def test_a_bracket_that_missed_is_widened_until_it_holds():
    rng = np.random.default_rng(4)
    pilot = rng.normal(0.0, 1.0, 2**14)
    rest = rng.normal(0.2, 1.0, 2**16)
    values = np.concatenate([pilot, rest]).astype(np.float32)[None, :]
    bracket, rounds = settle(values)
    assert rounds > 1
    exact = sorted_quantiles(np.sort(values, axis=1), LEVELS)
    np.testing.assert_allclose(bracket.quantiles, exact, atol=0.02)


def test_a_pilot_of_another_law_is_a_fault_not_a_number():
    values = np.concatenate([np.zeros(2**14), np.ones(2**15)]).astype(np.float32)
    with pytest.raises(RuntimeError, match="differ in law"):
        settle(values[None, :])


def test_the_mass_of_the_bin_bounds_the_error():
    values = np.random.default_rng(5).normal(size=(1, 2**16)).astype(np.float32)
    edges = bracket_edges(np.sort(values[:, :PILOT_DRAWS], axis=1), LEVELS)
    _, missed, mass = counted_quantiles(
        edges, count(values, edges), values.shape[1], LEVELS
    )
    assert not missed.any()
    assert np.all((mass > 0) & (mass < 0.03))


def test_ranks_are_order_statistics_that_survive_rounding():
    assert rank(np.array(0.05), 20_000) == 1_000
    assert rank(np.array(0.5), 5) == 3
    assert rank(np.array(1e-9), 10) == 1
    assert rank(np.array(1.0), 10) == 10

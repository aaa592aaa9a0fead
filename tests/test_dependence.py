"""Rank correlations become factors of normal scores, or are refused."""

import itertools
import json
from pathlib import Path

import numpy as np
import pytest

from priors.dependence import RankCorrelation, clusters
from priors.faults import Refusal

ORACLES = {
    entry["id"]: entry["values"]
    for entry in json.loads(Path(__file__).with_name("oracles.json").read_text())[
        "oracles"
    ]
}
NAMES = ["a", "b", "c", "d", "e"]


def pairs(*rows: tuple[str, str, float]) -> list[RankCorrelation]:
    return [RankCorrelation(first=a, second=b, value=r) for a, b, r in rows]


def spearman(pearson: float) -> float:
    return 6.0 / np.pi * np.arcsin(pearson / 2.0)


def test_spearman_becomes_pearson_of_the_normal_scores():
    (pair,) = pairs(("a", "b", 0.5))
    known = float(ORACLES["viii.05"]["rs=0.5 -> r"])
    assert pair.pearson == pytest.approx(known, rel=1e-15)


def test_unconnected_pairs_are_factored_apart_in_the_callers_order():
    rows = pairs(("d", "b", 0.5), ("c", "a", -0.3), ("e", "b", 0.2))
    found, notices = clusters(rows, NAMES)
    assert [cluster.names for cluster in found] == [("a", "c"), ("b", "d", "e")]
    assert notices == ()
    for cluster in found:
        matrix = cluster.cholesky @ cluster.cholesky.T
        np.testing.assert_allclose(np.diag(matrix), 1.0, rtol=1e-14)
        np.testing.assert_array_equal(cluster.cholesky, np.tril(cluster.cholesky))
    assert (found[1].cholesky @ found[1].cholesky.T)[0, 1] == pytest.approx(
        rows[0].pearson, rel=1e-14
    )


def test_a_cluster_keeps_its_bits_when_another_is_added():
    alone, _ = clusters(pairs(("a", "b", 0.5)), NAMES)
    both, _ = clusters(pairs(("c", "d", 0.9), ("b", "a", 0.5)), NAMES)
    np.testing.assert_array_equal(alone[0].cholesky, both[0].cholesky)


def test_correlations_that_cannot_hold_together_are_refused_with_the_eigenvalue():
    rows = pairs(
        ("a", "b", spearman(0.9)), ("a", "c", spearman(0.9)), ("b", "c", spearman(-0.9))
    )
    with pytest.raises(Refusal) as caught:
        clusters(rows, NAMES)
    message = str(caught.value)
    assert (
        f"smallest eigenvalue is {float(ORACLES['viii.06']['eigenvalues'][0]):g}"
        in (message)
    )
    for pair in ("a–b", "a–c", "b–c"):
        assert pair in message


@pytest.mark.parametrize(("size", "limit"), [(3, -0.5), (4, -1.0 / 3.0)])
def test_equal_correlations_hold_down_to_their_known_limit(size, limit):
    names = NAMES[:size]

    def equal(pearson: float) -> list[RankCorrelation]:
        rows = itertools.combinations(names, 2)
        return pairs(*((a, b, spearman(pearson)) for a, b in rows))

    found, notices = clusters(equal(limit - 1e-12), NAMES)
    assert "repaired" in notices[0]
    matrix = found[0].cholesky @ found[0].cholesky.T
    np.testing.assert_allclose(np.diag(matrix), 1.0, rtol=1e-14)
    np.testing.assert_allclose(matrix[0, 1], limit, atol=1e-10)
    with pytest.raises(Refusal, match="cannot hold together"):
        clusters(equal(limit - 1e-6), NAMES)


@pytest.mark.parametrize("value", [1.0, -1.0])
def test_perfect_dependence_is_kept(value):
    found, notices = clusters(pairs(("a", "b", value)), NAMES)
    assert notices == ()
    assert found[0].cholesky[1] == pytest.approx([value, 0.0], abs=2e-6)

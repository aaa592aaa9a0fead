"""Rows as arrays: order, logarithms, errors, censoring, clusters."""

import math

import numpy as np
import pytest
from scipy.stats import norm

from priors.evidence.arrays import arrays, paired
from priors.evidence.data_sets import data_set

HORIZONS = data_set("metr-th1.1").of("time_horizon_50")


def test_numbers_stand_in_order_of_date_whatever_the_rows():
    found, back = arrays(HORIZONS), arrays(HORIZONS[::-1])
    assert found.labels == back.labels
    assert (np.diff(found.days) >= np.timedelta64(0, "D")).all()
    for name in ("values", "low", "high", "errors", "censored", "clusters"):
        np.testing.assert_array_equal(getattr(found, name), getattr(back, name))
    by_label = {row.label: row for row in HORIZONS}
    for label, value, error in zip(
        found.labels, found.values, found.errors, strict=True
    ):
        row = by_label[label]
        assert row.bound
        assert row.low
        assert row.high
        assert value == pytest.approx(math.log(row.bound), rel=1e-12)
        width = 2 * norm.ppf(0.975)
        assert error == pytest.approx(math.log(row.high / row.low) / width, rel=1e-12)


def test_errors_are_those_of_the_reference():
    """Standard deviations of log horizons: Opus 4.6 0.62, Mythos 0.48, median 0.33."""
    found = arrays(HORIZONS)
    errors = dict(zip(found.labels, found.errors.tolist(), strict=True))
    assert errors["Claude Opus 4.6"] == pytest.approx(0.62, abs=0.005)
    assert errors["Claude Mythos Preview (early)"] == pytest.approx(0.48, abs=0.005)
    assert np.median(found.errors) == pytest.approx(0.33, abs=0.01)


def test_the_one_horizon_above_sixteen_hours_is_censored_there():
    found = arrays(HORIZONS)
    (place,) = np.flatnonzero(found.censored)
    assert found.censored[place] == 1
    assert found.values[place] == math.log(960.0)
    assert found.labels[place] == "Claude Mythos Preview (early)"


def test_clusters_are_developers():
    found = arrays(HORIZONS)
    assert set(found.developers) == {"Anthropic", "Google DeepMind", "OpenAI"}
    developer = {row.label: row.developer for row in HORIZONS}
    for label, cluster in zip(found.labels, found.clusters, strict=True):
        assert found.developers[cluster] == developer[label]


def test_what_is_not_known_is_not_a_number():
    index = arrays(data_set("eci-2026-04").rows)
    assert np.isfinite(index.values).all()
    assert np.isnan(index.errors).all()
    first = arrays(data_set("eci-2026-02").rows)
    assert np.isnan(first.errors).all()
    assert np.isnat(first.days).sum() == 1
    assert np.isnat(first.days[-1])
    ratios = arrays(data_set("compute-ratios").rows)
    assert np.isnan(ratios.values).all()
    assert (ratios.low < ratios.high).all()


def test_rows_about_two_things_or_none_are_refused():
    with pytest.raises(ValueError, match="time_horizon_80"):
        arrays(data_set("metr-th1.1").rows)
    with pytest.raises(ValueError, match="about none"):
        arrays(())


def test_an_index_meets_the_compute_of_its_model():
    index, compute = data_set("eci-2026-04"), data_set("training-compute-2026-04")
    pairs = paired(index.rows, compute.rows)
    assert len(pairs) == len(compute.rows) == 80
    assert all(a.label == b.label and a.date == b.date for a, b in pairs)
    assert paired(compute.rows, HORIZONS[:0]) == ()

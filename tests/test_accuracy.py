import numpy as np
import pytest

from benchmarks.accuracy import NUMPY, REFERENCE, compared, estimates, lines, measure
from benchmarks.accuracy import variance_ratio as ratio_of
from benchmarks.estimates import SUCCESS

POINTS = 2**10
SEEDS = 8


@pytest.fixture(scope="module")
def found():
    return estimates(POINTS, SEEDS)[0]


def test_the_limits_of_a_ratio_of_variances_cover_it_as_often_as_they_say():
    rng = np.random.default_rng(1)
    runs, seeds = 40, 32
    inside = 0
    for _ in range(runs):
        wide, narrow = 3 * rng.standard_normal(seeds), rng.standard_normal(seeds)
        _, low, high = ratio_of(wide, narrow)
        inside += low <= 9 <= high
    # Five binomial standard errors below 95 %.
    assert inside / runs >= 0.95 - 5 * np.sqrt(0.95 * 0.05 / runs)


@pytest.mark.slow
def test_numpy_and_the_engine_estimate_the_same_figures(found):
    common = [f for f in found[NUMPY] if np.isfinite(found[NUMPY][f]).all()]
    assert {figure.split("/")[0] for figure in common} == set(SUCCESS)
    for figure in common:
        other, own = found[NUMPY][figure], found[REFERENCE][figure]
        error = np.sqrt((other.var(ddof=1) + own.var(ddof=1)) / SEEDS)
        # Eight seeds know their own spread badly: t of 14 degrees at 1e-6 is 7.8.
        assert abs(other.mean() - own.mean()) <= 7.8 * error + 1e-6, figure


@pytest.mark.slow
def test_a_mean_under_sobol_varies_less_than_under_independent_draws(found):
    figure = "validation_loss/gap@2030-01-01/mean"
    ratio, low, _ = ratio_of(found[REFERENCE][figure], found["sobol"][figure])
    assert ratio > 1
    assert low > 1


def test_the_table_fits_80_columns_and_tells_every_figure():
    rng = np.random.default_rng(2)
    figures = [
        f"{label}/convergence_date/{statistic}"
        for label in ("validation_loss", *SUCCESS)
        for statistic in ("q0.05", "q0.5", "p_by_2030-01-01")
    ]
    figures = ["validation_loss/gap@2030-01-01/mean", *figures]
    found = {
        name: {f: 0.5 + 1e-3 * rng.standard_normal(SEEDS) for f in figures}
        for name in (REFERENCE, "sobol", "lattice", NUMPY)
    }
    found["sobol"]["validation_loss/gap@2030-01-01/mean"] *= 1e-4
    told = compared(found, {name: np.ones(SEEDS) for name in found})
    table = lines(told)
    assert max(map(len, table)) <= 80
    labels = 1 + len(SUCCESS)
    assert len(table) == 1 + labels + len(figures)
    assert told["targets"]["means"]["sobol"]["reached"] == 1


def test_too_few_seeds_are_refused():
    with pytest.raises(ValueError, match="3 seeds"):
        measure(2**8, 3)

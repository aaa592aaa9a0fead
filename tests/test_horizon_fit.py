"""The fit behind the default card: least squares, its bootstrap, the table."""

import io

import numpy as np
import pytest
from scipy.optimize import least_squares

import priors
from priors.cards import SHIPPED
from priors.evidence import horizon_fit as fits
from priors.units import DAYS_PER_YEAR, LN_2, decimal_years

CARD = "literature-2026"
TABLE = SHIPPED / f"{CARD}-horizons.csv"
FOUND = fits.records()
YEARS = fits.years_of(FOUND)


@pytest.fixture(scope="module")
def rows():
    return np.genfromtxt(TABLE, delimiter=",", names=True)


def days(rate):
    return DAYS_PER_YEAR * LN_2 / rate


def test_the_records_are_the_seventeen_that_metr_fits():
    assert len(FOUND) == 17
    rate, _ = np.polyfit(YEARS, FOUND.values, 1)
    assert days(rate) == pytest.approx(187.8, abs=0.1)
    since = FOUND.days >= np.datetime64("2023-01-01")
    rate, _ = np.polyfit(YEARS[since], FOUND.values[since], 1)
    assert days(rate) == pytest.approx(128.7, abs=0.1)


def test_the_fit_is_the_one_that_a_general_solver_finds():
    best = fits.fit(YEARS, FOUND.values[None])

    def residuals(x):
        one = fits.Kinked(
            level=x[:1], late=x[1:2], early=x[2:3], kink=x[3:], misfit=x[:1]
        )
        return one.at(YEARS)[0] - FOUND.values

    found = least_squares(residuals, [4.0, 2.4, 1.0, -1.0], xtol=1e-12, ftol=1e-12)
    assert best.misfit[0] == pytest.approx(2 * found.cost, rel=1e-4)
    half_a_day = 0.51 / DAYS_PER_YEAR
    assert best.kink[0] == pytest.approx(found.x[3], abs=half_a_day)
    assert days(best.late[0]) == pytest.approx(104.9, abs=0.1)
    assert days(best.early[0]) == pytest.approx(262.6, abs=0.1)
    assert np.exp(best.level[0]) == pytest.approx(57.4, abs=0.1)
    assert decimal_years(fits.ANCHOR, best.kink)[0] == pytest.approx(2024.25, abs=0.005)
    assert np.sqrt(best.misfit[0] / 13) == pytest.approx(0.286, abs=0.001)


@pytest.mark.parametrize("kink_days", [-600, -330, -100])
def test_a_curve_without_scatter_is_found_again(kink_days):
    made = fits.Kinked(
        level=np.array([4.1]),
        late=np.array([2.5]),
        early=np.array([0.9]),
        kink=np.array([kink_days / DAYS_PER_YEAR]),
        misfit=np.zeros(1),
    )
    found = fits.fit(YEARS, made.at(YEARS))
    for name in ("level", "late", "early", "kink"):
        np.testing.assert_allclose(getattr(found, name), getattr(made, name), 1e-9)
    assert found.misfit[0] < 1e-12


def test_task_errors_alone_are_as_wide_as_metrs_bootstrap_of_tasks():
    """METR: 104 to 158 days at 95 % for a line from 2023 on, an sd of 0.106."""
    since = FOUND.days >= np.datetime64("2023-01-01")
    design = np.stack([np.ones(since.sum()), YEARS[since]], axis=1)
    trend = fits.fit(YEARS, FOUND.values[None]).at(YEARS)[0]
    shared = fits.task_errors(trend, FOUND.errors)[np.ix_(since, since)]
    solver = np.linalg.pinv(design)
    sd = np.sqrt((solver @ shared @ solver.T)[1, 1])
    rate = (solver @ FOUND.values[since])[1]
    printed = np.log(158.0 / 104.4) / 3.92
    assert sd / rate == pytest.approx(printed, rel=0.1)


def test_the_table_is_the_bootstrap(rows):
    again = fits.table(fits.bootstrap(FOUND))
    made = np.genfromtxt(io.StringIO(again), delimiter=",", names=True)
    assert made.dtype.names == rows.dtype.names == fits.COLUMNS
    for name in fits.COLUMNS:
        np.testing.assert_allclose(rows[name], made[name], rtol=2e-5)
    assert np.all(np.diff(rows["horizon_doubling_time"]) >= 0)


def test_another_seed_and_other_blocks_say_the_same(monkeypatch, rows):
    """Medians within five of their bootstrap errors, 1.25 sd/√rows each."""
    other = fits.bootstrap(FOUND, seed=fits.SEED + 1)
    late = days(other.late)
    error = 1.25 * np.std(late) * np.sqrt(2 / fits.ROWS)
    assert np.median(late) == pytest.approx(
        np.median(rows["horizon_doubling_time"]), abs=5 * error
    )
    monkeypatch.setattr(fits, "BLOCK", 1)
    single = days(fits.bootstrap(FOUND).late)
    assert np.std(np.log(single)) == pytest.approx(np.std(np.log(late)), rel=0.15)


def test_the_card_draws_its_rows_and_keeps_what_hangs_together(rows):
    (group,) = priors.load(CARD).joint.groups
    assert set(group.columns) == set(fits.COLUMNS)
    assert group.rows == len(rows) == fits.ROWS
    level = np.exp(group.columns["horizon_at_anchor"])
    np.testing.assert_allclose(level, rows["horizon_at_anchor"], rtol=1e-12)
    kink, late = (rows[n] for n in ("horizon_kink_date", "horizon_doubling_time"))
    assert np.corrcoef(kink, late)[0, 1] < -0.4
    early = rows["early_horizon_doubling_time"]
    assert np.all(early > late)
    ends = [np.mean(kink <= 2023.42), np.mean(kink >= 2024.99)]
    assert max(ends) < 0.07

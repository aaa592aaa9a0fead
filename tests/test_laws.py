"""One contract for every law, and each law against mpmath or scipy.stats."""

import json
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest
import scipy.stats
from scipy import special

from priors import metalog
from priors.bounded import Beta, Triangular, Uniform
from priors.compounds import Mixture, Transformed, Truncated, carried_over, mean
from priors.laws import Empirical, Law, LogNormal, Normal, Point, StudentT
from priors.units import DURATION_UNITS, GROWTH_UNITS, Unit

ORACLES = {
    entry["id"]: entry["values"]
    for entry in json.loads(Path(__file__).with_name("oracles.json").read_text())[
        "oracles"
    ]
}
REAL = Unit(name="1", kind="real")
CONTINUOUS = {
    "normal": Normal(mean=-1.5, sd=2.0),
    "lognormal": LogNormal(mu=0.5, sigma=0.4),
    "student_t": StudentT(df=3.5, mean=1.0, scale=0.5),
    "uniform": Uniform(low=1.0, high=3.0),
    "beta": Beta(a=2.5, b=0.7),
    "beta_stretched": Beta(a=2.0, b=3.0, low=-1.0, high=4.0),
    "triangular": Triangular(low=0.0, mode=0.3, high=2.0),
    "triangular_left": Triangular(low=0.0, mode=0.0, high=2.0),
    "triangular_right": Triangular(low=0.0, mode=2.0, high=2.0),
    "metalog": metalog.through(
        np.array([0.05, 0.25, 0.5, 0.75, 0.95]), np.log([2.0, 2.5, 3.0, 4.2, 12.0])
    ),
    "mixture": Mixture(
        weights=(0.3, 0.7), laws=(Normal(mean=0.0, sd=1.0), Normal(mean=4.0, sd=0.2))
    ),
    "truncated_low": Truncated(law=Normal(mean=0.3, sd=0.4), low=0.0, high=100.0),
    "truncated_tail": Truncated(law=Normal(mean=0.0, sd=1.0), low=3.0, high=5.0),
    "doubling_months": Transformed(
        base=Beta(a=2.0, b=3.0, low=5.0, high=14.0),
        unit=GROWTH_UNITS["doubling_months"],
    ),
    "percent": Transformed(
        base=Uniform(low=20.0, high=60.0), unit=GROWTH_UNITS["percent/yr"]
    ),
    "days": Transformed(
        base=StudentT(df=30.0, mean=200.0, scale=9.0), unit=DURATION_UNITS["days"]
    ),
}
every_law = pytest.mark.parametrize("law", CONTINUOUS.values(), ids=CONTINUOUS.keys())
SCORES = np.linspace(-6.5, 6.5, 261)


@every_law
def test_laws_rise_in_the_score_and_stay_in_their_support(law):
    assert isinstance(law, Law)
    values = law.at_score(SCORES)
    assert np.all(np.diff(values) >= 0.0)
    assert law.support[0] <= values[0] < values[-1] <= law.support[1]


@every_law
def test_the_cdf_undoes_the_quantile_in_the_nearer_tail(law):
    z = np.linspace(-4.0, 4.0, 161)
    values = law.at_score(z)
    tail = np.where(z > 0, law.survival(values), law.cdf(values))
    # The rounding of a value next to a finite end costs its share of the tail.
    spacing = np.spacing(np.abs(values)) * np.exp(law.log_density(values))
    assert np.all(np.abs(tail - special.ndtr(-np.abs(z))) <= 1e-12 + 4.0 * spacing)


@every_law
def test_both_tails_agree_at_the_middle_and_sum_to_one(law):
    half = np.array([0.5])
    np.testing.assert_allclose(law.quantile(half), law.upper_quantile(half), rtol=1e-9)
    values = law.at_score(SCORES)
    np.testing.assert_allclose(law.cdf(values) + law.survival(values), 1.0, rtol=1e-12)


@every_law
def test_the_density_is_the_slope_of_the_cdf(law):
    values = law.at_score(np.linspace(-2.0, 2.0, 41))
    step = 1e-5 * (values[-1] - values[0])
    values = values[(values - step > law.support[0]) & (values + step < law.support[1])]
    slope = (law.cdf(values + step) - law.cdf(values - step)) / (2.0 * step)
    kink = np.abs(values - getattr(law, "mode", np.inf)) <= step
    density = np.exp(law.log_density(values))
    np.testing.assert_allclose(density[~kink], slope[~kink], rtol=2e-6)


@every_law
def test_the_density_integrates_to_the_mass(law):
    edges = law.at_score(np.linspace(-4.0, 4.0, 4001))
    middle = 0.5 * (edges[1:] + edges[:-1])
    total = np.sum(np.exp(law.log_density(middle)) * np.diff(edges))
    assert total == pytest.approx(1.0 - 2.0 * special.ndtr(-4.0), abs=5e-4)


@every_law
def test_there_is_no_density_outside_the_support(law):
    for end, side in zip(law.support, (-1.0, 1.0), strict=True):
        if np.isfinite(end):
            outside = np.array([end + side * 0.1])
            assert law.log_density(outside)[0] == -np.inf
            assert law.cdf(outside)[0] == (0.0 if side < 0 else 1.0)
            assert law.survival(outside)[0] == (1.0 if side < 0 else 0.0)


FROZEN: dict[str, Any] = {
    "normal": scipy.stats.norm(-1.5, 2.0),
    "lognormal": scipy.stats.lognorm(0.4, scale=np.exp(0.5)),
    "student_t": scipy.stats.t(3.5, 1.0, 0.5),
    "uniform": scipy.stats.uniform(1.0, 2.0),
    "beta": scipy.stats.beta(2.5, 0.7),
    "beta_stretched": scipy.stats.beta(2.0, 3.0, -1.0, 5.0),
    "triangular": scipy.stats.triang(0.15, 0.0, 2.0),
    "triangular_left": scipy.stats.triang(0.0, 0.0, 2.0),
    "triangular_right": scipy.stats.triang(1.0, 0.0, 2.0),
    "truncated_low": scipy.stats.truncnorm(-0.75, 249.25, 0.3, 0.4),
    "truncated_tail": scipy.stats.truncnorm(3.0, 5.0),
}


@pytest.mark.parametrize("name", FROZEN)
def test_laws_agree_with_scipy_in_the_middle_and_in_both_tails(name):
    law, other = CONTINUOUS[name], FROZEN[name]
    u = np.array([1e-9, 1e-3, 0.2, 0.5, 0.8])
    np.testing.assert_allclose(law.quantile(u), other.ppf(u), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(law.upper_quantile(u), other.isf(u), rtol=1e-9)
    x = other.ppf(np.array([0.01, 0.3, 0.5, 0.9]))
    np.testing.assert_allclose(law.log_density(x), np.log(other.pdf(x)), rtol=1e-9)


@pytest.mark.parametrize("probability", ["0.1", "1e-3", "1e-10", "1e-30"])
def test_tails_agree_with_forty_digit_arithmetic(probability):
    normal, student = Normal(mean=0.0, sd=1.0), StudentT(df=3.5, mean=0.0, scale=1.0)
    q = np.array([float(probability)])
    with mpmath.workdps(40):
        log_p = mpmath.log(mpmath.mpf(probability))
        score = mpmath.findroot(
            lambda z: mpmath.log(mpmath.ncdf(z)) - log_p, scipy.stats.norm.ppf(q[0])
        )

        def log_tail(x):
            share = 3.5 / (3.5 + x * x)
            return mpmath.log(mpmath.betainc(1.75, 0.5, 0, share, regularized=True) / 2)

        t = mpmath.findroot(lambda x: log_tail(x) - log_p, scipy.stats.t(3.5).ppf(q[0]))
    assert normal.quantile(q)[0] == pytest.approx(float(score), rel=1e-9)
    assert normal.upper_quantile(q)[0] == pytest.approx(-float(score), rel=1e-9)
    assert student.quantile(q)[0] == pytest.approx(float(t), rel=1e-9)
    assert student.upper_quantile(q)[0] == pytest.approx(-float(t), rel=1e-9)


@pytest.mark.parametrize("law", ["normal", "student_t"])
def test_symmetric_laws_have_their_centre_at_one_half(law):
    centre = {"normal": -1.5, "student_t": 1.0}[law]
    half = np.array([0.5])
    assert CONTINUOUS[law].quantile(half)[0] == pytest.approx(centre, abs=1e-15)
    assert CONTINUOUS[law].upper_quantile(half)[0] == pytest.approx(centre, abs=1e-15)


@pytest.mark.parametrize("u", ["0.5", "1e-6", "1e-15"])
def test_beta_quantiles_agree_with_forty_digit_arithmetic(u):
    with mpmath.workdps(40):
        p = mpmath.mpf(u)
        start = float(scipy.stats.beta(2.5, 0.7).ppf(float(p)))
        x = mpmath.findroot(
            lambda x: mpmath.betainc(2.5, 0.7, 0, x, regularized=True) - p,
            (0.5 * start, min(1.0, 1.5 * start)),
            solver="illinois",
        )
    assert CONTINUOUS["beta"].quantile(np.array([float(p)]))[0] == pytest.approx(
        float(x), rel=1e-9
    )


def test_lognormal_from_two_quantiles_has_the_known_moments():
    known = {key: float(value) for key, value in ORACLES["viii.01"].items()}
    law = LogNormal(mu=known["mu"], sigma=known["sigma"])
    levels = np.array([0.05, 0.25, 0.5, 0.95, 0.975])
    expected = [2.0, known["q0.25"], known["median"], 5.0, known["q0.975"]]
    np.testing.assert_allclose(law.quantile(levels), expected, rtol=1e-14)
    assert mean(law, REAL) == pytest.approx(known["mean"], rel=1e-10)


def test_truncated_normal_has_the_known_quantiles_and_mean():
    known = {key: float(value) for key, value in ORACLES["viii.04"].items()}
    law = CONTINUOUS["truncated_low"]
    assert isinstance(law, Truncated)
    assert law.mass == pytest.approx(known["P(kept)"], rel=1e-13)
    levels = np.array([0.05, 0.5, 0.95])
    expected = [known["q05"], known["q50"], known["q95"]]
    np.testing.assert_allclose(law.quantile(levels), expected, rtol=1e-12)
    assert mean(law, REAL) == pytest.approx(known["mean"], rel=1e-9)


def test_truncation_far_in_the_upper_tail_keeps_its_digits():
    law = Truncated(law=Normal(mean=0.0, sd=1.0), low=12.0, high=20.0)
    with mpmath.workdps(60):
        middle = mpmath.findroot(
            lambda x: (
                mpmath.erfc(x / mpmath.sqrt(2))
                - (mpmath.erfc(12 / mpmath.sqrt(2)) + mpmath.erfc(20 / mpmath.sqrt(2)))
                / 2
            ),
            12.06,
        )
    assert law.quantile(np.array([0.5]))[0] == pytest.approx(float(middle), rel=1e-12)


def test_a_mixture_is_not_the_mixture_of_its_quantiles():
    law = CONTINUOUS["mixture"]
    u = np.array([0.5])
    blend = 0.3 * special.ndtri(0.5) + 0.7 * 4.0
    assert abs(law.quantile(u)[0] - blend) > 0.5
    assert law.cdf(law.quantile(u))[0] == pytest.approx(0.5, abs=1e-12)


def test_a_mixture_with_a_point_has_its_mass_there():
    law = Mixture(
        weights=(0.4, 0.6), laws=(Point(value=1.0), Uniform(low=0.0, high=2.0))
    )
    assert law.quantile(np.array([0.31, 0.5, 0.69])).tolist() == [1.0, 1.0, 1.0]
    assert law.upper_quantile(np.array([0.31, 0.5, 0.69])).tolist() == [1.0, 1.0, 1.0]
    assert law.quantile(np.array([0.15, 0.85])) == pytest.approx([0.5, 1.5], abs=1e-12)
    np.testing.assert_allclose(
        law.log_density(np.array([1.0, 1.5, 3.0])), [np.log(0.4), np.log(0.3), -np.inf]
    )


def test_empirical_quantiles_are_order_statistics():
    law = Empirical(values=np.array([1.0, 2.0, 5.0, 9.0]))
    u = np.array([0.0, 0.25, 0.26, 0.5, 0.51, 0.75, 1.0])
    assert law.quantile(u).tolist() == [1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 9.0]
    q = np.array([1.0, 0.75, 0.74, 0.5, 0.49, 0.25, 0.0])
    assert law.upper_quantile(q).tolist() == [1.0, 1.0, 2.0, 2.0, 5.0, 5.0, 9.0]
    assert law.cdf(np.array([0.0, 2.0, 3.0, 9.0])).tolist() == [0.0, 0.5, 0.5, 1.0]
    assert np.exp(law.log_density(np.array([5.0, 6.0]))).tolist() == [0.25, 0.0]


def test_a_decreasing_unit_turns_the_tails_round():
    unit = GROWTH_UNITS["doubling_months"]
    law = carried_over(LogNormal(mu=np.log(8.0), sigma=0.26), unit)
    doubling = LogNormal(mu=np.log(8.0), sigma=0.26).quantile(np.array([0.05]))
    growth = law.quantile(np.array([0.95]))
    np.testing.assert_allclose(unit.from_canonical(growth), doubling, rtol=1e-13)


def test_exact_cases_are_carried_over_exactly():
    months = DURATION_UNITS["months"]
    assert carried_over(Point(value=7.0), months) == Point(value=np.log(7.0 / 12.0))
    law = carried_over(LogNormal(mu=1.0, sigma=0.2), GROWTH_UNITS["x/yr"])
    assert law == Normal(mean=1.0, sd=0.2)
    oom = carried_over(Normal(mean=1.0, sd=0.5), GROWTH_UNITS["OOM/yr"])
    assert oom == Normal(mean=np.log(10.0), sd=0.5 * np.log(10.0))
    assert carried_over(CONTINUOUS["beta"], REAL) is CONTINUOUS["beta"]


@pytest.mark.parametrize(
    ("law", "unit", "expected"),
    [
        (Normal(mean=np.log(2.0), sd=0.3), GROWTH_UNITS["x/yr"], 2.0 * np.exp(0.045)),
        (Point(value=0.0), DURATION_UNITS["days"], 365.25),
        (Beta(a=2.0, b=3.0), REAL, 0.4),
        (CONTINUOUS["mixture"], REAL, 2.8),
        (StudentT(df=3.0, mean=1.0, scale=2.0), REAL, 1.0),
        (Empirical(values=np.array([1.0, 2.0, 6.0])), REAL, 3.0),
    ],
)
def test_means_are_those_of_the_closed_forms(law, unit, expected):
    assert mean(law, unit) == pytest.approx(expected, rel=1e-9)


def test_a_mean_that_does_not_exist_is_not_a_number():
    doubling = GROWTH_UNITS["doubling_years"]
    assert mean(Normal(mean=0.5, sd=0.2), doubling) is None
    assert mean(StudentT(df=1.0, mean=0.0, scale=1.0), GROWTH_UNITS["x/yr"]) is None
    assert mean(CONTINUOUS["doubling_months"], doubling) is not None


def test_a_metalog_meets_its_quantiles_and_reports_impossible_ones():
    levels, values = np.array([0.05, 0.5, 0.95]), np.log([2.0, 3.0, 12.0])
    law = metalog.through(levels, values)
    np.testing.assert_allclose(law.quantile(levels), values, rtol=1e-12)
    with pytest.raises(ValueError, match="density would be negative"):
        metalog.through(levels, np.array([0.0, 1.0, 50.0]))


def test_the_upper_tail_of_a_beta_is_the_lower_tail_of_its_mirror_image():
    q = np.array([1e-20, 1e-6, 0.3])
    upper = Beta(a=2.0, b=4.0).upper_quantile(q)
    np.testing.assert_allclose(upper, 1.0 - Beta(a=4.0, b=2.0).quantile(q), rtol=1e-13)
    assert upper[0] < 1.0

"""Intervals and quantiles become the laws they should, and bad tables are refused."""

import datetime
import json
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from priors.bounded import Triangular
from priors.compounds import Mixture, Truncated
from priors.elicitation import elicit
from priors.faults import Refusal
from priors.laws import Empirical, Law, Normal, Point
from priors.parameters import PARAMETERS
from priors.units import DURATION_UNITS, GROWTH_UNITS, Unit, own_unit, years_since

ORACLES = {
    entry["id"]: entry["values"]
    for entry in json.loads(Path(__file__).with_name("oracles.json").read_text())[
        "oracles"
    ]
}
YEARLY = GROWTH_UNITS["x/yr"]
REAL = Unit(name="1", kind="real")
EPOCH = datetime.date(2023, 3, 14)
DATE = own_unit("date", "date", EPOCH)
TWO = {"0.05": 2.0, "0.95": 5.0}


def typed_quantiles(law: Law, unit: Unit, *levels: float) -> list[float]:
    u = np.array(levels)
    canonical = law.upper_quantile(u) if unit.decreasing else law.quantile(u)
    return unit.from_canonical(canonical).tolist()


def refusals(table, unit=YEARLY, **options) -> str:
    with pytest.raises(Refusal) as caught:
        elicit(table, unit, **options)
    return str(caught.value)


def test_an_interval_of_a_growth_is_the_known_lognormal():
    law = elicit({"interval": [2.0, 5.0], "mass": 0.9}, YEARLY).law
    assert isinstance(law, Normal)
    assert law.mean == pytest.approx(float(ORACLES["viii.01"]["mu"]), rel=1e-14)
    assert law.sd == pytest.approx(float(ORACLES["viii.01"]["sigma"]), rel=1e-14)


@pytest.mark.parametrize("unit", [u for n, u in GROWTH_UNITS.items() if n != "x/yr"])
def test_one_interval_means_one_law_in_every_unit(unit):
    plain = elicit({"interval": [1.25, 1.57], "mass": 0.9}, YEARLY).law
    ends = unit.from_canonical(np.log([1.25, 1.57]))
    table = {"interval": sorted(ends.tolist()), "mass": 0.9}
    law = elicit(table, unit).law
    scores = np.linspace(-6.5, 6.5, 27)
    np.testing.assert_allclose(
        law.at_score(scores), plain.at_score(scores), rtol=1e-12, atol=1e-13
    )


def test_the_mass_of_an_interval_decides_its_width():
    narrow = elicit({"interval": [2.0, 5.0], "mass": 0.95}, YEARLY).law
    wide = elicit({"interval": [2.0, 5.0], "mass": 0.8}, YEARLY).law
    assert isinstance(narrow, Normal)
    assert isinstance(wide, Normal)
    ratio = special.ndtri(0.975) / special.ndtri(0.9)
    assert wide.sd / narrow.sd == pytest.approx(ratio, rel=1e-13)


def test_quantiles_of_a_doubling_time_are_the_other_quantiles_of_growth():
    unit = GROWTH_UNITS["doubling_months"]
    law = elicit({"quantiles": {"0.10": 5.0, "0.90": 9.0}}, unit).law
    assert typed_quantiles(law, unit, 0.1, 0.9) == pytest.approx([5.0, 9.0], rel=1e-12)
    growth = YEARLY.from_canonical(law.quantile(np.array([0.9])))
    assert growth[0] == pytest.approx(2.0 ** (12.0 / 5.0), rel=1e-12)


def test_three_quantiles_that_no_lognormal_has_are_refused_with_the_best_fit():
    table = {"quantiles": {"0.05": 2.0, "0.5": 3.0, "0.95": 12.0}}
    message = refusals(table)
    assert "quantiles: no lognormal has 5/50/95% = 2/3/12" in message
    for key in ("fitted q05", "fitted q50", "fitted q95"):
        assert f"{float(ORACLES['viii.07'][key]):.6g}" in message
    assert "metalog" in message
    law = elicit({**table, "law": "metalog"}, YEARLY).law
    assert typed_quantiles(law, YEARLY, 0.05, 0.5, 0.95) == pytest.approx(
        [2.0, 3.0, 12.0], rel=1e-12
    )


def test_three_consistent_quantiles_are_fitted_and_echoed():
    table = {"quantiles": {"0.05": 2.0, "0.5": 3.17, "0.95": 5.0}}
    found = elicit(table, YEARLY)
    assert isinstance(found.law, Normal)
    assert "50% 3.17 → 3.16" in found.notices[0]
    assert elicit({"quantiles": TWO}, YEARLY).notices == ()


def test_a_misfit_of_a_number_that_may_be_negative_is_judged_by_the_spread():
    close = {"0.05": -1.0, "0.5": 0.005, "0.95": 1.0}
    assert isinstance(elicit({"quantiles": close}, REAL).law, Normal)
    assert "no normal has" in refusals({"quantiles": {**close, "0.5": 0.1}}, REAL)


def test_a_median_off_the_centre_needs_a_metalog():
    table = {"interval": [2.0, 12.0], "mass": 0.9, "median": 3.0}
    assert "interval: no lognormal has" in refusals(table)
    law = elicit({**table, "law": "metalog"}, YEARLY).law
    assert typed_quantiles(law, YEARLY, 0.5)[0] == pytest.approx(3.0, rel=1e-12)


@pytest.mark.parametrize(
    "extra",
    [
        {"law": "normal"},
        {"law": "lognormal"},
        {"law": "uniform"},
        {"law": "student_t", "df": 4.0},
        {"law": "beta", "low": 1.0, "high": 9.0},
        {"law": "triangular", "mode": 3.0},
    ],
    ids=lambda extra: extra["law"],
)
@pytest.mark.parametrize("unit", [REAL, DURATION_UNITS["months"]], ids=["1", "months"])
def test_a_named_law_meets_the_ends_as_typed(extra, unit):
    table = {"interval": [2.0, 5.0], "mass": 0.8, "truncate": [0.5, 20.0], **extra}
    cut = elicit(table, unit).law
    assert isinstance(cut, Truncated)
    assert typed_quantiles(cut.law, unit, 0.1, 0.9) == pytest.approx([2.0, 5.0], 1e-7)


def test_a_triangular_law_is_found_from_three_quantiles():
    asked = Triangular(low=1.0, mode=2.0, high=6.0).quantile(np.array([0.1, 0.5, 0.9]))
    levels = dict(zip(("0.1", "0.5", "0.9"), asked.tolist(), strict=True))
    law = elicit({"law": "triangular", "quantiles": levels}, REAL).law
    assert isinstance(law, Triangular)
    assert (law.low, law.mode, law.high) == pytest.approx((1.0, 2.0, 6.0), rel=1e-6)


STATED = [
    ({"law": "normal", "mean": 3.0, "sd": 0.5}, 3.0, 3.5),
    ({"law": "lognormal", "median": 3.0, "sigma": 0.2}, 3.0, 3.0 * np.exp(0.2)),
    ({"law": "lognormal", "mu": 1.0, "sigma": 0.2}, np.e, np.exp(1.2)),
    ({"law": "uniform", "low": 1.0, "high": 2.0}, 1.5, 1.0 + special.ndtr(1.0)),
    ({"law": "student_t", "df": 1e6, "mean": 3.0, "scale": 0.5}, 3.0, 3.5),
    ({"law": "student_t", "df": 1e6, "location": 3.0, "scale": 0.5}, 3.0, 3.5),
    ({"law": "beta", "a": 1.0, "b": 1.0}, 0.5, special.ndtr(1.0)),
    ({"law": "beta", "a": 1, "b": 1, "low": 2, "high": 4}, 3.0, None),
    ({"law": "triangular", "low": 0.0, "mode": 1.0, "high": 2.0}, 1.0, None),
]


@pytest.mark.parametrize(("table", "median", "upper"), STATED)
def test_stated_laws_are_laws_of_the_number_as_typed(table, median, upper):
    law = elicit(table, REAL).law
    found = law.at_score(np.array([0.0, 1.0]))
    assert found[0] == pytest.approx(median, rel=1e-6)
    assert upper is None or found[1] == pytest.approx(upper, rel=1e-5)


def test_a_lognormal_of_a_doubling_time_has_the_median_it_says():
    unit = GROWTH_UNITS["doubling_months"]
    law = elicit({"law": "lognormal", "median": 8.0, "sigma": 0.26}, unit).law
    growth = law.at_score(np.zeros(1))[0]
    assert growth == pytest.approx(np.log(2.0) * 12.0 / 8.0, rel=1e-14)


def test_truncation_renormalises_the_law_of_the_untruncated_interval():
    table = {"law": "normal", "mean": 0.3, "sd": 0.4, "truncate": [0.0, 100.0]}
    law = elicit(table, REAL).law
    known = [float(ORACLES["viii.04"][key]) for key in ("q05", "q50", "q95")]
    assert typed_quantiles(law, REAL, 0.05, 0.5, 0.95) == pytest.approx(
        known, rel=1e-12
    )
    plain = {"interval": [2.0, 5.0], "mass": 0.9}
    cut = elicit({**plain, "truncate": [2.0, 5.0]}, YEARLY).law
    assert isinstance(cut, Truncated)
    assert cut.mass == pytest.approx(0.9, rel=1e-13)
    assert cut.law == elicit(plain, YEARLY).law


def test_a_mixture_weights_its_laws():
    table = {
        "mixture": [
            {"weight": 0.35, "law": "lognormal", "median": 188.0, "sigma": 0.06},
            {"weight": 0.45, "law": "lognormal", "median": 129.0, "sigma": 0.106},
            {"weight": 0.2, "law": "lognormal", "median": 105.0, "sigma": 0.08},
        ]
    }
    unit = DURATION_UNITS["days"]
    law = elicit(table, unit).law
    assert isinstance(law, Mixture)
    found = typed_quantiles(law, unit, 0.05, 0.5, 0.95)
    assert np.round(found).tolist() == [99.0, 135.0, 200.0]


def test_dates_are_typed_as_days_and_their_widths_as_years():
    day = datetime.date(2025, 2, 24)
    assert elicit({"point": day}, DATE).law == Point(value=years_since(EPOCH, day))
    iso = elicit({"interval": ["2024-01-01", "2026-01-01"], "mass": 0.9}, DATE).law
    toml = {"interval": [datetime.date(2024, 1, 1), datetime.date(2026, 1, 1)]}
    assert iso == elicit({**toml, "mass": 0.9}, DATE).law
    law = elicit({"law": "normal", "mean": day, "sd": 0.5}, DATE).law
    assert law == Normal(mean=years_since(EPOCH, day), sd=0.5)
    uniform = {"law": "uniform", "low": "2024-01-01", "high": "2026-01-01"}
    middle = elicit(uniform, DATE).law.at_score(np.zeros(1))[0]
    expected = years_since(EPOCH, datetime.date(2024, 12, 31)) + 0.5 / 365.25
    assert middle == pytest.approx(expected, abs=1e-12)


def test_an_empirical_law_is_read_from_a_column_beside_the_card(tmp_path):
    (tmp_path / "fit.csv").write_text("growth,other\n2.0,a\n1.5,b\n3.0,c\n")
    table = {"empirical": "fit.csv", "column": "growth"}
    law = elicit(table, YEARLY, folder=tmp_path).law
    assert isinstance(law, Empirical)
    np.testing.assert_allclose(np.exp(law.values), [1.5, 2.0, 3.0], rtol=1e-15)


@pytest.mark.parametrize(
    ("name", "column", "message"),
    [
        ("../fit.csv", "growth", "leaves the folder"),
        ("/etc/passwd", "growth", "leaves the folder"),
        ("link.csv", "growth", "leaves the folder"),
        ("none.csv", "growth", "is not a file"),
        ("sub/fit.csv", "grwth", "no column grwth; did you mean growth?"),
        ("sub/fit.csv", "twice", "more than one column twice"),
        ("sub/empty.csv", "growth", "has a header and no rows"),
        ("sub/latin.csv", "growth", "is not UTF-8 text"),
        ("sub/fit.csv", "bad", 'line 3: "x" is not a finite number'),
        ("sub/fit.csv", "zero", "column zero has 0; all must be > 0 x/yr"),
        (3, "growth", "3 is not the name of a file"),
    ],
)
def test_tables_that_cannot_be_read_are_refused(tmp_path, name, column, message):
    card = tmp_path / "card"
    (card / "sub").mkdir(parents=True)
    (tmp_path / "fit.csv").write_text("growth\n1.0\n")
    (card / "link.csv").symlink_to(tmp_path / "fit.csv")
    rows = "growth,bad,zero,twice,twice\n2.0,1.0,1.0,1,1\n1.5,x,0.0,1,1\n"
    (card / "sub" / "fit.csv").write_text(rows)
    (card / "sub" / "empty.csv").write_text("growth\n")
    (card / "sub" / "latin.csv").write_bytes(b"growth\n\xff\n")
    table = {"empirical": name, "column": column}
    assert message in refusals(table, folder=card)


FAULTS = [
    ({}, "states no law (found nothing)"),
    ({"intervall": [1, 2]}, "found intervall; did you mean interval?"),
    ({"point": 1.4, "interval": [1, 2]}, "interval: point and interval say one thing"),
    ({"interval": [1, 2]}, "interval: an interval needs its mass"),
    ({"interval": [5, 2], "mass": 0.9}, "interval = [5, 2] is upside down"),
    ({"interval": [2, 2], "mass": 0.9}, "has two equal ends"),
    ({"interval": [1, 2, 3], "mass": 0.9}, "must be two ends"),
    ({"interval": [1, 2], "mass": 90}, "mass = 90 is not inside (0, 1); 90 % is mass"),
    ({"interval": [1, 2], "mass": 0}, "mass = 0 is not inside (0, 1)"),
    ({"interval": [1, 2], "mass": 0.9, "medain": 1.5}, "medain; did you mean median?"),
    ({"interval": [1, 2], "mass": 0.9, "median": 3.0}, "is not inside the interval"),
    (
        {"interval": [0, 2], "mass": 0.9},
        "interval: 0 x/yr must be > 0 (a yearly factor",
    ),
    ({"interval": ["1", 2], "mass": 0.9}, 'the text "1" is not a number'),
    ({"point": True}, "point: true is not a number"),
    ({"point": "1e6"}, 'the text "1e6" is not a number; write it without quotes'),
    ({"point": float("nan")}, "nan is not a finite number"),
    ({"point": float("inf")}, "inf is not a finite number"),
    ({"point": 10**400}, "inf is not a finite number"),
    ({"point": -1}, "-1 x/yr must be > 0"),
    ({"point": datetime.date(2025, 1, 1)}, "2025-01-01 is not a number"),
    ({"law": "gaussian", "mean": 1}, "unknown law 'gaussian'"),
    ({"law": "norml", "mean": 1, "sd": 1}, "did you mean normal?"),
    ({"law": "normal", "mean": 2.0, "sd": 0.0}, "sd = 0 must be > 0 (for a constant"),
    ({"law": "normal", "mean": 2.0, "sd": -0.1}, "sd = -0.1 must be > 0"),
    ({"law": "normal", "mean": 2.0}, "sd is missing"),
    ({"law": "normal", "mean": 2.0, "sd": 1.0}, "the law reaches 0 x/yr and below"),
    ({"law": "normal", "mean": 2.0, "sigma": 1.0}, "unknown key sigma"),
    ({"law": "lognormal", "median": 2.0, "mu": 1.0, "sigma": 1.0}, "one of them"),
    ({"law": "uniform", "low": 2.0, "high": 1.0}, "low must be below high"),
    ({"law": "triangular", "low": 1, "mode": 5, "high": 2}, "mode = 5 is not between"),
    ({"law": "beta", "a": 0, "b": 1, "low": 1, "high": 2}, "a = 0 must be > 0"),
    ({"law": "student_t", "interval": [1, 2], "mass": 0.9}, "df is missing"),
    ({"law": "triangular", "interval": [1, 2], "mass": 0.9}, "needs its mode"),
    ({"law": "metalog", "interval": [1, 2], "mass": 0.9}, "three quantiles or more"),
    ({"law": "metalog"}, "a metalog is stated by quantiles"),
    ({"quantiles": {"0.5": 1.0}}, "at least two levels"),
    (
        {"quantiles": {"0": 1.0, "0.5": 2.0}},
        "quantiles.0: level 0 is not inside (0, 1)",
    ),
    ({"quantiles": {"0.9": 1.0, "0.5": 2.0}}, "levels must rise: 0.5 stands after 0.9"),
    ({"quantiles": {"0.5": 2.0, "0.9": 1.0}}, "quantiles must rise with their level"),
    ({"quantiles": {"5%": 2.0, "0.9": 1.0}}, "level 5% is not inside (0, 1)"),
    ({"point": 1.4, "truncate": [1, 2]}, "unknown key truncate"),
    ({**{"quantiles": TWO}, "truncate": [1e5, 1e6]}, "keeps a mass of"),
    ({**{"quantiles": TWO}, "truncate": [3, 1]}, "truncate = [3, 1] is upside down"),
    ({"mixture": []}, "two laws or more"),
    ({"mixture": [{"point": 1}, {"point": 2}]}, "mixture[0]: weight is missing"),
    (
        {"mixture": [{"weight": 0.5, "point": 1}, {"weight": 0.6, "point": 2}]},
        "mixture: the weights add to 1.1, not to 1",
    ),
    (
        {"mixture": [{"weight": 0.5, "point": 1}, {"weight": 0.5, "interval": [1, 2]}]},
        "mixture[1].interval: an interval needs its mass",
    ),
    ({"empirical": "a.csv"}, "needs the name of a column"),
]


@pytest.mark.parametrize(("table", "message"), FAULTS)
def test_bad_tables_are_refused_in_the_users_words(table, message):
    assert message in refusals(table)


def test_all_faults_of_a_table_are_reported_together():
    with pytest.raises(Refusal) as caught:
        elicit({"interval": [5, 2], "mass": 1.5, "medain": 3}, YEARLY)
    keys = {fault.key for fault in caught.value.faults}
    assert keys == {"interval", "mass", "medain"}


@pytest.mark.parametrize("value", ["2025-02-30", 2025, "soon", True])
def test_what_is_no_date_is_refused(value):
    assert "is not a date; write 2025-02-24" in refusals({"point": value}, DATE)


def test_shares_stay_between_zero_and_one():
    share = Unit(name="share", kind="share")
    assert "not a share" in refusals({"point": 1.2}, share)
    assert "leaves [0, 1]" in refusals({"law": "normal", "mean": 0.5, "sd": 0.3}, share)
    cut = {"law": "normal", "mean": 0.5, "sd": 0.3, "truncate": [0.0, 1.0]}
    assert elicit(cut, share).law.support == (0.0, 1.0)


@pytest.mark.parametrize(
    ("name", "unit", "table", "message"),
    [
        ("hardware_growth", "x/yr", {"point": 40.0}, 'write unit = "percent/yr"'),
        ("hardware_growth", "x/yr", {"point": 40.0}, "point: 40 x/yr is outside the"),
        ("hardware_growth", "doubling_days", {"point": 2.0}, "2 doubling_days is"),
        (
            "hardware_growth",
            "x/yr",
            {"interval": [1.3, 60.0], "mass": 0.9},
            "interval: 60 x/yr is outside the plausible 0.5…20",
        ),
        ("horizon_doubling_time", "years", {"point": 212.0}, "check the unit"),
        ("anchor_date", None, {"point": "1925-02-24"}, "1925-02-24 is outside 2015"),
    ],
)
def test_a_slip_of_the_unit_is_refused(name, unit, table, message):
    parameter = PARAMETERS[name]
    own = own_unit(unit or parameter.unit, parameter.kind, EPOCH)
    assert message in refusals(table, own, parameter=parameter)

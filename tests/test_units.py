"""Conversions against the table of known answers, the calendar, and round trips."""

import datetime
import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priors import units
from priors.units import DURATION_UNITS, GROWTH_UNITS, Unit

ORACLES = {
    entry["id"]: entry["values"]
    for entry in json.loads(Path(__file__).with_name("oracles.json").read_text())[
        "oracles"
    ]
}
EPOCH = datetime.date(2023, 3, 14)
DATE = Unit(name="date", kind="date", form="date", epoch=EPOCH)


def converted(value: float, found: str, wanted: str) -> float:
    canonical = GROWTH_UNITS[found].to_canonical(np.array([value]))
    return float(GROWTH_UNITS[wanted].from_canonical(canonical)[0])


@pytest.mark.parametrize(
    ("value", "found", "wanted", "oracle"),
    [
        (7.0, "doubling_months", "x/yr", "7 months -> g/yr"),
        (7.0, "doubling_months", "OOM/yr", "7 months -> OOM/yr"),
        (212.0, "doubling_days", "x/yr", "212 days -> g/yr (365.25)"),
        (3.6, "x/yr", "doubling_months", "g=3.6 -> doubling months"),
        (3.6, "x/yr", "OOM/yr", "g=3.6 -> OOM/yr"),
        (0.5, "OOM/yr", "x/yr", "0.5 OOM/yr -> g/yr"),
        (60.0, "percent/yr", "x/yr", "60%/yr -> g/yr"),
    ],
)
def test_growth_converts_as_in_the_table_of_known_answers(value, found, wanted, oracle):
    assert converted(value, found, wanted) == pytest.approx(
        float(ORACLES["viii.03"][oracle]), rel=1e-14
    )


def test_seven_months_are_not_seven_times_thirty_days():
    trap = float(ORACLES["viii.03"]["TRAP 7 x 30 days -> g/yr (365)"])
    assert abs(converted(7.0, "doubling_months", "x/yr") - trap) > 0.05


@pytest.mark.parametrize("unit", [*GROWTH_UNITS.values(), *DURATION_UNITS.values()])
@given(x=st.floats(0.01, 1e4))
def test_typed_numbers_survive_the_canonical_scale(unit, x):
    back = unit.from_canonical(unit.to_canonical(np.array([x])))
    np.testing.assert_allclose(back, [x], rtol=1e-11)


@pytest.mark.parametrize("unit", [*GROWTH_UNITS.values(), *DURATION_UNITS.values()])
def test_slope_is_that_of_the_map_and_direction_is_declared(unit):
    x = np.geomspace(0.1, 50.0, 41)
    y, step = unit.to_canonical(x), 1e-6
    numeric = (unit.from_canonical(y + step) - unit.from_canonical(y - step)) / 2e-6
    np.testing.assert_allclose(np.exp(unit.log_typed_slope(y)), np.abs(numeric), 1e-6)
    assert np.all(np.diff(y) < 0) == unit.decreasing


def test_durations_are_logarithms_of_years():
    months = DURATION_UNITS["months"].to_canonical(np.array([7.0]))
    days = DURATION_UNITS["doubling_days"].to_canonical(np.array([365.25]))
    np.testing.assert_allclose(months, np.log([7.0 / 12.0]), rtol=1e-15)
    np.testing.assert_allclose(days, [0.0], atol=1e-15)


def test_numbers_that_a_unit_cannot_have_go_to_the_end_of_the_scale():
    assert GROWTH_UNITS["x/yr"].to_canonical(np.array([-1.0, 0.0])).tolist() == [
        -np.inf,
        -np.inf,
    ]
    assert GROWTH_UNITS["doubling_years"].to_canonical(np.array([0.0]))[0] == np.inf


@pytest.mark.parametrize(
    ("years", "oracle"),
    [
        (12.0, "t=12: 365.25-day convention"),
        (17.0, "t=17: 365.25-day convention"),
        (1.0, "t=1: 365.25-day convention"),
        (3.3316555298180122, "t*: 365.25-day convention"),
        (23.3818447127, "T_c(0.001): 365.25-day convention"),
    ],
)
def test_dates_after_the_epoch_follow_years_of_365_25_days(years, oracle):
    assert units.date_at(EPOCH, years).isoformat() == ORACLES["t.01"][oracle]


def decimal_year(date):
    """The year plus the share of it that has passed when ``date`` begins."""
    start, end = datetime.date(date.year, 1, 1), datetime.date(date.year + 1, 1, 1)
    return date.year + (date - start) / (end - start)


def test_days_between_two_dates_and_the_decimal_year():
    days = ORACLES["t.01"]["2025-02-24 minus 2023-03-14 in days"]
    years = units.years_since(EPOCH, datetime.date(2025, 2, 24))
    assert years * 365.25 == pytest.approx(float(days), rel=1e-15)
    assert units.decimal_years(EPOCH, np.zeros(1))[0] == pytest.approx(
        float(ORACLES["t.01"]["decimal year of 2023-03-14"]), rel=1e-15
    )


@given(st.dates(datetime.date(1900, 1, 1), datetime.date(2300, 1, 1)))
def test_every_day_comes_back_from_years_and_from_decimal_years(day):
    years = units.years_since(EPOCH, day)
    assert units.date_at(EPOCH, years) == day
    decimal = DATE.from_canonical(np.array([years]))
    assert decimal[0] == pytest.approx(decimal_year(day), abs=1e-9)
    assert DATE.to_canonical(decimal)[0] == pytest.approx(years, abs=1e-9)


def test_a_date_that_never_comes_stays_infinite_as_a_decimal_year():
    assert units.decimal_years(EPOCH, np.array([np.inf, -np.inf])).tolist() == [
        np.inf,
        -np.inf,
    ]


def test_a_day_beyond_the_calendar_is_refused():
    with pytest.raises(ValueError, match="not a calendar date"):
        units.date_at(EPOCH, 9000.0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e6", 1e6),
        ("1_000_000", 1e6),
        ("1M", 1e6),
        ("2.5k", 2500.0),
        ("3G", 3e9),
        ("3B", 3e9),
        ("1T", 1e12),
        (" -.5 ", -0.5),
        ("1.e-3", 1e-3),
    ],
)
def test_numbers_are_read_as_people_type_them(text, value):
    assert units.parse_number(text) == value


@pytest.mark.parametrize(
    "text", ["", "k", "1__0", "1,5", "nan", "inf", "1e400", "0x10", "1 2", "e5", "M1"]
)
def test_what_is_no_finite_number_is_refused(text):
    with pytest.raises(ValueError, match="is not a"):
        units.parse_number(text)


def test_counts_are_whole_and_at_least_one():
    assert units.parse_count("1M") == 1_000_000
    for text in ("0", "-5", "1.5", "1e-3"):
        with pytest.raises(ValueError, match="whole number"):
            units.parse_count(text)

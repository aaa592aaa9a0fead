"""What is shown of a card: quantiles in quoted units, means, and words."""

import math

import numpy as np
import pytest

from priors import cards, echo
from priors.compounds import Mixture, mean
from priors.laws import Empirical, Normal
from priors.units import GROWTH_UNITS

HEAD = 'schema = 1\nname = "mine"\nreference_date = 2023-03-14\n'


def rows(card) -> dict[str, echo.Row]:
    return {row.name: row for row in echo.rows(card)}


def own_card(tmp_path, text: str):
    path = tmp_path / "card.toml"
    path.write_text(HEAD + text)
    return cards.load(path)


def test_a_growth_is_read_in_three_units():
    row = rows(cards.load("paper-2026"))["algorithmic_growth"]
    assert row.quantiles == row.readings["doubling_months"]
    low, middle, high = row.readings["x/yr"]
    assert low < middle < high
    for index, growth in enumerate((low, middle, high)):
        months = row.readings["doubling_months"][2 - index]
        assert months == pytest.approx(12.0 * math.log(2.0) / math.log(growth))
        oom = row.readings["OOM/yr"][index]
        assert oom == pytest.approx(math.log10(growth), rel=1e-12)
    assert middle == pytest.approx(2.0**1.5, rel=1e-12)


def test_a_doubling_time_without_growth_is_never():
    law = Normal(mean=0.1, sd=0.1)
    low, middle, high = echo.quantiles(law, GROWTH_UNITS["doubling_years"])
    assert low == pytest.approx(math.log(2.0) / (0.1 + 0.1 * 1.6448536269514722))
    assert middle == pytest.approx(math.log(2.0) / 0.1)
    assert high == math.inf


def test_the_horizon_mixture_has_its_published_quantiles():
    row = rows(cards.load("windows-2026"))["horizon_doubling_time"]
    assert np.round(row.quantiles).tolist() == [99.0, 135.0, 200.0]
    assert row.law.startswith("by horizon_window: all (0.35): lognormal, median 188")


def test_the_default_horizon_has_the_quantiles_of_its_table():
    found = rows(cards.load())
    days = found["horizon_doubling_time"].quantiles
    assert np.round(days).tolist() == [79.0, 103.0, 134.0]
    assert found["horizon_doubling_time"].law == "a row of literature-2026-horizons.csv"


def test_what_is_given_a_normal_parent_is_a_closed_form():
    joint = cards.load().joint
    law = echo.overall(joint, "irreducible_loss")
    assert isinstance(law, Mixture)
    fitted = law.laws[0]
    assert isinstance(fitted, Normal)
    assert fitted.mean == pytest.approx(0.987 + 4.645 * 0.1787, rel=1e-14)
    assert fitted.sd == pytest.approx(math.hypot(0.0045, 4.645 * 0.0054), rel=1e-14)


def test_what_is_given_another_parent_is_good_to_three_digits(tmp_path):
    card = own_card(
        tmp_path,
        "[parameters.loss_exponent]\nquantiles = { '0.05' = 0.1, '0.5' = 0.2, "
        "'0.95' = 0.35 }\nlaw = 'metalog'\n[parameters.irreducible_loss]\n"
        "given = { parameter = 'loss_exponent', intercept = 1.0, slope = 2.0, "
        "residual_sd = 0.2 }\n",
    )
    law = echo.overall(card.joint, "irreducible_loss")
    assert isinstance(law, Empirical)
    parent = echo.overall(card.joint, "loss_exponent")
    z = np.linspace(-8.0, 8.0, 20_001)
    weights = np.exp(-0.5 * z * z) / np.sum(np.exp(-0.5 * z * z))
    for level in (0.05, 0.5, 0.95):
        x = law.quantile(np.array([level]))[0]
        shifted = x - 2.0 * parent.at_score(z)
        exact = np.sum(weights * Normal(mean=1.0, sd=0.2).cdf(shifted))
        assert exact == pytest.approx(level, abs=1e-3)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("point = 1.4", "point 1.4"),
        ("interval = [1.2, 1.6]\nmass = 0.9", "1.2 to 1.6 (90 %)"),
        (
            "interval = [1.2, 1.6]\nmass = 0.9\nlaw = 'uniform'\ntruncate = [1.1, 2.0]",
            "uniform 1.2 to 1.6 (90 %) cut to 1.1…2",
        ),
        ("quantiles = { '0.1' = 1.2, '0.9' = 1.6 }", "10 % 1.2, 90 % 1.6"),
        ("law = 'uniform'\nlow = 1.2\nhigh = 1.6", "uniform, low 1.2, high 1.6"),
        (
            "mixture = [{ weight = 0.4, point = 1.2 }, { weight = 0.6, point = 1.6 }]",
            "mixture of 0.4: point 1.2; 0.6: point 1.6",
        ),
        ("same_as = 'algorithmic_growth'", "same as algorithmic_growth"),
    ],
)
def test_laws_are_echoed_in_words(tmp_path, table, words):
    text = (
        f"[parameters.hardware_growth]\nunit = 'x/yr'\n{table}\n"
        "[parameters.algorithmic_growth]\nunit = 'x/yr'\npoint = 2.0\n"
    )
    card = own_card(tmp_path, text)
    assert rows(card)["hardware_growth"].law == words
    default = rows(card)["initial_compute_ratio"]
    assert (default.law, default.quantiles) == ("default", (1.0, 1.0, 1.0))
    assert default.note


def test_tables_and_dates_are_echoed(tmp_path):
    (tmp_path / "fit.csv").write_text("g,h\n1.2,2\n1.3,3\n1.4,4\n")
    text = (
        "[parameters.hardware_growth]\nunit = 'x/yr'\ngroup = 'fit.csv'\ncolumn = 'g'\n"
        "[parameters.algorithmic_growth]\nunit = 'x/yr'\nempirical = 'fit.csv'\n"
        "column = 'h'\n[parameters.anchor_date]\nlaw = 'uniform'\n"
        "low = 2025-01-01\nhigh = 2025-01-21\n"
    )
    found = rows(own_card(tmp_path, text))
    assert found["hardware_growth"].law == "a row of fit.csv"
    assert found["hardware_growth"].quantiles == pytest.approx((1.2, 1.3, 1.4))
    assert found["algorithmic_growth"].mean == pytest.approx(3.0)
    assert found["algorithmic_growth"].law == "column h of fit.csv"
    assert found["anchor_date"].text == ("2025-01-02", "2025-01-11", "2025-01-20")


def test_a_mean_is_missing_where_there_is_none(tmp_path):
    text = (
        "[parameters.hardware_growth]\nunit = '{}'\ninterval = [{}, {}]\nmass = 0.9\n"
    )
    doubling = own_card(tmp_path, text.format("doubling_years", 1.0, 30.0))
    assert rows(doubling)["hardware_growth"].mean is None
    yearly = own_card(tmp_path, text.format("x/yr", 1.2, 1.6))
    sd = math.log(1.6 / 1.2) / (2.0 * 1.6448536269514722)
    expected = math.sqrt(1.2 * 1.6) * math.exp(0.5 * sd * sd)
    assert rows(yearly)["hardware_growth"].mean == pytest.approx(expected, rel=1e-10)


def test_heavy_tails_have_a_mean_in_one_unit_and_none_in_another(tmp_path):
    text = (
        "[parameters.hardware_growth]\nunit = 'ln/yr'\nlaw = 'student_t'\ndf = 2.0\n"
        "mean = 0.3\nscale = 0.1\n"
    )
    card = own_card(tmp_path, text)
    assert rows(card)["hardware_growth"].mean == pytest.approx(0.3, rel=1e-6)
    assert (
        mean(echo.overall(card.joint, "hardware_growth"), GROWTH_UNITS["x/yr"]) is None
    )


def test_names_are_the_registry():
    assert [parameter.name for parameter in echo.names()][:2] == [
        "hardware_growth",
        "algorithmic_growth",
    ]

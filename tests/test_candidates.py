"""Laws for quantiles: the ranking, what a card is told, and what has no law."""

import datetime
import tomllib

import numpy as np
import pytest

from priors.candidates import NORMAL_GROWTH, Asked, candidates, chosen, ranked
from priors.elicitation import elicit
from priors.faults import Refusal
from priors.laws import LogNormal, Normal
from priors.parameters import PARAMETERS
from priors.toml_text import parameter_text
from priors.units import CANONICAL_GROWTH, DURATION_UNITS, GROWTH_UNITS, own_unit

EPOCH = datetime.date(2023, 3, 14)
SHARE = own_unit("share", "share")
REAL = own_unit("1", "real")
DATE = own_unit("date", "date", EPOCH)
DAYS = (datetime.date(2027, 1, 1), datetime.date(2029, 1, 1), datetime.date(2036, 1, 1))
ASKED = [
    (GROWTH_UNITS["x/yr"], (1.2, 1.4, 1.9)),
    (GROWTH_UNITS["OOM/yr"], (0.1, 0.2, 0.4)),
    (GROWTH_UNITS["doubling_months"], (4.0, 7.0, 15.0)),
    (GROWTH_UNITS["percent/yr"], (-20.0, 10.0, 90.0)),
    (DURATION_UNITS["days"], (99.0, 135.0, 200.0)),
    (SHARE, (0.1, 0.3, 0.7)),
    (REAL, (-2.0, 0.5, 9.0)),
    (DATE, DAYS),
]
LEVELS = ("0.05", "0.5", "0.95")


def asked_for(unit, numbers, levels=LEVELS, **more):
    quantiles = dict(zip(levels, numbers, strict=True))
    return Asked.of({"quantiles": quantiles, **more}, unit)


@pytest.mark.parametrize(("unit", "numbers"), ASKED, ids=lambda part: str(part)[:40])
def test_the_lines_of_every_candidate_give_a_card_the_same_law(unit, numbers):
    found, _ = candidates(asked_for(unit, numbers))
    assert len(found) >= 3
    score = np.linspace(-3.0, 3.0, 13)
    for one in found:
        table = tomllib.loads(parameter_text("it", one.table))["parameters"]["it"]
        typed = table.pop("unit")
        assert typed == (CANONICAL_GROWTH if typed != unit.name else unit.name)
        again = elicit(
            table, GROWTH_UNITS[typed] if typed == CANONICAL_GROWTH else unit
        ).law
        scale = np.ptp(one.law.at_score(score))
        wrong = np.abs(again.at_score(score) - one.law.at_score(score)) / scale
        # Numbers have six digits; dates are whole days.
        assert wrong.max() < (1e-3 if unit is DATE else 2e-5), one.name


@pytest.mark.parametrize(("unit", "numbers"), ASKED, ids=lambda part: str(part)[:40])
def test_the_misfit_is_that_of_the_quantile_missed_most(unit, numbers):
    asked = asked_for(unit, numbers)
    typed = np.array(list(asked.quantiles.values()))
    for one in candidates(asked)[0]:
        low, _, high = one.fitted
        assert low < high
        size = np.abs(typed) if np.isfinite(unit.lowest) else np.ptp(typed)
        miss = np.max(np.abs(np.array(one.fitted) - typed) / size)
        assert one.misfit == pytest.approx(miss, abs=1e-12)


def test_candidates_are_ranked_by_misfit_and_then_by_free_numbers():
    order = ranked(candidates(asked_for(GROWTH_UNITS["x/yr"], (1.2, 1.4, 1.9)))[0])
    misfits = [one.misfit for one in order]
    assert misfits == sorted(misfits)
    assert [one.name for one in order[:2]] == ["metalog", "triangular"]
    assert chosen(order).name == "metalog"
    exact = LogNormal(mu=0.3, sigma=0.1).quantile(np.array([0.05, 0.5, 0.95]))
    order = ranked(candidates(asked_for(GROWTH_UNITS["x/yr"], exact.tolist()))[0])
    assert (order[0].name, order[0].num_free) == ("lognormal", 2)
    assert chosen(order) is order[0]


def test_what_is_nearly_lognormal_is_not_given_three_numbers():
    order = ranked(candidates(asked_for(GROWTH_UNITS["x/yr"], (1.2, 1.5, 1.88)))[0])
    assert order[0].num_free == 3
    assert chosen(order).name == "lognormal"
    assert 0.0 < chosen(order).misfit <= 0.01


def test_two_quantiles_are_met_by_the_law_that_a_card_means_without_a_name():
    unit = GROWTH_UNITS["doubling_months"]
    asked = asked_for(unit, (6.0, 12.0), levels=("0.05", "0.95"))
    best = ranked(candidates(asked)[0])[0]
    assert (best.name, best.misfit) == (NORMAL_GROWTH, pytest.approx(0.0, abs=1e-12))
    table = {"interval": [6.0, 12.0], "mass": 0.9}
    law = elicit(table, unit).law
    assert isinstance(best.law, Normal)
    assert isinstance(law, Normal)
    assert best.law.mean == pytest.approx(law.mean, rel=1e-12)
    assert best.law.sd == pytest.approx(law.sd, rel=1e-12)


def test_a_metalog_that_is_no_distribution_is_named_as_such():
    numbers = (0.0, 0.9, 1.0, 1.1, 9.0)
    asked = asked_for(REAL, numbers, levels=("0.05", "0.25", "0.5", "0.75", "0.95"))
    found, refused = candidates(asked)
    assert "metalog" not in [one.name for one in found]
    assert "its density would be negative somewhere" in refused["metalog"]


def test_a_beta_law_has_the_ends_that_are_given():
    asked = asked_for(REAL, (2.0, 4.0, 8.0), low=1.0, high=12.0)
    beta = next(one for one in candidates(asked)[0] if one.name == "beta")
    assert beta.law.support == (1.0, 12.0)
    _, refused = candidates(asked_for(REAL, (2.0, 4.0, 8.0)))
    assert "between 0 and 1" in refused["beta"]


@pytest.mark.parametrize(
    ("numbers", "levels", "said"),
    [
        ((1.4, 1.2), ("0.05", "0.95"), "quantiles must rise"),
        ((1.2, 1.4), ("0.95", "0.05"), "levels must rise"),
        ((1.2,), ("0.05",), "at least two levels"),
        ((1.2, -1.4), ("0.05", "0.95"), "must be > 0"),
        ((120.0, 140.0), ("0.05", "0.95"), "outside the plausible"),
    ],
)
def test_what_cannot_be_quantiles_of_a_growth_is_refused(numbers, levels, said):
    quantiles = dict(zip(levels, numbers, strict=True))
    unit = GROWTH_UNITS["x/yr"]
    with pytest.raises(Refusal, match=said):
        Asked.of({"quantiles": quantiles}, unit, PARAMETERS["hardware_growth"])

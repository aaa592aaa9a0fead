"""PreliZ's laws: what they hold, and that an unmet condition is seen."""

import numpy as np
import pytest

from priors.candidates import Asked
from priors.faults import Refusal
from priors.laws import Normal
from priors.maximum_entropy import REACHED, _check, preliz_candidates
from priors.units import GROWTH_UNITS, own_unit

UNIT = GROWTH_UNITS["x/yr"]
SHARE = own_unit("share", "share")


def test_without_preliz_the_remedy_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "preliz", None)
    with pytest.raises(Refusal, match=r"pip install 'meekmc\[elicit\]'"):
        preliz_candidates(Asked.of({"quantiles": {"0.05": 1.2, "0.95": 1.9}}, UNIT))


def test_a_mass_that_is_not_held_is_refused():
    law, ends = Normal(mean=0.0, sd=1.0), np.array([-1.0, 1.0])
    held = float(np.diff(law.cdf(ends))[0])
    _check(law, {0.0: -1.0, held: 1.0})
    with pytest.raises(ValueError, match=r"ends at a mass of 0\.6827"):
        _check(law, {0.0: -1.0, held + 2.0 * REACHED: 1.0})


def test_the_law_of_largest_entropy_holds_the_mass_but_not_equal_tails():
    pytest.importorskip("preliz")
    found, refused = preliz_candidates(
        Asked.of({"quantiles": {"0.05": 1.2, "0.95": 1.9}}, UNIT)
    )
    assert set(refused) >= {"maxent beta"}
    lognormal = next(one for one in found if one.name == "maxent lognormal")
    ends = np.log([1.2, 1.9])
    below, above = lognormal.law.cdf(ends)
    assert above - below == pytest.approx(0.9, abs=REACHED)
    assert below != pytest.approx(0.05, abs=0.005)
    assert lognormal.table["law"] == "lognormal"


def test_quartiles_are_fitted_by_preliz_where_they_are_given():
    pytest.importorskip("preliz")
    quantiles = {"0.25": 0.2, "0.5": 0.3, "0.75": 0.45}
    found, _ = preliz_candidates(Asked.of({"quantiles": quantiles}, SHARE))
    beta = next(one for one in found if one.name == "quartile beta")
    below = beta.law.cdf(np.array(list(quantiles.values())))
    assert below == pytest.approx([0.25, 0.5, 0.75], abs=0.03)

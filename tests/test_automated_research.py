"""Research that speeds itself up, as an experiment: who gains, and from when on."""

import numpy as np
import pytest
from test_figures import small

from experiments.automated_research import EXPERIMENT

LOSS, INDEX = "validation_loss", "capability_index"
WORLDS = EXPERIMENT.scenarios[:2]
LEVELS = ["q0.05", "q0.5", "q0.95"]


SLOW_FIXTURES = ("sped_up",)


@pytest.fixture(scope="module")
def sped_up():
    """The milder feedback on top of trends that go on."""
    path = "exponential"
    return small(EXPERIMENT, metrics=(LOSS, INDEX), scenarios=WORLDS, path=path)


def series(results, metric, name, scenario="baseline"):
    return results.band(metric, name, scenario)[LEVELS].to_numpy()


def by_draw(results, scenario):
    found = results.tree["prior_predictive"].to_dataset()["convergence_years"]
    return found.sel(metric=LOSS, scenario=scenario).to_numpy().ravel()


def test_shared_research_leaves_the_gap_of_a_log_linear_metric_as_it_was(sped_up):
    same = series(sped_up, INDEX, "gap")
    np.testing.assert_allclose(series(sped_up, INDEX, "gap", "shared"), same, atol=1e-3)
    dates = sped_up.band(INDEX, "frontier").index
    before_ceilings = (dates > "2027-02-01") & (dates < "2033-01-01")
    more = series(sped_up, INDEX, "frontier", "shared")[before_ceilings]
    assert np.all(more > series(sped_up, INDEX, "frontier")[before_ceilings])


def test_secret_research_leaves_the_meek_actor_as_it_was(sped_up):
    same = series(sped_up, LOSS, "meek")
    np.testing.assert_allclose(series(sped_up, LOSS, "meek", "secret"), same, rtol=1e-5)


def test_shared_research_closes_a_bounded_gap_sooner_and_secret_research_later(sped_up):
    base, shared, secret = (
        by_draw(sped_up, name) for name in ("baseline", "shared", "secret")
    )
    draws = sped_up.tree["prior"].to_dataset()
    compute = np.log(draws["training_compute_growth"].to_numpy().ravel())
    algorithms = draws["algorithmic_growth"].to_numpy().ravel()
    # λ·c + q·a: below 0 gains get harder faster than research compute grows.
    speeds_up = 0.5 * compute - 0.3 * algorithms > 0.0
    assert speeds_up.mean() > 0.99
    assert np.all(secret[speeds_up] >= base[speeds_up] - 1e-3)
    open_then = base > 4.0
    assert np.mean(shared[open_then] < base[open_then]) > 0.9


def test_nothing_is_changed_before_it_begins(sped_up):
    early = sped_up.band(INDEX, "frontier").index < "2027-01-01"
    for name in ("shared", "secret"):
        for actor in ("frontier", "meek"):
            np.testing.assert_allclose(
                series(sped_up, INDEX, actor, name)[early],
                series(sped_up, INDEX, actor)[early],
                rtol=1e-5,
            )


def test_its_words_say_that_it_is_a_scenario(sped_up):
    assert "no data" in EXPERIMENT.assumptions[0]
    caveats = {caveat["id"] for caveat in sped_up.manifest["caveats"]}
    assert "feedback-not-estimated" in caveats

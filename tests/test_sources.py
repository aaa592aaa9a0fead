"""A mixture shows what each of its sources says: exact on the stored draws."""

import numpy as np
import pytest

import priors
from experiments.cli.run import headline
from experiments.registry import find
from mc.analysis.stored import stored
from mc.engine.plan import make_plan
from mc.engine.run import execute
from mc.engine.sources import movers

CLOSED = ("validation_loss", "convergence_date")
DRAWS = 2**12


@pytest.fixture(scope="module")
def plan():
    return make_plan(find("loss-gap"), priors.load(), draws=DRAWS)


@pytest.fixture(scope="module")
def results(plan):
    return execute(plan, device="cpu")


def test_each_source_says_what_its_own_draws_say(plan, results):
    draws = stored(results)
    labels = draws.labels("scaling_law")
    tree = results.tree["prior_predictive"].sel(metric="validation_loss")
    years = tree["convergence_years"].squeeze().to_numpy()
    days = {"besiroglu": 0, "hoffmann": 1}
    for label, place in days.items():
        own = np.sort(years[labels == place])
        middle = own[int(np.ceil(0.5 * own.size)) - 1]
        row = results.statistic(*CLOSED, f"q0.5|scaling_law={label}")
        told = results.statistic(*CLOSED[:1], "convergence_years", "q0.5")
        shift = row["number"] - results.statistic(*CLOSED, "q0.5")["number"]
        assert middle - told["number"] == pytest.approx(shift, abs=2 / 365)
        assert row["mc_error"] > 0


def test_shares_of_the_sources_add_up_to_the_mixture(plan, results):
    labels = stored(results).labels("scaling_law")
    weights = [np.mean(labels == place) for place in (0, 1)]
    for statistic in ("p_never", "p_by_2030-01-01", "p_by_2035-01-01"):
        # The share of a part is the mean of the replicates' shares.
        parts = [
            results.statistic(*CLOSED, f"{statistic}|scaling_law={label}")["number"]
            for label in ("besiroglu", "hoffmann")
        ]
        whole = results.statistic(*CLOSED, statistic)["number"]
        assert np.dot(weights, parts) == pytest.approx(whole, abs=1e-3)


def test_the_terminal_has_a_line_for_each_source(plan, results):
    titles = {b.title: b for b in headline.blocks(plan, results, 80)}
    closed = next(b for title, b in titles.items() if "closed for good" in title)
    told = "\n".join(closed.lines)
    assert "  besiroglu (70%)" in told
    assert "  hoffmann (30%)" in told
    assert "Indented: one source alone" in closed.paragraph
    assert all(len(line) <= 80 for line in closed.lines)


def test_a_component_that_moves_no_number_of_a_metric_has_no_line():
    mixed = priors.load("windows-2026")
    names = ("validation_loss", "task_success_1h")
    plan = make_plan(find("metr-gaps"), mixed, draws=1024)
    assert {c.label for c in plan.metrics} >= {"task_success_1h"}
    assert movers(plan, "task_success_1h") == ("horizon_window",)
    loss = make_plan(find("loss-gap"), mixed, draws=1024)
    assert movers(loss, names[0]) == ("scaling_law",)
    plain = make_plan(find("loss-gap"), priors.load("paper-2026"), draws=1024)
    assert movers(plain, names[0]) == ()

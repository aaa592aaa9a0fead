"""Draws on the host: marginals, labels and dependence are those of the card."""

import numpy as np
import pytest
from scipy import stats

import priors
from mc.draws import host
from priors.echo import overall

NUM = host.REPLICATES * host.NUM_POINTS
FIVE_ERRORS = 5.0 * 0.5 / np.sqrt(NUM)
CARD = """
schema = 1
name = "host"
reference_date = 2023-03-14
[components.law]
weights = { a = 0.7, b = 0.3 }
[parameters.hardware_growth]
unit = "x/yr"
interval = [1.2, 1.6]
mass = 0.9
[parameters.algorithmic_growth]
unit = "x/yr"
interval = [2.0, 4.0]
mass = 0.9
[parameters.loss_exponent]
by = "law"
a = { law = "normal", mean = 0.18, sd = 0.005 }
b = { law = "normal", mean = 0.15, sd = 0.005 }
[parameters.irreducible_loss]
unit = "nats/token"
by = "law"
a.given = { parameter = "loss_exponent", intercept = 1, slope = 4, residual_sd = 0.01 }
b = { point = 1.69 }
[parameters.solve_rate]
empirical = "rates.csv"
column = "rate"
[parameters."benchmark_floor[mine]"]
law = "uniform"
low = 0.0
high = 0.5
[dependence]
spearman = [["hardware_growth", "algorithmic_growth", 0.6]]
"""


@pytest.fixture(scope="module")
def card(tmp_path_factory):
    folder = tmp_path_factory.mktemp("host")
    (folder / "host.toml").write_text(CARD, encoding="utf-8")
    (folder / "rates.csv").write_text("rate\n0.1\n0.2\n0.4\n", encoding="utf-8")
    return priors.load(folder / "host.toml")


@pytest.fixture(scope="module")
def drawn(card):
    return host.draw(card.joint)


def test_every_marginal_is_the_one_the_card_states(card, drawn):
    assert set(drawn.values) == set(card.joint.names())
    for name, values in drawn.values.items():
        law = overall(card.joint, name)
        for level in (0.05, 0.25, 0.5, 0.75, 0.95):
            place = law.quantile(np.array([level]))
            at, below = np.mean(values <= place), np.mean(values < place - 1e-9)
            assert below <= level + FIVE_ERRORS, name
            assert at >= level - FIVE_ERRORS, name


def test_each_replicate_is_even_in_every_coordinate(drawn):
    shares = np.mean(
        host.by_replicate(drawn.values["hardware_growth"]) < np.log(1.6), 1
    )
    # Of a net of 1,024 points, one lies in each of as many intervals.
    assert np.abs(shares - 0.95).max() <= 1.0 / host.NUM_POINTS
    uniform = host.by_replicate(drawn.values["benchmark_floor[mine]"]) * 2.0
    cells = np.sort((uniform * host.NUM_POINTS).astype(int), axis=1)
    assert (cells == np.arange(host.NUM_POINTS)).all()


def test_rank_correlations_hold(drawn):
    first, second = (drawn.values[n] for n in ("hardware_growth", "algorithmic_growth"))
    found = np.corrcoef(stats.rankdata(first), stats.rankdata(second))[0, 1]
    assert found == pytest.approx(0.6, abs=5.0 / np.sqrt(NUM))


def test_labels_are_shared_and_a_child_follows_its_parent(drawn):
    label = drawn.labels["law"]
    assert np.mean(label == 0) == pytest.approx(0.7, abs=FIVE_ERRORS)
    loss, exponent = drawn.values["irreducible_loss"], drawn.values["loss_exponent"]
    assert (loss[label == 1] == 1.69).all()
    residual = (loss - 1.0 - 4.0 * exponent)[label == 0]
    assert np.std(residual) == pytest.approx(0.01, rel=0.05)
    mean = np.mean(exponent[label == 0])
    assert mean == pytest.approx(0.18, abs=5 * 0.005 / np.sqrt(NUM))


def test_two_names_are_independent(drawn):
    first, second = drawn.values["hardware_growth"], drawn.values["solve_rate"]
    both = np.mean((first < np.log(1.4)) & (second <= 0.1))
    apart = np.mean(first < np.log(1.4)) * np.mean(second <= 0.1)
    assert both == pytest.approx(apart, abs=FIVE_ERRORS)

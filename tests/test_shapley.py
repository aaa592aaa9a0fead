"""Shapley effects: games with known values, a correlated linear normal model."""

import itertools
import math

import numpy as np
import pytest
from normal_growth import card_text

import priors
from experiments.cli.sensitivity import indices
from experiments.registry import find
from mc.analysis.redraws import Beliefs
from mc.analysis.shapley import effects, shapley
from mc.analysis.sobol import sobol
from mc.analysis.target import Target
from mc.engine.plan import make_plan
from mc.engine.replay import Replay

HARDWARE, TRAINING = 0.1, 0.25
SPEARMAN = 0.6
GROWTHS = {
    "hardware_growth": (0.33, HARDWARE),
    "training_compute_growth": (1.5, TRAINING),
    "algorithmic_growth": (0.9, 0.2),
}
DEPENDENCE = f"""[dependence]
spearman = [["hardware_growth", "training_compute_growth", {SPEARMAN}]]
"""
CARD = card_text(GROWTHS, "point = 0.17", DEPENDENCE)
LEAD = Target(
    scenario="baseline",
    metric="compute",
    quantity="lead_oom@2030-01-01",
    statistic="q0.5",
)


def costs_of(matrix, slopes):
    """Costs of all sets in a linear normal model: variances given all others."""
    players = range(len(slopes))
    found = {}
    for size in range(len(slopes) + 1):
        for chosen in itertools.combinations(players, size):
            rest = [i for i in players if i not in chosen]
            inner, cross = matrix[np.ix_(chosen, chosen)], matrix[np.ix_(chosen, rest)]
            left = inner - cross @ np.linalg.solve(matrix[np.ix_(rest, rest)], cross.T)
            part = slopes[list(chosen)]
            found[frozenset(chosen)] = np.full(16, part @ left @ part)
    return found


def test_effects_of_a_correlated_linear_normal_model():
    """Two dependent inputs share as Owen and Prieur's closed form says."""
    rho, first, second = 0.7, 1.5, 0.8
    matrix = np.array([[1, rho, 0], [rho, 1, 0], [0, 0, 1.0]])
    slopes = np.array([first, second, 0.5])
    whole = slopes @ matrix @ slopes
    found = effects(costs_of(matrix, slopes), 3)
    both = rho * first * second
    half = 0.5 * rho**2 * (second**2 - first**2)
    exact = (first**2 + both + half, second**2 + both - half, 0.25)
    for effect, value in zip(found, exact, strict=True):
        assert effect.number == pytest.approx(value / whole, rel=1e-12)
        assert effect.mc_error == pytest.approx(0, abs=1e-12)


def test_effects_add_to_one_and_a_game_without_variance_has_none():
    costs = costs_of(np.eye(3), np.array([1.0, 2.0, 3.0]))
    noise = np.random.default_rng(0)
    noisy = {key: value + 0.1 * noise.random(16) for key, value in costs.items()}
    noisy[frozenset()] = np.zeros(16)
    found = effects(noisy, 3)
    assert sum(effect.number for effect in found) == pytest.approx(1)
    assert all(effect.mc_error > 0 for effect in found)
    nothing = {key: np.zeros(16) for key in costs}
    assert [effect.number for effect in effects(nothing, 3)] == [0, 0, 0]


@pytest.fixture(scope="module")
def replay(tmp_path_factory):
    file = tmp_path_factory.mktemp("card") / "dependent.toml"
    file.write_text(CARD, encoding="utf-8")
    plan = make_plan(find("loss-gap"), priors.load(file), draws=2**13)
    return Replay(plan, device="cpu")


def test_the_lead_is_shared_between_dependent_growths(replay):
    """The lead is (training − hardware)·t, linear and normal."""
    found = shapley(Beliefs(replay, LEAD, 2**13))
    rho = 2 * math.sin(math.pi * SPEARMAN / 6)
    whole = TRAINING**2 + HARDWARE**2 - 2 * rho * TRAINING * HARDWARE
    training, hardware = (s**2 * (1 - rho**2) for s in (TRAINING, HARDWARE))
    exact = {
        "training_compute_growth": 0.5 * (training + whole - hardware) / whole,
        "hardware_growth": 0.5 * (hardware + whole - training) / whole,
    }
    assert [share.name for share in found.shares] == list(exact)
    for share in found.shares:
        error = share.effect.mc_error
        assert abs(share.effect.number - exact[share.name]) < 5 * error
        assert error < 0.02
    assert found.dependent == (("hardware_growth", "training_compute_growth"),)
    assert sum(share.effect.number for share in found.shares) == pytest.approx(1)


def test_what_only_tells_of_another_has_half_of_what_it_tells(tmp_path):
    """The lead is investment's; algorithms have rank correlation with it, no effect."""
    growths = {"algorithmic_growth": (0.9, 0.2), "investment_growth": (1.2, 0.2)}
    more = DEPENDENCE.replace("hardware", "algorithmic").replace(
        "training_compute", "investment"
    )
    fixed = '[parameters.hardware_growth]\nunit = "ln/yr"\npoint = 0.3\n'
    file = tmp_path / "telling.toml"
    file.write_text(card_text(growths, "point = 0.17", fixed + more), encoding="utf-8")
    plan = make_plan(find("loss-gap"), priors.load(file), draws=2**12)
    found = shapley(Beliefs(Replay(plan, device="cpu"), LEAD, 2**12))
    effects = {share.name: share.effect for share in found.shares}
    rho = 2 * math.sin(math.pi * SPEARMAN / 6)
    told = effects["algorithmic_growth"]
    assert abs(told.number - rho**2 / 2) < 5 * told.mc_error
    assert 0 < told.mc_error < 0.02
    assert effects["investment_growth"].number == pytest.approx(1 - told.number)


def test_sobol_takes_dependent_inputs_as_one_and_says_so(replay):
    found = sobol(Beliefs(replay, LEAD, 2**12))
    whole = found.parts[0]
    assert whole.name == "hardware_growth + training_compute_growth"
    for index in (whole.first, whole.total):
        assert abs(index.number - 1) < 5 * index.mc_error
    assert found.parts[1].total.number == 0
    told = indices.record(found, "id")
    assert told["inputs"][0]["name"] == whole.name

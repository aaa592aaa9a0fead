"""Sobol' indices: Ishigami, Sobol's g, the engine's design, and the loss gap itself."""

import datetime
import math

import numpy as np
import pytest
from normal_growth import card_text
from scipy import stats

import priors
from experiments.registry import find
from mc.analysis.redraws import Beliefs
from mc.analysis.sobol import indices, sobol
from mc.analysis.target import Target
from mc.draws.designs import Sobol
from mc.engine.plan import make_plan
from mc.engine.replay import Replay, twin_order
from priors.units import years_since

POINTS, REPLICATES = 2**12, 16
DATE = datetime.date(2030, 1, 1)
HW, ALG, INV = (0.3, 0.08), (0.9, 0.25), (1.2, 0.3)
EXPONENT = 0.1787
GROWTHS = {
    "hardware_growth": HW,
    "algorithmic_growth": ALG,
    "investment_growth": INV,
}
CARD = card_text(GROWTHS, f"point = {EXPONENT}")


def uniform(names, copy):
    """Coordinates of the engine's design, by name."""
    design = Sobol(seed=5, replicates=REPLICATES)
    order = twin_order(5, REPLICATES, POINTS) if copy else np.arange(POINTS)[:, None]
    found = {}
    for name in names:
        words = np.asarray(design.words(name, 0, POINTS, copy)).reshape(POINTS, -1)
        found[name] = (np.take_along_axis(words, order, axis=0) + 0.5) / 2.0**32
    return found


def parted(model, names):
    base, twin = uniform(names, 0), uniform(names, 1)
    mixed = {name: model(base | {name: twin[name]}) for name in names}
    return indices(model(base), model(twin), mixed)


def close(estimate, exact):
    assert abs(estimate.number - exact) < 5 * estimate.mc_error + 1e-9
    assert estimate.mc_error < 0.005


NAMES = ("algorithmic_growth", "hardware_growth", "training_compute_growth")


def test_indices_of_ishigami():
    def model(at):
        x, y, z = (math.pi * (2 * at[name] - 1) for name in NAMES)
        return np.sin(x) + 7 * np.sin(y) ** 2 + 0.1 * z**4 * np.sin(x)

    variance, parts = parted(model, NAMES)
    found = {part.name: part for part in parts}
    assert abs(variance.number - 13.844587940719256) < 5 * variance.mc_error
    first = (0.31390519114781145, 0.44241114479004082, 0.0)
    total = (0.55758885520995917, 0.44241114479004082, 0.24368366406214773)
    for name, one, all_ in zip(NAMES, first, total, strict=True):
        close(found[name].first, one)
        close(found[name].total, all_)


def test_indices_of_sobols_g():
    weights = np.array([0.0, 1.0, 9.0])

    def model(at):
        factors = [
            (np.abs(4 * at[name] - 2) + a) / (1 + a)
            for name, a in zip(NAMES, weights, strict=True)
        ]
        return np.prod(factors, axis=0)

    parts = 1 / (3 * (1 + weights) ** 2)
    whole = np.prod(1 + parts) - 1
    _, got = parted(model, NAMES)
    found = {part.name: part for part in got}
    for name, part in zip(NAMES, parts, strict=True):
        close(found[name].first, part / whole)
        close(found[name].total, part * np.prod(1 + parts) / (1 + part) / whole)


def test_every_point_of_the_copy_is_a_twin_once():
    order = twin_order(5, REPLICATES, POINTS)
    assert np.array_equal(np.sort(order, axis=0)[:, 3], np.arange(POINTS))
    assert not np.array_equal(order[:, 0], order[:, 1])


@pytest.mark.parametrize("bits", [1, 2, 3])
def test_twins_keep_nothing_of_where_a_point_stands(bits):
    """Shares of twins with the point's own residue, by replicate: binomial, 1e-9."""
    num_points, replicates, residue = 256, 64, 2**bits
    order = twin_order(7, replicates, num_points)
    index = np.arange(num_points)[:, None]
    same = (order % residue == index % residue).sum(axis=0)
    share = 1 / residue
    low, high = stats.binom.interval(1 - 1e-9 / replicates, num_points, share)
    assert ((low <= same) & (same <= high)).all()
    spread = np.sqrt(num_points * share * (1 - share))
    assert same.std() > spread / 2


def test_a_constant_has_no_indices():
    _, parts = parted(lambda at: np.ones((POINTS, REPLICATES)), NAMES)
    assert all(part.first.number == part.total.number == 0 for part in parts)


@pytest.fixture(scope="module")
def replay(tmp_path_factory):
    file = tmp_path_factory.mktemp("card") / "normal.toml"
    file.write_text(CARD, encoding="utf-8")
    plan = make_plan(find("loss-gap"), priors.load(file), draws=2**16)
    return Replay(plan, device="cpu")


def test_indices_of_the_loss_gap_are_exact(replay):
    """The gap is K·X_hw·X_alg·(1 − Y): a product of independent factors."""
    target = Target(
        scenario="baseline",
        metric="validation_loss",
        quantity=f"gap@{DATE}",
        statistic="q0.5",
    )
    found = sobol(Beliefs(replay, target, 2**16))
    years = years_since(replay.plan.epoch, DATE)
    size = EXPONENT * years
    spread = {
        "hardware_growth": math.expm1(size**2 * HW[1] ** 2),
        "algorithmic_growth": math.expm1(size**2 * ALG[1] ** 2),
    }
    mean = math.exp(-size * INV[0] + size**2 * INV[1] ** 2 / 2)
    spread["investment_growth"] = (
        mean**2 * math.expm1(size**2 * INV[1] ** 2) / (1 - mean) ** 2
    )
    whole = math.prod(1 + d for d in spread.values())
    assert {part.name for part in found.parts} == set(spread)
    for part in found.parts:
        d = spread[part.name]
        close(part.first, d / (whole - 1))
        close(part.total, d * whole / (1 + d) / (whole - 1))
    assert found.parts[0].name == "algorithmic_growth"


def test_restricted_time_is_parted_where_dates_are_censored(replay):
    target = Target(
        scenario="baseline",
        metric="validation_loss",
        quantity="convergence_date",
        statistic="q0.5",
    )
    found = sobol(Beliefs(replay, target, 2**12))
    firsts = sum(part.first.number for part in found.parts)
    totals = sum(part.total.number for part in found.parts)
    assert 0 < firsts < 1.02
    assert totals > 0.98
    assert found.variance.number > 0

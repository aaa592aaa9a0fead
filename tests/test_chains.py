"""Chains of a posterior: the density of weights, and what a closed form says."""

import dataclasses
import json
import math

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from command_line import called
from scipy.stats import norm

from experiments.registry import find
from mc.analysis.conditioning.chains import Chains, is_installed, sample
from mc.analysis.conditioning.conditioned import following
from mc.analysis.conditioning.density import LogDensity
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from priors.cards import load
from priors.faults import Refusal

LEVEL, SLOPE = "horizon_at_anchor", "hardware_growth"
YEARS = np.array([0.0, 1.0, 2.5])
ERROR = 0.1
TAIL = 1.6448536
needs_numpyro = pytest.mark.skipif(not is_installed(), reason="meekmc[mcmc]")


def line(values: np.ndarray) -> LogDensity:
    """Measurements of a line, whose level and slope are normal a priori."""
    plan = following(make_plan(find("metr-gaps"), load("before-metr"), draws=1024))
    years = jnp.asarray(YEARS[:, None], jnp.float32)

    def log_likelihood(said: np.ndarray) -> np.ndarray:
        rest = (values[:, None] - said) / ERROR
        return -0.5 * np.square(rest).sum(axis=0)

    return LogDensity.of(
        Replay(plan).sampler,
        lambda values: (
            values[LEVEL] + years.astype(values[SLOPE].dtype) * values[SLOPE]
        ),
        log_likelihood,
    )


def central(density: LogDensity, far: float) -> tuple[np.ndarray, np.ndarray]:
    """The line and its slopes by scores, both parameters ``far`` sd off."""
    scores = np.zeros((3, len(density.names)), np.float32)
    chosen = [density.names.index(name) for name in (LEVEL, SLOPE)]
    scores[1, chosen[0]] = scores[2, chosen[1]] = 1.0
    base, level, slope = density.said(jnp.asarray(scores), jnp.zeros(3, jnp.int32)).T
    by_score = np.stack([level - base, slope - base], axis=1)
    return base + far * by_score.sum(axis=1), by_score


def test_the_potential_is_the_density_of_weights_and_its_slope_is_that():
    density = line(np.array([1.0, 1.5, 2.0]))
    rng = np.random.default_rng(0)
    scores = jnp.asarray(rng.normal(size=(8, len(density.names))), jnp.float32)
    values, slopes = jax.vmap(jax.value_and_grad(density.potential))(scores)
    likelihood = density.log_likelihood(density.said(scores, jnp.zeros(8, jnp.int32)))
    prior = 0.5 * np.square(np.asarray(scores, np.float64)).sum(axis=1)
    assert np.asarray(values) == pytest.approx(prior - likelihood, rel=1e-5)
    by_score = central(density, 0.0)[1]
    rest = np.array([1.0, 1.5, 2.0])[:, None] - density.said(
        scores, jnp.zeros(8, jnp.int32)
    )
    wanted = np.asarray(scores, np.float64).copy()
    for column, name in enumerate((LEVEL, SLOPE)):
        place = density.names.index(name)
        wanted[:, place] -= (by_score[:, column] @ rest) / ERROR**2
    assert np.asarray(slopes) == pytest.approx(wanted, rel=1e-3, abs=1e-3)


def test_labels_are_summed_over_at_their_weights():
    plan = following(make_plan(find("metr-gaps"), load("windows-2026"), draws=1024))
    density = LogDensity.of(
        Replay(plan).sampler,
        lambda parameters: parameters["horizon_doubling_time"][None],
        lambda said: -50.0 * np.square(said[0] + 1.0),
    )
    scores = jnp.zeros((1, len(density.names)), jnp.float32)
    labels = range(density.log_weights.size)
    said = [density.said(scores, jnp.array([label])) for label in labels]
    assert len({float(one[0, 0]) for one in said}) == density.log_weights.size == 3
    each = [
        weight + density.log_likelihood(one)[0]
        for weight, one in zip(density.log_weights, said, strict=True)
    ]
    total = float(np.logaddexp.reduce(each))
    found = float(density.potential(scores[0]))
    assert found == pytest.approx(-total, rel=1e-5)
    told = np.exp(density.labelled(scores))[0]
    assert told == pytest.approx(np.exp(np.array(each) - total), rel=1e-5)


def test_rows_of_a_table_have_no_density():
    plan = following(make_plan(find("metr-gaps"), load("literature-2026"), draws=1024))
    with pytest.raises(Refusal, match="rows of a table, which have no density"):
        LogDensity.of(
            Replay(plan).sampler,
            lambda parameters: parameters[LEVEL][None],
            lambda said: said[0],
        )


def test_without_the_package_it_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Refusal, match=r"pip install 'meekmc\[mcmc\]'"):
        sample(line(np.zeros(3)))


def posterior(
    values: np.ndarray, base: np.ndarray, by_score: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Mean and covariance of both scores, in closed form."""
    spread = np.linalg.inv(np.eye(2) + by_score.T @ by_score / ERROR**2)
    return spread @ by_score.T @ (values - base) / ERROR**2, spread


@needs_numpyro
@pytest.mark.slow
def test_chains_have_the_posterior_of_a_normal_line_that_no_draw_comes_near():
    """Four prior sd off on both: none of 65,536 draws would do. Six MC errors."""
    density = line(np.zeros(3))
    base, by_score = central(density, 0.0)
    values, _ = central(density, 4.0)
    density = dataclasses.replace(density, log_likelihood=line(values).log_likelihood)
    chains = sample(density, length=256, warm_up=256)
    assert chains.is_reliable
    assert chains.divergences == 0
    mean, spread = posterior(values, base, by_score)
    for column, name in enumerate((LEVEL, SLOPE)):
        place = density.names.index(name)
        drawn = chains.scores[..., place].astype(np.float64)
        sd = math.sqrt(spread[column, column])
        error = 1.0 / math.sqrt(chains.ess[place])
        assert abs(drawn.mean() - mean[column]) < 6.0 * sd * error
        assert drawn.std() == pytest.approx(sd, rel=6.0 * error)
    others = [i for i, n in enumerate(density.names) if n not in (LEVEL, SLOPE)]
    for place in others:
        drawn = chains.scores[..., place]
        error = 1.0 / math.sqrt(chains.ess[place])
        assert abs(drawn.mean()) < 6.0 * error
        assert drawn.std() == pytest.approx(1.0, rel=6.0 * error)


@needs_numpyro
@pytest.mark.slow
def test_chains_and_weights_agree_where_both_work():
    """Mean, 5, 50 and 95 % of what moved: 6 Monte Carlo errors, false alarm 2e-8."""
    told = {}
    for sampler in ("weights", "nuts"):
        call = ("condition", "before-metr", "--draws", "16384", "--sampler", sampler)
        code, out, err = called(*call, "--json")
        assert (code, err) == (0, "")
        told[sampler] = json.loads(out)
    chains = told["nuts"]["chains"]
    assert max(chains["rhat"].values()) <= 1.01
    for one, other in zip(*(told[s]["beliefs"] for s in told), strict=True):
        name = one["name"]
        if abs(one["shift"]) < 0.05:
            continue
        sizes = told["weights"]["effective_draws"], chains["ess"][name]
        error = math.sqrt(sum(1.0 / size for size in sizes))
        before, weighted, chained = (
            np.log(row[when])
            for row, when in ((one, "before"), (one, "after"), (other, "after"))
        )
        sd = (weighted[2] - weighted[0]) / (2.0 * TAIL)
        prior_sd = (before[2] - before[0]) / (2.0 * TAIL)
        assert abs(one["shift"] - other["shift"]) < 6.0 * error * sd / prior_sd
        wide = math.sqrt(0.05 * 0.95) / norm.pdf(TAIL)
        factors = np.array([wide, math.sqrt(math.pi / 2.0), wide])
        assert (np.abs(weighted - chained) < 6.0 * error * sd * factors).all()


def test_chains_that_have_not_mixed_are_not_reliable():
    apart = Chains(
        scores=np.zeros((4, 2, 1)),
        labels=np.zeros((4, 2), np.int64),
        names=(LEVEL,),
        rhat=np.array([1.011]),
        ess=np.array([40.0]),
        divergences=0,
    )
    assert not apart.is_reliable
    assert dataclasses.replace(apart, rhat=np.array([1.009])).is_reliable

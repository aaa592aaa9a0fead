import dataclasses
import datetime
import math
from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr
from scipy.stats import chi2, multivariate_normal

from mc.analysis.conditioning.card import bound_names, posterior_card, resampled
from mc.analysis.conditioning.horizons import LOG_LIMIT, Horizons
from mc.analysis.conditioning.orthants import log_above
from mc.analysis.conditioning.posterior import condition
from mc.analysis.conditioning.scatter import MEAN, Scatter, marginal
from mc.analysis.conditioning.trend import Trend
from priors.cards import load
from priors.evidence.data_sets import data_set
from priors.evidence.rows import Row
from priors.faults import Refusal

START = datetime.date(2023, 3, 14)
FALSE_ALARM = 1e-9
ONE_NODE = Scatter(drift=0.3, shortfall=0.2, nodes=(1, 1))


def row(model: str, day: str, minutes: float, suite: str = "TH1.1") -> Row:
    released = datetime.date.fromisoformat(day)
    shipped = data_set("metr-th1.1").of("time_horizon_50")[0]
    return dataclasses.replace(
        shipped,
        label=model,
        date=released,
        value=minutes,
        low=minutes / 2,
        high=minutes * 2,
        mass=0.95,
        censored="",
        more={"suite": suite},
    )


def some(*minutes: float) -> Horizons:
    days = (f"202{4 + i // 10}-{1 + i % 10:02d}-15" for i in range(len(minutes)))
    rows = [row(f"m{i}", day, minutes[i]) for i, day in enumerate(days)]
    return Horizons.of(rows, START)


def trend(data: Horizons, scatter: Scatter) -> Trend:
    return Trend(metric="time_horizon", data=data, scatter=scatter, unit="ln")


def test_rows_become_logarithms_and_what_is_above_the_limit_is_a_limit():
    data = Horizons.of(
        [
            row("late", "2026-04-07", 1044.8),
            row("early", "2023-01-01", 1.0),
            row("first", "2023-03-14", 4.0, "TH1.0"),
        ],
        START,
    )
    assert data.models == ("first", "late")
    assert data.num_earlier == 1
    assert data.years[0] == 0.0
    assert data.log_minutes.tolist() == [math.log(4.0), LOG_LIMIT]
    assert data.is_above.tolist() == [False, True]
    assert data.sd[0] == pytest.approx(math.log(4.0) / (2 * 1.959964), rel=1e-6)
    assert data.suites == ("TH1.0", "TH1.1")


def test_a_row_without_an_interval_is_refused_and_so_is_what_is_all_too_early():
    bare = dataclasses.replace(row("m", "2024-01-01", 4.0), low=None)
    with pytest.raises(Refusal, match="m needs a date"):
        Horizons.of([bare], START)
    with pytest.raises(
        Refusal, match="no frontier model was released since 2023-03-14"
    ):
        Horizons.of([row("m", "2020-01-01", 4.0)], START)


def test_open_weights_speak_of_another_actor():
    data = data_set("metr-th1.0")
    found = Horizons.of(data.of("time_horizon_50"), START)
    later = [r for r in data.of("time_horizon_50") if r.date and r.date >= START]
    assert found.num_open == sum(r.more["access"] == "open weights" for r in later) > 5
    assert len(found.models) + found.num_open == len(later)


def test_a_model_told_to_be_censored_is_above_its_number():
    one = dataclasses.replace(row("m", "2024-01-01", 400.0), censored="right")
    data = Horizons.of([one], START)
    assert data.is_above.tolist() == [True]
    assert data.log_minutes.tolist() == [math.log(400.0)]


def test_the_density_is_that_of_a_normal_vector():
    data = some(20.0, 30.0, 70.0)
    trends = np.log([[25.0, 10.0], [40.0, 20.0], [60.0, 90.0]])
    found = ONE_NODE.log_likelihood(data, trends)
    law = multivariate_normal(np.zeros(3), ONE_NODE.covariance(data, 0).tolist())
    short = MEAN * ONE_NODE.shortfalls[0]
    wanted = [law.logpdf(data.log_minutes - (t - short)) for t in trends.T]
    assert found[0] == pytest.approx(wanted, rel=1e-12)
    assert marginal(found) == pytest.approx(wanted, rel=1e-12)


def test_of_a_horizon_above_the_limit_only_that_counts():
    data = some(200.0, 5000.0)
    trends = np.log([[250.0], [900.0]])
    found = ONE_NODE.log_likelihood(data, trends)[0, 0]
    spread = ONE_NODE.covariance(data, 0)
    means = trends[:, 0] - MEAN * ONE_NODE.shortfalls[0]
    heights = np.linspace(LOG_LIMIT, LOG_LIMIT + 12.0, 20_001)
    points = np.stack([np.full_like(heights, data.log_minutes[0]), heights], axis=1)
    density = multivariate_normal(means, spread.tolist()).pdf(points)
    wanted = math.log(np.trapezoid(density, heights))
    assert found == pytest.approx(wanted, abs=1e-6)


def test_suites_share_errors_and_models_of_two_do_not():
    apart = Scatter(drift=1e-9, shortfall=1e-9, nodes=(1, 1))
    rows = [
        row("a", "2024-01-01", 10.0),
        row("b", "2024-01-01", 10.0),
        row("c", "2024-01-01", 10.0, "TH1.0"),
    ]
    data = Horizons.of(rows, START)
    spread = apart.covariance(data, 0) / data.sd[0] ** 2
    wanted = [[1.0, 0.5, 0.0], [0.5, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert spread == pytest.approx(np.array(wanted), abs=1e-12)


def test_orthants_have_their_closed_forms():
    flat = log_above(np.array([[0.3, -2.0]]), np.array([[4.0]]))
    assert flat == pytest.approx(np.log(ndtr([-0.15, 1.0])), rel=1e-12)
    for rho in (-0.6, 0.0, 0.9):
        spread = np.array([[1.0, rho], [rho, 1.0]])
        wanted = 0.25 + math.asin(rho) / (2.0 * math.pi)
        found = math.exp(log_above(np.zeros((2, 1)), spread)[0])
        assert found == pytest.approx(wanted, abs=2e-3)
    half = np.full((3, 3), 0.5) + 0.5 * np.eye(3)
    found = math.exp(log_above(np.zeros((3, 1)), half)[0])
    assert found == pytest.approx(0.25, abs=3e-3)


def test_a_normal_level_has_its_conjugate_posterior():
    data = some(20.0, 30.0, 70.0, 100.0)
    prior = np.random.default_rng(1).normal(math.log(40.0), 0.7, (16, 4096))
    slope = 1.1 * (data.years - 1.0)
    trends = prior[None] + slope[:, None, None]
    found = condition([trend(data, ONE_NODE)], trends)
    inverse = np.linalg.inv(ONE_NODE.covariance(data, 0))
    short = MEAN * ONE_NODE.shortfalls[0]
    seen = inverse @ (data.log_minutes - slope + short)
    precision = inverse.sum() + 1 / 0.7**2
    mean = (seen.sum() + math.log(40.0) / 0.7**2) / precision
    weights = found.weights.values / found.weights.values.sum()
    sd = precision**-0.5
    error = sd / math.sqrt(found.weights.num_effective)
    assert found.weights.khat < 0.7
    assert abs((weights * prior).sum() - mean) < 6 * error
    spread = math.sqrt((weights * (prior - mean) ** 2).sum())
    assert spread == pytest.approx(sd, rel=6 / math.sqrt(found.weights.num_effective))


def test_what_data_say_of_the_scatter_comes_out_larger_where_they_scatter_more():
    calm, wild = some(20.0, 24.0, 28.0, 34.0), some(20.0, 4.0, 200.0, 3.0)
    level = np.random.default_rng(2).normal(math.log(25.0), 0.5, (16, 256))
    trends = np.broadcast_to(level, (4, *level.shape))
    quiet, loud = (
        sum(ends[1] for ends in part.scales.values())
        for data in (calm, wild)
        for part in condition([trend(data, Scatter())], trends).parts
    )
    assert loud > 1.3 * quiet


@pytest.mark.slow
def test_ranks_of_the_truth_are_uniform():
    """Simulation-based calibration: 1,000 worlds, ten bins, false alarm below 1e-9."""
    worlds, bins = 1_000, 10
    rng = np.random.default_rng(3)
    scatter = Scatter(nodes=(3, 3))
    data = some(10.0, 20.0, 40.0, 80.0, 160.0)
    level = rng.normal(math.log(30.0), 0.6, 2048)
    growth = rng.normal(1.4, 0.4, 2048)
    trends = level + growth * (data.years - data.years.mean())[:, None]
    chosen = rng.integers(2048, size=worlds)
    counts = np.zeros((2, bins))
    for truth in chosen:
        node = int(rng.integers(scatter.drifts.size))
        mean = trends[:, truth] - MEAN * scatter.shortfalls[node]
        seen = rng.multivariate_normal(mean, scatter.covariance(data, node))
        here = _with(data, seen)
        log_weights = marginal(scatter.log_likelihood(here, trends))
        weights = np.exp(log_weights - log_weights.max())
        for i, values in enumerate((level, growth)):
            below = weights[values < values[truth]].sum()
            own = weights[truth] * rng.random()
            rank = (below + own) / weights.sum()
            counts[i, min(int(rank * bins), bins - 1)] += 1
    expected = worlds / bins
    statistics = ((counts - expected) ** 2 / expected).sum(axis=1)
    assert statistics.max() < chi2.isf(FALSE_ALARM / 2, bins - 1)


def _with(data: Horizons, seen: np.ndarray) -> Horizons:
    rows = [
        row(m, str(d), math.exp(v))
        for m, d, v in zip(data.models, data.days, seen, strict=True)
    ]
    return Horizons.of(rows, START)


def test_rows_stand_for_draws_in_proportion_to_their_weights():
    weights = np.array([0.0, 3.0, 1.0, 4.0])
    found = resampled(weights, np.array([4.0, 3.0, 2.0, 1.0]), 800)
    assert np.bincount(found, minlength=4).tolist() == [0, 300, 100, 400]
    assert found[0] == 3


def test_the_posterior_is_a_card_that_says_what_it_has_used(tmp_path: Path):
    card = load("windows-2026")
    names = bound_names(card, ["horizon_doubling_time", "horizon_at_anchor"])
    assert "horizon_doubling_time" in names
    assert "hardware_growth" not in names
    columns = {
        name: np.log(np.linspace(90.0, 200.0, 64) / card.joint.units[name].factor)
        for name in names
    }
    made = posterior_card(
        card, "after", columns, ["metr-new"], datetime.date(2026, 5, 8)
    )
    (tmp_path / "after.toml").write_text(made.text, encoding="utf-8")
    (tmp_path / "after.csv").write_text(made.table, encoding="utf-8")
    after = load(tmp_path / "after.toml")
    (group,) = after.joint.groups
    for name in names:
        assert group.columns[name] == pytest.approx(columns[name], rel=1e-8)
        assert after.tables["parameters"][name]["evidence"] == [
            "metr-new",
            "metr-th1.1",
        ]
    untouched = set(card.tables["parameters"]) - set(names)
    assert all(
        after.tables["parameters"][n] == card.tables["parameters"][n] for n in untouched
    )
    assert "horizon_window" not in after.tables["components"]
    assert after.path == card.path

"""Index scores, lags and progress at fixed compute: densities, and calibration."""

import dataclasses
import datetime
import math
from collections.abc import Callable

import numpy as np
import pytest
from scipy.stats import chi2, multivariate_normal, norm

from mc.analysis.conditioning.fixed_compute import FixedCompute
from mc.analysis.conditioning.index_scores import SCATTER, index_scores
from mc.analysis.conditioning.lags import Lags
from mc.analysis.conditioning.likelihood import Likelihood, marginal
from mc.analysis.conditioning.posterior import condition
from mc.analysis.conditioning.reading import likelihoods
from mc.analysis.conditioning.regressions import regression
from mc.analysis.conditioning.scatter import MEAN
from mc.analysis.conditioning.together import readable
from mc.analysis.conditioning.trend import Trend
from priors.evidence.data_sets import data_set
from priors.faults import Refusal

START = datetime.date(2023, 3, 14)
FALSE_ALARM = 1e-9
DRAWS = 2048


def one(*names: str) -> Likelihood:
    """The only likelihood of some data sets."""
    rows = readable([data_set(name) for name in names], "--evidence")
    (found,) = likelihoods(rows, START)
    return found


@pytest.fixture(scope="module")
def index() -> Trend:
    found = one("eci-2026-04")
    assert isinstance(found, Trend)
    return found


@pytest.fixture(scope="module")
def fixed() -> FixedCompute:
    found = one("fixed-compute")
    assert isinstance(found, FixedCompute)
    return found


@pytest.fixture(scope="module")
def lags() -> Lags:
    found = one("open-horizon-lags")
    assert isinstance(found, Lags)
    return found


def test_of_the_index_the_makers_that_led_count_with_their_own_records(index: Trend):
    data = index.data
    rows = data_set("eci-2026-04").of("capability_index")
    makers = {row.label: row.developer for row in rows}
    led = {"Anthropic", "OpenAI", "Google DeepMind"}
    assert {makers[m] for m in data.models} == led
    for maker in led:
        is_own = [makers[model] == maker for model in data.models]
        assert (np.diff(data.values[is_own]) > 0.0).all()
    assert data.is_unstated.all()
    counted = len(data.models) + data.num_open + data.num_earlier + data.num_others
    assert counted == len(rows)


def test_a_score_with_an_interval_keeps_its_error():
    rows = data_set("eci-2026-04").of("capability_index")
    stated = [
        dataclasses.replace(row, low=row.value - 3.0, high=row.value + 3.0, mass=0.9)
        for row in rows
        if row.value is not None
    ]
    data = index_scores(stated, START)
    assert not data.is_unstated.any()
    assert data.sd == pytest.approx(3.0 / norm.ppf(0.95))


def test_the_density_of_scores_is_that_of_a_normal_vector(index: Trend):
    trends = np.stack([115.0 + 14.0 * index.data.years, 120.0 + 9.0 * index.data.years])
    found = index.log_likelihood(trends.T)
    for node in (0, 17, 59):
        spread = SCATTER.covariance(index.data, node)
        short = np.full(len(spread), MEAN * SCATTER.shortfalls[node])
        law = multivariate_normal(-short, spread.tolist())
        wanted = [law.logpdf(index.data.values - trend) for trend in trends]
        assert found[node] == pytest.approx(wanted, rel=1e-9)


def test_lags_of_one_model_and_of_one_source_hang_together(lags: Lags):
    spread = lags.covariance(20)
    by_label = {label: i for i, label in enumerate(lags.labels)}
    first, second, other = (
        by_label[f"{name} horizon"]
        for name in ("DeepSeek-V3, 50 %", "DeepSeek-V3, 80 %", "Kimi K2 Thinking, 50 %")
    )
    assert spread[first, first] > spread[first, second] > spread[first, other] > 0.0


def test_a_pair_not_yet_matched_says_that_the_lag_is_longer(lags: Lags):
    rows = [
        dataclasses.replace(row, censored="right")
        for row in data_set("open-horizon-lags").of("open_lag")[:1]
    ]
    open_end = Lags.of(rows)
    years = np.log(np.linspace(0.1, 4.0, 50))[None]
    found = open_end.log_likelihood(years)
    sd = np.sqrt([open_end.covariance(i)[0, 0] for i in range(len(found))])
    wanted = norm.logsf((open_end.log_years[0] - years) / sd[:, None])
    assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12)
    assert (np.diff(found, axis=1) > 0.0).all()
    assert not open_end.is_known.any()


def test_the_regression_of_the_index_is_that_of_the_table():
    rows = data_set("eci-2026-04").of("capability_index")
    compute = data_set("training-compute-2026-04").of("training_compute")
    found = regression(rows, compute)
    table = data_set("fixed-compute")
    slope = table.row("index_per_oom", "state of 11 April 2026")
    rate = table.row("index_growth_at_fixed_compute", "state of 11 April 2026")
    # Printed to two and three digits.
    assert found.per_log_compute * math.log(10) == pytest.approx(slope.value, abs=0.05)
    assert found.per_year == pytest.approx(rate.value, abs=0.05)
    assert rate.low is not None
    assert rate.high is not None
    wanted = (rate.high - rate.low) / 2 / norm.ppf(0.95)
    assert math.sqrt(found.covariance[1, 1]) == pytest.approx(wanted, abs=0.05)


def test_errors_in_compute_flatten_a_slope_and_lift_a_rate():
    """Against least squares on made models: 20,000, of which compute is misread."""
    rng = np.random.default_rng(5)
    years = rng.uniform(0.0, 3.0, 20_000)
    scatter, error, growth, slope, rate = 0.9, 0.6, 1.5, 4.0, 5.0
    flop = growth * years + scatter * rng.standard_normal(years.size)
    score = slope * flop + rate * years + rng.standard_normal(years.size)
    seen = flop + error * rng.standard_normal(years.size)
    design = np.stack([np.ones_like(years), seen, years], axis=1)
    found = np.linalg.lstsq(design, score, rcond=None)[0]
    noise = error**2 / (scatter**2 + error**2)
    model = _made(noise, growth)
    flat, high = model.expected(
        "capability_index", np.array([rate / slope]), np.array([slope])
    )
    assert found[1] == pytest.approx(flat[0, 0], rel=0.02)
    assert found[2] == pytest.approx(high[0, 0], rel=0.02)


def _made(noise: float, growth: float) -> FixedCompute:
    """One regression, with errors as stated and without distillation."""
    shipped = one("fixed-compute")
    assert isinstance(shipped, FixedCompute)
    own = shipped.regressions["capability_index"]
    own = dataclasses.replace(own, noise_share=noise, compute_growth=growth)
    return dataclasses.replace(
        shipped, regressions={"capability_index": own}, distilled=0.0, nodes=(1, 1)
    )


def test_a_metric_whose_trend_counts_elsewhere_speaks_through_its_slope_alone():
    rows = readable([data_set("metr-th1.1"), data_set("fixed-compute")], "--evidence")
    *_, found = likelihoods(rows, START)
    assert found.labels == (
        "capability_index by compute",
        "capability_index by year",
        "time_horizon by compute",
    )
    assert len(one("fixed-compute").labels) == 4


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("eci-2026-04", "eci-2026-02"), "both have LLaMA-13B; take one"),
        (("metr-th1.1", "open-horizon-lags"), "are of one series; take one"),
        (("open-lags", "consumer-lags"), "speak of two actors"),
        (("chess",), "condition takes time horizons, index scores, lags"),
    ],
)
def test_data_that_cannot_be_used_at_once_are_refused(names, said: str):
    with pytest.raises(Refusal, match=said):
        readable([data_set(name) for name in names], "--evidence")


# Calibration: worlds drawn from prior and likelihood, the truth's rank in each.


def uniform(ranks: np.ndarray, bins: int = 10) -> bool:
    """Whether ranks are uniform, at a false-alarm rate of 1e-9."""
    counts = np.histogram(ranks, bins=bins, range=(0.0, 1.0))[0]
    expected = ranks.size / bins
    return ((counts - expected) ** 2 / expected).sum() < chi2.isf(FALSE_ALARM, bins - 1)


def ranks(
    says: np.ndarray,
    values: np.ndarray,
    world: Callable[[np.random.Generator, int], Likelihood],
    worlds: int,
) -> np.ndarray:
    """Of the truth among weighted draws, in each of some worlds.

    Args:
        says: What draws say.
        values: The parameter that is ranked.
        world: A likelihood of data made from one draw.
        worlds: How many.
    """
    rng = np.random.default_rng(11)
    found = np.empty(worlds)
    for i, truth in enumerate(rng.integers(says.shape[1], size=worlds)):
        log_weights = marginal(world(rng, truth).log_likelihood(says))
        weights = np.exp(log_weights - log_weights.max())
        below = weights[values < values[truth]].sum() + weights[truth] * rng.random()
        found[i] = below / weights.sum()
    return found


def shortened(index: Trend, number: int = 8) -> Trend:
    """Fewer releases and nodes, for speed."""
    data = index.data
    kept = np.linspace(0, len(data.models) - 1, number).astype(int)
    data = dataclasses.replace(
        data,
        models=tuple(data.models[i] for i in kept),
        days=tuple(data.days[i] for i in kept),
        suites=tuple(data.suites[i] for i in kept),
        years=data.years[kept],
        values=data.values[kept],
        sd=data.sd[kept],
        is_above=data.is_above[kept],
        is_unstated=data.is_unstated[kept],
    )
    scatter = dataclasses.replace(SCATTER, nodes=(3, 2), error_nodes=2)
    return dataclasses.replace(index, data=data, scatter=scatter)


def trends(index: Trend) -> tuple[np.ndarray, np.ndarray]:
    """What draws say of the index, and their growth in points a year."""
    rng = np.random.default_rng(3)
    level, growth = rng.normal(118.0, 5.0, DRAWS), rng.normal(14.0, 4.0, DRAWS)
    return level + growth * index.data.years[:, None], growth


def released(index: Trend, says: np.ndarray, rng, truth: int, by: float = 1.0) -> Trend:
    """The same releases with scores made from one draw, the drift ``by`` as large."""
    made = index.scaled(by).scatter
    node = int(rng.integers(made.drifts.size))
    mean = says[:, truth] - MEAN * made.shortfalls[node]
    seen = rng.multivariate_normal(mean, made.covariance(index.data, node))
    return dataclasses.replace(index, data=dataclasses.replace(index.data, values=seen))


@pytest.mark.slow
def test_ranks_of_index_growth_are_uniform(index: Trend):
    small = shortened(index)
    says, growth = trends(small)
    found = ranks(says, growth, lambda rng, k: released(small, says, rng, k), 500)
    assert uniform(found)


@pytest.mark.slow
def test_ranks_of_a_follower_s_lag_are_uniform(lags: Lags):
    """The last is cut at 10 months: where it is more, only that is known."""
    says = np.random.default_rng(4).normal(math.log(0.6), 0.5, (1, DRAWS))
    small = dataclasses.replace(lags, nodes=(3, 3))
    limits = np.array([np.inf, np.inf, math.log(10.0 / 12.0)])

    def world(rng: np.random.Generator, truth: int) -> Lags:
        spread = small.covariance(int(rng.integers(9)))
        seen = rng.multivariate_normal(np.full(16, says[0, truth]), spread)[:3]
        return dataclasses.replace(
            small,
            labels_of=small.labels_of[:3],
            sources=small.sources[:3],
            pairs=small.pairs[:3],
            log_years=np.minimum(seen, limits),
            sd=small.sd[:3],
            is_above=seen > limits,
        )

    assert uniform(ranks(says, says[0], world, worlds=500))


@pytest.mark.slow
def test_ranks_of_the_growth_of_algorithms_are_uniform(fixed: FixedCompute):
    rng = np.random.default_rng(6)
    algorithms = np.exp(rng.normal(0.0, 0.4, DRAWS))
    per_oom = np.exp(rng.normal(math.log(12.0), 0.4, DRAWS))
    small = dataclasses.replace(
        fixed,
        regressions={"capability_index": fixed.regressions["capability_index"]},
        nodes=(3, 3),
    )
    says = np.stack([algorithms, per_oom])
    (own,) = small.regressions.values()

    def world(rng: np.random.Generator, truth: int) -> FixedCompute:
        some = slice(truth, truth + 1)
        means = small.expected(
            "capability_index", algorithms[some], per_oom[some] / math.log(10)
        )
        node = int(rng.integers(9))
        mean = [float(part[node, 0]) for part in means]
        slope, rate = rng.multivariate_normal(mean, own.covariance)
        made = dataclasses.replace(own, per_log_compute=slope, per_year=rate)
        return dataclasses.replace(small, regressions={"capability_index": made})

    assert uniform(ranks(says, algorithms, world, worlds=1000))


def coverage(index: Trend, by: float, worlds: int) -> float:
    """Share of worlds whose true growth lies in the 90 % interval."""
    says, growth = trends(index)
    found = ranks(
        says, growth, lambda rng, k: released(index, says, rng, k, by), worlds
    )
    return float(np.mean((found > 0.05) & (found < 0.95)))


@pytest.mark.slow
def test_a_wrong_drift_costs_coverage_as_docs_say(index: Trend):
    """Data with half and double the drift that is assumed: 90 % intervals hold less.

    Four standard errors of 300 worlds about what the page says.
    """
    small = shortened(index)
    for by, wanted in ((0.5, 0.93), (2.0, 0.83)):
        error = math.sqrt(wanted * (1.0 - wanted) / 300)
        assert coverage(small, by, worlds=300) == pytest.approx(wanted, abs=4 * error)


def test_two_kinds_of_data_weigh_as_their_product(index: Trend, lags: Lags):
    says, _ = trends(index)
    lag = np.random.default_rng(8).normal(math.log(0.6), 0.5, (1, DRAWS))
    both = np.concatenate([says, lag]).reshape(-1, 16, DRAWS // 16)
    found = condition([index, lags], both)
    parts = marginal(index.log_likelihood(says)) + marginal(lags.log_likelihood(lag))
    weights = np.exp(parts - parts.max())
    assert found.weights.num_effective <= weights.sum() ** 2 / (weights**2).sum() * 1.5
    assert len(found.parts) == 2
    assert found.parts[1].ranks.shape == (16,)

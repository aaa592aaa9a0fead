import dataclasses
import datetime
import math

import numpy as np
import pytest
from scipy.stats import norm

from mc.analysis.conditioning.horizons import LOG_LIMIT, Horizons
from mc.analysis.conditioning.scatter import MEAN, SD, Scatter
from mc.analysis.scoring.backtest import FORECASTERS, POINT, backtest, learnt_later
from mc.analysis.scoring.forecasts import of_drift, of_line, of_trends
from mc.analysis.scoring.scores import block_interval, crps, log_score, rank
from mc.analysis.scoring.states import OUTCOMES, is_record, real_time, retrospective
from mc.engine.experiment import Experiment
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from priors.cards import load
from priors.evidence.data_sets import data_set
from priors.evidence.rows import Row

START = datetime.date(2023, 3, 14)
MIDDLES = (np.arange(4096) + 0.5) / 4096


def day_of(row: Row) -> datetime.date:
    """A row's date, which it must have."""
    assert row.date is not None
    return row.date


def horizons(*minutes: float, suite: str = "TH1.1", month: int = 1) -> Horizons:
    shipped = data_set("metr-th1.1").of("time_horizon_50")[0]
    rows = [
        dataclasses.replace(
            shipped,
            label=f"{suite}-{month + i}",
            date=datetime.date(2024, month + i, 15),
            value=value,
            low=value / 2,
            high=value * 2,
            more={"suite": suite},
        )
        for i, value in enumerate(minutes)
    ]
    return Horizons.of(rows, START)


def test_crps_of_a_normal_law_has_its_closed_form():
    sample = norm.ppf(MIDDLES)
    for outcome in (-1.5, 0.0, 2.0):
        density, share = norm.pdf(outcome), norm.cdf(outcome)
        wanted = outcome * (2 * share - 1) + 2 * density - 1 / math.sqrt(math.pi)
        assert crps(sample, outcome) == pytest.approx(wanted, abs=2e-3)


def test_crps_of_few_members_is_the_sum_over_pairs():
    sample = np.array([1.0, 4.0, 2.0])
    near = np.mean([abs(x - 3.0) for x in sample])
    apart = np.mean([abs(1.0 - 4.0), abs(1.0 - 2.0), abs(4.0 - 2.0)])
    assert crps(sample, 3.0) == pytest.approx(near - apart / 2)
    assert crps(np.array([1.0]), 3.0) == 2.0


def test_above_the_limit_nothing_counts():
    sample = np.array([1.0, 8.0, 9.0])
    assert crps(sample, 7.0, 5.0) == crps(np.array([1.0, 5.0, 5.0]), 5.0)
    assert crps(np.array([6.0, 8.0]), 7.0, 5.0) == 0.0


def test_log_score_of_a_normal_law_is_its_density():
    # The kernel adds 0.9 n^-0.2 = 0.17 of a standard deviation, in quadrature.
    sample, sd = norm.ppf(MIDDLES), math.hypot(1.0, 0.9 * 4096**-0.2)
    for outcome in (-1.5, 0.0, 2.0):
        wanted = -norm.logpdf(outcome, scale=sd)
        assert log_score(sample, outcome) == pytest.approx(wanted, abs=5e-3)
        assert log_score(sample + 3.0, outcome + 3.0, 9.0) == pytest.approx(
            wanted, abs=5e-3
        )


def test_log_score_of_an_outcome_above_the_limit_is_of_its_probability():
    sample, sd = norm.ppf(MIDDLES), math.hypot(1.0, 0.9 * 4096**-0.2)
    wanted = -norm.logsf(1.0, scale=sd)
    assert log_score(sample, 1.0, 1.0) == pytest.approx(wanted, abs=5e-3)
    assert log_score(sample, 7.0, 1.0) == log_score(sample, 1.0, 1.0)


@pytest.mark.parametrize("score", [crps, log_score])
@pytest.mark.parametrize("limit", [math.inf, 0.5])
def test_on_average_nothing_scores_better_than_the_truth(score, limit):
    # Outcomes are the truth's own quantiles: no chance, and so no false alarm.
    happened = norm.ppf((np.arange(400) + 0.5) / 400)
    truth = norm.ppf((np.arange(512) + 0.5) / 512)
    for shift, scale in ((0.8, 1.0), (-0.8, 1.0), (0.0, 2.5), (0.0, 0.4)):
        other = shift + scale * truth
        more = [score(other, y, limit) - score(truth, y, limit) for y in happened]
        assert np.mean(more) > 0.0


def test_ranks_share_ties():
    sample = np.array([1.0, 2.0, 2.0, 3.0])
    assert rank(sample, 2.0) == 0.5
    assert rank(sample, 9.0) == 1.0


def test_forecasts_of_one_outcome_are_drawn_together():
    values = [1.0, 1.0, 1.0, 1.0, 5.0]
    apart = block_interval(values, range(5))
    together = block_interval(values, ["a", "a", "a", "a", "b"])
    assert apart[1] < together[1] == 5.0


def test_a_line_that_fits_is_carried_on():
    known = horizons(10.0, 14.0, 20.0, 28.0, 41.0)
    slope, level = np.polyfit(known.years, known.log_minutes, 1)
    found = of_line(known, 2.0)
    assert np.median(found) == pytest.approx(level + 2.0 * slope, rel=1e-3)
    far = of_line(known, 8.0)
    assert np.ptp(far) > np.ptp(found)


def test_the_last_record_is_carried_on_at_the_records_own_pace():
    known = horizons(10.0, 15.0, 20.0, 45.0)
    pace = math.log(4.5) / (known.years[-1] - known.years[0])
    found = of_drift(known, float(known.years[-1]) + 1.0)
    assert np.median(found) == pytest.approx(math.log(45.0) + pace, rel=1e-3)


def test_the_engines_forecast_is_that_of_a_normal_vector():
    scatter = Scatter(drift=0.4, shortfall=0.3, nodes=(1, 1))
    known, new = horizons(10.0, 15.0, 30.0), horizons(1.0, suite="TH9", month=9)
    trends = np.log([[12.0], [18.0], [25.0], [60.0]])
    found = of_trends(known, new, trends, scatter)
    spread = scatter.covariance(known.joined(new), 0)
    short = scatter.shortfalls[0]
    rest = known.log_minutes - (trends[:-1, 0] - MEAN * short)
    link = np.linalg.solve(spread[:3, :3], spread[:3, 3])
    middle = trends[-1, 0] + link @ rest
    sd = math.sqrt(spread[3, 3] - (SD * short) ** 2 - link @ spread[:3, 3])
    assert np.mean(found) == pytest.approx(middle, abs=1e-9 + 1e-3 * sd)
    assert np.std(found) == pytest.approx(sd, rel=2e-3)


def test_every_forecast_is_of_a_record_that_its_data_do_not_have():
    card = load("before-metr")
    question = Experiment(name="b", question="?", metrics=("time_horizon",))
    plan = make_plan(question, card, draws=1024, today=datetime.date(2026, 11, 30))
    found = backtest(Replay(plan), Scatter(nodes=(2, 2)), real_time())
    assert {one.state for one in found} == set(real_time())
    last = {row.label: row for row in data_set(OUTCOMES).of("time_horizon_50")}
    for one in found:
        labels = {row.label for row in data_set(one.state.name).of("time_horizon_50")}
        assert one.model not in labels
        assert one.released > one.state.day
        assert last[one.model].more["record"] == "yes"
        assert set(one.samples) == set(FORECASTERS)
        assert one.is_above == (one.model.startswith("Claude Mythos"))
        assert one.outcome <= LOG_LIMIT
    assert len({one.model for one in found}) == 6
    assert len(found) == 14
    paper = {one.model: one.samples[POINT].item() for one in found}
    # Seven months from Claude 3.7: 2025-02-24 to 2025-08-07 are 164 days.
    wanted = math.log(60.4) + math.log(2.0) * 164 / 212.9
    assert paper["GPT-5"] == pytest.approx(wanted, abs=0.05)
    late = learnt_later(card, plan.needed, datetime.date(2025, 7, 14))
    assert "horizon_doubling_time" not in late
    assert learnt_later(card, plan.needed, datetime.date(2027, 1, 1)) == []


def test_in_hindsight_models_are_known_from_their_release_on():
    rows = data_set(OUTCOMES).of("time_horizon_50")
    first = retrospective()[0]
    for state in retrospective():
        assert state.is_hindsight
        assert state.day < min(one.day for one in real_time())
        assert max(day_of(row) for row in state.known) <= state.day
        assert min(day_of(row) for row in state.later) > state.day
        records = [row for row in rows if is_record(row)]
        assert len(records) == len(state.later) + len(
            [row for row in state.known if is_record(row)]
        )
    # Half a year earlier the records since 2023 leave nothing about a line.
    since = [row for row in first.known if is_record(row) and day_of(row) >= START]
    assert len(since) >= 4
    early = dataclasses.replace(first, day=datetime.date(2024, 1, 1))
    assert len([r for r in early.known if is_record(r) and day_of(r) >= START]) == 2

"""Prior predictive checks: closed forms, the engine, the evidence, the table."""

import dataclasses
import datetime
import json

import numpy as np
import pytest
from scipy import stats
from test_cli_beliefs import narrow, said

import priors
from experiments.metr_gaps import EXPERIMENT
from mc.analysis.predictive import checks, implied
from mc.draws.host import REPLICATES
from mc.figures.implied import implied as drawn
from priors.evidence.data_sets import data_set
from priors.observations import CAPABILITY_INDEX, TIME_HORIZON, observations
from priors.units import years_since

__all__ = ["narrow"]
HEAD = 'schema = 1\nname = "mine"\nreference_date = 2023-03-14\n'
HORIZON = """
[parameters.horizon_doubling_time]
unit = "days"
point = 200.0
[parameters.horizon_at_anchor]
unit = "minutes"
law = "lognormal"
median = 60.0
sigma = 0.3
date = 2025-03-01
[parameters.anchor_date]
point = 2025-02-24
"""


@pytest.fixture
def card(tmp_path):
    def of(text: str) -> priors.Card:
        file = tmp_path / "mine.toml"
        file.write_text(HEAD + text, encoding="utf-8")
        return priors.load(file)

    return of


def of_quantity(found, name):
    return [check for check in found if check.observation.quantity.name == name]


def test_horizons_are_lognormal_where_the_doubling_time_is_known(card):
    found, missing = checks(card(HORIZON))
    assert len(found) == len(of_quantity(found, "time_horizon")) >= 4
    assert "training compute of the year's largest run: needs " in missing[0]
    for check in found:
        one = check.observation
        assert one.date is not None
        assert one.value is not None
        days = (one.date - datetime.date(2025, 2, 24)).days
        centre = np.log(60.0) + np.log(2.0) * days / 200.0
        law = stats.lognorm(s=0.3, scale=np.exp(centre))
        assert check.quantiles == pytest.approx(law.ppf([0.05, 0.5, 0.95]), rel=2e-3)
        share, error = check.share_below(one.value)
        assert share == pytest.approx(law.cdf(one.value), abs=5.0 * error + 1e-3)
        # Belief of March 2025: what was released later is a test.
        assert check.seen == (one.date <= datetime.date(2025, 3, 1))


@pytest.mark.parametrize(
    "start",
    [
        '[parameters.initial_compute]\nunit = "FLOP"\npoint = 2e25\n'
        '[parameters.initial_compute_ratio]\nunit = "ratio"\npoint = 3.0\n',
        '[parameters.frontier_compute]\nunit = "FLOP"\npoint = 6e25\n',
        '[parameters.meek_budget]\nunit = "dollars"\npoint = 2e8\n'
        '[parameters.compute_per_dollar]\nunit = "FLOP/dollar"\npoint = 1e17\n'
        '[parameters.initial_compute_ratio]\nunit = "ratio"\npoint = 3.0\n',
    ],
)
@pytest.mark.parametrize(
    "growth",
    [
        '[parameters.training_compute_growth]\nunit = "x/yr"\npoint = 4.5\n',
        '[parameters.investment_growth]\nunit = "x/yr"\npoint = 3.0\n'
        '[parameters.hardware_growth]\nunit = "x/yr"\npoint = 1.5\n',
    ],
)
def test_training_compute_is_the_same_however_it_is_said(card, start, growth):
    mine = card(start + growth)
    found, _ = checks(mine)
    for check in of_quantity(found, "training_compute"):
        date = check.observation.date
        assert date is not None
        years = years_since(mine.reference_date, date)
        assert check.quantiles == pytest.approx([6e25 * 4.5**years] * 3, rel=1e-12)


def test_the_open_ratio_is_what_compute_grows_by_in_the_lag(card):
    text = '[parameters.training_compute_growth]\nunit = "x/yr"\npoint = 4.0\n'
    lag = '[parameters.follower_lag]\nunit = "months"\npoint = 6.0\n'
    (check,) = of_quantity(checks(card(text + lag))[0], "open_compute_ratio")
    assert check.quantiles == pytest.approx([2.0] * 3, rel=1e-12)
    assert check.observation.value is None
    assert not check.is_inside
    assert check.share_below(check.observation.low) == (1.0, 0.0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("quantity", "per_unit"), [(TIME_HORIZON, 60.0), (CAPABILITY_INDEX, 1.0)]
)
def test_the_trends_are_those_of_a_run(quantity, per_unit):
    """The run tells horizons in hours."""
    from mc.engine.run import run

    card = priors.load("history-2026")
    asked = dataclasses.replace(EXPERIMENT, metrics=(quantity.name,))
    results = run(asked, card, draws=2**14, today=datetime.date(2026, 11, 24))
    bands = results.bands[results.bands["series"] == "frontier"]
    bands = bands.set_index(np.array([str(date)[:10] for date in bands["date"]]))
    for day in (datetime.date(2023, 9, 1), datetime.date(2026, 2, 1)):
        draws = implied(card, quantity, day)
        for level in (0.05, 0.5, 0.95):
            place = np.array([per_unit * bands.loc[day.isoformat(), f"q{level}"]])
            share = np.mean(draws < quantity.unit.to_canonical(place))
            assert share == pytest.approx(level, abs=5.0 * 0.5 / np.sqrt(2**14))


def test_the_records_are_those_of_the_evidence():
    found = observations()
    names = [one.label for one in found if one.quantity.name == "time_horizon"]
    rows = data_set("metr-th1.1").of("time_horizon_50")
    for one in found:
        assert one.low < one.high
        assert one.value is None or one.low < one.value < one.high
        assert one.source
    told = ("GPT-4 (0314)", "Claude 3.7 Sonnet")
    assert set(told) < set(names)
    best = [name for name in names if name not in told]
    for year, name in zip(("2023", "2024", "2025", "2026"), best, strict=True):
        trend = (r for r in rows if r.more["record"] == "yes" and not r.censored)
        of_year = [r for r in trend if str(r.date).startswith(year)]
        assert max(of_year, key=lambda r: r.value or 0.0).label == name
    largest = [one for one in found if one.quantity.name == "training_compute"]
    assert [one.label for one in largest][-1] == "Grok 4"
    lags = [one.value for one in found if one.quantity.name == "open_lag"]
    assert lags == [12.0, 15.4, 3.5]


def test_the_table_is_that_of_the_draws_within_80_columns(capsys, card, tmp_path):
    card(HORIZON)
    file = str(tmp_path / "mine.toml")
    out = said(capsys, "check", file)
    assert max(map(len, out.splitlines())) <= 80
    found = json.loads(said(capsys, "check", file, "--json"))["implied"][file]
    assert [row["quantity"] for row in found] == ["time_horizon"] * len(found)
    for row, check in zip(found, checks(priors.load(file))[0], strict=True):
        assert row["implied"]["q0.5"] == check.quantiles[1]
        assert (
            row["mc_error"]["value"] == check.share_below(row["observed"]["value"])[1]
        )
        shares = np.mean(
            check.draws.reshape(REPLICATES, -1) < np.log(row["observed"]["value"]),
            axis=1,
        )
        assert row["share_below"]["value"] == pytest.approx(np.mean(shares))
    assert out.count("*") == 1 + sum(row["seen"] for row in found)


def test_the_default_card_has_known_what_was_measured():
    """Trend and error of measurement; a release's own scatter is left out."""
    found = {check.observation.label: check for check in checks(priors.load())[0]}
    for name, minutes in (("GPT-4 (0314)", 3.99), ("Claude 3.7 Sonnet", 60.4)):
        check = found[name]
        value = check.observation.value
        assert value == pytest.approx(minutes, rel=2e-3)
        assert check.seen
        assert value is not None
        assert check.measured is not None
        low, _, high = check.measured
        assert low < value < high
        assert low < check.quantiles[0] < check.quantiles[2] < high
    straight = {c.observation.label: c for c in checks(priors.load("windows-2026"))[0]}
    ends = straight["GPT-4 (0314)"].quantiles
    low, _, high = found["GPT-4 (0314)"].quantiles
    assert high / low < 4 < 12 < ends[2] / ends[0]


def test_a_measurement_adds_its_error_to_the_trend(card):
    found, _ = checks(card(HORIZON))
    for check in found:
        one = check.observation
        assert one.date is not None
        days = (one.date - datetime.date(2025, 2, 24)).days
        error = np.log(one.high / one.low) / (2 * stats.norm.ppf(0.975))
        centre = np.exp(np.log(60.0) + np.log(2.0) * days / 200.0)
        law = stats.lognorm(s=np.hypot(0.3, error), scale=centre)
        assert check.measured == pytest.approx(law.ppf([0.05, 0.5, 0.95]), rel=0.02)


def test_every_observation_is_drawn(card):
    found, _ = checks(card(HORIZON))
    pairs = [(check.observation, check.draws) for check in found]
    figure = drawn(pairs, [not check.seen for check in found], "mine")
    (axes,) = figure.axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels == [f"{o.label}, {o.date:%b %Y}" for o, _ in pairs]
    weights = [text.get_fontweight() for text in axes.get_yticklabels()]
    assert weights == ["normal" if check.seen else "bold" for check in found]
    marks = [line for line in axes.lines if line.get_marker() == "o"]
    places = [float(np.asarray(mark.get_xdata())[0]) for mark in marks]
    assert places == pytest.approx([np.log(o.value or np.nan) for o, _ in pairs])

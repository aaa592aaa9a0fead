import json

import pytest

from mc.analysis.scoring.scores import block_interval
from tests.command_line import called

DRAWS = ("--draws", "4096")


def test_forecasts_are_told_by_day_and_scored_beside_others():
    code, out, _ = called("backtest", *DRAWS)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    for said in ("2025-07-14, from metr-th1.0-2025-07", "GPT-5 ", "Claude Mythos"):
        assert said in out
    assert "14 forecasts of 6 records" in out
    assert "hindsight  investment_slowdown_date" in out


def test_scores_follow_from_the_forecasts():
    code, out, _ = called("backtest", *DRAWS, "--json")
    assert code == 0
    told = json.loads(out)
    assert (told["table"], told["is_hindsight"]) == ("real time", False)
    assert len(told["forecasts"]) == 14
    engine = [one["crps"]["engine"] for one in told["forecasts"]]
    ours, line = told["scores"][:2]
    assert ours["forecaster"] == "engine"
    assert ours["crps"] == pytest.approx(sum(engine) / 14)
    assert line["excess"] == pytest.approx(line["crps"] - ours["crps"])
    logs = [one["log_score"] for one in told["forecasts"]]
    more = [one["trend line"] - one["engine"] for one in logs]
    models = [one["model"] for one in told["forecasts"]]
    assert line["log_excess"] == pytest.approx(sum(more) / 14)
    assert line["log_excess_ends"] == pytest.approx(block_interval(more, models))
    assert ours["log_excess"] == 0
    assert told["scores"][-1]["log_excess"] is None
    ranks = [one["rank"]["engine"] for one in told["forecasts"]]
    assert ours["inside"][2] == sum(0.05 <= rank <= 0.95 for rank in ranks)
    assert told["scores"][-1]["inside"] is None
    for one in told["forecasts"]:
        quantiles = [*one["quantiles"]["engine"].values()]
        assert quantiles == sorted(quantiles)
        inside = quantiles[0] <= one["log_minutes"] <= quantiles[-1]
        assert one["is_above_limit"] or inside == (
            0.05 <= one["rank"]["engine"] <= 0.95
        )


def test_hindsight_is_a_table_of_its_own(tmp_path):
    file = tmp_path / "said.png"
    plot = ("--plot", str(file))
    code, out, err = called("backtest", "--retrospective", *DRAWS, *plot)
    assert str(file) in "".join(err.split())
    assert file.read_bytes().startswith(b"\x89PNG")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    for said in ("2024-07-01, hindsight from metr-th1.1", "retrospective", "o1 "):
        assert said in out
    assert "metr-th1.0" not in out
    code, out, _ = called("backtest", "--retrospective", *DRAWS, "--json")
    told = json.loads(out)
    assert (code, told["is_hindsight"], told["table"]) == (0, True, "retrospective")
    assert {one["state"] for one in told["forecasts"]} == {"metr-th1.1"}
    assert max(one["day"] for one in told["forecasts"]) < "2025-07-14"


def test_beliefs_that_horizons_have_shaped_are_not_scored_by_them():
    code, out, err = called("backtest", "literature-2026")
    assert (code, out) == (2, "")
    assert "horizon_doubling_time was read from metr-th1.1" in " ".join(err.split())
    code, _, err = called("backtest", "--draws", "few")
    assert code == 2
    assert "--draws" in err

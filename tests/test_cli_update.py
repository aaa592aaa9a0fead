"""``meekmc update``: rows of one's own, what they move, and that each is used once."""

import json
from pathlib import Path

import pytest
from command_line import called

from priors.cards import load
from priors.evidence.data_sets import data_set
from priors.faults import Refusal

CARD, DRAWS = "literature-2026", ("--draws", "8192")
SOURCE = ("--source", "https://metr.org/time-horizons")


def add(model: str, day: str, horizon: str, ends: str) -> None:
    row = ("--model", model, "--date", day, "--p50", horizon, "--interval", ends)
    assert called("evidence", "add", "metr", *row, *SOURCE)[0] == 0


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def test_a_new_model_updates_the_card_and_the_next_one_updates_that():
    add("X", "2026-05-05", "15h", "6h,60h@0.95")
    code, out, _ = called("update", CARD, *DRAWS, "--out", "after.toml", "--json")
    told = json.loads(out)
    assert code == 0
    assert [one["model"] for one in told["models"]] == ["X"]
    assert 0.2 < told["models"][0]["rank"] < 0.8
    assert told["khat"] == "bounded" or told["khat"] < 0.7
    # In the middle of what is expected, one model moves no median by much.
    shifts = [one["shift"] for one in told["headlines"] if one["shift"] is not None]
    assert len(shifts) >= 9
    assert max(map(abs, shifts)) < 0.3
    after = load("after.toml")
    evidence = after.tables["parameters"]["horizon_doubling_time"]["evidence"]
    assert evidence == ["metr-th1.1", "metr:X"]

    code, out, err = called("update", "after.toml", *DRAWS)
    assert (code, out) == (2, "")
    assert "has used X already" in " ".join(err.split())

    add("Y", "2026-11-05", "2h", "1h,4h@0.95")
    code, out, _ = called("update", "after.toml", *DRAWS, "--json")
    told = json.loads(out)
    assert code == 0
    assert [one["model"] for one in told["models"]] == ["Y"]
    assert told["used_before"] == ["X"]
    # A tenth of what was expected slows the trend, and puts off the closing.
    assert told["beliefs"]["horizon_doubling_time"] > 0.1
    moved = {(one["metric"], one["quantity"]): one for one in told["headlines"]}
    closing = moved["task_success_1h", "convergence_date"]
    assert closing["shift"] > 10 * closing["mc_error"] > 0


def test_the_table_fits_eighty_columns():
    add("X", "2026-10-05", "60h", "16h,200h@0.95")
    code, out, _ = called("update", CARD, *DRAWS)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert "above 16.0 h, released 2026-10-05" in " ".join(out.split())
    assert "task_success_1h" in out


def test_rows_that_the_card_was_read_from_are_refused_by_name():
    add("Claude 3.7 Sonnet", "2025-02-24", "1h", "30min,2h@0.95")
    code, out, err = called("update", CARD, *DRAWS)
    told = " ".join(err.split())
    assert (code, out) == (2, "")
    assert "metr-th1.1, which has Claude 3.7 Sonnet; nothing is used twice" in told


def test_nothing_to_use_is_refused():
    code, _, err = called("update", CARD)
    assert code == 2
    assert "no time horizon in evidence/" in " ".join(err.split())


def test_a_row_is_a_data_set_of_its_own():
    one = data_set("metr-th1.1:Claude 3.7 Sonnet")
    assert {row.label for row in one.rows} == {"Claude 3.7 Sonnet"}
    assert one.families == data_set("metr-th1.1").families
    with pytest.raises(Refusal, match=r"did you mean Claude 3\.7 Sonnet"):
        data_set("metr-th1.1:Claude 3.7 Sonett")

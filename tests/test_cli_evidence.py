"""``meekmc evidence``: what is listed and shown, what is added, what is refused."""

import csv
import datetime
import json
from pathlib import Path

import pytest
from command_line import called

from priors.evidence import typed
from priors.evidence.data_sets import data_set, shipped_data_sets
from priors.evidence.own import append
from priors.faults import Refusal

TODAY = datetime.date(2026, 12, 1)
ROW = {
    "--model": "Model of tomorrow",
    "--date": "2026-10-05",
    "--p50": "15h",
    "--interval": "6h,60h@0.95",
    "--source": "https://metr.org/time-horizons",
}
FILE = Path("evidence/metr.csv")


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)


def add(*more: str, **changed: str | None) -> tuple[int, str, str]:
    options = ROW | {f"--{name}": value for name, value in changed.items()}
    typed_out = [x for pair in options.items() if pair[1] is not None for x in pair]
    return called("evidence", "add", "metr", *typed_out, *more)


def test_the_list_has_every_data_set_in_80_columns():
    code, out, _ = called("evidence", "list")
    assert code == 0
    assert all(f"  {name}  " in out for name in shipped_data_sets())
    assert max(map(len, out.splitlines())) <= 80
    assert called("priors", "evidence")[1] == out
    found = json.loads(called("evidence", "list", "--json")[1])
    assert [one["id"] for one in found] == list(shipped_data_sets())
    assert found[0]["num_rows"] == len(data_set(found[0]["id"]).rows)


@pytest.mark.parametrize("name", shipped_data_sets())
def test_a_data_set_is_shown_with_all_its_rows_and_sources(name: str):
    code, out, _ = called("evidence", "show", name)
    assert code == 0
    # An address is not broken.
    broken = (line for line in out.splitlines() if " " in line.strip())
    assert max(map(len, broken)) <= 80
    data = data_set(name)
    assert all(row.label in out for row in data.rows)
    flat = " ".join(out.split())
    assert all(row.source in flat for row in data.rows)
    rows = json.loads(called("evidence", "show", name, "--json")[1])["rows"]
    assert [row["value"] for row in rows] == [row.value for row in data.rows]


def test_a_row_is_added_listed_and_shown():
    code, out, _ = add(developer="Acme", published="2026-11-02")
    assert code == 0
    assert "900 minutes, 360 to 3,600 at 95%" in out
    (row,) = data_set("metr").rows
    assert (row.value, row.low, row.high, row.mass) == (900.0, 360.0, 3600.0, 0.95)
    assert (row.label, row.developer) == ("Model of tomorrow", "Acme")
    assert row.date == datetime.date(2026, 10, 5)
    assert row.published == datetime.date(2026, 11, 2)
    assert row.censored == ""
    assert "rows of your own" in called("evidence", "list")[1]
    assert "Model of tomorrow" in called("evidence", "show", str(FILE))[1]
    assert [path.name for path in FILE.parent.iterdir()] == [FILE.name]


def test_a_row_is_added_behind_the_others_which_stay_as_they_are():
    add()
    before = FILE.read_text(encoding="utf-8").removesuffix("\n")
    FILE.write_text(before, encoding="utf-8")
    code, _, _ = add("--p80", "90min", model="Another")
    assert code == 0
    assert FILE.read_text(encoding="utf-8").startswith(before + "\n")
    rows = data_set("metr").rows
    assert [row.label for row in rows] == ["Model of tomorrow", "Another", "Another"]
    assert [row.value for row in rows] == [900.0, 900.0, 90.0]
    with FILE.open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.reader(lines))) == 4


def test_a_horizon_above_sixteen_hours_is_censored():
    code, out, _ = add(p50="20h")
    assert code == 0
    assert "(960 minutes)" in out
    (row,) = data_set("metr").rows
    assert (row.value, row.bound, row.censored) == (1200.0, 960.0, "right")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"model": None}, "--model: is missing"),
        ({"date": None}, "--date: is missing"),
        ({"date": "2026-02-30"}, '--date: "2026-02-30" is not a day'),
        ({"date": "9999-01-01"}, "--date: 9999-01-01 has not come yet"),
        ({"published": "2026-10-04"}, "--date: 2026-10-05 is after it was published"),
        ({"p50": None}, "--p50: is missing"),
        ({"p50": "15 years"}, '"15 years" is not a length of time; 15h is (units: s'),
        ({"p50": "-15h"}, "--p50: -900 must be above 0"),
        ({"p50": "5h"}, "--p50: 300 lies outside its interval, 360 to 3600"),
        ({"interval": "6h,60h"}, "6h,60h@0.95 is"),
        ({"interval": "60h,6h@0.95"}, "--interval: 360 is not above low, 3600"),
        ({"interval": "6h,60h@95"}, "--interval: 95 must lie between 0 and 1"),
        ({"source": None}, "--source: is missing"),
        ({"source": "my notes"}, '--source: "my notes" holds no address'),
        ({"to": "metr-th1.1.csv"}, "a name of its own"),
        ({"to": "metr.txt"}, "must end in .csv"),
    ],
)
def test_a_bad_row_is_refused_and_nothing_is_written(changed, words: str):
    code, out, err = add(**changed)
    assert code == 2
    assert words in err
    assert not out
    assert not list(Path().iterdir())


def test_all_that_is_wrong_with_a_row_is_told_once():
    code, _, err = called("evidence", "add", "metr", "--p80", "2x")
    assert code == 2
    told = [line.split(": ")[2] for line in err.splitlines()]
    assert sorted(told) == ["--date", "--model", "--p50", "--p80", "--source"]


def test_a_model_is_not_added_twice():
    add()
    before = FILE.read_bytes()
    code, _, err = add(model="MODEL of tomorrow", date="2026-10-06")
    assert code == 2
    assert 'evidence/metr.csv:2: "MODEL of tomorrow" has a time_horizon_50' in err
    assert FILE.read_bytes() == before
    assert add(model="MODEL of tomorrow", to="other.csv")[0] == 0


def test_a_damaged_file_is_refused_and_stays():
    add()
    FILE.write_text(FILE.read_text(encoding="utf-8") + "a,b\n", encoding="utf-8")
    before = FILE.read_bytes()
    code, _, err = add(model="Another")
    assert code == 2
    assert "evidence/metr.csv:3: has 2 cells" in err
    assert FILE.read_bytes() == before
    assert called("evidence", "list")[0] == 2


def test_a_write_that_fails_leaves_the_file(monkeypatch: pytest.MonkeyPatch):
    add()
    before = FILE.read_bytes()

    def full(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    code, _, err = add(model="Another")
    assert code == 3
    assert "no space left" in err
    assert FILE.read_bytes() == before
    assert [path.name for path in FILE.parent.iterdir()] == [FILE.name]


@pytest.mark.parametrize(
    ("text", "expected"), [("15h", 900), ("90min", 90), ("30 s", 0.5), ("1.5h", 90)]
)
def test_lengths_of_time_are_read_in_minutes(text: str, expected: float):
    assert typed.minutes(text) == expected


def test_a_mass_may_be_a_share_or_a_percentage():
    assert typed.interval("6h,60h@0.95") == typed.interval("6h, 60h @ 95%")


def test_columns_in_another_order_stay_in_it():
    add()
    with FILE.open(encoding="utf-8", newline="") as lines:
        header, row = list(csv.reader(lines))
    with FILE.open("w", encoding="utf-8", newline="") as lines:
        csv.writer(lines).writerows([header[::-1], row[::-1]])
    new = typed.horizon_row(
        model="Another",
        date="2026-11-01",
        horizon="2h",
        source="arXiv 2503.14499",
        today=TODAY,
    )
    append([new], FILE)
    assert [row.value for row in data_set("metr").rows] == [900.0, 120.0]
    with pytest.raises(Refusal, match="has a time_horizon_50 already"):
        append([new], FILE)


def test_kinds_and_ids_that_are_not_there_are_refused():
    code, _, err = called("evidence", "add", "met")
    assert code == 2
    assert 'cannot add "met"; did you mean metr?' in err
    code, _, err = called("evidence", "show", "metr-th1.2")
    assert code == 2
    assert "did you mean metr-th1.1?" in err


def test_a_card_is_shown_as_of_a_day():
    code, out, _ = called("priors", "show", "meek-2025", "--as-of", "2025-07-10")
    assert code == 0
    assert out == called("priors", "show", "meek-2025")[1]
    code, out, err = called("priors", "show", "meek-2025", "--as-of", "2025-07-09")
    assert code == 2
    assert "parameters.hardware_growth: its source was published on 2025-07-10" in err
    code, _, err = called("priors", "show", "meek-2025", "--as-of", "2025")
    assert code == 2
    assert '--as-of: "2025" is not a date' in err

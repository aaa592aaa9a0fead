"""Bad tables of evidence are refused: file, line, column, and what is allowed."""

import datetime
from pathlib import Path

import pytest

from priors.evidence import data_sets
from priors.evidence.data_sets import all_data_sets, data_set, own_data_sets
from priors.evidence.rows import COLUMNS, read_rows
from priors.faults import Refusal

GOOD = {
    "observable": "time_horizon_50",
    "label": "Mine",
    "developer": "Me",
    "date": "2026-10-01",
    "value": "900",
    "low": "360",
    "high": "3600",
    "mass": "0.95",
    "unit": "minutes",
    "published": "2026-10-02",
    "source": "https://metr.org/mine",
    "solidity": "printed",
    "censored": "",
    "note": "",
}
BAD = {
    "observable": [
        ("time_horizon", "did you mean time_horizon_80?"),
        ("", "allowed: "),
    ],
    "label": [(" ", "is missing")],
    "unit": [("hours", '"hours" is not the unit of time_horizon_50: minutes')],
    "date": [
        ("2026-02-30", "not a day of the calendar"),
        ("1 May 2026", "not a day of the calendar"),
        ("2026-10-03", "2026-10-03 is after it was published, 2026-10-02"),
    ],
    "published": [("", "is missing"), ("2026", "not a day")],
    "value": [
        ("nan", '"nan" is not a finite number'),
        ("long", '"long" is not a finite number'),
        ("-1", "-1 must be above 0"),
        ("4000", "4000 lies outside its interval, 360 to 3600"),
    ],
    "low": [("", "is missing; give both ends"), ("inf", "not a finite number")],
    "high": [("300", "300 is not above low, 360")],
    "mass": [("95", "95 must lie between 0 and 1"), ("0", "0 must lie between")],
    "source": [("METR", "holds no address"), ("", "is missing")],
    "solidity": [("sure", '"sure" is not one of: printed, derived')],
    "censored": [("up", '"up" is not one of: nothing, right, left')],
}


def table(path: Path, *rows: dict[str, str], header: tuple[str, ...] = COLUMNS) -> Path:
    lines = [",".join(header)]
    lines += [",".join(row[column] for column in header) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_good_row_is_read_as_it_stands(tmp_path: Path):
    (row,) = read_rows(table(tmp_path / "mine.csv", GOOD))
    assert (row.value, row.low, row.high, row.mass) == (900.0, 360.0, 3600.0, 0.95)
    assert row.date == datetime.date(2026, 10, 1)
    assert row.published == datetime.date(2026, 10, 2)
    assert (row.label, row.developer, row.line) == ("Mine", "Me", 2)
    assert row.unit == "minutes"


@pytest.mark.parametrize(
    ("column", "text", "words"),
    [(column, *pair) for column, pairs in BAD.items() for pair in pairs],
)
def test_a_bad_cell_is_refused(tmp_path: Path, column: str, text: str, words: str):
    path = table(tmp_path / "mine.csv", GOOD, GOOD | {"label": "B", column: text})
    with pytest.raises(Refusal) as refusal:
        read_rows(path)
    (fault,) = refusal.value.faults
    assert words in fault.message
    assert (fault.file, fault.line, fault.key) == (str(path), 3, column)


def test_all_faults_of_a_file_are_told_together(tmp_path: Path):
    bad = GOOD | {"value": "x", "source": "me", "date": "soon"}
    path = table(tmp_path / "mine.csv", bad, GOOD, bad | {"label": "other"})
    with pytest.raises(Refusal) as refusal:
        read_rows(path)
    found = [(fault.line, fault.key) for fault in refusal.value.faults]
    assert sorted(found) == sorted(
        (line, key) for line in (2, 4) for key in ("value", "source", "date")
    )


def test_a_mass_without_ends_is_refused(tmp_path: Path):
    path = table(tmp_path / "mine.csv", GOOD | {"low": "", "high": ""})
    with pytest.raises(Refusal, match=r"mine.csv:2: mass: 0.95 has no ends"):
        read_rows(path)


def test_a_row_that_stands_twice_is_refused(tmp_path: Path):
    path = table(tmp_path / "mine.csv", GOOD, GOOD | {"label": "MINE", "value": "800"})
    with pytest.raises(Refusal, match=r"mine.csv:3: label: .MINE. stands in line 2"):
        read_rows(path)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty; it begins observable,label"),
        ("observable,label\n", "developer: is missing"),
        (",".join((*COLUMNS, "sorce")) + "\n", "did you mean source?"),
        (",".join((*COLUMNS, "note")) + "\n", "note: stands 2 times"),
        (",".join(COLUMNS) + "\na,b\n", "has 2 cells, the header 14"),
        (",".join(COLUMNS) + '\n"a', "is not CSV"),
    ],
)
def test_a_file_that_is_no_table_is_refused(tmp_path: Path, text: str, words: str):
    path = tmp_path / "mine.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as refusal:
        read_rows(path)
    assert any(words in str(fault) for fault in refusal.value.faults)
    assert all(fault.file == str(path) for fault in refusal.value.faults)


def test_bytes_that_are_no_text_folders_and_nothing_are_refused(tmp_path: Path):
    (tmp_path / "mine.csv").write_bytes(b"\xff\xfe\x00")
    for name, words in (
        ("mine.csv", "not UTF-8"),
        (".", "is a directory"),
        ("no.csv", "no such file"),
    ):
        with pytest.raises(Refusal, match=words):
            read_rows(tmp_path / name)


def test_a_table_of_the_users_own_is_a_data_set(tmp_path: Path):
    folder = tmp_path / "evidence"
    folder.mkdir()
    path = table(folder / "mine.csv", GOOD)
    assert own_data_sets(folder) == ("mine",)
    found = data_set("mine", folder)
    assert found.is_own
    assert found.families == ("metr",)
    assert found == data_set(str(path), tmp_path)
    assert all_data_sets(folder)[-1] == found


def test_ids_are_found_or_refused_with_the_nearest(tmp_path: Path):
    with pytest.raises(Refusal, match=r"did you mean metr-th1\.1\?"):
        data_set("metr-th11", tmp_path)
    with pytest.raises(Refusal, match="no such file"):
        data_set("else.csv", tmp_path)
    path = table(tmp_path / "eci-2026-04.csv", GOOD)
    with pytest.raises(Refusal, match="is a shipped data set"):
        data_set(str(path), tmp_path)
    path = table(tmp_path / "empty.csv")
    with pytest.raises(Refusal, match="a header and no rows"):
        data_set("empty", tmp_path)


def test_a_data_set_as_of_a_day_has_what_was_published_by_then():
    lags = data_set("open-lags")
    day = datetime.date(2025, 10, 30)
    known = lags.as_of(day)
    assert known.published == (datetime.date(2024, 11, 4), day)
    later = [row for row in lags.rows if row not in known.rows]
    assert later
    assert all(row.published > day for row in later)
    assert data_sets.data_set("metr-th1.1").as_of(day).rows == ()

"""``meekmc answer``: three lines, the numbers of a run, and what it refuses."""

import json

import pytest
from command_line import called

ASKED = ("answer", "--metric", "task_success_1h", "--by", "2030")


@pytest.mark.slow
def test_three_lines_say_how_likely_when_and_what_to_beware_of():
    code, out, err = called(*ASKED, "--draws", "1024", "--actor", "1m-usd")
    assert code == 0, err
    first, second, third = out.splitlines()
    assert first.startswith("Under card literature-2026 and path investment_slowdown")
    assert "for the meek actor 1m-usd" in first
    assert "is closed before 2030" in first
    assert "In the median draw it closes in" in second
    assert "not two models" in third
    assert " will " not in out


@pytest.mark.slow
def test_the_number_is_that_of_a_run(tmp_path):
    code, out, _ = called(*ASKED, "--draws", "1024", "--json")
    assert code == 0
    told = json.loads(out)
    run = ("--draws", "1024", "--no-plots", "--out", tmp_path / "run", "--quiet")
    metric = ("--metric", "task_success_1h")
    assert called("run", "metr-gaps", *metric, *run)[0] == 0
    code, out, err = called(*ASKED, "--run", tmp_path / "run", "--json")
    assert code == 0, err
    read = json.loads(out)
    for name in ("number", "mc_lower", "mc_upper", "q0.5", "p_never", "interval"):
        assert told[name] == read[name]
    code, _, err = called(*ASKED[:-1], "2031", "--run", tmp_path / "run")
    assert code == 2
    assert "2030-01-01" in err
    code, _, err = called("answer", "--metric", "task_success_2h", *ASKED[3:], "--run",
                          tmp_path / "run")  # fmt: skip
    assert code == 2
    assert "did you mean task_success_1h?" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--metric", "task_success_1h", "--by", "20x"), "neither a year as 2030"),
        (("--metric", "task_succes_1h", "--by", "2030"), "did you mean"),
        (("--metric", "task_success_1h", "--by", "2022"), "not in the event window"),
        (("--metric", "task_success_1h", "--by", "2200"), "not in the event window"),
        ((*ASKED[1:], "--actor", "2m-us"), "actor"),
        ((*ASKED[1:], "--card", "literatur-2026"), "did you mean"),
        ((*ASKED[1:], "--run", "x", "--draws", "1024"), "says all but the metric"),
    ],
)
def test_nonsense_is_refused(words, said):
    code, out, err = called("answer", *words)
    assert code == 2
    assert not out
    assert said in err


def test_no_run_folder_is_refused_as_stored_data():
    assert called(*ASKED, "--run", "no-such-folder")[0] == 4

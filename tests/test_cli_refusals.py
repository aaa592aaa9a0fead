import datetime
from pathlib import Path

import pytest
from command_line import called
from tiers import tiered

from experiments.cli import devices, refusals, typed

CARD = """schema = 1
name = "mine"
description = "changes one thing"
extends = "literature-2026"
"""
GROWTH = CARD + '[parameters.hardware_growth]\nunit = "x/yr"\n'

COMMANDS = [
    (["rum"], "unknown command rum; did you mean run?"),
    (["--bogus"], "unknown option --bogus"),
    (["list", "extra"], "unexpected argument extra"),
    (["priors"], "missing command: check, compare, evidence, fit, list, names, plot"),
    (["priors", "show"], "CARD"),
    (["priors", "show", "nope"], 'unknown card "nope"'),
    (["run"], "EXPERIMENT"),
    (["run", "metr-gasp"], "did you mean metr-gaps?"),
    (["run", "nope.py"], "nope.py: there is no such file"),
    (["run", "metr-gaps", "extra"], "unexpected argument extra"),
    (
        ["run", "metr-gaps", "--draw", "10"],
        "unknown option --draw; did you mean --draws?",
    ),
    (["run", "metr-gaps", "--no-plot"], "did you mean --no-plots?"),
    (["run", "metr-gaps", "--draws"], "--draws"),
    (["run", "metr-gaps", "--draws", "0"], "--draws: "),
    (["run", "metr-gaps", "--draws", "-5"], "--draws: "),
    (["run", "metr-gaps", "--draws", "1.5"], "--draws: "),
    (["run", "metr-gaps", "--draws", "1e12"], "--draws: "),
    (["run", "metr-gaps", "--draws", "1e400"], "--draws: "),
    (["run", "metr-gaps", "--draws", "nan"], "--draws: "),
    (["run", "metr-gaps", "--draws", "ten"], "--draws: "),
    (["run", "metr-gaps", "--draws="], "--draws: "),
    (["run", "metr-gaps", "--replicates", "4"], "--replicates: "),
    (["run", "metr-gaps", "--replicates", "12"], "--replicates: "),
    (["run", "metr-gaps", "--seed", "-1"], "--seed: "),
    (["run", "metr-gaps", "--seed", str(2**64)], "--seed: "),
    (["run", "metr-gaps", "--seed", "1.5"], "--seed: "),
    (["run", "metr-gaps", "--seed", "abc"], "--seed: "),
    (["run", "metr-gaps", "--seed", "9" * 5000], "--seed: "),
    (["run", "metr-gaps", "--design", "sobl"], "did you mean sobol?"),
    (["run", "metr-gaps", "--fade", "120%"], "1.2 is no share of a peak"),
    (["run", "metr-gaps", "--fade", "ten"], "--fade: "),
    (["run", "metr-gaps", "--path", "exponental"], "did you mean exponential?"),
    (
        ["run", "metr-gaps", "--path", "exponential+trend_brek"],
        "did you mean trend_break?",
    ),
    (["run", "metr-gaps", "--path", "investment_slowdown:form=x"], "is none of: sharp"),
    (
        ["run", "metr-gaps", "--path", "investment_slowdown:form=smoth"],
        "did you mean smooth?",
    ),
    (
        ["run", "metr-gaps", "--path", "investment_slowdown:frm=smooth"],
        "did you mean form?",
    ),
    (
        ["run", "metr-gaps", "--metric", "time_horizon:gap=ration"],
        "did you mean ratio?",
    ),
    (
        ["run", "metr-gaps", "--metric", "task_success:minuts=4"],
        "did you mean minutes?",
    ),
    (["run", "metr-gaps", "--actor", "acadmic"], "did you mean academic?"),
    (["run", "metr-gaps", "--scenario", "half"], "the experiment declares none"),
    (["run", "metr-gaps", "--scenario", "nne"], "did you mean none?"),
    (["run", "metr-gaps", "--scenario", "x=1"], '"x=1" must be "NAME: CHANGE;'),
    (["run", "metr-gaps", "--scenario", "a:"], "scenario a changes nothing"),
    (
        ["run", "metr-gaps", "--scenario", "a: path=x; path=y"],
        "path is given twice; keep one",
    ),
    (["run", "metr-gaps", "--scenario", "a: actor="], "must be actor=ACTOR"),
    (
        ["run", "metr-gaps", "--scenario", "a: investment_grwth*=0.5"],
        "did you mean investment_growth?",
    ),
    (
        ["run", "metr-gaps", "--scenario", "baseline: hardware_growth=1.1"],
        "'baseline' is no name",
    ),
    (
        ["run", "metr-gaps", *(["--scenario", "a: hardware_growth=1.1"] * 2)],
        "a is given twice",
    ),
    (["run", "metr-gaps", "--metric", "time_horizn"], "did you mean time_horizon?"),
    (["run", "metr-gaps", "--metric", "task_success"], "--metric: "),
    (["run", "metr-gaps", "--metric", "task_success:minutes=0"], "--metric: "),
    (["run", "metr-gaps", *(["--metric", "time_horizon"] * 2)], "is given twice"),
    (["run", "metr-gaps", "--end", "2024-02-30"], "--end: "),
    (["run", "metr-gaps", "--end", "10000-01-01"], "--end: "),
    (["run", "metr-gaps", "--end", "2040"], "--end: "),
    (["run", "metr-gaps", "--end", "2020-01-01"], "--end: "),
    (["run", "metr-gaps", "--end", "9999-12-31"], "--end: "),
    (["run", "metr-gaps", "--start", "2020-01-01"], "--start: "),
    (["run", "metr-gaps", "--start", "01.02.2030"], "--start: "),
    (["run", "metr-gaps", "--events-until", "2020-01-01"], "--events-until: "),
    (["run", "metr-gaps", "--today", "tomorrow"], "--today: "),
    (["run", "metr-gaps", "--tolerance", "0.1"], "--tolerance: "),
    (["run", "metr-gaps", "--tolerance", "=0.1"], "--tolerance: "),
    (["run", "metr-gaps", "--tolerance", "task_success_1h=x"], "--tolerance: "),
    (["run", "metr-gaps", "--tolerance", "task_success_1h=0"], "--tolerance: "),
    (["run", "metr-gaps", "--tolerance", "time_horizon=1"], "--tolerance: "),
    (["run", "metr-gaps", "--tolerance", "task_succes_1h=1"], "task_success_1h?"),
    (["run", "metr-gaps", "--set", "hardware_growth"], "--set: "),
    (
        ["run", "metr-gaps", "--set", "hardware_grwth=1.4"],
        "did you mean hardware_growth?",
    ),
    (["run", "metr-gaps", "--set", "hardware_growth=40"], "--set: hardware_growth: "),
    (["run", "metr-gaps", "--set", "hardware_growth=1..2"], "--set: hardware_growth: "),
    (
        ["run", "metr-gaps", "--set", "hardware_growth=2..1@90%"],
        "--set: hardware_growth",
    ),
    (["run", "metr-gaps", "--set", "loss_exponent=0.2"], "--set: loss_exponent: "),
    (["run", "metr-gaps", "--card", "meek-2025"], "horizon_ratio_50_80 is missing"),
    (
        ["run", "metr-gaps", "--card", "literature-2025"],
        "did you mean literature-2026?",
    ),
    (["run", "metr-gaps", "--device", "tpu"], "--device: "),
    (["run", "metr-gaps", "--out", ""], "--out: "),
]

CARDS = {
    "a misspelled key": (
        GROWTH + 'law = "lognormal"\nsigma = 0.1\nmedain = 1.4\n',
        9,
        "parameters.hardware_growth.medain",
    ),
    "a misspelled parameter": (
        CARD + "[parameters.hardware_grwth]\npoint = 1.4\n",
        5,
        "parameters.hardware_grwth",
    ),
    "a key given twice": (
        GROWTH + "point = 1.4\npoint = 1.5\n",
        8,
        "parameters.hardware_growth.point",
    ),
    "an interval without mass": (
        GROWTH + "interval = [1.2, 1.5]\n",
        7,
        "parameters.hardware_growth.interval",
    ),
    "an interval upside down": (
        GROWTH + "interval = [1.5, 1.2]\nmass = 0.9\n",
        7,
        "parameters.hardware_growth.interval",
    ),
    "a mass above one": (
        GROWTH + "interval = [1.2, 1.5]\nmass = 90\n",
        8,
        "parameters.hardware_growth.mass",
    ),
    "not a number": (GROWTH + "point = nan\n", 7, "hardware_growth.point"),
    "an infinite number": (GROWTH + "point = 1e400\n", 7, "hardware_growth.point"),
    "text for a number": (GROWTH + 'point = "1.4"\n', 7, "hardware_growth.point"),
    "true for a number": (GROWTH + "point = true\n", 7, "hardware_growth.point"),
    "per cent as a factor": (GROWTH + "point = 40\n", 7, "hardware_growth.point"),
    "a factor of zero": (GROWTH + "point = 0\n", 7, "hardware_growth.point"),
    "an unknown law": (GROWTH + 'law = "normall"\n', 7, "hardware_growth.law"),
    "two laws": (
        GROWTH + "point = 1.4\ninterval = [1.2, 1.5]\nmass = 0.9\n",
        8,
        "parameters.hardware_growth.interval",
    ),
    "a rank correlation above one": (
        CARD
        + '[dependence]\nspearman = [["hardware_growth", "algorithmic_growth", 2]]\n',
        6,
        "dependence.spearman[0]",
    ),
    "a card that is not there": (
        'schema = 1\nname = "mine"\nextends = "nope"\n',
        3,
        "extends",
    ),
    "a newer schema": ('schema = 2\nname = "mine"\n', 1, "schema"),
    "a day that does not exist": (CARD + "reference_date = 2024-02-30\n", 5, "TOML"),
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def assert_refused(outcome: tuple[int, str, str], named: str) -> None:
    code, out, err = outcome
    assert code == refusals.REFUSED
    assert out == ""
    assert all(line.startswith("meekmc: error: ") for line in err.splitlines())
    assert named in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    "command", tiered(COMMANDS, quick=COMMANDS[::5]), ids=lambda x: str(x[0])[:60]
)
def test_a_malformed_command_line_is_refused_and_nothing_is_written(
    here: Path, command: tuple[list[str], str]
):
    args, named = command
    assert_refused(called(*args), named)
    assert list(here.iterdir()) == []


@pytest.mark.parametrize("fault", tiered(CARDS, quick=[*CARDS][::5]))
@pytest.mark.parametrize("command", ["run", "check"])
def test_a_malformed_card_is_refused_at_its_line_and_key(
    here: Path, command: str, fault: str
):
    text, line, key = CARDS[fault]
    (here / "mine.toml").write_text(text, encoding="utf-8")
    args = {
        "run": ["run", "metr-gaps", "--card", "mine.toml"],
        "check": ["priors", "check", "mine.toml"],
    }
    outcome = called(*args[command])
    assert_refused(outcome, f"mine.toml:{line}: ")
    assert key in outcome[2]
    assert [file.name for file in here.iterdir()] == ["mine.toml"]


def test_faults_that_can_be_known_together_are_told_together(
    here: Path,
):
    (here / "mine.toml").write_text(GROWTH + "point = nan\n", encoding="utf-8")
    args = ["--card", "mine.toml", "--draws", "x", "--seed", "y", "--today", "z"]
    args += ["--tolerance", "a", "--device", "b", "--out", " "]
    code, _, err = called("run", "nope", *args)
    keys = ("--draws", "--seed", "--today", "--tolerance", "--device", "--out")
    assert code == refusals.REFUSED
    assert len(err.splitlines()) == len(keys) + 2
    assert all(f"meekmc: error: {key}: " in err for key in keys)
    assert "mine.toml:7" in err
    assert "unknown experiment" in err


def test_a_refused_date_draws_no_faults_of_other_dates(
    here: Path,
):
    args = ("run", "metr-gaps", "--start", "2050-01-01", "--end", "2024-02-30")
    _, _, err = called(*args)
    assert len(err.splitlines()) == 1


def test_a_missing_parameter_is_named_once_with_all_that_need_it(
    here: Path,
):
    _, _, err = called("run", "metr-gaps", "--card", "meek-2025")
    lines = [line for line in err.splitlines() if "horizon_ratio_50_80" in line]
    assert len(lines) == 1
    assert "task_success_1h, metric task_success_4h" in lines[0]


def test_check_reports_every_file_and_every_fault(
    here: Path,
):
    (here / "a.toml").write_text(GROWTH + "point = nan\n", encoding="utf-8")
    bad = CARD + "foo = 1\nbar = 2\n"
    (here / "b.toml").write_text(bad, encoding="utf-8")
    code, out, err = called("priors", "check", "a.toml", "literature-2026", "b.toml")
    assert code == refusals.REFUSED
    assert "literature-2026" in out
    assert all(place in err for place in ("a.toml:7", "b.toml:5", "b.toml:6"))


def test_a_taken_folder_is_left_as_it_is(here: Path):
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    for out in (".", "notes.txt"):
        code, _, err = called("run", "metr-gaps", "--out", out)
        assert code == refusals.STORED
        assert "never overwrites" in err
    assert (here / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_made_is_refused_before_any_draw(
    here: Path, monkeypatch: pytest.MonkeyPatch
):
    (here / "notes.txt").write_text("mine", encoding="utf-8")
    monkeypatch.setattr(devices, "start", None)
    code, _, err = called("run", "metr-gaps", "--out", "notes.txt/run")
    assert (code, "notes.txt" in err) == (refusals.MACHINE, True)

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("mc.engine.storage.tempfile.TemporaryDirectory", full)
    code, _, err = called("run", "metr-gaps")
    assert (code, "cannot write" in err) == (refusals.MACHINE, True)
    code, _, _ = called("run", "metr-gaps", "--out", "x" * 300)
    assert code == refusals.MACHINE
    assert [file.name for file in here.iterdir()] == ["notes.txt"]


def test_a_gpu_that_is_not_there_is_never_replaced_by_the_cpu(
    here: Path,
):
    code, out, err = called("run", "metr-gaps", "--device", "gpu")
    assert (code, out) == (refusals.MACHINE, "")
    assert "--device cpu" in err
    assert list(here.iterdir()) == []


def test_what_is_no_run_is_not_drawn(here: Path):
    for args in (("plot", "nope"), ("plot", ".")):
        code, _, err = called(*args)
        assert code == refusals.STORED
        assert "is not a run folder" in err
    assert list(here.iterdir()) == []


def test_options_are_read_exactly():
    assert typed.seed(str(2**64 - 1)) == 2**64 - 1
    assert typed.seed("1e3") == 1000
    assert typed.count("1M") == typed.count("1_000_000") == typed.count("1e6") == 10**6
    assert typed.date(" 2030-01-31") == datetime.date(2030, 1, 31)
    assert typed.pair_of("a:b=1=0.5") == ("a:b=1", 0.5)

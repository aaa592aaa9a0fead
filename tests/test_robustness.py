"""The headline in many settings: against runs of its own, and what is concluded."""

import dataclasses
import json
import math

import pytest
from command_line import called

from mc.analysis.robustness import Finding, Setting, claims, pulls
from mc.outcomes.summaries import Row

SMALL = ("--draws", "256", "--tolerance", "0.02", "--tolerance", "0.05")
PATHS = ("--path", "exponential", "--path", "investment_slowdown")
BASE = Setting(path="a", card="b", actor="c", tolerance=1.0)


def row(statistic, number, *, status="observed", error=0.01) -> Row:
    return Row(
        scenario="",
        metric="",
        quantity="convergence_date",
        unit="date",
        statistic=statistic,
        number=number,
        text="",
        status=status,
        mc_error=error,
        mc_lower=None,
        mc_upper=None,
        mc_df=15,
    )


def finding(year, *, never=0.0, by=1.0, **changes) -> Finding:
    status = "observed" if year is not None else "never"
    rows = {
        "q0.5": row("q0.5", year, status=status),
        "p_never": row("p_never", never),
        "p_undetermined": row("p_undetermined", 0.0),
        "p_by_2035-01-01": row("p_by_2035-01-01", by),
    }
    return Finding(
        setting=dataclasses.replace(BASE, **changes),
        rows={("convergence_date", name): one for name, one in rows.items()},
    )


FOUND = (
    finding(2030.0),
    finding(2033.0, path="other"),
    finding(2031.0, tolerance=2.0),
    finding(None, never=0.7, by=0.49, path="other", tolerance=2.0),
)


def test_how_far_a_factor_moves_the_date_is_told_of_settings_alike_in_all_others():
    first, second = pulls(FOUND)
    assert (first.factor, first.groups) == ("path", 2)
    assert (first.median, first.most) == (math.inf, math.inf)
    assert second.factor == "tolerance"
    assert pulls(FOUND[:3])[0].median == 3.0
    assert pulls(FOUND[:3])[1].most == 1.0
    # Settings that agree on never do not differ.
    never = (FOUND[3], dataclasses.replace(FOUND[3], setting=BASE))
    assert pulls(never) == ()
    other = dataclasses.replace(BASE, path="other")
    twice = (
        dataclasses.replace(FOUND[3], setting=BASE),
        dataclasses.replace(FOUND[3], setting=other),
    )
    assert pulls(twice)[0].most == 0.0


def test_claims_hold_where_their_probability_is_past_the_bar():
    even, seldom, early = claims(FOUND, ["2035-01-01"], "2026-11-30")
    assert even.holds == (True, True, True, False)
    assert seldom.holds == even.holds
    assert early.holds == (True, True, True, False)
    # 0.49 is within two errors of one half, 0.7 is not.
    assert (even.close, early.close) == (0, 1)


@pytest.fixture(scope="module")
def found():
    code, out, err = called("robustness", "loss-gap", *SMALL, *PATHS, "--json")
    assert (code, err) == (0, "")
    return json.loads(out)


@pytest.mark.slow
def test_cards_that_cannot_inform_a_path_are_left_out_and_say_why(found):
    left = found["left_out"]
    assert {(one["card"], one["path"]) for one in left} >= {
        ("meek-2025", "investment_slowdown")
    }
    assert any("is missing" in one["why"] for one in left)
    assert len(found["settings"]) + 2 * len(left) == 2 * 4 * 2 * 2


@pytest.mark.slow
def test_a_setting_has_the_figures_of_its_run(found, tmp_path):
    args = ("--path", "exponential", "--actor", "1m-usd", "--draws", "256")
    args += ("--tolerance", "validation_loss=0.02", "--scenario", "none")
    code, out, _ = called(
        "run", "loss-gap", *args, "--no-plots", "--json", "--out", str(tmp_path / "run")
    )
    assert code == 0
    run = {
        (r["quantity"], r["statistic"]): r for r in json.loads(out)["headline"]
        if r["metric"] == "validation_loss"
    }  # fmt: skip
    wanted = {"path": "exponential", "card": "literature-2026", "actor": "1m-usd"}
    (one,) = (
        setting
        for setting in found["settings"]
        if setting["tolerance"] == 0.02 and wanted.items() <= setting.items()
    )
    compared = 0
    for figure in one["figures"]:
        own = run[figure["quantity"], figure["statistic"]]
        assert own["text"] == figure["text"]
        compared += 1
    assert compared > 15


@pytest.mark.slow
def test_the_table_fits_the_terminal_and_a_picture_is_drawn(tmp_path):
    file = tmp_path / "settings.png"
    code, out, err = called(
        "robustness", "loss-gap", *SMALL, *PATHS, "--plot", str(file)
    )
    assert (code, err) == (0, f"{file}\n")
    assert max(map(len, out.splitlines())) <= 80
    for words in ("What holds", "Left out", "range", "never", "1m-usd"):
        assert words in out
    assert file.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("loss-gpa",), "did you mean loss-gap?"),
        (("loss-gap", "--tolerance", "x"), "is no number"),
        (("loss-gap", "--path", "exponentail"), "did you mean exponential?"),
        (("loss-gap", "--card", "nobody"), 'unknown card "nobody"'),
        (("loss-gap", "--plot", "x.gif"), "must end in one of"),
    ],
)
def test_what_is_wrong_is_refused(args, said):
    code, out, err = called("robustness", *args)
    assert (code, out) == (2, "")
    assert said in err

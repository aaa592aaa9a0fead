"""The value of information in runs: closed forms, two levels, the command."""

import datetime
import json
import math
from pathlib import Path

import numpy as np
import pytest
from command_line import called
from normal_growth import card_text
from scipy import stats

import priors
from experiments.cli import main, refusals
from experiments.cli.voi.command import SHIPPED
from experiments.registry import find
from mc.analysis.decision_file import read_decision
from mc.analysis.information import information
from mc.analysis.payoffs import bind
from mc.analysis.two_level import two_level
from mc.engine.plan import make_plan
from mc.engine.replay import Replay
from mc.engine.run import execute
from priors.units import years_since

DRAWS = 2**12
DAY = datetime.date(2030, 1, 1)
HW, ALG, INV = (0.3, 0.08), (0.9, 0.25), (1.2, 0.3)
GROWTHS = {
    "hardware_growth": HW,
    "algorithmic_growth": ALG,
    "investment_growth": INV,
}
EXPONENT = """by = "source"
high = { law = "normal", mean = 0.157, sd = 0.003 }
low = { law = "normal", mean = 0.15, sd = 0.003 }
[components.source]
weights = { high = 0.6, low = 0.4 }"""
CARD = card_text(GROWTHS, EXPONENT)
LEAD = """
schema = 1
name = "lead"
[actions.wait]
payoff = 0
[actions.act]
payoff = { slope = 2, of = "compute/lead_oom@2030-01-01", from = 3.4 }
[measurements]
ledger = { of = "investment_growth", sd = 0.3 }
"""
LATE = """
schema = 1
name = "late"
unit = "euros"
[outcomes]
late = "convergence_date > 2036-07-01"
soon = "otherwise"
[actions.wait]
payoff = 0
[actions.act]
late = 1
soon = -1
[groups]
technology = ["algorithmic_growth", "hardware_growth"]
[measurements]
trial = { of = "algorithmic_growth", sd = 0.1 }
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """Files of a card and of two decisions."""
    folder = tmp_path_factory.mktemp("decisions")
    for name, text in (("card", CARD), ("lead", LEAD), ("late", LATE)):
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def folder(written, tmp_path_factory):
    """A run as the command line leaves it."""
    out = tmp_path_factory.mktemp("runs") / "run"
    card = written / "card.toml"
    given = ["--draws", DRAWS, "--out", out, "--quiet", "--no-plots", "--card", card]
    with pytest.raises(SystemExit) as stop:
        main(["run", "loss-gap", *map(str, given)])
    assert stop.value.code == 0
    return out


@pytest.fixture(scope="module")
def replay(written):
    plan = make_plan(find("loss-gap"), priors.load(written / "card.toml"), draws=DRAWS)
    return Replay(plan, device="cpu")


@pytest.fixture(scope="module")
def bound(written, replay):
    """The two decisions, bound to a run."""
    results = execute(replay.plan, device="cpu")
    return {
        name: bind(read_decision(written / f"{name}.toml"), results, replay.plan)
        for name in ("lead", "late")
    }


@pytest.fixture(scope="module")
def late(replay, bound):
    return information(replay, bound["late"], DRAWS)


def normal_worth(centre, sd):
    """E[max(0, Y)] − max(0, E[Y]) of Y ~ N(centre, sd²)."""
    z = abs(centre) / sd
    return sd * stats.norm.pdf(z) - abs(centre) * stats.norm.cdf(-z)


def test_a_lead_that_is_normal_has_its_closed_forms(replay, bound):
    """The lead is investment growth times years: nothing else is worth knowing."""
    found = information(replay, bound["lead"], DRAWS)
    slope = 2 * years_since(replay.plan.epoch, DAY) / math.log(10)
    centre, sd = slope * INV[0] - 2 * 3.4, slope * INV[1]
    exact = normal_worth(centre, sd)
    # Within a part of probability 1/16 all values are taken as one.
    assert abs(found.perfect.number - exact) < 5 * found.perfect.mc_error
    alone = {one.name: one.worth for one in found.inputs}
    known = alone.pop("investment_growth")
    assert known.lower.number < exact + 5 * known.lower.mc_error
    assert known.upper.number <= found.perfect.number + 1e-12
    assert known.lower.number > exact - sd / 16**2 - 5 * known.lower.mc_error
    for worth in alone.values():
        assert worth.lower.number < 5 * worth.lower.mc_error + 1e-12
    # The result of a measurement as uncertain as the belief halves its variance.
    (ledger,) = found.measurements
    exact = normal_worth(centre, sd / math.sqrt(2))
    assert ledger.worth.lower.number < exact + 5 * ledger.worth.lower.mc_error
    assert ledger.worth.upper.number > (
        exact - sd / 16**2 - 5 * ledger.worth.upper.mc_error
    )
    # Noise of a part's mean counts once in the upper value and once in the rule.
    noise = stats.norm.pdf(0) * sd / math.sqrt(2) * math.sqrt(16 / DRAWS)
    assert ledger.worth.bias < 2 * noise


@pytest.mark.parametrize("name", ["algorithmic_growth", "hardware_growth", "source"])
def test_parts_agree_with_two_levels(replay, bound, late, name):
    worth = next(one.worth for one in late.inputs if one.name == name)
    slow = two_level(replay, bound["late"], name, DRAWS // 2, 16)
    low = 5 * math.hypot(slow.mc_error, worth.lower.mc_error)
    high = 5 * math.hypot(slow.mc_error, worth.upper.mc_error)
    assert worth.lower.number - low < slow.number < worth.upper.number + high
    assert slow.number > 5 * slow.mc_error


def test_two_levels_want_an_input_of_its_own(replay, bound):
    with pytest.raises(ValueError, match="loss_exponent depends on other inputs"):
        two_level(replay, bound["late"], "loss_exponent", 2**10)


def test_sets_are_worth_no_less_than_their_parts_and_no_more_than_all(late):
    alone = {one.name: one.worth for one in late.inputs}
    groups = {one.name: one for one in late.groups}
    assert set(groups) == {"source and 1 more", "technology"}
    assert groups["source and 1 more"].members == ("loss_exponent", "source")
    for group in groups.values():
        for member in group.members:
            assert group.worth.upper.number >= alone[member].upper.number
            assert group.worth.lower.number >= alone[member].lower.number
        assert group.worth.upper.number <= late.perfect.number
    assert all(one.worth.lower.number >= 0 for one in late.inputs)
    (trial,) = late.measurements
    assert trial.worth.upper.number <= alone["algorithmic_growth"].upper.number
    assert trial.worth.lower.number <= alone["algorithmic_growth"].lower.number
    assert late.inputs[0].name == "algorithmic_growth"


def test_outcomes_and_payoffs_are_those_of_the_draws(late):
    shares = [one.number for one in late.outcomes]
    assert sum(shares) == pytest.approx(1.0)
    wait, act = (one.number for one in late.payoffs)
    assert (wait, act) == (0.0, pytest.approx(shares[0] - shares[1]))
    assert late.perfect.number == pytest.approx(min(shares))
    assert late.changes.number == pytest.approx(min(shares))


def test_the_command_says_it_within_80_columns_and_draws_it(folder, written, tmp_path):
    file, picture = written / "late.toml", tmp_path / "worth.png"
    args = ("--decision", file, "--plot", picture, "--check", "source")
    code, out, err = called("voi", folder, *args)
    assert (code, err) == (0, f"{picture}\n")
    assert max(map(len, out.splitlines())) <= 80
    assert "What is worth knowing: late, in euros" in out
    assert "by simulation: source 0." in out
    assert picture.stat().st_size > 10_000


def test_json_holds_every_input_with_its_errors(folder, written):
    file = written / "late.toml"
    code, out, err = called("voi", folder, "--decision", file, "--json")
    assert (code, err) == (0, "")
    told = json.loads(out)
    assert told["draws"] == DRAWS
    assert {"source", "hardware_growth"} <= {one["name"] for one in told["inputs"]}
    for one in (*told["inputs"], *told["groups"]):
        assert one["lower"]["number"] >= 0
        assert one["upper"]["number"] <= told["evpi"]["number"] + 1e-12
        assert one["bias"] == one["upper"]["number"] - one["lower"]["number"]


def test_nothing_is_worth_knowing_where_one_action_is_always_best(folder, tmp_path):
    file = tmp_path / "easy.toml"
    file.write_text(LATE.replace("soon = -1", "soon = 0.5"), encoding="utf-8")
    picture = tmp_path / "easy.png"
    args = ("--decision", file, "--draws", "1024", "--plot", picture)
    code, out, _ = called("voi", folder, *args)
    assert code == 0
    assert "Nothing: act is best in every draw." in out


@pytest.mark.parametrize(
    ("old", "new", "word"),
    [
        ("convergence_date >", "convergence_dat >", "did you mean convergence_date?"),
        ("convergence_date >", "convergence_date/p_never >", "is a statistic of all"),
        ('"hardware_growth"]', '"hardware_growt"]', "did you mean hardware_growth?"),
        ('"algorithmic_growth", sd', '"algoritmic_growth", sd', "algorithmic_growth?"),
        ("late = 1", "lat = 1", "did you mean late?"),
        ("2036-07-01", "soon", "neither a number nor a date"),
    ],
)
def test_a_decision_that_does_not_fit_is_refused_with_its_place(
    folder, tmp_path, old, new, word
):
    file = tmp_path / "wrong.toml"
    file.write_text(LATE.replace(old, new), encoding="utf-8")
    code, out, err = called("voi", folder, "--decision", file)
    assert (code, out) == (refusals.REFUSED, "")
    assert f"{file}:" in err
    assert word in err


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["--decision", "export-control"], "did you mean export-controls?"),
        (["--decision", "none.toml"], "there is no such file"),
        (["--decision", "LATE", "--draws", "1e6"], "the run has 4,096 draws"),
        (["--decision", "LATE", "--check", "sourc"], "did you mean source?"),
        (["--decision", "LATE", "--check", "loss_exponent"], "two levels need"),
        (["--decision", "LATE", "--plot", "x.bmp"], ".png"),
    ],
)
def test_bad_options_are_refused(folder, written, args, word):
    given = [str(written / "late.toml") if arg == "LATE" else arg for arg in args]
    code, out, err = called("voi", folder, *given)
    assert (code, out) == (refusals.REFUSED, "")
    assert word in err


def test_shipped_decisions_are_read():
    files = sorted(Path(SHIPPED).glob("*.toml"))
    assert files
    for file in files:
        assert read_decision(file).name == file.stem


@pytest.mark.slow
def test_the_shipped_decision_fits_its_experiment(tmp_path):
    out = tmp_path / "controls"
    given = ["--draws", "1024", "--out", str(out), "--quiet", "--no-plots"]
    given += ["--metric", "success_1_h=task_success:minutes=60"]
    given += ["--level", "success_1_h=0.8"]
    code, _, err = called("run", "export-controls", *given)
    assert (code, err) == (0, "")
    args = ("--decision", "export-controls", "--json")
    code, text, err = called("voi", out, *args)
    assert (code, err) == (0, "")
    told = json.loads(text)
    shares = np.array([one["probability"]["number"] for one in told["outcomes"]])
    assert shares.min() > 0.2
    assert told["evpi"]["number"] > 0

"""Shipped cards say what their sources say; bad cards are refused in full."""

import datetime
import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import priors
from priors import cards
from priors.faults import Refusal
from priors.laws import Normal

HEAD = 'schema = 1\nname = "mine"\nreference_date = 2023-03-14\n'
GROWTH = '[parameters.hardware_growth]\nunit = "x/yr"\n'


def write(tmp_path: Path, text: str, name: str = "card.toml") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def refusal(path, overrides=()) -> str:
    with pytest.raises(Refusal) as caught:
        cards.load(path, overrides)
    return str(caught.value)


def typed(card, name: str) -> float:
    value = np.array([card.joint.central()[name]])
    return float(card.joint.units[name].from_canonical(value)[0])


@pytest.mark.parametrize("name", cards.shipped())
def test_every_shipped_parameter_has_its_source_and_date(name):
    card = cards.load(name)
    assert card.name == name
    assert card.description
    for table in card.tables["parameters"].values():
        assert len(table["source"]) > 10
        assert isinstance(table["date"], datetime.date)


def test_the_shipped_cards_but_one_speak_of_metrics():
    of_metrics = {n for n in cards.shipped() if "irreducible_loss" in stated(n)}
    alone = {"windows-2026", "meek-2025", "paper-2026"}
    changed = {"history-2026", "before-opus-4.5", "with-opus-4.5", "before-metr"}
    changed |= {"literature-2026", "fixed-compute-2026", "calibrated-2026"}
    assert of_metrics == alone | changed
    assert set(cards.shipped()) == of_metrics | {"paths-2026"}


def stated(name: str) -> set[str]:
    return set(cards.load(name).tables["parameters"])


def test_the_2025_card_is_the_2025_paper():
    card = cards.load("meek-2025")
    central = card.joint.central()
    s = central["hardware_growth"] + central["algorithmic_growth"]
    v = central["investment_growth"]
    log_compute = central["meek_budget"] + central["compute_per_dollar"]
    assert s == pytest.approx(1.36609, abs=5e-6)
    assert v == pytest.approx(1.27297, abs=5e-6)
    assert s / (s + v) == pytest.approx(0.517644, abs=5e-7)
    assert math.exp(log_compute) == pytest.approx(1e20, rel=1e-12)
    loss = central["loss_coefficient"] - central["loss_exponent"] * log_compute
    assert math.exp(loss) == pytest.approx(0.889987, abs=5e-7)
    assert all(belief.is_point for belief in card.joint.beliefs)


def test_the_2026_card_has_the_papers_central_values():
    card = cards.load("paper-2026")
    expected = {
        "hardware_growth": 2.0,
        "algorithmic_growth": 8.0,
        "training_compute_growth": 5.7,
        "horizon_doubling_time": 7.0,
        "horizon_at_anchor": 60.0,
        "horizon_ratio_50_80": 5.0,
        "initial_compute": 2.1e25,
        "meek_budget": 41e6,
    }
    for name, value in expected.items():
        assert typed(card, name) == pytest.approx(value, rel=1e-13), name
    central = card.joint.central()
    s = central["hardware_growth"] + central["algorithmic_growth"]
    f = central["training_compute_growth"] + central["algorithmic_growth"]
    assert s / f == pytest.approx(0.5547, abs=5e-5)
    assert central["horizon_doubling_time"] == pytest.approx(
        math.log(7 / 12), rel=1e-14
    )
    days = (datetime.date(2025, 2, 24) - card.reference_date).days
    assert central["anchor_date"] == pytest.approx(days / 365.25, rel=1e-15)


def test_the_literature_card_is_the_suggested_joint_prior():
    joint = cards.load().joint
    laws = {b.name: [m.law for m in b.marginals] for b in joint.beliefs}
    assert laws["hardware_growth"] == [Normal(mean=math.log(1.40), sd=0.07)]
    assert laws["training_compute_growth"] == [Normal(mean=math.log(4.6), sd=0.15)]
    levels = np.array([0.025, 0.975])
    g_alg = np.exp(laws["algorithmic_growth"][0].quantile(levels))
    assert np.round(g_alg, 2).tolist() == [1.74, 5.76]
    exponent, floor = (
        joint.belief_of["loss_exponent"],
        joint.belief_of["irreducible_loss"],
    )
    assert exponent.by == floor.by == "scaling_law"
    assert floor.parent == "loss_exponent"
    assert [m.slope for m in floor.marginals] == [4.645, 0.0]
    assert joint.central()["irreducible_loss"] == pytest.approx(1.817, abs=1e-4)
    assert {name for group in joint.groups for name in group.columns} == {
        "horizon_at_anchor",
        "horizon_doubling_time",
        "early_horizon_doubling_time",
        "horizon_kink_date",
    }


def test_the_windows_card_differs_from_the_default_in_its_horizon_alone():
    windows, joint = cards.load("windows-2026").joint, cards.load().joint
    assert windows.component("horizon_window").weights == (0.35, 0.45, 0.20)
    (group,) = joint.groups
    assert windows.groups == ()
    assert set(joint.names()) - set(windows.names()) == {
        "early_horizon_doubling_time",
        "horizon_kink_date",
    }
    for belief in windows.beliefs:
        if belief.name not in group.columns:
            assert joint.belief_of[belief.name] == belief


def test_only_past_fits_are_warned_of_in_the_default_card():
    warned = {line.split(":")[0] for line in cards.check("literature-2026")}
    assert "loss_exponent" in warned
    assert cards.check("meek-2025") == ()


def test_a_card_of_ones_own_extends_and_says_what_it_replaces(tmp_path):
    text = (
        'schema = 1\nname = "mine"\nextends = "literature-2026"\n'
        '[parameters.investment_growth]\nunit = "x/yr"\npoint = 2.0\n'
    )
    path = write(tmp_path, text)
    card, base = cards.load(path), cards.load()
    assert "training_compute_growth" not in card.joint.names()
    assert card.notices == (
        "mine replaces training_compute_growth, which says the same thing",
    )
    assert card.reference_date == base.reference_date
    assert card.joint.belief_of["hardware_growth"].source
    assert card.files[0] == str(path)
    bases = [Path(file).stem for file in card.files[1:]]
    assert bases == ["literature-2026", "windows-2026", "paths-2026"]
    assert card.sha256 != base.sha256


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("literature-2026", "investment_slowdown"),
        ("paper-2026", "exponential"),
        ("meek-2025", "exponential"),
        ("paths-2026", None),
    ],
)
def test_a_card_may_name_its_compute_path(name, path):
    assert cards.load(name).path == path


def test_the_path_named_last_holds_and_is_no_part_of_the_hash(tmp_path):
    base = HEAD + 'path = "power_law"\n' + GROWTH + "point = 1.4\n"
    write(tmp_path, base, "base.toml")
    head = 'schema = 1\nname = "child"\nextends = "base.toml"\n'
    same = cards.load(write(tmp_path, head, "same.toml"))
    said = 'path = "investment_slowdown:form=smooth+trend_break:who=both"\n'
    other = cards.load(write(tmp_path, head + said, "other.toml"))
    assert same.path == "power_law"
    assert other.path == "investment_slowdown:form=smooth+trend_break:who=both"
    assert "path" not in other.tables
    plain = cards.load(write(tmp_path, HEAD + GROWTH + "point = 1.4\n", "p.toml"))
    assert plain.path is None
    assert len({card.sha256 for card in (same, other, plain)}) == 1


@pytest.mark.parametrize("value", ['""', '"a b"', "3", "true", '"a/b"', '["a"]'])
def test_a_path_that_is_no_word_is_refused_at_its_line(tmp_path, value):
    path = write(tmp_path, HEAD + f"path = {value}\n" + GROWTH + "point = 1.4\n")
    assert f"{path}:4: path: path = " in refusal(path)


def test_a_table_is_replaced_whole(tmp_path):
    base = HEAD + GROWTH + 'point = 1.4\nsource = "old"\n'
    write(tmp_path, base, "base.toml")
    child = (
        'schema = 1\nname = "child"\nextends = "base.toml"\n' + GROWTH + "point = 1.5"
    )
    card = cards.load(write(tmp_path, child))
    assert card.joint.belief_of["hardware_growth"].source == ""
    assert "hardware_growth: no source and no date" in cards.check(
        tmp_path / "card.toml"
    )


def test_the_hash_follows_the_content_not_the_file(tmp_path):
    one = write(tmp_path, HEAD + GROWTH + "point = 2\n", "one.toml")
    two = write(tmp_path, HEAD + "# a comment\n" + GROWTH + "point = 2.0\n", "two.toml")
    other = write(tmp_path, HEAD + GROWTH + "point = 2.1\n", "other.toml")
    hashes = [cards.load(path).sha256 for path in (one, two, other)]
    assert hashes[0] == hashes[1] != hashes[2]


def test_a_table_drawn_by_rows_is_part_of_the_hash(tmp_path):
    text = HEAD + (
        '[parameters.loss_exponent]\ngroup = "fit.csv"\ncolumn = "gamma"\n'
        '[parameters.reducible_loss_at_pivot]\nunit = "nats/token"\ngroup = "fit.csv"\n'
        '[parameters.pivot_compute]\nunit = "FLOP"\npoint = 1e17\n'
    )
    table = "gamma,reducible_loss_at_pivot\n0.17,2.3\n0.18,2.4\n0.19,2.5\n"
    write(tmp_path, table, "fit.csv")
    card = cards.load(write(tmp_path, text))
    (group,) = card.joint.groups
    assert group.name == "fit"
    assert group.columns["loss_exponent"].tolist() == [0.17, 0.18, 0.19]
    assert card.joint.central()["reducible_loss_at_pivot"] == pytest.approx(np.log(2.4))
    write(tmp_path, table.replace("2.5", "2.6"), "fit.csv")
    assert cards.load(tmp_path / "card.toml").sha256 != card.sha256
    rows = "gamma,reducible_loss_at_pivot\n" + "0.17,2.3\n" * 65_537
    write(tmp_path, rows, "fit.csv")
    message = refusal(tmp_path / "card.toml")
    assert '"fit.csv" has 65,537 rows; a group has at most 65,536' in message


def test_rank_correlations_become_clusters(tmp_path):
    text = (
        'schema = 1\nname = "mine"\nextends = "literature-2026"\n[dependence]\n'
        'spearman = [["algorithmic_growth", "hardware_growth", 0.3]]\n'
    )
    path = write(tmp_path, text)
    (cluster,) = cards.load(path).joint.clusters
    assert cluster.names == ("hardware_growth", "algorithmic_growth")
    card = cards.load(path, ["hardware_growth=1.4"])
    assert card.joint.clusters == ()
    assert "hardware_growth is a point" in card.notices[0]
    assert (
        "algorithmic_growth is replaced"
        in cards.load(path, ["clock_ratio=0.5"]).notices[1]
    )


@pytest.mark.parametrize(
    "key", ["interval", "mass", "unit", "source", "reference_date"]
)
def test_every_dropped_letter_of_a_key_is_refused(tmp_path, key):
    good = HEAD + GROWTH + 'interval = [1.2, 1.5]\nmass = 0.9\nsource = "x"\n'
    cards.load(write(tmp_path, good))
    for position in range(len(key)):
        bad = key[:position] + key[position + 1 :]
        path = write(tmp_path, good.replace(f"{key} =", f"{bad} ="))
        assert str(path) in refusal(path)


def test_an_unknown_card_is_refused_with_the_nearest_and_the_list():
    message = refusal("litrature-2026")
    assert "did you mean literature-2026?" in message
    assert "meek-2025, paper-2026" in message


def test_a_parameter_of_ones_own_says_so(tmp_path):
    text = HEAD + '[parameters.tax]\nown = true\nunit = "ratio"\npoint = 2.0\n'
    joint = cards.load(write(tmp_path, text)).joint
    assert joint.central()["tax"] == pytest.approx(math.log(2.0))
    assert joint.units["tax"].kind == "scale"


def test_the_facade_is_lazy_and_light():
    code = (
        "import sys, priors; assert 'numpy' not in sys.modules; "
        "priors.rows(priors.load()); heavy = {'jax', 'pandas', 'xarray', "
        "'scipy.stats', 'scipy.optimize', 'scipy.interpolate'} & set(sys.modules); "
        "assert not heavy, heavy"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert priors.load is cards.load
    assert set(priors.__all__) == set(dir(priors))
    with pytest.raises(AttributeError, match="nothing"):
        _ = priors.nothing

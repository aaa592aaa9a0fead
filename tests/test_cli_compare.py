"""``meekmc priors compare`` and ``plot``: tables, pools, figures, refusals."""

import json

import numpy as np
import pytest
from test_cli_beliefs import narrow, said
from test_cli_fit import refused

from experiments.cli import main
from mc.figures.cards import Panel, cards_drawn
from priors.cards import load
from priors.contrasts import are_alike, contrasts
from priors.echo import overall

__all__ = ["narrow"]
HEAD = 'schema = 1\nname = "{}"\nextends = "windows-2026"\n'
GROWTH = '[parameters.hardware_growth]\nunit = "{}"\ninterval = {}\nmass = 0.9\n'
DAYS = '[parameters.horizon_doubling_time]\nunit = "months"\ninterval = [3, 5]\n'


@pytest.fixture
def experts(tmp_path):
    texts = {
        "alice": GROWTH.format("x/yr", "[1.25, 1.45]") + 'source = "Alice"\n',
        "bob": GROWTH.format("doubling_months", "[14, 26]") + DAYS + "mass = 0.9\n",
    }
    for name, text in texts.items():
        file = tmp_path / f"{name}.toml"
        file.write_text(HEAD.format(name) + text, encoding="utf-8")
    return [str(tmp_path / f"{name}.toml") for name in texts]


def test_cards_stand_side_by_side_within_80_columns(capsys, experts):
    out = said(capsys, "compare", *experts)
    assert max(map(len, out.splitlines())) <= 80
    assert "alice, bob: 2 of " in out
    words = " ".join(out.split())
    assert "alice x/yr 1.25 1.346 1.45 OOM/yr" in words
    assert "bob x/yr 1.377 1.579 1.811 doubling_months 14 18.2 26" in words
    assert "alice 1.25 to 1.45 (90 %). Alice" in words
    assert "bob 14 to 26 (90 %). no source" in words


def test_json_has_every_law_in_every_unit(capsys, experts):
    found = json.loads(said(capsys, "compare", *experts, "--json"))
    assert [one["name"] for one in found["parameters"]] == [
        "hardware_growth",
        "horizon_doubling_time",
    ]
    assert len(found["alike"]) > 80
    laws = found["parameters"][0]["quantiles"]
    assert laws["bob"]["doubling_months"]["q0.95"] == pytest.approx(26.0)
    assert set(laws["alice"]) == {"x/yr", "OOM/yr", "doubling_months"}
    days = found["parameters"][1]["quantiles"]["bob"]
    assert days["days"]["q0.05"] == pytest.approx(3 * 365.25 / 12)


def test_the_distance_is_the_greatest_difference_of_two_cdfs(experts):
    cards = {file: load(file) for file in experts}
    one = contrasts(cards, ["hardware_growth"])[0]
    laws = [overall(card.joint, "hardware_growth") for card in cards.values()]
    places = np.linspace(0.0, 1.0, 20_001)
    wanted = np.abs(laws[0].cdf(places) - laws[1].cdf(places)).max()
    # Between the levels at which laws are compared a difference may be larger.
    assert one.distance == pytest.approx(wanted, abs=0.005)
    assert not are_alike(one)
    assert are_alike(contrasts(cards, ["algorithmic_growth"])[0])
    pooled = one.pooled((0.25, 0.75)).cdf(places)
    assert pooled == pytest.approx(
        0.25 * laws[0].cdf(places) + 0.75 * laws[1].cdf(places)
    )


def test_a_pool_is_written_and_is_a_card(capsys, experts, tmp_path):
    file = tmp_path / "both.toml"
    args = ["--pool", str(file), "--weights", "3,1", "--json"]
    with pytest.raises(SystemExit) as stop:
        main(["priors", "compare", *experts, *args])
    out, err = capsys.readouterr()
    assert (stop.value.code, err) == (0, f"{file}\n")
    found = json.loads(out)
    assert found["weights"] == [0.75, 0.25]
    joint = load(file).joint
    law = overall(joint, "hardware_growth")
    pooled = found["parameters"][0]["quantiles"]["pool"]["x/yr"]
    quantiles = joint.units["hardware_growth"].from_canonical(
        law.quantile(np.array([0.05, 0.5, 0.95]))
    )
    assert list(pooled.values()) == pytest.approx(quantiles.tolist(), rel=1e-9)
    assert f"{file}: --pool: is there already" in refused(
        capsys, "compare", *experts, "--pool", str(file)
    )


@pytest.mark.slow
def test_a_pool_runs(capsys, experts, tmp_path):
    file, runs = tmp_path / "both.toml", tmp_path / "run"
    with pytest.raises(SystemExit):
        main(["priors", "compare", *experts, "--pool", str(file)])
    args = ["--draws", "1024", "--no-plots", "--out", str(runs)]
    with pytest.raises(SystemExit) as stop:
        main(["run", "loss-gap", "--card", str(file), *args])
    assert stop.value.code == 0
    assert (runs / "summary.csv").is_file()
    capsys.readouterr()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["--pool", "both.txt"], "must end in .toml"),
        (["--pool", "no/both.toml"], "there is no folder no"),
        (["--weights", "1,2,3"], "3 weights for 2 cards"),
        (["--weights", "1,-1"], "must be above 0"),
        (["--parameter", "hardware_growht"], "did you mean hardware_growth?"),
        (["--plot", "x.gif"], "must end in one of"),
    ],
)
def test_what_is_wrong_is_said_with_its_option(capsys, experts, args, words):
    err = refused(capsys, "compare", *experts, *args)
    assert words in err
    assert args[0] in err


def test_one_card_cannot_be_compared(capsys, experts):
    assert "two cards or more" in refused(capsys, "compare", experts[0])
    assert "two cards are called" in refused(capsys, "compare", experts[0], experts[0])


def test_what_is_drawn_is_every_law_that_is_asked_for(experts):
    cards = {load(file).name: load(file) for file in experts}
    found = contrasts(cards, ["hardware_growth", "anchor_date"])
    panels = [
        Panel(
            name=one.name,
            unit=cards["alice"].joint.units[one.name],
            laws=one.laws,
            pool=one.pooled((0.5, 0.5)),
        )
        for one in found
    ]
    figure = cards_drawn(panels, list(cards), (0.5, 0.5))
    growth, date = figure.axes
    curve = next(
        line for line in growth.lines if len(np.asarray(line.get_xdata())) > 99
    )
    places, height = np.asarray(curve.get_xdata()), np.asarray(curve.get_ydata())
    density = np.exp(found[0].laws["alice"].log_density(places))
    assert height / height.max() == pytest.approx(density / density.max(), abs=2e-3)
    assert any("OOM" in text.get_text() for text in growth.get_xticklabels())
    # A point is a spike, and has no curve.
    assert all(len(np.asarray(line.get_xdata())) <= 2 for line in date.lines)


def test_a_card_is_drawn_where_it_is_asked_for(capsys, experts, tmp_path):
    file = tmp_path / "alice.png"
    only = ["--parameter", "hardware_growth", "--parameter", "loss_exponent"]
    with pytest.raises(SystemExit) as stop:
        main(["priors", "plot", experts[0], *only, "--out", str(file)])
    assert stop.value.code == 0
    assert file.stat().st_size > 10_000
    assert capsys.readouterr().err == f"{file}\n"

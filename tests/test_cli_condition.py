import json
from pathlib import Path

import numpy as np
import pytest

from experiments.cli.card_file import write_all
from priors.cards import load
from tests.command_line import called

WEAK = "before-metr"
DRAWS = ("--draws", "8192")


@pytest.fixture(scope="module")
def conditioned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict]:
    """The posterior's card, and what was told of it."""
    file = tmp_path_factory.mktemp("posterior") / "after.toml"
    code, out, _ = called("condition", WEAK, *DRAWS, "--out", file, "--json")
    assert code == 0
    return file, json.loads(out)


def test_the_horizons_narrow_beliefs_and_leave_others(conditioned: tuple[Path, dict]):
    _, told = conditioned
    beliefs = {belief["name"]: belief for belief in told["beliefs"]}
    doubling = beliefs["horizon_doubling_time"]
    widths = [np.log(doubling[k][2] / doubling[k][0]) for k in ("before", "after")]
    assert widths[1] < 0.6 * widths[0]
    assert doubling["after"][0] < 188.0 < doubling["after"][2]
    assert abs(beliefs["hardware_growth"]["shift"]) < 0.05
    assert told["khat"] == "bounded" or told["khat"] < 0.7
    (data,) = told["data"]
    assert len(data["rows"]) == 23
    above = [one["label"] for one in data["rows"] if not one["is_known"]]
    assert above == ["Claude Mythos Preview (early)"]


def test_the_posterior_is_a_card_that_is_drawn_as_it_was_told(
    conditioned: tuple[Path, dict],
):
    file, told = conditioned
    card = load(file)
    (group,) = card.joint.groups
    for belief in told["beliefs"]:
        unit = card.joint.units[belief["name"]]
        rows = unit.from_canonical(group.columns[belief["name"]])
        low, _, high = belief["after"]
        outside = np.mean(rows < low) + np.mean(rows > high)
        # 4,096 rows at even steps of the weights, of some thousand effective draws.
        assert outside == pytest.approx(0.1, abs=0.04)


def test_what_a_posterior_has_used_is_not_used_again(conditioned: tuple[Path, dict]):
    file, _ = conditioned
    code, _, err = called("condition", file, *DRAWS)
    assert code == 2
    assert "metr-th1.1; nothing is used twice" in " ".join(err.split())


def test_the_table_fits_eighty_columns_and_says_what_the_data_do_not():
    code, out, _ = called("condition", WEAK, *DRAWS)
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    assert "Of a fixed budget nothing was" in out
    assert "horizon_doubling_time, days" in out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("literature-2026",), "horizon_doubling_time was read from metr-th1.1"),
        ((WEAK, "--evidence", "metr-th1.2"), 'unknown data set "metr-th1.2"'),
        ((WEAK, "--evidence", "chess"), "condition takes time horizons, index scores"),
        ((WEAK, "--draws", "many"), '"many" is not a number'),
        ((WEAK, "--draws", "1e9"), "more than the"),
        ((WEAK, "--out", "after.csv"), "must end in .toml"),
        ((WEAK, "--out", "nowhere/after.toml"), "there is no folder nowhere"),
        (
            (WEAK, "--evidence", "metr-th1.1", "--evidence", "metr-th1.1-2026-03"),
            "both have GPT-2; take one",
        ),
    ],
)
def test_what_cannot_be_done_is_refused(args: tuple[str, ...], said: str):
    code, out, err = called("condition", *args)
    assert (code, out) == (2, "")
    assert said in " ".join(err.split())


def test_no_file_is_overwritten(tmp_path: Path):
    table = tmp_path / "after.csv"
    table.write_text("mine", encoding="utf-8")
    code, _, err = called("condition", WEAK, "--out", tmp_path / "after.toml")
    assert code == 2
    assert "is there already" in err
    assert table.read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "after.toml").exists()


def test_a_card_is_written_with_its_table_or_not_at_all(tmp_path: Path):
    table, card = tmp_path / "a.csv", tmp_path / "gone" / "a.toml"
    with pytest.raises(FileNotFoundError):
        write_all({table: "x\n1\n", card: "schema = 1\n"})
    assert list(tmp_path.iterdir()) == []


def test_draws_that_cannot_reach_the_data_are_refused(tmp_path: Path):
    far = tmp_path / "far.toml"
    far.write_text(
        'schema = 1\nname = "far"\ndescription = "far"\nextends = "before-metr"\n'
        "[parameters.horizon_at_anchor]\n"
        'unit = "minutes"\nlaw = "lognormal"\nmedian = 1e-3\nsigma = 0.7\n',
        encoding="utf-8",
    )
    asked = (*DRAWS, "--sampler", "weights", "--out", tmp_path / "x.toml")
    code, out, err = called("condition", far, *asked)
    assert (code, out) == (2, "")
    assert "cannot stand for the posterior" in " ".join(err.split())
    assert not (tmp_path / "x.toml").exists()

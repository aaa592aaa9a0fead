"""``meekmc priors fit``: what is printed, drawn and refused."""

import json
import subprocess
import sys
import tomllib

import pytest
from test_cli_beliefs import narrow, said

from experiments.cli import main
from priors.cards import load
from priors.echo import rows

__all__ = ["narrow"]
GROWTH = "0.05=1.2,0.5=1.4,0.95=1.9"


def refused(capsys: pytest.CaptureFixture, *args: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(["priors", *args])
    out, err = capsys.readouterr()
    assert (stop.value.code, out) == (2, "")
    return err


def test_laws_quantiles_and_lines_fit_80_columns(capsys: pytest.CaptureFixture):
    out = said(capsys, "fit", "--quantiles", GROWTH, "--unit", "x/yr")
    assert max(map(len, out.splitlines())) <= 80
    words = " ".join(out.split())
    assert "asked for 1.2 1.4 1.9 metalog 1.2 1.4 1.9" in words
    assert "no beta a beta law lies between 0 and 1" in words
    for unit in ("x/yr", "OOM/yr", "doubling_months"):
        assert f" {unit} " in words


@pytest.mark.parametrize("law", [None, "lognormal"])
def test_the_printed_lines_make_a_card_that_says_the_same(
    capsys: pytest.CaptureFixture, tmp_path, law: str | None
):
    more = [] if law is None else ["--law", law]
    name = ["--name", "hardware_growth", "--unit", "x/yr"]
    out = said(capsys, "fit", "--quantiles", GROWTH, *name, *more, "--json")
    found = json.loads(out)
    head = 'schema = 1\nname = "mine"\nextends = "literature-2026"\n'
    file = tmp_path / "mine.toml"
    file.write_text(head + found["card"], encoding="utf-8")
    assert tomllib.loads(found["card"])["parameters"]["hardware_growth"]
    row = next(r for r in rows(load(file)) if r.name == "hardware_growth")
    wanted = next(one for one in found["laws"] if one["law"] == found["chosen"])
    assert row.quantiles == pytest.approx(wanted["fitted"], rel=1e-5)
    assert found["chosen"] == (law or "metalog")


def test_levels_may_be_per_cent_and_numbers_dates(capsys: pytest.CaptureFixture):
    days = "5%=2027-01-01,50%=2029-01-01,95%=2036-01-01"
    out = said(capsys, "fit", "--quantiles", days, "--name", "trend_break_date")
    assert '"0.05" = 2027-01-01' in out
    assert "lognormal" not in out


def test_the_picture_is_written_where_it_is_asked_for(
    capsys: pytest.CaptureFixture, tmp_path
):
    for ending in ("png", "svg"):
        file = tmp_path / f"fit.{ending}"
        args = ["--unit", "x/yr", "--plot", str(file)]
        with pytest.raises(SystemExit) as stop:
            main(["priors", "fit", "--quantiles", GROWTH, *args])
        assert stop.value.code == 0
        assert file.stat().st_size > 10_000
    capsys.readouterr()


def test_a_picture_of_laws_needs_no_simulation(tmp_path):
    args = ["fit", "--quantiles", GROWTH, "--unit", "x/yr"]
    code = (
        "import sys; from experiments.cli import main\n"
        f"try: main(['priors', *{args}, '--plot', {str(tmp_path / 'a.png')!r}])\n"
        "except SystemExit as stop: assert stop.code == 0\n"
        "heavy = {'jax', 'pandas', 'xarray', 'mc.engine'} & set(sys.modules)\n"
        "import mc.figures.fan; from mc import figures\n"
        "sys.exit(bool(heavy) or not callable(figures.fan))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--quantiles", "0.05:1.2", "--unit", "x/yr"), "must be LEVEL=NUMBER"),
        (("--quantiles", "0.05=1,0.05=2", "--unit", "x/yr"), "given twice"),
        (("--quantiles", "0.5=2027-13-01"), '"2027-13-01" is not a date'),
        (("--quantiles", GROWTH, "--unit", "x/y"), "did you mean x/yr?"),
        (("--quantiles", GROWTH, "--name", "hardware_growh"), "hardware_growth?"),
        (("--quantiles", GROWTH, "--unit", "x/yr", "--law", "beta"), "no beta: "),
        (("--quantiles", GROWTH, "--unit", "x/yr", "--law", "normla"), "no law here"),
        (("--quantiles", GROWTH, "--unit", "x/yr", "--plot", "a.gif"), ".png"),
        (("--quantiles", GROWTH, "--unit", "x/yr", "--plot", "no/a.png"), "no folder"),
        (("--quantiles", GROWTH, "--between", "1"), "must be LOW..HIGH"),
        (("--quantiles", "0.05=2,0.95=1", "--unit", "x/yr"), "must rise"),
        (("--quantiles", "0.05=1,1.5=2", "--unit", "x/yr"), "not inside (0, 1)"),
    ],
)
def test_what_is_wrong_is_said_with_its_option(
    capsys: pytest.CaptureFixture, args: tuple[str, ...], said: str
):
    err = refused(capsys, "fit", *args)
    assert said in err
    assert "error: --" in err

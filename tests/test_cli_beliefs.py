import json

import pytest

from experiments.cli import main
from priors.cards import load, shipped
from priors.echo import names, rows


def said(capsys: pytest.CaptureFixture, *args: str) -> str:
    with pytest.raises(SystemExit) as stop:
        main(["priors", *args])
    out, err = capsys.readouterr()
    assert (stop.value.code, err) == (0, "")
    return out


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.parametrize("name", shipped())
def test_a_card_is_shown_whole_within_80_columns(
    capsys: pytest.CaptureFixture, name: str
):
    out = said(capsys, "show", name)
    assert max(map(len, out.splitlines())) <= 80
    words = " ".join(out.split())
    for row in rows(load(name)):
        numbers = " ".join(row.text)
        assert f"{row.name} 5 % 50 % 95 % mean {row.unit} {numbers}" in words
        assert f"law {row.law} source {row.source}" in words


def test_growth_is_shown_in_every_unit_people_quote(capsys: pytest.CaptureFixture):
    out = said(capsys, "show", "literature-2026")
    block = out[out.index("\nhardware_growth") :].split("\n\n")[0]
    lines = {line.split()[0]: line.split()[1:] for line in block.splitlines() if line}
    assert float(lines["x/yr"][1]) == 1.4
    assert float(lines["OOM/yr"][1]) == pytest.approx(0.14613, rel=1e-3)
    assert float(lines["doubling_months"][1]) == pytest.approx(24.72, rel=1e-3)
    assert lines["stream"] == ["Sobol'", "dimension", "2"]


def test_streams_name_labels_and_spare_constants(capsys: pytest.CaptureFixture):
    found = json.loads(said(capsys, "show", "literature-2026", "--json"))
    streams = {row["name"]: row["stream"] for row in found["parameters"]}
    label = "components.scaling_law: Sobol' dimension 8"
    assert streams["loss_exponent"] == f"Sobol' dimension 7; {label}"
    assert streams["meek_budget"] == "none: every draw has this value"


@pytest.mark.parametrize("args", [("list",), ("names",), ("show", "meek-2025")])
def test_json_is_strict(capsys: pytest.CaptureFixture, args: tuple[str, ...]):
    assert json.loads(said(capsys, *args, "--json"), parse_constant=pytest.fail)


def test_every_card_and_every_name_is_listed(capsys: pytest.CaptureFixture):
    out = said(capsys, "list")
    assert all(f"  {name}  " in out for name in shipped())
    out = said(capsys, "names")
    assert max(map(len, out.splitlines())) <= 80
    assert all(f"{parameter.name} ({parameter.symbol})" in out for parameter in names())


def test_a_valid_card_is_checked_with_its_warnings(
    capsys: pytest.CaptureFixture, tmp_path: pytest.TempPathFactory
):
    assert "literature-2026: " in said(capsys, "check", "literature-2026")
    file = f"{tmp_path}/mine.toml"
    text = 'schema = 1\nname = "mine"\ndescription = "d"\nextends = "literature-2026"\n'
    text += '[parameters.hardware_growth]\nunit = "x/yr"\npoint = 1.4\n'
    with open(file, "w", encoding="utf-8") as card:
        card.write(text)
    assert "hardware_growth: no source and no date" in said(capsys, "check", file)
    found = json.loads(said(capsys, "check", file, "--json"))
    assert found["faults"] == []
    assert any("no source" in line for line in found["warnings"][file])

"""Names that the registry does not have are the user's own, for formulas."""

import math
from pathlib import Path

import pytest

from priors import cards, echo
from priors.faults import Refusal
from priors.laws import Normal

HEAD = 'schema = 1\nname = "mine"\nreference_date = 2023-03-14\n'


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "card.toml"
    path.write_text(HEAD + text)
    return path


def refusal(path, overrides=()) -> str:
    with pytest.raises(Refusal) as caught:
        cards.load(path, overrides)
    return str(caught.value)


@pytest.mark.parametrize(
    ("table", "unit"),
    [
        ("point = -2.5\n", "1"),
        ('unit = "points per parsec"\npoint = -2.5\n', "points per parsec"),
        ('unit = "x/yr"\npoint = -2.5\n', "x/yr"),
    ],
)
def test_it_is_a_number_as_typed_whatever_its_unit(tmp_path, table, unit):
    joint = cards.load(write(tmp_path, "[parameters.k]\n" + table)).joint
    assert joint.central()["k"] == -2.5
    assert (joint.units["k"].kind, joint.units["k"].name) == ("real", unit)


def test_an_interval_means_a_normal_law(tmp_path):
    text = "[parameters.k]\ninterval = [1.0, 3.0]\nmass = 0.9\n"
    (marginal,) = cards.load(write(tmp_path, text)).joint.belief_of["k"].marginals
    assert isinstance(marginal.law, Normal)
    assert marginal.law.mean == pytest.approx(2.0, rel=1e-15)


def test_a_name_near_a_registered_one_needs_a_meaning(tmp_path):
    text = "[parameters.tax_growth]\npoint = 0.1\n"
    assert "did you mean harm_growth? If it is your own, say" in refusal(
        write(tmp_path, text)
    )
    path = write(tmp_path, text + 'meaning = "growth of a tax on compute"\n')
    card = cards.load(path)
    assert card.joint.central()["tax_growth"] == 0.1
    row = next(row for row in echo.rows(card) if row.name == "tax_growth")
    assert row.meaning == "growth of a tax on compute"
    bad = write(tmp_path, text + "meaning = 3\n")
    assert "meaning = 3 must be text" in refusal(bad)
    assert "did you mean" in refusal(write(tmp_path, text + 'meaning = ""\n'))


@pytest.mark.parametrize("name", ["x", "y", "C", "pi", '"a b"', '"a-b"', '"9a"'])
def test_what_a_formula_cannot_say_is_refused(tmp_path, name):
    path = write(tmp_path, f'[parameters.{name}]\npoint = 1\nmeaning = "m"\n')
    assert f"{path}:4: " in refusal(path)
    assert "unknown parameter" in refusal(path)


def test_own_parameters_are_noticed(tmp_path):
    text = '[parameters.k]\npoint = 1\nsource = "a guess"\ndate = 2026-01-01\n'
    (notice,) = cards.check(write(tmp_path, text))
    assert notice == "k: a parameter of your own, for formulas; nothing else reads it"


def test_one_is_introduced_on_the_command_line(tmp_path):
    path = write(tmp_path, "")
    card = cards.load(path, ["k=1..2@90%", "m=3 parsec"])
    assert card.overridden == ("k", "m")
    central = card.joint.central()
    assert (central["k"], central["m"]) == (1.5, 3.0)
    assert card.joint.units["m"].name == "parsec"
    found = refusal(path, ["tax_growth=1"])
    assert found.startswith("--set: tax_growth: unknown parameter tax_growth; did you")
    assert "formulas use that name" in refusal(path, ["x=1"])


def test_what_the_card_says_of_it_holds_on_the_command_line(tmp_path):
    text = '[parameters.tax_growth]\nunit = "a"\npoint = 0.1\nmeaning = "tax"\n'
    card = cards.load(write(tmp_path, text), ["tax_growth=0.2"])
    assert card.joint.units["tax_growth"].name == "a"
    assert card.tables["parameters"]["tax_growth"]["meaning"] == "tax"
    marked = '[parameters.tax]\nown = true\nunit = "ratio"\npoint = 2.0\n'
    card = cards.load(write(tmp_path, marked), ["tax=4"])
    assert card.joint.central()["tax"] == pytest.approx(math.log(4.0))


def test_own_parameters_are_linked_like_others(tmp_path):
    text = (
        "[parameters.a]\ninterval = [1, 3]\nmass = 0.9\n"
        "[parameters.b]\ninterval = [1, 3]\nmass = 0.9\n"
        '[parameters.c]\nsame_as = "a"\n'
        '[dependence]\nspearman = [["a", "b", 0.3]]\n'
    )
    joint = cards.load(write(tmp_path, text)).joint
    assert joint.clusters[0].names == ("a", "b")
    assert joint.aliases == {"c": "a"}

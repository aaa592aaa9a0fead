"""Every fault of a card is refused with its file, line and key."""

from pathlib import Path

import pytest

from priors import cards
from priors.faults import Refusal

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


COMPONENT = "[components.law]\nweights = { a = 0.7, b = 0.3 }\n"
EXPONENT = "[parameters.loss_exponent]\n"
FAULTS = [
    ("name = 3", "schema = 1\nname = 3\nreference_date = 2023-03-14\n", 2, "name = 3"),
    ("bad name", HEAD.replace("mine", "../x"), 2, "letters, digits, dots"),
    ("long name", HEAD.replace("mine", "x" * 65), 2, "1 to 64"),
    ("no schema", HEAD[11:], None, "schema is missing"),
    ("newer", HEAD.replace("= 1", "= 2", 1), 1, "newer than this program"),
    ("schema text", HEAD.replace("= 1", "= true", 1), 1, "True is not a number"),
    ("no date", 'schema = 1\nname = "mine"\n', None, "reference_date is missing"),
    ("date text", HEAD.replace("2023-03-14", '"2023-03-14"'), 3, "is not a date"),
    ("unknown key", HEAD + "descripton = 1\n", 4, "did you mean description?"),
    ("not tables", HEAD + "parameters = 3\n", 4, "parameters must be tables"),
    ("not a table", HEAD + "[parameters]\nx = 3\n", 5, "x must be a table"),
    (
        "unknown name",
        HEAD + "[parameters.hardwre_growth]\npoint = 1.4\n",
        4,
        "did you mean hardware_growth?",
    ),
    (
        "missing unit",
        HEAD + "[parameters.hardware_growth]\npoint = 1.4\n",
        4,
        "unit is missing; write one of x/yr, OOM/yr",
    ),
    (
        "wrong kind",
        HEAD + GROWTH.replace("x/yr", "months") + "point = 1.4\n",
        5,
        'unit = "months": hardware_growth is a growth (allowed: x/yr, OOM/yr,',
    ),
    ("missing mass", HEAD + GROWTH + "interval = [1.2, 1.5]\n", 6, "needs its mass"),
    (
        "upside down",
        HEAD + GROWTH + "interval = [5, 2]\nmass = 0.9\n",
        6,
        "upside down",
    ),
    ("unknown law key", HEAD + GROWTH + "point = 1.4\nmedain = 3\n", 7, "medain"),
    ("nan", HEAD + GROWTH + "point = nan\n", 6, "nan is not a finite number"),
    ("bool", HEAD + GROWTH + "point = true\n", 6, "true is not a number"),
    (
        "two ways",
        HEAD + GROWTH + "point = 1.4\n[parameters.investment_growth]\n"
        'unit = "x/yr"\npoint = 2.0\n[parameters.training_compute_growth]\n'
        'unit = "x/yr"\npoint = 4.0\n',
        10,
        "say one thing in two ways",
    ),
    (
        "source",
        HEAD + GROWTH + "point = 1.4\nsource = 3\n",
        7,
        "source = 3 must be text",
    ),
    ("date", HEAD + GROWTH + 'point = 1.4\ndate = "2026"\n', 7, "is not a date"),
    ("evidence", HEAD + GROWTH + 'point = 1.4\nevidence = "a"\n', 7, "a list of names"),
    ("width", HEAD + GROWTH + 'point = 1.4\nwidth = "x"\n', 7, 'allowed: "fit error"'),
    ("weights", HEAD + COMPONENT.replace("0.3", "0.4"), 5, "add to 1.1, not to 1"),
    ("zero weight", HEAD + COMPONENT.replace("0.3", "0.0"), 5, "must all be above 0"),
    ("bool weight", HEAD + COMPONENT.replace("0.3", "true"), 5, "True is not a number"),
    ("component key", HEAD + COMPONENT + "weight = 1\n", 6, "did you mean weights?"),
    ("unknown by", HEAD + COMPONENT + EXPONENT + 'by = "lw"\n', 7, "did you mean law?"),
    (
        "label missing",
        HEAD + COMPONENT + EXPONENT + 'by = "law"\na = { point = 0.2 }\n',
        6,
        "no law for the label b of law",
    ),
    (
        "label extra",
        HEAD + COMPONENT + EXPONENT + 'by = "law"\na = { point = 0.2 }\n'
        "b = { point = 0.2 }\nc = { point = 0.2 }\n",
        10,
        "no such label",
    ),
    (
        "law beside by",
        HEAD + COMPONENT + EXPONENT + 'by = "law"\na = { point = 0.2 }\n'
        "b = { point = 0.2 }\npoint = 0.2\n",
        10,
        "beside by stand labels only",
    ),
    (
        "fault in label",
        HEAD + COMPONENT + EXPONENT + 'by = "law"\na = { point = 0.2 }\n'
        "b = { interval = [0.1, 0.2] }\n",
        9,
        "loss_exponent.b.interval: an interval needs",
    ),
    (
        "given",
        HEAD + "[parameters.irreducible_loss]\ngiven = { parameter = "
        '"loss_exponnt", intercept = 1, slope = 4, residual_sd = 0.1 }\n'
        + EXPONENT
        + "point = 0.2\n",
        5,
        "loss_exponnt, which the card does not state; did you mean",
    ),
    (
        "given in a circle",
        HEAD + EXPONENT + 'given = { parameter = "irreducible_loss", '
        "intercept = 1, slope = 4, residual_sd = 0.1 }\n[parameters.irreducible_loss]\n"
        'given = { parameter = "loss_exponent", intercept = 1, slope = 4, '
        "residual_sd = 0 }\n",
        5,
        "leads back to loss_exponent itself",
    ),
    (
        "negative residual",
        HEAD + "[parameters.irreducible_loss]\ngiven = { parameter = "
        '"loss_exponent", intercept = 1, slope = 4, residual_sd = -1 }\n',
        5,
        "residual_sd = -1 must be ≥ 0",
    ),
    (
        "same_as",
        HEAD + EXPONENT + 'same_as = "lss"\n',
        5,
        "which the card does not state",
    ),
    (
        "same_as unit",
        HEAD + EXPONENT + 'same_as = "hardware_growth"\n' + GROWTH + "point = 1.4\n",
        5,
        "which is measured in x/yr",
    ),
    (
        "beside same_as",
        HEAD + EXPONENT + 'same_as = "x"\npoint = 1\n',
        6,
        "cannot stand",
    ),
    ("group and by", HEAD + EXPONENT + 'by = "x"\ngroup = "t.csv"\n', 6, "two ways"),
    ("group outside", HEAD + EXPONENT + 'group = "../t.csv"\n', 5, "leaves the folder"),
    ("own", HEAD + GROWTH + "own = true\npoint = 1.4\n", 6, "is a registered name"),
    (
        "own unit",
        HEAD + "[parameters.mine]\nown = true\npoint = 1\n",
        4,
        "unit is missing (known: 1, share",
    ),
    (
        "half a pair",
        HEAD + '[parameters.pivot_compute]\nunit = "FLOP"\npoint = 1e17\n',
        4,
        "means nothing without reducible_loss_at_pivot",
    ),
    (
        "unknown card",
        'schema = 1\nname = "m"\nextends = "literture-2026"\n',
        3,
        "did you mean literature-2026?",
    ),
    ("itself", 'schema = 1\nname = "m"\nextends = "card.toml"\n', 3, "leads back"),
]


@pytest.mark.parametrize(
    ("text", "line", "message"), [row[1:] for row in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_bad_cards_are_refused_with_file_and_line(tmp_path, text, line, message):
    path = write(tmp_path, text)
    found = refusal(path)
    place = f"{path}:{line}: " if line else f"{path}: "
    assert any(
        part.startswith(place) and message in part for part in found.splitlines()
    ), found


SPEARMAN = [
    ('["hardware_growth", "x", 0.3]', "x is not stated by the card"),
    ('["hardware_growth", "hardware_growth", 0.3]', "is correlated with itself"),
    ('["hardware_growth", "algorithmic_growth", 1.3]', "1.3 is outside [-1, 1]"),
    ('["hardware_growth", "algorithmic_growth"]', "two names and a number"),
    ('["hardware_growth", "algorithmic_growth", true]', "True is not a number"),
    ('["hardware_growth", "anchor_date", 0.3]', "is a point and has nothing"),
    ('["hardware_growth", "irreducible_loss", 0.3]', "is given loss_exponent"),
    (
        '["hardware_growth", "algorithmic_growth", 0.3],\n'
        '["algorithmic_growth", "hardware_growth", 0.3]',
        "is given twice",
    ),
    (
        '["hardware_growth", "algorithmic_growth", 0.9],\n'
        '["hardware_growth", "training_compute_growth", 0.9],\n'
        '["training_compute_growth", "algorithmic_growth", -0.9]',
        "cannot hold together",
    ),
]


@pytest.mark.parametrize(("rows", "message"), SPEARMAN)
def test_impossible_dependence_is_refused(tmp_path, rows, message):
    text = 'schema = 1\nname = "m"\nextends = "literature-2026"\n[dependence]\n'
    path = write(tmp_path, f"{text}spearman = [\n{rows}\n]\n")
    found = refusal(path)
    assert message in found
    assert found.startswith(f"{path}:")


def test_all_faults_of_a_card_are_reported_together(tmp_path):
    text = (
        HEAD
        + "colour = 3\n"
        + GROWTH
        + "interval = [5, 2]\nmass = 90\n"
        + COMPONENT
        + EXPONENT
        + "point = nan\n[dependence]\nspearmen = []\n"
    )
    with pytest.raises(Refusal) as caught:
        cards.load(write(tmp_path, text))
    lines = [fault.line for fault in caught.value.faults]
    assert lines == [4, 7, 8, 12, 14]

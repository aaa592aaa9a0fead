"""``meekmc classify`` and ``meekmc twins`` as a user sees them."""

import json
import math
import subprocess
import sys

import pytest
from command_line import called


def strict(text: str):
    return json.loads(text, parse_constant=pytest.fail)


def test_a_formula_is_classified_in_words():
    code, out, err = called("classify", "log(log(C))")
    assert (code, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    words = " ".join(out.split())
    assert "formula log(x), x = ln C" in words
    assert "ln(b/a), e.g. 0.658 at r = a/b = 0.518" in words
    assert "mighty: the gap settles at a constant" in words


@pytest.mark.parametrize(
    ("asked", "kind", "limit", "coefficient"),
    [
        ("1/(1 + exp(-k*(x - m)))", "meek", 0, 0.0),
        ("3*log(log(C))", "mighty-constant", "3*log(b/a)", 3.0),
        ("L*log(log(C))", "mighty-constant", "L*log(b/a)", "L"),
        ("elo", "mighty-diverging", "inf", "inf"),
        ("log(C)**p - 1/C**p", "mighty-diverging", "inf", "inf"),
        ("-log(C)", "not-normal", None, None),
    ],
)
def test_json_says_the_same_to_programs(asked, kind, limit, coefficient):
    code, out, _ = called("classify", asked, "--json")
    told = strict(out)
    assert code == 0
    assert list(told) == [
        *("input", "formula", "class", "bounded", "limit_gap", "coefficient"),
        *("theorem", "reason", "place"),
    ]
    assert (told["class"], told["limit_gap"]) == (kind, limit)
    assert told["coefficient"] == coefficient
    if kind == "not-normal":
        assert told["place"] == pytest.approx(math.log(1e9))


def test_a_metric_of_two_players_has_a_limit_but_no_class():
    code, out, _ = called("classify", "head_to_head_win_rate")
    assert code == 0
    assert "not a normal metric" in out
    assert "½·tanh(θ·lim lead/2)" in out


@pytest.mark.parametrize(
    ("args", "word"),
    [
        (["classify", "x^2"], "write ** for a power"),
        (["classify", "__import__('os')"], "column 1"),
        (["classify", "valdation_loss"], "did you mean validation_loss?"),
        (["classify", "task_success:minutes=x"], "no number"),
        (["classify"], "METRIC"),
        (["twins", "eloo"], "did you mean elo?"),
        (["twins", "2*x"], "is no metric"),
    ],
)
def test_what_cannot_be_classified_is_refused(args: list[str], word: str):
    code, out, err = called(*args)
    assert (code, out) == (2, "")
    assert err.startswith("meekmc: error: ")
    assert word in err


def test_refusals_cost_neither_jax_nor_sympy():
    code = (
        "import sys; from experiments.cli import main\n"
        "try: main(['classify', 'x^2'])\n"
        "except SystemExit as stop: assert stop.code == 2\n"
        "sys.exit('jax' in sys.modules or 'sympy' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, stderr=subprocess.PIPE)


@pytest.mark.slow
def test_twins_are_told_apart():
    code, out, _ = called("twins", "elo")
    assert code == 0
    assert max(map(len, out.splitlines())) <= 80
    bounded, rest = out.split("Unbounded")
    assert "win_rate_fixed_opponent" in bounded
    unbounded, neither = rest.split("Neither")
    assert "\nelo\n" in unbounded
    assert "head_to_head_win_rate" in neither
    code, out, _ = called("twins", "elo", "--json")
    classes = {row["metric"]: row["class"] for row in strict(out)}
    assert classes["elo"] == "mighty-diverging"
    assert classes["win_rate_fixed_opponent"] == "meek"

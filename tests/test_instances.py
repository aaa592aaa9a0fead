"""A registered name with an instance in brackets is a parameter of its own."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy.stats import spearmanr

from mc.draws.designs import Sobol
from mc.draws.dimensions import dimension
from mc.draws.transport import Transport
from priors import cards, echo
from priors.faults import Refusal
from priors.laws import Normal

HEAD = 'schema = 1\nname = "mine"\nreference_date = 2023-03-14\n'
SLOPE = '[parameters."benchmark_slope_per_oom[{}]"]\nunit = "logits/OOM"\n'
MIDPOINT = '[parameters."benchmark_midpoint[{}]"]\nunit = "log10 FLOP"\n'


def write(tmp_path: Path, text: str, name: str = "card.toml") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def own_card(tmp_path: Path, text: str, overrides=()):
    return cards.load(write(tmp_path, HEAD + text), overrides)


def refusal(path, overrides=()) -> str:
    with pytest.raises(Refusal) as caught:
        cards.load(path, overrides)
    return str(caught.value)


def test_kind_unit_and_default_law_are_inherited(tmp_path):
    text = MIDPOINT.format("a.1") + "interval = [23.0, 25.0]\nmass = 0.9\n"
    joint = own_card(tmp_path, text).joint
    name = "benchmark_midpoint[a.1]"
    assert joint.units[name].kind == "scale"
    (marginal,) = joint.belief_of[name].marginals
    assert isinstance(marginal.law, Normal)
    assert marginal.law.mean == pytest.approx(24.0 * math.log(10.0), rel=1e-14)


def test_defaults_are_not_inherited(tmp_path):
    names = own_card(tmp_path, SLOPE.format("a") + "point = 1.0\n").joint.names()
    assert "benchmark_floor" in names
    assert "benchmark_floor[a]" not in names


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (SLOPE.format("a") + "point = 900\n", 6, "outside the plausible 0.01…20"),
        (SLOPE.format("a.b") + "interval = [1, 2]\n", 6, "needs its mass"),
        (SLOPE.format("a") + 'point = 1\nmeaning = "m"\n', 7, "leave out meaning"),
        (SLOPE.format("a b") + "point = 1\n", 4, "between brackets"),
        (SLOPE.format("").replace("slope", "slop") + "point = 1\n", 4, "slope_per_oom"),
        ('[parameters."tax[a]"]\npoint = 1\n', 4, "only registered names"),
        (
            MIDPOINT.format("a").replace("log10 FLOP", "log10") + "point = 24\n",
            5,
            "did you mean log10 FLOP? (allowed: FLOP, log10 FLOP)",
        ),
    ],
)
def test_faults_of_instances_have_their_line(tmp_path, text, line, message):
    path = write(tmp_path, HEAD + text)
    found = refusal(path)
    assert message in found
    assert found.startswith(f"{path}:{line}: parameters.benchmark_") or "tax" in found


def test_an_instance_is_set_on_the_command_line(tmp_path):
    name = "benchmark_midpoint[gpt-4.1]"
    text = MIDPOINT.format("gpt-4.1") + "point = 24.0\n"
    for option, unit in ((f"{name}=25", "log10 FLOP"), (f"{name}=1e25 FLOP", "FLOP")):
        card = own_card(tmp_path, text, [option])
        assert card.overridden == (name,)
        assert card.joint.units[name].name == unit
        assert card.joint.central()[name] == pytest.approx(25.0 * math.log(10.0))
    found = refusal(tmp_path / "card.toml", [f"{name}=1e50 FLOP"])
    assert found.startswith(f"--set: {name}: 1e+50 FLOP is outside")
    fresh = own_card(tmp_path, text, ["benchmark_slope_per_oom[new]=0.5"])
    assert fresh.joint.central()["benchmark_slope_per_oom[new]"] == 0.5


def test_a_card_that_extends_replaces_an_instance_alone(tmp_path):
    text = (
        'schema = 1\nname = "mine"\nextends = "literature-2026"\n'
        + SLOPE.format("mmlu")
        + "point = 1.5\n"
    )
    joint, base = cards.load(write(tmp_path, text)).joint, cards.load().joint
    assert joint.central()["benchmark_slope_per_oom[mmlu]"] == 1.5
    for name in ("benchmark_slope_per_oom", "benchmark_slope_per_oom[bbh]"):
        assert joint.belief_of[name].marginals == base.belief_of[name].marginals


LINKED = (
    "[components.source]\nweights = { old = 0.6, new = 0.4 }\n"
    + SLOPE.format("a")
    + 'by = "source"\nold = { point = 1.0 }\nnew = { point = 2.0 }\n'
    + SLOPE.format("b")
    + 'same_as = "benchmark_slope_per_oom[a]"\n'
    + MIDPOINT.format("a")
    + "interval = [23.0, 25.0]\nmass = 0.9\n"
    + MIDPOINT.format("b")
    + 'given = { parameter = "benchmark_midpoint[a]", intercept = 1.0, slope = 1.0, '
    + "residual_sd = 0.0 }\n"
    + SLOPE.format("c")
    + "interval = [0.5, 1.5]\nmass = 0.9\n"
    + '[dependence]\nspearman = [["benchmark_midpoint[a]", '
    + '"benchmark_slope_per_oom[c]", 0.5]]\n'
)


def test_instances_are_drawn_linked_and_correlated(tmp_path):
    joint = own_card(tmp_path, LINKED).joint
    assert joint.aliases == {"benchmark_slope_per_oom[b]": "benchmark_slope_per_oom[a]"}
    design = Sobol(seed=3, replicates=16)
    draws = Transport.compile(joint, design, np.float32).draw(0, 2**10)
    value = {name: np.asarray(v, np.float64) for name, v in draws.values.items()}
    a, b = value["benchmark_midpoint[a]"], value["benchmark_midpoint[b]"]
    np.testing.assert_allclose(b, a + 1.0, rtol=4 * float(np.finfo(np.float32).eps))
    slopes = value["benchmark_slope_per_oom[a]"]
    assert set(slopes) == {1.0, 2.0}
    assert np.array_equal(slopes, value["benchmark_slope_per_oom[b]"])
    correlation, _ = spearmanr(a, value["benchmark_slope_per_oom[c]"])
    # 16,384 draws: a standard error of 0.006, were they independent
    assert correlation == pytest.approx(0.5, abs=0.03)


def test_the_bracketed_name_is_the_stream(tmp_path):
    text = SLOPE.format("a") + "interval = [0.5, 1.5]\nmass = 0.9\n"
    second = SLOPE.format("b") + "interval = [0.5, 1.5]\nmass = 0.9\n"
    design = Sobol(seed=3, replicates=16)
    drawn = [
        Transport.compile(own_card(tmp_path, card).joint, design, np.float32).draw(
            0, 2**8
        )
        for card in (text, second + text)
    ]
    alone, beside = (draws.values["benchmark_slope_per_oom[a]"] for draws in drawn)
    other = drawn[1].values["benchmark_slope_per_oom[b]"]
    assert np.array_equal(alone, beside)
    assert abs(np.corrcoef(beside, other)[0, 1]) < 0.1
    assert dimension("benchmark_slope_per_oom[a]") is None


def test_instances_are_echoed(tmp_path):
    rows = {row.name: row for row in echo.rows(own_card(tmp_path, LINKED))}
    row = rows["benchmark_midpoint[b]"]
    assert row.law == "1 + 1·benchmark_midpoint[a] ± 0 (sd)"
    assert row.quantiles[1] == pytest.approx(24.0 + 1.0 / math.log(10.0), abs=1e-9)
    assert row.meaning == rows["benchmark_midpoint[a]"].meaning != ""

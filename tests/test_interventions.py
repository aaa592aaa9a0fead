"""What a scenario sets and multiplies, on canonical scales; what is refused."""

import math

import pytest

from priors import cards
from priors.faults import Refusal
from priors.interventions import read_interventions
from priors.laws import Normal

CARD = cards.load()


def refusal(*texts: str, card=CARD) -> str:
    with pytest.raises(Refusal) as caught:
        read_interventions(texts, card)
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("hardware_growth=1.2", math.log(1.2)),
        ("hardware_growth=3 doubling_years", math.log(2.0) / 3.0),
        ("algorithmic_growth=0.5", 0.5),
        ("horizon_doubling_time=7 months", math.log(7 / 12)),
        ("compute_slowdown_date=2028-03-14", 1827 / 365.25),
        ("proprietary_share=0.25", 0.25),
        ("investment_growth=2", math.log(2.0)),
    ],
)
def test_what_is_set_has_a_law_on_the_canonical_scale(text, canonical):
    found = read_interventions([text], CARD)
    name = text.split("=")[0]
    assert found.joint.central() == {name: pytest.approx(canonical, rel=1e-13)}
    assert found.joint.reference_date == CARD.reference_date
    assert found.texts == (text,)
    assert not found.factors
    assert not found.shifts
    assert found.names == {name}


def test_an_interval_is_set_as_a_belief_would_be():
    found = read_interventions(["hardware_growth=1.2..1.3@90%"], CARD)
    (marginal,) = found.joint.belief_of["hardware_growth"].marginals
    assert isinstance(marginal.law, Normal)
    assert marginal.law.mean == pytest.approx(0.5 * math.log(1.2 * 1.3), rel=1e-13)


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("algorithmic_growth*=0.5", 0.5),
        ("hardware_growth *= 0", 0.0),
        ("loss_exponent*=1.1", 1.1),
        ("proprietary_share*=0.5", 0.5),
        ("benchmark_slope_per_oom[mmlu]*=2", 2.0),
        ("investment_growth*=0.5", 0.5),
    ],
)
def test_a_growth_a_share_and_a_number_are_multiplied(text, factor):
    found = read_interventions([text], CARD)
    assert found.factors == {text.split("*=")[0].strip(): factor}
    assert not found.shifts
    assert found.joint.names() == ()


@pytest.mark.parametrize(
    ("text", "factor"),
    [
        ("initial_compute*=10", 10.0),
        ("horizon_doubling_time*=0.5", 0.5),
        ("meek_budget*=1k", 1e3),
        ("follower_lag*=2", 2.0),
    ],
)
def test_a_size_and_a_duration_are_shifted_by_a_logarithm(text, factor):
    found = read_interventions([text], CARD)
    assert found.shifts == {text.split("*=")[0]: math.log(factor)}
    assert not found.factors


def test_half_as_fast_is_half_the_logarithm_of_the_yearly_factor():
    """1.44 times a year is 1.2 at half the speed."""
    card = cards.load(overrides=["hardware_growth=1.44"])
    found = read_interventions(["hardware_growth*=0.5"], card)
    slowed = card.joint.central()["hardware_growth"] * found.factors["hardware_growth"]
    assert math.exp(slowed) == pytest.approx(1.2, rel=1e-13)


def test_a_parameter_of_ones_own_is_changed_in_its_own_unit(tmp_path):
    path = tmp_path / "card.toml"
    path.write_text(
        'schema = 1\nname = "mine"\nreference_date = 2023-03-14\n'
        '[parameters.tax]\nown = true\nunit = "ratio"\npoint = 2.0\n'
    )
    card = cards.load(path)
    assert read_interventions(["tax*=3"], card).shifts == {"tax": math.log(3.0)}
    found = read_interventions(["tax=3"], card)
    assert found.joint.central()["tax"] == pytest.approx(math.log(3.0), rel=1e-13)


def test_several_changes_stand_side_by_side():
    texts = ["hardware_growth=1.2", "algorithmic_growth*=0.5", "initial_compute*=2"]
    found = read_interventions(texts, CARD)
    assert found.joint.names() == ("hardware_growth",)
    assert (found.factors, found.shifts) == (
        {"algorithmic_growth": 0.5},
        {"initial_compute": math.log(2.0)},
    )
    assert found.texts == tuple(texts)
    assert read_interventions([], CARD).names == frozenset()


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        (["hardware_grwth*=2"], "did you mean hardware_growth?"),
        (["hardware_grwth=2"], "did you mean hardware_growth?"),
        (["tax=2"], "unknown parameter tax"),
        (["hardware_growth"], "must be NAME=SPEC, or NAME*=FACTOR"),
        (["hardware_growth*="], "must be NAME=SPEC, or NAME*=FACTOR"),
        (["hardware_growth*=fast"], '"fast" is not a number'),
        (["hardware_growth=fast"], '"fast" is not a number'),
        (["hardware_growth*=-1"], "the factor -1 must be 0 or more"),
        (["initial_compute*=0"], "the factor 0 must be above 0"),
        (["proprietary_share*=1.5"], "times a share may pass 1"),
        (["compute_slowdown_date*=2"], "is a date, which cannot be multiplied"),
        (["hardware_growth=40"], 'write unit = "percent/yr"'),
        (["hardware_growth=1.2..1.5"], "needs its mass"),
        (["hardware_growth=1.2", "hardware_growth*=2"], "is changed twice; keep one"),
        (
            ["investment_growth=2", "training_compute_growth=3"],
            "say one thing in two ways",
        ),
        (
            ["investment_growth=2", "training_compute_growth*=2"],
            "say one thing in two ways",
        ),
    ],
)
def test_bad_interventions_are_refused(texts, why):
    found = refusal(*texts)
    assert why in found
    assert found.startswith("--scenario: ")
    assert found.count("\n") == 0


def test_every_fault_is_said_under_the_name_of_the_place():
    with pytest.raises(Refusal) as caught:
        read_interventions(
            ["hardware_grwth*=2", "initial_compute*=0", "inflation=40"],
            CARD,
            "scenario bans",
        )
    assert {fault.file for fault in caught.value.faults} == {"scenario bans"}
    assert len(caught.value.faults) == 3

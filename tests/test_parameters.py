"""The registry, and what happens when one thing is said in two ways."""

import pytest

from priors import parameters
from priors.parameters import PARAMETERS
from priors.units import GROWTH_UNITS, own_unit

CORE = [
    "hardware_growth",
    "algorithmic_growth",
    "investment_growth",
    "training_compute_growth",
    "clock_ratio",
    "initial_compute_ratio",
    "initial_compute",
    "frontier_compute",
    "meek_budget",
    "loss_exponent",
    "loss_coefficient",
    "reducible_loss_at_pivot",
    "pivot_compute",
    "irreducible_loss",
    "horizon_doubling_time",
    "horizon_at_anchor",
    "anchor_date",
    "horizon_ratio_50_80",
    "horizon_elasticity",
    "compute_per_dollar",
    "world_product",
    "world_product_growth",
]


def test_every_core_name_is_registered_once_with_a_meaning():
    assert sorted(PARAMETERS) == sorted(CORE)
    for name, parameter in PARAMETERS.items():
        assert parameter.name == name
        assert parameter.meaning
        assert parameter.plausible[0] < parameter.plausible[1]
        assert parameter.scale


@pytest.mark.parametrize("parameter", PARAMETERS.values(), ids=PARAMETERS.keys())
def test_own_units_exist_and_hold_the_plausible_range(parameter):
    unit = own_unit(parameter.unit, parameter.kind)
    assert unit.kind == parameter.kind
    assert parameter.plausible[0] > unit.lowest
    assert (unit.name in GROWTH_UNITS) == (parameter.kind == "growth")


def test_rivals_are_registered_names():
    for ways in parameters.RIVALS:
        assert len(ways) == 2
        assert {name for way in ways for name in way} <= set(PARAMETERS)


@pytest.mark.parametrize(
    ("names", "clash"),
    [
        (("investment_growth", "training_compute_growth"), True),
        (("loss_coefficient", "pivot_compute"), True),
        (("clock_ratio", "algorithmic_growth"), True),
        (("initial_compute_ratio", "frontier_compute"), True),
        (("horizon_elasticity", "horizon_doubling_time"), True),
        (("reducible_loss_at_pivot", "pivot_compute"), False),
        (("meek_budget", "compute_per_dollar"), False),
        (("meek_budget", "compute_per_dollar", "initial_compute"), True),
        (("hardware_growth", "algorithmic_growth"), False),
    ],
)
def test_one_thing_said_in_two_ways_is_found(names, clash):
    assert bool(parameters.clashes(names)) == clash


@pytest.mark.parametrize(
    ("said", "inherited", "gone"),
    [
        (["investment_growth"], ["training_compute_growth", "hardware_growth"], 1),
        (["loss_coefficient"], ["reducible_loss_at_pivot", "pivot_compute"], 2),
        (["clock_ratio"], ["algorithmic_growth"], 1),
        (["hardware_growth"], ["algorithmic_growth"], 0),
        (["hardware_growth"], ["hardware_growth"], 0),
    ],
)
def test_what_is_said_anew_replaces_its_rivals(said, inherited, gone):
    assert len(parameters.replaced(said, inherited)) == gone


@pytest.mark.parametrize(
    ("said", "inherited", "gone"),
    [
        ("initial_compute", ["meek_budget", "compute_per_dollar"], "meek_budget"),
        ("meek_budget", ["initial_compute", "compute_per_dollar"], "initial_compute"),
        ("compute_per_dollar", ["initial_compute", "meek_budget"], "initial_compute"),
    ],
)
def test_of_three_that_give_each_other_one_gives_way(said, inherited, gone):
    assert parameters.replaced([said], inherited) == (gone,)
    assert parameters.replaced([said], inherited[:1]) == ()


def test_half_a_pair_is_missed():
    assert parameters.halves(["pivot_compute"]) == (
        ("pivot_compute", "reducible_loss_at_pivot"),
    )
    assert parameters.halves(["pivot_compute", "reducible_loss_at_pivot"]) == ()


def test_the_initial_ratio_is_one_unless_the_frontier_is_said():
    assert [p.name for p in parameters.defaults([])] == ["initial_compute_ratio"]
    assert parameters.defaults(["frontier_compute"]) == ()
    assert parameters.defaults(["initial_compute_ratio"]) == ()

"""The registry, and what happens when one thing is said in two ways."""

import numpy as np
import pytest

from priors import parameters
from priors.parameters import PARAMETERS
from priors.units import GROWTH_UNITS, own_unit, spellings

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
OF_METRICS = [
    "benchmark_slope_per_oom",
    "benchmark_midpoint",
    "benchmark_floor",
    "benchmark_ceiling",
    "benchmark_slope_in_log_loss",
    "benchmark_midpoint_loss",
    "benchmark_slope_in_loss",
    "benchmark_loss_midpoint",
    "tokens_per_answer",
    "misalignment_exponent",
    "misalignment_ceiling",
    "misalignment_floor",
    "misalignment_midpoint",
    "harm_growth",
    "harm_exponent",
    "elo_per_oom",
    "eci_per_oom",
    "eci_at_start",
    "step_error",
    "pass_at_k_scale",
    "pass_at_k_exponent",
    "solve_rate",
    "initial_samples",
    "inference_efficiency_growth",
    "inference_investment_growth",
    "initial_inference_ratio",
    "elo_per_inference_oom",
    "elo_inference_plateau",
    "horizon_inference_elasticity",
    "horizon_inference_plateau",
    "coverage_training_exponent",
]
OF_PATHS = [
    "investment_slowdown_date",
    "late_investment_growth",
    "investment_slowdown_width",
    "investment_fade_time",
    "investment_cap",
    "revenue_growth",
    "revenue_headroom",
    "hardware_slowdown_date",
    "late_hardware_growth",
    "hardware_slowdown_width",
    "proprietary_share",
    "proprietary_hardware_share",
    "diffusion_lag",
    "leak_time",
    "scale_dependence",
    "scale_pivot",
    "scale_dependence_growth",
    "scale_dependence_cap",
    "trend_break_date",
    "trend_break_size",
    "trend_kink_date",
    "late_algorithmic_growth",
    "drift_persistence",
    "hardware_drift",
    "algorithmic_drift",
    "investment_drift",
    "compute_slowdown_date",
    "late_training_compute_growth",
    "software_feedback",
    "research_compute_returns",
    "research_feedback",
    "research_ceiling",
    "research_start_date",
    "follower_lag",
    "slowing_time",
]
OF_ACTORS = [
    "meek_investment_growth",
    "inflation",
    "meek_hardware_growth",
    "meek_algorithmic_share",
    "frontier_compute_date",
    "meek_budget_date",
    "discount_rate",
]
OF_KINKS = ["early_horizon_doubling_time", "horizon_kink_date"]


def test_every_core_name_is_registered_once_with_a_meaning():
    assert sorted(list(PARAMETERS)[: len(CORE)]) == sorted(CORE)
    later = OF_METRICS + OF_PATHS + OF_ACTORS + OF_KINKS
    assert list(PARAMETERS)[len(CORE) :] == later
    for name, parameter in PARAMETERS.items():
        assert parameter.name == name
        assert parameter.meaning
        assert parameter.plausible[0] < parameter.plausible[1]
        assert parameter.scale
    assert len({p.symbol for p in PARAMETERS.values()}) == len(PARAMETERS)


def test_a_name_says_whether_a_path_or_an_actor_needs_it():
    assert [p.name for p in PARAMETERS.values() if p.role == "path"] == OF_PATHS
    elsewhere = {"frontier_compute_date", "discount_rate"}
    of_actors = {p.name for p in PARAMETERS.values() if p.role == "actor"}
    assert of_actors == set(OF_ACTORS) - elsewhere
    assert {p.role for p in PARAMETERS.values()} == {"", "path", "actor"}


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
    assert "initial_compute_ratio" in defaulted([])
    assert "initial_compute_ratio" not in defaulted(["frontier_compute"])
    assert "initial_compute_ratio" not in defaulted(["initial_compute_ratio"])


def test_a_silent_card_has_a_point_where_one_is_natural():
    assert defaulted([]) == {
        "initial_compute_ratio": 1.0,
        "benchmark_floor": 0.0,
        "benchmark_ceiling": 1.0,
        "misalignment_floor": 0.0,
        "initial_samples": 1.0,
        "initial_inference_ratio": 1.0,
        "proprietary_hardware_share": 0.0,
    }


def defaulted(names: list[str]) -> dict[str, float | None]:
    return {p.name: p.default for p in parameters.defaults(names)}


@pytest.mark.parametrize("instance", ["mmlu", "gpt-4.1", "A_b", "3"])
def test_an_instance_means_what_its_name_means(instance):
    base = PARAMETERS["benchmark_midpoint"]
    assert parameters.parameter(f"benchmark_midpoint[{instance}]") is base
    assert parameters.parameter("benchmark_midpoint") is base


@pytest.mark.parametrize(
    "name",
    [
        "benchmark_midpoint[]",
        "benchmark_midpoint[a b]",
        "benchmark_midpoint[a][b]",
        "benchmark_midpoint[a",
        "[a]",
        "tax[a]",
        "tax",
    ],
)
def test_other_names_mean_nothing_here(name):
    assert parameters.parameter(name) is None


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("benchmark_midpoint[a b]", "an instance has letters, digits"),
        ("benchmark_midpont[a]", "did you mean benchmark_midpoint[a]?"),
        ("tax[a]", "only registered names have instances (see"),
        ("tax rate", "a name has letters, digits and '_' only"),
        ("2nd", "a name has letters, digits and '_' only"),
        ("x", "formulas use that name"),
        ("C", "formulas use that name"),
        ("hardware_grwth", "did you mean hardware_growth?"),
    ],
)
def test_what_cannot_be_a_name_is_said(name, why):
    assert why in parameters.unknown(name)


def test_a_name_near_a_registered_one_needs_a_meaning():
    assert "did you mean harm_growth?" in parameters.unknown("tax_growth")
    assert parameters.unknown("tax_growth", is_meant=True) == ""
    assert parameters.unknown("x", is_meant=True)
    for name in ("k", "alpha", "tax", "_a1"):
        assert parameters.unknown(name) == ""


def test_compute_is_also_said_as_a_power_of_ten():
    assert spellings("FLOP", "scale") == ("FLOP", "log10 FLOP")
    typed = np.array([23.89])
    canonical = own_unit("log10 FLOP", "scale").to_canonical(typed)
    flop = own_unit("FLOP", "scale").to_canonical(10.0**typed)
    assert canonical == pytest.approx(flop, rel=1e-15)
    assert spellings("minutes", "scale") == ("minutes",)


def test_a_real_number_is_said_in_its_unit_or_without():
    assert spellings("Elo/OOM", "real") == ("Elo/OOM", "1")
    assert spellings("1", "real") == ("1",)
    assert spellings("share", "share") == ("share",)

"""Which dimension of a low-discrepancy sequence belongs to which name.

Two names on one dimension would be dependent even when scrambled apart, so a number
is given once, by hand, and never changed or used again.
"""

import functools
from pathlib import Path

import numpy as np

from priors.shapes import UInt32

# Append only: a new name takes the next free number, at most 255.
DIMENSIONS = {
    "algorithmic_growth": 1,
    "hardware_growth": 2,
    "training_compute_growth": 3,
    "investment_growth": 4,
    "horizon_doubling_time": 5,
    "components.horizon_window": 6,
    "loss_exponent": 7,
    "components.scaling_law": 8,
    "horizon_ratio_50_80": 9,
    "horizon_at_anchor": 10,
    "horizon_elasticity": 11,
    "initial_compute_ratio": 12,
    "reducible_loss_at_pivot": 13,
    "loss_coefficient": 14,
    "pivot_compute": 15,
    "anchor_date": 16,
    "initial_compute": 17,
    "meek_budget": 18,
    "frontier_compute": 19,
    "compute_per_dollar": 20,
    "world_product": 21,
    "world_product_growth": 22,
    "clock_ratio": 23,
    "irreducible_loss": 24,
    "benchmark_slope_per_oom": 25,
    "benchmark_midpoint": 26,
    "benchmark_floor": 27,
    "benchmark_ceiling": 28,
    "benchmark_slope_in_log_loss": 29,
    "benchmark_midpoint_loss": 30,
    "benchmark_slope_in_loss": 31,
    "benchmark_loss_midpoint": 32,
    "tokens_per_answer": 33,
    "misalignment_exponent": 34,
    "misalignment_ceiling": 35,
    "misalignment_floor": 36,
    "misalignment_midpoint": 37,
    "harm_growth": 38,
    "harm_exponent": 39,
    "elo_per_oom": 40,
    "eci_per_oom": 41,
    "eci_at_start": 42,
    "step_error": 43,
    "pass_at_k_scale": 44,
    "pass_at_k_exponent": 45,
    "solve_rate": 46,
    "initial_samples": 47,
    "inference_efficiency_growth": 48,
    "inference_investment_growth": 49,
    "initial_inference_ratio": 50,
    "elo_per_inference_oom": 51,
    "elo_inference_plateau": 52,
    "horizon_inference_elasticity": 53,
    "horizon_inference_plateau": 54,
    "coverage_training_exponent": 55,
    "investment_slowdown_date": 56,
    "late_investment_growth": 57,
    "investment_slowdown_width": 58,
    "investment_fade_time": 59,
    "investment_cap": 60,
    "revenue_growth": 61,
    "revenue_headroom": 62,
    "hardware_slowdown_date": 63,
    "late_hardware_growth": 64,
    "hardware_slowdown_width": 65,
    "proprietary_share": 66,
    "proprietary_hardware_share": 67,
    "diffusion_lag": 68,
    "leak_time": 69,
    "scale_dependence": 70,
    "scale_pivot": 71,
    "scale_dependence_growth": 72,
    "scale_dependence_cap": 73,
    "trend_break_date": 74,
    "trend_break_size": 75,
    "trend_kink_date": 76,
    "late_algorithmic_growth": 77,
    "drift_persistence": 78,
    "hardware_drift": 79,
    "algorithmic_drift": 80,
    "investment_drift": 81,
    "compute_slowdown_date": 82,
    "late_training_compute_growth": 83,
    "software_feedback": 84,
    "research_compute_returns": 85,
    "research_feedback": 86,
    "research_ceiling": 87,
    "follower_lag": 88,
    "slowing_time": 89,
    "meek_investment_growth": 90,
    "inflation": 91,
    "meek_hardware_growth": 92,
    "meek_algorithmic_share": 93,
    "frontier_compute_date": 94,
    "meek_budget_date": 95,
    "discount_rate": 96,
    "research_start_date": 97,
    "early_horizon_doubling_time": 98,
    "horizon_kink_date": 99,
    "groups.literature-2026-horizons": 100,
}
COPY_STRIDE = 256
NUM_DIMENSIONS = 1024


def dimension(name: str, copy: int = 0) -> int | None:
    """Dimension of a name, counted from 1, or None where it has none.

    Copy ``c`` of base number ``d`` stands on dimension ``d + 256 c``; names outside
    the table, and copies past the shipped dimensions, have none.
    """
    base = DIMENSIONS.get(name)
    if base is None or base + COPY_STRIDE * copy > NUM_DIMENSIONS:
        return None
    return base + COPY_STRIDE * copy


@functools.cache
def direction_numbers() -> UInt32[np.ndarray, "1024 32"]:
    """Direction numbers of Sobol's sequence, a row a dimension, by bit of the index.

    Source: Joe and Kuo, SIAM J. Sci. Comput. 30 (2008), set D(6), as distributed with
    SciPy (``scipy.stats.qmc.Sobol``), 32 bits, the first digit in the highest bit.
    """
    return _table("joe_kuo_1024.npy")


@functools.cache
def lattice_vector() -> UInt32[np.ndarray, " 1024"]:
    """Generating vector of an extensible rank-1 lattice, for 2**10 to 2**20 points.

    Source: Cools, Kuo and Nuyens, SIAM J. Sci. Comput. 28 (2006),
    ``lattice-33002-1024-1048576`` as distributed by QMCSoftware's LDData (Apache-2.0).
    """
    return _table("kuo_lattice_1024.npy")


def _table(file: str) -> UInt32[np.ndarray, "..."]:
    table = np.load(Path(__file__).with_name(file), allow_pickle=False)
    table.flags.writeable = False
    return table

"""What textbook metrics are made of: budgets, losses, horizons, slow and obvious.

Parameters are mpf on their canonical scales, ``x`` is ``ln C − ln C0`` of the budget.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from worlds import mp, mpf

LN_10 = mp.log(10)


@dataclass(frozen=True, kw_only=True)
class Exact:
    """A metric by its textbook formula.

    Attributes:
        gap: Of ``x``, lead and years.
        value: F of ``x``; None where the metric is no function of one budget.
        budget: Of years: ``x`` and lead of the budget that the metric sees.
    """

    gap: Callable[..., Any]
    value: Callable[..., Any] | None = None
    budget: Callable[..., tuple[Any, Any]]


def shared_growth(p):
    """Growth of hardware and algorithms."""
    return p["hardware_growth"] + p["algorithmic_growth"]


def investment(p):
    """Growth of the frontier's spending on training."""
    if "investment_growth" in p:
        return p["investment_growth"]
    return p["training_compute_growth"] - p["hardware_growth"]


def training(p):
    """The meek actor's training compute over its start, and the lead."""
    s, v = shared_growth(p), investment(p)
    return lambda t: (s * t, p["initial_compute_ratio"] + v * t)


def inference(p):
    """The meek actor's inference compute over its start, and the lead."""
    s = p["hardware_growth"] + p["inference_efficiency_growth"]
    v = p["inference_investment_growth"]
    return lambda t: (s * t, p["initial_inference_ratio"] + v * t)


def weighted(p, weight, other):
    """Training and inference compute, weighted."""
    first, second = training(p), inference(p)

    def both(t):
        (x, lead), (x_k, lead_k) = first(t), second(t)
        return weight * x + other * x_k, weight * lead + other * lead_k

    return both


def normal(value, budget):
    """A metric of one budget: its gap is a difference of values."""

    def gap(x, lead, t):
        del t
        ahead, behind = value(x + lead), value(x)
        return mpf(0) if ahead == behind else ahead - behind

    return Exact(gap=gap, value=value, budget=budget)


def sigmoid(z):
    """Without overflow: e^z is finite in mpmath."""
    return 1 / (1 + mp.exp(-z))


def reducible(p):
    """A·C^−γ, by A or by the loss at a pivot."""
    exponent, start = p["loss_exponent"], p["initial_compute"]
    if "loss_coefficient" in p:
        log_one = p["loss_coefficient"]
    else:
        log_one = p["reducible_loss_at_pivot"] + exponent * p["pivot_compute"]
    return lambda x: mp.exp(log_one - exponent * (start + x))


def ends(p, share):
    """From a floor to a ceiling."""
    low, high = p["benchmark_floor"], p["benchmark_ceiling"]
    return lambda x: low + (high - low) * share(x)


def gompertz(p):
    """e^(−nR), and 1 − e^(−nR) without cancellation."""
    loss, tokens = reducible(p), mp.exp(p["tokens_per_answer"])
    return lambda x: mp.exp(-tokens * loss(x)), lambda x: -mp.expm1(-tokens * loss(x))


def logit_in_compute(p):
    """The logit of a benchmark in ln C."""
    slope = p["benchmark_slope_per_oom"] / LN_10
    return lambda x: slope * (p["initial_compute"] + x - p["benchmark_midpoint"])


def logit_in_log_loss(p):
    """The logit of a benchmark in −ln R."""
    loss, slope = reducible(p), p["benchmark_slope_in_log_loss"]
    return lambda x: slope * (p["benchmark_midpoint_loss"] - mp.log(loss(x)))


def logit_in_loss(p):
    """The logit of a benchmark in −L."""
    loss, slope = reducible(p), p["benchmark_slope_in_loss"]
    half = p["benchmark_loss_midpoint"]
    return lambda x: -slope * (p["irreducible_loss"] + loss(x) - half)


def step_failure(p):
    """Chance that a step fails, at most 1."""
    exponent = p["loss_exponent"]
    return lambda x: min(mp.exp(p["step_error"] - exponent * x), mpf(1))


def horizon_curve(p):
    """ln of the 50 % horizon in minutes at a log compute, through the anchor."""
    x, lead = training(p)(p["anchor_date"])
    growth = shared_growth(p) + investment(p)
    late = p.get("horizon_elasticity")
    if late is None:
        late = mp.log(2) / (mp.exp(p["horizon_doubling_time"]) * growth)
    place, turn, width = x + lead, mpf(0), mpf(1)
    if "horizon_kink_date" in p:
        place = sum(training(p)(p["horizon_kink_date"]))
        turn = late - mp.log(2) / (mp.exp(p["early_horizon_doubling_time"]) * growth)
        width = growth / 10

    def rise(at):
        u = at - place
        return late * u + turn * width * mp.log1p(mp.exp(-u / width))

    return lambda at: p["horizon_at_anchor"] + rise(at) - rise(x + lead)


def log_horizon(p):
    """The same of the budget that metrics see: with a kink, it is that horizon."""
    return (lambda at: at) if "horizon_kink_date" in p else horizon_curve(p)


def horizon_budget(p):
    """Training compute, or with a kink the log horizons it gives, and the lead."""
    actors, curve = training(p), horizon_curve(p)
    if "horizon_kink_date" not in p:
        return actors

    def both(t):
        x, lead = actors(t)
        return curve(x), curve(x + lead) - curve(x)

    return both


def success(p):
    """Success on tasks of a log length in minutes."""
    half, slope = log_horizon(p), mp.log(4) / p["horizon_ratio_50_80"]
    return lambda x, length: sigmoid(slope * (half(x) - length))


def frequency(p):
    """Frequency of misaligned acts, which falls with compute."""
    exponent, half = p["misalignment_exponent"], p["misalignment_midpoint"]
    low, high = p["misalignment_floor"], p["misalignment_ceiling"]
    start = p["initial_compute"]
    return lambda x: low + (high - low) * sigmoid(-exponent * (start + x - half))


def tries_needed(p):
    """B·k^−β for a number of tries that starts at the initial one."""
    exponent, start = p["pass_at_k_exponent"], p["initial_samples"]
    return lambda x: mp.exp(p["pass_at_k_scale"] - exponent * (start + x))


def share_of_games(p, lead):
    """The frontier's share of its games against the meek actor."""
    return sigmoid(p["elo_per_oom"] / 400 * lead)

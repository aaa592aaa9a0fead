"""Every metric of the shelf by its textbook formula, slow and in many digits.

Parameters are mpf on their canonical scales, ``x`` is ``ln C − ln C0`` of the
metric's own budget. A metric, or a choice of words, without a form is a KeyError.
"""

from exact_shapes import (
    LN_10,
    Exact,
    ends,
    frequency,
    gompertz,
    horizon_curve,
    inference,
    logit_in_compute,
    logit_in_log_loss,
    logit_in_loss,
    normal,
    reducible,
    share_of_games,
    sigmoid,
    step_failure,
    training,
    tries_needed,
    weighted,
)
from exact_tasks import task_share, task_success, task_volume, time_horizon
from worlds import mp, mpf


def exact(name, words, arguments, parameters):
    """The textbook form of a metric under one draw's parameters."""
    p = {key: mp.convert(value) for key, value in parameters.items()}
    a = {key: mp.convert(value) for key, value in arguments.items()}
    return FORMS[name](p, a, words)


def benchmark(logit):
    """p items right of a logistic benchmark."""

    def form(p, a, words):
        del words
        z = logit(p)
        single = ends(p, lambda x: sigmoid(z(x)))
        return normal(lambda x: single(x) ** a["items"], training(p))

    return form


def benchmark_gompertz(p, a, words):
    del a, words
    return normal(ends(p, gompertz(p)[0]), training(p))


def nines(p, a, words):
    del a

    def of_share(missing):
        low, high = p["benchmark_floor"], p["benchmark_ceiling"]
        return lambda x: -mp.log10(1 - high + (high - low) * missing(x))

    def of_answer():
        return of_share(gompertz(p)[1])

    def of_benchmark():
        logit = logit_in_compute(p)
        return of_share(lambda x: sigmoid(-logit(x)))

    def of_small_error():
        loss, tokens = reducible(p), mp.exp(p["tokens_per_answer"])
        return lambda x: -mp.log10(tokens * loss(x))

    form = {
        "gompertz": of_answer,
        "logistic": of_benchmark,
        "small_error": of_small_error,
    }[words["of"]]
    return normal(form(), training(p))


def n_step_success(p, a, words):
    del words
    fails = step_failure(p)
    return normal(lambda x: mp.exp(a["n"] * mp.log1p(-fails(x))), training(p))


def n_step_length(p, a, words):
    del words
    fails, bar = step_failure(p), mp.log(a["q"])
    return normal(lambda x: mp.log(bar / mp.log1p(-fails(x))), training(p))


def capability_index(p, a, words):
    del a, words
    start = p.get("eci_at_start", mpf(0))
    return normal(lambda x: start + p["eci_per_oom"] * x / LN_10, training(p))


def elo(p, a, words):
    del a, words
    return normal(lambda x: p["elo_per_oom"] * x / LN_10, training(p))


def strength(p, a, words):
    del a
    power = p["elo_per_oom"] / 400
    form = {"ratio": lambda x: power * x, "difference": lambda x: mp.exp(power * x)}
    return normal(form[words["gap"]], training(p))


def win_rate(p, a, words):
    """10^(Elo/400) against 1, Elo counted from the opponent's."""
    del words

    def share(x):
        ahead = p["elo_per_oom"] * x / LN_10 - a["opponent"]
        return 1 / (1 + mpf(10) ** (-ahead / 400))

    return normal(share, training(p))


def head_to_head(p, a, words):
    del a, words
    return Exact(
        gap=lambda x, lead, t: share_of_games(p, lead) - mpf("0.5"),
        budget=training(p),
    )


def positional_reward(p, a, words):
    del a
    form = {
        "winner_takes_all": lambda x, lead, t: mp.sign(lead),
        "expected": lambda x, lead, t: 2 * share_of_games(p, lead) - 1,
    }[words["form"]]
    return Exact(gap=form, budget=training(p))


def elo_inference(p, a, words):
    del a, words
    top, rate = p["elo_inference_plateau"], p["elo_per_inference_oom"] / LN_10
    return normal(lambda x: -top * mp.expm1(-rate * x / top), inference(p))


def time_horizon_inference(p, a, words):
    del a, words
    top, rate = p["horizon_inference_plateau"], p["horizon_inference_elasticity"]
    start = horizon_curve(p)(0)
    return normal(lambda x: start - top * mp.expm1(-rate * x / top), inference(p))


def log_log_compute(p, a, words):
    del words
    return normal(
        lambda x: a["slope"] * mp.log(max(p["initial_compute"] + x, mpf(1))),
        training(p),
    )


def misalignment_frequency(p, a, words):
    del a, words
    errs = frequency(p)
    return normal(lambda x: -errs(x), training(p))


def expected_harm_time(p, a, words):
    """Meek minus frontier, stakes growing with the date."""
    del a, words
    errs = frequency(p)

    def gap(x, lead, t):
        return mp.exp(p["harm_growth"] * t) * (errs(x) - errs(x + lead))

    return Exact(gap=gap, budget=training(p))


def expected_harm_capability(p, a, words):
    """Frontier minus meek, stakes growing with the actor's own compute."""
    del a, words
    errs = frequency(p)

    def harm(x):
        return mp.exp(p["harm_exponent"] * x) * errs(x)

    return Exact(gap=lambda x, lead, t: harm(x + lead) - harm(x), budget=training(p))


def pass_at_k(p, a, words):
    del a
    form = {
        "spread": lambda x: mp.exp(-tries_needed(p)(x)),
        "equal": lambda x: (
            -mp.expm1(mp.exp(p["initial_samples"] + x) * mp.log1p(-p["solve_rate"]))
        ),
    }[words["tasks"]]
    return normal(form, inference(p))


def pass_at_k_nines(p, a, words):
    del a, words
    needed = tries_needed(p)
    return normal(lambda x: -mp.log10(-mp.expm1(-needed(x))), inference(p))


def elo_two_budgets(p, a, words):
    del a, words
    weights = p["elo_per_oom"] / LN_10, p["elo_per_inference_oom"] / LN_10
    return normal(lambda x: x, weighted(p, *weights))


def pass_at_k_two_budgets(p, a, words):
    """The weights are the exponents, so ``x`` is what they add up to."""
    del a, words
    needed = p["pass_at_k_scale"] - p["pass_at_k_exponent"] * p["initial_samples"]
    weights = p["coverage_training_exponent"], p["pass_at_k_exponent"]
    return normal(lambda x: mp.exp(-mp.exp(needed - x)), weighted(p, *weights))


def validation_loss(p, a, words):
    del a, words
    loss = reducible(p)
    return normal(lambda x: -p["irreducible_loss"] - loss(x), training(p))


def log_loss(p, a, words):
    del a, words
    loss = reducible(p)
    return normal(lambda x: -mp.log(loss(x)), training(p))


def log_total_loss(p, a, words):
    del a, words
    loss = reducible(p)
    return normal(lambda x: -mp.log(p["irreducible_loss"] + loss(x)), training(p))


FORMS = {
    "benchmark_gompertz": benchmark_gompertz,
    "benchmark_logistic": benchmark(logit_in_compute),
    "benchmark_logistic_in_log_loss": benchmark(logit_in_log_loss),
    "benchmark_logistic_in_loss": benchmark(logit_in_loss),
    "bradley_terry_strength": strength,
    "capability_index": capability_index,
    "elo": elo,
    "elo_inference": elo_inference,
    "elo_two_budgets": elo_two_budgets,
    "expected_harm_capability": expected_harm_capability,
    "expected_harm_time": expected_harm_time,
    "head_to_head_win_rate": head_to_head,
    "log_log_compute": log_log_compute,
    "misalignment_frequency": misalignment_frequency,
    "n_step_length": n_step_length,
    "n_step_success": n_step_success,
    "negative_log_loss": log_loss,
    "negative_log_total_loss": log_total_loss,
    "nines_of_reliability": nines,
    "pass_at_k": pass_at_k,
    "pass_at_k_nines": pass_at_k_nines,
    "pass_at_k_two_budgets": pass_at_k_two_budgets,
    "positional_reward": positional_reward,
    "relative_loss": log_loss,
    "task_share": task_share,
    "task_success": task_success,
    "task_volume": task_volume,
    "time_horizon": time_horizon,
    "time_horizon_inference": time_horizon_inference,
    "validation_loss": validation_loss,
    "win_rate_fixed_opponent": win_rate,
}

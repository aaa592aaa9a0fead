"""The meek actor in dollars and FLOP, at the central values of a card."""

import math

from experiments.cli import wording
from mc.engine.plan import Plan


def in_words(plan: Plan) -> str:
    """Who is compared with whom; what a card does not say is left out."""
    central = plan.card.joint.restricted(set(plan.needed)).central()
    compute = _product(central, "initial_compute", "meek_budget", 1)
    budget = _product(central, "meek_budget", "initial_compute", -1)
    when = f"{plan.epoch:%Y-%m}"
    meek = []
    if compute is not None:
        meek.append(f"{wording.short(math.exp(compute))} FLOP")
    if budget is not None:
        meek.append(f"{wording.dollars(math.exp(budget))} a run")
    named = ", ".join(meek) if meek else "a fixed budget"
    return (
        f"Meek actor, at central values: {named} in {when}, for ever. The frontier "
        f"starts {_start(central, compute)} and {_growth(central)}."
    )


def _product(
    central: dict[str, float], name: str, other: str, sign: int
) -> float | None:
    """One of FLOP and dollars, from itself or from the other and their quotient."""
    if name in central:
        return central[name]
    if other in central and "compute_per_dollar" in central:
        return central[other] + sign * central["compute_per_dollar"]
    return None


def _start(central: dict[str, float], compute: float | None) -> str:
    lead = central.get("initial_compute_ratio", 0.0)
    if "frontier_compute" in central and compute is not None:
        lead = central["frontier_compute"] - compute
    if abs(lead) < 1e-9:
        return "equal"
    ahead = "ahead" if lead > 0 else "behind"
    return f"{wording.ratio(math.exp(abs(lead)))} {ahead} in effective compute"


def _growth(central: dict[str, float]) -> str:
    if "investment_growth" in central:
        growth = central["investment_growth"]
    else:
        growth = central["training_compute_growth"] - central["hardware_growth"]
    verb = "grows" if growth > 0 else "changes"
    words = f"{verb} its spending {wording.ratio(math.exp(growth))} a year"
    if "inference_investment_growth" in central:
        inference = math.exp(central["inference_investment_growth"])
        words += f", on inference {wording.ratio(inference)}"
    return words

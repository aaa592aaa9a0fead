"""Other beliefs on the stored draws of a run: what if, without a new run.

The draws keep their values and get weights, the ratio of the two joint priors. Figures
are what a run of the new card would give, within errors, as long as the new beliefs lie
where the old ones were drawn: k̂ tells.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mc.analysis.headline import as_run, weighted_table
from mc.analysis.ratios import Factor, factors
from mc.analysis.reach import is_same
from mc.analysis.stored import Stored
from mc.analysis.weights import Weights, good_k, smoothed
from priors.cards import Card


@dataclass(frozen=True, kw_only=True, eq=False)
class Reach:
    """How far one part of the new beliefs lies from the old.

    Attributes:
        name: A parameter, ``components.NAME``, or ``dependence of A, B``.
        khat: k̂ of its own ratio alone.
        num_effective: Effective sample size under its own ratio alone.
    """

    name: str
    khat: float
    num_effective: float


@dataclass(frozen=True, kw_only=True, eq=False)
class Reweighted:
    """A run's figures under its own beliefs and under others.

    Attributes:
        before: Rows as ``summary.csv`` has them, under the run's beliefs.
        after: The same rows under the new beliefs.
        weights: One a stored draw.
        reaches: What the cards say differently, what is farthest first.
        is_part: Whether ``before`` was counted again on the stored draws, because the
            run had more.
    """

    before: pd.DataFrame
    after: pd.DataFrame
    weights: Weights
    reaches: tuple[Reach, ...]
    is_part: bool


class OutOfReach(Exception):
    """The stored draws cannot stand for the new beliefs.

    Attributes:
        weights: Of all that differs, together.
        reaches: Each part alone, the farthest first.
        limit: The largest k̂ that could be trusted.
    """

    def __init__(self, weights: Weights, reaches: tuple[Reach, ...]) -> None:
        self.weights, self.reaches = weights, reaches
        self.limit = good_k(weights.values.size)
        super().__init__(f"k̂ = {weights.khat:.2f} of the weights is above {self.limit}")


def reweight(draws: Stored, card: Card) -> Reweighted:
    """Return a run's figures under the beliefs of another card.

    Args:
        draws: The run's stored draws.
        card: The other beliefs.

    Raises:
        Refusal: If the card and the run do not speak of the same parameters.
        OutOfReach: If k̂ is too large, or a replicate is left without weight.
    """
    found = factors(draws, card)
    weights = joint_weights(draws, found)
    reaches = tuple(
        sorted((_reach(factor) for factor in found), key=lambda r: -_order(r.khat))
    )
    if not weights.is_reliable or not np.all(weights.values.sum(axis=1) > 0.0):
        raise OutOfReach(weights, reaches)
    if not found:
        (before,) = (
            weighted_table(draws, [draws.ones]) if draws.is_part else (as_run(draws),)
        )
        after = before.copy()
    elif draws.is_part:
        before, after = weighted_table(draws, [draws.ones, weights.values])
    else:
        before, (after,) = as_run(draws), weighted_table(draws, [weights.values])
    return Reweighted(
        before=before,
        after=after,
        weights=weights,
        reaches=reaches,
        is_part=draws.is_part,
    )


def unneeded(draws: Stored, card: Card) -> tuple[str, ...]:
    """Return what a card says differently of parameters that the run did not draw."""
    old, new = draws.card.joint.belief_of, card.joint.belief_of
    return tuple(
        name
        for name in sorted(new.keys() - set(draws.names))
        if name not in old or not is_same(old[name].marginals, new[name].marginals)
    )


def joint_weights(draws: Stored, found: tuple[Factor, ...]) -> Weights:
    """Smoothed weights of all factors together; all one where there is none."""
    if not found:
        size = float(draws.num_draws)
        return Weights(values=draws.ones, khat=-np.inf, num_effective=size)
    return smoothed(np.sum([factor.log_ratio for factor in found], axis=0))


def _reach(factor: Factor) -> Reach:
    alone = smoothed(factor.log_ratio)
    return Reach(name=factor.name, khat=alone.khat, num_effective=alone.num_effective)


def _order(khat: float) -> float:
    return khat if np.isfinite(khat) else np.sign(khat) * 1e9

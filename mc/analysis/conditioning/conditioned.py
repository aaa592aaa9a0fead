"""A run and its card before and after data."""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from mc.analysis.conditioning.card import bound_names
from mc.analysis.conditioning.chains import Chains
from mc.analysis.conditioning.likelihood import (
    FRONTIER_COMPUTE,
    Likelihood,
    Wanted,
    num_rows,
)
from mc.analysis.conditioning.outlook import said
from mc.analysis.conditioning.posterior import (
    LEVELS,
    Posterior,
    SaysOfDraws,
    condition,
)
from mc.analysis.conditioning.trend import TIME_HORIZON
from mc.analysis.headline import weighted_table
from mc.analysis.stored import Stored, stored
from mc.analysis.weights import Weights
from mc.engine.experiment import Experiment
from mc.engine.plan import Plan, make_plan
from mc.engine.replay import Replay
from mc.engine.run import execute
from mc.model.change import MECHANISMS
from mc.model.measure import Measure
from priors.faults import Fault, Refusal

WIDER = (0.5, 2.0)
"""What the prior scale of what may be wrong is multiplied by, beside the assumed."""
Values = Float[np.ndarray, "replicates points"]
Moved = Float[np.ndarray, "chains draws"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Conditioned:
    """What the data did to beliefs and to what follows from them.

    Attributes:
        draws: The run, with its stored draws.
        weights: Importance of each of them.
        posterior: What is learnt, from these draws or from chains.
        others: Posteriors with half and with double what each kind of data may be off.
        before: Rows of events as ``summary.csv`` has them, under the prior.
        after: The same rows under the posterior.
        columns: Draws of each parameter that the data may move, canonical.
        moved: Draws of the same that the weights are of: ``columns``, or chains'.
        order: What neighbouring rows of a table are alike in, of ``moved``.
        chains: What the posterior's draws come from, if not from the prior's.
    """

    draws: Stored
    weights: Weights
    posterior: Posterior
    others: tuple[Posterior, ...]
    before: pd.DataFrame
    after: pd.DataFrame
    columns: dict[str, Values]
    moved: dict[str, Moved]
    order: Moved
    chains: Chains | None = None

    def before_of(self, name: str) -> Float[np.ndarray, " levels"]:
        """5, 50 and 95 % quantiles of a parameter, in the unit of the card."""
        return self._quantiles(name, self.columns[name], self.draws.ones)

    def after_of(
        self, name: str, posterior: Posterior | None = None
    ) -> Float[np.ndarray, " levels"]:
        """The same under the posterior, or under another of the same draws."""
        weights = (posterior or self.posterior).weights.values
        return self._quantiles(name, self.moved[name], weights)

    def shift(self, name: str) -> float:
        """How far the mean of a parameter moves, in prior standard deviations."""
        values = self.columns[name]
        after = np.average(self.moved[name], weights=self.posterior.weights.values)
        return float((after - values.mean()) / values.std())

    def _quantiles(
        self, name: str, values: Values, weights: Values
    ) -> Float[np.ndarray, " levels"]:
        found = np.quantile(
            values.ravel(), LEVELS, weights=weights.ravel(), method="inverted_cdf"
        )
        return np.sort(self.draws.card.joint.units[name].from_canonical(found))


def conditioned(
    plan: Plan,
    likelihoods: Sequence[Likelihood],
    progress: Callable[[int], None] = lambda _: None,
) -> Conditioned:
    """Run a plan, and weigh its draws by data.

    Args:
        plan: What is asked; all of its draws must be stored.
        likelihoods: Of the data, from the reference date of the plan's card on.
        progress: Called with the number of further draws that are done.

    Raises:
        Refusal: If the card says too little for what the data speak of.
    """
    follow, names = following(plan, likelihoods), spoken_of(plan, likelihoods)
    results = execute(plan, progress=progress)
    draws = stored(results, card=plan.card)
    replay = Replay(follow)
    says = said(replay, wants_of(likelihoods), plan.num_draws)
    posterior = condition(likelihoods, says)
    others = tuple(
        condition([one.scaled(by) for one in likelihoods], says) for by in WIDER
    )
    weights = [draws.ones, posterior.weights.values]
    before, after = weighted_table(draws, weights)
    columns = _columns(replay, names, plan.num_draws)
    return Conditioned(
        draws=draws,
        weights=posterior.weights,
        posterior=posterior,
        others=others,
        before=before,
        after=after,
        columns=columns,
        moved=columns,
        order=order_of(likelihoods, says),
    )


def wants_of(likelihoods: Sequence[Likelihood]) -> tuple[Wanted, ...]:
    """All that they want of every draw, in order."""
    return tuple(want for one in likelihoods for want in one.wants)


def order_of(likelihoods: Sequence[Likelihood], says: SaysOfDraws) -> Values:
    """What neighbouring rows of a posterior's table are alike in: the first's last."""
    return says[num_rows(likelihoods[0].wants) - 1]


def following(plan: Plan, likelihoods: Sequence[Likelihood] = ()) -> Plan:
    """The plan of the same draws, followed to what likelihoods want, or to horizons.

    Raises:
        Refusal: If the card does not state what a likelihood wants.
    """
    metrics, constants = _followed(likelihoods)
    follow = follow_to(plan, metrics or (TIME_HORIZON,))
    stated = set(plan.card.joint.names())
    missing = constants - stated - set(MECHANISMS)
    if missing:
        message = f"states no {', '.join(sorted(missing))}, of which these data speak"
        raise Refusal(Fault(message, file=f"card {plan.card.name}"))
    names = {*spoken_of(plan, likelihoods), *(constants & stated)}
    return dataclasses.replace(follow, needed=follow.needed.union(names))


def spoken_of(plan: Plan, likelihoods: Sequence[Likelihood]) -> tuple[str, ...]:
    """Uncertain parameters that data may move, sorted.

    Args:
        plan: Whose card is conditioned.
        likelihoods: Of the data.
    """
    metrics, constants = _followed(likelihoods)
    stated = set(plan.card.joint.names())
    needed = constants & stated
    if metrics or not constants or constants - stated:
        needed |= follow_to(plan, metrics or (TIME_HORIZON,)).needed
    return bound_names(plan.card, sorted(needed))


def _followed(likelihoods: Sequence[Likelihood]) -> tuple[tuple[str, ...], set[str]]:
    """Metrics that are wanted, and mechanisms or parameters."""
    wants = wants_of(likelihoods)
    dated = dict.fromkeys(want.name for want in wants if want.days)
    metrics = tuple(name for name in dated if name != FRONTIER_COMPUTE)
    return metrics, {want.name for want in wants if not want.days}


def follow_to(plan: Plan, metrics: Sequence[str | Measure]) -> Plan:
    """The plan of the same draws, of some metrics alone."""
    question = Experiment(
        name=plan.experiment.name,
        question=plan.experiment.question,
        metrics=tuple(metrics),
        path=plan.path.name,
    )
    return make_plan(
        question,
        plan.card,
        draws=plan.num_draws,
        replicates=plan.replicates,
        seed=plan.seed,
        design=plan.design,
        today=plan.today,
    )


def _columns(replay: Replay, names: Sequence[str], num_draws: int) -> dict[str, Values]:
    """Draws of some parameters."""
    parts = [replay.sampler.draw(*chunk)[0] for chunk in replay.cut.chunks(num_draws)]
    return {
        name: np.concatenate([np.asarray(part[name]) for part in parts])
        .reshape(-1, replay.plan.replicates)
        .T.astype(np.float64)
        for name in names
    }

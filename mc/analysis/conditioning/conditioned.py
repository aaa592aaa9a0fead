"""A run and its card before and after measured horizons."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Float

from mc.analysis.conditioning.card import bound_names
from mc.analysis.conditioning.chains import Chains
from mc.analysis.conditioning.horizons import Horizons
from mc.analysis.conditioning.posterior import LEVELS, Posterior, condition
from mc.analysis.conditioning.scatter import Scatter
from mc.analysis.conditioning.trends import METRIC, horizon_trends
from mc.analysis.headline import weighted_table
from mc.analysis.stored import Stored, stored
from mc.analysis.weights import Weights
from mc.engine.experiment import Experiment
from mc.engine.plan import Plan, make_plan
from mc.engine.replay import Replay
from mc.engine.run import execute

WIDER = (0.5, 2.0)
"""The drift's prior scale, in turn, that is tried beside the assumed one."""
Values = Float[np.ndarray, "replicates points"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Conditioned:
    """What the data did to beliefs and to what follows from them.

    Attributes:
        draws: The run, with its stored draws.
        weights: Importance of each of them.
        posterior: What is learnt, from these draws or from chains.
        others: Posteriors with half and with double the prior scale of the drift.
        before: Rows of events as ``summary.csv`` has them, under the prior.
        after: The same rows under the posterior.
        columns: Draws of each parameter that the data may move, canonical.
        moved: Draws of the same that the weights are of: ``columns``, or chains'.
        order: ln minutes of the horizon on the day of the last model, of ``moved``.
        chains: What the posterior's draws come from, if not from the prior's.
    """

    draws: Stored
    weights: Weights
    posterior: Posterior
    others: tuple[Posterior, ...]
    before: pd.DataFrame
    after: pd.DataFrame
    columns: dict[str, Values]
    moved: dict[str, Values]
    order: Values
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
    data: Horizons,
    scatter: Scatter,
    progress: Callable[[int], None] = lambda _: None,
) -> Conditioned:
    """Run a plan, and weigh its draws by measured horizons.

    Args:
        plan: What is asked; all of its draws must be stored.
        data: Horizons from the reference date of the plan's card on.
        scatter: What is assumed of their scatter.
        progress: Called with the number of further draws that are done.

    Raises:
        Refusal: If the card says too little for a trend of horizons.
    """
    follow = following(plan)
    results = execute(plan, progress=progress)
    draws = stored(results, card=plan.card)
    trends = horizon_trends(Replay(follow), data.days, plan.num_draws)
    posterior = condition(data, trends, scatter)
    others = tuple(
        condition(data, trends, dataclasses.replace(scatter, drift=by * scatter.drift))
        for by in WIDER
    )
    weights = [draws.ones, posterior.weights.values]
    before, after = weighted_table(draws, weights)
    columns = _columns(follow, plan.num_draws)
    return Conditioned(
        draws=draws,
        weights=posterior.weights,
        posterior=posterior,
        others=others,
        before=before,
        after=after,
        columns=columns,
        moved=columns,
        order=trends[-1],
    )


def following(plan: Plan) -> Plan:
    """The plan of the same draws, followed to the time horizon alone."""
    question = Experiment(
        name=plan.experiment.name,
        question=plan.experiment.question,
        metrics=(METRIC,),
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


def widened(follow: Plan) -> Plan:
    """The same with every parameter that hangs together with those it needs."""
    names = bound_names(follow.card, sorted(follow.needed))
    return dataclasses.replace(follow, needed=follow.needed.union(names))


def _columns(follow: Plan, num_draws: int) -> dict[str, Values]:
    """Every uncertain parameter that the data may move."""
    names = bound_names(follow.card, sorted(follow.needed))
    replay = Replay(widened(follow))
    parts = [replay.sampler.draw(*chunk)[0] for chunk in replay.cut.chunks(num_draws)]
    return {
        name: np.concatenate([np.asarray(part[name]) for part in parts])
        .reshape(-1, follow.replicates)
        .T.astype(np.float64)
        for name in names
    }

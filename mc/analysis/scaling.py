"""How much a run's dates depend on the width of each prior: power scaling.

A law's density is raised to a power on its canonical scale, its copula held, and the
draws are weighted accordingly. ArviZ's ``psense`` measures the change as the gradient
of the cumulative Jensen–Shannon distance (Kallioinen, Paananen, Bürkner and Vehtari
2024, Statistics and Computing 34, 57), here on ranks in the order of the statuses.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import special
from scipy.stats import rankdata

from mc.analysis.ratios import by_label, log_copula, log_density, score
from mc.analysis.stored import Stored, Values
from mc.analysis.weights import Weights, smoothed
from mc.outcomes.status import Status
from priors.bounded import Uniform
from priors.compounds import Transformed, Truncated, has_atoms
from priors.dependence import Cluster
from priors.joint import Belief
from priors.laws import Law

WIDER, NARROWER = 0.8, 1.25
"""Powers: ArviZ's own."""
SENSITIVE = 0.05
"""From which ArviZ speaks of sensitivity."""
MOST_DRAWS = 2**16


@dataclass(frozen=True, kw_only=True, eq=False)
class Scaled:
    """A parameter whose law is raised to powers.

    Attributes:
        name: The parameter.
        wider: Weights under the power ``WIDER``.
        narrower: Weights under the power ``NARROWER``.
    """

    name: str
    wider: Weights
    narrower: Weights

    @property
    def khat(self) -> float:
        """The larger k̂ of the two."""
        return max(self.wider.khat, self.narrower.khat)


def scaled(draws: Stored) -> tuple[tuple[Scaled, ...], dict[str, str]]:
    """Return the parameters that can be scaled, and why the others are not assessed."""
    found: list[Scaled] = []
    reasons: dict[str, str] = {}
    for name in draws.names:
        if reason := _not_assessed(draws, name):
            reasons[name] = reason
            continue
        belief = draws.joint.belief_of[name]
        log = by_label(draws, draws.joint, belief, log_density)
        wider, narrower = (
            smoothed(_log_ratio(draws, belief, (power - 1.0) * log))
            for power in (WIDER, NARROWER)
        )
        found.append(Scaled(name=name, wider=wider, narrower=narrower))
    return tuple(found), reasons


def sensitivity(ranks: Values, one: Scaled) -> tuple[float, float]:
    """Return ArviZ's sensitivity of a date to one prior, and its Monte Carlo error.

    Args:
        ranks: The date's ranks, as ``ranks_of`` gives them.
        one: The parameter.
    """
    from arviz_stats.base import array as arviz

    stats: Any = arviz.array_stats

    points = ranks.shape[1]
    both = [weights.values[:, :points] for weights in (one.wider, one.narrower)]

    def of(rows: slice) -> float:
        part = [ranks[rows], *(weights[rows] for weights in both)]
        found = stats.power_scale_sense(
            *part, lower_alpha=WIDER, upper_alpha=NARROWER, chain_axis=0, draw_axis=1
        )
        return float(found)

    alone = [of(slice(r, r + 1)) for r in range(len(ranks))]
    error = np.std(alone, ddof=1) / np.sqrt(len(alone))
    return of(slice(None)), float(error)


def ranks_of(draws: Stored, scenario: str, metric: str, event: str) -> Values:
    """Ranks from 0 to 1 of the first draws, in the order of the statuses.

    Args:
        draws: The run's stored draws.
        scenario: Name of the scenario.
        metric: Label of the metric.
        event: ``peak`` or ``convergence``.
    """
    here = draws.results.events.sel(scenario=scenario, metric=metric)
    points = min(MOST_DRAWS, draws.num_draws) // draws.replicates
    status = here[f"{event}_status"].to_numpy()[:, :points]
    years = here[f"{event}_years"].to_numpy()[:, :points]
    dated = np.where(status == Status.OBSERVED, years, 0.0)
    order = np.lexsort((dated.ravel(), status.ravel()))
    keys = np.stack([status.ravel()[order], dated.ravel()[order]])
    is_new = np.any(np.diff(keys, axis=1, prepend=-1.0) != 0.0, axis=0)
    dense = np.empty(order.size, np.int64)
    dense[order] = np.cumsum(is_new)
    return rankdata(dense).reshape(status.shape) / dense.size


def _log_ratio(draws: Stored, belief: Belief, powered: Values) -> Values:
    """Log ratio of the scaled prior; of a correlated one with its copula held."""
    for cluster in draws.joint.clusters:
        if belief.name in cluster.names:
            return powered + _copula_held(draws, belief.name, cluster, powered)
    return powered


def _copula_held(draws: Stored, name: str, cluster: Cluster, powered: Values) -> Values:
    """What moving one margin under a copula adds to the log ratio."""
    joint = draws.joint
    before = [by_label(draws, joint, joint.belief_of[n], score) for n in cluster.names]
    place = cluster.names.index(name)
    after = list(before)
    after[place] = _moved_scores(before[place], powered)
    return log_copula(cluster, np.stack(after)) - log_copula(cluster, np.stack(before))


def _moved_scores(scores: Values, powered: Values) -> Values:
    """Normal scores under the weights that a margin has by itself."""
    flat = scores.ravel()
    order = np.argsort(flat)
    weights = np.exp(powered.ravel() - powered.max())[order]
    upto = np.cumsum(weights)
    middle = (upto - 0.5 * weights) / upto[-1]
    moved = np.empty_like(flat)
    moved[order] = special.ndtri(middle)
    return moved.reshape(scores.shape)


def _not_assessed(draws: Stored, name: str) -> str:
    """Why a parameter's law cannot be raised to a power; empty if it can."""
    joint = draws.joint
    if name in joint.aliases:
        return f"same as {joint.aliases[name]}"
    belief = joint.belief_of.get(name)
    if belief is None:
        return "drawn from a table"
    laws = [marginal.law for marginal in belief.marginals]
    if any(has_atoms(law) for law in laws):
        return "a point" if belief.is_point else "a point or a table"
    return "uniform" if any(_is_uniform(law) for law in laws) else ""


def _is_uniform(law: Law) -> bool:
    match law:
        case Transformed(base=inner) | Truncated(law=inner):
            return _is_uniform(inner)
    return isinstance(law, Uniform)

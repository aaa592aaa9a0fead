"""How much likelier a draw is under other beliefs: log density ratios, by factor.

Joint densities factor into a law of each parameter given its label and its parent,
the weights of labels, and a copula for each cluster of correlated parameters. All act
on the canonical scales of the registry. What both cards say alike has the ratio one.
"""

import dataclasses
from collections.abc import Callable, Iterator

import numpy as np
from jaxtyping import Float
from scipy import special

from mc.analysis.reach import changed, faults, governed, is_same
from mc.analysis.stored import Stored, Values
from priors.cards import Card
from priors.dependence import Cluster
from priors.faults import Refusal
from priors.joint import Belief, Component, JointPrior
from priors.laws import Law, Normal

Numbers = Float[np.ndarray, "..."]


@dataclasses.dataclass(frozen=True, kw_only=True, eq=False)
class Factor:
    """One part of the ratio of two joint densities.

    Attributes:
        name: A parameter, ``components.NAME``, or ``dependence of A, B``.
        log_ratio: New over old, a draw.
    """

    name: str
    log_ratio: Values


def factors(draws: Stored, card: Card) -> tuple[Factor, ...]:
    """Return what differs between the beliefs of a run and those of a card.

    Args:
        draws: The run's stored draws.
        card: The other beliefs.

    Raises:
        Refusal: If the two cannot be compared on these draws; with every reason.
    """
    if refused := faults(draws, card):
        raise Refusal(refused)
    new = card.joint.restricted(set(draws.names))
    found = [*_of_weights(draws, new), *_of_laws(draws, new)]
    return (*found, *_of_copulas(draws, new))


def log_density(law: Law, x: Numbers) -> Numbers:
    """Log density of draws, brought back where rounding took them off the support."""
    return law.log_density(np.clip(x, *law.support))


def score(law: Law, x: Numbers) -> Numbers:
    """Normal scores of draws, precise in both tails."""
    if isinstance(law, Normal):
        return (x - law.mean) / law.sd
    lower, upper = law.cdf(x), law.survival(x)
    return np.where(lower < upper, special.ndtri(lower), -special.ndtri(upper))


def residual(draws: Stored, belief: Belief, label: int) -> Values:
    """A parameter's draws less what its parent gives them under a label."""
    x = draws.values(belief.name)
    slope = belief.marginals[label].slope
    if belief.parent is None or slope == 0.0:
        return x
    return x - slope * draws.values(draws.joint.target(belief.parent))


def by_label(
    draws: Stored,
    joint: JointPrior,
    belief: Belief,
    of: Callable[[Law, Numbers], Numbers],
) -> Values:
    """A function of each draw's law and value, under the draw's own label."""
    if belief.by is None:
        return of(belief.marginals[0].law, residual(draws, belief, 0))
    found = np.zeros(draws.values(belief.name).shape)
    places = label_places(draws, joint.component(belief.by))
    for label, marginal in enumerate(belief.marginals):
        chosen = places == label
        found[chosen] = of(marginal.law, residual(draws, belief, label)[chosen])
    return found


def label_places(draws: Stored, component: Component) -> np.ndarray:
    """Where each draw's label stands in a component of the same name; else −1."""
    old = draws.joint.component(component.name).labels
    order = [
        component.labels.index(label) if label in component.labels else -1
        for label in old
    ]
    return np.array(order)[draws.labels(component.name)]


def _of_weights(draws: Stored, new: JointPrior) -> Iterator[Factor]:
    """Ratios of the weights of labels; a label that is gone has none."""
    for component in draws.joint.components:
        other = next((c for c in new.components if c.name == component.name), None)
        if other is None or is_same(_weights(component), _weights(other)):
            continue
        weights = np.array([*other.weights, 0.0])[label_places(draws, other)]
        before = np.array(component.weights)[draws.labels(component.name)]
        with np.errstate(divide="ignore"):
            yield Factor(
                name=f"components.{component.name}",
                log_ratio=np.log(weights) - np.log(before),
            )


def _weights(component: Component) -> dict[str, float]:
    return dict(zip(component.labels, component.weights, strict=True))


def _of_laws(draws: Stored, new: JointPrior) -> Iterator[Factor]:
    for name in changed(draws.joint, new):
        before, after = draws.joint.belief_of[name], new.belief_of[name]
        if before.by == after.by:
            log_old = by_label(draws, draws.joint, before, log_density)
            log_new = by_label(draws, new, after, _log_density)
        else:
            log_old = _mixed(draws, draws.joint, before, log_density)
            log_new = _mixed(draws, new, after, _log_density)
        yield Factor(name=name, log_ratio=log_new - log_old)


def _log_density(law: Law, x: Numbers) -> Numbers:
    return law.log_density(x)


def _mixed(
    draws: Stored,
    joint: JointPrior,
    belief: Belief,
    of: Callable[[Law, Numbers], Numbers],
) -> Values:
    """Log density whatever the label; under the draw's own where others share it."""
    if belief.by is None or len(governed(joint, belief.by)) > 1:
        return by_label(draws, joint, belief, of)
    weights = joint.component(belief.by).weights
    terms = [
        np.log(weight) + of(marginal.law, residual(draws, belief, label))
        for label, (weight, marginal) in enumerate(
            zip(weights, belief.marginals, strict=True)
        )
    ]
    return np.logaddexp.reduce(terms)


def _of_copulas(draws: Stored, new: JointPrior) -> Iterator[Factor]:
    """Ratios of copulas, wherever a cluster or the law of a member differs."""
    moved = set(changed(draws.joint, new))
    old = {part.names: part for part in draws.joint.clusters}
    others = {part.names: part for part in new.clusters}
    for names in sorted({*old, *others}):
        before, after = old.get(names), others.get(names)
        if is_same(before, after) and moved.isdisjoint(names):
            continue
        ratio = np.zeros_like(draws.ones)
        for joint, cluster, sign in ((new, after, 1.0), (draws.joint, before, -1.0)):
            if cluster is not None:
                ratio += sign * _log_copula(draws, joint, cluster)
        yield Factor(name=f"dependence of {', '.join(names)}", log_ratio=ratio)


def _log_copula(draws: Stored, joint: JointPrior, cluster: Cluster) -> Values:
    scores = [by_label(draws, joint, joint.belief_of[n], score) for n in cluster.names]
    return log_copula(cluster, np.stack(scores))


def log_copula(
    cluster: Cluster, scores: Float[np.ndarray, "members replicates points"]
) -> Values:
    """Log density of a Gaussian copula at normal scores."""
    inverse = np.linalg.inv(cluster.cholesky)
    own = np.tensordot(inverse, scores, axes=1)
    determinant = np.log(np.diag(cluster.cholesky)).sum()
    return 0.5 * (np.square(scores) - np.square(own)).sum(axis=0) - determinant

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

from mc.analysis.stored import Stored, Values
from priors.cards import Card
from priors.compounds import has_atoms
from priors.dependence import Cluster
from priors.faults import Fault, Refusal
from priors.joint import Belief, Component, Group, JointPrior
from priors.laws import Law, Normal
from priors.parameters import PRODUCT, RIVALS

REFUSED = "--card"

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
    faults = _faults(draws, card)
    if faults:
        raise Refusal(faults)
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


def is_same(first: object, second: object) -> bool:
    """Whether two records of beliefs say the same, arrays among them."""
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.array_equal(first, second)
    if isinstance(first, tuple) and isinstance(second, tuple):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(is_same(a, b) for a, b in pairs)
    if dataclasses.is_dataclass(first) and type(first) is type(second):
        names = [field.name for field in dataclasses.fields(first)]
        return all(is_same(getattr(first, n), getattr(second, n)) for n in names)
    return first == second


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
    for name in _changed(draws.joint, new):
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
    if belief.by is None or len(_governed(joint, belief.by)) > 1:
        return by_label(draws, joint, belief, of)
    weights = joint.component(belief.by).weights
    terms = [
        np.log(weight) + of(marginal.law, residual(draws, belief, label))
        for label, (weight, marginal) in enumerate(
            zip(weights, belief.marginals, strict=True)
        )
    ]
    return np.logaddexp.reduce(terms)


def _governed(joint: JointPrior, component: str) -> list[str]:
    return [belief.name for belief in joint.beliefs if belief.by == component]


def _changed(old: JointPrior, new: JointPrior) -> list[str]:
    """Parameters whose laws differ under some label that both cards have."""
    return [belief.name for belief in old.beliefs if _moves(old, new, belief.name)]


def _moves(
    old: JointPrior, new: JointPrior, name: str
) -> list[tuple[tuple[Law, ...], Law]]:
    """New laws that differ, each with the old ones that its draws come from."""
    before, after = old.belief_of[name], new.belief_of[name]
    if before.by != after.by:
        laws = tuple(marginal.law for marginal in before.marginals)
        return [(laws, marginal.law) for marginal in after.marginals]
    labels, others = ("",), ("",)
    if before.by is not None:
        labels = old.component(before.by).labels
        others = new.component(before.by).labels
    pairs = [
        (before.marginals[labels.index(label)], after.marginals[place])
        for place, label in enumerate(others)
        if label in labels
    ]
    moved = before.parent is not None and before.parent != after.parent
    return [((a.law,), b.law) for a, b in pairs if moved or not is_same(a, b)]


def _of_copulas(draws: Stored, new: JointPrior) -> Iterator[Factor]:
    """Ratios of copulas, wherever a cluster or the law of a member differs."""
    changed = set(_changed(draws.joint, new))
    old = {part.names: part for part in draws.joint.clusters}
    others = {part.names: part for part in new.clusters}
    for names in sorted({*old, *others}):
        before, after = old.get(names), others.get(names)
        if is_same(before, after) and changed.isdisjoint(names):
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


def _faults(draws: Stored, card: Card) -> list[Fault]:
    """Why these draws cannot stand for the new beliefs, whatever their weights."""
    old, new, drawn = draws.joint, card.joint, set(draws.names)
    if new.reference_date != old.reference_date:
        moved = f"{new.reference_date}, in the run {old.reference_date}"
        return [Fault(f"reference_date is {moved}: dates would move", file=REFUSED)]
    silent = sorted(drawn - set(new.names()))
    faults = [_fault(n, "the run drew it, the card does not state it") for n in silent]
    faults += [
        _fault(name, "the run never drew it: its card says the same in another way")
        for name in _rivals(card, drawn)
        if name not in draws.card.tables["parameters"]
    ]
    faults += [
        _fault(name, f"the run never drew it; it drew {', '.join(draws.names)}")
        for name in card.overridden
        if name not in drawn and name in new.names()
    ]
    if faults:
        return faults
    closed = new.restricted(drawn)
    faults += [
        _fault(name, "the run never drew it, and here what it drew depends on it")
        for name in sorted(set(closed.names()) - drawn)
    ]
    faults += _label_faults(draws, closed)
    faults += [
        _fault(name, reason)
        for name in draws.names
        if (reason := _out_of_reach(draws, closed, name))
    ]
    return faults


def _rivals(card: Card, drawn: set[str]) -> list[str]:
    """Names by which a card says in another way what the run drew."""
    several = [{name for way in ways for name in way} for ways in RIVALS]
    stated = set(card.tables["parameters"]) - drawn
    found = [rivals & stated for rivals in (*several, {*PRODUCT}) if rivals & drawn]
    return sorted(set().union(*found))


def _label_faults(draws: Stored, new: JointPrior) -> list[Fault]:
    faults = []
    known = {part.name: part.labels for part in draws.joint.components}
    for component in new.components:
        governed = _governed(new, component.name)
        if component.name not in known and len(governed) == 1:
            continue
        faults += [
            _fault(f"components.{component.name}", f"the run never drew label {label}")
            for label in component.labels
            if label not in known.get(component.name, ())
        ]
    return faults


def _out_of_reach(draws: Stored, new: JointPrior, name: str) -> str:
    """Why no weight turns the old law of a parameter into the new; empty if one may."""
    old = draws.joint
    if old.aliases.get(name) != new.aliases.get(name):
        return "is the same as another parameter in one of the cards only"
    groups = [_group(joint, name) for joint in (old, new)]
    if not is_same(*groups):
        return "is drawn from a table, which has no density"
    if name in old.aliases or groups[0] is not None:
        return ""
    before, after = old.belief_of[name], new.belief_of[name]
    if before.by != after.by and _is_correlated(name, old, new):
        return "is correlated, and by a component in one of the cards only"
    for laws, other in _moves(old, new, name):
        if has_atoms(other) or any(has_atoms(law) for law in laws):
            return "has a point or a table as its law, which has no density"
        low = min(law.support[0] for law in laws)
        high = max(law.support[1] for law in laws)
        ends = other.cdf(np.array([low]))[0], other.survival(np.array([high]))[0]
        outside = float(ends[0] + ends[1])
        if outside * draws.num_draws > 1.0:
            return f"has {outside:.2g} of its new law where the run never drew"
    return ""


def _is_correlated(name: str, *priors: JointPrior) -> bool:
    return any(name in part.names for joint in priors for part in joint.clusters)


def _group(joint: JointPrior, name: str) -> Group | None:
    return next((group for group in joint.groups if name in group.columns), None)


def _fault(name: str, message: str) -> Fault:
    return Fault(message, file=REFUSED, key=name)

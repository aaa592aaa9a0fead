"""What two joint priors say differently, and what no weights can make up for."""

import dataclasses

import numpy as np

from mc.analysis.stored import Stored
from priors.cards import Card
from priors.compounds import has_atoms
from priors.faults import Fault
from priors.joint import Group, JointPrior
from priors.laws import Law
from priors.overrides import OPTION
from priors.parameters import PRODUCT, RIVALS

REFUSED = "--card"


def faults(draws: Stored, card: Card) -> list[Fault]:
    """Why these draws cannot stand for the new beliefs, whatever their weights."""
    old, new, drawn = draws.joint, card.joint, set(draws.names)
    if new.reference_date != old.reference_date:
        moved = f"{new.reference_date}, in the run {old.reference_date}"
        return [Fault(f"reference_date is {moved}: dates would move", file=REFUSED)]
    silent = sorted(drawn - set(new.names()))
    found = [_fault(n, "the run drew it, the card does not state it") for n in silent]
    found += [
        _fault(name, "the run never drew it: its card says the same in another way")
        for name in _rivals(card, drawn)
        if name not in draws.card.tables["parameters"]
    ]
    found += [
        Fault(
            f"the run never drew it; it drew {', '.join(draws.names)}",
            file=OPTION,
            key=name,
        )
        for name in card.overridden
        if name not in drawn and name in new.names()
    ]
    if found:
        return found
    closed = new.restricted(drawn)
    found += [
        _fault(name, "the run never drew it, and here what it drew depends on it")
        for name in sorted(set(closed.names()) - drawn)
    ]
    found += _label_faults(draws, closed)
    found += [
        _fault(name, reason)
        for name in draws.names
        if (reason := _out_of_reach(draws, closed, name))
    ]
    return found


def is_same(first: object, second: object) -> bool:
    """Whether two records of beliefs say the same, arrays among them."""
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return np.array_equal(first, second)
    if isinstance(first, tuple) and isinstance(second, tuple):
        pairs = zip(first, second, strict=False)
        return len(first) == len(second) and all(is_same(a, b) for a, b in pairs)
    if isinstance(first, dict) and isinstance(second, dict):
        both = [(first[key], second.get(key)) for key in first]
        return first.keys() == second.keys() and all(is_same(a, b) for a, b in both)
    if dataclasses.is_dataclass(first) and type(first) is type(second):
        names = [field.name for field in dataclasses.fields(first)]
        return all(is_same(getattr(first, n), getattr(second, n)) for n in names)
    return first == second


def governed(joint: JointPrior, component: str) -> list[str]:
    """Parameters whose law a component's label chooses."""
    return [belief.name for belief in joint.beliefs if belief.by == component]


def changed(old: JointPrior, new: JointPrior) -> list[str]:
    """Parameters whose laws differ under some label that both cards have."""
    return [belief.name for belief in old.beliefs if moves(old, new, belief.name)]


def moves(
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
        if component.name not in known and len(governed(new, component.name)) == 1:
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
    for laws, other in moves(old, new, name):
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

"""Where cards differ: their laws of one parameter, and how far apart these are."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from priors.cards import Card
from priors.compounds import Mixture
from priors.echo import overall
from priors.faults import Fault, Refusal, nearest
from priors.laws import Law

_LEVELS = np.concatenate([np.geomspace(1e-3, 0.1, 20), np.linspace(0.11, 0.5, 40)])
_SAME = 1e-9


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """The laws of one parameter in several cards.

    Attributes:
        name: The parameter.
        laws: Laws on the canonical scale by card, of those cards that state it.
        distance: The greatest difference of two cumulative probabilities, between any
            two cards; 1 where they have no value in common.
    """

    name: str
    laws: Mapping[str, Law]
    distance: float

    def pooled(self, weights: Sequence[float]) -> Law:
        """Return the linear pool of the laws.

        Args:
            weights: As many as there are laws, adding to 1.
        """
        return Mixture(weights=tuple(weights), laws=tuple(self.laws.values()))


def contrasts(
    cards: Mapping[str, Card], names: Iterable[str] = ()
) -> tuple[Contrast, ...]:
    """Return what cards say of parameters, the furthest apart first.

    Args:
        cards: Cards by what they are called.
        names: Parameters; all that any card states, if none.

    Raises:
        Refusal: If no card states a name.
    """
    stated = {name for card in cards.values() for name in card.joint.names()}
    wanted = set(names) or stated
    unknown = sorted(wanted - stated)
    if unknown:
        what = "the card does not state" if len(cards) == 1 else "no card states"
        raise Refusal(
            Fault(f"{what} {name}{nearest(name, stated)}", key="--parameter")
            for name in unknown
        )
    found = [_contrast(cards, name) for name in sorted(wanted)]
    return tuple(sorted(found, key=lambda one: -one.distance))


def are_alike(contrast: Contrast) -> bool:
    """Return whether all the cards that state a parameter say the same of it."""
    return contrast.distance <= _SAME


def _contrast(cards: Mapping[str, Card], name: str) -> Contrast:
    laws = {
        called: overall(card.joint, name)
        for called, card in cards.items()
        if name in card.joint.names()
    }
    pairs = itertools.combinations(laws.values(), 2)
    apart = max((_distance(one, other) for one, other in pairs), default=0.0)
    return Contrast(name=name, laws=laws, distance=apart)


def _distance(one: Law, other: Law) -> float:
    """Greatest difference of two CDFs, at the quantiles of either and just below."""
    if one is other:
        return 0.0
    places = np.concatenate(
        [half for law in (one, other) for half in (law.quantile(_LEVELS), _upper(law))]
    )
    places = np.concatenate([places, np.nextafter(places, -np.inf)])
    return float(np.max(np.abs(one.cdf(places) - other.cdf(places))))


def _upper(law: Law) -> np.ndarray:
    return law.upper_quantile(_LEVELS)

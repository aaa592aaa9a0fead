"""Prior predictive checks: what a card implies for things that people know.

Each quantity is a trend of the card, before any slowdown or break of a compute path,
and without the scatter of single models about it or the error of measurement.
"""

import datetime
import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from scipy import special

from mc.draws.host import REPLICATES, Draws, by_replicate, draw, scores
from priors import observations as known
from priors.cards import Card
from priors.evidence.horizon_fit import before_kink
from priors.joint import JointPrior
from priors.observations import Observation, Quantity, observations
from priors.units import LN_2, LN_10, Unit, years_since

LEVELS = (0.05, 0.5, 0.95)
Values = dict[str, Draws]


@dataclass(frozen=True, kw_only=True, eq=False)
class Check:
    """One observation beside what a card implies for it.

    Attributes:
        observation: What was observed.
        draws: The implied values, on the canonical scale of the quantity's unit.
        seen: Whether the card has a source that came later, so that it may have known;
            then agreement is no test.
    """

    observation: Observation
    draws: Draws
    seen: bool

    @property
    def quantiles(self) -> tuple[float, float, float]:
        """The 5, 50 and 95 % quantiles of what is implied, in the quantity's unit."""
        found = np.quantile(self.draws, LEVELS, method="inverted_cdf")
        low, middle, high = self._unit.from_canonical(found).tolist()
        return low, middle, high

    def share_below(self, value: float) -> tuple[float, float]:
        """Return how much of what is implied is less than a value, and its error.

        Args:
            value: In the quantity's unit.

        Returns:
            The share of draws, and its standard error over replicates.
        """
        place = self._unit.to_canonical(np.array([value]))[0]
        shares = np.mean(by_replicate(self.draws) < place, axis=1)
        error = np.std(shares, ddof=1) / np.sqrt(REPLICATES)
        return float(np.mean(shares)), float(error)

    @property
    def measured(self) -> tuple[float, float, float] | None:
        """The 5, 50 and 95 % quantiles of what would be measured.

        The trend and the error of measurement, normal on the canonical scale and as
        wide as its interval says; None where no mass of it is known.
        """
        one = self.observation
        if one.mass is None:
            return None
        low, high = self._unit.to_canonical(np.array([one.low, one.high]))
        sd = (high - low) / (2.0 * special.ndtri(0.5 + one.mass / 2.0))
        error = sd * scores(f"measurement/{one.quantity.name}/{one.label}")
        found = np.quantile(self.draws + error, LEVELS, method="inverted_cdf")
        low, middle, high = self._unit.from_canonical(found).tolist()
        return low, middle, high

    @property
    def is_inside(self) -> bool:
        """Whether any part of what is known lies between the 5 and 95 % quantiles."""
        low, _, high = self.quantiles
        return self.observation.low <= high and self.observation.high >= low

    @property
    def _unit(self) -> Unit:
        return self.observation.quantity.unit


def checks(card: Card) -> tuple[tuple[Check, ...], tuple[str, ...]]:
    """Return every check that a card allows, and what it says too little for.

    Returns:
        The checks, and a sentence for each quantity that cannot be checked.
    """
    found: list[Check] = []
    missing: list[str] = []
    for quantity, group in itertools.groupby(observations(), lambda o: o.quantity):
        try:
            needs = _needs(card.joint, quantity)
        except LookupError as error:
            missing.append(f"{quantity.title}: needs {error}")
            continue
        values = draw(card.joint.restricted({*needs, *_STARTS})).values
        found += [
            Check(
                observation=one,
                draws=_RULES[quantity.name].implied(values, _years(card, one.date)),
                seen=_seen(card, needs, one.known),
            )
            for one in group
        ]
    return tuple(found), tuple(missing)


def implied(card: Card, quantity: Quantity, date: datetime.date | None = None) -> Draws:
    """Return what a card implies, on the canonical scale of the quantity's unit.

    Args:
        card: The beliefs.
        quantity: What was observed.
        date: When; the reference date unless told.

    Raises:
        LookupError: If the card says too little; it names what is missing.
    """
    needs = _needs(card.joint, quantity)
    values = draw(card.joint.restricted({*needs, *_STARTS})).values
    return _RULES[quantity.name].implied(values, _years(card, date))


def _needs(joint: JointPrior, quantity: Quantity) -> tuple[str, ...]:
    """The first set of names that a quantity follows from and that is stated."""
    stated, lacking = set(joint.names()), []
    for option in _RULES[quantity.name].needs:
        lacking.append(set(option) - stated)
        if not lacking[-1]:
            return option
    raise LookupError(", ".join(sorted(min(lacking, key=len))))


def _years(card: Card, date: datetime.date | None) -> float:
    return 0.0 if date is None else years_since(card.reference_date, date)


def _seen(card: Card, needs: tuple[str, ...], known: datetime.date) -> bool:
    """Whether a source of these beliefs is as late as an observation, or undated."""
    joint, tables = card.joint, card.tables["parameters"]
    names = {joint.target(name) for name in needs}
    sure = {belief.name for belief in joint.beliefs if belief.is_point}
    dates = [tables[name].get("date") for name in names - sure]
    return any(date is None or date >= known for date in dates)


def _compute_growth(values: Values) -> Draws:
    if "training_compute_growth" in values:
        return values["training_compute_growth"]
    return values["investment_growth"] + values["hardware_growth"]


def _horizon(values: Values, years: float) -> Draws:
    """Return ln minutes: through the anchor, doubling in calendar time.

    Before a kink at another rate; the join is as smooth as that of the fit.
    """
    anchor, late = values["anchor_date"], np.exp(-values["horizon_doubling_time"])
    doublings = (years - anchor) * late
    if "horizon_kink_date" in values:
        kink = values["horizon_kink_date"]
        turn = late - np.exp(-values["early_horizon_doubling_time"])
        doublings += turn * (before_kink(years, kink) - before_kink(anchor, kink))
    return values["horizon_at_anchor"] + LN_2 * doublings


def _training_compute(values: Values, years: float) -> Draws:
    """Return ln FLOP of the frontier, physical: κ·C_0 at the reference date."""
    if "frontier_compute" in values:
        start = values["frontier_compute"]
    else:
        start = _meek_start(values) + values["initial_compute_ratio"]
    return start + years * _compute_growth(values)


def _meek_start(values: Values) -> Draws:
    if "initial_compute" in values:
        return values["initial_compute"]
    return values["meek_budget"] + values["compute_per_dollar"]


def _capability_index(values: Values, years: float) -> Draws:
    """Points of the frontier, linear in its log effective compute."""
    growth = _compute_growth(values) + values["algorithmic_growth"]
    lead = values["initial_compute_ratio"] + years * growth
    return values["eci_at_start"] + values["eci_per_oom"] * lead / LN_10


def _open_lag(values: Values, years: float) -> Draws:
    del years
    return values["follower_lag"]


def _open_ratio(values: Values, years: float) -> Draws:
    """Return ln of what the frontier's compute grows by in the follower's lag."""
    del years
    return np.exp(values["follower_lag"]) * _compute_growth(values)


@dataclass(frozen=True, kw_only=True)
class _Rule:
    """What a quantity needs, in alternative sets, and what follows from them."""

    needs: tuple[tuple[str, ...], ...]
    implied: Callable[[Values, float], Float[np.ndarray, " draws"]]


_GROWTHS = (("training_compute_growth",), ("investment_growth", "hardware_growth"))
_STARTS = ("initial_compute_ratio",)
_TREND = ("horizon_at_anchor", "anchor_date", "horizon_doubling_time")
_KINK = ("early_horizon_doubling_time", "horizon_kink_date")
_RULES = {
    known.TIME_HORIZON.name: _Rule(
        needs=((*_TREND, *_KINK), _TREND),
        implied=_horizon,
    ),
    known.TRAINING_COMPUTE.name: _Rule(
        needs=tuple(
            (*start, *growth)
            for start in (
                ("frontier_compute",),
                ("initial_compute",),
                ("meek_budget", "compute_per_dollar"),
            )
            for growth in _GROWTHS
        ),
        implied=_training_compute,
    ),
    known.CAPABILITY_INDEX.name: _Rule(
        needs=tuple(
            ("eci_at_start", "eci_per_oom", "algorithmic_growth", *growth)
            for growth in _GROWTHS
        ),
        implied=_capability_index,
    ),
    known.OPEN_LAG.name: _Rule(needs=(("follower_lag",),), implied=_open_lag),
    known.OPEN_RATIO.name: _Rule(
        needs=tuple(("follower_lag", *growth) for growth in _GROWTHS),
        implied=_open_ratio,
    ),
}

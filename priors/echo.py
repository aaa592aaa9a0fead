"""What a card believes, row by row, in the units people quote. Nothing is printed."""

import datetime
import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from priors.cards import Card
from priors.compounds import Mixture, mean
from priors.joint import JointPrior, Marginal
from priors.laws import Empirical, Law, Normal, Point
from priors.parameters import PARAMETERS, Parameter, parameter
from priors.units import GROWTH_UNITS, Unit, Values, date_at

LEVELS = (0.05, 0.5, 0.95)
READINGS = ("x/yr", "OOM/yr", "doubling_months")
_PARENT_NODES, _RESIDUAL_NODES = 512, 128


@dataclass(frozen=True, kw_only=True)
class Row:
    """One parameter of a card.

    Attributes:
        name: The parameter.
        unit: The card's unit.
        law: How the card states it, in words.
        quantiles: At 5, 50 and 95 %, in the card's unit; infinite for a doubling time
            without growth.
        text: The same as a person reads them; dates as ISO days.
        mean: In the card's unit; None where it does not exist.
        readings: For a growth, the quantiles in each of ``READINGS``.
        source: Who says so.
        date: When it was published.
        note: What is derived or assumed.
        meaning: As registered, or as the card says of a parameter of the user's own.
    """

    name: str
    unit: str
    law: str
    quantiles: tuple[float, float, float]
    text: tuple[str, str, str]
    mean: float | None
    readings: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    source: str = ""
    date: datetime.date | None = None
    note: str = ""
    meaning: str = ""


def rows(card: Card) -> tuple[Row, ...]:
    """Return one row for each parameter that can be drawn, sorted by name."""
    return tuple(_row(card, name) for name in card.joint.names())


def names() -> tuple[Parameter, ...]:
    """Return the registered parameters, in the order of the registry."""
    return tuple(PARAMETERS.values())


def overall(joint: JointPrior, name: str) -> Law:
    """Return the law of a parameter over all labels and all values of its parent.

    What is given a parent that is neither normal nor mixed of normals is computed on
    a grid of 65,536 equally likely pairs, good to about three digits.

    Args:
        joint: The joint prior.
        name: A parameter, alias or member of a group.
    """
    name = joint.target(name)
    for group in joint.groups:
        if name in group.columns:
            return Empirical(values=np.sort(group.columns[name]))
    belief = joint.belief_of[name]
    laws = [_unconditional(joint, name, i) for i in range(len(belief.marginals))]
    if belief.by is None:
        return laws[0]
    return Mixture(weights=joint.component(belief.by).weights, laws=tuple(laws))


def _unconditional(joint: JointPrior, name: str, label: int) -> Law:
    belief = joint.belief_of[name]
    marginal = belief.marginals[label]
    if belief.parent is None or marginal.slope == 0.0:
        return marginal.law
    parent = joint.belief_of.get(joint.target(belief.parent))
    if parent is not None and parent.by is not None and parent.by == belief.by:
        law = _unconditional(joint, parent.name, label)
    else:
        law = overall(joint, belief.parent)
    return _sum(marginal, law)


def _sum(marginal: Marginal, parent: Law) -> Law:
    residual, slope = marginal.law, marginal.slope
    match residual, parent:
        case ((Normal() | Point()), Point(value=value)):
            sd = residual.sd if isinstance(residual, Normal) else 0.0
            centre = float(residual.at_score(np.zeros(1))[0]) + slope * value
            return Normal(mean=centre, sd=sd) if sd else Point(value=centre)
        case Normal(mean=m, sd=sd), Normal(mean=parent_mean, sd=parent_sd):
            total = math.hypot(sd, slope * parent_sd)
            return Normal(mean=m + slope * parent_mean, sd=total)
        case _, Mixture(weights=weights, laws=laws):
            parts = tuple(_sum(marginal, part) for part in laws)
            return Mixture(weights=weights, laws=parts)
        case Point(value=value), Normal(mean=parent_mean, sd=parent_sd):
            return Normal(mean=value + slope * parent_mean, sd=abs(slope) * parent_sd)
    outer = (np.arange(_PARENT_NODES) + 0.5) / _PARENT_NODES
    inner = (np.arange(_RESIDUAL_NODES) + 0.5) / _RESIDUAL_NODES
    grid = slope * parent.quantile(outer)[:, None] + residual.quantile(inner)
    return Empirical(values=np.sort(grid.ravel()))


def _row(card: Card, name: str) -> Row:
    joint, unit = card.joint, card.joint.units[name]
    law = overall(joint, name)
    stated = card.tables["parameters"].get(name, {})
    registered = parameter(name)
    found = quantiles(law, unit)
    is_growth = unit.kind == "growth"
    return Row(
        name=name,
        unit=unit.name,
        law=in_words(stated, card) if stated else "default",
        quantiles=found,
        text=in_text(law, unit),
        mean=mean(law, unit),
        readings={
            reading: quantiles(law, GROWTH_UNITS[reading])
            for reading in (READINGS if is_growth else ())
        },
        source=stated.get("source", ""),
        date=stated.get("date"),
        note=stated.get("note", "") or ("" if stated else joint.belief_of[name].note),
        meaning=registered.meaning if registered else stated.get("meaning", ""),
    )


def quantiles(law: Law, unit: Unit) -> tuple[float, float, float]:
    """Return the 5, 50 and 95 % quantiles of a canonical law, in a unit.

    A q-quantile of a doubling time is the (1 − q)-quantile of growth; without growth
    nothing doubles, and the quantile is infinite.
    """
    canonical = _canonical(law, from_above=unit.decreasing)
    values = unit.from_canonical(canonical)
    if unit.decreasing:
        values = np.where(canonical > 0.0, values, np.inf)
    low, middle, high = (float(value) for value in values)
    return low, middle, high


@functools.lru_cache(maxsize=2)
def _canonical(law: Law, *, from_above: bool) -> Values:
    """Return quantiles of one law, which is shown in several units."""
    levels = np.array(LEVELS)
    return law.upper_quantile(levels) if from_above else law.quantile(levels)


def in_text(law: Law, unit: Unit) -> tuple[str, str, str]:
    """Return the 5, 50 and 95 % quantiles as a person reads them; dates as ISO days."""
    if unit.kind == "date" and unit.epoch is not None:
        years = _canonical(law, from_above=False)
        low, middle, high = (date_at(unit.epoch, y).isoformat() for y in years)
    else:
        low, middle, high = (
            f"{value:.4g}" if math.isfinite(value) else "never"
            for value in quantiles(law, unit)
        )
    return low, middle, high


def in_words(table: Mapping[str, Any], card: Card) -> str:
    """Return how a table states its law, in a few words."""
    if "same_as" in table:
        return f"same as {table['same_as']}"
    if "group" in table:
        return f"a row of {table['group']}"
    if "by" in table:
        component = card.joint.component(table["by"])
        parts = (
            f"{label} ({weight:g}): {in_words(table[label], card)}"
            for label, weight in zip(component.labels, component.weights, strict=True)
        )
        return f"by {component.name}: {'; '.join(parts)}"
    if "given" in table:
        given = table["given"]
        line = f"{given['intercept']:g} + {given['slope']:g}·{given['parameter']}"
        return f"{line} ± {given['residual_sd']:g} (sd)"
    return _law_in_words(table, card)


def _law_in_words(table: Mapping[str, Any], card: Card) -> str:
    cut = ""
    if "truncate" in table:
        cut = " cut to {}…{}".format(*(_number(end) for end in table["truncate"]))
    if "point" in table:
        return f"point {_number(table['point'])}"
    if "empirical" in table:
        return f"column {table['column']} of {table['empirical']}"
    if "mixture" in table:
        parts = (f"{i['weight']:g}: {_law_in_words(i, card)}" for i in table["mixture"])
        return f"mixture of {'; '.join(parts)}{cut}"
    family = table.get("law", "")
    if "interval" in table:
        low, high = (_number(end) for end in table["interval"])
        middle = f" about {_number(table['median'])}" if "median" in table else ""
        said = f"{low} to {high}{middle} ({100.0 * table['mass']:g} %)"
        return f"{family} {said}{cut}".strip()
    if "quantiles" in table:
        pairs = table["quantiles"].items()
        said = ", ".join(f"{100.0 * float(p):g} % {_number(v)}" for p, v in pairs)
        return f"{family} {said}{cut}".strip()
    keys = ("df", "median", "mean", "location", "mu", "sd", "sigma", "scale")
    keys += ("a", "b", "low", "mode", "high")
    said = ", ".join(f"{key} {_number(table[key])}" for key in keys if key in table)
    return f"{family}, {said}{cut}"


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)

"""Laws that could stand for some quantiles, the one that misses them least first."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from priors.bounded import Beta, Triangular, Uniform
from priors.compounds import Transformed
from priors.families import FAMILIES, Quantiles, canonical_normal
from priors.faults import Refusal
from priors.laws import Law, LogNormal, Normal, StudentT
from priors.misfit import MISFIT, missed, refitted
from priors.parameters import Parameter
from priors.plausibility import check_domain, check_plausible
from priors.statement import Statement
from priors.units import CANONICAL_GROWTH, Unit

NORMAL_GROWTH = "normal growth"
"""The law without a name of a doubling time: its growth is normal."""

_DEGREES = (10.0, 5.0, 3.0, 2.0)
_NUM_FREE = {"triangular": 3}


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """One law for some quantiles.

    Attributes:
        name: The family as a card names it, or what stands for none.
        law: On the canonical scale.
        fitted: Its quantiles at the levels asked for, as typed.
        misfit: By how much it misses the one it misses most, as a share of the number.
        num_free: How many numbers were free to be fitted.
        table: What a card says for it, with its unit.
    """

    name: str
    law: Law
    fitted: tuple[float, ...]
    misfit: float
    num_free: int
    table: dict[str, Any]

    @property
    def meets(self) -> bool:
        """Whether a card may state it by the quantiles themselves."""
        return self.misfit <= MISFIT


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Quantiles that a law is wanted for.

    Attributes:
        statement: The table that states them, and the ends of a beta law, if any.
        quantiles: The typed numbers by level, rising; dates as years since the epoch.
    """

    statement: Statement
    quantiles: Quantiles

    @classmethod
    def of(
        cls, table: Mapping[str, Any], unit: Unit, parameter: Parameter | None = None
    ) -> "Asked":
        """Read a table.

        Args:
            table: ``quantiles`` as a card gives them, and ``low`` and ``high`` for a
                beta law, where it has ends of its own.
            unit: The unit of the numbers.
            parameter: The registered parameter, whose plausible range applies.

        Raises:
            Refusal: If the quantiles are not as they must be, or not plausible.
        """
        statement = Statement(table=dict(table), unit=unit)
        quantiles = statement.levels("quantiles")
        statement.stop()
        assert quantiles is not None
        if parameter is not None:
            default = canonical_normal(statement, quantiles)
            check_plausible(statement, default, parameter)
            statement.stop()
        return cls(statement=statement, quantiles=quantiles)

    @property
    def canonical(self) -> dict[float, float]:
        """The quantiles on the canonical scale, by their levels there."""
        unit = self.statement.typed_unit
        values = unit.to_canonical(np.array(list(self.quantiles.values())))
        pairs = zip(self.quantiles, values.tolist(), strict=True)
        if not unit.decreasing:
            return dict(pairs)
        return {1.0 - level: value for level, value in reversed(list(pairs))}


def candidates(asked: Asked) -> tuple[tuple[Candidate, ...], dict[str, str]]:
    """Return a law of every family that has one, and why the others have none."""
    found, refused = [], {}
    for name in _names(asked.statement.unit):
        try:
            found.append(_candidate(name, asked))
        except Refusal as refusal:
            refused[name] = refusal.faults[0].message
    return tuple(found), refused


def ranked(found: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return candidates, the least misfit first; of equal ones, the fewest numbers."""
    return tuple(sorted(found, key=lambda one: (round(one.misfit, 9), one.num_free)))


def chosen(found: Sequence[Candidate]) -> Candidate:
    """Return the law with the fewest numbers that meets the quantiles, else the best.

    Args:
        found: Ranked candidates, at least one.
    """
    meeting = [one for one in found if one.meets]
    return min(meeting, key=lambda one: one.num_free) if meeting else found[0]


def candidate(name: str, law: Law, asked: Asked, num_free: int = 2) -> Candidate:
    """Return a law as a candidate, stated by its own numbers.

    Raises:
        Refusal: If the law reaches numbers that the unit cannot have.
    """
    statement = asked.statement
    check = replace(statement, faults=[])
    check_domain(check, law)
    check.stop()
    return Candidate(
        name=name,
        law=law,
        fitted=tuple(refitted(statement, law, asked.quantiles).tolist()),
        misfit=missed(statement, law, asked.quantiles),
        num_free=num_free,
        table=_own_numbers(name, law, statement),
    )


def _names(unit: Unit) -> tuple[str, ...]:
    """Families that make sense of a unit's numbers.

    What no name means is normal or lognormal as typed, but for a doubling time or a
    percentage; and a lognormal date would hang on the reference date.
    """
    if unit.kind == "date":
        return tuple(name for name in FAMILIES if name != "lognormal")
    return (*(() if unit.form in ("log", "linear") else (NORMAL_GROWTH,)), *FAMILIES)


def _candidate(name: str, asked: Asked) -> Candidate:
    if name == NORMAL_GROWTH:
        law = canonical_normal(asked.statement, asked.quantiles)
        return _by_quantiles(candidate(name, law, asked), asked)
    if name != "student_t":
        return _of_family(name, asked)
    tried = (_of_family(name, asked, df) for df in _DEGREES)
    return min(tried, key=lambda one: round(one.misfit, 9))


def _of_family(name: str, asked: Asked, df: float | None = None) -> Candidate:
    keys = FAMILIES[name].fit_keys
    extra = {key: v for key, v in asked.statement.table.items() if key in keys}
    extra |= {"df": df} if df is not None else {}
    statement = Statement(table=extra, unit=asked.statement.unit)
    law = FAMILIES[name].fit(statement, asked.quantiles)
    statement.stop()
    assert law is not None
    free = len(asked.quantiles) if name == "metalog" else _NUM_FREE.get(name, 2)
    return _by_quantiles(candidate(name, law, asked, free), asked, law=name, **extra)


def _by_quantiles(found: Candidate, asked: Asked, **named: Any) -> Candidate:
    """State a candidate by the quantiles asked for, where a card would take that."""
    if not found.meets:
        return found
    unit, quantiles = asked.statement.unit, asked.statement.table["quantiles"]
    table = {"unit": unit.name, **named, "quantiles": dict(quantiles)}
    return replace(found, table=table)


def _own_numbers(name: str, law: Law, asked: Statement) -> dict[str, Any]:
    """What a card says to state a law outright; a metalog has its quantiles only."""
    unit = asked.typed_unit
    if isinstance(law, Normal) and name == NORMAL_GROWTH:
        numbers = {"mean": law.mean, "sd": law.sd}
        return {"unit": CANONICAL_GROWTH, "law": "normal"} | _rounded(numbers)
    base = law.base if isinstance(law, Transformed) else law
    table: dict[str, Any] = {"unit": asked.unit.name, "law": name}
    match base:
        case Normal(mean=mean, sd=sd) if name == "lognormal":
            median = float(unit.from_canonical(np.array([mean]))[0])
            return table | _rounded({"median": median, "sigma": sd})
        case LogNormal(mu=mu, sigma=sigma):
            return table | _rounded({"median": float(np.exp(mu)), "sigma": sigma})
        case Normal(mean=mean, sd=sd):
            factor = unit.factor if isinstance(law, Normal) else 1.0
            places, widths = {"mean": mean / factor}, {"sd": sd / factor}
        case StudentT(df=df, mean=mean, scale=scale):
            places, widths = {"mean": mean}, {"scale": scale, "df": df}
        case Uniform(low=low, high=high):
            places, widths = {"low": low, "high": high}, {}
        case Beta(a=a, b=b, low=low, high=high):
            own = (low, high) != (0.0, 1.0)
            places = {"low": low, "high": high} if own else {}
            widths = {"a": a, "b": b}
        case Triangular(low=low, mode=mode, high=high):
            places, widths = {"low": low, "mode": mode, "high": high}, {}
        case _:
            return table
    shown = {key: _place(asked, value) for key, value in places.items()}
    return table | shown | _rounded(widths)


def _place(asked: Statement, value: float) -> float | datetime.date:
    shown = asked.show(value)
    is_date = asked.unit.kind == "date"
    return datetime.date.fromisoformat(shown) if is_date else float(shown)


def _rounded(numbers: dict[str, float]) -> dict[str, float]:
    return {key: float(f"{value:.6g}") for key, value in numbers.items()}

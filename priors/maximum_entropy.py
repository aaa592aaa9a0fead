"""Laws of largest entropy, and laws through quartiles, as PreliZ finds them.

PreliZ (the extra ``elicit``) works on the number as typed. A law of largest entropy
holds the mass between two ends, not equal tails, so a card states it by its own
numbers. What PreliZ returns is checked here against our own CDF, because its search
may end where a condition is not met.
"""

import importlib
import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from priors.bounded import Beta
from priors.candidates import Asked, Candidate, candidate
from priors.compounds import carried_over
from priors.families import Quantiles
from priors.faults import Fault, Refusal
from priors.laws import Law, LogNormal, Normal, StudentT
from priors.statement import Statement

REACHED = 1e-3
"""How far a mass may be off before a result is not used."""
DF = 5.0
QUARTILES = (0.25, 0.5, 0.75)

Fit = Callable[[Any], object]


def preliz_candidates(asked: Asked) -> tuple[tuple[Candidate, ...], dict[str, str]]:
    """Return laws that PreliZ fits, and why other families have none.

    The law of largest entropy holds the mass between the lowest and the highest
    quantile; what is asked for between them it only comes near. Where the levels are
    the quartiles, PreliZ's fit to quartiles comes beside.

    Raises:
        Refusal: If PreliZ is not installed.
    """
    preliz = _preliz()
    levels, values = list(asked.quantiles), list(asked.quantiles.values())
    mass = levels[-1] - levels[0]

    def spread(law: Any) -> object:
        return preliz.maxent(law, values[0], values[-1], mass, plot=False)

    fits: dict[str, Fit] = {"maxent": spread}
    if tuple(levels) == QUARTILES:
        fits["quartile"] = lambda law: preliz.quartile(law, *values, plot=False)
    found, refused = [], {}
    for word, fit in fits.items():
        for family, law in _laws(preliz, asked.statement).items():
            name = f"{word} {family}"
            try:
                found.append(_fitted(name, family, law, fit, asked))
            except (Refusal, ValueError) as error:
                refused[name] = str(error).removeprefix("law: ")
    return tuple(found), refused


def _preliz() -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module("preliz")
    except ModuleNotFoundError as error:
        if error.name != "preliz":
            raise
        message = "needs PreliZ, which is not installed: pip install 'meekmc[elicit]'"
        raise Refusal(Fault(message, key="--preliz")) from error


def _laws(preliz: Any, asked: Statement) -> dict[str, Any]:
    laws = {
        "normal": preliz.Normal(),
        "student_t": preliz.StudentT(nu=DF),
        "lognormal": preliz.LogNormal(),
        "beta": preliz.Beta(),
    }
    if {"low", "high"} <= set(asked.table):
        ends = (asked.place("low"), asked.place("high"))
        laws["beta"] = preliz.BetaScaled(lower=ends[0], upper=ends[1])
    if asked.unit.kind == "date":
        del laws["lognormal"]
    return laws


def _fitted(name: str, family: str, law: Any, fit: Fit, asked: Asked) -> Candidate:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit(law)
    base = _ours(law)
    if name.startswith("maxent"):
        _check(base, asked.quantiles)
    canonical = carried_over(base, asked.statement.typed_unit)
    return replace(candidate(family, canonical, asked), name=name)


def _ours(law: Any) -> Law:
    """Return the same law as one of ours, of the number as typed."""
    numbers = dict(zip(law.param_names, map(float, law.params), strict=True))
    match type(law).__name__:
        case "Normal":
            return Normal(mean=numbers["mu"], sd=numbers["sigma"])
        case "LogNormal":
            return LogNormal(mu=numbers["mu"], sigma=numbers["sigma"])
        case "StudentT":
            mean, scale = numbers["mu"], numbers["sigma"]
            return StudentT(df=numbers["nu"], mean=mean, scale=scale)
    ends = {"low": numbers.get("lower", 0.0), "high": numbers.get("upper", 1.0)}
    return Beta(a=numbers["alpha"], b=numbers["beta"], **ends)


def _check(base: Law, quantiles: Quantiles) -> None:
    """Refuse a law that does not hold the mass that PreliZ was asked to hold."""
    ends = np.array([min(quantiles.values()), max(quantiles.values())])
    below = base.cdf(ends)
    asked, got = max(quantiles) - min(quantiles), float(below[1] - below[0])
    if not abs(got - asked) <= REACHED:
        message = (
            f"PreliZ ends at a mass of {got:.4g} between the ends, not {asked:.4g}"
        )
        raise ValueError(message)

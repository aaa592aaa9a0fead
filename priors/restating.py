"""The law of a table, said in another unit of the same kind."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from priors.units import Unit

_ENDS = ("interval", "truncate")
_PLACES = ("point", "median")


def restated(law: Mapping[str, Any], old: Unit, new: Unit) -> dict[str, Any]:
    """Return the same law in another unit.

    What names no law means one law in every unit, and so does a metalog; a lognormal
    number is lognormal in every unit that multiplies.

    Args:
        law: The keys of a law, as a card has them.
        old: The unit of its numbers.
        new: The unit that is wanted.

    Raises:
        ValueError: If the law is not of the same family in the new unit, or a number
            cannot be said in it.
    """
    if old == new:
        return dict(law)
    named, multiplies = law.get("law"), old.form == new.form == "log"
    if "mixture" in law:
        parts = [
            {"weight": part["weight"]}
            | restated({k: v for k, v in part.items() if k != "weight"}, old, new)
            for part in law["mixture"]
        ]
        return _with_ends(law, old, new) | {"mixture": parts}
    stands = {"interval", "quantiles"} & law.keys()
    if named == "lognormal" and old.form == "log" and stands:
        law = {key: value for key, value in law.items() if key != "law"}
    elif named == "lognormal" and multiplies and "median" in law:
        pass
    elif named is not None and not (named == "metalog" and stands):
        raise ValueError(
            f"states a {named} law in {old.name}, which is of another kind in "
            f"{new.name}; state it in {new.name}"
        )
    return _with_ends(law, old, new)


def _with_ends(law: Mapping[str, Any], old: Unit, new: Unit) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in law.items():
        if key in _ENDS:
            found[key] = sorted(_moved(end, old, new) for end in value)
        elif key in _PLACES:
            found[key] = _moved(value, old, new)
        elif key == "quantiles":
            found[key] = _quantiles(value, old, new)
        elif key != "mixture":
            found[key] = value
    return found


def _quantiles(said: Mapping[str, Any], old: Unit, new: Unit) -> dict[str, float]:
    moved = {level: _moved(value, old, new) for level, value in said.items()}
    if old.decreasing == new.decreasing:
        return moved
    turned = reversed(list(moved.items()))
    return {f"{1.0 - float(level):.12g}": value for level, value in turned}


def _moved(value: float | int, old: Unit, new: Unit) -> float:
    canonical = old.to_canonical(np.array([value], np.float64))
    moved = float(new.from_canonical(canonical)[0])
    if not new.lowest < moved < np.inf:
        raise ValueError(
            f"states {value:g} {old.name}, which {new.name} cannot say; state it in "
            f"{old.name} in every card"
        )
    return moved

"""The registry of parameter names, and which of them say one thing in two ways.

Weights and power scaling act on the canonical scale of each parameter. A registered
name with an instance in brackets, ``benchmark_midpoint[mmlu]``, is a parameter of its
own that means what the name means. Any other name is the user's own.
"""

import csv
import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from priors.faults import nearest
from priors.units import Kind

SCALES: dict[Kind, str] = {
    "growth": "ln per year",
    "duration": "ln years",
    "scale": "ln",
    "date": "years since the reference date",
    "share": "as is",
    "real": "as is",
}
Role = Literal["", "path", "actor"]
OWN_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
TAKEN = ("x", "y", "C", "pi")  # what formulas call their variables and π
_INSTANCE = re.compile(r"([^\[\]]+)\[([A-Za-z0-9_.-]+)\]")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """A name that cards and metrics share.

    Attributes:
        name: The field's words.
        symbol: As in formulas.
        kind: What it measures.
        unit: Its own unit.
        plausible: Lowest and highest number that is believed not to be a slip of the
            unit, in the own unit; dates as decimal years.
        meaning: One line.
        default: The point that holds where a card is silent, in the own unit.
        role: ``path`` where a part of a compute path needs it beside the base's,
            ``actor`` where it says who the meek actor is, else empty.
    """

    name: str
    symbol: str
    kind: Kind
    unit: str
    plausible: tuple[float, float]
    meaning: str
    default: float | None = None
    role: Role = ""

    @property
    def scale(self) -> str:
        """The canonical scale, in words."""
        return SCALES[self.kind]


def _registry() -> dict[str, Parameter]:
    file = Path(__file__).with_name("parameters.csv")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return {
        row["name"]: Parameter(
            name=row["name"],
            symbol=row["symbol"],
            kind=cast(Kind, row["kind"]),
            unit=row["unit"],
            plausible=(float(row["low"]), float(row["high"])),
            meaning=row["meaning"],
            default=float(row["default"]) if row["default"] else None,
            role=cast(Role, row["role"]),
        )
        for row in rows
    }


# The file is append only: its order fixes how correlated parameters are factored.
PARAMETERS = _registry()


def parameter(name: str) -> Parameter | None:
    """Return what a name means; None where it is the user's own.

    Args:
        name: A registered name, or one with an instance, whose meaning is that of
            the name before the bracket.
    """
    instance = _INSTANCE.fullmatch(name)
    return PARAMETERS.get(instance[1] if instance else name)


def unknown(name: str, *, is_meant: bool = False) -> str:
    """Return why a name without a ``parameter`` is refused; empty if it may be own.

    Args:
        name: The name.
        is_meant: Whether the user says that it is no slip of a registered one.
    """
    base, bracket, rest = name.partition("[")
    hint = nearest(base.lower(), PARAMETERS)
    if base in PARAMETERS:
        why = "an instance has letters, digits, '_', '.' and '-' between brackets"
    elif bracket:
        hint = hint.replace("?", f"[{rest}?")
        why = f"only registered names have instances{hint}"
    elif OWN_NAME.fullmatch(name) is None:
        why = f"a name has letters, digits and '_' only{hint}"
    elif name in TAKEN:
        why = "formulas use that name for something else"
    elif hint and not is_meant:
        why = f'{hint[2:]} If it is your own, say meaning = "…"'
    else:
        return ""
    return f"unknown parameter {name}; {why} (see meekmc priors names)"


# Each row: alternative ways, each a set of names that belong together.
RIVALS: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("investment_growth",), ("training_compute_growth",)),
    (("loss_coefficient",), ("reducible_loss_at_pivot", "pivot_compute")),
    (("clock_ratio",), ("algorithmic_growth",)),
    (("initial_compute_ratio",), ("frontier_compute",)),
    (("horizon_elasticity",), ("horizon_doubling_time",)),
)

# initial_compute = meek_budget · compute_per_dollar: any two give the third. The
# first of them that is not said anew is the one that gives way.
PRODUCT = ("initial_compute", "meek_budget", "compute_per_dollar")


def clashes(names: Collection[str]) -> tuple[tuple[str, ...], ...]:
    """Return the sets of names that together say one thing in two ways."""
    found = []
    for ways in RIVALS:
        said = [[name for name in way if name in names] for way in ways]
        if sum(bool(way) for way in said) > 1:
            found.append(tuple(name for way in said for name in way))
    if all(name in names for name in PRODUCT):
        found.append(PRODUCT)
    return tuple(found)


def replaced(said: Collection[str], inherited: Collection[str]) -> tuple[str, ...]:
    """Return the inherited names that give way to what is said anew."""
    out: list[str] = []
    for ways in RIVALS:
        for way in ways:
            if any(name in said for name in way):
                others = (name for other in ways if other != way for name in other)
                out += [name for name in others if name in inherited]
    left = {*said, *inherited} - set(out)
    if any(name in said for name in PRODUCT) and left.issuperset(PRODUCT):
        out += [name for name in PRODUCT if name not in said][:1]
    return tuple(dict.fromkeys(out))


def halves(names: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Return (stated, missing) for names that mean nothing without each other."""
    return tuple(
        (stated, missing)
        for ways in RIVALS
        for way in ways
        for stated in way
        for missing in way
        if stated in names and missing not in names
    )


def defaults(names: Collection[str]) -> tuple[Parameter, ...]:
    """Return the parameters whose default holds beside the stated names."""
    return tuple(
        parameter
        for parameter in PARAMETERS.values()
        if parameter.default is not None
        and parameter.name not in names
        and not clashes({*names, parameter.name} - set(PRODUCT))
    )

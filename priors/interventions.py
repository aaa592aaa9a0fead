"""What a scenario does: ``NAME=SPEC`` sets, ``NAME*=FACTOR`` multiplies."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from priors.annex import annex
from priors.belief import Stated
from priors.cards import Card
from priors.faults import Fault, Refusal, nearest
from priors.joint import JointPrior
from priors.overrides import option_document, read_override
from priors.parameters import PARAMETERS, clashes, parameter
from priors.units import Kind, parse_number

OPTION = "--scenario"


@dataclass(frozen=True, kw_only=True)
class Interventions:
    """What is done to parameters, the draws of everything else being kept.

    Attributes:
        joint: The joint prior of what is set, and of nothing else.
        factors: What the canonical value of a growth, a share or a real number is
            multiplied by: 0.5 is half as fast.
        shifts: What is added to the canonical value of a size or a duration, ln.
        texts: As typed.
    """

    joint: JointPrior
    factors: Mapping[str, float]
    shifts: Mapping[str, float]
    texts: tuple[str, ...]

    @property
    def names(self) -> frozenset[str]:
        """The parameters that anything is done to."""
        return frozenset({*self.joint.names(), *self.factors, *self.shifts})


def read_interventions(
    texts: Iterable[str], card: Card, where: str = OPTION
) -> Interventions:
    """Read what a scenario does.

    Args:
        texts: ``NAME=SPEC``, SPEC as in ``--set``, or ``NAME*=FACTOR``.
        card: The card of the baseline: its units, its own parameters and its date.
        where: What faults name as their place.

    Raises:
        Refusal: With every fault.
    """
    texts = tuple(texts)
    reader = _Reader(card, where)
    for text in texts:
        try:
            reader.read(text)
        except Refusal as refusal:
            reader.faults += refusal.faults
    reader.check_together()
    try:
        joint, _ = annex(reader.said, card.reference_date)
    except Refusal as refusal:
        raise Refusal([*reader.faults, *refusal.faults]) from refusal
    if reader.faults:
        raise Refusal(reader.faults)
    return Interventions(
        joint=joint, factors=reader.factors, shifts=reader.shifts, texts=texts
    )


class _Reader:
    """Interventions in the making, with the faults found so far."""

    def __init__(self, card: Card, where: str):
        self.where = where
        self.faults: list[Fault] = []
        self.said: dict[str, Stated] = {}
        self.factors: dict[str, float] = {}
        self.shifts: dict[str, float] = {}
        self.units = card.joint.units
        self.tables = {
            name: Stated(name=name, table=table, document=option_document(where))
            for name, table in card.tables["parameters"].items()
        }

    def read(self, text: str) -> None:
        """Read one text.

        Raises:
            Refusal: If it cannot be read, or its parameter is not known.
        """
        left, equals, right = (part.strip() for part in text.partition("="))
        name = left.removesuffix("*").rstrip()
        if not equals or not right:
            message = f'"{text}" must be NAME=SPEC, or NAME*=FACTOR'
            raise Refusal(Fault(message, file=self.where))
        if parameter(name) is None and name not in self.tables:
            hint = nearest(name, {*PARAMETERS, *self.tables})
            message = f"unknown parameter {name}{hint} (see meekmc priors names)"
            raise Refusal(self._fault(message, name))
        if name in (*self.said, *self.factors, *self.shifts):
            raise Refusal(self._fault("is changed twice; keep one", name))
        if left.endswith("*"):
            self._multiply(name, right)
        else:
            self.said[name] = read_override(text, self.tables, where=self.where)

    def check_together(self) -> None:
        """Refuse changes that say one thing in two ways, sets of which one is kept."""
        names = [*self.said, *self.factors, *self.shifts]
        for rivals in clashes(names):
            if not self.said.keys() >= set(rivals):
                message = f"{' and '.join(rivals)} say one thing in two ways; keep one"
                self.faults.append(Fault(message, file=self.where))

    def _multiply(self, name: str, text: str) -> None:
        try:
            factor = parse_number(text)
        except ValueError as error:
            raise Refusal(self._fault(str(error), name)) from error
        kind = self._kind(name)
        if kind == "date":
            message = "is a date, which cannot be multiplied; write NAME=2030-01-01"
            raise Refusal(self._fault(message, name))
        is_size = kind in ("scale", "duration")
        if factor < 0.0 or (is_size and factor == 0.0):
            bound = "above 0" if is_size else "0 or more"
            raise Refusal(self._fault(f"the factor {factor:g} must be {bound}", name))
        if kind == "share" and factor > 1.0:
            message = f"{factor:g} times a share may pass 1; write NAME=SPEC"
            raise Refusal(self._fault(message, name))
        if is_size:
            self.shifts[name] = math.log(factor)
        else:
            self.factors[name] = factor

    def _kind(self, name: str) -> Kind:
        registered = parameter(name)
        return registered.kind if registered else self.units[name].kind

    def _fault(self, message: str, name: str) -> Fault:
        return Fault(message, file=self.where, key=name)

"""A decision: actions, the outcomes that a draw may have, and what each is worth."""

import datetime
import re
from dataclasses import dataclass

from mc.outcomes.status import Status
from priors.document import Document
from priors.faults import nearest
from priors.units import parse_number

OTHERWISE = "otherwise"
ALWAYS = "payoff"
"""Key of an action that is worth the same whatever the outcome."""
IS, IS_NOT = "is", "is not"
_COMPARED = re.compile(r"([^\s<>=]+)\s*(<=|>=|<|>)\s*(\S+)")
_WORDED = re.compile(r"(\S+)\s+(is|is\s+not)\s+(\S+)")

Mark = float | datetime.date | Status
Use = tuple[str, str]
"""A quantity as written, and the key that names it."""


@dataclass(frozen=True, kw_only=True)
class Clause:
    """One comparison that holds in a draw or does not.

    Attributes:
        quantity: ``[SCENARIO/]METRIC/QUANTITY`` as written.
        relation: ``<``, ``<=``, ``>``, ``>=``, ``is`` or ``is not``.
        mark: A number or a date; of ``is`` and ``is not``, a status.
    """

    quantity: str
    relation: str
    mark: Mark


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What may come of a draw; the first whose clauses all hold is the draw's.

    Attributes:
        name: What the table calls it.
        text: Its condition as written.
        clauses: None for what is left.
    """

    name: str
    text: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True, kw_only=True)
class Payoff:
    """What an action is worth under an outcome: ``base + slope·(of − origin)``.

    Attributes:
        base: In the decision's unit.
        slope: The same for each unit of the quantity.
        of: The quantity as written; None for a constant.
        origin: In the quantity's unit.
        key: Where it stands in the file.
    """

    base: float
    slope: float = 0.0
    of: str | None = None
    origin: float | datetime.date = 0.0
    key: str


@dataclass(frozen=True, kw_only=True)
class Action:
    """One of the things that can be done.

    Attributes:
        name: What the table calls it.
        payoffs: By the name of the outcome.
    """

    name: str
    payoffs: dict[str, Payoff]


@dataclass(frozen=True, kw_only=True)
class Measurement:
    """Something that could be measured before choosing.

    Attributes:
        name: What the table calls it.
        of: The parameter.
        sd: Standard error of the result, on the parameter's canonical scale.
    """

    name: str
    of: str
    sd: float


@dataclass(frozen=True, kw_only=True)
class Decision:
    """A table of actions and outcomes.

    Attributes:
        name: As the file says.
        description: In a sentence; may be empty.
        unit: Of all payoffs.
        outcomes: In the order in which they are tried.
        actions: Two or more.
        groups: Inputs that are to be known together, by a name for them.
        measurements: What could be measured first.
        document: The file.
    """

    name: str
    description: str
    unit: str
    outcomes: tuple[Outcome, ...]
    actions: tuple[Action, ...]
    groups: dict[str, tuple[str, ...]]
    measurements: tuple[Measurement, ...]
    document: Document

    @property
    def uses(self) -> tuple[Use, ...]:
        """Each quantity once, with the first key that names it."""
        found: dict[str, str] = {}
        for outcome in self.outcomes:
            for clause in outcome.clauses:
                found.setdefault(clause.quantity, f"outcomes.{outcome.name}")
        for action in self.actions:
            for payoff in action.payoffs.values():
                if payoff.of is not None:
                    found.setdefault(payoff.of, f"{payoff.key}.of")
        return tuple(found.items())


def read_clauses(text: str) -> tuple[Clause, ...]:
    """Clauses of a condition, joined by ``and``; none of ``otherwise``.

    Raises:
        ValueError: If it is no condition; the message says what is allowed.
    """
    if text.strip() == OTHERWISE:
        return ()
    return tuple(_clause(part.strip()) for part in re.split(r"\s+and\s+", text))


def read_mark(text: str) -> float | datetime.date:
    """A number or an ISO date.

    Raises:
        ValueError: If it is neither.
    """
    try:
        return parse_number(text)
    except ValueError:
        pass
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        message = f'"{text}" is neither a number nor a date, as 2.5 or 2032-01-01'
        raise ValueError(message) from None


def _clause(text: str) -> Clause:
    if found := _COMPARED.fullmatch(text):
        quantity, relation, mark = found.groups()
        return Clause(quantity=quantity, relation=relation, mark=read_mark(mark))
    if found := _WORDED.fullmatch(text):
        quantity, relation, word = found.groups()
        words = [status.word for status in Status]
        if word not in words:
            hint = nearest(word, words)
            known = ", ".join(words)
            raise ValueError(f'no status "{word}"{hint} (there is: {known})')
        relation = IS if relation == IS else IS_NOT
        return Clause(quantity=quantity, relation=relation, mark=Status[word.upper()])
    raise ValueError(
        f'"{text}" is no condition; write QUANTITY > 2, QUANTITY < 2032-01-01, '
        f'QUANTITY is never, several joined by " and ", or {OTHERWISE}'
    )

"""What a card says after ``extends`` and ``--set``: rivals give way to later words."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from priors.actor import OWN, Actor, actor_of, in_words, routed
from priors.assembly import Resolved
from priors.belief import Stated
from priors.document import Document
from priors.faults import Fault, Refusal
from priors.overrides import OPTION, read_override
from priors.parameters import clashes, replaced
from priors.sheet import Sheet

# Lets the other faults of a card without a date be found; it is refused anyway.
STAND_IN = datetime.date(2000, 1, 1)


class Ledger:
    """Tables gathered from sheet to sheet, the card that is extended first.

    Attributes:
        path: The compute path named last, if any.
        overridden: Parameters that ``--set`` gave.
        of_actor: Those of them that make another actor than the card's.
        notices: What was replaced or dropped, one sentence each.
        faults: What was refused so far.
    """

    def __init__(self, sheets: list[Sheet]):
        self.parameters: dict[str, Stated] = {}
        self.components: dict[str, Stated] = {}
        self.spearman: list[Any] = []
        self.dependence: Document = sheets[0].document
        self.date: datetime.date | None = None
        self.path: str | None = None
        self.gone: set[str] = set()
        self.of_actor: dict[str, Stated] = {}
        self.overridden: set[str] = set()
        self.notices: list[str] = []
        self.faults: list[Fault] = []
        for sheet in sheets:
            self._add(sheet)

    def _add(self, sheet: Sheet) -> None:
        self.faults += sheet.faults
        said = {
            name: Stated(name=name, table=table, document=sheet.document)
            for name, table in sheet.parameters.items()
        }
        for rivals in clashes(list(said)):
            names = " and ".join(rivals)
            message = f"{names} say one thing in two ways; keep one"
            last = next(reversed(rivals))
            self.faults.append(said[last].fault(message))
        self._state(said, sheet.name)
        for name, table in sheet.components.items():
            self.components[name] = Stated(
                name=name, table=table, document=sheet.document, section="components"
            )
        self.date = sheet.reference_date or self.date
        self.path = sheet.path or self.path
        if sheet.spearman is not None:
            self.spearman, self.dependence = sheet.spearman, sheet.document
        else:
            self._loosen(said)

    def override(self, options: Sequence[str]) -> None:
        """Replace tables by what ``--set`` gives."""
        said: dict[str, Stated] = {}
        for option in options:
            try:
                stated = read_override(option, self.parameters)
            except Refusal as refusal:
                self.faults += refusal.faults
                continue
            said[stated.name] = stated
        for rivals in clashes(list(said)):
            message = f"{' and '.join(rivals)} say one thing in two ways; keep one"
            self.faults.append(Fault(message, file=OPTION))
        self.overridden |= set(said)
        self.of_actor = {name: said.pop(name) for name in routed(said, self.parameters)}
        self._state(said, OPTION)
        self._loosen(said)

    def actor(self) -> Actor | None:
        """Return the actor that ``--set`` makes, if it makes one.

        Raises:
            Refusal: With every fault of what it states.
        """
        if not self.of_actor or self.date is None:
            return None
        return actor_of(
            self.of_actor,
            self.date,
            name=OWN,
            description=in_words(self.of_actor),
        )

    def _state(self, said: dict[str, Stated], where: str) -> None:
        gone = replaced(list(said), list(self.parameters))
        for name in gone:
            del self.parameters[name]
            self.gone.add(name)
            self.notices.append(f"{where} replaces {name}, which says the same thing")
        self.parameters |= said

    def _loosen(self, said: Mapping[str, Stated]) -> None:
        """Drop inherited rank correlations of what is gone or now a point."""
        kept = []
        for row in self.spearman:
            ends = row[:2] if isinstance(row, list) else []
            names = [end for end in ends if isinstance(end, str)]
            points = [n for n in names if n in said and "point" in said[n].table]
            lost = [n for n in names if n in self.gone - set(self.parameters)]
            if points or lost:
                why = f"{points[0]} is a point" if points else f"{lost[0]} is replaced"
                text = "–".join(str(name) for name in names)
                self.notices.append(f"the rank correlation {text} is dropped: {why}")
            else:
                kept.append(row)
        self.spearman = kept

    def resolved(self) -> Resolved:
        """Return the gathered tables, sorted by parameter."""
        if self.date is None and not self.faults:
            self.faults.append(self.dependence.fault("reference_date is missing"))
        return Resolved(
            reference_date=self.date or STAND_IN,
            parameters=dict(sorted(self.parameters.items())),
            components=self.components,
            spearman=self.spearman,
            dependence=self.dependence,
        )

"""The linear pool of several experts' cards, as a card that can be saved and run.

One label a draw says whose world it is, and every belief that the experts do not
share is theirs under that label: dependence inside an expert's card stays whole.
What no expert disputes, and what hangs together with nothing disputed, is stated
once, as it is. Stone, The Opinion Pool, Ann. Math. Statist. 32 (1961).
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from priors.belief import NOTES
from priors.blocks import blocks, differing_pairs
from priors.cards import Card
from priors.faults import Fault, Refusal
from priors.parameters import parameter
from priors.restating import restated
from priors.toml_text import card_text

COMPONENT = "expert"
MOST_LABELS = 64
_SAID_ONCE = ("own", "meaning")
Table = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """A pooled card.

    Attributes:
        text: The card as TOML.
        disputed: Parameters that are pooled, sorted.
        shared: Parameters that all experts state alike, sorted.
        notices: What the reader should know, one sentence each.
    """

    text: str
    disputed: tuple[str, ...]
    shared: tuple[str, ...]
    notices: tuple[str, ...]


def pool(experts: Mapping[str, Card], weights: Sequence[float], name: str) -> Pooled:
    """Return the linear pool of cards.

    Args:
        experts: Cards by what each expert is called; two or more.
        weights: As many, positive; they are divided by their sum.
        name: What the pool is called.

    Raises:
        Refusal: With every reason why a card cannot say the pool.
    """
    total = math.fsum(weights)
    draft = _Draft(experts, [weight / total for weight in weights])
    draft.check_heads()
    tables = draft.tables()
    if draft.faults:
        raise Refusal(draft.faults)
    first = next(iter(experts.values()))
    shares = zip(experts, draft.weights, strict=True)
    said = ", ".join(f"{expert} {weight:.4g}" for expert, weight in shares)
    paths = {card.path for card in experts.values()}
    head: Table = {"schema": 1, "name": name, "description": f"Linear pool: {said}."}
    head["reference_date"] = first.reference_date
    if len(paths) == 1 and first.path is not None:
        head["path"] = first.path
    notices = list(draft.notices)
    if len(paths) > 1:
        ways = ", ".join(f"{e}: {card.path}" for e, card in experts.items())
        notices.append(f"the cards name different paths ({ways}); the pool names none")
    return Pooled(
        text=card_text(head, tables),
        disputed=tuple(sorted(draft.disputed)),
        shared=tuple(sorted(set(tables["parameters"]) - draft.disputed)),
        notices=tuple(notices),
    )


class _Draft:
    """A pool in the making, with what cannot be said so far."""

    def __init__(self, experts: Mapping[str, Card], weights: Sequence[float]):
        self.experts, self.weights = experts, weights
        self.faults: list[Fault] = []
        self.notices: list[str] = []
        self.disputed: set[str] = set()
        self.stated = {expert: _stated(card) for expert, card in experts.items()}

    def check_heads(self) -> None:
        """Refuse cards that do not speak of the same things."""
        dates = {str(card.reference_date) for card in self.experts.values()}
        if len(dates) > 1:
            ways = ", ".join(
                f"{e}: {c.reference_date}" for e, c in self.experts.items()
            )
            self._refuse(f"the cards have different reference dates ({ways})")
        for expert, tables in self.stated.items():
            if expert in NOTES or expert == "by":
                self._refuse(f"no expert can be called {expert}; rename the card")
            lacking = set().union(*self.stated.values()) - set(tables)
            if lacking:
                names = ", ".join(sorted(lacking))
                message = f"{expert} does not state {names}; every expert must"
                self._refuse(message, expert=expert)

    def tables(self) -> Table:
        """The tables of the pool; empty where something was refused."""
        if self.faults:
            return {}
        cards = [card.tables for card in self.experts.values()]
        merged: Table = {}
        shared_parts: dict[str, Table] = {}
        pairs: list[Any] = []
        for block in blocks(cards, self.stated.values()):
            if block.is_shared:
                shared_parts |= {
                    c: dict(cards[0]["components"][c]) for c in block.parts
                }
            else:
                self.disputed |= set(block.names)
            pairs += self._pairs(block.names)
        component = COMPONENT + "s" * (COMPONENT in shared_parts)
        labels = self._labels()
        for name in sorted(next(iter(self.stated.values()))):
            if name in self.disputed:
                merged[name] = self._pooled(name, component, labels)
            else:
                merged[name] = dict(next(iter(self.stated.values()))[name])
        weights = {label.name: float(f"{label.weight:.12g}") for label in labels}
        parts = {component: {"weights": weights}} if self.disputed else {}
        return {
            "components": shared_parts | parts,
            "parameters": merged,
            "dependence": {"spearman": pairs},
        }

    def _labels(self) -> list["_Label"]:
        """Each expert's worlds: all labels of the components of what is disputed."""
        found = []
        for (expert, card), weight in zip(
            self.experts.items(), self.weights, strict=True
        ):
            used = {
                self.stated[expert][name]["by"]
                for name in self.disputed
                if "by" in self.stated[expert][name]
            }
            parts = [card.joint.component(name) for name in sorted(used)]
            worlds = [zip(p.labels, p.weights, strict=True) for p in parts]
            for world in itertools.product(*worlds):
                chosen = {p.name: w[0] for p, w in zip(parts, world, strict=True)}
                found.append(
                    _Label(
                        name="-".join([expert, *chosen.values()]),
                        expert=expert,
                        chosen=chosen,
                        weight=weight * math.prod(share for _, share in world),
                    )
                )
        if len(found) > MOST_LABELS:
            self._refuse(f"the pool needs {len(found)} labels; {MOST_LABELS} at most")
        return found

    def _pooled(self, name: str, component: str, labels: list["_Label"]) -> Table:
        said = {expert: tables[name] for expert, tables in self.stated.items()}
        if any("same_as" in table for table in said.values()):
            targets = {table.get("same_as") for table in said.values()}
            if len(targets) > 1:
                self._refuse("same_as in one card and not in another", name)
            return dict(next(iter(said.values())))
        unit = self._unit(name, said)
        table: Table = {"unit": unit} if unit else {}
        table |= {"by": component} | self._notes(name, said)
        for label in labels:
            own = said[label.expert]
            law = own[label.chosen[own["by"]]] if "by" in own else _law(own)
            table[label.name] = self._restated(name, label.expert, law, unit)
        parents = {
            table[label.name]["given"]["parameter"]
            for label in labels
            if "given" in table[label.name]
        }
        if len(parents) > 1:
            ways = " and ".join(sorted(parents))
            self._refuse(f"given {ways}; a card allows one parent", name)
        return table

    def _unit(self, name: str, said: Mapping[str, Table]) -> str | None:
        """The first expert's unit; a doubling time only where all use one."""
        joints = (self.experts[e].joint for e, table in said.items() if "unit" in table)
        units = sorted((j.units[name] for j in joints), key=lambda u: u.decreasing)
        return units[0].name if units else None

    def _restated(self, name: str, expert: str, law: Table, unit: str | None) -> Table:
        joint = self.experts[expert].joint
        for word in ("group", "empirical"):
            if word in law or any(word in part for part in law.get("mixture", ())):
                message = f"{expert} reads it from {law.get(word, 'a file')}"
                self._refuse(f"{message}; a pool cannot carry tables", name, expert)
                return law
        if "given" in law or unit is None:
            return dict(law)
        wanted = next(
            card.joint.units[name]
            for card in self.experts.values()
            if card.joint.units[name].name == unit
        )
        try:
            return restated(law, joint.units[name], wanted)
        except ValueError as error:
            self._refuse(f"{expert} {error}", name, expert)
            return law

    def _notes(self, name: str, said: Mapping[str, Table]) -> Table:
        tables = list(said.values())
        for key in _SAID_ONCE:
            if any(table.get(key) != tables[0].get(key) for table in tables):
                self._refuse(f"the cards do not agree on {key}", name)
        notes = {key: tables[0][key] for key in _SAID_ONCE if key in tables[0]}
        sources = list(dict.fromkeys(t["source"] for t in tables if t.get("source")))
        dates = [table["date"] for table in tables if "date" in table]
        evidence = sorted({e for table in tables for e in table.get("evidence", ())})
        if sources:
            notes["source"] = "; ".join(sources)
        if len(dates) == len(tables):
            notes["date"] = max(dates)
        if evidence:
            notes["evidence"] = evidence
        if all("width" in table for table in tables):
            notes["width"] = tables[0]["width"]
        return notes | {"note": f"Linear pool of {', '.join(said)}."}

    def _pairs(self, names: Sequence[str]) -> list[Any]:
        """Rank correlations inside a block, which all experts must share."""
        said = {
            expert: [r for r in card.tables["dependence"]["spearman"] if r[0] in names]
            for expert, card in self.experts.items()
        }
        first, *others = said
        for other in others:
            for row in differing_pairs(said[first], said[other]):
                self._refuse(
                    f"{first} and {other} differ on the rank correlation "
                    f"{row[0]}–{row[1]}; a card has one for all labels, so state the "
                    "same in both"
                )
        return said[first]

    def _refuse(self, message: str, name: str = "", expert: str = "") -> None:
        """Note a fault, in the expert's own file where one expert is at fault."""
        fault = Fault(message, key=f"parameters.{name}" if name else None)
        if expert:
            card = self.experts[expert]
            belief = card.joint.belief_of.get(name)
            file = belief.file if belief is not None else card.files[0]
            line = belief.line if belief is not None else None
            fault = replace(fault, file=file, line=line)
        if fault not in self.faults:
            self.faults.append(fault)


@dataclass(frozen=True, kw_only=True)
class _Label:
    """One world of one expert: a label of each component that it needs."""

    name: str
    expert: str
    chosen: dict[str, str]
    weight: float


def _stated(card: Card) -> dict[str, Table]:
    """A card's parameter tables, with the defaults of what it is silent about."""
    tables = {name: dict(table) for name, table in card.tables["parameters"].items()}
    for name in card.joint.names():
        registered = parameter(name)
        if name not in tables and registered is not None:
            tables[name] = {"unit": registered.unit, "point": registered.default}
    return tables


def _law(table: Table) -> Table:
    return {key: value for key, value in table.items() if key not in NOTES}

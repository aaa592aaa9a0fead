"""Which parameters of several cards hang together, and which blocks they share."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from priors.belief import NOTES

Table = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Block:
    """Parameters that no card makes depend on any other.

    Attributes:
        names: The parameters, sorted.
        parts: Components that their tables name, sorted.
        is_shared: Whether all cards say the same of the whole block.
    """

    names: tuple[str, ...]
    parts: tuple[str, ...]
    is_shared: bool


def blocks(
    cards: Sequence[Table], stated: Collection[Mapping[str, Table]]
) -> tuple[Block, ...]:
    """Split parameters into blocks that are independent in every card.

    Args:
        cards: The resolved tables of each card, for components and dependence.
        stated: The parameters' tables of each card, all of the same names.
    """
    names = sorted(next(iter(stated)))
    root = {name: name for name in names}

    def top(name: str) -> str:
        while root[name] != name:
            name = root[name]
        return name

    for card, tables in zip(cards, stated, strict=True):
        for first, second in _links(card, tables):
            root[top(first)] = top(second)
    members: dict[str, list[str]] = {}
    for name in names:
        members.setdefault(top(name), []).append(name)
    return tuple(_block(found, cards, stated) for found in members.values())


def differing_pairs(first: list[Any], second: list[Any]) -> list[Any]:
    """Return the first rank correlation that two cards do not have alike, if any."""

    def by_pair(rows: list[Any]) -> dict[frozenset[str], float]:
        return {frozenset(row[:2]): row[2] for row in rows}

    one, other = by_pair(first), by_pair(second)
    return [
        row
        for row in (*first, *second)
        if one.get(frozenset(row[:2])) != other.get(frozenset(row[:2]))
    ][:1]


def _links(card: Table, tables: Mapping[str, Table]) -> list[tuple[str, str]]:
    """Pairs that depend on each other in one card."""
    links = [(row[0], row[1]) for row in card["dependence"]["spearman"]]
    first: dict[str, str] = {}
    for name, table in tables.items():
        links += [(name, other) for other in _parents(table)]
        for hub in (table.get("by"), table.get("group")):
            if hub is not None:
                links.append((name, first.setdefault(hub, name)))
    return links


def _parents(table: Table) -> list[str]:
    parts = [table, *(part for part in table.values() if isinstance(part, dict))]
    found = [part["given"]["parameter"] for part in parts if "given" in part]
    return found + ([table["same_as"]] if "same_as" in table else [])


def _block(
    names: list[str], cards: Sequence[Table], stated: Collection[Mapping[str, Table]]
) -> Block:
    parts = sorted({t[n]["by"] for t in stated for n in names if "by" in t[n]})
    said = [
        (
            {name: _meant(tables[name]) for name in names},
            {part: card["components"].get(part) for part in parts},
            {
                (frozenset(row[:2]), row[2])
                for row in card["dependence"]["spearman"]
                if row[0] in names
            },
        )
        for card, tables in zip(cards, stated, strict=True)
    ]
    is_shared = all(one == said[0] for one in said[1:])
    return Block(names=tuple(names), parts=tuple(parts), is_shared=is_shared)


def _meant(table: Table) -> dict[str, Any]:
    """A table without what it says about its sources."""
    kept = {"unit", "own", "meaning"}
    return {k: v for k, v in table.items() if k not in NOTES or k in kept}

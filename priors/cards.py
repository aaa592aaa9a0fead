"""Cards: sets of beliefs in TOML, shipped with the program or the user's own."""

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from priors.actor import Actor
from priors.assembly import Resolved, assemble
from priors.belief import FIT_ERROR
from priors.digest import digest
from priors.document import Document, Outline, read_document
from priors.faults import Fault, Refusal, nearest
from priors.joint import JointPrior
from priors.ledger import Ledger
from priors.overrides import OPTION
from priors.parameters import parameter
from priors.sheet import Sheet, sheet_of

DEFAULT_CARD = "literature-2026"
SHIPPED = Path(__file__).parent / "cards"
MAX_EXTENDS = 16
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_TEXTS = ("source", "note", "meaning")


@dataclass(frozen=True, kw_only=True)
class Card:
    """A set of beliefs, resolved: after ``extends`` and ``--set``.

    Attributes:
        name: As the file says.
        description: What it stands for.
        reference_date: Time zero: when the initial ratio of the actors holds.
        joint: The joint prior.
        tables: The resolved tables as TOML would give them.
        sha256: Hash of ``tables`` and of every CSV file they name.
        path: The compute path that holds where none is asked for, as text; it belongs
            to the configuration of a run, and is in neither tables nor hash.
        actor: The meek actor that ``--set`` put in the place of the card's.
        overridden: Parameters that ``--set`` gave.
        notices: What was replaced, fitted or repaired, one sentence each.
        files: The files read, the card itself first.
    """

    name: str
    description: str
    reference_date: datetime.date
    joint: JointPrior
    tables: Mapping[str, Any]
    sha256: str
    path: str | None = None
    actor: Actor | None = None
    overridden: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def shipped() -> tuple[str, ...]:
    """Return the names of the cards that come with the program."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.toml")))


def load(
    card: str | Path = DEFAULT_CARD,
    overrides: Sequence[str] = (),
    *,
    as_of: datetime.date | None = None,
) -> Card:
    """Return a card.

    Args:
        card: The name of a shipped card, or the path of a TOML file.
        overrides: ``NAME=SPEC`` each, SPEC being ``1.4`` or ``1.25..1.57@90%``, with
            a unit behind it or in the card's; a later one replaces an earlier. A
            budget, where the card knows what one buys, makes another ``actor``.
        as_of: A day; only what was published by then is believed, and overrides.

    Raises:
        Refusal: With every fault of a file, or every fault of the overrides, or every
            parameter that is left without a source.
    """
    sheets = _chain(locate_card(card))
    if as_of is not None:
        from priors.dated import known_by

        given = [option.partition("=")[0].strip() for option in overrides]
        sheets = known_by(sheets, as_of, given)
    return _resolved(sheets, overrides)


def recorded(
    name: str,
    tables: Mapping[str, Any],
    sha256: str,
    overrides: Sequence[str] = (),
    folders: Sequence[Path] = (),
) -> Card:
    """Return the card that a run had, from what its manifest holds.

    Args:
        name: The card's name.
        tables: ``Card.tables`` as strict JSON, dates as ISO text.
        sha256: ``Card.sha256``: what is rebuilt is what the run had.
        overrides: As ``load`` takes them, on top of what the run had.
        folders: Where CSV files may lie, if not beside the shipped cards.

    Raises:
        Refusal: If it cannot be rebuilt, or with every fault of the overrides.
    """
    sections = {key: _dated(value) for key, value in tables.items()}
    for folder in (SHIPPED, *folders):
        document = Document(
            file=f"card {name}",
            folder=folder,
            tables=sections | {"name": name},
            outline=Outline(lines={}, twice=(), depth=0),
        )
        sheets = [sheet_of(document)]
        try:
            is_same = _resolved(sheets, ()).sha256 == sha256
        except (Refusal, OSError):
            continue
        if is_same:
            return _resolved(sheets, overrides)
    message = "the beliefs of the run cannot be rebuilt: a CSV file is gone or changed"
    raise Refusal(Fault(message, file=f"card {name}"))


def _dated(value: Any, key: str = "") -> Any:
    """Tables with their dates as dates; texts about sources stay texts."""
    if isinstance(value, Mapping):
        return {inner: _dated(item, inner) for inner, item in value.items()}
    if isinstance(value, list):
        return [_dated(item, key) for item in value]
    is_date = isinstance(value, str) and _ISO.fullmatch(value) and key not in _TEXTS
    return datetime.date.fromisoformat(value) if is_date else value


def _resolved(sheets: list[Sheet], overrides: Sequence[str]) -> Card:
    ledger = Ledger(sheets)
    ledger.override(overrides)
    resolved = ledger.resolved()
    faults = ledger.faults
    joint, notices, actor = None, (), None
    try:
        actor = ledger.actor()
    except Refusal as refusal:
        faults += refusal.faults
    try:
        joint, notices = assemble(resolved)
    except Refusal as refusal:
        faults += refusal.faults
    if joint is None or faults:
        raise Refusal(_in_order(faults))
    tables = _tables(resolved)
    return Card(
        name=sheets[-1].name,
        description=sheets[-1].description,
        reference_date=resolved.reference_date,
        joint=joint,
        tables=tables,
        sha256=digest(tables, resolved.parameters.values()),
        path=ledger.path,
        actor=actor,
        overridden=tuple(sorted(ledger.overridden)),
        notices=(*ledger.notices, *notices, *(actor.notices if actor else ())),
        files=tuple(sheet.document.file for sheet in reversed(sheets)),
    )


def check(path: str | Path) -> tuple[str, ...]:
    """Return what is not wrong with a card but should be known about it.

    Args:
        path: A card's path or name.

    Raises:
        Refusal: With every fault of the file.
    """
    card = load(path)
    warnings = list(card.notices)
    parameters = card.tables["parameters"]
    for name, table in parameters.items():
        if parameter(name) is None:
            warnings.append(
                f"{name}: a parameter of your own, for formulas; nothing else reads it"
            )
        if table.get("width") == FIT_ERROR:
            warnings.append(
                f"{name}: the width is the standard error of a past fit only; a "
                "forecast is less certain than that"
            )
        missing = [key for key in ("source", "date") if key not in table]
        if missing:
            warnings.append(f"{name}: no {' and no '.join(missing)}")
    named = {belief.by for belief in card.joint.beliefs}
    own = _chain(locate_card(path))[-1].document.tables.get("components", {})
    warnings += [
        f"components.{component.name}: no parameter is by this component"
        for component in card.joint.components
        if component.name not in named and component.name in own
    ]
    return tuple(warnings)


def locate_card(card: str | Path) -> Path:
    """Return the file of a card.

    Raises:
        Refusal: If no shipped card has that name and it is no path of a TOML file.
    """
    if isinstance(card, Path):
        return card
    if card in shipped():
        return SHIPPED / f"{card}.toml"
    if card.endswith(".toml") or "/" in card or _is_there(card):
        return Path(card)
    known = shipped()
    raise Refusal(
        Fault(
            f'unknown card "{card}"{nearest(card, known)} (shipped: '
            f"{', '.join(known)}; a card of your own is named by its path)"
        )
    )


def _is_there(file: str) -> bool:
    try:
        return Path(file).exists()
    except OSError:
        return False


def _chain(path: Path) -> list[Sheet]:
    """Return the sheets of a card, the one it rests on first."""
    chain: list[Sheet] = []
    seen: list[Path] = []
    while True:
        sheet = sheet_of(read_document(path))
        chain.append(sheet)
        seen.append(path.resolve())
        if sheet.extends is None:
            return chain[::-1]
        if sheet.extends.endswith(".toml"):
            path = path.parent / sheet.extends
        else:
            try:
                path = locate_card(sheet.extends)
            except Refusal as refusal:
                message = refusal.faults[0].message
                raise Refusal(sheet.document.fault(message, "extends")) from refusal
        if path.resolve() in seen or len(chain) >= MAX_EXTENDS:
            message = f'extends = "{sheet.extends}" leads back to a card read before'
            raise Refusal(sheet.document.fault(message, "extends"))


def _in_order(faults: Sequence[Fault]) -> list[Fault]:
    """Sort faults by line; those of ``--set`` are named by the parameter alone."""
    named = [
        replace(fault, key=_parameter_of(fault.key or ""))
        if fault.file == OPTION
        else fault
        for fault in faults
    ]
    return sorted(named, key=lambda fault: (fault.file or "", fault.line or 0))


def _parameter_of(key: str) -> str:
    """Return the parameter whose table a key is in; its instance may have dots."""
    name = re.match(r"[^.\[]*(\[[^\]]*\])?", key.removeprefix("parameters."))
    return name[0] if name else ""


def _tables(resolved: Resolved) -> dict[str, Any]:
    return {
        "schema": 1,
        "reference_date": resolved.reference_date,
        "parameters": {n: dict(s.table) for n, s in resolved.parameters.items()},
        "components": {n: dict(s.table) for n, s in resolved.components.items()},
        "dependence": {"spearman": list(resolved.spearman)},
    }

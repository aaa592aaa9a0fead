"""The finished blocks of a run, on disk: what an interrupted run need not do again.

``ledger.jsonl`` says in its first line whose blocks these are, then one line a block
with the checksum of its file. A block without its line does not exist. A block is a
pure function of the configuration, of what is counted and of its range of draws, and
its name says the latter two.
"""

import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from mc.engine import durable
from mc.engine.storage import Foreign

FORMAT = 1
LEDGER = "ledger.jsonl"
MAGIC = b"meekmc block 1\n"
SUFFIX = ".block"
DRAWS, COUNTS = "draws", "counts"
"""Kinds of blocks: with draws one by one, or without."""

Say = Callable[[str], None]


class Ledger:
    """Blocks in a folder, which is made when the first of them is finished.

    Args:
        folder: Where they lie, or will.
        say: Told of blocks that are damaged.

    Attributes:
        folder: The same.
        kept: Blocks that were read and not computed, of this process.
        written: Blocks that were computed and written, of this process.
    """

    def __init__(self, folder: Path, say: Say = lambda _: None) -> None:
        self.folder, self._say = folder, say
        self.kept = self.written = 0
        self._owner: dict[str, Any] = {}
        self._sums: dict[str, str] = {}
        self._size = 0

    def open(self, owner: dict[str, Any]) -> None:
        """Read what is there.

        Args:
            owner: Configuration and machine; strict JSON.

        Raises:
            Foreign: If the blocks are of another configuration, machine or format, or
                the ledger cannot be read.
        """
        self._owner = json.loads(json.dumps(owner))
        self._sums, self._size = {}, 0
        found = header(self.folder)
        if found is None:
            return
        check_same(self.folder, found["owner"], self._owner)
        lines, self._size = _lines(self.folder)
        for number, line in enumerate(lines[1:], start=2):
            try:
                told = json.loads(line)
                self._sums[str(told["block"])] = str(told["sha256"])
            except (ValueError, KeyError, TypeError) as error:
                raise Foreign(_unreadable(self.folder, number, error)) from error

    def sound(self, name: str) -> bool:
        """Whether a block is there and as it was written; a damaged one is told."""
        if name not in self._sums:
            return False
        file = self._file(name)
        try:
            with file.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError:
            found = "no file"
        if found == self._sums[name]:
            return True
        self._say(
            f"block {name} does not match its checksum (expected "
            f"{self._sums[name][:8]}…, found {found[:8]}…); computing it again"
        )
        return False

    def read(self, name: str, like: Sequence[tuple[np.dtype, tuple[int, ...]]]) -> list:
        """Arrays of a sound block.

        Args:
            name: Its name.
            like: The dtype and shape of each array.

        Raises:
            Foreign: If it holds other arrays.
        """
        data = self._file(name).read_bytes()
        sizes = [dtype.itemsize * math.prod(shape) for dtype, shape in like]
        if not data.startswith(MAGIC) or len(data) != len(MAGIC) + sum(sizes):
            raise Foreign(f"{self._file(name)} holds other arrays than this run's")
        self.kept += 1
        arrays, place = [], len(MAGIC)
        for (dtype, shape), size in zip(like, sizes, strict=True):
            rows = np.frombuffer(data, dtype, math.prod(shape), offset=place)
            arrays.append(rows.reshape(shape))
            place += size
        return arrays

    def write(self, name: str, arrays: Iterable[np.ndarray]) -> None:
        """Write a block, then its line.

        Raises:
            OSError: If the disk does not take it; the others are untouched.
        """
        if not self._size:
            self._begin()
        parts = [MAGIC, *(np.ascontiguousarray(a).tobytes() for a in arrays)]
        digest = hashlib.sha256()
        for part in parts:
            digest.update(part)
        durable.write(self._file(name), parts)
        line = json.dumps({"block": name, "sha256": digest.hexdigest()}) + "\n"
        self._size = durable.append(self.folder / LEDGER, line.encode(), self._size)
        self._sums[name] = digest.hexdigest()
        self.written += 1

    def copy_to(self, folder: Path, is_kept: Callable[[str], bool]) -> None:
        """Lay blocks into another folder too; none is made where there are none."""
        names = [name for name in self._sums if is_kept(name)]
        if not names:
            return
        folder.mkdir(parents=True, exist_ok=True)
        for name in names:
            _link(self._file(name), folder / self._file(name).name)
        lines = [{"format": FORMAT, "owner": self._owner}]
        lines += [{"block": name, "sha256": self._sums[name]} for name in names]
        text = "".join(json.dumps(line) + "\n" for line in lines)
        durable.write(folder / LEDGER, [text.encode()])

    @property
    def blocks(self) -> tuple[str, ...]:
        """Names of all blocks, in the order in which they were finished."""
        return tuple(self._sums)

    def count(self) -> int:
        """How many blocks have their line on disk now."""
        if not (self.folder / LEDGER).exists():
            return 0
        return len(_lines(self.folder)[0]) - 1

    def _begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps({"format": FORMAT, "owner": self._owner}) + "\n"
        durable.write(self.folder / LEDGER, [text.encode()])
        durable.sync_folder(self.folder.parent)
        self._size = len(text.encode())

    def _file(self, name: str) -> Path:
        return self.folder / f"{name}{SUFFIX}"


def _link(file: Path, other: Path) -> None:
    """The same file under another name, or a copy where that cannot be."""
    other.unlink(missing_ok=True)
    try:
        os.link(file, other)
    except OSError:
        shutil.copyfile(file, other)


def header(folder: Path) -> dict[str, Any] | None:
    """The first line of a ledger; None where there is none.

    Raises:
        Foreign: If it cannot be read, or is of a newer format.
    """
    if not (folder / LEDGER).exists():
        return None
    lines, _ = _lines(folder)
    try:
        found = json.loads(lines[0])
        form, _ = int(found["format"]), dict(found["owner"])
    except (IndexError, ValueError, KeyError, TypeError) as error:
        raise Foreign(_unreadable(folder, 1, error)) from error
    if form > FORMAT:
        raise Foreign(
            f"{folder / LEDGER} has format {form}, newer than this program (knows up "
            f"to {FORMAT}); upgrade meekmc"
        )
    return found


def check_same(folder: Path, before: Any, now: Any) -> None:
    """Refuse blocks of another run.

    Raises:
        Foreign: With every key that differs, what it was and is.
    """
    changes = list(differences(before, now))
    if changes:
        shown = "; ".join(changes[:4]) + ("; …" if len(changes) > 4 else "")
        raise Foreign(f"{folder} is of another run: {shown}. Use a new --out")


def differences(before: Any, now: Any, key: str = "") -> Iterable[str]:
    """Every key of strict JSON that differs: ``card.sha256 was …, now …``."""
    if isinstance(before, dict) and isinstance(now, dict):
        for name in sorted({*before, *now}):
            inner = f"{key}.{name}" if key else name
            yield from differences(before.get(name), now.get(name), inner)
    elif before != now:
        yield f"{key} was {_short(before)}, now {_short(now)}"


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:59] + "…"


def _lines(folder: Path) -> tuple[list[bytes], int]:
    """Whole lines of a ledger and their size; what follows the last is no line."""
    data = (folder / LEDGER).read_bytes()
    size = data.rfind(b"\n") + 1
    return data[:size].splitlines(), size


def _unreadable(folder: Path, line: int, error: Exception) -> str:
    return (
        f"{folder / LEDGER} is not readable (line {line}: {error}); blocks are "
        f"untouched. Remove {folder} to start again"
    )

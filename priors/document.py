"""A TOML file with the line of every key, refused where it is not one."""

import errno
import re
import stat
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from priors.faults import Fault, Refusal

MAX_BYTES = 2**20
MAX_DEPTH = 32
_ABSENT = (errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP)

_TOKEN = re.compile(
    r'''(?P<text>"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')'''
    r"""|(?P<comment>\#[^\n]*)|(?P<newline>\n)|(?P<mark>[\[\]{}=,])"""
    r"""|(?P<bare>[^\s\[\]{}=,#"']+)|(?P<rest>.)""",
    re.DOTALL,
)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """Where the keys of a TOML text stand.

    Attributes:
        lines: Dotted path of a key (``a.b``, ``a.list[0]``) to its line, from 1.
        twice: Keys given twice, with both lines.
        depth: How deep the text is nested, as far as it was read.
    """

    lines: dict[str, int]
    twice: tuple[tuple[str, int, int], ...]
    depth: int


@dataclass(frozen=True, kw_only=True)
class Document:
    """One file, read.

    Attributes:
        file: The file as it is named in messages.
        folder: Its folder; None where no file stands beside it.
        tables: What TOML gives.
        outline: Where its keys stand.
    """

    file: str
    folder: Path | None
    tables: dict[str, Any]
    outline: Outline

    def fault(self, message: str, key: str = "") -> Fault:
        """Return a fault at a key, with the line of the nearest key that is written."""
        line, path = None, key
        while path and (line := self.outline.lines.get(path)) is None:
            path = _parent(path)
        return Fault(message, file=self.file, line=line, key=key or None)


def read_document(path: Path) -> Document:
    """Read a TOML file of at most 1 MiB, nested at most 32 levels deep.

    Args:
        path: The file.

    Raises:
        Refusal: If it is no such file; duplicate keys are named with both lines.
    """
    text = _text(path)
    outline = outline_of(text)
    if outline.depth > MAX_DEPTH:
        raise Refusal(Fault(f"nested deeper than {MAX_DEPTH} levels", file=str(path)))
    if outline.twice:
        raise Refusal(
            Fault(
                f"given twice (lines {first} and {second}); keep one",
                file=str(path),
                line=second,
                key=key,
            )
            for key, first, second in outline.twice
        )
    try:
        tables = tomllib.loads(text)
    except ValueError as error:
        where = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        line = int(where[1]) if where else None
        said = str(error).replace(where[0], f", column {where[2]}") if where else error
        raise Refusal(Fault(f"not TOML: {said}", file=str(path), line=line)) from error
    if not tables:
        raise Refusal(
            Fault("the file is empty; a card begins schema = 1", file=str(path))
        )
    return Document(file=str(path), folder=path.parent, tables=tables, outline=outline)


def _parent(path: str) -> str:
    """Return a path without its last key, index or instance in brackets."""
    if bracket := re.search(r"\[[^\[\]]*\]$", path):
        return path[: bracket.start()]
    return path.rpartition(".")[0]


def _text(path: Path) -> str:
    try:
        status = path.stat()
    except OSError as error:
        if error.errno not in _ABSENT:
            raise
        raise Refusal(Fault("there is no such file", file=str(path))) from error
    if stat.S_ISDIR(status.st_mode):
        raise Refusal(Fault("is a directory; name a TOML file", file=str(path)))
    if not stat.S_ISREG(status.st_mode):
        raise Refusal(Fault("is not a regular file", file=str(path)))
    if status.st_size > MAX_BYTES:
        message = f"has {status.st_size:,} bytes; a card has at most {MAX_BYTES:,}"
        raise Refusal(Fault(message, file=str(path)))
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        byte = raw[error.start]
        message = f"is not UTF-8 text (byte 0x{byte:02x} at offset {error.start})"
        raise Refusal(Fault(message, file=str(path))) from error
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


@dataclass(kw_only=True)
class _Scan:
    """Progress through the tokens of a text: open brackets, and the key being read."""

    lines: dict[str, int] = field(default_factory=dict)
    twice: list[tuple[str, int, int]] = field(default_factory=list)
    depth: int = 0
    base: str = ""
    items: dict[str, int] = field(default_factory=dict)
    stack: list[tuple[str, str, int]] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    path: str = ""
    in_value: bool = False

    def note(self, path: str, line: int, *, once: bool = False) -> None:
        self.depth = max(self.depth, len(self.stack) + path.count(".") + 1)
        if once and path in self.lines:
            self.twice.append((path, self.lines[path], line))
        self.lines.setdefault(path, line)

    def header(self, parts: list[str], line: int, *, is_item: bool) -> None:
        """Begin a table, or one more table of a list."""
        path = ""
        for part in parts[:-1]:
            path = self._latest(f"{path}.{part}".strip("."))
        path = f"{path}.{parts[-1] if parts else ''}".strip(".")
        if is_item:
            self.items[path] = self.items.get(path, -1) + 1
            path = self._latest(path)
        self.base = path
        self.note(path, line, once=True)

    def _latest(self, path: str) -> str:
        """Return a path with the index of the last table, where it is a list."""
        return f"{path}[{self.items[path]}]" if path in self.items else path

    def key(self, line: int) -> None:
        """Take the parts read so far as the path of a key."""
        parent = self.stack[-1][1] if self.stack else self.base
        self.path = ".".join([*([parent] if parent else []), *self.parts])
        self.note(self.path, line, once=True)
        self.parts, self.in_value = [], True

    def item(self, line: int) -> str:
        """Return the path of the value that begins here, and note its line."""
        if self.stack and self.stack[-1][0] == "[":
            path = f"{self.stack[-1][1]}[{self.stack[-1][2]}]"
            self.lines.setdefault(path, line)
            return path
        return self.path

    def mark(self, token: str, line: int) -> None:
        """Open or close a bracket, or go on to the next item."""
        if token in "[{":
            self.stack.append((token, self.item(line), 0))
            self.depth = max(self.depth, len(self.stack))
            self.in_value = token == "["
        elif token in "]}":
            if self.stack:
                self.stack.pop()
            self.in_value, self.parts = True, []
        elif token == "," and self.stack:
            kind, path, index = self.stack[-1]
            self.stack[-1] = (kind, path, index + 1)
            self.in_value, self.parts = kind == "[", []


def outline_of(text: str) -> Outline:
    """Return where the keys of a TOML text stand; never fails, whatever the text.

    Reading ends where the text is nested deeper than a card may be.
    """
    scan = _Scan()
    header: list[str] | None = None
    brackets = 0
    at_start = True
    for kind, token, line in _tokens(text):
        if scan.depth > MAX_DEPTH:
            break
        if kind == "newline":
            at_start = not scan.stack
            if at_start:
                scan.in_value, scan.parts, header, brackets = False, [], None, 0
        elif at_start and token == "[":
            header, brackets = [], brackets + 1
        elif header is not None:
            if kind in ("bare", "text"):
                header += _parts(kind, token)
            else:
                scan.header(header, line, is_item=brackets > 1)
                header = None
            at_start = False
        elif not scan.in_value and kind in ("bare", "text"):
            scan.parts += _parts(kind, token)
            at_start = False
        elif not scan.in_value and token == "=":
            scan.key(line)
        elif kind == "mark":
            scan.mark(token, line)
        else:
            scan.item(line)
    return Outline(lines=scan.lines, twice=tuple(scan.twice), depth=scan.depth)


def _parts(kind: str, token: str) -> list[str]:
    if kind == "text":
        return [token.strip("\"'")]
    return [part for part in token.split(".") if part]


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line = 1
    for match in _TOKEN.finditer(text):
        kind, token = match.lastgroup or "rest", match[0]
        if kind not in ("comment", "rest"):
            yield kind, token, line
        line += token.count("\n")

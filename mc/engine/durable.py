"""Files that are there whole or not at all, whenever the machine stops.

A file is written beside its place, synced, and renamed into it; a line is appended and
synced. What a power cut or a full disk leaves is the old state or the new one.
"""

import contextlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path


def _pass_by(point: str) -> None:
    """Do nothing: where a run goes on."""
    del point


reached: Callable[[str], None] = _pass_by
"""Called at every step that a crash may follow, with its name; tests crash there."""


def write(file: Path, parts: Iterable[bytes | memoryview]) -> None:
    """Write ``file`` whole.

    Raises:
        OSError: If the disk does not take it; what was there before is there still.
    """
    scratch = file.with_name(f".{file.name}.part")
    try:
        with scratch.open("wb") as stream:
            reached("opened")
            for part in parts:
                stream.write(part)
            reached("written")
            stream.flush()
            os.fsync(stream.fileno())
        reached("synced")
        os.replace(scratch, file)
    except OSError:
        with contextlib.suppress(OSError):
            scratch.unlink()
        raise
    reached("renamed")
    sync_folder(file.parent)
    reached("folder-synced")


def append(file: Path, line: bytes, size: int) -> int:
    """Append a line to the first ``size`` bytes of ``file``; return its new size.

    Raises:
        OSError: If the disk does not take it; the line is then cut off again.
    """
    with file.open("r+b", buffering=0) as stream:
        stream.truncate(size)
        stream.seek(size)
        reached("before-line")
        try:
            half = len(line) // 2
            _put(stream.fileno(), line[:half])
            reached("half-line")
            _put(stream.fileno(), line[half:])
            os.fsync(stream.fileno())
        except OSError:
            with contextlib.suppress(OSError):
                stream.truncate(size)
            raise
    reached("after-line")
    return size + len(line)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder last."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _put(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]

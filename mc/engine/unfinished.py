"""A run folder under work: a lock, its blocks beside it, and what replaces what.

``base.unfinished/blocks`` holds the blocks until ``base`` can appear whole. A finished
run that is extended stays until the longer one is ready to take its place.
"""

import contextlib
import datetime
import fcntl
import json
import os
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mc.engine.ledger import COUNTS, Foreign, Ledger, Say, header
from mc.engine.storage import CannotWrite, FolderTaken, check_free, replaced

BLOCKS = "blocks"
_SCRATCH = re.compile(r"[a-z0-9_]{8}")


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Keep other runs out of ``folder``; a process that dies lets go.

    Raises:
        FolderTaken: If another process is at work there.
        CannotWrite: If no lock can be made.
    """
    missing = [p for p in [*folder.absolute().parents] if not p.exists()]
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        file = folder.with_name(f".{folder.name}.lock")
        handle = _locked(folder, file)
    except OSError as error:
        raise CannotWrite(f"cannot write in {folder.parent}: {error}") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            file.unlink()
        os.close(handle)
        for parent in missing:
            with contextlib.suppress(OSError):
                parent.rmdir()


def _locked(folder: Path, file: Path) -> int:
    while True:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            who = os.read(handle, 200).decode("utf-8", "replace").strip()
            os.close(handle)
            raise FolderTaken(f"{folder} is in use by {who or 'another'}") from None
        # One that has just ended may have removed the file that was opened.
        if file.exists() and os.fstat(handle).st_ino == file.stat().st_ino:
            break
        os.close(handle)
    since = f"{datetime.datetime.now(datetime.UTC):%Y-%m-%d %H:%M:%S} UTC"
    told = f"process {os.getpid()} on host {socket.gethostname()} since {since}"
    os.ftruncate(handle, 0)
    os.write(handle, told.encode())
    return handle


def place_of(folder: Path) -> Path:
    """Where the blocks of a folder under work lie."""
    return folder.with_name(f"{folder.name}.unfinished")


def begin(folder: Path, *, resume: bool, say: Say) -> Ledger:
    """The ledger of a run that begins, or goes on; the folder is held.

    Args:
        folder: Of the run.
        resume: Whether to go on from what is there.
        say: Told of damaged blocks.

    Raises:
        FolderTaken: If something is there, and the run is not to go on from it.
        mc.engine.ledger.Foreign: If blocks that are there cannot be read.
    """
    place = place_of(folder)
    ledger = Ledger(place / BLOCKS, say)
    if not resume:
        check_free(folder)
        if place.exists():
            raise FolderTaken(
                f"{place} holds an unfinished run: add --resume to go on, or remove it"
            )
        return ledger
    _recover(folder)
    is_run = finished(folder) is not None or place.exists()
    if not is_run:
        check_free(folder)
    if header(ledger.folder) is None and (found := header(folder / BLOCKS)):
        shorter = Ledger(folder / BLOCKS, say)
        shorter.open(found["owner"])
        shorter.copy_to(ledger.folder, lambda _: True)
    return ledger


def configuration_of(folder: Path) -> dict[str, Any] | None:
    """The configuration of the run in ``folder`` or under work for it, if any.

    Raises:
        mc.engine.ledger.Foreign: If it cannot be read.
    """
    found = header(place_of(folder) / BLOCKS)
    if found is not None:
        return found["owner"]["configuration"]
    manifest = finished(folder)
    return manifest["configuration"] if manifest else None


def finished(folder: Path) -> dict[str, Any] | None:
    """The manifest of a finished run; None where there is no run.

    Raises:
        mc.engine.ledger.Foreign: If there is a manifest, but not of a run.
    """
    file = folder / "manifest.json"
    if not file.exists():
        return None
    try:
        manifest = json.loads(file.read_text(encoding="utf-8"))
        dict(manifest["configuration"])
        int(manifest["draws"]["total"])
    except (ValueError, KeyError, TypeError) as error:
        raise Foreign(f"{file} is not readable: {error!r}; use a new --out") from error
    return manifest


def day_of(folder: Path) -> str | None:
    """What "today" means in the run that is there, if any."""
    found = configuration_of(folder)
    return str(found["today"]) if found and "today" in found else None


def keep_counts(ledger: Ledger, scratch: Path) -> None:
    """Put the blocks that stay with a finished run into its folder to be.

    Those that hold draws one by one are large, and made again in seconds; they go.
    """
    ledger.copy_to(scratch / BLOCKS, lambda name: name.startswith(COUNTS))


def end(place: Path) -> None:
    """Remove the blocks of a run that is finished."""
    shutil.rmtree(place, ignore_errors=True)


def _recover(folder: Path) -> None:
    """Undo what a crash left between two renames, and its scratch folders."""
    old = replaced(folder)
    if old.exists() and not folder.exists():
        old.rename(folder)
    shutil.rmtree(old, ignore_errors=True)
    for other in folder.parent.glob(f".{folder.name}-*"):
        if _SCRATCH.fullmatch(other.name.removeprefix(f".{folder.name}-")):
            shutil.rmtree(other, ignore_errors=True)

"""A run folder appears whole or not at all, and never replaces another."""

import contextlib
import datetime
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mc.engine import durable


class FolderTaken(Exception):
    """The asked folder already holds something (exit code 4)."""


class NotARun(Exception):
    """A folder that holds no run, or one of another format (exit code 4)."""


class Foreign(Exception):
    """Blocks that are damaged, or of another run (exit code 4)."""


class CannotWrite(Exception):
    """The asked folder cannot be made or written (exit code 3)."""


def default_folder(experiment: str, now: datetime.datetime) -> Path:
    """``runs/<experiment>-<UTC time>``."""
    return Path("runs") / f"{experiment}-{now:%Y%m%dT%H%M%SZ}"


def check_free(folder: Path) -> None:
    """Refuse a folder that is taken or cannot be written, before any work is done.

    Raises:
        FolderTaken: If it is a file, or a folder that is not empty.
        CannotWrite: If it, or the first parent that exists, takes no files.
    """
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise FolderTaken(
            f"{folder} is not empty; a run never overwrites: choose another --out"
        )
    parent = next(p for p in [folder, *folder.absolute().parents] if p.exists())
    try:
        tempfile.TemporaryDirectory(prefix=".meekmc-", dir=parent).cleanup()
    except OSError as error:
        raise CannotWrite(f"cannot write in {parent}: {error.strerror}") from error


@contextlib.contextmanager
def writing(folder: Path, *, replace: bool = False) -> Iterator[Path]:
    """A scratch folder that becomes ``folder`` when everything in it is written.

    Args:
        folder: The folder.
        replace: Whether it takes the place of what is there.

    Raises:
        FolderTaken: If ``folder`` has been filled meanwhile.
        CannotWrite: If the disk is full or does not take the files.
    """
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        scratch = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise CannotWrite(f"cannot write in {folder.parent}: {error}") from error
    try:
        yield scratch
        _publish(scratch, folder, replace=replace)
    except OSError as error:
        raise CannotWrite(f"cannot write {folder}: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_manifest(folder: Path, manifest: dict[str, Any]) -> None:
    """Write strict JSON, with a checksum of every other file in ``folder``."""
    files = {
        str(file.relative_to(folder)): digest(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
    text = json.dumps(manifest | {"files": files}, indent=1, allow_nan=False)
    (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")


def digest(file: Path) -> str:
    """SHA-256 of a file's content."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def replaced(folder: Path) -> Path:
    """Where a run lies while another takes its place."""
    return folder.with_name(f".{folder.name}.replaced")


def _publish(scratch: Path, folder: Path, *, replace: bool) -> None:
    for file in [f for f in scratch.rglob("*") if f.is_file()]:
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    scratch.chmod(0o755)
    if replace and folder.is_dir():
        folder.rename(replaced(folder))
        durable.reached("old-run-aside")
    else:
        check_free(folder)
        if folder.is_dir():
            folder.rmdir()
    scratch.rename(folder)
    durable.reached("run-in-place")
    durable.sync_folder(folder.parent)
    shutil.rmtree(replaced(folder), ignore_errors=True)

"""Compiled kernels, kept from one run to the next in the user's cache folder.

Compiling is most of a short run. What is kept is code, so that the folder's name says
what made it and for which processor: no other jaxlib or processor ever reads it.
"""

import hashlib
import importlib
import importlib.metadata
import os
import platform
import sys
import warnings
from pathlib import Path

import jax

VARIABLE = "MEEKMC_CACHE"
"""A folder to keep them in instead, or ``off``."""

MOST_BYTES = 2**29
"""Size at which a folder is emptied and begun anew."""

PROCESSOR = frozenset(
    (
        *("vendor_id", "cpu family", "model", "model name", "stepping", "flags"),
        *("cpu implementer", "cpu architecture", "cpu variant", "cpu part", "features"),
    )
)
"""What Linux tells of a processor that code may depend on: x86, then Arm."""

FATAL = 3

MOST_MAPPINGS = 0.5
"""Share of the mappings that Linux allows a process, from which kernels are dropped.

Every kernel holds about three; past the last one the process dies, without a word.
"""


def keep_compilations() -> None:
    """Read compiled kernels from the cache folder of this user, and add to it.

    Nothing changes where JAX keeps them in a folder already, or is told not to. A
    folder that cannot be used costs speed and nothing else.
    """
    asked = os.environ.get(VARIABLE, "")
    if not jax.config.values["jax_enable_compilation_cache"] or asked == "off":
        return
    if jax.config.values["jax_compilation_cache_dir"] is None:
        folder = _usable_folder(asked)
        if folder is None:
            return
        jax.config.update("jax_compilation_cache_dir", str(folder))
        jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
        jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)
    message = "Error (reading|writing) persistent compilation cache"
    warnings.filterwarnings("ignore", message=message)
    # With AVX-512 every load is told as a mismatch that is none (jax-ml/jax#38445).
    importlib.import_module("jaxlib.utils").absl_set_min_log_level(FATAL)


def drop_compilations_if_many() -> None:
    """Forget the kernels of earlier runs before they fill this process's address space.

    What is needed again is traced and read from the folder again, a matter of seconds.
    Only Linux limits a process's mappings to a number that kernels can reach.
    """
    try:
        allowed = int(Path("/proc/sys/vm/max_map_count").read_text(encoding="ascii"))
        mappings = Path("/proc/self/maps").read_bytes().count(b"\n")
    except (OSError, ValueError):
        return
    if mappings > MOST_MAPPINGS * allowed:
        jax.clear_caches()


def cache_folder() -> Path:
    """Where the system keeps what may be deleted at any time."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "meekmc"
    if sys.platform == "win32":
        given, default = "LOCALAPPDATA", Path.home() / "AppData" / "Local"
    else:
        given, default = "XDG_CACHE_HOME", Path.home() / ".cache"
    return Path(os.environ.get(given) or default) / "meekmc"


def made_by_and_for() -> str:
    """Version of jaxlib, and this machine's processor."""
    version = importlib.metadata.version("jaxlib")
    digest = hashlib.sha256(_processor().encode()).hexdigest()
    return f"jaxlib-{version}-{platform.machine()}-{digest[:12]}"


def _processor() -> str:
    """Model and features; where they cannot be read, the name of the machine."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        text = ""
    lines = text.lower().splitlines()
    told = {line for line in lines if line.partition(":")[0].strip() in PROCESSOR}
    return "\n".join(sorted(told)) or f"{platform.processor()} {platform.node()}"


def _usable_folder(asked: str) -> Path | None:
    """The folder, if it is there, this user's, and closed to what others write."""
    try:
        folder = Path(asked or cache_folder()) / made_by_and_for()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        files = list(folder.iterdir())
        if sum(file.stat().st_size for file in files) > MOST_BYTES:
            for file in files:
                file.unlink(missing_ok=True)
        found = folder.stat()
    except (OSError, RuntimeError):
        return None
    is_own = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    is_closed = os.name != "posix" or not found.st_mode & 0o022
    is_open = os.access(folder, os.W_OK | os.X_OK)
    return folder if is_own and is_closed and is_open else None

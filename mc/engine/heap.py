"""The C library's heap: free memory goes back to the system, threads share it."""

import contextlib
import ctypes
import sys

_MOST_ARENAS = -8
"""The number of that parameter in glibc's ``malloc.h``."""


def give_back() -> None:
    """Return what has been freed, where the C library knows how (glibc)."""
    with contextlib.suppress(AttributeError, OSError):
        _library().malloc_trim(0)


def share_arenas(number: int) -> None:
    """Let threads allocate in so many arenas at most: each keeps what it has had."""
    with contextlib.suppress(AttributeError, OSError):
        _library().mallopt(_MOST_ARENAS, number)


def _library() -> ctypes.CDLL:
    """The C library; that of other systems lacks both functions.

    Raises:
        OSError: If there is none to be had this way.
    """
    if sys.platform != "linux":
        raise OSError(sys.platform)
    return ctypes.CDLL(None)

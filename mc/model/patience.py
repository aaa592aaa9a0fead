"""Work that may never end, done in a process of its own and stopped in time.

SymPy may think for hours about a limit. A thread cannot be stopped; a process can,
and what it had found until then is kept.
"""

import contextlib
import io
import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

MOST_MEMORY = 4 << 30
"""Bytes of address space: a tower of exponentials fills any memory."""
SLACK = 5
"""Seconds on the clock for one second of work, on a busy machine."""


def last(work: Callable[..., Iterator[Any]], *args: Any, seconds: float) -> Any:
    """The last thing that ``work(*args)`` yields within ``seconds`` of processor time.

    Args:
        work: A generator function of a module; it, its arguments and what it yields
            can be pickled.
        args: What it is called with.
        seconds: When it is stopped.

    Returns:
        The last thing yielded; None if there was none.

    Raises:
        RuntimeError: If it fails rather than takes too long.
    """
    task = pickle.dumps((seconds, work, args))
    command = [sys.executable, "-m", __name__]
    places = os.pathsep.join(path for path in sys.path if path)
    said: Any = b""
    try:
        done = subprocess.run(
            command,
            input=task,
            capture_output=True,
            timeout=SLACK * seconds,
            env=os.environ | {"PYTHONPATH": places},
            check=False,
        )
        said = done.stdout
        if done.returncode > 0:
            raise RuntimeError(done.stderr.decode(errors="replace").strip())
    except subprocess.TimeoutExpired as late:
        said = late.stdout or b""
    found = None
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        stream = io.BytesIO(said)
        while True:
            found = pickle.load(stream)
    return found


def _main() -> None:
    seconds, work, args = pickle.load(sys.stdin.buffer)
    limit = int(seconds) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    with contextlib.suppress(MemoryError, RecursionError):
        for found in work(*args):
            sys.stdout.buffer.write(pickle.dumps(found))
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    _main()

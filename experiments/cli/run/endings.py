"""How a run ends before it is done: at once, with what is kept and how to go on."""

import contextlib
import os
import shlex
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.cli.refusals import INTERRUPTED, MACHINE, TERMINATED, Stop, say

if TYPE_CHECKING:
    from mc.engine.ledger import Ledger

PATIENCE_SECONDS = 4.0
"""After a signal, for what computes to come to an end; then it is cut off."""
CODES = {signal.SIGINT: INTERRUPTED, signal.SIGTERM: TERMINATED}
WORDS = {INTERRUPTED: "interrupted", TERMINATED: "terminated"}


class _Signal(BaseException):
    """A signal has come."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@contextlib.contextmanager
def kept(ledger: "Ledger", command: str, folder: Path) -> Iterator[None]:
    """End in seconds on Ctrl-C, SIGTERM or a full disk, and say what is kept.

    Raises:
        Stop: With the exit code, and the command that goes on.
    """
    from mc.engine.storage import CannotWrite

    again = resumed(command, folder)
    timers: list[threading.Timer] = []

    def end(number: int, _: object) -> None:
        code = CODES[signal.Signals(number)]
        if timers:
            os._exit(code)
        timers.append(threading.Timer(PATIENCE_SECONDS, _cut_off, (code,)))
        timers[0].daemon = True
        timers[0].start()
        raise _Signal(code)

    def _cut_off(code: int) -> None:
        say([_told(WORDS[code], ledger, again)])
        os._exit(code)

    before = {number: signal.signal(number, end) for number in CODES}
    try:
        yield
    except _Signal as ended:
        raise Stop(ended.code, _told(WORDS[ended.code], ledger, again)) from None
    except KeyboardInterrupt:
        raise Stop(INTERRUPTED, _told(WORDS[INTERRUPTED], ledger, again)) from None
    except (OSError, CannotWrite) as error:
        if not ledger.count():
            raise
        raise Stop(MACHINE, _told(str(error), ledger, again)) from error
    finally:
        for timer in timers:
            timer.cancel()
        for number, handler in before.items():
            signal.signal(number, handler)


def resumed(command: str, folder: Path) -> str:
    """The command that goes on with a run."""
    words = [word for word in shlex.split(command) if word != "--resume"]
    has_out = any(word == "--out" or word.startswith("--out=") for word in words)
    out = [] if has_out else ["--out", str(folder)]
    return shlex.join([*words, *out, "--resume"])


def _told(why: str, ledger: "Ledger", again: str) -> str:
    count = ledger.count()
    if not count:
        return f"{why}; nothing was written"
    blocks = "1 finished block is" if count == 1 else f"{count} finished blocks are"
    return f"{why}; {blocks} kept. Go on with: {again}"

"""What went wrong, in one line each on stderr, and the exit code that says so."""

import sys
from collections.abc import Iterable
from typing import Any

import typer

from priors.faults import Refusal, nearest

REFUSED = 2
MACHINE = 3
STORED = 4
INTERRUPTED = 130
TERMINATED = 143
OURS = 1


class Stop(Exception):
    """A command ends without having done what was asked.

    Attributes:
        code: The exit code.
        lines: What to say, a line each.
    """

    def __init__(self, code: int, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.code, self.lines = code, lines


def report(error: BaseException) -> int:
    """Say on stderr what is wrong; return the exit code."""
    code, lines = _outcome(error)
    say(lines)
    return code


def say(lines: Iterable[str]) -> None:
    """Write each fault on a line of its own on stderr."""
    for line in lines:
        typer.echo(f"meekmc: error: {line}", file=sys.stderr)


def _outcome(error: BaseException) -> tuple[int, tuple[str, ...]]:
    from mc.engine.storage import CannotWrite, FolderTaken

    match error:
        case Refusal(faults=faults):
            return REFUSED, tuple(str(fault) for fault in faults)
        case Stop(code=code, lines=lines):
            return code, lines
        case FolderTaken():
            return STORED, (str(error),)
        case CannotWrite() | OSError():
            return MACHINE, (str(error),)
        case MemoryError():
            return MACHINE, ("not enough memory; ask for an earlier --end",)
        case KeyboardInterrupt() | typer.Abort():
            return INTERRUPTED, ("interrupted; nothing was written",)
    if hasattr(error, "format_message"):
        return REFUSED, (usage(error),)
    line = str(error).partition("\n")[0]
    remedy = "this is a fault of meekmc: please report it, with what --debug shows"
    return OURS, (f"{type(error).__name__}: {line}; {remedy}",)


def usage(error: Any) -> str:
    """A usage error of the command line in the words of the other refusals."""
    context = error.ctx
    option = getattr(error, "option_name", None)
    if option is not None and hasattr(error, "possibilities"):
        known = [name for p in context.command.params for name in p.opts]
        hint = nearest(option, [*known, "--help"])
        return f"unknown option {option}{hint}{_see(context)}"
    message = error.format_message().rstrip(".")
    return f"{message[:1].lower()}{message[1:]}{_see(context)}"


def _see(context: Any) -> str:
    return f" (see {context.command_path} --help)" if context is not None else ""

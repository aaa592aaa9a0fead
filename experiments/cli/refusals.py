"""What went wrong, in one line each on stderr, and the exit code that says so."""

import re
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
        typer.echo(f"meekmc: error: {_printable(line)}", file=sys.stderr)


def _printable(line: str) -> str:
    """A line whose unprintable characters are written as Python escapes them."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in line)


def _outcome(error: BaseException) -> tuple[int, tuple[str, ...]]:
    from mc.engine.storage import CannotWrite, FolderTaken, Foreign

    match error:
        case Refusal(faults=faults):
            return REFUSED, tuple(str(fault) for fault in faults)
        case Stop(code=code, lines=lines):
            return code, lines
        case FolderTaken() | Foreign():
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
    text, context = error.format_message().rstrip("."), error.ctx
    command = context.command if context else None
    see = f" (see {context.command_path} --help)" if context else ""
    names = getattr(command, "list_commands", lambda _: ())
    commands = sorted(names(context))
    if hasattr(error, "possibilities") and hasattr(error, "option_name"):
        params = getattr(command, "params", ())
        known = [name for param in params for name in param.opts]
        hint = nearest(error.option_name, [*known, "--help"])
        return f"unknown option {error.option_name}{hint}{see}"
    if name := _NO_COMMAND.match(text):
        there = f" (there is: {', '.join(commands)})"
        return f"unknown command {name[1]}{nearest(name[1], commands)}{there}"
    if extra := _EXTRA.match(text):
        return f"unexpected argument {extra[1]}{see}"
    if text == "Missing command":
        text = f"missing command: {', '.join(commands)}"
    return f"{text[:1].lower()}{text[1:]}{see}"


_NO_COMMAND = re.compile(r"No such command '(.*?)'")
_EXTRA = re.compile(r"Got unexpected extra arguments?\S* \((.*)\)")

"""The command line: ``meekmc``, and the same for a script of one's own.

What a command needs beyond its options is imported when it runs, so that help, lists
and refusals answer at once.
"""

import contextlib
import gc
import shlex
import sys
import traceback
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NoReturn

import typer

from experiments import registry
from experiments.cli import refusals
from experiments.cli.program import PROGRAM, program

if TYPE_CHECKING:
    from mc.engine.experiment import Experiment

DEBUG = "--debug"
SELDOM = 200_000
"""New objects between two looks for garbage."""


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run ``meekmc`` with the arguments of the process, and exit."""
    given = list(sys.argv[1:] if args is None else args)
    _exit(given or ["--help"], shlex.join([PROGRAM, *given]))


def run_script(experiment: "Experiment") -> NoReturn:
    """Run the experiment that a script declares, with the script's arguments."""
    script, *given = sys.argv
    command = shlex.join(["python", script, *given])
    _exit(["run", script, *given], command, experiment)


def _exit(
    args: list[str], command: str, experiment: "Experiment | None" = None
) -> NoReturn:
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        with _seldom_collecting():
            code = _invoke([a for a in args if a != DEBUG], command, experiment)
    except Exception as error:
        if DEBUG in args:
            traceback.print_exc()
        code = refusals.report(error)
    except KeyboardInterrupt as error:
        code = refusals.report(error)
    sys.exit(code)


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Look for garbage less often: imports and compiling make little of it."""
    before = gc.get_threshold()
    gc.set_threshold(SELDOM)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _invoke(args: list[str], command: str, experiment: "Experiment | None") -> int:
    if experiment is not None:
        experiment = registry.checked(experiment, args[1])
    command_line = typer.main.get_command(program(command, experiment))
    code = command_line.main(args=args, prog_name=PROGRAM, standalone_mode=False)
    if code == refusals.INTERRUPTED:
        raise KeyboardInterrupt
    return code or 0

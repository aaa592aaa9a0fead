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
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from experiments import registry
from experiments.cli import (
    beliefs,
    bench,
    classify,
    compare,
    explain,
    listing,
    plotting,
    refusals,
    reweight,
    robustness,
    run,
    sensitivity,
    shelves,
    twins,
    voi,
)

if TYPE_CHECKING:
    from mc.engine.experiment import Experiment

PROGRAM = "meekmc"
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
    invocation = run.Invocation(command=command, experiment=experiment)
    program = typer.main.get_command(_program(invocation))
    code = program.main(args=args, prog_name=PROGRAM, standalone_mode=False)
    if code == refusals.INTERRUPTED:
        raise KeyboardInterrupt
    return code or 0


def _program(invocation: run.Invocation) -> typer.Typer:
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Do meek AI developers catch up with the frontier? Distributions, "
        "not points.",
        epilog="Every command also takes --debug: show where a fault comes from.",
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_root,
    )
    app.command("list")(listing.list_experiments)
    app.command("run")(invocation.run)
    app.command("actors")(shelves.actors)
    app.command("paths")(shelves.paths)
    app.command("plot")(plotting.plot)
    app.command("reweight")(reweight.reweight)
    app.command("compare")(compare.compare)
    app.command("classify", context_settings=classify.SETTINGS)(classify.classify)
    app.command("twins")(twins.twins)
    app.command("explain")(explain.explain)
    app.command("sensitivity")(sensitivity.sensitivity)
    app.command("voi")(voi.voi)
    app.command("robustness")(robustness.robustness)
    app.command("bench")(bench.bench)
    app.add_typer(beliefs.app, name="priors")
    return app


def _show_version(*, wanted: bool) -> bool:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"{PROGRAM} {version(PROGRAM)}")
        raise typer.Exit
    return wanted


ShowVersion = Annotated[
    bool,
    typer.Option(
        "--version",
        metavar="",
        callback=_show_version,
        is_eager=True,
        help="Show the version.",
    ),
]


def _root(*, _: ShowVersion = False) -> None:
    pass

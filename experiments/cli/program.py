"""The commands that there are, under their names; one is imported when it is called."""

import importlib
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

if TYPE_CHECKING:
    from mc.engine.experiment import Experiment

PROGRAM = "meekmc"
# A name, and where its function or its Typer of further commands stands; the help
# keeps this order.
COMMANDS = {
    "list": "list_experiments:list_experiments",
    "run": "run.command:Invocation",
    "answer": "answer:answer",
    "actors": "paths_and_actors:actors",
    "paths": "paths_and_actors:paths",
    "plot": "plot:plot",
    "export": "export.command:export",
    "report": "report.command:report",
    "reweight": "reweight.command:reweight",
    "compare": "compare.command:compare",
    "classify": "classify:classify",
    "twins": "twins:twins",
    "explain": "explain:explain",
    "verify": "verify:verify",
    "sensitivity": "sensitivity.command:sensitivity",
    "voi": "voi.command:voi",
    "robustness": "robustness.command:robustness",
    "bench": "bench:bench",
    "priors": "priors.command:app",
    "evidence": "evidence.command:app",
    "condition": "condition.command:condition",
    "update": "update.command:update",
    "backtest": "backtest.command:backtest",
}


def program(command: str, experiment: "Experiment | None") -> typer.Typer:
    """``meekmc``, for a call from the terminal or from a script.

    Args:
        command: As one would type it again.
        experiment: The script's own, where a script was called.
    """
    return typer.Typer(
        cls=Commands,
        pretty_exceptions_enable=False,
        help="Do meek AI developers catch up with the frontier? Distributions, "
        "not points.",
        epilog="Every command also takes --debug: show where a fault comes from.",
        context_settings={
            "help_option_names": ["-h", "--help"],
            "obj": {"command": command, "experiment": experiment},
        },
        callback=_root,
    )


class Commands(TyperGroup):
    """The commands, each imported and built when it is asked for."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return their names, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return one command, or None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        file, _, name = COMMANDS[cmd_name].partition(":")
        module = importlib.import_module(f"experiments.cli.{file}")
        found = getattr(module, name)
        shelf = typer.Typer(add_completion=False)
        if isinstance(found, typer.Typer):
            shelf.add_typer(found, name=cmd_name)
        else:
            called = found(**ctx.find_root().obj).run if name == "Invocation" else found
            settings = getattr(module, "SETTINGS", None)
            shelf.command(cmd_name, context_settings=settings)(called)
        return typer.main.get_group(shelf).commands[cmd_name]


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

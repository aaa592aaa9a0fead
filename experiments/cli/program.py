"""The commands that there are, under their names."""

from typing import Annotated

import typer

from experiments.cli.bench import bench
from experiments.cli.classify import SETTINGS, classify
from experiments.cli.compare.command import compare
from experiments.cli.explain import explain
from experiments.cli.list_experiments import list_experiments
from experiments.cli.paths_and_actors import actors, paths
from experiments.cli.plot import plot
from experiments.cli.priors.command import app as priors
from experiments.cli.reweight.command import reweight
from experiments.cli.robustness.command import robustness
from experiments.cli.run.command import Invocation
from experiments.cli.sensitivity.command import sensitivity
from experiments.cli.twins import twins
from experiments.cli.voi.command import voi

PROGRAM = "meekmc"


def program(invocation: Invocation) -> typer.Typer:
    """``meekmc``, for a call from the terminal or from a script."""
    app = typer.Typer(
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Do meek AI developers catch up with the frontier? Distributions, "
        "not points.",
        epilog="Every command also takes --debug: show where a fault comes from.",
        context_settings={"help_option_names": ["-h", "--help"]},
        callback=_root,
    )
    app.command("list")(list_experiments)
    app.command("run")(invocation.run)
    app.command("actors")(actors)
    app.command("paths")(paths)
    app.command("plot")(plot)
    app.command("reweight")(reweight)
    app.command("compare")(compare)
    app.command("classify", context_settings=SETTINGS)(classify)
    app.command("twins")(twins)
    app.command("explain")(explain)
    app.command("sensitivity")(sensitivity)
    app.command("voi")(voi)
    app.command("robustness")(robustness)
    app.command("bench")(bench)
    app.add_typer(priors, name="priors")
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

"""A run folder, and the plan behind it: what it takes to draw from it again."""

import dataclasses
import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import devices
from experiments.cli.refusals import REFUSED, STORED, Stop
from priors.faults import Refusal

if TYPE_CHECKING:
    from experiments.cli.run.request import Asked
    from mc.engine.plan import Plan
    from mc.engine.replay import Replay
    from mc.engine.results import Results

Run = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")]
LIBRARY, DEBUG = "mc.run", "--debug"


def stored(run: str) -> "Results":
    """Read a run folder.

    Raises:
        Stop: If it is none, or one of another version.
    """
    if not Path(run).is_dir():
        raise Stop(STORED, f"{run} is not a run folder: there is no such folder")

    from mc.engine.results import NotARun, load

    try:
        return load(run)
    except NotARun as error:
        raise Stop(STORED, str(error)) from error


def plan_of(run: str, results: "Results") -> "Plan":
    """Make the plan of a run again; this costs no JAX.

    Raises:
        Stop: If its question or its beliefs have changed since, or are not known.
    """
    from experiments.cli.run.request import resolve

    manifest = results.manifest
    command = manifest["command"]
    try:
        plan = resolve(_asked(manifest)).plan
    except (Refusal, typer.Exit) as error:
        line = f"{run} cannot be drawn again from its command, {command}"
        raise Stop(STORED, f"{line}: {error}") from error
    precision = manifest["configuration"]["precision"]
    if plan.run_id(precision) == results.run_id:
        return plan
    card = manifest["card"]
    changed = "its question, path or metrics"
    if plan.card.sha256 != card["sha256"]:
        changed = f"the card {card['name']}"
    raise Stop(
        STORED,
        f"{run} cannot be drawn again: {changed} changed since, or the run was made "
        f"in Python with arguments of its own; run it again: {command}",
    )


def asked_of(words: Sequence[str]) -> "Asked":
    """The options of ``meekmc run …`` or ``python SCRIPT …``, as they are typed."""
    from experiments.cli.run.request import Asked

    given = _options([word for word in words if word != DEBUG])
    several = ("overrides", "actors", "scenarios", "metrics", "levels")
    several += ("tolerances", "precision")
    given |= {name: given[name] or () for name in several}
    return Asked(**{name: given[name] for name in Asked.__dataclass_fields__})


def _asked(manifest: dict[str, Any]) -> "Asked":
    """The options of the command of a run, its dates and draws as they came out."""
    return dataclasses.replace(
        asked_of(shlex.split(_command(manifest))),
        today=manifest["configuration"]["today"],
        draws=str(manifest["draws"]["total"]),
        precision=(),
        out=None,
        device=None,
        cluster=None,
    )


def _command(manifest: dict[str, Any]) -> str:
    """The command; of a run made in Python, one that does the same."""
    if manifest["command"] != LIBRARY:
        return manifest["command"]
    told = manifest["configuration"]
    parts = ["meekmc", "run", told["experiment"], "--card", told["card"]["name"]]
    for name in ("seed", "design", "replicates"):
        parts += [f"--{name}", str(told[name])]
    return shlex.join(parts)


def _options(words: Sequence[str]) -> dict[str, Any]:
    """Options of ``meekmc run …`` or ``python SCRIPT …``, as text."""
    from experiments.cli.run.command import Invocation

    app = typer.Typer(add_completion=False)
    app.command()(Invocation(command="").run)
    context = typer.main.get_command(app).make_context(
        "run", list(words[2:] if words[0] != "python" else words[1:])
    )
    return dict(context.params)


def replay_of(run: str, results: "Results", plan: "Plan") -> "Replay":
    """Start JAX and make the run's draws ready to be made again.

    Raises:
        Stop: If they were made in another precision, so would not be the same.
    """
    devices.start("auto")

    from mc.engine.devices import working_dtype
    from mc.engine.replay import Replay

    precision = results.manifest["configuration"]["precision"]
    if working_dtype().name != precision:
        wanted = int(precision == "float64")
        line = f"{run} was made in {precision}: set JAX_ENABLE_X64={wanted}"
        raise Stop(REFUSED, line)
    return Replay(plan)

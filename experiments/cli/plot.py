"""``meekmc plot``: the figures of a run that is there."""

from pathlib import Path
from typing import Annotated

import typer

from experiments.cli.refusals import STORED, Stop

Run = Annotated[str, typer.Argument(metavar="RUN", help="The folder of a run.")]


def plot(run: Run) -> None:
    """Draw the figures of a run again, into its folder figures/."""
    folder = Path(run)
    if not folder.is_dir():
        raise Stop(STORED, f"{run} is not a run folder: there is no such folder")

    from mc.engine.results import NotARun, load
    from mc.figures import draw_all

    try:
        results = load(folder)
    except NotARun as error:
        raise Stop(STORED, str(error)) from error
    figures = folder / "figures"
    figures.mkdir(exist_ok=True)
    for file in draw_all(results, figures):
        typer.echo(str(file))

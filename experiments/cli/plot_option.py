"""Where a command draws what it shows: ``--plot FILE``."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from matplotlib.figure import Figure

FORMATS = (".png", ".svg", ".pdf")
Plot = Annotated[
    str | None,
    typer.Option("--plot", metavar="FILE", help="Draw it: a PNG, SVG or PDF."),
]


def picture(text: str | None, option: str = "--plot") -> Path | None:
    """Return the file of a picture; None where none is wanted.

    Raises:
        Refusal: If its ending is no format, or its folder is not there.
    """
    if text is None:
        return None
    file = Path(text)
    if file.suffix.lower() not in FORMATS:
        known = ", ".join(FORMATS)
        raise Refusal(Fault(f'"{text}" must end in one of {known}', key=option))
    if not file.parent.is_dir():
        raise Refusal(Fault(f"there is no folder {file.parent}", key=option))
    return file


def draw(figure: "Figure", file: Path) -> None:
    """Write a figure and say where it is."""
    from mc.figures.picture import save_one

    save_one(figure, file)
    typer.echo(str(file), err=True)

"""``meekmc plot``: the figures of a run that is there, all or some, at any width."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import run_folder
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from mc.figures.style import Columns

FIGURE, COLUMNS, FORMAT, OUT = "--figure", "--columns", "--format", "--out"
WIDTHS: "dict[int, Columns]" = {1: 1, 2: 2}
KNOWN = ("png", "svg", "pdf")

Names = Annotated[
    list[str] | None,
    typer.Option(
        FIGURE, metavar="NAME", help="One of --list. Repeatable. Default: all."
    ),
]
Width = Annotated[
    int | None,
    typer.Option(
        COLUMNS, metavar="1|2", help="Of a page. Default: what suits the run."
    ),
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        FORMAT, metavar="NAME", help="png, svg or pdf. Repeatable. Default: png, svg."
    ),
]
Out = Annotated[
    str | None,
    typer.Option(OUT, metavar="DIR", help="Default: figures in the run folder."),
]
Listed = Annotated[
    bool, typer.Option("--list", metavar="", help="Name the figures of this run.")
]


def plot(
    run: run_folder.Run,
    figures: Names = None,
    columns: Width = None,
    formats: Formats = None,
    out: Out = None,
    *,
    listed: Listed = False,
) -> None:
    """Draw the figures of a run again, all or some, without running it."""
    _check(columns, formats or ())
    folder = None if out is None else Path(out)
    if folder is not None and not folder.parent.is_dir():
        raise Refusal(Fault(f"there is no folder {folder.parent}", key=OUT))
    results = run_folder.stored(run)

    from mc.figures.saving import drawings, save

    known = drawings(results, None if columns is None else WIDTHS[columns])
    if listed:
        typer.echo("\n".join(known))
        return
    unknown = [name for name in figures or () if name not in known]
    if unknown:
        raise Refusal(
            Fault(
                f"no figure {name!r} in this run{nearest(name, known)} "
                f"(there is: {', '.join(known)})",
                key=FIGURE,
            )
            for name in unknown
        )
    folder = folder or Path(run) / "figures"
    folder.mkdir(exist_ok=True)
    for name in dict.fromkeys(figures or known):
        made = known[name](results)
        wanted = dict.fromkeys(formats or KNOWN[:2])
        for file in save(
            made, folder / name, run_id=results.run_id, formats=list(wanted)
        ):
            typer.echo(str(file))


def _check(columns: int | None, formats: "list[str] | tuple[str, ...]") -> None:
    """Refuse a width or a format that there is not."""
    faults = []
    if columns is not None and columns not in WIDTHS:
        faults.append(Fault(f"{columns} is neither 1 nor 2", key=COLUMNS))
    for name in formats:
        if name not in KNOWN:
            line = f"{name!r} is none of {', '.join(KNOWN)}{nearest(name, KNOWN)}"
            faults.append(Fault(line, key=FORMAT))
    if faults:
        raise Refusal(faults)

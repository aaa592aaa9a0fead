"""``meekmc report``: one self-contained HTML page about a run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.cli import run_folder
from experiments.cli.refusals import Stop
from experiments.cli.report import material
from priors.faults import Fault, Refusal

if TYPE_CHECKING:
    from mc.engine.results import Results
    from mc.figures.report.page import Material, Picture

OUT, NAME = "--out", "report.html"
Out = Annotated[
    str | None,
    typer.Option(OUT, metavar="FILE", help=f"Default: {NAME} in the run folder."),
]
NoRobustness = Annotated[
    bool,
    typer.Option(
        "--no-robustness",
        metavar="",
        help="Leave out the answer under other paths, cards and actors, which takes "
        "a minute or so.",
    ),
]
NoMoves = Annotated[
    bool,
    typer.Option(
        "--no-sensitivity", metavar="", help="Leave out what moves the answer."
    ),
]


def report(
    run: run_folder.Run,
    out: Out = None,
    *,
    no_robustness: NoRobustness = False,
    no_moves: NoMoves = False,
) -> None:
    """Write one page about a run: the answer, figures, beliefs, caveats, and how."""
    file = _file(run, out)
    results = run_folder.stored(run)
    gathered = _gathered(run, results, robustness=not no_robustness, moves=not no_moves)

    from mc.engine import durable
    from mc.figures.report.page import page

    durable.write(file, [page(results, gathered).encode()])
    typer.echo(str(file))


def _gathered(
    run: str, results: "Results", *, robustness: bool, moves: bool
) -> "Material":
    """Figures of the run, and what is computed beside it."""
    from mc.figures.report.page import Material

    left_out = []
    found: dict[str, Picture | None] = {}
    wanted = {"robustness": robustness, "moves": moves}
    for name, gather in (("robustness", material.robust), ("moves", material.moving)):
        found[name] = None
        if not wanted[name]:
            continue
        try:
            found[name] = gather(run, results)
        except (Refusal, Stop) as error:
            left_out.append(f"Left out, {name}: {error}")
    return Material(
        robustness=found["robustness"],
        moves=found["moves"],
        figures=material.drawn(results),
        left_out=left_out,
    )


def _file(run: str, out: str | None) -> Path:
    """Where the page goes; a page of the run's own folder may be made again."""
    if out is None:
        return Path(run) / NAME
    file = Path(out)
    if file.suffix.lower() not in (".html", ".htm"):
        raise Refusal(Fault(f'"{out}" must end in .html', key=OUT))
    if not file.parent.is_dir():
        raise Refusal(Fault(f"there is no folder {file.parent}", key=OUT))
    if file.exists():
        raise Refusal(Fault(f"{file} is there already; choose another", key=OUT))
    return file

"""``meekmc verify``: whether a run folder is as it was written."""

import random
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.cli import run_folder
from experiments.cli.options import Json
from experiments.cli.refusals import STORED, Stop
from experiments.cli.run_folder import Run
from experiments.cli.strict_json import print_json
from experiments.cli.waiting import waiting

FEW_DRAWS = 3
FilesOnly = Annotated[
    bool,
    typer.Option("--files-only", metavar="", help="Only checksums; no draw is made."),
]


def verify(run: Run, *, files_only: FilesOnly = False, as_json: Json = False) -> None:
    """Check every checksum of a run, and make a few random draws again."""
    results = run_folder.stored(run)
    files = results.manifest["files"]
    wrong = _wrong(Path(run), files)
    drawn = [] if files_only or wrong else _made_again(run, results)
    differ = [index for index, is_same in drawn if not is_same]
    told = {
        "run_id": results.run_id,
        "files": len(files),
        "wrong_files": wrong,
        "draws": [index for index, _ in drawn],
        "wrong_draws": differ,
    }
    if as_json:
        print_json(told)
    lines = [f"{run}/{name} does not match its checksum" for name in wrong]
    lines += [f"draw {index:,} of {run} is another when made again" for index in differ]
    if lines:
        raise Stop(STORED, *lines)
    if not as_json:
        also = f", {len(drawn)} random draws are the same bit by bit" if drawn else ""
        typer.echo(f"{run}: {len(files)} files match their checksums{also}")


def _wrong(folder: Path, files: dict[str, str]) -> list[str]:
    """Names of files that are missing, changed or outside the folder."""
    from mc.engine.storage import digest

    root = folder.resolve()
    wrong = []
    for name, expected in files.items():
        file = (root / name).resolve()
        is_inside = file.is_relative_to(root) and file.is_file()
        if not is_inside or digest(file) != expected:
            wrong.append(name)
    return wrong


def _made_again(run: str, results: Any) -> list[tuple[int, bool]]:
    """Random stored draws, and whether all their events have the same bits."""
    from mc.analysis.explain import explain

    plan = run_folder.plan_of(run, results)
    stored = int(results.manifest["draws"]["stored"])
    chosen = sorted(random.sample(range(stored), min(FEW_DRAWS, stored)))
    with waiting("making draws again"):
        replay = run_folder.replay_of(run, results, plan)
        found = [explain(replay, results, index) for index in chosen]
    return [
        (one.index, all(course.stored is True for course in one.courses))
        for one in found
    ]

"""``meekmc verify``: every checksum of a run; draws and blocks of it made again."""

import dataclasses
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import run_folder
from experiments.cli.options import Json
from experiments.cli.refusals import STORED, Stop
from experiments.cli.run_folder import Run
from experiments.cli.strict_json import print_json
from experiments.cli.waiting import waiting

if TYPE_CHECKING:
    from mc.engine.plan import Plan
    from mc.engine.results import Results
    from mc.engine.verification import Draws, Files

RANGES = 2
REMADE = ("status_counts", "bands")
"""What the manifest counts, beside the tables and arrays."""

All = Annotated[
    bool,
    typer.Option(
        "--all",
        metavar="",
        help="Run it again and compare tables, arrays and counts whole.",
    ),
]
OneBlock = Annotated[
    bool,
    typer.Option(
        "--block",
        metavar="",
        help="Run it again from its kept blocks but one, chosen at random, which is "
        "counted again.",
    ),
]


def verify(
    run: Run,
    *,
    one_block: OneBlock = False,
    everything: All = False,
    as_json: Json = False,
) -> None:
    """Check a run: every checksum, and random draws made again, bit by bit."""
    found = _verified(run, one_block=one_block, everything=everything)
    if as_json:
        print_json(_record(found))
    else:
        _show(found)
    if found.faults:
        raise Stop(STORED, *found.faults)


@dataclasses.dataclass(frozen=True, kw_only=True)
class Verified:
    """What was found.

    Attributes:
        run: The folder.
        run_id: The run's.
        num_draws: Of the run.
        files: Its files.
        draws: Its draws; None where they were not made again.
        why_none: Why they were not.
        remade: Files that were made again whole.
        faults: Every difference, a line each.
    """

    run: str
    run_id: str
    num_draws: int
    files: "Files"
    draws: "Draws | None" = None
    why_none: str = ""
    remade: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def _verified(run: str, *, one_block: bool, everything: bool) -> Verified:
    from mc.engine.results import NotARun, read_manifest
    from mc.engine.verification import check_files

    folder = Path(run)
    if not folder.is_dir():
        raise Stop(STORED, f"{run} is not a run folder: there is no such folder")
    try:
        manifest = read_manifest(folder)
    except NotARun as error:
        raise Stop(STORED, str(error)) from error
    found = Verified(
        run=run,
        run_id=manifest["run_id"],
        num_draws=manifest["draws"]["total"],
        files=check_files(folder, manifest),
    )
    if found.files.faults:
        remedy = f"{run} is damaged; make it again: {manifest['command']}"
        return dataclasses.replace(
            found,
            why_none="not made again: files are damaged",
            faults=(*found.files.faults, remedy),
        )
    results = run_folder.stored(run)
    if results.is_conditioned:
        why = "not made again: they are of a posterior, which was drawn by weight"
        return dataclasses.replace(found, why_none=why)
    return _drawn_again(found, results, one_block=one_block, everything=everything)


def _drawn_again(
    found: Verified, results: "Results", *, one_block: bool, everything: bool
) -> Verified:
    import numpy as np

    plan = run_folder.plan_of(found.run, results)
    replay = run_folder.replay_of(found.run, results, plan)

    from mc.engine.verification import check_draws, kept_blocks

    rng = np.random.default_rng()
    with waiting("making draws again"):
        draws = check_draws(replay, results, RANGES, rng)
    faults = [
        f"{found.run}/manifest.json: configuration.{name} is not that of run "
        f"{found.run_id}"
        for name in _changed(results, plan)
    ]
    faults += [
        f"{found.run}/results.nc: {one.variable} differs in {one.num_draws:,} of the "
        f"draws made again, first in draw {one.first:,}"
        for one in draws.differences
    ]
    remade: tuple[str, ...] = ()
    blocks = kept_blocks(Path(found.run))
    if everything or (one_block and blocks):
        anew = blocks if everything else rng.choice(blocks, 1).tolist()
        with waiting("running it again"):
            remade, others = _run_again(found.run, results, plan, frozenset(anew))
        faults += others
    if faults:
        faults.append(_where(results))
    return dataclasses.replace(found, draws=draws, remade=remade, faults=tuple(faults))


def _run_again(
    run: str, results: "Results", plan: "Plan", anew: frozenset[str]
) -> tuple[tuple[str, ...], list[str]]:
    """Names of what was made again, and what of it differs from what is stored."""
    from mc.engine.ledger import Foreign
    from mc.engine.results import BANDS, SUMMARY, TREE
    from mc.engine.storage import digest
    from mc.engine.verification import run_again

    try:
        again = run_again(plan, Path(run), anew)
    except Foreign as error:
        raise Stop(STORED, f"{run} cannot be run again from its blocks: {error}") from (
            error
        )
    names = (SUMMARY, BANDS, TREE)
    with tempfile.TemporaryDirectory() as scratch:
        again.results.save(Path(scratch))
        faults = [
            f"{run}/{name} differs from that of the same run made again"
            for name in names
            if digest(Path(scratch) / name) != digest(Path(run) / name)
        ]
    faults += [f"{run}/blocks: {name} counts otherwise" for name in again.differing]
    faults += [
        f"{run}/manifest.json: {name} differs from that of the same run made again"
        for name in REMADE
        if again.results.manifest[name] != results.manifest[name]
    ]
    return (*names, *again.blocks), faults


def _changed(results: "Results", plan: "Plan") -> list[str]:
    """Keys of the stored configuration that are not the plan's."""
    told = results.manifest["configuration"]
    made = json.loads(json.dumps(plan.configuration(told["precision"])))
    return sorted(n for n in {*told, *made} if told.get(n) != made.get(n))


def _where(results: "Results") -> str:
    """Where the run was made, and where it was made again."""
    from mc.engine.devices import find_devices

    before, now = results.manifest["device"], find_devices().describe()
    told = ("kind", "name", "jaxlib", "machine")
    was, here = (", ".join(str(one[n]) for n in told) for one in (before, now))
    if was == here:
        return f"made and made again on the same kind of machine ({was})"
    return f"last digits depend on the machine: made on {was}, made again on {here}"


def _show(found: Verified) -> None:
    from experiments.cli.terminal import Screen

    screen = Screen()
    screen.title(f"{found.run}: run {found.run_id}, {found.num_draws:,} draws")
    pairs = [("files", _files(found.files))]
    if found.files.others:
        pairs.append(("beside them", ", ".join(found.files.others)))
    pairs.append(("draws", found.why_none or _draws(found)))
    if found.remade:
        pairs.append(("run again", _remade(found.remade)))
    verdict = "differs, see below" if found.faults else "as it was written"
    screen.labelled([*pairs, ("the run", verdict)])


def _remade(names: tuple[str, ...]) -> str:
    """What was compared with what it came to when it was run again."""
    tables = ", ".join(name for name in names if "." in name)
    blocks = sum("." not in name for name in names)
    if not blocks:
        return f"{tables} compared"
    counted = "1 block" if blocks == 1 else f"{blocks} blocks"
    return f"{tables} and {counted} of counts compared"


def _files(files: "Files") -> str:
    if not files.names:
        return "no checksums: the run was saved in Python"
    sound = len(files.names) - len(files.faults)
    return f"{sound} of {len(files.names)} match their checksums"


def _draws(found: Verified) -> str:
    draws = found.draws
    assert draws is not None
    ranges = ", ".join(f"{a:,}–{a + size - 1:,}" for a, size in draws.ranges)
    same = draws.num_variables - len(draws.differences)
    return (
        f"{draws.num_draws:,} made again ({ranges}): {same} of {draws.num_variables} "
        "variables the same, bit by bit"
    )


def _record(found: Verified) -> dict[str, Any]:
    draws = found.draws
    return {
        "run": found.run,
        "run_id": found.run_id,
        "sound": not found.faults,
        "files": list(found.files.names),
        "damaged": list(found.files.faults),
        "others": list(found.files.others),
        "draws": None
        if draws is None
        else {
            "made_again": draws.num_draws,
            "ranges": [list(one) for one in draws.ranges],
            "variables": draws.num_variables,
            "differences": [vars(one) for one in draws.differences],
        },
        "remade": list(found.remade),
        "faults": list(found.faults),
    }

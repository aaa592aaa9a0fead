"""``meekmc run``: refuse what cannot be run, then draw, write and tell."""

import contextlib
import dataclasses
import datetime
import itertools
import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from experiments.cli import devices, options
from experiments.cli.refusals import OURS, REFUSED, Stop
from experiments.cli.run import endings
from experiments.cli.run.request import Asked, Request, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from experiments.cli.terminal import Bar
    from mc.engine.cluster import Cluster
    from mc.engine.experiment import Experiment
    from mc.engine.ledger import Ledger
    from mc.engine.plan import Plan
    from mc.engine.results import Results


@dataclasses.dataclass(frozen=True, kw_only=True)
class Invocation:
    """How the program was called.

    Attributes:
        command: As one would type it again.
        experiment: The script's own, where a script was called.
    """

    command: str
    experiment: "Experiment | None" = None

    def run(
        self,
        experiment: options.Experiment,
        card: options.Card = None,
        overrides: options.Overrides = None,
        path: options.Path = None,
        actors: options.Actors = None,
        scenarios: options.Scenarios = None,
        metrics: options.Metrics = None,
        levels: options.Levels = None,
        budgets: options.Budgets = None,
        fade: options.Fade = None,
        draws: options.Draws = None,
        precision: options.Precision = None,
        replicates: options.Replicates = None,
        seed: options.Seed = None,
        design: options.Design = None,
        start: options.Start = None,
        end: options.End = None,
        events_until: options.EventsUntil = None,
        today: options.Today = None,
        tolerances: options.Tolerances = None,
        device: options.Device = None,
        cluster: options.Cluster = None,
        out: options.Out = None,
        *,
        returns: options.Returns = False,
        preintegrate: options.Preintegrate = False,
        as_json: options.Json = False,
        quiet: options.Quiet = False,
        no_plots: options.NoPlots = False,
        resume: options.Resume = False,
    ) -> None:
        """Ask a question under a card of beliefs, and write a run folder."""
        asked = Asked(
            experiment=experiment,
            card=card,
            overrides=overrides or (),
            path=path,
            actors=actors or (),
            scenarios=scenarios or (),
            metrics=metrics or (),
            levels=levels or (),
            budgets=budgets,
            fade=fade,
            returns=returns,
            preintegrate=preintegrate,
            draws=draws,
            precision=precision or (),
            replicates=replicates,
            seed=seed,
            design=design,
            start=start,
            end=end,
            events_until=events_until,
            today=today,
            tolerances=tolerances or (),
            device=device,
            cluster=cluster,
            out=out,
            resume=resume,
        )
        request = resolve(asked, self.experiment)
        _carry_out(
            request,
            self.command,
            as_json=as_json,
            quiet=quiet,
            plots=not no_plots,
        )


def _carry_out(
    request: Request, command: str, *, as_json: bool, quiet: bool, plots: bool
) -> None:
    from mc.engine import storage, unfinished

    plan, clock = request.plan, time.perf_counter()
    now = datetime.datetime.now(datetime.UTC)
    folder = request.out or storage.default_folder(plan.experiment.name, now)
    if not request.resume:
        storage.check_free(folder)
    with contextlib.ExitStack() as stack:
        stack.enter_context(unfinished.held(folder))
        ledger = unfinished.begin(folder, resume=request.resume, say=_note)
        stack.enter_context(endings.kept(ledger, command, folder))
        found = devices.start(request.device)
        if request.resume:
            _check_extended(request, folder)

        from experiments.cli.run import announcement, headline, record
        from experiments.cli.terminal import Screen, progress

        screen = Screen(silent=as_json or quiet)
        screen.title(f"{plan.experiment.name}: {plan.experiment.question}")
        screen.labelled(announcement.labelled(request, found, folder))
        with progress(plan.num_draws, silent=quiet) as bar:
            workers = stack.enter_context(_workers(request))
            plan, results = _results(request, command, bar, (ledger, workers))
            told = request.out is not None
            folder = _written(
                results, folder, bar, is_fixed=told, plots=plots, ledger=ledger
            )
        unfinished.end(ledger.folder.parent)
        for block in headline.blocks(plan, results, screen.width):
            screen.block(block)
        screen.block(headline.files(folder, time.perf_counter() - clock))
        if as_json:
            typer.echo(record.as_json(plan, results, folder))
        elif quiet:
            typer.echo(str(folder))


def _note(line: str) -> None:
    """Say on stderr what does not stop a run."""
    typer.echo(f"meekmc: note: {line}", err=True)


def _check_extended(request: Request, folder: Path) -> None:
    """Refuse to go on with a finished run of something else, or of as many draws."""
    from mc.engine import ledger, storage, unfinished
    from mc.engine.devices import working_dtype

    manifest = unfinished.finished(folder)
    if manifest is None:
        return
    plan = request.plan
    now = json.loads(json.dumps(plan.configuration(working_dtype().name)))
    ledger.check_same(folder, manifest["configuration"], now)
    drawn = int(manifest["draws"]["total"])
    if plan.num_draws <= drawn:
        line = f"{folder} is complete with {drawn:,} draws"
        raise storage.FolderTaken(f"{line}; to extend it ask for more --draws")


@contextlib.contextmanager
def _workers(request: Request) -> "Iterator[Cluster | None]":
    """The cluster that was asked for, while it is needed."""
    if request.cluster is None:
        yield None
        return
    from mc.engine.cluster import connected

    with connected(request.cluster) as cluster:
        yield cluster


def _results(
    request: Request,
    command: str,
    bar: "Bar",
    told: "tuple[Ledger, Cluster | None]",
) -> "tuple[Plan, Results]":
    """What was run last, and its results."""
    from jax.errors import JaxRuntimeError

    from experiments.cli.undefined import undefined
    from mc.engine.invalid import InvalidDraw
    from mc.engine.precision import until_precise
    from mc.engine.run import execute

    def run(plan: "Plan") -> "Results":
        bar.begin(plan.num_draws)
        return execute(
            plan,
            device=request.device,
            progress=bar.advance,
            command=command,
            ledger=told[0],
            cluster=told[1],
        )

    try:
        if not request.targets:
            return request.plan, run(request.plan)
        rung, results, _ = until_precise(request.plan, request.targets, run)
        return rung, results
    except InvalidDraw as error:
        raise Stop(REFUSED, undefined(request.plan, error)) from error
    except JaxRuntimeError as error:
        if "RESOURCE_EXHAUSTED" not in str(error):
            raise
        raise MemoryError(str(error)) from error


def _written(
    results: "Results",
    folder: Path,
    bar: "Bar",
    *,
    is_fixed: bool,
    plots: bool,
    ledger: "Ledger | None" = None,
) -> Path:
    """Write the run; a folder of our own choosing gives way to one that is there."""
    from mc.engine import storage, unfinished

    is_extended = unfinished.finished(folder) is not None and ledger is not None

    names = (folder.with_name(f"{folder.name}-{n}") for n in itertools.count(2))
    while True:
        try:
            with storage.writing(folder, replace=is_extended) as scratch:
                bar.now("writing")
                results.save(scratch)
                fault = _drawn(results, scratch / "figures", bar) if plots else None
                if ledger is not None:
                    unfinished.keep_counts(ledger, scratch)
                storage.write_manifest(scratch, results.manifest)
        except storage.FolderTaken:
            if is_fixed:
                raise
            folder = next(name for name in names if not name.exists())
            continue
        if fault is not None:
            line = (
                f"{folder} is complete, but its figures could not be drawn: {fault!r}"
            )
            raise Stop(OURS, f"{line}; please report") from fault
        return folder


def _drawn(results: "Results", folder: Path, bar: "Bar") -> Exception | None:
    """Draw the figures; a fault of theirs must not cost the run."""
    from mc.figures import draw_all

    bar.now("drawing figures")
    folder.mkdir()
    try:
        draw_all(results, folder)
    except OSError:
        raise
    except Exception as error:
        shutil.rmtree(folder)
        return error
    return None

"""From an experiment and a card to results: the one call that users make."""

import datetime
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from mc.engine.blocks import Cut
from mc.engine.cluster import Cluster
from mc.engine.compilations import drop_compilations_if_many, keep_compilations
from mc.engine.devices import Devices, find_devices, working_dtype
from mc.engine.execution import Computation, Progress, compute
from mc.engine.heap import give_back
from mc.engine.ledger import Ledger
from mc.engine.manifest import make_manifest
from mc.engine.plan import Experiment, Plan, make_plan
from mc.engine.results import Results
from mc.engine.tables import bands_table, summary_table
from mc.engine.tree import make_tree
from priors.cards import Card

if TYPE_CHECKING:
    from mc.engine.preintegration import Preintegration


def run(
    experiment: Experiment,
    card: Card,
    *,
    draws: int | None = None,
    seed: int = 0,
    replicates: int = 16,
    design: str = "sobol",
    tolerances: Mapping[str, float] | None = None,
    today: datetime.date | None = None,
    device: str = "auto",
) -> Results:
    """Ask ``experiment`` under the beliefs of ``card``.

    Args:
        experiment: The question.
        card: The beliefs, from ``priors.load``.
        draws: How many; rounded up to replicates times a power of two.
        seed: From 0 to 2^64 − 1.
        replicates: Independent randomisations, a power of two from 8.
        design: ``sobol``, ``lattice`` or ``independent``.
        tolerances: Tolerance by metric label, in the metric's unit.
        today: What "today" means; the current UTC date if None.
        device: ``auto``, ``cpu`` or ``gpu``.

    Raises:
        priors.faults.Refusal: If the input is refused.
        mc.engine.invalid.InvalidDraw: If a metric is undefined at a draw.
    """
    plan = make_plan(
        experiment,
        card,
        draws=draws,
        replicates=replicates,
        seed=seed,
        design=design,
        tolerances=tolerances,
        today=today,
    )
    return execute(plan, device=device)


def execute(
    plan: Plan,
    *,
    device: str = "auto",
    progress: Progress = lambda _: None,
    command: str = "mc.run",
    cut: Cut | None = None,
    ledger: Ledger | None = None,
    cluster: Cluster | None = None,
) -> Results:
    """Run a plan that has been made.

    Args:
        plan: The plan.
        device: ``auto``, ``cpu`` or ``gpu``.
        progress: Called with the number of further draws that are done.
        command: As one would type it again.
        cut: How the work is cut; changes no digit.
        ledger: Where finished blocks are kept, and read instead of computed.
        cluster: Who computes the blocks of a run of several; this machine if None.

    Raises:
        mc.engine.ledger.Foreign: If the ledger is of another run.
        mc.engine.invalid.InvalidDraw: If a metric is undefined at a draw.
    """
    started = datetime.datetime.now(datetime.UTC)
    clock = time.perf_counter()
    keep_compilations()
    drop_compilations_if_many()
    devices = find_devices(device)
    dtype = working_dtype()
    cut = cut or Cut.on(
        devices.kind, num_draws=plan.num_draws, replicates=plan.replicates
    )
    if ledger is not None:
        ledger.open(
            {
                "configuration": plan.configuration(dtype.name),
                "machine": devices.identity(),
            }
        )
    if cluster is not None:
        cluster.check(devices.identity())
    computation = compute(plan, devices, dtype, cut, progress, ledger, cluster)
    lines = _along_lines(plan, devices, dtype, cut, computation)
    manifest: dict[str, Any] = make_manifest(
        plan,
        computation,
        devices,
        precision=dtype.name,
        command=command,
        started=started,
        seconds=time.perf_counter() - clock,
    )
    if lines is not None:
        manifest["preintegration"] = lines.told
    run_id = plan.run_id(dtype.name)
    summary = summary_table(plan, computation, lines.distributions if lines else {})
    # Most of the memory is columns, and they are in the summary now.
    computation.stored.columns.clear()
    give_back()
    return Results(
        run_id=run_id,
        summary_table=summary,
        bands=bands_table(plan, computation),
        tree=make_tree(plan, computation, run_id),
        manifest=manifest,
    )


def _along_lines(
    plan: Plan, devices: Devices, dtype: np.dtype, cut: Cut, computation: Computation
) -> "Preintegration | None":
    """Dates integrated along lines, where the experiment asks for them."""
    if not plan.experiment.preintegrate:
        return None
    from mc.engine.preintegration import preintegrate

    return preintegrate(plan, devices, dtype, cut, computation.stored)

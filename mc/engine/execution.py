"""Runs a plan: a pilot, one pass over chunks of draws on every device, a merge."""

import dataclasses
from collections.abc import Mapping

import numpy as np

from mc.draws.designs import Design, Independent, Lattice, Sobol
from mc.engine.blocks import Cut
from mc.engine.cluster import Cluster
from mc.engine.columns import ColumnKey, marks, points
from mc.engine.devices import Devices
from mc.engine.evaluator import Evaluator, Found
from mc.engine.heap import give_back
from mc.engine.ledger import Ledger
from mc.engine.look import Look
from mc.engine.passes import Brackets, Progress, Series, edges_of, settle, sort_draws
from mc.engine.plan import Plan
from mc.engine.raw import Kept, Raw, SortedColumns
from mc.engine.sampler import Parameters, Sampler
from mc.engine.tally import Tally, over_blocks
from mc.outcomes.bands import EDGES_PER_LEVEL, LEVELS, Bracketed, sorted_quantiles
from mc.outcomes.counters import Counter
from mc.outcomes.distributions import Distribution

NUM_CURVES = 24


@dataclasses.dataclass(frozen=True, kw_only=True)
class Computation:
    """What a run came to, on the device's scales, before it is written out.

    Attributes:
        bands: Quantiles of each series, dates and levels.
        bin_mass: Largest share of draws in a bin that holds a quantile.
        recounts: How often a bracket missed and was widened.
        distributions: Every quantity over all draws.
        stored: The first draws, one by one.
        curves: A few draws of each series, dates and draws.
        central: The central parameters' curve of each series.
        first_leads: Their lead at the epoch, by label of the path.
        central_raw: The central parameters' events and columns; one draw, repeated.
        extrapolated: Dates beyond where data reach, for each metric.
    """

    bands: dict[Series, np.ndarray]
    bin_mass: float
    recounts: int
    distributions: Mapping[ColumnKey, Distribution]
    stored: Raw
    curves: dict[Series, np.ndarray]
    central: dict[Series, np.ndarray]
    first_leads: dict[str, float]
    central_raw: Raw
    extrapolated: dict[str, np.ndarray]


def compute(
    plan: Plan,
    devices: Devices,
    dtype: np.dtype,
    cut: Cut,
    progress: Progress,
    ledger: Ledger | None = None,
    cluster: Cluster | None = None,
) -> Computation:
    """Evaluate every draw of ``plan``.

    Args:
        plan: What to run.
        devices: Where.
        dtype: Working precision.
        cut: How the work is cut; changes no digit.
        progress: Called with the number of further draws that are done.
        ledger: Where finished blocks are kept and found; opened.
        cluster: Who computes the blocks; the devices here if None.

    Raises:
        InvalidDraw: If a metric makes no sense at a draw's inputs.
    """
    sampler = Sampler.of(plan, make_design(plan), dtype)
    used = devices.devices[: cut.num_workers(len(devices.devices))]
    if devices.kind == "cpu":
        # A virtual device is a core: those that are not used lend it.
        cut = dataclasses.replace(
            cut, jobs=max(cut.jobs, len(devices.devices) // len(used))
        )
    workers = [Evaluator(plan, sampler, device, cut) for device in used]
    first = workers[0]
    pilot = first.frame.tile.fitted(lambda: _Pilot(first, cut))
    execution = _Execution(plan, workers, cut, pilot, (ledger, cluster))
    bands = execution.bands(progress)
    return Computation(
        bands=bands,
        bin_mass=execution.bin_mass,
        recounts=execution.recounts,
        distributions=execution.distributions(),
        stored=execution.stored(),
        curves=pilot.curves,
        central={
            (label, name): rows
            for label, centre in pilot.centres.items()
            for name, rows in centre.curves.items()
        },
        first_leads={
            label: centre.first_lead
            for label, centre in pilot.centres.items()
            if centre.first_lead is not None
        },
        central_raw=pilot.central_raw,
        extrapolated={
            label: centre.extrapolated
            for label, centre in pilot.centres.items()
            if centre.extrapolated is not None
        },
    )


def make_design(plan: Plan) -> Design:
    """The plan's design: a point is a pure function of name, replicate and index."""
    kinds = {"sobol": Sobol, "lattice": Lattice, "independent": Independent}
    return kinds[plan.design](seed=plan.seed, replicates=plan.replicates)


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Centre:
    """The run at the central parameters, as one look sees it.

    Attributes:
        found: Its events and columns.
        curves: Every series at the dates of the bands.
        first_lead: Lead at the epoch, wherever the bands begin; None of a metric.
        extrapolated: Dates beyond where data reach; None of a path.
    """

    found: Found
    curves: dict[str, np.ndarray]
    first_lead: float | None = None
    extrapolated: np.ndarray | None = None

    @classmethod
    def of(cls, worker: Evaluator, look: Look, parameters: Parameters) -> "_Centre":
        """What ``look`` makes of a tile of central draws."""
        size, years = worker.cut.pilot_tile_draws, worker.frame.band_years
        found = worker.found(look, parameters, size, 0)
        series = look.curves(parameters, size, years)
        curves = {name: rows[:, 0] for name, rows in series.items()}
        if look.world.metric is not None:
            flags = look.extrapolated(parameters)
            return cls(found=found, curves=curves, extrapolated=flags)
        epoch = worker.frame.place.put(np.zeros(years.shape))
        leads = look.curves(parameters, 1, epoch)["lead_oom"]
        return cls(found=found, curves=curves, first_lead=float(leads[0, 0]))


class _Pilot:
    """The first draws, kept and sorted: quantiles of short runs, brackets of long."""

    def __init__(self, worker: Evaluator, cut: Cut) -> None:
        self.num_draws = cut.pilot_draws
        parameters, labels = worker.pilot()
        central = worker.central()
        years = worker.frame.band_years

        def work(look: Look) -> tuple[Found, dict[str, np.ndarray], _Centre]:
            found = worker.found(look, parameters, self.num_draws, 0)
            look.check_integrals(parameters, self.num_draws)
            series = look.curves(parameters, self.num_draws, years)
            if cut.num_draws > self.num_draws:
                # Counts nothing: compiles beside what else is compiled.
                look.count(parameters, 1, worker.frame.place.put(_blank(series)))
            return found, series, _Centre.of(worker, look, central)

        looks = worker.side_by_side(work)
        self.raw = worker.collected(
            parameters, labels, {label: found for label, (found, _, _) in looks.items()}
        )
        self.ordered = {
            (label, name): rows
            for label, (_, series, _) in looks.items()
            for name, rows in series.items()
        }
        self.curves = {k: v[:, :NUM_CURVES].copy() for k, v in self.ordered.items()}
        self.centres = {label: centre for label, (_, _, centre) in looks.items()}
        self.central_raw = worker.collected(
            central, {}, {label: centre.found for label, centre in self.centres.items()}
        )
        sort_draws(self.ordered.values())


def _blank(series: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Edges of series, all zero."""
    edges = len(LEVELS) * EDGES_PER_LEVEL
    return {name: np.zeros((edges, len(rows))) for name, rows in series.items()}


class _Execution:
    """The pass over all draws, and again over what a bracket missed."""

    def __init__(
        self,
        plan: Plan,
        workers: list[Evaluator],
        cut: Cut,
        pilot: _Pilot,
        told: tuple[Ledger | None, Cluster | None],
    ) -> None:
        self._ledger, self._cluster = told
        self._plan, self._workers, self._cut, self._pilot = plan, workers, cut, pilot
        self._kept = Kept(cut.stored_draws)
        self._counters: dict[ColumnKey, Counter] = {}
        self.bin_mass, self.recounts = 0.0, 0
        if plan.num_draws > cut.stored_draws:
            self._counters = {key: self._counter(key) for key in pilot.raw.columns}

    def bands(self, progress: Progress) -> dict[Series, np.ndarray]:
        """Quantiles of every series; columns are collected on the way."""
        ordered = self._pilot.ordered
        if self._plan.num_draws <= self._pilot.num_draws:
            self._kept.add(self._pilot.raw)
            progress(self._plan.num_draws)
            quantiles = {k: sorted_quantiles(v, LEVELS) for k, v in ordered.items()}
            return {k: q.astype(np.float64) for k, q in quantiles.items()}
        brackets = {k: Bracketed(v, LEVELS) for k, v in ordered.items()}
        ordered.clear()
        give_back()
        self._count(brackets, progress, counters=self._counters, keep=True)
        while pending := {k: b for k, b in brackets.items() if b.open.any()}:
            self.recounts += 1
            self._count(pending, lambda _: None, counters={}, keep=False)
        self._recount_columns()
        self.bin_mass = max(b.bin_mass for b in brackets.values())
        return {key: bracket.quantiles for key, bracket in brackets.items()}

    def distributions(self) -> Mapping[ColumnKey, Distribution]:
        """Every quantity over all draws: sorted if all are kept, else counted."""
        if self._counters:
            return {k: counter.distribution() for k, counter in self._counters.items()}
        return SortedColumns(self.stored(), self._cut.replicates)

    def stored(self) -> Raw:
        """The first draws, one by one."""
        return self._kept.raw()

    def _counter(self, key: ColumnKey, widening: float = 1.0) -> Counter:
        return Counter(
            *points(self._pilot.raw.columns[key], self._cut.replicates),
            levels=LEVELS,
            marks=tuple(marks(self._plan, key[1]).values()),
            widening=widening,
        )

    def _recount_columns(self) -> None:
        """Count again, below wider edges, the quantities whose brackets missed."""
        for rounds in range(1, Bracketed.MOST_ROUNDS + 1):
            missed = [
                key
                for key, counter in self._counters.items()
                if counter.distribution().missed.any()
            ]
            if not missed:
                return
            self.recounts += 1
            again = {k: self._counter(k, Bracketed.WIDER**rounds) for k in missed}
            self._counters |= again
            self._count({}, lambda _: None, counters=again, keep=False)
        raise RuntimeError("no bracket holds a quantile: the pilot differs in law")

    def _count(
        self,
        brackets: Brackets,
        progress: Progress,
        *,
        counters: Mapping[ColumnKey, Counter],
        keep: bool,
    ) -> None:
        """One pass over all draws, chunks in turn on every device."""
        tally = Tally(
            edges_of(brackets),
            counters,
            like=self._pilot.raw,
            kept=self._kept if keep else None,
            cut=self._cut,
        )
        over_blocks(self._workers, tally, self._ledger, progress, self._cluster)
        settle(brackets, tally.totals, self._plan.num_draws)

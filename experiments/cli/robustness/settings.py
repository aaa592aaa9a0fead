"""Settings of path, card, actor and tolerance, and the headline in each of them."""

import dataclasses
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from experiments.cli import devices, run_folder
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from experiments.cli.robustness.display import Asked
    from mc.analysis.robustness import Finding
    from mc.engine.plan import Plan

CARDS = ("literature-2026", "history-2026", "paper-2026", "meek-2025")
PATHS = (
    "exponential",
    "investment_slowdown",
    "investment_cap",
    "compute_slowdown",
    "power_law",
)
ACTORS = ("the card's", "1m-usd")
DRAWS = "4096"
FACTORS = (0.5, 1.0, 2.0)
"""Tolerances, in units of the metric's own; of a ratio, powers of it."""
OWN = ACTORS[0]
METRIC, TOLERANCE = "--metric", "--tolerance"
Names = tuple[str, str, str]
"""A path, a card and an actor."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Kinds:
    """Which settings there are, as typed; the usual ones where None.

    Attributes:
        paths: Compute paths.
        cards: Cards.
        actors: Meek actors.
        tolerances: Gaps called closed.
        seed: Of all settings.
    """

    paths: Sequence[str] | None = None
    cards: Sequence[str] | None = None
    actors: Sequence[str] | None = None
    tolerances: Sequence[str] | None = None
    seed: str | None = None


@dataclasses.dataclass(frozen=True, kw_only=True)
class Cell:
    """A path, a card and an actor, to be looked at with every tolerance.

    Attributes:
        names: Of the path, the card and the actor.
        plan: What is drawn; one metric under a label for each tolerance.
        tolerances: By label.
    """

    names: Names
    plan: "Plan"
    tolerances: dict[str, float]


def asked_again(
    experiment: str,
    metric: str | None = None,
    kinds: Kinds = Kinds(),
    draws: str = DRAWS,
    *,
    silent: bool,
) -> "tuple[list[Finding], Asked]":
    """Ask a question in every setting of path, card, actor and tolerance.

    Args:
        experiment: Its name.
        metric: As it is typed; the headline if None.
        kinds: The settings.
        draws: Of each setting.
        silent: Whether no progress is shown.

    Raises:
        Refusal: If a word means no setting, or none can be run.
    """
    from experiments.cli.robustness.display import Asked
    from experiments.cli.run.request import resolve

    chosen = metric or _headline(experiment)
    more, bars = _labelled(chosen, [_number(text) for text in kinds.tolerances or ()])
    common = ["meekmc", "run", experiment, "--scenario", "none", "--draws", draws]
    common += [*more, *([] if kinds.seed is None else ["--seed", kinds.seed])]
    cells: list[Cell] = []
    left_out: dict[Names, Fault] = {}
    words_of = kinds.cards or CARDS, kinds.paths or PATHS, kinds.actors or ACTORS
    for words, names in _settings(*words_of):
        try:
            plan = resolve(run_folder.asked_of([*common, *words])).plan
        except Refusal as refusal:
            left_out[names] = refusal.faults[0]
        else:
            cells.append(Cell(names=names, plan=plan, tolerances=bars))
    typed = kinds.paths, kinds.cards, kinds.actors
    _check([cell.names for cell in cells], left_out, typed)
    reasons = {setting: fault.message for setting, fault in left_out.items()}
    found = _findings(cells, reasons, silent=silent)
    return found, Asked(metric=chosen, plan=cells[0].plan, left_out=reasons)


def _check(
    there: Sequence[Names],
    left_out: dict[Names, Fault],
    typed: tuple[Sequence[str] | None, ...],
) -> None:
    """Refuse words that lead to no setting, and that there is none at all.

    Raises:
        Refusal: With what is wrong with each such word.
    """
    faults = {
        str(fault): fault
        for place, words in enumerate(typed)
        for word in words or ()
        if word not in {names[place] for names in there}
        for names, fault in reversed(left_out.items())
        if names[place] == word
    }
    if not there:
        faults = {str(fault): fault for fault in left_out.values()}
    if faults:
        raise Refusal(faults.values())


def _headline(experiment: str) -> str:
    """The first metric that is no ratio, as it is typed; else the first."""
    from experiments import registry
    from mc.engine.own_metrics import read_metric

    typed = [
        name for name in registry.find(experiment).metrics if isinstance(name, str)
    ]
    if not typed:
        line = "has only metrics of its own functions; name one"
        raise Refusal(Fault(line, file=experiment, key=METRIC))
    linear = [name for name in typed if read_metric(name).entry.scale == "linear"]
    return (linear or typed)[0]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise Refusal(Fault(f'"{text}" is no number', key=TOLERANCE)) from error


def _settings(
    cards: Sequence[str], paths: Sequence[str], actors: Sequence[str]
) -> Iterator[tuple[list[str], Names]]:
    """Options of a run, and the path, card and actor that they mean."""
    for card in dict.fromkeys(cards):
        for path in dict.fromkeys(paths):
            for actor in dict.fromkeys(actors):
                words = ["--path", path, "--card", card]
                words += [] if actor == OWN else ["--actor", actor]
                yield words, (path, card, actor)


def _labelled(metric: str, bars: Sequence[float]) -> tuple[list[str], dict[str, float]]:
    """Options of one metric under a label for each tolerance, and these tolerances.

    Raises:
        Refusal: If there is no such metric.
    """
    from mc.engine.own_metrics import read_metric
    from mc.model.registry import BadArgument, UnknownName

    try:
        choice = read_metric(metric)
    except (UnknownName, BadArgument) as error:
        hint = nearest(error.name, error.known)
        raise Refusal(Fault(f"{error}{hint}", key=METRIC)) from error
    own, is_ratio = choice.entry.tolerance, choice.entry.scale == "log"
    usual = [own**factor if is_ratio else own * factor for factor in FACTORS]
    values = sorted(set(bars)) or usual
    tolerances = {f"tolerance_{i}": value for i, value in enumerate(values)}
    typed = metric.removeprefix(f"{choice.label}=")
    words = []
    for label, value in tolerances.items():
        words += [METRIC, f"{label}={typed}", TOLERANCE, f"{label}={value!r}"]
    return words, tolerances


def _findings(
    cells: Sequence[Cell], left_out: dict[Names, str], *, silent: bool
) -> "list[Finding]":
    """The headline in every cell; cells with a draw that makes no sense are left out.

    Compiling is most of the work. Cells that differ in beliefs alone share what is
    compiled, so that they come in turn.

    Raises:
        Refusal: If that leaves none.
    """
    devices.start("auto")

    from experiments.cli.terminal import progress

    alike: dict[tuple[str, str], list[Cell]] = {}
    for cell in cells:
        path, _, actor = cell.names
        alike.setdefault((path, actor), []).append(cell)
    made: dict[Names, tuple[Finding, ...]] = {}
    with (
        progress(sum(map(_size, cells)), silent=silent) as bar,
        ThreadPoolExecutor(os.cpu_count()) as pool,
    ):

        def in_turn(group: list[Cell]) -> None:
            for cell in group:
                made[cell.names] = _found(cell, left_out)
                bar.advance(_size(cell))

        list(pool.map(in_turn, alike.values()))
    found = [one for cell in cells for one in made[cell.names]]
    if not found:
        reasons = dict.fromkeys(left_out.values())
        raise Refusal([Fault(reason, key=METRIC) for reason in reasons])
    return found


def _found(cell: Cell, left_out: dict[Names, str]) -> "tuple[Finding, ...]":
    from mc.analysis.robustness import findings
    from mc.engine.invalid import InvalidDraw

    _, card, actor = cell.names
    try:
        return findings(cell.plan, cell.tolerances, card=card, actor=actor)
    except InvalidDraw as error:
        left_out[cell.names] = f"the metric is undefined at draw {error.index:,}"
        return ()


def _size(cell: Cell) -> int:
    return cell.plan.num_draws * len(cell.tolerances)

"""``meekmc answer``: a probability, an interval and a caveat, in three lines."""

import dataclasses
import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.cli import completion, devices, options, run_folder
from experiments.cli.strict_json import print_json
from experiments.cli.waiting import waiting
from priors.faults import Fault, Refusal, nearest

if TYPE_CHECKING:
    from mc.engine.results import Results

BY, METRIC, RUN = "--by", "--metric", "--run"
CARRIER = "metr-gaps"
"""The experiment whose window and assumptions an answer takes over."""
DRAWS = 2**14
TREND_GAP = "trend-gap"

Metric = Annotated[
    str,
    typer.Option(
        METRIC,
        metavar="NAME",
        autocompletion=completion.metrics,
        help="Whose gap, e.g. task_success_1h or task_success:minutes=30.",
    ),
]
Actor = Annotated[
    str | None,
    typer.Option(
        "--actor",
        metavar="NAME",
        autocompletion=completion.actors,
        help="The meek actor: a name from meekmc actors, or a budget as 250m-usd. "
        "Default: the card's own.",
    ),
]
By = Annotated[
    str,
    typer.Option(
        BY, metavar="DATE", help="A year, which means its first day, or a day."
    ),
]
OfRun = Annotated[
    str | None,
    typer.Option(RUN, metavar="RUN", help="Read a run that is there; draw nothing."),
]


def answer(
    metric: Metric,
    by: By,
    actor: Actor = None,
    card: options.Card = None,
    path: options.Path = None,
    overrides: options.Overrides = None,
    draws: options.Draws = None,
    seed: options.Seed = None,
    run: OfRun = None,
    *,
    as_json: options.Json = False,
) -> None:
    """Say how likely a gap is closed by a date, when, and what to beware of."""
    day = _day(by)
    asked = (actor, card, path, overrides, draws, seed)
    if run is None:
        results = _drawn(metric, day, asked)
        label = next(iter(results.manifest["metrics"]))
    else:
        if any(asked):
            raise Refusal(Fault("says all but the metric and the date", key=RUN))
        results = run_folder.stored(run)
        label = _label(results, metric, day)
    told = _told(results, label, day)
    if as_json:
        print_json(told)
        return
    for name in ("probability", "interval", "caveat"):
        typer.echo(told[name])


def _day(text: str) -> datetime.date:
    """The first day of a year, or a day."""
    try:
        if text.isdigit() and len(text) == 4:
            return datetime.date(int(text), 1, 1)
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        line = f'"{text}" is neither a year as 2030 nor a day as 2030-06-30'
        raise Refusal(Fault(line, key=BY)) from error


def _drawn(metric: str, day: datetime.date, asked: tuple[Any, ...]) -> "Results":
    """The smallest run that answers.

    Raises:
        Refusal: If it cannot be asked, or the day is not in its event window.
    """
    from experiments import registry
    from experiments.cli.run.request import resolve
    from mc.engine.run import execute

    actor, card, path, overrides, draws, seed = asked
    question = dataclasses.replace(
        registry.find(CARRIER), metrics=(metric,), by=(day,), draws=DRAWS, figure=""
    )
    typed = run_folder.asked_of(["meekmc", "run", CARRIER])
    typed = dataclasses.replace(
        typed,
        actors=(actor,) if actor else (),
        card=card,
        path=path,
        overrides=tuple(overrides or ()),
        draws=draws,
        seed=seed,
    )
    plan = resolve(typed, question).plan
    if not plan.epoch < day <= plan.experiment.events_until:
        window = f"{plan.epoch} to {plan.experiment.events_until}"
        raise Refusal(Fault(f"{day} is not in the event window, {window}", key=BY))
    devices.start("auto")
    with waiting(f"{plan.num_draws:,} draws of {metric}"):
        return execute(plan)


def _label(results: "Results", metric: str, day: datetime.date) -> str:
    """A metric of a run that counts what is closed by the day."""
    known = list(results.manifest["metrics"])
    if metric not in known:
        hint = f"{nearest(metric, known)} (there is: {', '.join(known)})"
        raise Refusal(Fault(f"no metric {metric!r} in this run{hint}", key=METRIC))
    days = results.manifest["configuration"]["by"]
    if day.isoformat() not in days:
        line = f"the run counts what is closed by {', '.join(days)}, not by {day}"
        raise Refusal(Fault(f"{line}: choose one, or leave {RUN} out", key=BY))
    return metric


def _told(results: "Results", label: str, day: datetime.date) -> dict[str, Any]:
    from mc.figures.report import sentences

    row = sentences.figure(results, label, f"p_by_{day}")
    quantiles = {
        level: sentences.figure(results, label, level)["text"]
        for level in ("q0.05", "q0.5", "q0.95")
    }
    return {
        "probability": sentences.probability(results, label, day.isoformat()),
        "interval": sentences.interval(results, label),
        "caveat": _caveat(results),
        "metric": label,
        "by": day,
        "number": row["number"],
        "mc_lower": row["mc_lower"],
        "mc_upper": row["mc_upper"],
        **quantiles,
        "p_never": sentences.figure(results, label, "p_never")["number"],
        "draws": results.manifest["draws"]["total"],
        "run_id": results.run_id,
    }


def _caveat(results: "Results") -> str:
    """That a gap is of a trend, where that applies; else the first caveat."""
    lines = {one["id"]: one["line"] for one in results.manifest["caveats"]}
    return lines.get(TREND_GAP) or next(iter(lines.values()), "No caveat applies.")

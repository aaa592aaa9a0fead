"""Chess on one machine and AI on one training budget: a check of the meek curve.

``python experiments/fixed_compute.py`` reads ``priors/evidence``, holds FLOP fixed in
a run of the capability index, and prints and draws what it says beside what happened.
"""

import datetime
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import numpy as np
import typer

import priors
from experiments.cli import options, refusals
from priors.cards import DEFAULT_CARD
from priors.evidence.data_sets import DataSet, data_set

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mc.engine.results import Results
    from mc.figures.histories import History, Trained
    from priors.cards import Card

INDEX = "eci-2026-04"
COMPUTE = "training-compute-2026-04"
MEEK_MODEL = "GPT-4 (Mar 2023)"
LIMITS = (1e23, 1e24, 5e24)
"""Training budgets beside that of the meek actor, FLOP."""
CHESS = "chess"
DOUBLING = "ssdf-doubling"
NAME = "fixed-compute"
QUESTION = "What became of fixed compute, and what does the meek curve say?"

YEAR_ENDS = ("2024-01-01", "2025-01-01", "2026-01-01")

Out = Annotated[
    Path | None, typer.Option("--out", metavar="DIR", help="A new folder to write.")
]
Draws = Annotated[int, typer.Option("--draws", metavar="N", help="How many draws.")]


def main(
    out: Out = None,
    card: options.Card = None,
    overrides: options.Overrides = None,
    draws: Draws = 2**16,
) -> None:
    """Compare histories of fixed compute with the meek curve of a card."""
    from mc.engine import storage

    folder = out or storage.default_folder(NAME, datetime.datetime.now(datetime.UTC))
    storage.check_free(folder)
    index, compute = data_set(INDEX), data_set(COMPUTE)
    _, as_of = index.published
    results = fixed_flop(held_card(index, card, overrides or ()), as_of, draws)

    from mc.figures import saving
    from mc.figures.fixed_compute import fixed_compute
    from mc.figures.histories import chess_histories, index_history, trained_models

    models = trained_models(index, compute)
    flop = next(model.flop for model in models if model.name == MEEK_MODEL)
    budgets = [index_history(models, limit) for limit in LIMITS]
    budgets.append(index_history(models, flop, "GPT-4's budget"))
    machines = chess_histories(data_set(CHESS))
    with storage.writing(folder) as scratch:
        results.save(scratch)
        figure = fixed_compute(results, machines, budgets, as_of=as_of)
        saving.save(figure, scratch / NAME, run_id=results.run_id)
        storage.write_manifest(scratch, results.manifest)
    for block in blocks(results, machines, budgets, models, as_of):
        typer.echo(f"{block}\n")
    typer.echo(str(folder))


def held_card(
    index: DataSet, card: str | None = None, overrides: "Sequence[str]" = ()
) -> "Card":
    """A card with hardware held, so that FLOP stay fixed, and one model's index."""
    points = index.row("capability_index", MEEK_MODEL).value
    held = ("hardware_growth=1 x/yr", f"eci_at_start={points}")
    return priors.load(card or DEFAULT_CARD, (*overrides, *held))


def fixed_flop(card: "Card", as_of: datetime.date, draws: int) -> "Results":
    """A run whose meek curve is that of a fixed number of FLOP."""
    from mc.engine.plan import Experiment, make_plan

    question = Experiment(
        name=NAME,
        question=QUESTION,
        metrics=("capability_index", "elo"),
        end=as_of,
        at=(),
        by=(),
    )
    plan = make_plan(question, card, draws=draws, today=as_of)

    from mc.engine.run import execute

    return execute(plan, command=shlex.join(["python", *sys.argv]))


def blocks(
    results: "Results",
    machines: "Sequence[History]",
    budgets: "Sequence[History]",
    models: "Sequence[Trained]",
    as_of: datetime.date,
) -> list[str]:
    """What is printed: the index by year, its gains, the meek curve's, and chess."""
    from mc.figures.histories import index_plane, meek_gain
    from mc.figures.history_tables import gains_table, machines_table, years_table

    days = np.array([*YEAR_ENDS, as_of.isoformat()], "datetime64[D]")
    central = results.tree["central"].to_dataset()
    per_oom = float(central["parameters.eci_per_oom"])
    plane = index_plane(models)
    doubling = data_set("chess-rates").row("elo_per_doubling", DOUBLING)
    tried = [n for n in (doubling.low, doubling.value, doubling.high) if n is not None]
    tables = (
        years_table(budgets, days),
        gains_table(budgets, per_oom),
        machines_table(machines, tried),
    )
    by_year, gains, chess = (
        t.to_string(index=False, float_format="%.2f") for t in tables
    )
    return [
        by_year,
        gains,
        f"all {plane.num_models} models, least squares: {plane.per_year:.1f} points a "
        f"year (s.e. {plane.per_year_error:.1f}) at fixed compute, {plane.per_oom:.1f} "
        f"(s.e. {plane.per_oom_error:.1f}) for a factor of ten, residual "
        f"{plane.residual:.1f}",
        chess,
        *(
            f"meek curve at fixed FLOP, {metric}: {_spread(meek_gain(results, metric))}"
            for metric in ("capability_index", "elo")
        ),
    ]


def _spread(gain: dict[float, float]) -> str:
    low, middle, high = (gain[level] for level in (0.05, 0.5, 0.95))
    return f"{middle:.1f} a year, 90 % of draws {low:.1f} to {high:.1f}"


if __name__ == "__main__":
    try:
        typer.run(main)
    except Exception as error:
        sys.exit(refusals.report(error))
